"""SQL of protected identity, of who has read what, and of consent.

Whatever has a person with protected identity among its readers is sealed by the database itself, in every table whose
rows carry an audience (found by discovery), whatever verb writes it and in whatever organisation: a life may hang on
it. Of its readers remain she, other persons, and the handler; no unit, network or organisation. How the functions are
made safe is told in kernel/sql_functions.py.
"""

from collections.abc import Iterator

from medskick.kernel.organisations.row_policies import DEFINER_ROLE, has_audience, our_models
from medskick.kernel.sql_functions import SAFELY, definer_function

_GRANTS = f"grant select on kernel_unit, kernel_network, kernel_organisation to {DEFINER_ROLE};"

_STANDING = "m.person_id = any(hidden) and m.owner_id = row_owner and m.ended_at is null"
_A_GROUP = """(exists (select 1 from kernel_unit u where u.id = t) or exists (select 1 from kernel_network n where n.id = t)
    or exists (select 1 from kernel_organisation o where t in (o.id, o.circle)))"""

# Not to be called from outside: only the triggers below, which belong to the same role, may.
SHIELDED_READERS = f"""
create function shielded_readers(row_owner uuid, readers uuid[], hidden uuid[]) returns uuid[]
language sql stable {SAFELY} as $$
  select coalesce(array_agg(t order by t), '{{}}') from (
    select t from unnest(readers) t where not {_A_GROUP}
      and not exists (select 1 from kernel_protectionmark m where {_STANDING} and m.handler is not null
        and t = m.registrars)
    union select coalesce(m.handler, m.registrars) from kernel_protectionmark m where {_STANDING}
  ) left_over $$;
revoke all on function shielded_readers(uuid, uuid[], uuid[]) from public;
grant execute on function shielded_readers(uuid, uuid[], uuid[]) to {DEFINER_ROLE};
alter function shielded_readers(uuid, uuid[], uuid[]) owner to {DEFINER_ROLE};
"""

SHIELD_ROW = f"""
create function shield_row() returns trigger language plpgsql {SAFELY} as $$
declare hidden uuid[];
begin
  if new.readers = '{{}}' then return new; end if;
  select array_agg(p.id) into hidden from kernel_person p where p.id = any(new.readers) and p.shielded;
  if hidden is null then return new; end if;
  new.level := 'sealed';
  new.readers := shielded_readers(new.owner_id, new.readers, hidden);
  return new;
end $$;
alter function shield_row() owner to {DEFINER_ROLE};
"""

SHIELD_PERSON = f"""
create function shield_person() returns trigger language plpgsql {SAFELY} as $$
begin
  if new.shielded then
    new.readers := array(select t from unnest(new.readers) t where not {_A_GROUP}
      and not exists (select 1 from kernel_protectionmark m where m.person_id = new.id and t = m.registrars)
      union select coalesce(m.handler, m.registrars) from kernel_protectionmark m
      where m.person_id = new.id and m.ended_at is null);
  end if;
  return new;
end $$;
alter function shield_person() owner to {DEFINER_ROLE};
create or replace trigger shield_person before insert or update of readers, staff, shielded on kernel_person
  for each row execute function shield_person();
"""


def _mark_changed(tables: list[str]) -> str:
    """What a mark does when it is set, when its handler changes, and when it ends (then what is sealed stays sealed)."""
    touched = "\n".join(
        f"update {table} set level = 'sealed', readers = case when owner_id = new.owner_id"
        " then array_remove(readers, gone) else readers end where readers @> array[new.person_id];"
        for table in tables
    )
    return f"""
create function protection_changed() returns trigger language plpgsql {SAFELY} as $$
declare gone uuid;
begin
  if tg_op = 'UPDATE' then gone := old.handler; end if;
  update kernel_person set shielded = exists (select 1 from kernel_protectionmark m
    where m.person_id = new.person_id and m.ended_at is null),
    readers = array_remove(readers, gone) where id = new.person_id;
  if new.ended_at is null then
    {touched}
    update kernel_task t set person_id = new.handler from kernel_item i
    where i.id = t.item_id and i.readers @> array[new.person_id] and t.owner_id = new.owner_id and t.done_at is null
      and new.handler is not null;
    update kernel_searchentry e set level = i.level, readers = i.readers from kernel_item i
    where i.id = e.item_id and i.readers @> array[new.person_id];
  end if;
  return null;
end $$;
alter function protection_changed() owner to {DEFINER_ROLE};
grant select, update on kernel_person to {DEFINER_ROLE};
create or replace trigger protection_changed after insert or update on kernel_protectionmark
  for each row execute function protection_changed();
"""


# For create_item: was my organisation's new item sealed? With a speaker who is protected, it is now.
SEAL_IF_PROTECTED = definer_function(
    "seal_if_protected(in_item uuid, in_speaker uuid)",
    "boolean",
    """
  if exists (select 1 from kernel_person p where p.id = in_speaker and p.shielded) then
    update kernel_item set level = 'sealed', readers = readers || in_speaker
    where id = in_item and owner_id = acting and not readers @> array[in_speaker];
  end if;
  return exists (select 1 from kernel_item i where i.id = in_item and i.owner_id = acting and i.level = 'sealed');""",
    reads_only=False,
)

# The log belongs to the organisations; a person is told of the rows that concern her, and of nobody else's.
READINGS_OF = definer_function(
    "readings_of(in_person uuid, in_limit int, in_offset int)",
    """table (at timestamptz, owner uuid, verb text, touched uuid, kind text, title text, reader bytea,
  post text, unit uuid, channel text)""",
    """
  if in_person is null or not in_person = any(reach) then return; end if;
  mine := array(select in_person
    union select i.id from kernel_item i where i.readers @> array[in_person]
    union select f.id from kernel_storedfile f where f.readers @> array[in_person]);
  return query
  select l.at, l.owner_id, l.verb::text, hit.id, i.kind::text, i.title::text,
    case when p.staff and not p.shielded then p.name end, e.title::text, e.unit_id, l.channel::text
  from kernel_logentry l
  cross join lateral (select m.id from unnest(mine) m(id)
    where m.id = any(l."references") or m.id = l.item limit 1) hit
  left join kernel_item i on i.id = hit.id
  left join kernel_person p on p.id = l.person
  left join lateral (select e.title, e.unit_id from kernel_employment e where e.person_id = l.person
    and e.organisation_id = l.owner_id and e.since <= l.at and (e.ended_at is null or e.ended_at >= l.at)
    order by e.since desc limit 1) e on true
  where l.verb::text like '%.read' and (l."references" && mine or l.item = any(mine))
    and l.person is distinct from in_person
  order by l.at desc, l.id desc limit in_limit offset in_offset;""",
    declare="mine uuid[];",
)

# Whoever means to act on a consent holds the person's id already, and is told yes or no for her own organisation.
HAS_CONSENT = definer_function(
    "has_consent(in_person uuid, in_purpose text)",
    "boolean",
    """
  return exists (select 1 from kernel_consent c join kernel_person p on p.id = c.person
    where c.person = in_person and c.purpose = in_purpose and c.owner_id = acting and c.withdrawn_at is null
    and not p.shielded);""",
)

SWEEP_EXPORTS = definer_function(
    "sweep_exports(in_before timestamptz)",
    "setof uuid",
    "return query delete from kernel_dataexport where asked_at < in_before returning id;",
    reads_only=False,
)


def all_statements() -> str:
    """Laid by every migrate, after the kernel's own functions."""
    return "\n".join(_statements())


def _statements() -> Iterator[str]:
    tables = [model._meta.db_table for model in our_models() if has_audience(model)]
    yield from (_GRANTS, SHIELDED_READERS, SHIELD_ROW, SHIELD_PERSON, _mark_changed(tables))
    for table in tables:
        yield (
            f"create or replace trigger shield_row before insert or update on {table} for each row"
            " execute function shield_row();"
        )
    yield from (SEAL_IF_PROTECTED, READINGS_OF, HAS_CONSENT, SWEEP_EXPORTS)
