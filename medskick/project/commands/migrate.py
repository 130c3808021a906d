"""medskick migrate."""

import argparse

HELP = "Bring the database's tables and row policies up to date, as the owner role."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--check", action="store_true", help="only say whether something is left to do (exit code 1)")


def run(options: argparse.Namespace) -> int:
    from medskick.project.migrating import migrate, pending

    left = pending()
    if options.check:
        print(f"{len(left)} migrations are left: {', '.join(left)}" if left else "Nothing is left to do.")
        return 1 if left else 0
    migrate()
    print(f"{len(left)} migrations were run." if left else "The tables were up to date; the row policies were renewed.")
    return 0
