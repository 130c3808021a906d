"""Help that is asked for, approved and ended across audiences, and what was done for somebody."""

from medskick.kernel.sql_functions import definer_function

# Whoever is to approve that somebody helps her reads who asks, by the code that she was shown; then it is hers.
ASSISTANCE = (
    definer_function(
        "assistance_asked(in_code bytea, since timestamptz)",
        "table (id uuid, helper_name text, owner uuid, place text)",
        """
  return query select a.id, a.helper_name::text, a.owner_id, p.name::text from kernel_assistance a
  left join kernel_helpplace p on p.id = a.place_id
  where a.code = in_code and a.asked_at > since and a.started_at is null and a.ended_at is null;""",
    )
    + definer_function(
        "approve_assistance(in_code bytea, since timestamptz, in_resident uuid, in_called bytea)",
        "uuid",
        """
  if not in_resident = any(reach) then return null; end if;
  update kernel_assistance a
  set resident = in_resident, called = in_called, started_at = clock_timestamp(), last_active_at = clock_timestamp(), code = null
  where a.code = in_code and a.asked_at > since and a.started_at is null and a.ended_at is null
    and a.helper <> in_resident
  returning a.id into approved;
  return approved;""",
        declare="approved uuid;",
        reads_only=False,
    )
    # Whoever ends it no longer reads it when it is over, so row security would refuse her the last word.
    + definer_function(
        "end_assistance(in_id uuid, in_how text)",
        "boolean",
        """
  update kernel_assistance a set ended_at = clock_timestamp(), ended_how = in_how, code = null
  where a.id = in_id and a.ended_at is null
    and (a.id = any(reach) or a.helper = any(reach) or a.resident = any(reach));
  return found;""",
        reads_only=False,
    )
    + definer_function(
        "end_idle_assistance(idle interval)",
        "void",
        """
  update kernel_assistance a set ended_at = a.last_active_at + idle, ended_how = 'idle'
  where a.ended_at is null and a.last_active_at < clock_timestamp() - idle;
  update kernel_assistance a set ended_at = clock_timestamp(), ended_how = 'helper', code = null
  where a.ended_at is null and a.started_at is null and a.asked_at < clock_timestamp() - interval '1 hour';""",
        reads_only=False,
    )
    # The agent ends her mandate; she may not write mandates otherwise, or she could write herself one.
    + definer_function(
        "renounce_mandate(in_mandate uuid, in_agent uuid, in_reason bytea)",
        "boolean",
        """
  if not in_agent = any(reach) then return false; end if;
  update kernel_mandate m set ended_at = clock_timestamp(), ended_by = in_agent, ended_reason = in_reason
  where m.id = in_mandate and m.agent = in_agent and m.ended_at is null;
  return found;""",
        reads_only=False,
    )
    # The log is read by the organisation's staff; of it, whom something was done for reads that.
    + definer_function(
        "acts_for(in_principal uuid, most int)",
        "table (id uuid, at timestamptz, owner uuid, verb text, item uuid, person uuid, channel text)",
        """
  if not in_principal = any(reach) then return; end if;
  return query select l.id, l.at, l.owner_id, l.verb::text, l.item, l.person, l.channel::text
  from kernel_logentry l where l.acting_for = in_principal order by l.at desc, l.id desc limit most;""",
    )
    # Counts for the organisation's own staff, who may not read each voice; small groups are left out by the caller's
    # own limit here, so that no query can ask for them.
    + definer_function(
        "channel_counts(in_owner uuid, since timestamptz, in_kinds text[], fewest int)",
        "table (kind text, channel text, many bigint)",
        """
  if not in_owner = any(own) then return; end if;
  return query select i.kind::text, i.channel::text, case when count(*) >= greatest(fewest, 5) then count(*) end
  from kernel_item i where i.owner_id = in_owner and i.occurred_at >= since and i.kind = any(in_kinds)
    and i.level <> 'sealed' group by i.kind, i.channel order by i.kind, i.channel;""",
    )
    # Which unit a role sits in is the organisation chart; who has the role is not told.
    + definer_function(
        "unit_of_role(in_owner uuid, in_role text)",
        "uuid",
        """
  return (select e.unit_id from kernel_employment e join kernel_roleassignment r on r.employment_id = e.id
    where e.organisation_id = in_owner and e.ended_at is null and e.unit_id is not null
      and r.role = in_role and r.ended_at is null
    order by e.since, e.id limit 1);""",
    )
)

ALL = ASSISTANCE
