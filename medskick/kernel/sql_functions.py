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
SAFELY = "security definer set search_path = pg_catalog, public, pg_temp"


def _readable(alias: str) -> str:
    """The sentence of row_policies.audience_sql(), over the function's own variables."""
    return (
        f"({alias}.level = 'public' or ({alias}.level in {ORGANISATION_WIDE} and {alias}.owner_id = any(own))"
        f" or {alias}.readers && reach)"
    )


def definer_function(
    head: str, returns: str, body: str, *, declare: str = "", reads_only: bool = True, settings: str = ""
) -> str:
    """A security definer function that the app role may call, and nobody else.

    Its rights are set while the migrating role still owns it; afterwards they could only be set with a warning.
    """
    return f"""
create function {head} returns {returns} language plpgsql {"stable" if reads_only else "volatile"} {SAFELY} {settings}
as $$
#variable_conflict use_column
declare {_SCOPE} {declare}
begin {body} end $$;
revoke all on function {head} from public;
grant execute on function {head} to {APP_ROLE};
alter function {head} owner to {DEFINER_ROLE};
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
    definer_function(
        "log_highest()",
        "bigint",
        """
  return greatest(0, (select max(before_transaction) from kernel_logseal),
    (select max((select max(l.transaction) from kernel_logentry l where l.owner_id = o.id))
     from kernel_organisation o));""",
    )
    + f"""
set local role {DEFINER_ROLE};
grant execute on function log_highest() to session_user;
reset role;
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

# What a version says is written once (K03): a change is another version. Of a fixed one nothing is changed at all.
VERSION_TRIGGERS = """
create or replace function version_stands() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or old.fixed_at is not null then
    raise exception 'a fixed version is never changed, and no version is deleted';
  end if;
  if (new.title, new.fields, new.major, new.minor, new.reason, new.by_person, new.by_name, new.created_at,
      new.document_id, new.owner_id, new.fixed_at) is distinct from
     (old.title, old.fields, old.major, old.minor, old.reason, old.by_person, old.by_name, old.created_at,
      old.document_id, old.owner_id, old.fixed_at) then
    raise exception 'what a version says is never changed';
  end if;
  return new;
end $$;
create or replace trigger version_stands before update or delete on kernel_documentversion
  for each row execute function version_stands();
create or replace function version_never_emptied() returns trigger language plpgsql as $$
begin raise exception 'versions are never emptied'; end $$;
create or replace trigger version_never_emptied before truncate on kernel_documentversion
  for each statement execute function version_never_emptied();
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
    definer_function(
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
    + definer_function(
        "search_forget(in_item uuid)",
        "void",
        "delete from kernel_searchentry where item_id = in_item and owner_id = acting;",
        reads_only=False,
    )
    # Only words of plain small letters: no number of any kind is kept, and å, ä, ö are asked for without their marks.
    + definer_function(
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
SEARCH_FIND = definer_function(
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
    settings="set plan_cache_mode = force_custom_plan",
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
  cross join lateral (select {_readable("i")} as yes) r
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

# Telling crosses audiences: the one who spoke is told of a decision in an organisation whose rows she cannot read.
FOLLOWERS_UPWARD = definer_function(
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
  from upward u join kernel_subscription s on s.item_id = u.node join kernel_item i on i.id = s.item_id
  where i.level <> 'sealed' or s.follower = any(i.readers) order by s.follower, u.depth desc;""",
)

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

SWEEP = definer_function(
    "sweep_kept_forms()",
    "void",
    "delete from kernel_keptform where kept_at < now() - interval '1 hour';",
    reads_only=False,
)

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

# For the operator's watch: how long something has waited for its seal, over all organisations. It tells nobody's doing.
OLDEST_UNSEALED = definer_function(
    "oldest_unsealed()",
    "timestamptz",
    """
  return (select min((select min(l.at) from kernel_logentry l where l.owner_id = o.id and l.transaction >= coalesce(
      (select max(s.before_transaction) from kernel_logseal s where s.owner_id = o.id), 0)))
    from kernel_organisation o);""",
)

# How many mails are due and since when, over all organisations. It tells nothing of to whom.
MAIL_DUE = definer_function(
    "mail_due()",
    "table (waiting bigint, since timestamptz)",
    "return query select count(*), min(next_try) from kernel_delivery where state = 'queued' and next_try <= now();",
)

# The log about some persons or one item, newest first. Row security would switch the index over references off.
LOG_ABOUT = definer_function(
    "log_about(about uuid, before uuid, most int)",
    "table (entry uuid)",
    """
  return query
  select l.id from kernel_logentry l
  where l.owner_id = any(own) and (before is null or l.id < before)
    and (l.person = about or l.acting_for = about or l.item = about or l."references" @> array[about])
  order by l.id desc limit most;""",
)

# An organisation that has left the region is closed for writing here, whoever tries and however.
CLOSED_TO_LEAVERS = f"""
create function closed_to_leavers() returns trigger language plpgsql {SAFELY} as $$
begin
  if exists (select 1 from kernel_organisation o where o.id = new.owner_id and o.left_at is not null) then
    raise exception 'the organisation has left and is closed for writing' using errcode = 'check_violation';
  end if;
  return new;
end $$;
alter function closed_to_leavers() owner to {DEFINER_ROLE};
create or replace trigger closed_to_leavers before insert on kernel_item for each row
  execute function closed_to_leavers();
create or replace trigger closed_to_leavers before insert on kernel_record for each row
  execute function closed_to_leavers();
"""

ALL = "\n".join(
    [
        DROP,
        LOG_TRIGGERS,
        LOG_OFFSET,
        SEALED_LINKS,
        SEARCH_MARKS,
        VERSION_TRIGGERS,
        SEARCH_PUT,
        SEARCH_FIND,
        TRACE,
        FOLLOWERS_UPWARD,
        FIND_PERSON,
        SIGN_INS,
        WHO_ACTS,
        ASSISTANCE,
        ANSWER_DEBT,
        DIARY,
        REGISTRARS,
        SWEEP,
        ADOPTION_OF_WHAT_IS_READ,
        ADOPTERS_OF,
        SHARES_OVER,
        OLDEST_UNSEALED,
        MAIL_DUE,
        LOG_ABOUT,
        CLOSED_TO_LEAVERS,
    ]
)
