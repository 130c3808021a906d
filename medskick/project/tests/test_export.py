"""The export of one organisation: everything it owns, nothing of others, verified by its own script, and read in again."""

import csv
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections

import conftest
from medskick.kernel.assistance.actions.mandates import Firm, Named, Terms, register_mandate
from medskick.kernel.files.actions import open_file, path_of, store_file
from medskick.kernel.files.models import StoredFile
from medskick.kernel.log.actions import seal_log, verify_log
from medskick.kernel.log.models import LogEntry
from medskick.kernel.notifications.mail_actions import leave_address
from medskick.kernel.operation import export_plan
from medskick.kernel.operation.exporting import export_to, safe_name
from medskick.kernel.operation.importing import ImportRefused, import_organisation
from medskick.kernel.operation.verify_export import faults_of
from medskick.kernel.organisations import places
from medskick.kernel.organisations.actor import system
from medskick.kernel.organisations.models import Organisation
from medskick.kernel.organisations.scope import scope
from medskick.kernel.people.actions import add_employee, ask_for_access
from medskick.kernel.people.identity import Identity
from medskick.kernel.people.models import Person
from medskick.kernel.people.queries import find_person_by_number, find_person_by_work_address
from medskick.kernel.records.actions import create_item, link, register
from medskick.kernel.records.models import Item, Level, Record, Relation, Share
from medskick.kernel.search.actions import learn_words
from medskick.kernel.search.queries import search
from medskick.kernel.sharing.actions.adopting import adopt, decline
from medskick.kernel.sharing.actions.sharing import end_sharing
from medskick.kernel.sharing.models import Adoption
from medskick.kernel.sharing.queries import effective_text, pinned
from medskick.kernel.sharing.tests.story import shared_guideline
from medskick.kernel.tests.world import World, make_world, sign_in, wait_for_open_transactions
from medskick.project.migrating import migrate
from tests.cluster import TEMPLATE

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
live = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


def export(folder: Path, organisation: Organisation) -> dict[str, Any]:
    export_to(folder, organisation.id, name=organisation.name, now=NOW)
    return json.loads((folder / "manifest.json").read_text())


@contextmanager
def new_installation(name: str = "moved") -> Iterator[None]:
    """An empty, migrated database beside the test's own, that everything works in while the block runs."""
    cluster = conftest.CLUSTER
    assert cluster is not None
    database = f"{cluster.worker_database()}_{name}"
    connections.close_all()
    cluster.server.copy_database(TEMPLATE, database)
    kept = {one: os.environ[one] for one in ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_BACKUP_URL")}
    old = cluster.worker_database()
    os.environ |= {one: value.replace(f"/{old}?", f"/{database}?") for one, value in kept.items()}
    for one in connections.all():
        one.settings_dict["NAME"] = database
    places.forget()
    try:
        yield
    finally:
        connections.close_all()
        os.environ |= kept
        for one in connections.all():
            one.settings_dict["NAME"] = old
        with cluster.server.connect() as connection:
            connection.execute(f'DROP DATABASE "{database}" WITH (FORCE)'.encode())
        places.forget()


def seal(organisation: UUID) -> None:
    wait_for_open_transactions()
    with scope(system(organisation).scope()):
        seal_log()


@pytest.fixture
def lived(db: None) -> World:
    """Tanum and Sotenäs with items, a link over the border, a file, a number and a sealed log."""
    world = make_world()
    assert world.owner.person is not None
    with world.acting(world.stranger):
        theirs = create_item(by=world.stranger, kind="kernel.document", title="Sotenäs hemliga plan")
        shown = create_item(by=world.stranger, kind="kernel.document", title="Sotenäs öppna plan", level=Level.PUBLIC)
    with world.acting(world.owner):
        ours = create_item(by=world.owner, kind="kernel.document", title='=Lekplatsen; "rött"\nrad två')
        register(ours, by=world.owner)
        link(by=world.owner, from_item=ours, to_item=shown, relation=Relation.GAVE_RISE_TO)
        create_item(
            by=world.owner,
            kind="kernel.document",
            title="Bara mellan oss",
            level=Level.SEALED,
            readers=[world.owner.person],
        )
        store_file(SimpleUploadedFile("../../lek plats.txt", "Gungan är trasig".encode()), by=world.owner, item=ours.id)
    # A link to what Tanum may not read, as when Sotenäs takes a shared item back.
    with world.acting(world.stranger):
        Item.objects.filter(id=theirs.id).update(level=Level.PUBLIC)
    with world.acting(world.owner):
        link(by=world.owner, from_item=ours, to_item=theirs, relation=Relation.MERGED_INTO)
    with world.acting(world.stranger):
        Item.objects.filter(id=theirs.id).update(level=Level.ORGANISATION)
    seal(world.tanum.id)
    return world


def test_every_table_is_an_organisations_or_left_out_with_a_reason() -> None:
    assert export_plan.unplaced() == []
    assert all(export_plan.LEFT_OUT.values())
    known = {one._meta.label for one in export_plan.our_models()}
    assert set(export_plan.LEFT_OUT) <= known


@live
def test_it_holds_what_is_own_also_the_sealed_and_nothing_of_others(lived: World, tmp_path: Path) -> None:
    manifest = export(tmp_path / "tanum", lived.tanum)
    rows = [json.loads(line) for line in (tmp_path / "tanum/data/kernel_item.jsonl").read_text().splitlines()]
    assert sorted(row["title"].split(";")[0] for row in rows) == ["=Lekplatsen", "Bara mellan oss"]
    assert {row["owner_id"] for row in rows} == {str(lived.tanum.id)}
    everything = "".join(
        path.read_text() for path in (tmp_path / "tanum").rglob("*") if path.suffix in (".jsonl", ".csv", ".json")
    )
    assert "Sotenäs hemliga plan" not in everything
    assert "Sotenäs öppna plan" in everything
    assert "Sten Främling" not in everything
    outside = [json.loads(line) for line in (tmp_path / "tanum/andras/kernel_item.jsonl").read_text().splitlines()]
    assert {(row["title"], row["owner_id"]) for row in outside} == {
        ("", str(lived.sotenas.id)),
        ("Sotenäs öppna plan", str(lived.sotenas.id)),
    }
    assert manifest["unreadable"] == manifest["not_placed"] == []


@live
def test_personal_data_is_in_clear_in_a_folder_that_says_so(lived: World, tmp_path: Path) -> None:
    manifest = export(tmp_path / "tanum", lived.tanum)
    people = (tmp_path / "tanum/personuppgifter/kernel_person.jsonl").read_text()
    assert "Olle Ägare" in people
    assert "Olle Ägare" not in "".join(path.read_text() for path in (tmp_path / "tanum/data").glob("kernel_person*"))
    marked = {name for name, told in manifest["tables"].items() if told["personal"]}
    assert marked >= {"kernel_person", "kernel_personalnumber", "services_case", "kernel_storedfile"}
    assert {path.stem for path in (tmp_path / "tanum/personuppgifter").iterdir()} == marked


@live
def test_csv_is_read_by_others_and_runs_no_formula(lived: World, tmp_path: Path) -> None:
    export(tmp_path / "tanum", lived.tanum)
    raw = (tmp_path / "tanum/data/kernel_item.csv").read_bytes()
    assert b"\r\n" in raw
    with (tmp_path / "tanum/data/kernel_item.csv").open(newline="", encoding="utf-8") as opened:
        rows = list(csv.DictReader(opened))
    metadata = json.loads((tmp_path / "tanum/metadata.json").read_text())
    (described,) = [one for one in metadata["tables"] if one["url"] == "data/kernel_item.csv"]
    assert [one["name"] for one in described["tableSchema"]["columns"]] == list(rows[0])
    assert described["titles"]["sv"] == "sak i spåret"
    assert any(row["title"].startswith("'=Lekplatsen") for row in rows)


@live
def test_its_own_script_verifies_it_with_python_alone(lived: World, tmp_path: Path) -> None:
    folder = tmp_path / "tanum"
    manifest = export(folder, lived.tanum)
    assert manifest["tables"]["kernel_logseal"]["rows"] == 1

    def ran() -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, "-I", str(folder / "verifiera.py")], text=True, capture_output=True)

    assert (ran().returncode, ran().stdout) == (0, "Allt stämmer: summor, rader och förseglingar.\n")
    log = folder / "data/kernel_logentry.jsonl"
    whole = log.read_text()
    log.write_text(whole.replace("record.registered", "record.voided"))
    assert "FEL: Försegling nr 1 stämmer inte med loggens rader." in ran().stdout
    assert "FEL: data/kernel_logentry.jsonl är ändrad." in ran().stdout
    assert ran().returncode == 1
    log.write_text(whole)
    assert ran().returncode == 0
    (folder / "data/kernel_link.csv").unlink()
    (folder / "extra.txt").write_text("x")
    assert faults_of(folder) == ["data/kernel_link.csv saknas.", "extra.txt hör inte till exporten."]


@live
def test_files_come_by_name_and_no_name_leads_out(lived: World, tmp_path: Path) -> None:
    export(tmp_path / "tanum", lived.tanum)
    (found,) = [path for path in (tmp_path / "tanum/filer").rglob("*") if path.is_file()]
    assert found.read_text() == "Gungan är trasig"
    for name in ("../../etc/passwd", "", "...", "a/b\\c", "x" * 400 + ".pdf", "con\0.txt", "~"):
        safe = safe_name(name)
        assert safe
        assert "/" not in safe
        assert "\\" not in safe
        assert not safe.startswith(".")
        assert len(safe) <= 111


@live
def test_a_folder_with_something_in_it_is_refused(lived: World, tmp_path: Path) -> None:
    (tmp_path / "kept.txt").write_text("x")
    with pytest.raises(FileExistsError):
        export(tmp_path, lived.tanum)


@live
def test_it_is_read_into_a_new_installation_with_the_same_rows(lived: World, tmp_path: Path, settings: Any) -> None:
    from medskick.kernel.people import encryption

    with lived.acting(lived.owner):
        employed = add_employee(by=lived.owner, name="Nils Ny", title="Arkivarie", email="ny@tanum.example")
    before = export(tmp_path / "before", lived.tanum)
    old_files, old_key = settings.FILES_DIR, settings.PERSONAL_DATA_KEY
    try:
        settings.FILES_DIR = tmp_path / "files"
        settings.PERSONAL_DATA_KEY = "the new installation's own key"
        encryption._derived.cache_clear()
        with new_installation():
            import_organisation(tmp_path / "before")
            migrate()
            connections.close_all()
            after = export(tmp_path / "after", lived.tanum)
            assert {name: (one["rows"], one["digest"]) for name, one in after["tables"].items()} == {
                name: (one["rows"], one["digest"]) for name, one in before["tables"].items()
            }
            assert after["foreign"] == before["foreign"]
            with lived.acting(lived.owner):
                assert verify_log().faults == []
                assert b"".join(open_file(StoredFile.objects.get())) == "Gungan är trasig".encode()
                assert Person.objects.get(id=lived.owner.person).name == "Olle Ägare"
                assert find_person_by_work_address(lived.tanum.id, "Ny@Tanum.example") == employed.person_id
                next_one = create_item(by=lived.owner, kind="kernel.document", title="I det egna huset")
                register(next_one, by=lived.owner)
            with lived.acting(lived.owner):
                assert sorted(Record.objects.values_list("serial", flat=True)) == [1, 2]
                # Found at once by what was read in, and by a misspelt word when the job of every minute has learnt.
                assert [one.title.split(";")[0] for one in search("lekplatsen").items] == ["=Lekplatsen"]
                assert search("lekplasten").items == []
                learn_words()
                assert [one.title.split(";")[0] for one in search("lekplasten").items] == ["=Lekplatsen"]
                assert not Item.objects.filter(owner=lived.sotenas, level=Level.ORGANISATION).exists()
            seal(lived.tanum.id)
            with lived.acting(lived.owner):
                assert (verify_log().seals, verify_log().faults) == (2, [])
            with lived.acting(lived.stranger):
                assert not Item.objects.filter(owner=lived.tanum).exists()
    finally:
        settings.FILES_DIR, settings.PERSONAL_DATA_KEY = old_files, old_key
        encryption._derived.cache_clear()


def rows_of(folder: Path, table: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / f"{table}.jsonl").read_text().splitlines()]


@live
def test_what_is_adopted_of_another_comes_along_to_be_read(lived: World, tmp_path: Path) -> None:
    """Sotenäs ended the share, and shared another that Tanum declined: the first goes on being read, the second not."""
    adopted, pin = shared_guideline(lived, lived.tanum.id, by=lived.stranger)
    declined, other = shared_guideline(lived, lived.tanum.id, by=lived.stranger)
    with lived.acting(lived.owner):
        own = adopt(Item.objects.get(id=adopted.id), by=lived.owner, reason="Den passar oss")
        decline(Item.objects.get(id=declined.id), by=lived.owner, reason="Vi har en egen")
    with lived.acting(lived.stranger):
        for share in Share.objects.filter(item__in=[adopted, declined]):
            end_sharing(share, by=lived.stranger, reason="Vi skriver om den")
    before = export(tmp_path / "before", lived.tanum)
    outside = tmp_path / "before/andras"
    versions = {row["id"]: row for row in rows_of(outside, "kernel_documentversion")}
    assert set(versions) == {str(pin.id), str(other.id)}
    assert versions[str(pin.id)]["fields"] == pin.fields
    assert (versions[str(other.id)]["title"], versions[str(other.id)]["fields"]) == ("", [])
    assert versions[str(other.id)]["owner_id"] == str(lived.sotenas.id)
    assert {
        row["title"] for row in rows_of(outside, "kernel_item") if row["id"] in map(str, (adopted.id, declined.id))
    } == {""}
    assert before["unreadable"] == sorted(
        [f"kernel_documentversion {other.id}", *(f"kernel_document {one.id}" for one in (adopted, declined))]
    )
    with new_installation():
        import_organisation(tmp_path / "before")
        migrate()
        connections.close_all()
        after = export(tmp_path / "after", lived.tanum)
        assert {name: one["digest"] for name, one in after["tables"].items()} == {
            name: one["digest"] for name, one in before["tables"].items()
        }
        assert (after["foreign"], after["unreadable"]) == (before["foreign"], before["unreadable"])
        with lived.acting(lived.owner):
            there = Adoption.objects.get(item_id=own.item_id)
            version = pinned(there)
            assert version is not None
            assert {one.key: one.value for one in effective_text(there, version)}["rules"] == "Svara inom två dagar."


@live
def test_people_who_wait_and_companies_come_along_and_log_ins_and_addresses_do_not(
    lived: World, tmp_path: Path
) -> None:
    waiting = lived.resident_at(lived.tanum)
    assert waiting.person is not None
    with lived.acting(waiting):
        ask_for_access(
            waiting.person, by=waiting, identity=Identity("https://i", "s", "Rut", number="", assurance="low")
        )
        leave_address(by=waiting, address="rut@hemma.example")
    with lived.acting(lived.owner):
        register_mandate(
            by=lived.owner,
            kind="company",
            ground="register",
            principal=Firm("5560125790", "Firman AB"),
            agent=Named("191212121212", "Bo Firmatecknare"),
            terms=Terms(NOW.date()),
            reason="Registreringsbevis",
        )
    sign_in(lived.owner)
    manifest = export(tmp_path / "tanum", lived.tanum)
    folder = tmp_path / "tanum"
    assert [one["name"] for one in rows_of(folder / "data", "kernel_company")] == ["Firman AB"]
    people = {row["name"] for row in rows_of(folder / "personuppgifter", "kernel_person")}
    assert people >= {"Bo Firmatecknare", "Olle Ägare"}
    assert str(waiting.person) in {row["id"] for row in rows_of(folder / "personuppgifter", "kernel_person")}
    assert (
        set(manifest["tables"]) & {"kernel_signin", "kernel_emailaddress", "kernel_delivery", "kernel_dataexport"}
        == set()
    )
    assert "rut@hemma.example" not in "".join(
        path.read_text() for path in folder.rglob("*") if path.suffix in (".jsonl", ".csv")
    )
    with new_installation():
        import_organisation(folder)
        migrate()


@live
@pytest.mark.parametrize("slug", ["tanum", "fyrbodal"])
def test_the_example_moves_whole(slug: str, tmp_path: Path, settings: Any, db: None) -> None:
    """A year of life in four engines, out and in again, table by table."""
    from medskick.demo.build import build
    from medskick.demo.region import PEOPLE

    build(say=lambda text: None)
    organisation = Organisation.objects.get(slug=slug)
    seal(organisation.id)
    before = export(tmp_path / "before", organisation)
    assert sum(1 for one in before["tables"].values() if one["rows"]) >= 25
    settings.FILES_DIR = tmp_path / "files"
    with new_installation(slug):
        import_organisation(tmp_path / "before")
        migrate()
        connections.close_all()
        after = export(tmp_path / "after", organisation)
        assert {name: one["digest"] for name, one in after["tables"].items()} == {
            name: one["digest"] for name, one in before["tables"].items()
        }
        with scope(system(organisation.id).scope()):
            assert verify_log().faults == []
        born = next(one for one in PEOPLE if one.key == ("birgit" if slug == "tanum" else "anders"))
        assert find_person_by_number(born.number) is not None


@live
def test_what_is_not_whole_or_does_not_fit_is_refused_untouched(lived: World, tmp_path: Path) -> None:
    export(tmp_path / "tanum", lived.tanum)
    with pytest.raises(ImportRefused, match="needs an empty one"):
        import_organisation(tmp_path / "tanum")
    with pytest.raises(ImportRefused, match="no manifest"):
        import_organisation(tmp_path)
    with new_installation():
        changed = tmp_path / "changed"
        shutil.copytree(tmp_path / "tanum", changed)
        (changed / "data/kernel_link.jsonl").write_text("")
        with pytest.raises(ImportRefused, match="är ändrad"):
            import_organisation(changed)
        other = tmp_path / "other"
        shutil.copytree(tmp_path / "tanum", other)
        manifest = json.loads((other / "manifest.json").read_text())
        manifest["migrations"].append("kernel.9999_later")
        (other / "manifest.json").write_text(json.dumps(manifest))
        with pytest.raises(ImportRefused, match="another version"):
            import_organisation(other)
        assert not Organisation.objects.exists()


@live
def test_after_an_import_row_security_and_the_logs_triggers_stand_again(lived: World, tmp_path: Path) -> None:
    export(tmp_path / "tanum", lived.tanum)
    with new_installation():
        import_organisation(tmp_path / "tanum")
        connections.close_all()
        with connections["owner"].cursor() as cursor:
            cursor.execute("select count(*) from pg_class where relname like 'kernel\\_%' and relforcerowsecurity")
            forced = cursor.fetchone()[0]
            cursor.execute("select count(*) from pg_trigger where not tgisinternal and tgenabled = 'D'")
            assert cursor.fetchone() == (0,)
            cursor.execute("select count(*) from kernel_item")
            assert cursor.fetchone() == (0,)  # the owner of the tables is bound again
        assert forced > 20
        assert path_of("0" * 64).name == "0" * 64
        with lived.acting(lived.owner):
            assert LogEntry.objects.exists()
