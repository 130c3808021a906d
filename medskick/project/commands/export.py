"""medskick export."""

import argparse
from pathlib import Path

from medskick.project.commands import CommandProblem

HELP = "Write everything that one organisation owns into a folder, in open formats, to keep or to move with."
ABOUT = (
    HELP
    + """

JSON Lines and CSV for each table, files by name, the log with its seals, metadata, checksums, and a script that verifies
it all with nothing but Python. Personal data is in clear there, in a folder marked so. The export can be read into an
installation of its own: `medskick import organisation DIR`.

With --release instead of a folder: let an export that an administrator has asked for on the page be made, as the second
pair of eyes."""
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("organisation", help="its slug, such as tanum")
    parser.add_argument("folder", type=Path, metavar="DIR", nargs="?", help="a new or empty folder")
    parser.add_argument("--release", action="store_true", help="let what was asked for on the page be made")


def run(options: argparse.Namespace) -> int:
    from django.utils import timezone

    from medskick.kernel.operation.exporting import export_to
    from medskick.kernel.organisations.places import all_places

    place = next((one for one in all_places() if one.slug == options.organisation), None)
    if place is None:
        raise CommandProblem(f"There is no organisation {options.organisation}.")
    if options.release:
        return _release(place.id)
    if options.folder is None:
        raise CommandProblem("Say where to write it, or --release.")
    try:
        written = export_to(options.folder, place.id, name=place.name, now=timezone.localtime(), say=lambda text: None)
    except (FileExistsError, LookupError) as problem:
        raise CommandProblem(str(problem)) from None
    print(f"{options.folder}: {written.rows} rows in {len(written.tables)} tables, {written.files} files.")
    for missing in written.missing_files:
        print(f"MISSING: the file {missing} is not on the disk.")
    return 1 if written.missing_files else 0


def _release(organisation: object) -> int:
    from uuid import UUID

    from medskick.kernel.operation.export_actions import release_export
    from medskick.kernel.operation.export_queries import waiting_export
    from medskick.kernel.operation.jobs import make_export
    from medskick.kernel.organisations.actor import system
    from medskick.kernel.organisations.scope import scope

    by = system(UUID(str(organisation)))
    with scope(by.scope()):
        asked = waiting_export(by.organisation)
        if asked is None:
            raise CommandProblem("Nobody has asked for an export on the page.")
        release_export(asked, by=by)
        make_export.defer(by=by, export=str(asked.id))
    print(f"Released what {asked.asked_by_name} asked for; a job makes it.")
    return 0
