"""The file of a backup: a tar of the database's dump, the files that it refers to, and a manifest that seals them.

The manifest comes last and carries a keyed digest of itself. A file that was cut off has none; one that somebody changed
no longer fits it; one that was made under another key for personal data says so before anything is read back.
"""

import hashlib
import hmac
import io
import json
import tarfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

from medskick.kernel.people.encryption import keyed_digest
from medskick.project.commands import CommandProblem

FORMAT = 1
DUMP, MANIFEST, FILES = "database.dump", "manifest.json", "files/"
CHUNK = 1024 * 1024
LARGEST_MANIFEST = 512 * 1024 * 1024


@dataclass(slots=True)
class Manifest:
    """What the archive holds and what it was made with. `rows` is by table, `sums` is SHA-256 by name in the archive."""

    made_at: str
    format: int = FORMAT
    key: str = ""
    postgres: str = ""
    migrations: list[str] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    seals: dict[str, str] = field(default_factory=dict)
    sums: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)

    def text(self) -> bytes:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True).encode()


def key_fingerprint() -> str:
    """Says whether two installations have the same key for personal data, and nothing about the key."""
    return keyed_digest(b"backup key", "fingerprint").hex()[:16]


class Writer:
    """Writes an archive: add() the parts, then close() with the manifest. Every part is summed as it is written."""

    def __init__(self, out: IO[bytes], manifest: Manifest) -> None:
        self.manifest = manifest
        self.manifest.key = key_fingerprint()
        self._tar = tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT)  # noqa: SIM115 - closed in close()

    def add(self, name: str, path: Path) -> None:
        with path.open("rb") as content:
            summed = _Summing(content)
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = path.stat().st_size, 0o600
            self._tar.addfile(entry, summed)
        self.manifest.sums[name] = summed.total.hexdigest()

    def close(self) -> None:
        text = self.manifest.text()
        sealed = json.dumps({"manifest": text.decode(), "seal": _seal(text)}).encode()
        entry = tarfile.TarInfo(MANIFEST)
        entry.size, entry.mode = len(sealed), 0o600
        self._tar.addfile(entry, io.BytesIO(sealed))
        self._tar.close()


def verified(path: Path) -> Manifest:
    """Read the whole archive and hold every part against the manifest. Nothing is written anywhere.

    Raises CommandProblem, in one plain sentence, for a file that is cut off, changed, of another kind, or made under
    another key.
    """
    sums: dict[str, str] = {}
    sealed = b""
    try:
        for name, content in _parts(path):
            if name == MANIFEST:
                sealed = content.read(LARGEST_MANIFEST)
            else:
                sums[name] = _sum(content)
    except (tarfile.TarError, EOFError, OSError) as problem:
        raise CommandProblem(f"{path} is cut off or no backup of ours ({problem}). Nothing was touched.") from None
    if not sealed:
        raise CommandProblem(f"{path} is cut off: its last part, the manifest, is missing. Nothing was touched.")
    manifest = _opened(path, sealed)
    wrong = sorted(name for name in manifest.sums.keys() | sums.keys() if manifest.sums.get(name) != sums.get(name))
    if wrong:
        raise CommandProblem(
            f"{path} was changed: {wrong[0]} is not what was backed up"
            f"{f', nor are {len(wrong) - 1} others' if len(wrong) > 1 else ''}. Nothing was touched."
        )
    return manifest


def unpack(path: Path, dump: Path, files: Path) -> int:
    """Write the dump to `dump` and every file that is not there under its name below `files`. Returns how many."""
    written = 0
    for name, content in _parts(path):
        if name == DUMP:
            _write(content, dump)
        elif name.startswith(FILES):
            digest = name.removeprefix(FILES)
            target = files / digest[:2] / digest
            if not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                half = target.with_suffix(".half")
                _write(content, half)
                half.replace(target)
                written += 1
    return written


def _parts(path: Path) -> Iterator[tuple[str, IO[bytes]]]:
    with tarfile.open(path, "r:") as archive:
        for entry in archive:
            content = archive.extractfile(entry)
            if content is None or not (entry.name in (DUMP, MANIFEST) or _is_file(entry.name)):
                raise tarfile.TarError(f"{entry.name!r} does not belong in a backup")
            yield entry.name, content


def _is_file(name: str) -> bool:
    """files/ and 64 hexadecimal digits: no name in an archive may lead out of the folder."""
    digest = name.removeprefix(FILES)
    return name.startswith(FILES) and len(digest) == 64 and set(digest) <= set("0123456789abcdef")


def _opened(path: Path, sealed: bytes) -> Manifest:
    try:
        both: dict[str, Any] = json.loads(sealed)
        text, seal = both["manifest"].encode(), str(both["seal"])
        manifest = Manifest(**json.loads(text))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise CommandProblem(f"{path} has a manifest that cannot be read. Nothing was touched.") from None
    if manifest.format != FORMAT:
        raise CommandProblem(
            f"{path} is of format {manifest.format}; this version reads {FORMAT}. Nothing was touched."
        )
    if manifest.key != key_fingerprint():
        raise CommandProblem(
            f"{path} was made under another MEDSKICK_PERSONAL_DATA_KEY: names and personal numbers could not be read. "
            "Set the key that belongs to it. Nothing was touched."
        )
    if not hmac.compare_digest(seal, _seal(text)):
        raise CommandProblem(f"{path} was changed: its manifest does not fit its seal. Nothing was touched.")
    return manifest


def _seal(text: bytes) -> str:
    return keyed_digest(b"backup manifest", hashlib.sha256(text).hexdigest()).hex()


def _sum(content: IO[bytes]) -> str:
    total = hashlib.sha256()
    while chunk := content.read(CHUNK):
        total.update(chunk)
    return total.hexdigest()


def _write(content: IO[bytes], target: Path) -> None:
    target.touch(mode=0o600)
    with target.open("wb") as out:
        while chunk := content.read(CHUNK):
            out.write(chunk)


class _Summing:
    """A file that sums what is read from it."""

    def __init__(self, content: IO[bytes]) -> None:
        self.content, self.total = content, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        chunk = self.content.read(size)
        self.total.update(chunk)
        return chunk
