"""The command line `medskick`: finds the command, starts the database it needs, sets Django up, runs it."""

import argparse
import ast
import contextlib
import importlib
import os
import sys
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import NoReturn

import psycopg

from medskick.project import postgres
from medskick.project.commands import CommandProblem

COMMANDS = Path(__file__).resolve().parent / "commands"
EXIT_PROBLEM, EXIT_USAGE, EXIT_INTERRUPTED = 1, 2, 130

ABOUT = """\
Medskick: the platform on which municipalities turn what people say into decisions, services and measured benefit.

Without DATABASE_URL every command starts its own PostgreSQL, under ./var (or MEDSKICK_VAR). Without MEDSKICK_SECRET_KEY
as well, it works in demonstration mode: the example region, with a test eID instead of real log-in.
docs/drift.md says what a real server needs."""


class Parser(argparse.ArgumentParser):
    """Says what was wrong and where the help is, in two lines instead of the whole usage."""

    def error(self, message: str) -> NoReturn:
        self.exit(EXIT_USAGE, f"{self.prog}: {message}\nRead {self.prog} --help\n")


def main(arguments: Sequence[str] | None = None) -> int:
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words or words[0] in ("-h", "--help", "help"):
        print(overview())
        return 0 if words else EXIT_USAGE
    with contextlib.suppress(BrokenPipeError):  # `medskick ... | head` is no mistake
        return _told_plainly(words)
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def command_names() -> list[str]:
    return sorted(path.stem for path in COMMANDS.glob("[a-z]*.py")) + ["manage"]


def overview() -> str:
    lines = [ABOUT, "", "Commands (each explains itself with --help):"]
    lines += [f"  {name:<10} {help_line(name)}" for name in command_names()]
    return "\n".join(lines)


def help_line(name: str) -> str:
    """The command's HELP, read without importing the module, so that one broken command does not silence the rest."""
    if name == "manage":
        return "Pass the rest on to Django's own commands, such as `medskick manage shell`."
    for node in ast.parse((COMMANDS / f"{name}.py").read_text()).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "HELP":
            return str(ast.literal_eval(node.value))
    return ""


def _told_plainly(words: list[str]) -> int:
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management.base import CommandError
    from django.db import OperationalError

    try:
        return _run(words[0], words[1:])
    except (CommandProblem, CommandError, postgres.PostgresProblem, ImproperlyConfigured) as problem:
        return _fail(str(problem))
    except (OperationalError, psycopg.OperationalError) as problem:
        return _fail(f"The database does not answer: {' '.join(str(problem).split())}")
    except FileNotFoundError as problem:
        if problem.filename is None:
            raise
        return _fail(f"There is no file {problem.filename}.")
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED


def _run(name: str, rest: list[str]) -> int:
    if name not in command_names():
        return _fail(f"There is no command {name}. There are: {', '.join(command_names())}.", EXIT_USAGE)
    choose_mode()
    if name == "manage":
        return _manage(rest)
    module = importlib.import_module(f"medskick.project.commands.{name}")
    parser = Parser(
        prog=f"medskick {name}",
        description=textwrap.dedent(getattr(module, "ABOUT", module.HELP)),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    module.add_arguments(parser)
    options = parser.parse_args(rest)
    with _database_for(module):
        return int(module.run(options) or 0)


@contextlib.contextmanager
def _database_for(module: ModuleType) -> Iterator[None]:
    if not getattr(module, "DATABASE", True):
        yield
        return
    with postgres.running():
        set_up_django()
        try:
            yield
        finally:
            close_connections()


def choose_mode() -> None:
    """Demonstration mode, where nothing says that this is a real server."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "medskick.project.settings")
    if not os.environ.get("MEDSKICK_SECRET_KEY") and not os.environ.get("DATABASE_URL"):
        os.environ.setdefault("MEDSKICK_DEMONSTRATION", "1")


def set_up_django() -> None:
    import django

    django.setup()


def close_connections() -> None:
    from django.db import connections

    connections.close_all()


def _manage(rest: list[str]) -> int:
    from django.core.management import ManagementUtility

    with postgres.running():
        set_up_django()
        utility = ManagementUtility(["medskick manage", *rest])
        utility.prog_name = "medskick manage"
        try:
            utility.execute()
        finally:
            close_connections()
    return 0


def _fail(sentence: str, code: int = EXIT_PROBLEM) -> int:
    print(f"medskick: {sentence}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
