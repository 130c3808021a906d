"""Who follows what something came of, and how much mail is due."""

from medskick.kernel.sql_functions import definer_function, readable

# Telling crosses audiences: the one who spoke is told of a decision in an organisation whose rows she cannot read.
FOLLOWERS_UPWARD = definer_function(
    "followers_upward(start uuid)",
    "table (follower uuid, item uuid)",
    f"""
  if not exists (select 1 from kernel_item i where i.id = start and (i.owner_id = acting or {readable("i")}))
  then return; end if;
  return query
  with recursive upward as (
    select start as node, 0 as depth
    union
    select l.from_item_id, u.depth + 1 from upward u join kernel_link l on l.to_item_id = u.node
    where l.ended_at is null and not l.sealed and u.depth < 12
  )
  select distinct on (s.follower) s.follower, s.item_id
  from upward u join kernel_subscription s on s.item_id = u.node join kernel_item i on i.id = s.item_id
  where i.level <> 'sealed' or s.follower = any(i.readers) order by s.follower, u.depth desc;""",
)

# How many mails are due and since when, over all organisations. It tells nothing of to whom.
MAIL_DUE = definer_function(
    "mail_due()",
    "table (waiting bigint, since timestamptz)",
    "return query select count(*), min(next_try) from kernel_delivery where state = 'queued' and next_try <= now();",
)

ALL = "\n".join([FOLLOWERS_UPWARD, MAIL_DUE])
