"""The walk along links, for any reader."""

from medskick.kernel.sql_functions import definer_function, readable


def _walk(near: str, far: str) -> str:
    """Links from `start`, the nearest way to each, but none that touches a sealed item that may not be read."""
    step = f"""l.ended_at is null and not (l.sealed and exists (select 1 from kernel_item i
      where i.id in (l.from_item_id, l.to_item_id) and i.level = 'sealed' and not {readable("i")}))"""
    return f"""
  with recursive walk as (
    select l.id as link, 1 as depth, l.{far} as node from kernel_link l where l.{near} = start and {step}
    union
    select l.id, w.depth + 1, l.{far} from walk w join kernel_link l on l.{near} = w.node
    where w.depth < deepest and l.{far} <> start and {step}
  ),
  met as (
    select distinct on (w.node) w.link, w.depth, w.node from walk w join kernel_link l on l.id = w.link
    order by w.node, w.depth, l.at, l.id
  )"""


_START_IS_READABLE = (
    f"if not exists (select 1 from kernel_item i where i.id = start and {readable('i')}) then return; end if;"
)


def _trace(name: str, near: str, far: str) -> str:
    """The walk in one direction. A step that may not be read is given with kind, owner and date, and nothing else."""
    return definer_function(
        f"{name}(start uuid, deepest int, most int)",
        """table (item uuid, depth int, kind text, owner uuid, at timestamptz, relation text, linked_at timestamptz,
  linked_by text, reason text, readable boolean, number text, title text, summary text)""",
        f"""
  {_START_IS_READABLE}
  return query {_walk(near, far)}
  select m.node, m.depth, i.kind::text, i.owner_id, i.occurred_at, l.relation::text, l.at,
         case when r.yes then l.by_name::text end, case when r.yes then l.reason::text end, r.yes,
         case when r.yes then i.number::text end, case when r.yes then i.title::text end,
         case when r.yes then i.summary::text end
  from met m join kernel_link l on l.id = m.link join kernel_item i on i.id = m.node
  cross join lateral (select {readable("i")} as yes) r
  order by m.depth, i.occurred_at, i.id limit most;""",
    )


TRACE = (
    _trace("trace_after", "from_item_id", "to_item_id")
    + _trace("trace_before", "to_item_id", "from_item_id")
    + definer_function(
        "trace_origins(start uuid, deepest int)",
        "table (kind text, many bigint)",
        f"""
  {_START_IS_READABLE}
  return query {_walk("to_item_id", "from_item_id")}
  select i.kind::text, count(*) from met m join kernel_item i on i.id = m.node group by i.kind;""",
    )
)

ALL = TRACE
