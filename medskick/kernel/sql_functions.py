"""How a security definer function is made; each room has its own in its sql_functions.py.

The functions belong to a role that is neither superuser nor able to log in; each has a fixed search path, applies the
scope inside, and gives no more than the row policies would (tested together with them). All are dropped and made anew
by every migrate.
"""

from medskick.kernel.organisations.row_policies import APP_ROLE, DEFINER_ROLE, ORGANISATION_WIDE

_SCOPE = """
  acting uuid := nullif(current_setting('medskick.acting', true), '')::uuid;
  own uuid[] := coalesce(nullif(current_setting('medskick.own', true), ''), '{}')::uuid[];
  reach uuid[] := coalesce(nullif(current_setting('medskick.reach', true), ''), '{}')::uuid[];
"""

# pg_temp last and by name: else a temporary table of the caller's would be found before ours.
SAFELY = "security definer set search_path = pg_catalog, public, pg_temp"


def readable(alias: str) -> str:
    """The sentence of row_policies.audience_sql(), over the function's own variables."""
    return (
        f"({alias}.level = 'public' or ({alias}.level in {ORGANISATION_WIDE} and {alias}.owner_id = any(own))"
        f" or {alias}.readers && reach)"
    )


def definer_function(
    head: str, returns: str, body: str, *, declare: str = "", reads_only: bool = True, settings: str = ""
) -> str:
    """A security definer function that the app role may call, and nobody else.

    Its rights are set while the migrating role still owns it; afterwards they could only be set with a warning.
    """
    return f"""
create function {head} returns {returns} language plpgsql {"stable" if reads_only else "volatile"} {SAFELY} {settings}
as $$
#variable_conflict use_column
declare {_SCOPE} {declare}
begin {body} end $$;
revoke all on function {head} from public;
grant execute on function {head} to {APP_ROLE};
alter function {head} owner to {DEFINER_ROLE};
"""


DROP = f"""
do $$ declare one regprocedure; begin
  for one in select oid::regprocedure from pg_proc
    where proowner = '{DEFINER_ROLE}'::regrole and pronamespace = 'public'::regnamespace
  loop execute format('drop function %s cascade', one); end loop;
end $$;
"""
