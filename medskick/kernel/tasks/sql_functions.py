"""The answer debt that everybody is told."""

from medskick.kernel.sql_functions import definer_function

# Answer debt is told to everyone, as four figures; the tasks behind it are read by the owner's staff only.
ANSWER_DEBT = definer_function(
    "answer_debt(in_owner uuid, since date, today date, zone text)",
    "table (answered_in_time bigint, answered_late bigint, waiting bigint, overdue bigint)",
    """
  return query
  select count(*) filter (where (t.done_at at time zone zone)::date <= t.due),
    count(*) filter (where (t.done_at at time zone zone)::date > t.due),
    count(*) filter (where t.done_at is null and (t.due >= today or t.paused_until is not null)),
    count(*) filter (where t.done_at is null and t.due < today and t.paused_until is null)
  from kernel_task t where not t.sealed and t.owner_id = in_owner and t.relation = 'owed_answer' and t.since >= $2;""",
)

ALL = ANSWER_DEBT
