"""medskick people import."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from medskick.project.commands import CommandProblem

if TYPE_CHECKING:
    from medskick.kernel.people.actions import Plan

HELP = "The employees of an organisation: take in a file of them. Without --write it says what would happen."
ABOUT = """\
The file is CSV (UTF-8, comma or semicolon) with the columns namn, titel, e-post and/or personnummer, enhet, roller.
Those who work here and are not in the file are told, and stay as they are unless --end-missing is given. All of it or
nothing: a row that is wrong stops the whole file."""
STATES = {"new": "ny", "changed": "ändras", "unchanged": "som förut", "fault": "fel"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    what = parser.add_subparsers(dest="what", required=True, metavar="import")
    one = what.add_parser("import", help="take in a file of employees")
    one.add_argument("file", type=Path, help="a CSV file")
    one.add_argument("--organisation", required=True, metavar="SLUG", help="whose employees they are")
    one.add_argument("--write", action="store_true", help="do it; without this nothing is saved")
    one.add_argument("--end-missing", action="store_true", help="with --write: end the employments not in the file")


def run(options: argparse.Namespace) -> int:
    from medskick.kernel.organisations.actor import system
    from medskick.kernel.organisations.scope import scope
    from medskick.kernel.people.actions import Refused, carry_out_import, plan_import
    from medskick.lib.csv_rows import CsvError

    try:
        data = options.file.read_bytes()
    except OSError as fault:
        raise CommandProblem(f"The file {options.file} could not be read: {fault.strerror}.") from fault
    by = system(_organisation(options.organisation), channel="import")
    with scope(by.scope()):
        try:
            plan = plan_import(data, by=by)
            _say(plan)
            if not plan.can_be_carried_out:
                return 1
            if options.write:
                end = [one.id for one in plan.missing] if options.end_missing else []
                carry_out_import(data, by=by, seen=plan.state, end=end)
        except (CsvError, Refused) as fault:
            raise CommandProblem(str(fault)) from None
    print("Sparat." if options.write else "(provkörning) Inget är ändrat. Lägg till --write för att spara.")
    return 0


def _say(plan: "Plan") -> None:
    for problem in plan.problems:
        print(problem)
    for one in plan.rows:
        if one.state != "unchanged":
            print(f"rad {one.row.line}: {STATES[one.state]}: {' -> '.join(one.what)}")
    for missing in plan.missing:
        print(f"saknas i filen: {missing.title}, {missing.id}")
    print(", ".join(f"{plan.count(state)} {word}" for state, word in STATES.items()))  # type: ignore[arg-type]


def _organisation(slug: str) -> UUID:
    from medskick.kernel.organisations.models import Organisation

    found: UUID | None = Organisation.objects.filter(slug=slug).values_list("id", flat=True).first()
    if found is None:
        raise CommandProblem(f"There is no organisation {slug}.")
    return found
