"""docs/rows.csv names pages, commands and tests that exist."""

import ast
import csv
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.urls import resolve

ROOT = Path(__file__).resolve().parents[1]
COLUMNS = ["id", "page_or_command", "test", "state", "lacks"]


def rows() -> list[dict[str, str]]:
    with (ROOT / "docs" / "rows.csv").open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, strict=True)
        assert reader.fieldnames == COLUMNS
        return list(reader)


ROWS = rows()


def has_test(name: str) -> bool:
    """Whether `path::function` is a test in the tree."""
    path, _, function = name.partition("::")
    file = ROOT / path
    if not file.is_file():
        return False
    return any(isinstance(node, ast.FunctionDef) and node.name == function for node in ast.parse(file.read_text()).body)


def test_each_requirement_has_one_row() -> None:
    ids = [row["id"] for row in ROWS]
    assert sorted(set(ids)) == sorted(ids)
    assert all(None not in row and None not in row.values() for row in ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_a_row_is_true(row: dict[str, str]) -> None:
    assert row["state"] in {"whole", "part", "no"}
    # What is whole lacks nothing; everything else says what it lacks, and only what is not there may lack page and test.
    assert (row["state"] == "whole") == (row["lacks"] == "")
    if row["state"] == "no":
        return
    page = row["page_or_command"]
    if page.startswith("/"):
        assert resolve(page).url_name
    else:
        program, command, *_ = page.split()
        assert (program, find_spec(f"medskick.project.commands.{command}") is not None) == ("medskick", True)
    assert has_test(row["test"]), row["test"]


def test_a_test_that_does_not_exist_is_found_out() -> None:
    assert not has_test("tests/test_rows.py::test_nobody_wrote")
    assert not has_test("tests/test_nowhere.py::test_a_row_is_true")
