"""What is decided does not change: the third lock, after the verbs and the row policies.

A version is decided when it has its PlanDecision. From then on neither it nor its activities are changed, added or taken
away. The functions see what the writer sees; a writer who cannot see the version cannot write to it either.
"""

from django.db import migrations

LOCK = """
create function plan_locked() returns trigger language plpgsql as $$
declare touched uuid[];
begin
  if tg_table_name = 'plan_planversion' then touched := array[old.item_id];
  elsif tg_op = 'INSERT' then touched := array[new.version_id];
  elsif tg_op = 'DELETE' then touched := array[old.version_id];
  else touched := array[old.version_id, new.version_id];
  end if;
  if exists (select 1 from plan_plandecision d where d.version_id = any(touched)) then
    raise exception 'the plan version is decided and does not change' using errcode = 'integrity_constraint_violation';
  end if;
  if tg_op = 'DELETE' then return old; end if;
  return new;
end $$;
create trigger plan_locked before update or delete on plan_planversion for each row execute function plan_locked();
create trigger plan_locked before insert or update or delete on plan_activity for each row execute function plan_locked();
"""
UNLOCK = """
drop trigger plan_locked on plan_activity;
drop trigger plan_locked on plan_planversion;
drop function plan_locked();
"""


class Migration(migrations.Migration):
    dependencies = [("plan", "0001_needs_to_benefits")]
    operations = [migrations.RunSQL(LOCK, UNLOCK)]
