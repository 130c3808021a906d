"""Backup and restore on a real cluster: the same rows back, and nothing touched by a file that is not whole."""

import io
import json
import shutil
import tarfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from medskick.kernel.files.actions import open_file, store_file
from medskick.kernel.files.models import StoredFile
from medskick.kernel.log.actions import seal_log
from medskick.kernel.organisations.scope import scope
from medskick.kernel.people.models import Person
from medskick.kernel.records.actions import create_item, register
from medskick.kernel.records.models import Item, Record
from medskick.kernel.tests.world import World, make_world, wait_for_open_transactions
from medskick.project import archive, backup, postgres_roles
from medskick.project.cli import main
from medskick.project.commands import CommandProblem
from medskick.project.tests.test_export import new_installation
from medskick.project.verifying import verify_all

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def quiet(text: str) -> None:
    pass


@pytest.fixture(autouse=True)
def resting_alone(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """An upgrade lets the site rest: in a folder of its own, or the tests beside this one would rest with it."""
    monkeypatch.setattr(settings, "VAR_DIR", tmp_path_factory.mktemp("var"))


@pytest.fixture
def lived(db: None) -> World:
    """A world in which something was registered, a file sent in, and the log sealed."""
    world = make_world()
    with world.acting(world.owner):
        for title in ("Lekplatsen", "Bryggan"):
            item = create_item(by=world.owner, kind="kernel.document", title=title)
            register(item, by=world.owner)
        store_file(SimpleUploadedFile("lek.txt", "Gungan är trasig".encode()), by=world.owner, item=item.id)
    wait_for_open_transactions()
    with scope(world.owner.scope()):
        assert seal_log() is not None
    return world


@pytest.fixture
def kept(lived: World, tmp_path: Path) -> Path:
    path = tmp_path / "one.medskick"
    backup.back_up(path, now=NOW, say=quiet)
    return path


def everything() -> dict[str, list[Any]]:
    """All rows of all tables, as somebody who sees them: what a restore must give again."""
    import os

    with psycopg.connect(os.environ["DATABASE_BACKUP_URL"]) as reading:
        tables = backup.row_counts(reading)
        # Where a migrate writes by itself: its own history's ids and the queue's sweeping.
        return {
            table: sorted(reading.execute(f'select t::text from public."{table}" t'.encode()).fetchall())
            for table in tables
        }


def test_what_was_backed_up_comes_back_row_by_row(lived: World, kept: Path) -> None:
    before = everything()
    assert before["kernel_item"]
    assert len(before["kernel_record"]) == 2
    manifest = archive.verified(kept)
    with lived.acting(lived.owner):
        create_item(by=lived.owner, kind="kernel.document", title="Efter kopian")
        digest = StoredFile.objects.get().sha256
    path = Path(settings.FILES_DIR) / digest[:2] / digest
    path.unlink()
    backup.restore(kept, replace=True, now=NOW, say=quiet)
    after = everything()
    assert {table: rows for table, rows in after.items() if rows != before[table]} == {}
    said: list[str] = []
    assert verify_all(manifest.seals, say=said.append)
    assert said == ["1 seals of the log are whole"]
    with lived.acting(lived.owner):
        assert b"".join(open_file(StoredFile.objects.get())) == "Gungan är trasig".encode()
        assert Person.objects.get(id=lived.owner.person).name == "Olle Ägare"
        assert not Item.objects.filter(title="Efter kopian").exists()


def test_it_is_read_into_a_new_server_that_is_only_migrated(lived: World, kept: Path) -> None:
    before = everything()
    with new_installation("fresh"):
        backup.restore(kept, replace=False, now=NOW, say=quiet)
        assert {table: rows for table, rows in everything().items() if rows != before[table]} == {}
    assert list(kept.parent.iterdir()) == [kept]


def test_after_a_restore_pages_write_on_under_row_security(lived: World, kept: Path) -> None:
    backup.restore(kept, replace=True, now=NOW, say=quiet)
    with lived.acting(lived.owner):
        register(create_item(by=lived.owner, kind="kernel.document", title="Nästa"), by=lived.owner)
    with lived.acting(lived.owner):
        assert sorted(Record.objects.values_list("serial", flat=True)) == [1, 2, 3]
    with lived.acting(lived.stranger):
        assert not Item.objects.filter(title="Nästa").exists()
    wait_for_open_transactions()
    with scope(lived.owner.scope()):
        sealed = seal_log()
    assert sealed is not None
    assert sealed.number == 2


def test_what_is_replaced_is_backed_up_first(lived: World, kept: Path) -> None:
    with lived.acting(lived.owner):
        create_item(by=lived.owner, kind="kernel.document", title="Efter kopian")
    backup.restore(kept, replace=True, now=NOW, say=quiet)
    (safety,) = kept.parent.glob("before-restore-*.medskick")
    backup.restore(safety, replace=True, now=NOW.replace(hour=13), say=quiet)
    with lived.acting(lived.owner):
        assert Item.objects.filter(title="Efter kopian").exists()


def test_without_replace_what_is_there_stays(lived: World, kept: Path) -> None:
    before = everything()
    with pytest.raises(CommandProblem, match="--replace"):
        backup.restore(kept, replace=False, now=NOW, say=quiet)
    assert everything() == before


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-15_000])


def cut_in_half(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def cut_at_a_part(path: Path) -> None:
    """As a disk that filled up between two parts: a whole tar, without its manifest."""
    again(path, lambda name, content: None if name == archive.MANIFEST else content)


def flip_a_byte(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def other_sums(path: Path) -> None:
    """Somebody who knows the form: the dump is another and the manifest's sum with it, but not its seal."""

    def change(name: str, content: bytes) -> bytes:
        if name != archive.MANIFEST:
            return content
        both = json.loads(content)
        manifest = json.loads(both["manifest"])
        manifest["rows"]["kernel_item"] += 1
        return json.dumps({**both, "manifest": json.dumps(manifest)}).encode()

    again(path, change)


def climbing_name(path: Path) -> None:
    with tarfile.open(path, "a") as archived:
        archived.addfile(tarfile.TarInfo("files/../../escaped"), io.BytesIO())


def no_backup(path: Path) -> None:
    path.write_text("Hej")


def again(path: Path, change: Callable[[str, bytes], bytes | None]) -> None:
    with tarfile.open(path) as old:
        parts = [(entry.name, old.extractfile(entry).read()) for entry in old]  # type: ignore[union-attr]
    with tarfile.open(path, "w") as new:
        for name, content in parts:
            changed = change(name, content)
            if changed is not None:
                entry = tarfile.TarInfo(name)
                entry.size = len(changed)
                new.addfile(entry, io.BytesIO(changed))


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (cut, "cut off"),
        (cut_in_half, "cut off"),
        (cut_at_a_part, "the manifest, is missing"),
        (flip_a_byte, "was changed"),
        (other_sums, "does not fit its seal"),
        (climbing_name, "no backup of ours"),
        (no_backup, "no backup of ours"),
    ],
    ids=lambda one: getattr(one, "__name__", ""),
)
def test_a_file_that_is_not_whole_is_refused_before_anything_is_touched(
    lived: World, kept: Path, spoil: Callable[[Path], None], said: str
) -> None:
    before = everything()
    spoil(kept)
    with pytest.raises(CommandProblem, match=said):
        backup.restore(kept, replace=True, now=NOW, say=quiet)
    assert everything() == before
    assert list(kept.parent.iterdir()) == [kept]


def test_a_backup_under_another_key_is_refused(lived: World, kept: Path, settings: Any) -> None:
    from medskick.kernel.people import encryption

    settings.PERSONAL_DATA_KEY = "another key"
    encryption._derived.cache_clear()
    try:
        with pytest.raises(CommandProblem, match="another MEDSKICK_PERSONAL_DATA_KEY"):
            archive.verified(kept)
    finally:
        encryption._derived.cache_clear()


def test_a_backup_from_a_newer_version_is_refused(lived: World, tmp_path: Path) -> None:
    with psycopg.connect(_owner()) as owner:
        owner.execute("insert into django_migrations (app, name, applied) values ('kernel', '9999_later', now())")
    path = tmp_path / "newer.medskick"
    backup.back_up(path, now=NOW, say=quiet)
    with pytest.raises(CommandProblem, match="newer version: this one does not know kernel.9999_later"):
        backup.restore(path, replace=True, now=NOW, say=quiet)


def test_a_backup_from_an_older_version_is_brought_up_to_this_one(lived: World, tmp_path: Path) -> None:
    """As it was before plan's last migration: the restore runs it."""
    from django.core.management import call_command
    from django.db import connections
    from django.db.migrations.loader import MigrationLoader

    from medskick.project.migrating import pending

    with connections["owner"].cursor():
        loader = MigrationLoader(connections["owner"])
    (last,) = loader.graph.leaf_nodes("plan")
    before = max(name for app, name in loader.graph.nodes if app == "plan" and (app, name) != last)
    call_command("migrate", "plan", before, database="owner", verbosity=0)
    assert pending() == [".".join(last)]
    path = tmp_path / "older.medskick"
    manifest = backup.back_up(path, now=NOW, say=quiet)
    assert ".".join(last) not in manifest.migrations
    backup.restore(path, replace=True, now=NOW, say=quiet)
    assert pending() == []
    with lived.acting(lived.owner):
        assert Record.objects.count() == 2


def test_a_role_that_would_not_see_all_rows_makes_no_backup(lived: World, tmp_path: Path) -> None:
    with psycopg.connect(_owner()) as owner:
        owner.execute("drop policy backup on kernel_item")
    with pytest.raises(CommandProblem, match="would not see all rows of kernel_item"):
        backup.back_up(tmp_path / "blind.medskick", now=NOW, say=quiet)
    assert list(tmp_path.iterdir()) == []


def test_the_backup_role_reads_and_never_writes(lived: World) -> None:
    import os

    with psycopg.connect(os.environ["DATABASE_BACKUP_URL"]) as reading:
        above = reading.execute("select rolsuper or rolbypassrls from pg_roles where rolname = current_user").fetchone()
        assert above == (False,)
        assert reading.execute("select count(*) from kernel_personalnumber").fetchone() is not None
        for attempt in ("update kernel_item set title = 'x'", "delete from kernel_item", "create table mine (x int)"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), reading.transaction():
                reading.execute(attempt.encode())


def test_a_file_that_the_disk_has_lost_is_told(lived: World, tmp_path: Path) -> None:
    shutil.rmtree(settings.FILES_DIR)
    manifest = backup.back_up(tmp_path / "lost.medskick", now=NOW, say=quiet)
    assert len(manifest.missing) == 1


def test_the_commands_back_up_check_restore_and_upgrade(
    lived: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["backup", str(tmp_path)]) == 0
    (path,) = tmp_path.glob("medskick-*.medskick")
    assert path.stat().st_mode & 0o077 == 0
    assert main(["restore", str(path), "--check"]) == 0
    assert main(["restore", str(path)]) == 1
    assert main(["restore", str(path), "--replace"]) == 0
    assert "Restored." in capsys.readouterr().out
    assert main(["upgrade", str(tmp_path)]) == 0
    assert "the site serves again" in capsys.readouterr().out
    cut(path)
    assert main(["restore", str(path), "--replace"]) == 1
    assert "Nothing was touched." in capsys.readouterr().err


def test_an_upgrade_that_fails_goes_on_resting_and_says_how_to_go_back(
    lived: World, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from medskick.project import maintenance, migrating

    def broken() -> None:
        raise ValueError("column x does not exist")

    monkeypatch.setattr(migrating, "migrate", broken)
    try:
        assert main(["upgrade", str(tmp_path)]) == 1
        said = capsys.readouterr().out
        assert "FAILED: ValueError" in said
        assert f"medskick restore {next(tmp_path.glob('before-upgrade-*'))} --replace" in said
        assert maintenance.in_file() is not None
    finally:
        maintenance.end()


def _owner() -> str:
    import os

    return os.environ["DATABASE_OWNER_URL"]


def test_the_roles_script_makes_the_backup_role() -> None:
    script = postgres_roles.script_for_hosted_server()
    assert "CREATE ROLE medskick_backup LOGIN NOSUPERUSER NOBYPASSRLS" in script
    assert "DATABASE_BACKUP_URL=postgresql://medskick_backup:" in script
