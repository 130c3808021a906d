"""The command line explains itself, and says in one line what went wrong."""

import importlib
import socket

import pytest

from medskick.project import cli
from medskick.project.commands import CommandProblem
from medskick.project.serve import check_port


def test_alone_it_lists_every_command_with_what_it_does(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--help"]) == 0
    lines = capsys.readouterr().out.splitlines()
    for name in cli.command_names():
        assert f"  {name:<10} {cli.help_line(name)}" in lines


@pytest.mark.parametrize("name", [name for name in cli.command_names() if name != "manage"])
def test_every_command_has_the_same_shape_and_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    module = importlib.import_module(f"medskick.project.commands.{name}")
    assert callable(module.add_arguments)
    assert callable(module.run)
    assert cli.help_line(name) == module.HELP
    assert module.HELP.endswith(".")
    with pytest.raises(SystemExit) as stopped:
        cli.main([name, "--help"])
    assert stopped.value.code == 0
    assert f"usage: medskick {name}" in capsys.readouterr().out


def test_an_unknown_command_names_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["rnu"]) == 2
    assert "There is no command rnu. There are: " in capsys.readouterr().err


def test_a_wrong_option_says_so_in_two_lines(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main(["migrate", "--fast"])
    assert stopped.value.code == 2
    assert capsys.readouterr().err.splitlines() == [
        "medskick migrate: unrecognized arguments: --fast",
        "Read medskick migrate --help",
    ]


def test_what_the_user_can_put_right_is_one_line_without_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(name: str, rest: list[str]) -> int:
        raise CommandProblem("The file has no heading row. Add one.")

    monkeypatch.setattr(cli, "_run", fail)
    assert cli.main(["import", "x.csv"]) == 1
    assert capsys.readouterr().err == "medskick: The file has no heading row. Add one.\n"


def test_a_port_that_is_taken_is_said_plainly() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(CommandProblem, match=f"Port {port} is taken"):
            check_port("127.0.0.1", port)


def test_the_roles_script_is_printed_without_a_database(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["database", "roles", "--database", "vaster"]) == 0
    printed = capsys.readouterr().out
    assert "CREATE DATABASE vaster OWNER medskick_owner" in printed
    assert "CREATE EXTENSION IF NOT EXISTS pg_trgm;" in printed


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, "1"),
        ({"MEDSKICK_SECRET_KEY": "s"}, None),
        ({"DATABASE_URL": "postgresql://production/medskick"}, None),
    ],
)
def test_demonstration_mode_is_never_chosen_for_a_real_server(
    given: dict[str, str], expected: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("MEDSKICK_SECRET_KEY", "DATABASE_URL", "MEDSKICK_DEMONSTRATION"):
        monkeypatch.delenv(name, raising=False)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    cli.choose_mode()
    assert cli.os.environ.get("MEDSKICK_DEMONSTRATION") == expected
    monkeypatch.setenv("MEDSKICK_DEMONSTRATION", "1")
