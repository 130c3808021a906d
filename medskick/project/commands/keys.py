"""medskick keys status | rotate."""

import argparse

HELP = "Change the key that personal data is encrypted with, while the platform runs."
ABOUT = """\
Names, personal numbers and what people write in cases are encrypted with MEDSKICK_PERSONAL_DATA_KEY.

To change it: make a new secret, put it in MEDSKICK_PERSONAL_DATA_KEY and the old one in MEDSKICK_PERSONAL_DATA_OLD_KEYS
(several with commas between), and restart every process. From then on new values are written with the new key and both
are read, also at log-in. Then run `medskick keys rotate` until `medskick keys status` says that nothing is left, take
the old key away, and restart again. Back-ups still need the old key: keep it with them, as long as they are kept.

`status` counts what waits, table by table; ends with code 1 while something does.
`rotate` writes it anew, a batch at a time, each in a transaction of its own. Stop it whenever you like, with anything:
it goes on where it was."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    what = parser.add_subparsers(dest="what", required=True, metavar="status | rotate")
    what.add_parser("status", help="count what is still written with an old key; ends with code 1 while something is")
    rotate = what.add_parser("rotate", help="write everything with the current key")
    rotate.add_argument("--batch", type=int, default=500, help="rows in each transaction (default 500)")


def run(options: argparse.Namespace) -> int:
    from medskick.kernel.people import rotation

    if options.what == "status":
        return _status()
    for progress in rotation.rotate(batch=max(1, options.batch)):
        print(f"{progress.column}: {progress.written} written anew", flush=True)
    return _status()


def _status() -> int:
    from medskick.kernel.people import rotation

    waiting = rotation.waiting()
    for column, count in waiting.items():
        if count:
            print(f"{column}: {count} values wait for the current key.")
    if not any(waiting.values()):
        print(f"All values in {len(waiting)} columns are written with the current key. Old keys can be taken away.")
        return 0
    return 1
