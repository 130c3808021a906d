"""The open diary, and whom a request reaches."""

from medskick.kernel.sql_functions import definer_function


# The register is open to everybody (OSL 5 kap.), the records behind it are not: what is told of a record that is not
# public is what the registrar wrote for the register, else its kind; of a sealed one, that there is a number. Words are
# matched against what is told and nothing else, so that no search finds what the register does not say.
def _diary_lines(among: str) -> str:
    """The lines of the diary as they are told, of the records that `among` leaves."""
    return f"""
  select r.year::int, r.serial::int, r.series::text, r.registered_at, s.state, s.kind, s.subject, s.party, s.secrecy,
    s.number
  from kernel_record r join kernel_item i on i.id = r.item_id
  left join kernel_voidednumber v on v.owner_id = r.owner_id and v.year = r.year and v.serial = r.serial
  cross join lateral (select case when v.id is not null then 'voided' when i.level = 'sealed' then 'sealed'
    when i.level = 'public' then 'public' when r.public_title <> '' then 'told' else 'kind' end as state) t
  cross join lateral (select t.state,
    case when t.state in ('voided', 'sealed') then '' else i.kind::text end as kind,
    case t.state when 'public' then coalesce(nullif(r.public_title, ''), i.title)::text
      when 'told' then r.public_title::text else '' end as subject,
    case when t.state in ('public', 'told') and not r.party_withheld then r.party::text else '' end as party,
    case when t.state in ('voided', 'sealed') then '' else r.secrecy::text end as secrecy,
    case when t.state = 'public' then i.number::text else '' end as number) s
  where r.owner_id = in_owner and r.serial is not null and {among}
    and (in_year is null or r.year = in_year) and (in_serial is null or r.serial = in_serial)
    and (since is null or r.registered_at >= since) and (until is null or r.registered_at < until)
    and (patterns is null
      or concat_ws(' ', s.subject, s.party, labels ->> s.kind) ilike all (patterns))
  order by r.year desc, r.serial desc limit most offset skip"""


# Few records have a rare word, and the indexes find them; a common word is soon met from the latest line on. `rarest` is
# null where no index can help: for words of one or two letters, and for what kinds of record are called.
DIARY = definer_function(
    "diary_public(in_owner uuid, patterns text[], rarest text, labels jsonb, in_year int, in_serial int,"
    " since timestamptz, until timestamptz, most int, skip int)",
    """table (year int, serial int, series text, registered_at timestamptz, state text, kind text, subject text,
  party text, secrecy text, number text)""",
    f"""
  if rarest is not null then
    select array_agg(one.id) into few from (
      select r.item_id as id from kernel_record r where r.owner_id = in_owner
        and (r.public_title ilike rarest or r.party ilike rarest)
      union all
      select i.id from kernel_item i where i.owner_id = in_owner and i.level = 'public' and i.title ilike rarest
      limit 2001) one;
    if coalesce(array_length(few, 1), 0) <= 2000 then
      return query {_diary_lines("r.item_id = any (few)")};
      return;
    end if;
  end if;
  -- Else the planner, which cannot know that a word is common, sorts the whole diary to show its latest page.
  perform set_config('enable_sort', 'off', true);
  return query {_diary_lines("true")};""",
    declare="few uuid[];",
    # What is set here is as before when the function ends. One plan for all questions would be made for none of them.
    settings="set plan_cache_mode = force_custom_plan set enable_sort = on",
)

# Who keeps the diary is known to everybody; a request for a record reaches them from somebody who reads no employments.
REGISTRARS = definer_function(
    "registrars_of(in_owner uuid)",
    "table (person uuid)",
    """
  return query
  select distinct e.person_id from kernel_employment e join kernel_roleassignment r on r.employment_id = e.id
  where e.organisation_id = in_owner and e.ended_at is null and r.role = 'registrar' and r.ended_at is null;""",
)

ALL = "\n".join([DIARY, REGISTRARS])
