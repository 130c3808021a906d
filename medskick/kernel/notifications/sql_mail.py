"""SQL of the functions by which mail is written and sent: the only way from an organisation to its followers' addresses.

An organisation never reads who follows it. The job that sends holds a token that no person's scope holds, and is given
the addresses of its own mails, encrypted, one mail at a time.
"""

from medskick.kernel.sql_functions import definer_function

# The same value as notifications.mail_secrets.sender_token(), made from the acting organisation.
_SENDS = """(acting is not null and encode(substr(sha256(convert_to('medskick reader:mail sender ' || acting::text,
    'UTF8')), 1, 16), 'hex')::uuid = any(reach))"""
_ONLY_THE_SENDER = f"if not {_SENDS} then raise exception 'mail: not the sender of an organisation'; end if;"

_UNTOLD = """kernel_emailaddress a join kernel_notification n on n.follower = a.holder
    where a.confirmed_at is not null and a.bounced_at is null and a.pace <> 'never'
      and n.delivery is null and n.told_at >= a.confirmed_at and n.told_at <= moment"""

# Asked before there is a scope, by the clock: which organisations have mail to write or to send. Nothing about whom.
MAIL_OWNERS = definer_function(
    "mail_owners(moment timestamptz, unwritten boolean)",
    "table (owner uuid)",
    f"""
  if unwritten then return query select distinct n.owner_id from {_UNTOLD};
  else return query select distinct d.owner_id from kernel_delivery d where d.state = 'queued' and d.next_try <= moment;
  end if;""",
)

MAIL_WAITING = definer_function(
    "mail_waiting(moment timestamptz)",
    "table (address uuid, pace text, quiet_from int, quiet_until int, first_at timestamptz)",
    f"""
  {_ONLY_THE_SENDER}
  return query
  select a.id, a.pace::text, a.quiet_from::int, a.quiet_until::int, min(n.told_at) from {_UNTOLD} and n.owner_id = acting
  group by a.id order by min(n.told_at), a.id;""",
)

# A message that has a mail never gets another: each follower is told each thing once.
MAIL_GATHER = definer_function(
    "mail_gather(in_deliveries uuid[], in_addresses uuid[], moment timestamptz)",
    "bigint",
    f"""
  {_ONLY_THE_SENDER}
  with pairs as (select * from unnest(in_deliveries, in_addresses) p (delivery, address)),
  gathered as (
    update kernel_notification n set delivery = p.delivery from pairs p join kernel_emailaddress a on a.id = p.address
    where n.follower = a.holder and n.owner_id = acting and n.delivery is null and a.confirmed_at is not null
      and a.bounced_at is null and a.pace <> 'never' and n.told_at >= a.confirmed_at and n.told_at <= moment
    returning 1)
  select count(*) into many from gathered;
  return many;""",
    declare="many bigint;",
    reads_only=False,
)

_OWN_DELIVERY = "d.id = in_delivery and d.owner_id = acting"
MAIL_CONTENTS = definer_function(
    "mail_contents(in_delivery uuid)",
    """table (id uuid, address bytea, held_by text, language text, quiet_from int, quiet_until int,
  asked_at timestamptz, confirmed_at timestamptz, bounced_at timestamptz)""",
    f"""
  {_ONLY_THE_SENDER}
  return query
  select a.id, a.address, a.held_by::text, a.language::text, a.quiet_from::int, a.quiet_until::int, a.asked_at,
    a.confirmed_at, a.bounced_at
  from kernel_delivery d join kernel_emailaddress a on a.id = d.address where {_OWN_DELIVERY};""",
) + definer_function(
    "mail_events(in_delivery uuid)",
    "table (step text, number text, at timestamptz)",
    f"""
  {_ONLY_THE_SENDER}
  return query
  -- The number of what is not public is told to nobody by mail, and of what is sealed not even what sort of step.
  select case when i.level is distinct from 'sealed' then n.step::text else '' end,
    case when i.level = 'public' then i.number::text end, n.at
  from kernel_delivery d join kernel_emailaddress a on a.id = d.address
  join kernel_notification n on n.follower = a.holder and n.delivery = d.id
  left join kernel_item i on i.id = n.item_id
  where {_OWN_DELIVERY} order by n.at, n.id;""",
)

MAIL_BOUNCED = definer_function(
    "mail_bounced(in_delivery uuid, moment timestamptz)",
    "uuid",
    f"""
  {_ONLY_THE_SENDER}
  -- Not where the holder has asked again since: then it is another address that does not exist.
  update kernel_emailaddress a set bounced_at = moment from kernel_delivery d
  where {_OWN_DELIVERY} and a.id = d.address and a.asked_at <= d.made_at and a.bounced_at is null
  returning a.holder into told;
  return told;""",
    declare="told uuid;",
    reads_only=False,
)

# kernel.md H: an anonymous holder's address goes when the chain ends, that is when everything she follows, and all that
# came of it, has no task left to do and has been still: for `still_days`, or `long_still_days` where something came of
# it, since a benefit is measured once a year. It goes anyhow on the last day that was set when it was left.
MAIL_SWEEP = definer_function(
    "mail_sweep(moment timestamptz, unconfirmed_days int, still_days int, long_still_days int, delivery_days int)",
    "bigint",
    """
  with recursive chain as (
    select a.id as address, s.item_id as item, s.at as latest, 0 as depth
    from kernel_emailaddress a join kernel_subscription s on s.follower = a.holder where a.held_by = 'secret'
    union
    select c.address, l.to_item_id, l.at, c.depth + 1 from chain c join kernel_link l on l.from_item_id = c.item
    where l.ended_at is null and c.depth < 12
  ),
  ends as (
    select c.address, max(greatest(c.latest, t.done_at)) as latest, max(c.depth) > 0 as led_on,
      count(t.id) filter (where t.done_at is null) > 0 as waiting
    from chain c left join kernel_task t on t.item_id = c.item group by c.address
  ),
  gone as (
    delete from kernel_emailaddress a where
      (a.confirmed_at is null and a.asked_at < moment - make_interval(days => unconfirmed_days))
      or a.kept_until < (moment at time zone 'Europe/Stockholm')::date
      or exists (select 1 from ends e where e.address = a.id and not e.waiting
        and e.latest < moment - make_interval(days => case when e.led_on then long_still_days else still_days end))
    returning 1)
  select count(*) into many from gone;
  delete from kernel_delivery d where d.settled_at < moment - make_interval(days => delivery_days);
  return many;""",
    declare="many bigint;",
    reads_only=False,
)

ALL = "\n".join([MAIL_OWNERS, MAIL_WAITING, MAIL_GATHER, MAIL_CONTENTS, MAIL_BOUNCED, MAIL_SWEEP])
