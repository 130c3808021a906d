"""The bootstrap finds its tools, checks what it fetches, and says plainly what is missing."""

import hashlib
import io
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import bootstrap  # noqa: E402


def test_without_a_new_python_it_says_which_and_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bootstrap, "find_uv", lambda: "/bin/false")
    monkeypatch.setattr(bootstrap, "find_python", lambda: None)
    monkeypatch.delenv("UV_PYTHON", raising=False)
    assert bootstrap.main() == 1
    said = capsys.readouterr().err
    assert said == bootstrap.NO_PYTHON + "\n"
    assert "needs Python 3.12 or later" in said
    assert "apt install python3" in said


def test_without_uv_and_index_it_says_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    for way in ("find_uv", "uv_by_pip", "uv_by_wheel"):
        monkeypatch.setattr(bootstrap, way, lambda: None)
    assert bootstrap.main() == 1
    assert "uv could not be found or fetched" in capsys.readouterr().err


def test_a_python_that_does_not_answer_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shim = tmp_path / "python3.13"
    shim.write_text("#!/bin/sh\necho 'pyenv: version 3.13 is not installed' >&2; exit 127\n")
    shim.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    found = bootstrap.find_python()
    assert found != str(shim)
    assert found is None or subprocess.run([found, "-c", ""]).returncode == 0


class FakeIndex:
    """A package index's simple page and its wheel, without a network."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, home: Path, *, honest: bool) -> None:
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as wheel:
            wheel.writestr(f"uv-{bootstrap.UV_VERSION}.data/scripts/uv", "#!/bin/sh\necho uv\n")
        self.wheel = content.getvalue()
        total = hashlib.sha256(self.wheel if honest else b"another file").hexdigest()
        name = f"uv-{bootstrap.UV_VERSION}-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl"
        self.page = f'<a href="other-1.0.whl">other</a><a href="../files/{name}#sha256={total}">uv</a>'.encode()
        monkeypatch.setattr(bootstrap, "UV_HOME", home)
        monkeypatch.setattr(bootstrap, "wheel_pattern", lambda: re.compile(r"manylinux.*_x86_64\."))
        monkeypatch.setattr(bootstrap.urllib.request, "urlopen", self.open)
        monkeypatch.setenv("UV_INDEX_URL", "https://index.example/simple/")
        monkeypatch.delenv("UV_DEFAULT_INDEX", raising=False)

    def open(self, address: str, timeout: float) -> Any:
        assert address.startswith("https://index.example/")
        return io.BytesIO(self.wheel if address.endswith(".whl") else self.page)


def test_uv_is_taken_out_of_its_wheel(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    FakeIndex(monkeypatch, tmp_path, honest=True)
    program = bootstrap.uv_by_wheel()
    assert program == str(tmp_path / "bin" / "uv")
    assert subprocess.run([program], capture_output=True, text=True).stdout == "uv\n"


def test_a_wheel_with_another_sum_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    FakeIndex(monkeypatch, tmp_path, honest=False)
    with pytest.raises(SystemExit, match="does not have the sum"):
        bootstrap.uv_by_wheel()
    assert not (tmp_path / "bin" / "uv").exists()


def test_make_alone_explains() -> None:
    said = subprocess.run(["make", "--no-print-directory"], cwd=ROOT, capture_output=True, text=True)
    assert said.returncode == 0
    assert "make run" in said.stdout
    assert "make test" in said.stdout
