"""Following somebody in the log: for a reason, only in one's own organisation, and itself logged."""

import csv
import io
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from medskick.kernel.log.actions import log_read, seal_log
from medskick.kernel.log.models import LogEntry
from medskick.kernel.operation.jobs import check_log
from medskick.kernel.operation.log_queries import LogRow
from medskick.kernel.operation.log_words import phrase_of
from medskick.kernel.operation.models import LogCheck, LogLook
from medskick.kernel.organisations.scope import Scope, scope
from medskick.kernel.people.actions import make_known
from medskick.kernel.records.actions import change_item, create_item, register
from medskick.kernel.records.models import Item, Level, Record
from medskick.kernel.tests.world import World, make_world, page_queries, wait_for_open_transactions
from medskick.lib.personal_number import example_number

pytestmark = pytest.mark.django_db
SEARCH = "/arbete/administration/logg"


@pytest.fixture
def world(db: None) -> World:
    world = make_world()
    with world.acting(world.owner):
        item = create_item(by=world.owner, kind="kernel.document", title="Lekplatsen")
        register(item, by=world.owner)
        change_item(item, by=world.owner, verb="item.shared", level=Level.REGION)
    with world.acting(world.stranger):
        create_item(by=world.stranger, kind="kernel.document", title="Hos grannen")
    return world


def look(client: Client, about: str, key: str, reason: str = "Tillsyn", **more: str) -> str:
    answer = client.post(SEARCH, {"about": about, "key": key, "reason": reason, **more})
    assert answer.status_code == 302, answer.content.decode()
    return answer["Location"]


def rows_of(answer: Any) -> list[LogRow]:
    rows: list[LogRow] = answer.context["page"].rows
    return rows


def test_a_colleague_is_followed_by_name_in_plain_words(world: World) -> None:
    client = world.client(world.colleague)
    page = client.get(look(client, "staff", "olle")).content.decode()
    assert "Olle Ägare" in page
    assert "Handläggare, Samhällsbyggnad" in page
    assert "började på dokumentet" in page
    assert "registrerade" in page
    assert "delade" in page
    assert "Lekplatsen" in page
    assert "inte än" in page
    assert "Hos grannen" not in page


def test_a_kind_without_words_of_its_own_lends_its_name() -> None:
    assert phrase_of("kernel.adoption.created") == "tog ställning till någon annans dokument"
    assert phrase_of("item.share_ended") == "avslutade en delning"
    assert phrase_of("what.nobody_knows") == "what.nobody_knows"


def test_the_look_itself_is_logged_with_whom_and_its_reason_is_kept(world: World) -> None:
    client = world.client(world.colleague)
    look(client, "staff", "Olle Ägare", reason="Klagomål, nummer 19121212-1212")
    with world.acting(world.colleague):
        (entry,) = LogEntry.objects.filter(verb="log.looked")
        (kept,) = LogLook.objects.all()
    assert entry.person == world.colleague.person
    assert world.owner.person in entry.references
    assert kept.reason.startswith("Klagomål, nummer ")
    assert "1212-1212" not in kept.reason
    page = client.get(look(client, "staff", "karin")).content.decode()
    assert "sökte i loggen" in page


def test_without_a_reason_nothing_is_shown(world: World) -> None:
    answer = world.client(world.colleague).post(SEARCH, {"about": "staff", "key": "olle", "reason": " "})
    assert answer.status_code == 422
    assert "Skriv varför du söker." in answer.content.decode()
    with world.acting(world.colleague):
        assert not LogEntry.objects.filter(verb="log.looked").exists()


def test_an_item_is_followed_by_trace_number_and_by_diary_number(world: World) -> None:
    client = world.client(world.colleague)
    with world.acting(world.owner):
        item = Item.objects.select_related("record").get(title="Lekplatsen")
    for key in (item.number, item.number.lower(), item.record.diary_number):
        assert "registrerade" in client.get(look(client, "item", key)).content.decode()
    for wrong in ("T 2026-99999", "ZZZZ", "- -"):
        answer = client.post(SEARCH, {"about": "item", "key": wrong, "reason": "Tillsyn"})
        assert answer.status_code == 422


def test_a_resident_is_followed_by_her_number_which_stands_in_no_address(world: World) -> None:
    number = example_number(date(1943, 5, 14), 238).number12
    with scope(Scope(world.tanum.id)):
        resident = make_known(name="Ingrid Hallberg", number=number)
    with world.acting(world.owner):
        log_read(world.owner, "case", [resident.id])
    client = world.client(world.colleague)
    address = look(client, "number", number)
    assert number not in address
    page = client.get(address).content.decode()
    assert "Ingrid Hallberg" not in page  # a name that this auditor may not read
    assert "Olle Ägare" in page
    answer = client.post(SEARCH, {"about": "number", "key": "19000101-0000", "reason": "Tillsyn"})
    assert answer.status_code == 422


def test_two_of_the_same_name_are_chosen_among(world: World) -> None:
    from medskick.kernel.tests.world import make_staff

    make_staff(world.tanum, "Olle Andersson")
    client = world.client(world.colleague)
    answer = client.post(SEARCH, {"about": "staff", "key": "olle", "reason": "Tillsyn"})
    page = answer.content.decode()
    assert answer.status_code == 422
    people = re.findall(r'name="person" value="([^"]+)"', page)
    assert len(people) == 2
    assert look(client, "staff", "olle", person=str(world.owner.person))


def test_another_organisations_log_is_closed(world: World) -> None:
    ours = world.client(world.colleague)
    address = look(ours, "staff", "olle")
    theirs = world.client(world.stranger)
    assert theirs.get(address).status_code == 404
    assert world.client(world.owner).get(address).status_code == 404  # another auditor's look, another reason
    page = theirs.post(SEARCH, {"about": "staff", "key": "olle", "reason": "Nyfiken"})
    assert page.status_code == 422
    with world.acting(world.owner):
        number = Item.objects.get(title="Lekplatsen").number
    assert theirs.post(SEARCH, {"about": "item", "key": number, "reason": "Nyfiken"}).status_code == 422


def test_the_definer_function_gives_no_row_of_another_organisation(world: World) -> None:
    from medskick.kernel.operation.log_queries import log_about

    assert world.owner.person is not None
    with world.acting(world.stranger):
        assert log_about(world.owner.person).rows == []
    with scope(Scope(world.tanum.id)):  # a visitor at Tanum's site
        assert log_about(world.owner.person).rows == []
    with world.acting(world.owner):
        verbs = [row.verb for row in log_about(world.owner.person).rows]
    assert verbs == ["item.shared", "record.registered", "kernel.document.created", "employment.began"]


def test_older_rows_follow_by_key_and_none_is_left_out_or_doubled(world: World) -> None:
    from medskick.kernel.operation.log_queries import log_about

    with world.acting(world.owner):
        for number in range(7):
            create_item(by=world.owner, kind="kernel.document", title=f"Nummer {number}")
        assert world.owner.person is not None
        whole = [row.id for row in log_about(world.owner.person).rows]
        read: list[UUID] = []
        before: UUID | None = None
        while True:
            page = log_about(world.owner.person, before=before, size=3)
            read += [row.id for row in page.rows]
            before = page.before
            if before is None:
                break
    assert read == whole
    assert len(whole) == 11
    client = world.client(world.colleague)
    assert client.get(f"{look(client, 'staff', 'olle')}?fore=x").status_code == 404


def test_the_file_holds_the_same_and_is_logged(world: World) -> None:
    client = world.client(world.colleague)
    answer = client.get(f"{look(client, 'staff', 'olle')}/csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert rows[0][:4] == ["När", "Vem", "Som", "Gjorde"]
    assert {row[3] for row in rows[1:]} >= {"började på dokumentet", "registrerade", "delade"}
    with world.acting(world.colleague):
        assert LogEntry.objects.filter(verb="log.downloaded").count() == 1


def test_a_list_costs_as_many_queries_with_three_rows_as_with_ten(world: World) -> None:
    client = world.client(world.colleague)
    address = look(client, "staff", "olle")
    few = len(page_queries(client, address))
    with world.acting(world.owner):
        for number in range(7):
            create_item(by=world.owner, kind="kernel.document", title=f"Nummer {number}")
            hidden = {"level": Level.PARTIES, "readers": [world.owner.person]}
            create_item(by=world.owner, kind="kernel.document", title=f"Dold {number}", **hidden)
    assert len(page_queries(client, f"{address}?handelse=kernel.document.created")) == few
    assert len(page_queries(client, address)) == few <= 12


def test_a_look_is_filtered_by_days_and_by_event(world: World) -> None:
    client = world.client(world.colleague)
    address = look(client, "staff", "olle")
    today, tomorrow = timezone.localdate(), timezone.localdate() + timedelta(days=1)
    shared = rows_of(client.get(f"{address}?handelse=item.shared"))
    assert {row.verb for row in shared} == {"item.shared"}
    assert rows_of(client.get(f"{address}?fran={today}&till={today}&handelse="))
    nothing = client.get(f"{address}?fran={tomorrow}")
    assert rows_of(nothing) == []
    assert "Ingen händelse passar det du valde." in nothing.content.decode()
    file = client.get(f"{address}/csv?handelse=item.shared").content.decode("utf-8-sig")
    assert "delade" in file
    assert "registrerade" not in file


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("fran=i-går", "Från och med"),
        ("fran=9999-12-31", "Välj en dag mellan år"),
        ("till=0001-01-01", "Välj en dag mellan år"),
        ("fran=2026-02-02&till=2026-02-01", "ligger före den första"),
        ("handelse=finns.inte", "Välj en händelse i listan."),
        ("fran=%00", "Från och med"),
    ],
)
def test_what_cannot_be_filtered_by_is_told_and_shows_no_rows(world: World, asked: str, told: str) -> None:
    client = world.client(world.colleague)
    address = look(client, "staff", "olle")
    answer = client.get(f"{address}?{asked}")
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert rows_of(answer) == []
    assert client.get(f"{address}/csv?{asked}")["Location"] == f"{address}?{answer.wsgi_request.GET.urlencode()}"


def test_older_rows_keep_the_filter(world: World) -> None:
    with world.acting(world.owner):
        for number in range(51):
            create_item(by=world.owner, kind="kernel.document", title=f"Nummer {number}")
    client = world.client(world.colleague)
    page = client.get(f"{look(client, 'staff', 'olle')}?handelse=kernel.document.created")
    (older,) = re.findall(r'href="(\?[^"]*fore=[^"]+)"', page.content.decode())
    again = client.get(page.wsgi_request.path + older.replace("&amp;", "&"))
    assert {row.verb for row in rows_of(again)} == {"kernel.document.created"}
    assert len(rows_of(again)) == 2


def test_an_item_that_may_not_be_read_is_told_by_kind_organisation_and_number(world: World) -> None:
    """The diary and the trace say as much to everybody; of a sealed one nothing is said."""
    by = world.owner
    with world.acting(by):
        parties = [by.person]
        kept = create_item(by=by, kind="kernel.document", title="Hemligt", level=Level.PARTIES, readers=parties)
        register(kept, by=by)
        create_item(by=by, kind="kernel.document", title="Utkastet", level=Level.PARTIES, readers=parties)
        create_item(by=by, kind="kernel.document", title="Förseglat", level=Level.SEALED, readers=parties)
    with world.acting(by):
        number = Record.objects.get(item_id=kept.id).diary_number
    client = world.client(world.colleague)
    page = client.get(look(client, "staff", "olle"))
    told = {row.item for row in rows_of(page)}
    assert f"Dokument (Tanum, {number}) som du inte får läsa" in told
    assert "Dokument (Tanum) som du inte får läsa" in told
    assert "En handling som du inte får läsa" in told
    for hidden in ("Hemligt", "Utkastet", "Förseglat"):
        assert hidden not in page.content.decode()
    with world.acting(world.stranger), connection.cursor() as cursor:
        cursor.execute("select count(*) from log_items(%s)", [[kept.id]])
        assert cursor.fetchone() == (0,), "what is not in one's own log is not told"


def test_a_row_without_an_item_tells_what_it_refers_to(world: World) -> None:
    by = world.owner
    with world.acting(by):
        hidden = {"level": Level.PARTIES, "readers": [by.person]}
        made = [create_item(by=by, kind="kernel.document", title=f"Dold {one}", **hidden) for one in range(4)]
        log_read(by, "document", [one.id for one in made])
    client = world.client(world.colleague)
    (row,) = [one for one in rows_of(client.get(look(client, "staff", "olle"))) if one.verb == "document.read"]
    assert row.item == "; ".join(["Dokument (Tanum) som du inte får läsa"] * 3 + ["och 1 till"])


def test_the_years_of_the_log_are_always_said(world: World) -> None:
    client = world.client(world.colleague)
    assert f" {timezone.localdate().year} kl." in client.get(look(client, "staff", "olle")).content.decode()


def test_the_wrong_role_is_refused(world: World) -> None:
    assert world.client(world.resident).get(SEARCH).status_code == 403
    assert world.client().get(SEARCH).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_seals_are_checked_by_a_job_and_shown(db: None) -> None:
    world = make_world()
    client = world.client(world.colleague)
    wait_for_open_transactions()
    with scope(world.owner.scope()):
        assert seal_log() is not None
    page = client.get(look(client, "staff", "olle")).content.decode()
    assert "förseglad i nr 1" in page or "säger inget" in page
    answer = client.post(f"{SEARCH}/kontroller")
    waiting = client.get(answer["Location"])
    assert "Kontrollen pågår" in waiting.content.decode()
    assert waiting["Refresh"] == "5"
    from medskick.kernel.organisations.actor import system

    by = system(world.tanum.id)
    with scope(by.scope()):
        check = LogCheck.objects.get()
        check_log.run_now(by=by, check=str(check.id))
    done = client.get(answer["Location"])
    assert "Loggen är hel" in done.content.decode()
    assert "Refresh" not in done
    assert world.client(world.stranger).get(answer["Location"]).status_code == 404


def test_every_verb_that_is_written_has_words() -> None:
    """Found in the code, so that a new verb without words is noticed."""
    root = Path(__file__).resolve().parents[3]
    texts = [path.read_text() for path in root.rglob("*.py") if "tests" not in path.parts]
    written = {verb for text in texts for verb in re.findall(r'\blog\(\s*"([\w.]+)"|verb="([a-z_]+\.[\w.]+)"', text)}
    verbs = {one or other for one, other in written}
    assert len(verbs) > 100
    assert sorted(verb for verb in verbs if phrase_of(verb) == verb) == []
