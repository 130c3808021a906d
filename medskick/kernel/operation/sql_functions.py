"""The log about somebody, what has waited for its seal, and authorities that have left."""

from medskick.kernel.organisations.row_policies import DEFINER_ROLE
from medskick.kernel.sql_functions import SAFELY, definer_function

# For the operator's watch: how long something has waited for its seal, over all organisations. It tells nobody's doing.
OLDEST_UNSEALED = definer_function(
    "oldest_unsealed()",
    "timestamptz",
    """
  return (select min((select min(l.at) from kernel_logentry l where l.owner_id = o.id and l.transaction >= coalesce(
      (select max(s.before_transaction) from kernel_logseal s where s.owner_id = o.id), 0)))
    from kernel_organisation o);""",
)

_CONCERNS = (
    "l.owner_id = any(own) and (l.person = about or l.acting_for = about or l.item = about"
    ' or l."references" @> array[about])'
)

# The log about some persons or one item, newest first. Row security would switch the index over references off.
LOG_ABOUT = definer_function(
    "log_about(about uuid, before uuid, most int, since timestamptz, until timestamptz, event text)",
    "table (entry uuid)",
    f"""
  return query
  select l.id from kernel_logentry l
  where {_CONCERNS} and (before is null or l.id < before)
    and (since is null or l.at >= since) and (until is null or l.at < until) and (event = '' or l.verb = event)
  order by l.id desc limit most;""",
)

# Which kinds of event the log has about somebody or something: what the reader may choose among.
LOG_VERBS = definer_function(
    "log_verbs(about uuid)",
    "table (verb text)",
    f"""
  return query select distinct l.verb::text from kernel_logentry l where {_CONCERNS};""",
)

# What the log tells of an item that its reader may not read: what everybody may know of it, its kind, whose it is and
# its number in the open diary. Of a sealed one nothing, and of none that is not in the reader's own log.
LOG_ITEMS = definer_function(
    "log_items(ids uuid[])",
    "table (item uuid, kind text, owner uuid, series text, year int, serial int)",
    """
  return query
  select i.id, i.kind::text, i.owner_id, r.series::text, r.year::int, r.serial::int
  from kernel_item i left join kernel_record r on r.item_id = i.id and r.serial is not null
  where i.id = any(ids) and i.level <> 'sealed'
    and (exists (select 1 from kernel_logentry l where l.item = i.id and l.owner_id = any(own))
      or exists (select 1 from kernel_logentry l where l."references" @> array[i.id] and l.owner_id = any(own)));""",
)

# An organisation that has left the region is closed for writing here, whoever tries and however.
CLOSED_TO_LEAVERS = f"""
create function closed_to_leavers() returns trigger language plpgsql {SAFELY} as $$
begin
  if exists (select 1 from kernel_organisation o where o.id = new.owner_id and o.left_at is not null) then
    raise exception 'the organisation has left and is closed for writing' using errcode = 'check_violation';
  end if;
  return new;
end $$;
alter function closed_to_leavers() owner to {DEFINER_ROLE};
create or replace trigger closed_to_leavers before insert on kernel_item for each row
  execute function closed_to_leavers();
create or replace trigger closed_to_leavers before insert on kernel_record for each row
  execute function closed_to_leavers();
"""

ALL = "\n".join([OLDEST_UNSEALED, LOG_ABOUT, LOG_VERBS, LOG_ITEMS, CLOSED_TO_LEAVERS])
