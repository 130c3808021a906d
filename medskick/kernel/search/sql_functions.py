"""Putting into search, learning words, and finding, with the scope applied inside."""

from medskick.kernel.organisations.row_policies import DEFINER_ROLE
from medskick.kernel.sql_functions import definer_function, readable

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

_ASKED_FOR = f"""{readable("e")}
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

ALL = "\n".join([SEARCH_MARKS, SEARCH_PUT, SEARCH_FIND])
