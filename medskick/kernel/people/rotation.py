"""Changing the key of personal data while the platform runs (medskick keys).

Every EncryptedText column is found by discovery. The work is done on the owner's connection as the role that the
definer functions belong to, which reads and writes these tables across the row policies and cannot log in; the app role
gains nothing by it. A value says itself which key wrote it, so that what is left is always known, also after a kill -9.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connections, models, transaction

from medskick.kernel.organisations.row_policies import DEFINER_ROLE, our_models
from medskick.kernel.people.encryption import (
    BlindIndex,
    blind_index,
    current_head,
    decrypt_bytes,
    encrypt_bytes,
    indexed,
)

OWNER = "owner"


@dataclass(frozen=True, slots=True)
class Column:
    """An encrypted column of a table, and the column that says which row it is.

    index, within: its blind index, and the column that this is made with; empty where there is none.
    """

    table: str
    name: str
    key: str
    index: str = ""
    within: str = ""

    def __str__(self) -> str:
        return f"{self.table}.{self.name}"


@dataclass(frozen=True, slots=True)
class Progress:
    """How many values of a column have been written anew since the work began."""

    column: Column
    written: int


def columns() -> list[Column]:
    """All encrypted columns, in a fixed order."""
    found = [
        Column(model._meta.db_table, field.column, _key(model), *_index(model, field.name))
        for model in our_models()
        for field in model._meta.local_fields
        if getattr(field, "encrypted", False)
    ]
    return sorted(found, key=str)


def waiting() -> dict[Column, int]:
    """How many values of each column are not written with the current key."""
    return {column: _count(column) for column in columns()}


def rotate(*, batch: int = 500) -> Iterator[Progress]:
    """Write every value that waits with the current key, and yields after each committed batch. It can be left anywhere.

    Raise cryptography.exceptions.InvalidTag at a value that none of the keys reads; what was written before stays.
    """
    for column in columns():
        last: UUID | None = None
        written = 0
        while True:
            many, last = _rotate_batch(column, after=last, batch=batch)
            if last is None:
                break
            written += many
            yield Progress(column, written)


def _rotate_batch(column: Column, *, after: UUID | None, batch: int) -> tuple[int, UUID | None]:
    """Write the next waiting values after a row. Returns how many, and the last row, None where there were none."""
    with _as_definer() as cursor:
        cursor.execute(
            f'select "{column.key}", "{column.name}", {column.within or "null"} from "{column.table}"'
            f' where {_waits(column)} and (%s::uuid is null or "{column.key}" > %s::uuid)'
            f' order by "{column.key}" limit %s for update',
            [current_head(), after, after, batch],
        )
        rows = cursor.fetchall()
        for key, value, within in rows:
            _write(cursor, column, key, decrypt_bytes(bytes(value)), within)
    return len(rows), rows[-1][0] if rows else None


def _write(cursor: Any, column: Column, key: UUID, content: bytes, within: object) -> None:
    update = f'update "{column.table}" set "{column.name}" = %s'
    values: list[object] = [encrypt_bytes(content)]
    if column.index:
        # In the same transaction: at no moment is it found under none of the keys that log-in asks for.
        update += f', "{column.index}" = %s'
        values.append(blind_index(indexed(content.decode(), within or "")))
    cursor.execute(f'{update} where "{column.key}" = %s', [*values, key])


def _count(column: Column) -> int:
    with _as_definer() as cursor:
        cursor.execute(
            f'select count(*) from "{column.table}" where {_waits(column)}',
            [current_head()],
        )
        return int(cursor.fetchone()[0])


def _waits(column: Column) -> str:
    head = f'substring("{column.name}" from 1 for {len(current_head())})'
    return f'"{column.name}" is not null and {head} <> %s'


@contextmanager
def _as_definer() -> Iterator[Any]:
    """A transaction on the owner's connection in the definer's role; the role ends with the transaction."""
    with transaction.atomic(using=OWNER), connections[OWNER].cursor() as cursor:
        cursor.execute(f"set local role {DEFINER_ROLE}")
        yield cursor


def _key(model: type[models.Model]) -> str:
    """The primary key's column; every model of ours has a UUID there, also one that is a key to another row."""
    column: str = model._meta.pk.column
    return column


def _index(model: type[models.Model], of: str) -> tuple[str, str]:
    """The blind index of an encrypted field, and the column that it is made with."""
    for field in model._meta.local_fields:
        if isinstance(field, BlindIndex) and field.of == of:
            return field.column, field.within
    return "", ""
