"""Taking in and reading files: content-addressed, sniffed, scanned, and read only by those who may read the item."""

import hashlib
import os
import secrets
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _

from medskick.kernel.files.models import StoredFile
from medskick.kernel.files.scanner import CHUNK, Scanner, ScannerDown, configured_scanner
from medskick.kernel.files.sniffing import sniff
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.organisations.scope import current_scope
from medskick.lib.text import clean_text, shorten

LARGEST = 20 * 1024 * 1024
SNIFFED = 4096
HALF = "half-"


def store_file(
    upload: UploadedFile,
    *,
    by: Actor,
    item: UUID | None = None,
    readers: Iterable[UUID] = (),
    scanner: Scanner | None = None,
) -> StoredFile:
    """Keep an uploaded file. Raise ValidationError, in plain words, for one that is too large, of a type that we do not
    take, or infected, and where the scanner does not answer."""
    if upload.size > LARGEST:
        raise ValidationError(_("Filen är större än 20 MB. Gör den mindre och försök igen."))
    upload.seek(0)
    media_type = sniff(upload.read(SNIFFED), whole=upload.size <= SNIFFED)
    if media_type is None:
        raise ValidationError(
            _("Vi kan inte ta emot den sortens fil. Skicka en PDF, en bild (PNG, JPEG, WebP) eller ren text.")
        )
    _scan(upload, scanner)
    digest = _keep(upload)
    stored = StoredFile(
        owner_id=current_scope().acting,
        readers=sorted({*readers, *([by.speaker] if by.speaker else [])}),
        item_id=item,
        sha256=digest,
        name=shorten(clean_text(upload.name or ""), 200),
        media_type=media_type,
        size=upload.size,
        scanned_at=timezone.now(),
    )
    stored.save(force_insert=True)
    return stored


def open_file(stored: StoredFile) -> Iterator[bytes]:
    """The content in chunks. Raise FileNotFoundError where the disk has lost it."""
    with path_of(stored.sha256).open("rb") as content:
        while chunk := content.read(CHUNK):
            yield chunk


def sweep_half_files(*, older_than: timedelta = timedelta(days=1)) -> int:
    """Throw away what a crash left half written. Returns how many there were."""
    before = (timezone.now() - older_than).timestamp()
    left = [half for half in Path(settings.FILES_DIR).glob(f"{HALF}*") if half.stat().st_mtime < before]
    for half in left:
        half.unlink(missing_ok=True)
    return len(left)


def path_of(digest: str) -> Path:
    return Path(settings.FILES_DIR) / digest[:2] / digest


def _scan(upload: UploadedFile, scanner: Scanner | None) -> None:
    upload.seek(0)
    try:
        found = (scanner or configured_scanner(settings.DEMONSTRATION)).finds(upload.chunks(CHUNK))
    except ScannerDown as fault:
        raise ValidationError(
            _("Vi kan inte kontrollera filer just nu. Skicka utan fil, eller försök igen om en stund.")
        ) from fault
    if found:
        raise ValidationError(_("Filen innehåller något som kan vara skadligt och togs inte emot."))


def _keep(upload: UploadedFile) -> str:
    """Write to a temporary name, flush to disk, then rename: a crash leaves no half file under a real name."""
    upload.seek(0)
    folder = Path(settings.FILES_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    half = folder / f"{HALF}{secrets.token_hex(8)}"
    digest = hashlib.sha256()
    try:
        with half.open("wb") as content:
            for chunk in upload.chunks(CHUNK):
                digest.update(chunk)
                content.write(chunk)
            content.flush()
            os.fsync(content.fileno())
        path = path_of(digest.hexdigest())
        path.parent.mkdir(exist_ok=True)
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)
    _flush_folder(path.parent)
    return digest.hexdigest()


def _flush_folder(folder: Path) -> None:
    """Only then has the disk the name too, and the file is there after a power cut."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
