"""medskick people import: what a file of employees would do, and then that."""

import argparse
from pathlib import Path

import pytest

from medskick.kernel.people.queries import employees
from medskick.kernel.tests.world import World
from medskick.project.commands import CommandProblem, people

HEADER = "namn;titel;e-post;personnummer;enhet;roller\n"
FRIDA = "Frida Alm;Handläggare;frida@x.example;;Samhällsbyggnad;analytiker, registrator\n"


def names(world: World) -> set[str]:
    with world.acting(world.owner):
        return {one.person.name for one in employees(world.tanum.id)}


def run(*given_words: str) -> int:
    parser = argparse.ArgumentParser()
    people.add_arguments(parser)
    return people.run(parser.parse_args(given_words))


def test_the_command_says_what_would_happen_and_does_it_when_told(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "m.csv").write_bytes((HEADER + FRIDA).encode())
    path = str(tmp_path / "m.csv")
    assert run("import", path, "--organisation", "tanum") == 0
    assert "1 ny, 0 ändras" in capsys.readouterr().out
    assert "Frida Alm" not in names(world)
    assert run("import", path, "--organisation", "tanum", "--write") == 0
    assert "Frida Alm" in names(world)
    (tmp_path / "m.csv").write_bytes((HEADER + "A;;a@x.example;;;\n").encode())
    assert run("import", path, "--organisation", "tanum", "--write") == 1
    with pytest.raises(CommandProblem, match="There is no organisation"):
        run("import", path, "--organisation", "atlantis")
    with pytest.raises(CommandProblem, match="could not be read"):
        run("import", str(tmp_path / "finns-inte.csv"), "--organisation", "tanum")


def test_those_who_are_missing_are_told_and_ended_only_when_told(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "m.csv"
    path.write_bytes((HEADER + "Ny;Handläggare;ny@x.example;;;administratör\n").encode())
    given = ("import", str(path), "--organisation", "tanum", "--write")
    assert run(*given) == 0
    assert capsys.readouterr().out.count("saknas i filen") == 2
    assert names(world) == {"Ny", "Karin Kollega", "Olle Ägare"}
    assert run(*given, "--end-missing") == 0
    assert names(world) == {"Ny"}
