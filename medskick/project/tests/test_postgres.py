"""Our own PostgreSQL: it starts, is shared, survives being killed, and stops with the last who uses it."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from medskick.project import postgres, postgres_programs, postgres_roles


@pytest.fixture
def var(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.delenv("DATABASE_OWNER_URL")
    folder = Path(tempfile.mkdtemp(prefix="medskick-runner-"))
    folder.chmod(0o711)
    yield folder
    postgres.find_server(folder, throwaway=True).stop()
    shutil.rmtree(folder)


def _ask(question: str, address: str | None = None) -> object:
    with psycopg.connect(address or os.environ["DATABASE_URL"]) as connection:
        row = connection.execute(question.encode()).fetchone()
    return row and row[0]


def test_it_starts_with_roles_that_the_row_policies_bind_and_stops_after_use(var: Path) -> None:
    with postgres.running(var, throwaway=True) as server:
        assert server is not None
        assert _ask("SELECT current_user::text") == "medskick_app"
        assert _ask("SELECT current_user::text", os.environ["DATABASE_OWNER_URL"]) == "medskick_owner"
        assert _ask("SELECT count(*) FROM pg_roles WHERE rolname LIKE 'medskick%' AND (rolsuper OR rolbypassrls)") == 0
        assert _ask("SELECT rolcanlogin FROM pg_roles WHERE rolname = 'medskick_search'") is False
        assert _ask("SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'medskick'") == "medskick_owner"
        assert _ask("SELECT datlocale FROM pg_database WHERE datname = 'medskick'") == "C.UTF-8"
        extensions = "SELECT string_agg(extname, ' ' ORDER BY extname) FROM pg_extension WHERE extname <> 'plpgsql'"
        assert _ask(extensions) == "btree_gist pg_trgm unaccent"
    assert server.process_id() is None
    assert "DATABASE_URL" not in os.environ


def test_the_owner_may_hand_a_function_to_the_search_role(var: Path) -> None:
    with postgres.running(var, throwaway=True):
        with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as connection:
            connection.execute("CREATE FUNCTION look() RETURNS text LANGUAGE sql SECURITY DEFINER RETURN current_user")
            connection.execute("ALTER FUNCTION look() OWNER TO medskick_search")
        assert _ask("SELECT look()") == "medskick_search"


def test_what_was_committed_survives_a_kill_and_a_second_user_adopts_the_server(var: Path) -> None:
    with postgres.running(var, throwaway=False) as server:
        assert server is not None
        with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 4729 AS number")
        first = server.process_id()
        assert first is not None
        os.kill(first, signal.SIGKILL)
        while server.process_id() == first:
            time.sleep(0.01)
        assert (server.data / "postmaster.pid").exists()  # left behind, and to be seen through
        server.start()
        second = server.process_id()
        assert second not in (None, first)
        assert _ask("SELECT number FROM kept", server.url(postgres_roles.OWNER)) == 4729
        postgres.find_server(var, throwaway=False).start()
        assert server.process_id() == second


def test_a_killed_server_starts_again_only_when_its_last_process_is_gone(var: Path) -> None:
    with postgres.running(var, throwaway=True) as server:
        assert server is not None
        with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
            child = connection.info.backend_pid
            os.kill(child, signal.SIGSTOP)  # it can neither notice that its server died nor end
            first = server.process_id()
            assert first is not None
            os.kill(first, signal.SIGKILL)
            while server.process_id() == first:
                time.sleep(0.01)
            again = threading.Thread(target=server.start)
            again.start()
            again.join(0.5)
            assert again.is_alive()
            assert server.process_id() is None
            os.kill(child, signal.SIGKILL)
            again.join(20)
        assert _ask("SELECT 1") == 1


def test_it_stays_up_until_the_last_process_has_left(var: Path) -> None:
    script = (
        "import pathlib, sys\n"
        "from medskick.project import postgres\n"
        "with postgres.running(pathlib.Path(sys.argv[1]), throwaway=True):\n"
        "    print('in', flush=True); sys.stdin.readline()\n"
    )
    command = [sys.executable, "-c", script, str(var)]
    elsewhere = os.environ.copy()  # a process that is no child of ours, and finds the server by its folder
    with postgres.running(var, throwaway=True) as server:
        assert server is not None
        other = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=elsewhere)
        assert other.stdout is not None
        assert other.stdout.readline() == "in\n"
    assert server.process_id() is not None
    other.communicate("\n")
    assert server.process_id() is None


def test_a_pid_file_that_names_some_other_program_is_no_server(var: Path) -> None:
    with postgres.running(var, throwaway=True) as server:
        assert server is not None
    for lock in (server.data / "postmaster.pid", server.socket_dir / ".s.PGSQL.5432.lock"):
        lock.write_text(f"{os.getpid()}\n{server.data}\n")
    assert server.process_id() is None
    with postgres.running(var, throwaway=True):
        assert _ask("SELECT 1") == 1


def test_a_long_path_gets_a_short_socket(var: Path) -> None:
    deep = var / ("a" * 100)
    deep.mkdir()
    with postgres.running(deep, throwaway=True) as server:
        assert server is not None
        assert str(server.socket_dir).startswith("/tmp/medskick-")
        assert server.socket_dir.stat().st_mode & 0o077 == 0
        assert _ask("SELECT 1") == 1
    shutil.rmtree(server.socket_dir)


def test_a_socket_folder_that_someone_else_made_is_refused(var: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can make a folder that belongs to someone else")
    folder = var / "run"
    folder.mkdir()
    os.chown(folder, 12345, 12345)
    with pytest.raises(postgres.PostgresProblem, match="belongs to someone else"):
        postgres._own_socket_dir(folder, postgres.account())


@pytest.mark.skipif(os.geteuid() != 0, reason="only root must run PostgreSQL as another user")
def test_as_root_below_a_private_folder_the_data_goes_where_the_other_user_reaches(var: Path) -> None:
    private = var / "private"
    private.mkdir(mode=0o700)
    with postgres.running(private, throwaway=True) as server:
        assert server is not None
        assert server.home.parent == Path("/var/lib/medskick")
        assert _ask("SELECT 1") == 1
    shutil.rmtree(server.home)


def test_your_own_server_is_used_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://somewhere/else")
    with postgres.running() as server:
        assert server is None
        assert os.environ["DATABASE_URL"] == "postgresql://somewhere/else"


def test_without_any_postgres_it_says_what_to_do(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as nothing:
        nothing.setattr(postgres_programs, "_from_wheel", lambda home, who: None)
        nothing.setattr(postgres_programs, "_system_folders", lambda: [])
        nothing.delenv("MEDSKICK_POSTGRES_BIN", raising=False)
        with pytest.raises(postgres.PostgresProblem, match="Set DATABASE_URL"):
            postgres_programs.find_binaries(var, postgres.account())


def test_the_roles_for_a_hosted_server_make_a_usable_database(var: Path) -> None:
    with postgres.running(var, throwaway=True) as server:
        assert server is not None
        psql = shutil.which("psql", path=str(server.binaries)) or shutil.which("psql")
        if psql is None:
            pytest.skip("there is no psql to run the printed script with")
        with server.connect() as connection:
            connection.execute("CREATE ROLE administrator LOGIN CREATEDB CREATEROLE")
            connection.execute("DROP DATABASE medskick")
            for role in (postgres_roles.OWNER, postgres_roles.APP, postgres_roles.SEARCH, postgres_roles.BACKUP):
                connection.execute(f"DROP ROLE {role}".encode())
        script = postgres_roles.script_for_hosted_server("hosted")
        address = server.url("administrator", "postgres")
        command = [psql, "-v", "ON_ERROR_STOP=1", "-q", address]
        done = subprocess.run(command, input=script, text=True, capture_output=True)
        assert done.returncode == 0, done.stderr
        with psycopg.connect(server.url(postgres_roles.OWNER, "hosted")) as connection:
            connection.execute("CREATE TABLE voice (text text)")
            connection.execute("INSERT INTO voice VALUES ('hej')")
            connection.execute("CREATE FUNCTION look() RETURNS int LANGUAGE sql RETURN 1")
            connection.execute("ALTER FUNCTION look() OWNER TO medskick_search")
        for role in (postgres_roles.APP, postgres_roles.BACKUP):
            assert _ask("SELECT text FROM voice", server.url(role, "hosted")) == "hej"


def test_starting_again_takes_less_than_a_second(var: Path) -> None:
    with postgres.running(var, throwaway=True):
        pass
    begun = time.monotonic()
    with postgres.running(var, throwaway=True):
        assert time.monotonic() - begun < 1
