"""Adopting only what is read, who has adopted, and shares whose day is over."""

from medskick.kernel.organisations.row_policies import DEFINER_ROLE
from medskick.kernel.sql_functions import definer_function

# Who decides on a version must be able to read it. It is asked as the one who writes, under her own row policies.
ADOPTION_OF_WHAT_IS_READ = """
create or replace function adoption_of_what_is_read() returns trigger language plpgsql as $$
begin
  if not exists (select 1 from public.kernel_documentversion v join public.kernel_adoption a
    on a.source_id = v.document_id where v.id = new.version_id and a.item_id = new.adoption_id) then
    raise exception 'the version is not one of the source''s that the decider may read';
  end if;
  return new;
end $$;
create or replace trigger adoption_of_what_is_read before insert on kernel_adoptiondecision
  for each row execute function adoption_of_what_is_read();
"""

# The owner of a document learns who follows it, also where the adopter's own item is narrower: it tells them of a new
# version. `reached` says whether a standing share still lets that organisation adopt.
ADOPTERS_OF = f"""
grant select on kernel_networkmember, kernel_organisation to {DEFINER_ROLE};
""" + definer_function(
    "adopters_of(start uuid, in_version uuid)",
    "table (item uuid, owner uuid, unit uuid, person uuid, reached boolean)",
    """
  if acting is null or not acting = any(own)
    or not exists (select 1 from kernel_item i where i.id = start and i.owner_id = acting) then return; end if;
  return query
  select a.item_id, a.owner_id, i.unit_id,
    (select d.by_person from kernel_adoptiondecision d
      where d.adoption_id = a.item_id and d.status = 'adopted' and d.by_person is not null
      order by d.at desc, d.id desc limit 1),
    exists (select 1 from kernel_share s, kernel_documentversion v join kernel_item vi on vi.id = v.item_id
      where v.id = in_version and not v.confined
        and s.item_id = start and s.may = 'adopt' and s.ended_at is null and (s.until is null or s.until > now())
        and (case when s.with_token is null then vi.level = 'public'
          else s.with_token in (o.id, coalesce(r.circle, o.circle)) or exists
          (select 1 from kernel_networkmember m where m.network_id = s.with_token and m.organisation_id = o.id) end))
  from kernel_adoption a join kernel_item i on i.id = a.item_id join kernel_organisation o on o.id = a.owner_id
  left join kernel_organisation r on r.id = o.region_id
  where a.source_id = start and a.status = 'adopted' order by a.owner_id;""",
)

# A share ends with its last day also where its item is narrower than its organisation: the job
# is told its readers, since it must go on reading it while it takes one of them away.
SHARES_OVER = definer_function(
    "shares_over(moment timestamptz)",
    "table (share uuid, readers uuid[])",
    """
  if acting is null or not acting = any(own) then return; end if;
  return query
  select s.id, i.readers from kernel_share s join kernel_item i on i.id = s.item_id
  where i.owner_id = acting and s.ended_at is null and s.until <= moment order by s.id;""",
)

ALL = "\n".join([ADOPTION_OF_WHAT_IS_READ, ADOPTERS_OF, SHARES_OVER])
