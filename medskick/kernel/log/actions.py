"""The log: who did what to which item, by reference, never by value (kernel.md G).

Writing is one plain insert. A job seals closed batches afterwards; verify() recomputes every seal.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from medskick.kernel.log.models import LogEntry, LogSeal
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.organisations.scope import current_scope

FIRST_DIGEST = "0" * 64


def log(
    verb: str,
    *,
    by: Actor,
    item: UUID | None = None,
    fields: Iterable[str] = (),
    references: Iterable[UUID] = (),
) -> None:
    """Write that `by` did `verb`.

    fields: names of changed fields. references: ids of other rows touched or read.
    Raises LookupError where no organisation acts.
    """
    owner = current_scope().acting
    if owner is None:
        raise LookupError("Nothing is logged where no organisation acts")
    LogEntry.objects.bulk_create(
        [
            LogEntry(
                owner_id=owner,
                verb=verb,
                item=item,
                fields=list(fields),
                references=list(references),
                actor_kind=by.kind,
                person=by.person or by.device,
                acting_for=by.acting_for,
                channel=by.channel,
            )
        ]
    )


def log_read(by: Actor, kind: str, references: Iterable[UUID]) -> None:
    """Write that personal data was read: one row for a page, however many persons it shows."""
    shown = list(references)
    if shown:
        log(f"{kind}.read", by=by, references=shown)


@dataclass(frozen=True, slots=True)
class SealFault:
    """A seal that does not hold."""

    number: int
    reason: str


def seal_log() -> LogSeal | None:
    """Seal what the acting organisation's closed transactions have logged since last time; None where nothing new.

    A transaction that is open anywhere on the database server holds up what was logged after it began.
    """
    owner = current_scope().acting
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext(%s))", [f"seal {owner}"])
        cursor.execute("select pg_snapshot_xmin(pg_current_snapshot())::text::bigint + log_offset()")
        before = int(cursor.fetchone()[0])
    previous = LogSeal.objects.filter(owner_id=owner).order_by("-number").first()
    first = previous.before_transaction if previous else 0
    digest, rows = _digest(owner, first, before, previous.digest if previous else FIRST_DIGEST)
    if rows == 0:
        return None
    sealed = LogSeal(
        owner_id=owner,
        number=previous.number + 1 if previous else 1,
        first_transaction=first,
        before_transaction=before,
        rows=rows,
        digest=digest,
    )
    sealed.save(force_insert=True)
    return sealed


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verifying found: seals and the rows under them, rows not yet sealed, faults, and the last seal's digest."""

    seals: int
    rows: int
    unsealed: int
    faults: list[SealFault]
    last: str


def verify_log() -> Verdict:
    """Compute the acting organisation's seals again."""
    owner = current_scope().acting
    digest, expected_first, covered = FIRST_DIGEST, 0, 0
    faults: list[SealFault] = []
    seals = list(LogSeal.objects.filter(owner_id=owner).order_by("number"))
    for position, sealed in enumerate(seals, start=1):
        if sealed.number != position:
            faults.append(SealFault(position, "the seal is missing"))
            break
        if sealed.first_transaction != expected_first:
            faults.append(SealFault(sealed.number, "it does not begin where the one before ended"))
        recomputed, rows = _digest(owner, sealed.first_transaction, sealed.before_transaction, digest)
        if rows != sealed.rows:
            faults.append(SealFault(sealed.number, f"{sealed.rows} rows were sealed, {rows} are there"))
        elif recomputed != sealed.digest:
            faults.append(SealFault(sealed.number, "a row under it has been changed"))
        digest, expected_first, covered = sealed.digest, sealed.before_transaction, covered + rows
    unsealed = LogEntry.objects.filter(owner_id=owner, transaction__gte=expected_first).count()
    return Verdict(len(seals), covered, unsealed, faults, digest if seals else "")


def _digest(owner: UUID | None, first: int, before: int, previous: str) -> tuple[str, int]:
    running, rows = hashlib.sha256(previous.encode()), 0
    for row in _rows(owner, first, before):
        running.update(row)
        rows += 1
    return running.hexdigest(), rows


def _rows(owner: UUID | None, first: int, before: int) -> Iterator[bytes]:
    entries = LogEntry.objects.filter(owner_id=owner, transaction__gte=first, transaction__lt=before).order_by("id")
    for entry in entries.iterator(chunk_size=2000):
        yield json.dumps(
            [
                str(entry.id),
                entry.at.isoformat(),
                entry.verb,
                str(entry.item),
                entry.fields,
                [str(one) for one in entry.references],
                entry.actor_kind,
                str(entry.person),
                str(entry.acting_for),
                entry.channel,
                entry.transaction,
            ],
            separators=(",", ":"),
        ).encode()
