"""Links and tasks that say by themselves that an item is sealed."""

from medskick.kernel.organisations.row_policies import DEFINER_ROLE
from medskick.kernel.sql_functions import SAFELY

# A link says by itself that one of its ends is sealed, and a task that its item is. Whoever seals an item may not write
# others' links to it: hence a trigger with rights of its own.
SEALED_LINKS = f"""
create function seal_links() returns trigger language plpgsql {SAFELY} as $$
begin
  update kernel_link l set sealed = exists
    (select 1 from kernel_item i where i.id in (l.from_item_id, l.to_item_id) and i.level = 'sealed')
  where l.from_item_id = new.id or l.to_item_id = new.id;
  update kernel_task set sealed = new.level = 'sealed' where item_id = new.id;
  return null;
end $$;
alter function seal_links() owner to {DEFINER_ROLE};
create function new_link_to_sealed() returns trigger language plpgsql {SAFELY} as $$
begin
  new.sealed := new.sealed or exists
    (select 1 from kernel_item i where i.id in (new.from_item_id, new.to_item_id) and i.level = 'sealed');
  return new;
end $$;
alter function new_link_to_sealed() owner to {DEFINER_ROLE};
create or replace trigger new_link_to_sealed before insert on kernel_link for each row
  execute function new_link_to_sealed();
create function new_task_of_sealed() returns trigger language plpgsql {SAFELY} as $$
begin
  new.sealed := exists (select 1 from kernel_item i where i.id = new.item_id and i.level = 'sealed');
  -- What is to be done for a person with protected identity is done by her handler.
  if new.sealed then
    new.person_id := coalesce((select m.handler from kernel_protectionmark m join kernel_item i on i.id = new.item_id
      where m.owner_id = new.owner_id and m.ended_at is null and m.person_id = any(i.readers)
      order by m.since limit 1), new.person_id);
  end if;
  return new;
end $$;
alter function new_task_of_sealed() owner to {DEFINER_ROLE};
create or replace trigger new_task_of_sealed before insert on kernel_task for each row
  execute function new_task_of_sealed();
create or replace trigger seal_links after update of level on kernel_item for each row
  when (old.level is distinct from new.level and 'sealed' in (old.level, new.level)) execute function seal_links();
"""

ALL = SEALED_LINKS
