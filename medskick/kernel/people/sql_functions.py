"""Who somebody is: asked before there is a scope."""

from medskick.kernel.sql_functions import definer_function

FIND_PERSON = definer_function(
    "find_person_by_number(in_indexes bytea[])",
    "uuid",
    "return (select person_id from kernel_personalnumber where index = any(in_indexes) limit 1);",
) + definer_function(
    "find_person_by_subject(in_issuer text, in_subject text)",
    "uuid",
    "return (select person_id from kernel_providersubject where issuer = in_issuer and subject = in_subject);",
)

# The index is keyed with the organisation, so its provider finds nobody else's employee. Whoever is known by a personal
# number is known as a resident too, and for her only an identity provider may answer.
FIND_PERSON += definer_function(
    "find_person_by_work_address(in_indexes bytea[])",
    "uuid",
    """
  return (select e.person_id from kernel_employment e where e.email_index = any(in_indexes) and e.ended_at is null
    and not exists (select 1 from kernel_personalnumber n where n.person_id = e.person_id) limit 1);""",
) + definer_function(
    "find_people_by_numbers(in_indexes bytea[])",
    "table (index bytea, person uuid)",
    """
  if acting = any(own) then return query
  select n.index, n.person_id from kernel_personalnumber n where n.index = any(in_indexes); end if;""",
)

# Sign-ins are read by their own person; the employer may end those in an employment of hers, and know when it was last used.
SIGN_INS = (
    definer_function(
        "end_sign_ins_of(in_employment uuid)",
        "void",
        """
  update kernel_signin s set ended_at = now(), how = 'employment' from kernel_employment e
  where e.id = in_employment and e.organisation_id = acting and acting = any(own)
    and s.employment_id = e.id and s.ended_at is null;""",
        reads_only=False,
    )
    + definer_function(
        "last_sign_ins()",
        "table (employment uuid, at timestamptz)",
        """
  return query select s.employment_id, max(s.last_seen) from kernel_signin s join kernel_employment e
    on e.id = s.employment_id where e.organisation_id = acting and acting = any(own) group by s.employment_id;""",
    )
    + definer_function(
        "sweep_sign_ins(in_lasts interval, in_kept interval)",
        "void",
        """
  update kernel_signin set ended_at = now(), how = 'expired' where ended_at is null and at < now() - in_lasts;
  delete from kernel_signin where ended_at < now() - in_kept;""",
        reads_only=False,
    )
)

# Who acts is asked before there is a scope: all that a request must know of a signed-in person, in one round trip.
# Somebody who helps, or has a mandate, acts for another as long as it holds at this very request; asking is the sign of
# life that keeps the assistance going, and notes it as over where there was none for too long.
_MANDATE_HOLDS = "m.ended_at is null and m.valid_from <= today and (m.valid_until is null or m.valid_until >= today)"

WHO_ACTS = definer_function(
    "who_acts(in_person uuid, in_employment uuid, in_device uuid, in_sign_in uuid, in_mandate uuid, in_assistance uuid,"
    " idle interval, today date)",
    "table (name bytea, organisation uuid, unit uuid, roles text[], networks uuid[], unread bigint, seen timestamptz,"
    " for_whom uuid, for_name bytea, by_mandate uuid, by_assistance uuid, covers text[], ground text, channel text)",
    f"""
  if in_assistance is not null then
    update kernel_assistance a set
      ended_how = why.how,
      ended_at = case when why.how = 'idle' then a.last_active_at + idle when why.how <> '' then clock_timestamp() end,
      last_active_at = case when why.how = '' then clock_timestamp() else a.last_active_at end
    from (select h.id as helped_id, case
        when h.last_active_at < clock_timestamp() - idle then 'idle'
        when not exists (select 1 from kernel_employment e join kernel_roleassignment r on r.employment_id = e.id
          where e.id = h.employment and e.ended_at is null and r.role = 'helper' and r.ended_at is null)
          then 'employment'
        when h.mandate_id is not null and not exists
          (select 1 from kernel_mandate m where m.id = h.mandate_id and {_MANDATE_HOLDS}) then 'mandate'
        else '' end as how from kernel_assistance h where h.id = in_assistance) why
    where a.id = in_assistance and a.id = why.helped_id and a.helper = in_person and a.employment = in_employment
      and a.started_at is not null and a.ended_at is null;
    select a.* into helped from kernel_assistance a where a.id = in_assistance and a.helper = in_person
      and a.employment = in_employment and a.started_at is not null and a.ended_at is null;
  end if;
  held_id := case when in_assistance is null then in_mandate else helped.mandate_id end;
  if held_id is not null then
    -- A paper may name the organisation's helpers as agent; then it was looked at when the assistance began.
    select m.* into held from kernel_mandate m where m.id = held_id and {_MANDATE_HOLDS}
      and (m.agent = in_person or in_assistance is not null);
  end if;
  whom := case when in_assistance is not null then helped.resident else held.principal end;
  return query
  select p.name, e.organisation_id, e.unit_id,
    array(select r.role::text from kernel_roleassignment r where r.employment_id = e.id and r.ended_at is null),
    array(select s.network_id from kernel_networkseat s where s.employment_id = e.id),
    case when helped.id is not null then 0 else (select count(*) from (select 1 from kernel_notification n
      where n.follower in (coalesce(whom, in_person), in_device) and n.read_at is null limit 100) few) end,
    s.last_seen, whom, case when helped.id is not null then helped.called else held.principal_name end,
    held.id, helped.id, held.covers::text[], helped.ground::text, helped.channel::text
  from kernel_person p
  left join kernel_employment e on e.person_id = p.id and e.id = in_employment and e.ended_at is null
  -- An ended sign-in is nobody's, and one that a staff provider vouched for holds in its organisation's employment only.
  left join kernel_signin s on s.id = in_sign_in and s.person_id = p.id and s.ended_at is null
    and (s.organisation_id is null or s.organisation_id = e.organisation_id) and (e.id is not null or not s.staff_only)
  where p.id = in_person and (in_employment is null or e.id is not null) and (in_sign_in is null or s.id is not null);""",
    declare="helped kernel_assistance; held kernel_mandate; held_id uuid; whom uuid;",
    reads_only=False,
)

SWEEP = definer_function(
    "sweep_kept_forms()",
    "void",
    "delete from kernel_keptform where kept_at < now() - interval '1 hour';",
    reads_only=False,
)

ALL = "\n".join([FIND_PERSON, SIGN_INS, WHO_ACTS, SWEEP])
