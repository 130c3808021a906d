"""medskick maintenance on | off | status."""

import argparse
from datetime import datetime

from medskick.project.commands import CommandProblem

HELP = "Let the site rest, or be only read, with a page that says so; and let it serve again."
ABOUT = """\
`on` answers every page with 503 and a plain page in Swedish that says when to come back. What somebody sends meanwhile
is not saved, and comes back to her. /halsa answers all the time. With --read-only pages are read as usual and only what
is sent is refused. `off` ends it. The database need not answer."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=["on", "off", "status"])
    parser.add_argument("--message", default="", help="one or two plain sentences in Swedish for those who come")
    parser.add_argument("--until", type=_moment, metavar="TIME", help="when it ends: 14:30, or 2026-11-24T14:30")
    parser.add_argument("--read-only", action="store_true", help="pages are read as usual; nothing can be sent")


def run(options: argparse.Namespace) -> int:
    from medskick.project import maintenance

    if options.what == "off":
        print("The site serves again." if maintenance.end() else "The site did not rest.")
        return 0
    if options.what == "status":
        now = maintenance.in_file() or maintenance.in_database()
        print(f"The site rests since {now.since}." if now else "The site serves.")
        return 0
    until = None if options.until is None else _in_future(options.until)
    begun = maintenance.begin(message=options.message, until=until, read_only=options.read_only)
    print("The site is only read now." if begun.read_only else "The site rests now.")
    print(f"To pass by, send the header {maintenance.PASS_HEADER}: {begun.passing}")
    return 0


def _moment(text: str) -> datetime:
    """A time of the day, here and today, or a day and a time."""
    try:
        if "T" in text or "-" in text:
            return datetime.fromisoformat(text)
        return datetime.combine(datetime.now().date(), datetime.strptime(text, "%H:%M").time())
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is no time. Write 14:30 or 2026-11-24T14:30.") from None


def _in_future(moment: datetime) -> datetime:
    from django.utils import timezone

    aware = timezone.make_aware(moment) if moment.tzinfo is None else moment
    if aware <= timezone.now():
        raise CommandProblem("The time of --until has passed already.")
    return aware
