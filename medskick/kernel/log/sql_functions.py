"""What is only added to, and the numbers that seals go by."""

from medskick.kernel.organisations.row_policies import DEFINER_ROLE
from medskick.kernel.sql_functions import definer_function

LOG_TRIGGERS = """
create or replace function log_append_only() returns trigger language plpgsql as $$
begin raise exception 'the log is append-only'; end $$;
create or replace trigger log_append_only before update or delete on kernel_logentry
  for each row execute function log_append_only();
create or replace trigger log_never_emptied before truncate on kernel_logentry
  for each statement execute function log_append_only();
create or replace trigger seal_append_only before update or delete on kernel_logseal
  for each row execute function log_append_only();
create or replace trigger seal_never_emptied before truncate on kernel_logseal
  for each statement execute function log_append_only();
create or replace function log_transaction() returns trigger language plpgsql as $$
begin new.transaction := pg_current_xact_id()::text::bigint + log_offset(); return new; end $$;
create or replace trigger log_transaction before insert on kernel_logentry
  for each row execute function log_transaction();
"""

# Seals cover ranges of transaction numbers, and a database restored from a dump counts them from the beginning again.
# The offset, raised when a migrate finds that they have fallen behind what the log holds, lets them go on.
LOG_OFFSET = (
    definer_function(
        "log_highest()",
        "bigint",
        """
  return greatest(0, (select max(before_transaction) from kernel_logseal),
    (select max((select max(l.transaction) from kernel_logentry l where l.owner_id = o.id))
     from kernel_organisation o));""",
    )
    + f"""
set local role {DEFINER_ROLE};
grant execute on function log_highest() to session_user;
reset role;
grant select on kernel_organisation to {DEFINER_ROLE};
do $$ declare
  old bigint := 0; highest bigint := log_highest(); now_at bigint := pg_current_xact_id()::text::bigint;
begin
  if to_regprocedure('public.log_offset()') is not null then execute 'select log_offset()' into old; end if;
  if highest > now_at + old then old := highest - now_at + 1; end if;
  execute format('create or replace function log_offset() returns bigint language sql immutable as %L',
    format('select %s::bigint', old));
end $$;
"""
)

ALL = "\n".join([LOG_TRIGGERS, LOG_OFFSET])
