"""The throwaway PostgreSQL of a test run: begun by the controller, copied from by every worker, taken away in the end.

The migrated template is kept in .cache/, under a hash of everything that shapes the tables.
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from medskick.project import postgres, postgres_roles

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = "medskick"
CACHE = ROOT / ".cache" / "test-database"
CACHES_KEPT = 4
SHAPE = (
    "**/migrations/*.py",
    "**/models.py",
    "**/models/*.py",
    "**/apps.py",
    "**/row_policies*.py",
    "**/row_policies/*",
    "**/kernel/database.py",
    "**/sql_*.py",
)


def shape_hash() -> str:
    """Changes with everything that can change what `migrate` makes: tables, policies, roles, versions."""
    folder = ROOT / "medskick"
    paths = {path for pattern in SHAPE for path in folder.glob(pattern) if path.is_file()}
    paths |= {ROOT / "uv.lock", folder / "project/settings.py", Path(postgres.__file__), Path(postgres_roles.__file__)}
    total = hashlib.sha256()
    for path in sorted(paths):
        total.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return total.hexdigest()[:20]


class TestCluster:
    """The controller starts it and takes it away; the workers find it by the environment."""

    __test__ = False

    def __init__(self, var: Path) -> None:
        self.var = var
        self.server = postgres.find_server(var, throwaway=True)

    def begin(self) -> None:
        (self.var / "controller").write_text(str(os.getpid()))
        self.shape = f"{shape_hash()}-{self.server.version}"
        kept = CACHE / self.shape
        if kept.exists():
            shutil.copytree(kept, self.server.data, symlinks=True)
            self._give_to_server(self.server.data)
        self.server.start()

    def end(self) -> None:
        if not self.var.exists():
            return
        try:
            self._keep_template()
        finally:
            self.server.stop()
            shutil.rmtree(self.var, ignore_errors=True)
            shutil.rmtree(self.server.home, ignore_errors=True)

    def worker_database(self) -> str:
        return f"test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"

    def set_addresses(self) -> None:
        database = self.worker_database()
        os.environ["DATABASE_URL"] = self.server.url(postgres_roles.APP, database)
        os.environ["DATABASE_OWNER_URL"] = self.server.url(postgres_roles.OWNER, database)
        os.environ["DATABASE_BACKUP_URL"] = self.server.url(postgres_roles.BACKUP, database)

    def provide_template(self) -> None:
        """Migrate once for the whole run: the first worker does it, the others wait for the lock."""
        with (self.var / "template.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            ready = self.var / "template.ready"
            if ready.exists() or self._template_is_migrated():
                return
            addresses = {
                "DATABASE_URL": self.server.url(postgres_roles.APP, TEMPLATE),
                "DATABASE_OWNER_URL": self.server.url(postgres_roles.OWNER, TEMPLATE),
            }
            command = [
                sys.executable,
                "-m",
                "django",
                "migrate",
                "--database",
                "owner",
                "--verbosity",
                "0",
                "--skip-checks",
            ]
            made = subprocess.run(command, cwd=ROOT, env=os.environ | addresses, text=True, capture_output=True)  # noqa: S603
            if made.returncode != 0:
                raise RuntimeError(f"The test database could not be migrated:\n{made.stdout}{made.stderr}")
            ready.touch()

    def renew_worker_database(self) -> None:
        self.server.copy_database(TEMPLATE, self.worker_database())

    def _template_is_migrated(self) -> bool:
        with self.server.connect(TEMPLATE) as connection:
            found = connection.execute("SELECT to_regclass('public.django_migrations') IS NOT NULL").fetchone()
        return bool(found and found[0])

    def _keep_template(self) -> None:
        """Save the stopped server's files for the next run, if they still are what the sources say."""
        kept = CACHE / self.shape
        if kept.exists() or not (self.var / "template.ready").exists() or not self.shape.startswith(shape_hash()):
            return
        with self.server.connect() as connection:
            for (name,) in connection.execute(
                "SELECT datname FROM pg_database WHERE datname LIKE 'test\\_%'"
            ).fetchall():
                connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())
        self.server.stop()
        CACHE.mkdir(parents=True, exist_ok=True)
        fresh = CACHE / f"{self.shape}.{os.getpid()}"
        shutil.copytree(self.server.data, fresh, symlinks=True)
        with contextlib.suppress(OSError):  # another run was first
            fresh.rename(kept)
        shutil.rmtree(fresh, ignore_errors=True)
        for old in sorted(CACHE.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)[CACHES_KEPT:]:
            shutil.rmtree(old, ignore_errors=True)

    def _give_to_server(self, folder: Path) -> None:
        if self.server.account.other:
            for path in (folder, *folder.rglob("*")):
                os.chown(path, self.server.account.uid, self.server.account.gid, follow_symlinks=False)
        folder.chmod(0o700)


def take_away_abandoned_clusters() -> None:
    """What a test run left that was killed: its server still runs and its folder fills the disk."""
    for var in Path(tempfile.gettempdir()).glob("medskick-test-*"):
        try:
            os.kill(int((var / "controller").read_text()), 0)
            continue
        except (FileNotFoundError, ValueError, ProcessLookupError):
            pass
        except OSError:  # it lives, as somebody else
            continue
        with contextlib.suppress(OSError, postgres.PostgresProblem):
            if var.stat().st_uid == os.geteuid() and time.time() - var.stat().st_mtime > 60:
                postgres.find_server(var, throwaway=True).stop()
                shutil.rmtree(var, ignore_errors=True)
