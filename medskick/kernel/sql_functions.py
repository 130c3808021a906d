"""SQL of the kernel's triggers and security definer functions.

The functions belong to a role that is neither superuser nor able to log in; each has a fixed search path, applies the
scope inside, and gives no more than the row policies would (tested together with them).
"""

from medskick.kernel.organisations.row_policies import APP_ROLE, DEFINER_ROLE

_SCOPE = """
  acting uuid := nullif(current_setting('medskick.acting', true), '')::uuid;
  own uuid[] := coalesce(nullif(current_setting('medskick.own', true), ''), '{}')::uuid[];
  reach uuid[] := coalesce(nullif(current_setting('medskick.reach', true), ''), '{}')::uuid[];
"""


def _readable(alias: str) -> str:
    return (
        f"({alias}.level = 'public' or ({alias}.level in ('region', 'shared', 'organisation') and {alias}.owner_id = any(own))"
        f" or {alias}.readers && reach)"
    )


LOG_TRIGGERS = """
create or replace function log_append_only() returns trigger language plpgsql as $$
begin raise exception 'the log is append-only'; end $$;
create or replace trigger log_append_only before update or delete on kernel_logentry for each row execute function log_append_only();
create or replace trigger log_never_emptied before truncate on kernel_logentry
  for each statement execute function log_append_only();
create or replace function log_transaction() returns trigger language plpgsql as $$
begin new.transaction := pg_current_xact_id()::text::bigint; return new; end $$;
create or replace trigger log_transaction before insert on kernel_logentry for each row execute function log_transaction();
create or replace trigger seal_append_only before update or delete on kernel_logseal for each row execute function log_append_only();
"""

SEARCH_PUT = f"""
create function search_put(in_item uuid, folded text, title_words text, body_words text) returns void
language plpgsql security definer set search_path = pg_catalog, public as $$
declare {_SCOPE}
  i record; t tsvector; b tsvector;
begin
  select id, owner_id, level, readers, kind, occurred_at into i from kernel_item where id = in_item and owner_id = acting;
  if not found then raise exception 'search_put: not the acting organisation''s item'; end if;
  t := setweight(to_tsvector('simple', title_words), 'A');
  b := setweight(to_tsvector('simple', coalesce(body_words, '')), 'C');
  insert into kernel_searchentry as e
    (item_id, owner_id, level, readers, kind, title_folded, title_lexemes, body_lexemes, lexemes, occurred_at)
  values (i.id, i.owner_id, i.level, i.readers, i.kind, folded, t, b, t || b, i.occurred_at)
  on conflict (item_id) do update set
    level = i.level, readers = i.readers, kind = i.kind, title_folded = folded, occurred_at = i.occurred_at,
    title_lexemes = t,
    body_lexemes = case when body_words is null then e.body_lexemes else b end,
    lexemes = t || case when body_words is null then e.body_lexemes else b end;
end $$;
create function search_forget(in_item uuid) returns void
language plpgsql security definer set search_path = pg_catalog, public as $$
declare {_SCOPE}
begin
  delete from kernel_searchentry where item_id = in_item and owner_id = acting;
end $$;
"""

# Only the first thousand matches are ranked: beyond that nobody reads on, and ranking is what costs.
SEARCH_FIND = f"""
create function search_find(query text, key text, in_owner uuid, in_kinds text[], in_limit int, in_offset int)
returns table (item uuid, near boolean)
language plpgsql stable security definer set search_path = pg_catalog, public as $$
declare {_SCOPE}
  asked tsquery := query::tsquery;
begin
  return query
  with matched as materialized (
    select e.item_id, e.lexemes, e.occurred_at from kernel_searchentry e
    where e.lexemes @@ asked and {_readable("e")}
      and (in_owner is null or e.owner_id = in_owner) and (in_kinds is null or e.kind = any(in_kinds))
    limit 1000)
  select m.item_id, false from matched m
  order by ts_rank(m.lexemes, asked) desc, m.occurred_at desc, m.item_id limit in_limit offset in_offset;
  if not found and in_offset = 0 then
    return query
    select e.item_id, true from kernel_searchentry e
    where key <% e.title_folded and {_readable("e")}
      and (in_owner is null or e.owner_id = in_owner) and (in_kinds is null or e.kind = any(in_kinds))
    order by word_similarity(key, e.title_folded) desc, e.occurred_at desc, e.item_id limit in_limit;
  end if;
end $$;
"""

# The walk starts at an item that the scope may read and follows links, but none that touches a sealed item of others.
# A step that may not be read is given with kind, owner and date, and nothing else: kernel.md F.
TRACE_WALK = f"""
create function trace_walk(start uuid, upward boolean, deepest int, most int)
returns table (link uuid, depth int, from_item uuid, to_item uuid, item uuid, kind text, owner uuid, at timestamptz,
               relation text, linked_at timestamptz, linked_by text, linked_owner uuid, reason text,
               readable boolean, number text, title text, summary text)
language plpgsql stable security definer set search_path = pg_catalog, public as $$
declare {_SCOPE}
begin
  if not exists (select 1 from kernel_item i where i.id = start and {_readable("i")}) then return; end if;
  return query
  with recursive walk as (
    select l.id as link, 1 as depth, array[start, case when upward then l.from_item_id else l.to_item_id end] as path
    from kernel_link l
    where l.ended_at is null and case when upward then l.to_item_id = start else l.from_item_id = start end
      and not exists (select 1 from kernel_item i where i.id in (l.from_item_id, l.to_item_id)
                      and i.level = 'sealed' and not {_readable("i")})
    union all
    select l.id, w.depth + 1, w.path || case when upward then l.from_item_id else l.to_item_id end
    from walk w
    join kernel_link l on case when upward then l.to_item_id = w.path[cardinality(w.path)]
                               else l.from_item_id = w.path[cardinality(w.path)] end
    where l.ended_at is null and w.depth < deepest
      and not (case when upward then l.from_item_id else l.to_item_id end) = any(w.path)
      and not exists (select 1 from kernel_item i where i.id in (l.from_item_id, l.to_item_id)
                      and i.level = 'sealed' and not {_readable("i")})
  ),
  first_met as (select distinct on (w.link) w.link, w.depth, w.path[cardinality(w.path)] as node from walk w order by w.link, w.depth)
  select l.id, f.depth, l.from_item_id, l.to_item_id, f.node,
         case when upward then l.from_kind else l.to_kind end::text,
         case when upward then l.from_owner_id else l.to_owner_id end,
         i.occurred_at, l.relation::text, l.at, l.by_name::text, l.owner_id,
         case when r.yes then l.reason::text end, r.yes,
         case when r.yes then i.number::text end, case when r.yes then i.title::text end,
         case when r.yes then i.summary::text end
  from first_met f join kernel_link l on l.id = f.link join kernel_item i on i.id = f.node
  cross join lateral (select {_readable("i")} as yes) r
  order by f.depth, i.occurred_at, l.id limit most;
end $$;
"""

# Telling crosses audiences: the one who spoke is told of a decision in an organisation whose rows she cannot read.
FOLLOWERS_UPWARD = f"""
create function followers_upward(start uuid) returns table (follower uuid, item uuid)
language plpgsql stable security definer set search_path = pg_catalog, public as $$
declare {_SCOPE}
begin
  if not exists (select 1 from kernel_item i where i.id = start and (i.owner_id = acting or {_readable("i")})) then return; end if;
  return query
  with recursive upward as (
    select start as node, 0 as depth
    union
    select l.from_item_id, u.depth + 1 from upward u join kernel_link l on l.to_item_id = u.node
    where l.ended_at is null and not l.sealed and u.depth < 12
  )
  select distinct on (s.follower) s.follower, s.item_id from upward u join kernel_subscription s on s.item_id = u.node
  order by s.follower, u.depth desc;
end $$;
"""

FIND_PERSON = """
create function find_person_by_number(in_index bytea) returns uuid
language sql stable security definer set search_path = pg_catalog, public as
$$ select person_id from kernel_personalnumber where index = in_index $$;
create function find_person_by_subject(in_issuer text, in_subject text) returns uuid
language sql stable security definer set search_path = pg_catalog, public as
$$ select person_id from kernel_providersubject where issuer = in_issuer and subject = in_subject $$;
"""

SIGNATURES = [
    "search_put(uuid, text, text, text)",
    "search_forget(uuid)",
    "search_find(text, text, uuid, text[], int, int)",
    "trace_walk(uuid, boolean, int, int)",
    "followers_upward(uuid)",
    "find_person_by_number(bytea)",
    "find_person_by_subject(text, text)",
]

DROP = "".join(f"drop function if exists {one};" for one in SIGNATURES)
OWN_AND_GRANT = "".join(
    f"alter function {one} owner to {DEFINER_ROLE}; revoke all on function {one} from public;"
    f" grant execute on function {one} to {APP_ROLE};"
    for one in SIGNATURES
)
ALL = "\n".join([LOG_TRIGGERS, DROP, SEARCH_PUT, SEARCH_FIND, TRACE_WALK, FOLLOWERS_UPWARD, FIND_PERSON, OWN_AND_GRANT])
