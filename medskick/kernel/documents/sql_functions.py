"""What a version says is never changed."""

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

ALL = VERSION_TRIGGERS
