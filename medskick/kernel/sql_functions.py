"""SQL of the kernel's triggers and security definer functions.

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
_SAFELY = "security definer set search_path = pg_catalog, public, pg_temp"


def _readable(alias: str) -> str:
    """The sentence of row_policies.audience_sql(), over the function's own variables."""
    return (
        f"({alias}.level = 'public' or ({alias}.level in {ORGANISATION_WIDE} and {alias}.owner_id = any(own))"
        f" or {alias}.readers && reach)"
    )


def _function(
    head: str, returns: str, body: str, *, declare: str = "", reads_only: bool = True, options: str = ""
) -> str:
    """A security definer function that the app role may call."""
    return f"""
create function {head} returns {returns} language plpgsql {"stable" if reads_only else "volatile"} {_SAFELY} {options}
as $$
#variable_conflict use_column
declare {_SCOPE} {declare}
begin {body} end $$;
alter function {head} owner to {DEFINER_ROLE};
revoke all on function {head} from public;
grant execute on function {head} to {APP_ROLE};
"""


DROP = f"""
do $$ declare one regprocedure; begin
  for one in select oid::regprocedure from pg_proc
    where proowner = '{DEFINER_ROLE}'::regrole and pronamespace = 'public'::regnamespace
  loop execute format('drop function %s cascade', one); end loop;
end $$;
"""

LOG_TRIGGERS = """
create or replace function log_append_only() returns trigger language plpgsql as $$
begin raise exception 'the log is append-only'; end $$;
create or replace trigger log_append_only before update or delete on kernel_logentry
  for each row execute function log_append_only();
create or replace trigger log_never_emptied before truncate on kernel_logentry
  for each statement execute function log_append_only();
create or replace trigger seal_append_only before update or delete on kernel_logseal
  for each row execute function log_append_only();
create or replace trigger seal_never_emptied before truncate on kernel_logseal
  for each statement execute function log_append_only();
create or replace function log_transaction() returns trigger language plpgsql as $$
begin new.transaction := pg_current_xact_id()::text::bigint + log_offset(); return new; end $$;
create or replace trigger log_transaction before insert on kernel_logentry
  for each row execute function log_transaction();
"""

# Seals cover ranges of transaction numbers, and a database restored from a dump counts them from the beginning again.
# The offset, raised when a migrate finds that they have fallen behind what the log holds, lets them go on.
LOG_OFFSET = (
    _function(
        "log_highest()",
        "bigint",
        """
  return greatest(0, (select max(before_transaction) from kernel_logseal),
    (select max((select max(l.transaction) from kernel_logentry l where l.owner_id = o.id))
     from kernel_organisation o));""",
    )
    + f"""
grant execute on function log_highest() to current_user;
grant select on kernel_organisation to {DEFINER_ROLE};
do $$ declare
  old bigint := 0; highest bigint := log_highest(); now_at bigint := pg_current_xact_id()::text::bigint;
begin
  if to_regprocedure('public.log_offset()') is not null then execute 'select log_offset()' into old; end if;
  if highest > now_at + old then old := highest - now_at + 1; end if;
  execute format('create or replace function log_offset() returns bigint language sql immutable as %L',
    format('select %s::bigint', old));
end $$;
"""
)

# A link says by itself that one of its ends is sealed. Whoever seals an item may not write others' links to it: hence
# a trigger with rights of its own.
SEALED_LINKS = f"""
create function seal_links() returns trigger language plpgsql {_SAFELY} as $$
begin
  update kernel_link l set sealed = exists
    (select 1 from kernel_item i where i.id in (l.from_item_id, l.to_item_id) and i.level = 'sealed')
  where l.from_item_id = new.id or l.to_item_id = new.id;
  return null;
end $$;
alter function seal_links() owner to {DEFINER_ROLE};
create or replace trigger seal_links after update of level on kernel_item for each row
  when (old.level is distinct from new.level and 'sealed' in (old.level, new.level)) execute function seal_links();
"""

# Whose an entry is, and of what kind, stands among its lexemes too, so that the index meets it together with the words:
# whoever searches in a small municipality would else have the whole region's matches looked at. No word that people
# write holds this mark, and the columns are asked all the same.
SEARCH_MARKS = f"""
create function search_marks(i kernel_item) returns tsvector language sql immutable set search_path = pg_catalog, public
as $$ select array_to_tsvector(array['§o' || i.owner_id, '§k' || i.kind]) $$;
alter function search_marks(kernel_item) owner to {DEFINER_ROLE};
"""
SEARCH_PUT = (
    _function(
        "search_put(in_item uuid, title_words text, body_words text, only_known boolean)",
        "void",
        """
  select * into i from kernel_item where id = in_item and owner_id = acting;
  if not found then raise exception 'search_put: not the acting organisation''s item'; end if;
  if only_known and not exists (select 1 from kernel_searchentry e where e.item_id = in_item) then return; end if;
  t := setweight(to_tsvector('simple', title_words), 'A');
  b := setweight(to_tsvector('simple', coalesce(body_words, '')), 'C');
  insert into kernel_searchentry as e (item_id, owner_id, level, readers, kind, lexemes, occurred_at)
  values (i.id, i.owner_id, i.level, i.readers, i.kind, t || b || search_marks(i), i.occurred_at)
  on conflict (item_id) do update set
    level = i.level, readers = i.readers, kind = i.kind, occurred_at = i.occurred_at,
    lexemes = t || (case when body_words is null then ts_filter(e.lexemes, '{c}') else b end) || search_marks(i);
  insert into kernel_searchunlearned (item_id) values (i.id) on conflict do nothing;""",
        declare="i kernel_item; t tsvector; b tsvector;",
        reads_only=False,
    )
    + _function(
        "search_forget(in_item uuid)",
        "void",
        "delete from kernel_searchentry where item_id = in_item and owner_id = acting;",
        reads_only=False,
    )
    # Only words of plain small letters: no number of any kind is kept, and å, ä, ö are asked for without their marks.
    + _function(
        "search_learn(most int)",
        "bigint",
        """
  with taken as (
    delete from kernel_searchunlearned where item_id in
      (select item_id from kernel_searchunlearned order by item_id limit most for update skip locked)
    returning item_id)
  insert into kernel_searchword (word)
  select distinct one from taken join kernel_searchentry e using (item_id), unnest(tsvector_to_array(e.lexemes)) one
  where one ~ '^[a-z]{4,60}$' order by one on conflict do nothing;
  return (select count(*) from kernel_searchunlearned);""",
        reads_only=False,
    )
)

_ASKED_FOR = f"""{_readable("e")}
      and (in_owner is null or e.owner_id = in_owner) and (in_kinds is null or e.kind = any(in_kinds))"""
_RANKED = """order by ts_rank(m.lexemes, asked) desc, m.occurred_at desc, m.item_id"""
# Only so many matches are ranked: beyond them nobody reads on, and ranking is what costs. Of a word that stands nearly
# everywhere these are the newest, found by going back through time, for the index would give all its hundred thousands
# before the first; that walk ends after so many entries, and then the index is asked after all.
_MATCHED = f"""
  with matched as materialized (
    select e.item_id, e.lexemes, e.occurred_at from kernel_searchentry e
    where e.lexemes @@ narrowed and {_ASKED_FOR}
    limit 500)"""
_WALKED = f"""
  with newest as materialized (
    select n.* from kernel_searchentry n where in_owner is null or n.owner_id = in_owner
    order by n.occurred_at desc limit 10000),
  matched as materialized (
    select e.item_id, e.lexemes, e.occurred_at from newest e where e.lexemes @@ narrowed and {_ASKED_FOR} limit 500)"""
COMMON_FROM = 40_000  # matches: about where the walk becomes the shorter way
SEARCH_FIND = _function(
    "search_find(query text, words text[], in_owner uuid, in_kinds text[], in_limit int, in_offset int)",
    "table (item uuid, near boolean)",
    f"""
  narrowed := asked;
  if in_owner is not null then narrowed := narrowed && quote_literal('§o' || in_owner)::tsquery; end if;
  if in_kinds is not null then
    narrowed := narrowed && array_to_string(array(select quote_literal('§k' || k) from unnest(in_kinds) k), ' | ')::tsquery;
  end if;
  execute 'explain (format json) select 1 from kernel_searchentry where lexemes @@ '
    || quote_literal(narrowed::text) || '::tsquery' into plan;
  if (plan -> 0 -> 'Plan' ->> 'Plan Rows')::numeric > {COMMON_FROM} then
    return query {_WALKED}
    select m.item_id, false from matched m {_RANKED} limit in_limit offset in_offset;
    if found then return; end if;
  end if;
  return query {_MATCHED}
  select m.item_id, false from matched m {_RANKED} limit in_limit offset in_offset;
  if found or in_offset > 0 or cardinality(words) = 0 then return; end if;
  -- Nothing is spelt like that: each word is taken for the five known ones that look most like it.
  perform set_config('pg_trgm.similarity_threshold', '0.4', true);
  asked := null;
  foreach one in array words loop
    select string_agg(quote_literal(c.word), ' | ') into alike from
      (select s.word from kernel_searchword s where s.word % one order by similarity(s.word, one) desc, s.word limit 5) c;
    if alike is null then return; end if;
    asked := case when asked is null then alike::tsquery else asked && alike::tsquery end;
  end loop;
  narrowed := asked;
  return query {_MATCHED}
  select m.item_id, true from matched m {_RANKED} limit in_limit;""",
    declare="asked tsquery := query::tsquery; narrowed tsquery; plan json; one text; alike text;",
    # PostgreSQL lets no function ask for an estimate that says it only reads.
    reads_only=False,
    options="set plan_cache_mode = force_custom_plan",
)


def _walk(near: str, far: str) -> str:
    """Links from `start`, the nearest way to each, but none that touches a sealed item that may not be read."""
    step = f"""l.ended_at is null and not (l.sealed and exists (select 1 from kernel_item i
      where i.id in (l.from_item_id, l.to_item_id) and i.level = 'sealed' and not {_readable("i")}))"""
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
    f"if not exists (select 1 from kernel_item i where i.id = start and {_readable('i')}) then return; end if;"
)


def _trace(name: str, near: str, far: str) -> str:
    """The walk in one direction. A step that may not be read is given with kind, owner and date, and nothing else."""
    return _function(
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
  cross join lateral (select {_readable("i")} as yes) r
  order by m.depth, i.occurred_at, i.id limit most;""",
    )


TRACE = (
    _trace("trace_after", "from_item_id", "to_item_id")
    + _trace("trace_before", "to_item_id", "from_item_id")
    + _function(
        "trace_origins(start uuid, deepest int)",
        "table (kind text, many bigint)",
        f"""
  {_START_IS_READABLE}
  return query {_walk("to_item_id", "from_item_id")}
  select i.kind::text, count(*) from met m join kernel_item i on i.id = m.node group by i.kind;""",
    )
)

# Telling crosses audiences: the one who spoke is told of a decision in an organisation whose rows she cannot read.
FOLLOWERS_UPWARD = _function(
    "followers_upward(start uuid)",
    "table (follower uuid, item uuid)",
    f"""
  if not exists (select 1 from kernel_item i where i.id = start and (i.owner_id = acting or {_readable("i")}))
  then return; end if;
  return query
  with recursive upward as (
    select start as node, 0 as depth
    union
    select l.from_item_id, u.depth + 1 from upward u join kernel_link l on l.to_item_id = u.node
    where l.ended_at is null and not l.sealed and u.depth < 12
  )
  select distinct on (s.follower) s.follower, s.item_id
  from upward u join kernel_subscription s on s.item_id = u.node order by s.follower, u.depth desc;""",
)

FIND_PERSON = _function(
    "find_person_by_number(in_index bytea)",
    "uuid",
    "return (select person_id from kernel_personalnumber where index = in_index);",
) + _function(
    "find_person_by_subject(in_issuer text, in_subject text)",
    "uuid",
    "return (select person_id from kernel_providersubject where issuer = in_issuer and subject = in_subject);",
)

# Who acts is asked before there is a scope: all that a request must know of a signed-in person, in one round trip.
WHO_ACTS = _function(
    "who_acts(in_person uuid, in_employment uuid, in_device uuid)",
    "table (name bytea, organisation uuid, unit uuid, roles text[], networks uuid[], unread bigint)",
    """
  return query
  select p.name, e.organisation_id, e.unit_id,
    array(select r.role::text from kernel_roleassignment r where r.employment_id = e.id and r.ended_at is null),
    array(select s.network_id from kernel_networkseat s where s.employment_id = e.id),
    (select count(*) from (select 1 from kernel_notification n
      where n.follower in (in_person, in_device) and n.read_at is null limit 100) few)
  from kernel_person p
  left join kernel_employment e on e.person_id = p.id and e.id = in_employment and e.ended_at is null
  where p.id = in_person and (in_employment is null or e.id is not null);""",
)

# Answer debt is told to everyone, as four figures; the tasks behind it are read by the owner's staff only.
ANSWER_DEBT = _function(
    "answer_debt(in_owner uuid, since date, today date, zone text)",
    "table (answered_in_time bigint, answered_late bigint, waiting bigint, overdue bigint)",
    """
  return query
  select count(*) filter (where (t.done_at at time zone zone)::date <= t.due),
    count(*) filter (where (t.done_at at time zone zone)::date > t.due),
    count(*) filter (where t.done_at is null and (t.due >= today or t.paused_until is not null)),
    count(*) filter (where t.done_at is null and t.due < today and t.paused_until is null)
  from kernel_task t where t.owner_id = in_owner and t.relation = 'owed_answer' and t.since >= $2;""",
)

SWEEP = _function(
    "sweep_kept_forms()",
    "void",
    "delete from kernel_keptform where kept_at < now() - interval '1 hour';",
    reads_only=False,
)

ALL = "\n".join(
    [
        DROP,
        LOG_TRIGGERS,
        LOG_OFFSET,
        SEALED_LINKS,
        SEARCH_MARKS,
        SEARCH_PUT,
        SEARCH_FIND,
        TRACE,
        FOLLOWERS_UPWARD,
        FIND_PERSON,
        WHO_ACTS,
        ANSWER_DEBT,
        SWEEP,
    ]
)
