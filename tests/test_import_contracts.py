"""The import contracts hold, and each of six seeded faults is refused.

The faults are written into a copy of the tree: five that imports show, judged by import-linter with the contracts in
pyproject.toml, and a foreign key written as a string, judged by the scan in test_architecture.
"""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.test_architecture import references_into_other_engines

ROOT = Path(__file__).resolve().parent.parent
LINTER = "from importlinter.cli import lint_imports_command as main; main()"

FAULTS = {
    "engine to engine": (
        "dialog/seeded/queries.py",
        "from medskick.plan import api\n",
        "medskick.dialog.seeded.queries -> medskick.plan.api",
    ),
    "deep import from flows": (
        "flows/seeded/actions.py",
        "from medskick.plan.seeded import models\n",
        "medskick.flows.seeded.actions -> medskick.plan.seeded.models",
    ),
    "kernel to engine": (
        "kernel/seeded.py",
        "from medskick.measure import api\n",
        "medskick.kernel.seeded -> medskick.measure.api",
    ),
    "model to action": (
        "plan/seeded/models.py",
        "from medskick.plan.seeded import actions\n",
        "medskick.plan.seeded.models -> medskick.plan.seeded.actions",
    ),
    "feature cycle": (
        "services/seeded/queries.py",
        "from medskick.services.seeded_too import queries\n",
        "- .seeded_too -> .seeded (1 import)",
    ),
}
SURROUNDINGS = {
    "plan/seeded/actions.py": "",
    "plan/seeded/models.py": "",
    "services/seeded_too/queries.py": "from medskick.services.seeded import models\n",
    "services/seeded/models.py": "",
}


def _copy_of_the_tree(folder: Path) -> Path:
    shutil.copytree(
        ROOT / "medskick",
        folder / "medskick",
        ignore=shutil.ignore_patterns("static", "templates", "locale", "__pycache__"),
    )
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def _write(folder: Path, path: str, text: str) -> None:
    target = folder / "medskick" / path
    target.parent.mkdir(parents=True, exist_ok=True)
    (target.parent / "__init__.py").touch()
    target.write_text(text)


def _lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", LINTER, "--no-cache"],
        cwd=folder,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(folder), "COLUMNS": "300"},
    )


def test_the_contracts_hold(tmp_path: Path) -> None:
    result = _lint(_copy_of_the_tree(tmp_path))
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("fault", FAULTS)
def test_a_seeded_fault_is_refused(fault: str, tmp_path: Path) -> None:
    folder = _copy_of_the_tree(tmp_path)
    for path, text in SURROUNDINGS.items():
        _write(folder, path, text)
    path, text, _ = FAULTS[fault]
    _write(folder, path, text)
    result = _lint(folder)
    assert result.returncode == 1, result.stdout
    assert FAULTS[fault][2] in result.stdout


def test_a_foreign_key_written_as_a_string_is_refused(tmp_path: Path) -> None:
    folder = _copy_of_the_tree(tmp_path)
    assert references_into_other_engines(folder / "medskick") == []
    _write(
        folder,
        "dialog/seeded/models.py",
        'from django.db import models\n\nneed = models.ForeignKey("plan.Need", models.PROTECT)\n',
    )
    assert references_into_other_engines(folder / "medskick") == ["dialog/seeded/models.py:3: ForeignKey to plan.Need"]
