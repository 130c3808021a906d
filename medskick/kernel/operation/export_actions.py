"""The verbs of an organisation's export: asked for by one, released by another, made by a job, gone after its days."""

import hashlib
import shutil
import tempfile
import zipfile
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from medskick.kernel.log.actions import log
from medskick.kernel.operation.access import require_administrator, require_another
from medskick.kernel.operation.export_queries import path_of, waiting_export
from medskick.kernel.operation.exporting import export_to
from medskick.kernel.operation.models import OrganisationExport
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.organisations.models import Organisation
from medskick.kernel.organisations.scope import current_scope

KEPT_FOR = timedelta(days=7)


def ask_for_export(*, by: Actor, reason: str) -> OrganisationExport:
    """Ask for a copy of everything that the acting organisation owns. One at a time."""
    owner = current_scope().acting
    if owner is None:
        raise LookupError("An export is an organisation's")
    require_administrator(by, owner)
    if waiting_export(owner) is not None:
        raise ValidationError(_("En export väntar redan på att någon annan ska godkänna den."))
    asked = OrganisationExport(owner_id=owner, reason=reason, asked_by=by.person, asked_by_name=by.name)
    asked.save(force_insert=True)
    log("export.asked", by=by, references=[asked.id])
    return asked


def release_export(asked: OrganisationExport, *, by: Actor) -> OrganisationExport:
    """Let it be made. Another administrator than the one who asked, or the operator of the installation."""
    require_administrator(by, asked.owner_id)
    require_another(by, asked.asked_by)
    asked.released_by, asked.released_by_name, asked.released_at = by.person, by.name, timezone.now()
    asked.save(update_fields=["released_by", "released_by_name", "released_at"])
    log("export.released", by=by, references=[asked.id])
    return asked


def withdraw_export(asked: OrganisationExport, *, by: Actor) -> OrganisationExport:
    """Take it back; a file that is made already is taken away at once."""
    require_administrator(by, asked.owner_id)
    asked.withdrawn_at = timezone.now()
    asked.save(update_fields=["withdrawn_at"])
    path_of(asked).unlink(missing_ok=True)
    log("export.withdrawn", by=by, references=[asked.id])
    return asked


def make_file(asked: OrganisationExport, *, by: Actor) -> OrganisationExport:
    """Write the file: a zip of the export's folder, whole or not at all."""
    require_administrator(by, asked.owner_id)
    if asked.released_at is None or asked.withdrawn_at is not None or asked.made_at is not None:
        return asked
    home = Path(settings.EXPORTS_DIR)
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    now = timezone.localtime()
    name = Organisation.objects.get(id=asked.owner_id).name
    with tempfile.TemporaryDirectory(dir=home) as folder:
        written = export_to(Path(folder) / "export", asked.owner_id, name=name, now=now)
        half = Path(folder) / "half.zip"
        _zip(Path(folder) / "export", half)
        with half.open("rb") as content:
            asked.sha256 = hashlib.file_digest(content, "sha256").hexdigest()
        asked.size = half.stat().st_size
        shutil.move(half, path_of(asked))
    asked.made_at, asked.expires_at = now, now + KEPT_FOR
    asked.tables, asked.rows = len(written.tables), written.rows
    asked.save(update_fields=["sha256", "size", "made_at", "expires_at", "tables", "rows"])
    log("export.made", by=by, references=[asked.id])
    return asked


def note_download_of(export: OrganisationExport, *, by: Actor) -> None:
    require_administrator(by, export.owner_id)
    log("export.downloaded", by=by, references=[export.id])


def sweep_exports(*, by: Actor) -> int:
    """Take away the files of the acting organisation whose days are over. Returns how many."""
    over = OrganisationExport.objects.filter(owner_id=by.organisation, expires_at__lt=timezone.now())
    gone = 0
    for one in over:
        if path_of(one).exists():
            path_of(one).unlink()
            log("export.expired", by=by, references=[one.id])
            gone += 1
    return gone


def _zip(folder: Path, target: Path) -> None:
    target.touch(mode=0o600)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as packed:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                packed.write(path, path.relative_to(folder).as_posix())
