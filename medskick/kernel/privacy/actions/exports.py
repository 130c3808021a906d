"""Asking for a copy of everything. A small one is made while she waits, a large one by a job, encrypted, for a week."""

import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from medskick.kernel.log.actions import log
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.organisations.scope import Scope, scope
from medskick.kernel.people.encryption import decrypt_bytes, encrypt_bytes
from medskick.kernel.privacy.access import whose
from medskick.kernel.privacy.exporting import size_of, write_copy
from medskick.kernel.privacy.models import DataExport

MOST_ROWS, MOST_BYTES = 2_000, 20_000_000
KEPT_FOR = timedelta(days=7)
PIECE = 1_000_000


def copy_now(*, by: Actor) -> IO[bytes] | None:
    """The copy as an open temporary file, or None where it is too large to make while she waits."""
    person = _herself(by)
    size = size_of(person)
    if size.rows > MOST_ROWS or size.bytes > MOST_BYTES:
        return None
    made = tempfile.TemporaryFile()  # noqa: SIM115  the response closes it
    write_copy(made, person)
    made.seek(0)
    log("my_data.copied", by=by, references=[person])
    return made


def ask_for_copy(*, by: Actor) -> DataExport:
    """Ask for a copy to be made by a job. One that is on its way is not asked for again. The caller defers the job."""
    person = _herself(by)
    standing = DataExport.objects.filter(
        person=person, owner_id=by.organisation, ready_at__isnull=True, asked_at__gt=timezone.now() - timedelta(hours=1)
    ).first()
    if standing is not None:
        return standing
    asked = DataExport(owner_id=by.organisation, person=person)
    asked.save(force_insert=True)
    log("my_data.copy_asked", by=by, references=[person])
    return asked


def make_copy(*, by: Actor, export: UUID, person: UUID) -> DataExport:
    """Make the copy that was asked for, and keep it encrypted. Made twice it is made once."""
    with scope(Scope(by.organisation, reach=frozenset({person}))):
        return _make(export, person, by=by)


def _make(export: UUID, person: UUID, *, by: Actor) -> DataExport:
    """In her own scope: what the organisation reads of its own is not hers to be given unasked."""
    asked = DataExport.objects.get(id=export, person=person)
    if asked.ready_at is not None:
        return asked
    with tempfile.TemporaryFile() as made:
        write_copy(made, person)
        made.seek(0)
        asked.size = _keep(made, path_of(asked.id))
    asked.ready_at = timezone.now()
    asked.save(update_fields=["ready_at", "size"])
    log("my_data.copied", by=by, references=[person])
    return asked


def open_copy(asked: DataExport) -> Iterator[bytes]:
    """The kept copy in the clear, piece by piece. Raise FileNotFoundError where its week is over."""
    with path_of(asked.id).open("rb") as kept:
        while head := kept.read(4):
            yield decrypt_bytes(kept.read(int.from_bytes(head)))


def sweep_copies(*, now: datetime | None = None) -> int:
    """Throw away copies whose week is over. Returns how many there were."""
    with connection.cursor() as cursor:
        cursor.execute("select sweep_exports(%s)", [(now or timezone.now()) - KEPT_FOR])
        gone = [row[0] for row in cursor.fetchall()]
    for export in gone:
        path_of(export).unlink(missing_ok=True)
    return len(gone)


def path_of(export: UUID) -> Path:
    return Path(settings.FILES_DIR) / "copies" / str(export)


def _keep(made: IO[bytes], path: Path) -> int:
    """Encrypted in pieces, each after its length, under a temporary name until it is whole. Returns the clear size."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    half, size = path.with_suffix(".half"), 0
    with half.open("wb") as kept:
        while piece := made.read(PIECE):
            sealed = encrypt_bytes(piece)
            kept.write(len(sealed).to_bytes(4) + sealed)
            size += len(piece)
    half.replace(path)
    return size


def _herself(by: Actor) -> UUID:
    person = whose(by)
    if person is None:
        raise PermissionDenied(_("Bara du själv kan hämta en kopia av dina uppgifter."))
    return person
