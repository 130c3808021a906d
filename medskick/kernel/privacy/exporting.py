"""Making the copy that a person takes home: one zip with a page to read, the same as data, and her files."""

import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any
from uuid import UUID

from django.db.models import BinaryField, Field
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.text import get_valid_filename

from medskick.kernel.files.actions import open_file
from medskick.kernel.files.models import StoredFile
from medskick.kernel.personal_data import among_readers, declared
from medskick.kernel.privacy.ordering import PARTS, READ, SENT, by_part
from medskick.kernel.privacy.processings import processings
from medskick.kernel.privacy.queries import Reading, Thing, my_things, readings_of, rows_of
from medskick.kernel.privacy.values import as_data
from medskick.kernel.records.models import Item

MOST_READINGS = 10_000
FORMAT = "medskick-mina-uppgifter-1"


@dataclass(frozen=True, slots=True)
class Size:
    """How much a copy would hold: rows, and bytes of files."""

    rows: int
    bytes: int


def size_of(person: UUID) -> Size:
    """How large the copy would be. One query for each table."""
    rows = Item.objects.filter(among_readers(person)).count()
    rows += sum(rows_of(model, said, person).count() for model, said in declared() if said.found_by)
    return Size(rows, sum(StoredFile.objects.filter(among_readers(person)).values_list("size", flat=True)))


def write_copy(into: IO[bytes], person: UUID) -> None:
    """Write the whole copy as a zip. Her own token must be in reach, and nobody else's for whom she should not read."""
    things = my_things(person)
    readings, _more = readings_of(person, size=MOST_READINGS)
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as copy:
        copy.writestr("data.json", json.dumps(_data(person, readings), ensure_ascii=False, indent=1))
        files = list(_write_files(copy, person))
        copy.writestr("index.html", _page(things, readings, files))


def _data(person: UUID, readings: list[Reading]) -> dict[str, Any]:
    tables: dict[str, list[dict[str, object]]] = {
        Item._meta.label_lower: [_row(one) for one in Item.objects.filter(among_readers(person)).newest_first()]
    }
    for model, said in declared():
        if said.found_by:
            tables[model._meta.label_lower] = [_row(one) for one in rows_of(model, said, person)]
    return {
        "format": FORMAT,
        "made_at": timezone.now().isoformat(),
        "person": str(person),
        "tables": tables,
        "readings": [
            {"at": one.at.isoformat(), "organisation": one.owner_name, "what": one.what, "reader": one.reader,
             "title": one.post, "unit": one.unit}
            for one in readings
        ],
    }  # fmt: skip


# Who else reads a row, and digests of secrets, tell of others and of our locks; they say nothing of her.
_LEFT_OUT = frozenset({"readers", "registrars", "confirm_token", "off_token"})


def _row(row: Any) -> dict[str, object]:
    return {
        one.attname: as_data(getattr(row, one.attname))
        for one in row._meta.concrete_fields
        if one.name not in _LEFT_OUT and not _is_digest(one)
    }


def _is_digest(field: Field) -> bool:
    """Bytes that are no text of hers: a blind index, or a code as its keyed hash."""
    return isinstance(field, BinaryField) and not getattr(field, "encrypted", False)


def _write_files(copy: zipfile.ZipFile, person: UUID) -> Iterator[tuple[str, str]]:
    """Her files, one after the other and in pieces. Yields (name that she gave, path in the zip, "" where it is lost)."""
    for stored in StoredFile.objects.filter(among_readers(person)).order_by("stored_at"):
        path = f"filer/{str(stored.id)[-12:]}-{get_valid_filename(stored.name or 'fil')[:80]}"
        try:
            with copy.open(path, "w") as kept:
                for chunk in open_file(stored):
                    kept.write(chunk)
        except FileNotFoundError:
            path = ""
        yield stored.name, path


def _page(things: list[Thing], readings: list[Reading], files: list[tuple[str, str]]) -> str:
    found = by_part(things)
    parts = [(part, len(readings) if part is READ else len(found[part])) for part in PARTS]
    context = {
        "contents": parts,
        "parts": [(part, _by_owner_and_sort(found.get(part, []))) for part in PARTS],
        "reading_part": READ,
        "sent_part": SENT,
        "readings": readings,
        "files": files,
        "made_at": timezone.now(),
    }
    return render_to_string("kernel/privacy/copy.html", context)


def _by_owner_and_sort(things: list[Thing]) -> list[tuple[str, str, list[Thing]]]:
    labels = {one.key: one for one in processings()}
    grouped: dict[tuple[str, str], list[Thing]] = {}
    for thing in things:
        label = labels[thing.processing].label if thing.processing in labels else thing.processing
        grouped.setdefault((thing.owner_name, str(label)), []).append(thing)
    return [(owner, label, group) for (owner, label), group in sorted(grouped.items(), key=lambda one: one[0])]
