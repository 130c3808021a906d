"""Räknar om ett utlämnat exports kontrollsummor och loggens förseglingar. Behöver bara Python 3.11 eller senare.

Run it inside the export: python3 verifiera.py. It ends with code 1 where something does not hold.
"""

import hashlib
import json
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

FIRST_DIGEST = "0" * 64


def faults_of(folder: Path) -> list[str]:
    """What is not as the export says, in plain Swedish; empty where all of it holds."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return [*_wrong_sums(folder, manifest), *_wrong_rows(folder, manifest), *_wrong_seals(folder)]


def _wrong_sums(folder: Path, manifest: dict[str, Any]) -> Iterator[str]:
    there = {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "manifest.json" and "__pycache__" not in path.parts
    }
    for name in sorted(there | set(manifest["sums"])):
        if name not in there:
            yield f"{name} saknas."
        elif name not in manifest["sums"]:
            yield f"{name} hör inte till exporten."
        elif hashlib.sha256((folder / name).read_bytes()).hexdigest() != manifest["sums"][name]:
            yield f"{name} är ändrad."


def _wrong_rows(folder: Path, manifest: dict[str, Any]) -> Iterator[str]:
    for name, told in manifest["tables"].items():
        rows = sum(1 for _ in _rows(folder / told["folder"] / f"{name}.jsonl"))
        if rows != told["rows"]:
            yield f"{name} har {rows} rader och ska ha {told['rows']}."


def _wrong_seals(folder: Path) -> Iterator[str]:
    """The same arithmetic as the installation's own: a hash over the rows in order, and over the seal before."""
    entries = sorted(_rows(folder / "data" / "kernel_logentry.jsonl"), key=lambda row: row["id"])
    digest, before = FIRST_DIGEST, 0
    for seal in sorted(_rows(folder / "data" / "kernel_logseal.jsonl"), key=lambda row: row["number"]):
        running, rows = hashlib.sha256(digest.encode()), 0
        for row in entries:
            if seal["first_transaction"] <= row["transaction"] < seal["before_transaction"]:
                running.update(_sealed(row))
                rows += 1
        if seal["first_transaction"] != before or rows != seal["rows"] or running.hexdigest() != seal["digest"]:
            yield f"Försegling nr {seal['number']} stämmer inte med loggens rader."
        digest, before = seal["digest"], seal["before_transaction"]


def _sealed(row: dict[str, Any]) -> bytes:
    return json.dumps(
        [
            row["id"],
            datetime.fromisoformat(row["at"]).isoformat(),
            row["verb"],
            str(row["item"]),
            row["fields"],
            row["references"],
            row["actor_kind"],
            str(row["person"]),
            str(row["acting_for"]),
            row["channel"],
            row["transaction"],
        ],
        separators=(",", ":"),
    ).encode()


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    if path.exists():
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line)


def main() -> int:
    found = faults_of(Path(__file__).resolve().parent)
    sys.stdout.write("".join(f"FEL: {one}\n" for one in found) or "Allt stämmer: summor, rader och förseglingar.\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
