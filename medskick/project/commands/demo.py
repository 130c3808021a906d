"""medskick demo."""

import argparse
import time

from medskick.project.commands import CommandProblem

HELP = "Build the example region: 14 municipalities, invented people, a year of life (only in an empty database)."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--quiet", action="store_true", help="say nothing on the way")


def run(options: argparse.Namespace) -> int:
    from django.conf import settings

    from medskick.demo.build import build

    if not settings.DEMONSTRATION:
        raise CommandProblem("The example region is built in demonstration mode only (unset MEDSKICK_SECRET_KEY).")
    if is_built():
        raise CommandProblem("There is something in the database already; the example region needs an empty one.")
    begun = time.monotonic()
    build(
        say=(lambda text: None)
        if options.quiet
        else (lambda text: print(f"  {time.monotonic() - begun:5.1f} s  {text}", flush=True))
    )
    return 0


def is_built() -> bool:
    from medskick.kernel.organisations.models import Organisation

    return Organisation.objects.exists()


def logins() -> list[tuple[str, str]]:
    """(name, what she is) of the people to log in as."""
    from medskick.demo.region import PEOPLE

    return [(one.name, one.described) for one in PEOPLE]
