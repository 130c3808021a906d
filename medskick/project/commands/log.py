"""medskick log verify | seal."""

import argparse
from uuid import UUID

HELP = "Check that nobody has changed the log, or seal what has been logged."
ABOUT = """\
Every act is logged: who, what, when, never the personal data itself. The worker seals each organisation's log every ten
minutes: a hash over the new rows in order and over the seal before.

`verify` computes every seal again and ends with code 1 where one does not hold. Keep its last lines somewhere else, on
paper or in another system: whoever owns the database could make all seals anew, but not the ones you wrote down.
`seal` seals what is new, at once."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    what = parser.add_subparsers(dest="what", required=True, metavar="verify | seal")
    what.add_parser("verify", help="compute all seals again; ends with code 1 where one does not hold")
    what.add_parser("seal", help="seal what has been logged since last time")


def run(options: argparse.Namespace) -> int:
    from medskick.kernel.organisations.places import all_places

    each = _verify if options.what == "verify" else _seal
    # A list, not a generator: every organisation is looked at, whatever the first one says.
    whole = [each(place.id, place.name) for place in all_places()]
    if not whole:
        print("There are no organisations yet, and nothing is logged.")
    return 0 if all(whole) else 1


def _verify(organisation: UUID, name: str) -> bool:
    from medskick.kernel.log.actions import verify_log
    from medskick.kernel.organisations.actor import system
    from medskick.kernel.organisations.scope import scope

    with scope(system(organisation).scope()):
        found = verify_log()
    for fault in found.faults:
        print(f"{name}: seal {fault.number} does not hold: {fault.reason}.")
    if not found.faults:
        print(f"{name}: {found.rows} rows under {found.seals} seals, all whole; {found.unsealed} not sealed yet.")
        if found.last:
            print(f"    last seal: {found.last}")
    return not found.faults


def _seal(organisation: UUID, name: str) -> bool:
    from medskick.kernel.log.actions import seal_log
    from medskick.kernel.organisations.actor import system
    from medskick.kernel.organisations.scope import scope

    with scope(system(organisation).scope()):
        made = seal_log()
    print(
        f"{name}: " + (f"seal {made.number} over {made.rows} rows, {made.digest}." if made else "nothing new to seal.")
    )
    return True
