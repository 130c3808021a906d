"""Find or fetch uv and lay the locked environment in .venv: `python3 bootstrap.py [arguments for uv sync]`.

Standard library only, for any Python 3.8 or later: a bare Debian has python3 but neither pip nor ensurepip.
Set UV_INDEX_URL or PIP_INDEX_URL to use another package index than the public one.
"""

import hashlib
import html.parser
import io
import os
import platform
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent
UV_VERSION = "0.13.9"
UV_HOME = ROOT / ".cache" / "uv" / UV_VERSION
NEEDS = (3, 12)
NO_PYTHON = """\
Medskick needs Python 3.12 or later, and neither this machine nor a download could give one.
  Debian 13, Ubuntu 24.04: apt install python3        macOS: brew install python@3.13
  elsewhere: install Python 3.12 or later, or let uv reach the internet to fetch one; then run make again."""


def index_url() -> str:
    chosen = os.environ.get("UV_DEFAULT_INDEX") or os.environ.get("UV_INDEX_URL") or os.environ.get("PIP_INDEX_URL")
    return (chosen or "https://pypi.org/simple").rstrip("/")


def find_uv() -> "str | None":
    """A uv that is there already: ours, on the PATH, or in this Python's environment."""
    beside = Path(sysconfig.get_path("scripts")) / "uv"
    for candidate in (str(UV_HOME / "bin" / "uv"), shutil.which("uv"), str(beside)):
        if candidate and _answers([candidate, "--version"]):
            return candidate
    return None


def uv_by_pip() -> "str | None":
    """A virtual environment with the pinned uv, where this Python has venv and pip."""
    try:
        subprocess.run([sys.executable, "-m", "venv", str(UV_HOME)], check=True, capture_output=True)
        pip = [str(UV_HOME / "bin" / "python"), "-m", "pip", "install", "--quiet", f"uv=={UV_VERSION}"]
        subprocess.run(pip, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        shutil.rmtree(UV_HOME, ignore_errors=True)
        return None
    return find_uv()


def wheel_pattern() -> "re.Pattern[str]":
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine().lower(), platform.machine().lower())
    if sys.platform == "darwin":
        chip = "arm64" if machine == "aarch64" else machine
        return re.compile(rf"macosx_\d+_\d+_({chip}|universal2)")
    library = "manylinux" if platform.libc_ver()[0] == "glibc" else "musllinux"
    return re.compile(rf"{library}.*_{machine}\.")


class Links(html.parser.HTMLParser):
    """The addresses on a package index's simple page; each carries its sha256 as the fragment."""

    def __init__(self) -> None:
        super().__init__()
        self.found = []  # type: list[str]

    def handle_starttag(self, tag, attributes):  # noqa: ANN001, ANN201 - the library's signature
        self.found += [value for name, value in attributes if tag == "a" and name == "href" and value]


def uv_by_wheel() -> "str | None":
    """The one program out of uv's wheel, after checking its sum: needs neither pip nor venv."""
    page_url = f"{index_url()}/uv/"
    try:
        page = Links()
        page.feed(urllib.request.urlopen(page_url, timeout=30).read().decode())
        for link in page.found:
            address, fragment = urllib.parse.urldefrag(urllib.parse.urljoin(page_url, link))
            name = address.rsplit("/", 1)[-1]
            if not (name.startswith(f"uv-{UV_VERSION}-") and name.endswith(".whl") and wheel_pattern().search(name)):
                continue
            content = urllib.request.urlopen(address, timeout=300).read()
            if fragment != "sha256=" + hashlib.sha256(content).hexdigest():
                sys.exit(f"The file {name} does not have the sum that the package index states; nothing was installed.")
            return _unpack(content)
    except (urllib.error.URLError, OSError, zipfile.BadZipFile) as problem:
        print(f"The package index did not give uv: {problem}", file=sys.stderr)
    return None


def _unpack(wheel: bytes) -> str:
    (UV_HOME / "bin").mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        inside = next(name for name in archive.namelist() if name.endswith("/scripts/uv"))
        with tempfile.NamedTemporaryFile(dir=UV_HOME, delete=False) as file:
            file.write(archive.read(inside))
    Path(file.name).chmod(0o755)
    Path(file.name).replace(UV_HOME / "bin" / "uv")
    return str(UV_HOME / "bin" / "uv")


def find_python() -> "str | None":
    """A Python that is new enough and really answers: pyenv's shims fail where their version is not installed.

    The one that .venv was made from comes first, so that a second run changes nothing.
    """
    names = ["python3.13", "python3.12", "python3.14", "python3", "python"]
    folders = [*os.environ.get("PATH", "").split(os.pathsep), "/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"]
    candidates = [_base_of(ROOT / ".venv" / "bin" / "python")]
    candidates += [str(Path(folder) / name) for name in names for folder in folders if folder]
    candidates += [sys.executable]
    check = f"import sys; raise SystemExit(sys.version_info[:2] < {NEEDS})"
    return next((path for path in candidates if os.access(path, os.X_OK) and _answers([path, "-c", check])), None)


def _base_of(python: Path) -> str:
    try:
        command = [str(python), "-c", "import sys; print(sys._base_executable)"]
        return subprocess.run(command, capture_output=True, timeout=30, text=True).stdout.strip()
    except (OSError, subprocess.TimeoutExpired):
        return ""


def _answers(command: "list[str]") -> bool:
    try:
        return subprocess.run(command, capture_output=True, timeout=30).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def main() -> int:
    uv = find_uv() or uv_by_pip() or uv_by_wheel()
    if uv is None:
        print("uv could not be found or fetched. Install it (pip install uv), or set PIP_INDEX_URL.", file=sys.stderr)
        return 1
    python = os.environ.get("UV_PYTHON") or find_python()
    environment = dict(os.environ, UV_PROJECT_ENVIRONMENT=str(ROOT / ".venv"))
    environment.pop("VIRTUAL_ENV", None)
    if index_url() != "https://pypi.org/simple":
        environment["UV_DEFAULT_INDEX"] = index_url()
    if python:
        environment["UV_PYTHON"] = python
    elif not _answers([uv, "python", "install", "--quiet", "3.13"]):
        print(NO_PYTHON, file=sys.stderr)
        return 1
    # Compiled once here, a process starts in one second instead of three, also where Python may not write beside its code.
    command = [uv, "sync", "--frozen", "--quiet", "--compile-bytecode", *sys.argv[1:]]
    return subprocess.run(command, cwd=ROOT, env=environment).returncode


if __name__ == "__main__":
    sys.exit(main())
