"""medskick restore."""

import argparse
from pathlib import Path

from medskick.project.commands import CommandProblem

HELP = "Read a backup back: into an empty database, or with --replace over what is there (backed up first)."
ABOUT = (
    HELP
    + """

The whole file is checked first: one that is cut off, changed, from a newer version or made under another key is refused,
and nothing is touched. The database is replaced in one transaction. Then tables are brought up to this version, the
log's seals are computed again and held against those in the backup. Stop pages and jobs first."""
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path)
    parser.add_argument("--replace", action="store_true", help="also where there is something already")
    parser.add_argument("--check", action="store_true", help="only check the file; touch nothing")


def run(options: argparse.Namespace) -> int:
    from django.utils import timezone

    from medskick.project import archive, backup
    from medskick.project.verifying import verify_all

    path = options.file.resolve()
    if not path.exists():
        raise CommandProblem(f"There is no file {path}.")
    if options.check:
        manifest = archive.verified(path)
        print(f"Whole: {manifest.made_at[:16]}, {sum(manifest.rows.values())} rows, {len(manifest.sums) - 1} files.")
        return 0
    manifest = backup.restore(
        path, replace=options.replace, now=timezone.localtime(), say=lambda text: print(f"  {text}", flush=True)
    )
    whole = verify_all(manifest.seals, say=lambda text: print(f"  {text}", flush=True))
    print("Restored." if whole else "Restored, but a seal of the log does not hold: see above.")
    return 0 if whole else 1
