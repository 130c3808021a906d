"""medskick import."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from medskick.project.commands import CommandProblem

if TYPE_CHECKING:
    from uuid import UUID

    from medskick.lib.csv_rows import Problem

HELP = "Import needs, indicator values as Kolada gives them, or a whole organisation from its export. All or nothing."
MOST_SHOWN = 50


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "what",
        choices=["needs", "values", "organisation"],
        help="needs: network,date,heading,text,section,kind; values: Kolada's columns; organisation: an export's folder",
    )
    parser.add_argument("file", type=Path, help="a CSV file, or the folder of an export")
    parser.add_argument(
        "--organisation", metavar="X", help="the organisation that imports, by its slug (default: the region)"
    )
    parser.add_argument("--dry-run", action="store_true", help="say what would happen, and save nothing")


def run(options: argparse.Namespace) -> int:
    from medskick.flows.import_needs.actions import import_needs
    from medskick.kernel.organisations.actor import system
    from medskick.kernel.organisations.scope import scope
    from medskick.measure import api as measure

    if options.what == "organisation":
        return _import_organisation(options.file)
    data = _read(options.file)
    by = system(_organisation(options.organisation), channel="import")
    problems: list[Problem]
    with scope(by.scope()):
        if options.what == "needs":
            needs = import_needs(by=by, data=data, dry_run=options.dry_run)
            problems, line = list(needs.problems), str(needs)
        else:
            values = measure.import_values(by=by, parsed=measure.read_kolada_values(data), dry_run=options.dry_run)
            problems, line = list(values.problems), values.line()
    for problem in problems[:MOST_SHOWN]:
        print(f"rad {problem.line}: {problem.message}")
    if len(problems) > MOST_SHOWN:
        print(f"... och {len(problems) - MOST_SHOWN} till")
    print(f"(provkörning) {line}" if options.dry_run else line)
    return 1 if problems else 0


def _import_organisation(folder: Path) -> int:
    """Read an export into this empty installation, then lay rights and the log's numbering anew."""
    from medskick.kernel.operation.importing import ImportRefused, import_organisation
    from medskick.project.cli import close_connections
    from medskick.project.migrating import migrate
    from medskick.project.verifying import verify_all

    try:
        manifest = import_organisation(folder)
    except ImportRefused as problem:
        raise CommandProblem(str(problem)) from None
    close_connections()
    migrate()
    rows = sum(one["rows"] for one in manifest["tables"].values())
    print(f"{manifest['organisation']['name']}: {rows} rows in {len(manifest['tables'])} tables.")
    return 0 if verify_all({}, say=lambda text: print(f"  {text}", flush=True)) else 1


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as fault:
        raise CommandProblem(f"The file {path} could not be read: {fault.strerror}.") from fault


def _organisation(slug: str | None) -> "UUID":
    from medskick.kernel.organisations.places import all_places

    places = all_places()
    if not places:
        raise CommandProblem("There is no organisation yet. Build the example region first: medskick demo.")
    found = next((one for one in places if one.slug == slug), None) if slug else places[0]
    if found is None:
        raise CommandProblem(f"No organisation is called {slug}. There are: {', '.join(one.slug for one in places)}.")
    return found.id
