"""Row-level security, declared on each model and laid by every migrate: the second lock behind the verbs' own checks.

A model says `row_policy = ...`, and `definer_rights = "select"` where a security definer function reads it; tests find
a model that says nothing. Policies are derived state, like an index: they are dropped and made anew from the
declarations, so a migration never has to carry them.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connections, models

APP_ROLE = "medskick_app"
DEFINER_ROLE = "medskick_search"
BACKUP_ROLE = "medskick_backup"

# Evaluated once a statement: a sub-select becomes an init plan, a bare function call would run for each row.
ACTING = "(select nullif(current_setting('medskick.acting', true), '')::uuid)"
OWN = "(select coalesce(nullif(current_setting('medskick.own', true), ''), '{}')::uuid[])::uuid[]"
REACH = "(select coalesce(nullif(current_setting('medskick.reach', true), ''), '{}')::uuid[])::uuid[]"

# True for whoever works in the acting organisation (staff, and the system), false for its residents and visitors.
STAFF_ACTING = f"({ACTING} = any({OWN}))"

ORGANISATION_WIDE = "('region', 'shared', 'organisation')"


def audience_sql(alias: str = "") -> str:
    """The one sentence about who may read a row with audience columns (kernel.md D)."""
    at = f"{alias}." if alias else ""
    return (
        f"({at}level = 'public' or ({at}level in {ORGANISATION_WIDE} and {at}owner_id = any({OWN}))"
        f" or {at}readers && {REACH})"
    )


@dataclass(frozen=True)
class Unscoped:
    """A table that every connection reads in full; the reason is shown by the test that lists them."""

    reason: str
    rights: str = "select, insert, update, delete"


@dataclass(frozen=True, kw_only=True)
class Scoped(ABC):
    """Base: `read` and `write` are SQL conditions on the row."""

    rights: str = "select, insert, update, delete"

    @abstractmethod
    def read(self, model: type[models.Model]) -> str:
        """Which rows are read."""

    def write(self, model: type[models.Model]) -> str:
        return self.read(model)

    def change(self, model: type[models.Model]) -> str:
        """Which rows may still be changed, where that is narrower than what may be written."""
        return self.write(model)


@dataclass(frozen=True)
class Audience(Scoped):
    """The row carries owner, level and readers itself."""

    def read(self, model: type[models.Model]) -> str:
        return audience_sql()

    def write(self, model: type[models.Model]) -> str:
        return f"owner_id = {ACTING}"


@dataclass(frozen=True)
class ByItem(Scoped):
    """The row is read by whoever may read its Item, and written by the Item's owner."""

    field: str = "item"

    def read(self, model: type[models.Model]) -> str:
        # `offset 0` keeps the planner from hashing every item that may be read where a page shows 25 of them.
        return f"exists (select 1 from kernel_item i where i.id = {_column(model, self.field)} offset 0)"

    def write(self, model: type[models.Model]) -> str:
        return (
            f"exists (select 1 from kernel_item i where i.id = {_column(model, self.field)} and i.owner_id = {ACTING})"
        )


@dataclass(frozen=True)
class ByParent(Scoped):
    """The row is part of another row and is read and written with it."""

    field: str = ""

    def read(self, model: type[models.Model]) -> str:
        parent = model._meta.get_field(self.field).related_model._meta
        own_key = _column(model, self.field)
        return f"exists (select 1 from {parent.db_table} p where p.{parent.pk.column} = {own_key})"

    def write(self, model: type[models.Model]) -> str:
        """Whoever may write the parent: reading a public parent must not let anybody add a part to it."""
        parent = model._meta.get_field(self.field).related_model
        table, policy = parent._meta.db_table, parent.row_policy
        if not isinstance(policy, Scoped):
            raise TypeError(f"{parent.__name__} is unscoped; {model.__name__} needs a write condition of its own")
        key = f"{table}.{parent._meta.pk.column} = {_column(model, self.field)}"
        return f"exists (select 1 from {table} where {key} and ({policy.write(parent)}))"


@dataclass(frozen=True)
class ByOwner(Scoped):
    """Only the owner organisation's staff read it; whoever acts for the owner writes it, or with `staff` its staff."""

    staff: bool = False

    def read(self, model: type[models.Model]) -> str:
        return f"owner_id = any({OWN})"

    def write(self, model: type[models.Model]) -> str:
        return f"owner_id = {ACTING}" + (f" and {STAFF_ACTING}" if self.staff else "")


@dataclass(frozen=True)
class ByReader(Scoped):
    """Only the holder of the token in this column reads it; any acting organisation may write to her."""

    field: str = "person"

    def read(self, model: type[models.Model]) -> str:
        return f"{_column(model, self.field)} = any({REACH})"

    def write(self, model: type[models.Model]) -> str:
        return f"{ACTING} is not null"


@dataclass(frozen=True)
class Sql(Scoped):
    """A condition of its own, for the few tables that the others do not fit."""

    reading: str = "false"
    writing: str = "false"
    changing: str = ""

    def read(self, model: type[models.Model]) -> str:
        return self.reading

    def write(self, model: type[models.Model]) -> str:
        return self.writing

    def change(self, model: type[models.Model]) -> str:
        return self.changing or self.writing


@dataclass(frozen=True)
class Closed(Scoped):
    """No right at all for the app role: read only through a security definer function."""

    rights: str = ""

    def read(self, model: type[models.Model]) -> str:
        return "false"


def definer_rights_of(model: type[models.Model]) -> str:
    """What the definer role may do: what the model says, and what shielding a person and changing keys need."""
    rights = {one.strip() for one in getattr(model, "definer_rights", "").split(",") if one.strip()}
    if has_audience(model) or any(getattr(field, "encrypted", False) for field in model._meta.local_fields):
        rights |= {"select", "update"}
    return ", ".join(sorted(rights))


def has_audience(model: type[models.Model]) -> bool:
    """True for a table whose rows carry an audience of their own (owner, level, readers)."""
    return isinstance(getattr(model, "row_policy", None), Audience)


def our_models() -> Iterator[type[models.Model]]:
    for config in apps.get_app_configs():
        if config.name.startswith("medskick."):
            yield from config.get_models(include_auto_created=True)


def statements(model: type[models.Model]) -> Iterator[str]:
    """SQL that lays the declared policy on the model's table, whatever was there before."""
    policy: Any = getattr(model, "row_policy", None)
    table = model._meta.db_table
    if policy is None:
        raise LookupError(f"{model.__module__}.{model.__name__} declares no row_policy")
    yield f"revoke all on {table} from {APP_ROLE}"
    if policy.rights:
        yield f"grant {policy.rights} on {table} to {APP_ROLE}"
    for name in ("app_read", "app_insert", "app_update", "app_delete", "definer", "backup"):
        yield f"drop policy if exists {name} on {table}"
    if isinstance(policy, Unscoped):
        yield f"alter table {table} disable row level security"
        return
    yield f"alter table {table} enable row level security"
    yield f"alter table {table} force row level security"
    read, write, change = policy.read(model), policy.write(model), policy.change(model)
    yield f"create policy app_read on {table} for select to {APP_ROLE} using ({read})"
    yield f"create policy app_insert on {table} for insert to {APP_ROLE} with check ({write})"
    yield f"create policy app_update on {table} for update to {APP_ROLE} using ({change}) with check ({write})"
    yield f"create policy app_delete on {table} for delete to {APP_ROLE} using ({write})"
    yield f"revoke all on {table} from {DEFINER_ROLE}"
    yield (
        f"do $$ begin if exists (select from pg_roles where rolname = '{BACKUP_ROLE}') then"
        f" create policy backup on {table} for select to {BACKUP_ROLE} using (true); end if; end $$"
    )
    rights_of_definer = getattr(model, "definer_rights", "")
    rights_of_definer = definer_rights_of(model)
    if rights_of_definer:
        yield f"grant {rights_of_definer} on {table} to {DEFINER_ROLE}"
        yield f"create policy definer on {table} for all to {DEFINER_ROLE} using (true) with check (true)"


def apply(using: str = "owner") -> None:
    """Lay all policies and rights, as the owner role."""
    existing = set(connections[using].introspection.table_names())
    with connections[using].cursor() as cursor:
        cursor.execute(f"grant usage on schema public to {APP_ROLE}, {DEFINER_ROLE}")
        for model in our_models():
            if model._meta.db_table in existing:
                for statement in statements(model):
                    cursor.execute(statement)
        for table in sorted(existing):
            if table.startswith("procrastinate_") or table == "django_session":
                cursor.execute(f"grant select, insert, update, delete on {table} to {APP_ROLE}")
        cursor.execute(f"grant select on django_migrations to {APP_ROLE}")
        cursor.execute(f"grant usage, select on all sequences in schema public to {APP_ROLE}")
        cursor.execute(
            f"do $$ begin if exists (select from pg_roles where rolname = '{BACKUP_ROLE}') then"
            f" grant usage on schema public to {BACKUP_ROLE};"
            f" grant select on all tables in schema public to {BACKUP_ROLE};"
            f" grant select on all sequences in schema public to {BACKUP_ROLE}; end if; end $$"
        )


def _column(model: type[models.Model], field: str) -> str:
    return f"{model._meta.db_table}.{model._meta.get_field(field).column}"
