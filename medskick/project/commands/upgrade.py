"""medskick upgrade."""

import argparse
from collections.abc import Mapping
from pathlib import Path

from medskick.project.commands import CommandProblem

HELP = "Move the database to this version: check, back up, rest, migrate, verify, serve again."
ABOUT = (
    HELP
    + """

Run it with the new version's code in place and the old processes still running or stopped. The site rests meanwhile and
says so. If anything fails the site goes on resting, and the last lines say how to go back."""
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar="DIR", help="where the backup goes")
    parser.add_argument("--message", default="Vi byter till en ny version.", help="what people are told meanwhile")


def run(options: argparse.Namespace) -> int:
    from django.utils import timezone

    from medskick.project import backup, maintenance
    from medskick.project.commands import check
    from medskick.project.migrating import migrate, pending
    from medskick.project.verifying import verify_all

    for found in (*check._version(), *check._roles()):
        raise CommandProblem(f"{found} Nothing was touched.")
    left = pending()
    _say(f"{len(left)} migrations are left to run" if left else "no migration is left; row policies are renewed")
    maintenance.begin(message=options.message)
    _say("the site rests")
    now = timezone.localtime()
    target = options.folder.resolve() / f"before-upgrade-{now:%Y%m%d-%H%M%S}.medskick"
    try:
        manifest = backup.back_up(target, now=now, say=lambda text: None)
        _say(f"backed up to {target}")
    except Exception:
        maintenance.end()
        raise
    try:
        migrate()
        _say("migrated")
        whole = verify_all(manifest.seals, say=_say) and not pending()
    except Exception as problem:
        _say(f"FAILED: {type(problem).__name__}: {' '.join(str(problem).split())[:300]}")
        whole = False
    if not whole:
        return _how_to_go_back(target, manifest.rows)
    maintenance.end()
    print("Upgraded; the site serves again. Start the new version's processes now.")
    return 0


def _how_to_go_back(target: Path, rows: Mapping[str, int]) -> int:
    print("The site still rests. To go back to what was:")
    print("  1. put the old version's code back and run its `make sync`")
    print(f"  2. medskick restore {target} --replace     ({sum(rows.values())} rows)")
    print("  3. medskick maintenance off")
    return 1


def _say(text: str) -> None:
    print(f"  {text}", flush=True)
