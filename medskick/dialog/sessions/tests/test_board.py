"""Notes: private until they are shown, sorted into clusters by those who may, and never without their writers."""

import re
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from medskick.dialog.sessions.access import NotPossible
from medskick.dialog.sessions.actions.answering import lift_answer
from medskick.dialog.sessions.actions.asking import add_step, close_step, hide_answer, open_step, show_result
from medskick.dialog.sessions.actions.clustering import (
    dissolve_cluster,
    make_cluster,
    merge_clusters,
    move_notes,
    order_cluster,
    rename_cluster,
)
from medskick.dialog.sessions.models import Answer, Cluster, Placing, SessionRole, Step
from medskick.dialog.sessions.queries import get_answer
from medskick.dialog.sessions.tests.conftest import Room
from medskick.kernel.log.models import LogEntry
from medskick.kernel.people.roles import CASE_OFFICER
from medskick.kernel.tests.world import make_staff

WORK = "/arbete/lyssna"


@pytest.fixture
def notes(room: Room) -> Step:
    """A step of post-its, open in the room."""
    with room.world.acting(room.world.owner):
        step = add_step(room.session, by=room.world.owner, text="Vart ska vi?", kind="post_its", settings={"most": 3})
        open_step(step, by=room.world.owner)
    return step


def write(room: Room, step: Step, phone: Client, text: str, key: str = "") -> object:
    address = f"/tanum/delta/{room.session.code}/svar/{step.id}"
    return phone.post(address, {"text_1": text, "submission_key": key or str(uuid4())})


def written(room: Room, step: Step, *texts: str) -> dict[str, Answer]:
    """Notes of as many phones."""
    for text in texts:
        assert write(room, step, room.world.client(), text).status_code == 302
    with room.world.acting(room.world.owner):
        return {one.text: one for one in Answer.objects.filter(step=step)}


def reveal(room: Room, step: Step) -> None:
    with room.world.acting(room.world.owner):
        show_result(step, by=room.world.owner)


def phone_page(room: Room, phone: Client) -> str:
    return phone.get(f"/tanum/delta/{room.session.code}").content.decode()


def test_a_phone_adds_changes_and_takes_back_its_notes_one_at_a_time(room: Room, notes: Step) -> None:
    phone = room.world.client()
    key = str(uuid4())
    for _ in range(2):
        write(room, notes, phone, "Bredband", key)
    write(room, notes, phone, "Kompetens")
    page = phone_page(room, phone)
    assert "Dina lappar, 2 av 3" in page
    assert "Bara du ser dina lappar" in page
    first = re.findall(r"/eget/([0-9a-f-]{36})\"", page)[0]
    own = f"/tanum/delta/{room.session.code}/eget/{first}"
    assert "Bredband</textarea>" in phone.get(own).content.decode()
    assert phone.post(own, {"text_1": ""}).status_code == 422
    assert phone.post(own, {"text_1": "Fiber till alla"}).status_code == 302
    phone.post(f"{own}/atertagande")
    assert "Fiber" not in phone_page(room, phone)
    write(room, notes, phone, "Ledning")
    with room.world.acting(room.world.owner):
        standing = Answer.objects.standing().filter(step=notes).order_by("slot")
        assert [(one.text, one.slot) for one in standing] == [("Kompetens", 1), ("Ledning", 2)]


def test_more_notes_than_there_is_room_for_are_given_back(room: Room, notes: Step) -> None:
    phone = room.world.client()
    for text in ("Ett", "Två", "Tre"):
        write(room, notes, phone, text)
    assert "Du har skrivit alla dina 3 lappar" in phone_page(room, phone)
    refused = write(room, notes, phone, "Fyra")
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "Du har skrivit så många som får plats" in page and "Fyra</textarea>" in page


@pytest.mark.parametrize("text", ["", "   ", "å" * 20_000, "styr\x00tecken", "vänd\u202etext"])
def test_a_bad_note_is_explained_and_not_stored(room: Room, notes: Step, text: str) -> None:
    refused = write(room, notes, room.world.client(), text)
    assert refused.status_code == 422
    assert "field-error" in refused.content.decode() or "error" in refused.content.decode()
    with room.world.acting(room.world.owner):
        assert Answer.objects.filter(step=notes).count() == 0


def test_emoji_right_to_left_and_a_script_are_the_letters_they_are(room: Room, notes: Step) -> None:
    written(room, notes, "🙂 שלום", "<script>alert(1)</script>")
    reveal(room, notes)
    client = room.world.client(room.world.owner)
    for page in (f"steg/{notes.id}/tavla", f"moten/{room.session.pk}/projektor", f"steg/{notes.id}"):
        text = client.get(f"{WORK}/{page}").content.decode()
        assert "🙂 שלום" in text
        assert "<script>alert" not in text


def test_nobody_reads_a_note_before_it_is_shown(room: Room, notes: Step) -> None:
    found = written(room, notes, "Hemlig tanke")["Hemlig tanke"]
    stranger, other = room.world.client(room.world.stranger), room.world.client()
    staff = room.world.client(room.world.owner)
    pages = [f"steg/{notes.id}", f"steg/{notes.id}/tavla", f"steg/{notes.id}/resultat.csv", f"moten/{room.session.pk}"]
    pages += [f"moten/{room.session.pk}/{rest}" for rest in ("projektor", "svar", "svar.csv")]
    for page in pages:
        got = staff.get(f"{WORK}/{page}")
        assert (got.status_code, "Hemlig" in got.content.decode()) == (200, False), page
        assert stranger.get(f"{WORK}/{page}").status_code == 404, page
    assert staff.get(f"{WORK}/svar/{found.id}").status_code == 404
    assert "Hemlig" not in phone_page(room, other)
    with room.world.acting(room.world.owner):
        assert get_answer(found.id) is None
        with pytest.raises(NotPossible, match="Visa lapparna först"):
            make_cluster(notes, by=room.world.owner, title="Smyg")
    reveal(room, notes)
    for page in pages[:3]:
        assert "Hemlig tanke" in staff.get(f"{WORK}/{page}").content.decode(), page
    assert staff.get(f"{WORK}/svar/{found.id}").status_code == 200
    assert "Hemlig" not in phone_page(room, other)


def test_the_board_sorts_merges_and_keeps_who_wrote(room: Room, notes: Step) -> None:
    found = written(room, notes, "Utbildning", "Kompetensplan", "Fiber", "Bredband")
    reveal(room, notes)
    by = room.world.owner
    with room.world.acting(by):
        skills = make_cluster(notes, by=by, title=" Kompetens ", notes=[found["Utbildning"].id])
        more = make_cluster(notes, by=by, title="Plan", notes=[found["Kompetensplan"].id])
        wires = make_cluster(notes, by=by, title="Kablar", notes=[found["Fiber"].id, found["Bredband"].id])
        rename_cluster(wires, by=by, title="Infrastruktur")
        order_cluster(wires, by=by, to=1)
        assert [one.title for one in Cluster.objects.filter(step=notes)] == ["Infrastruktur", "Kompetens", "Plan"]
        merge_clusters(more, by=by, into=skills)
        within = Answer.objects.filter(cluster=skills)
        assert {one.participant_id for one in within} == {
            found[text].participant_id for text in ("Utbildning", "Kompetensplan")
        }
        assert move_notes(notes, by=by, notes=[found["Fiber"].id], to=None) == 1
        assert move_notes(notes, by=by, notes=[found["Fiber"].id, uuid4()], to=None) == 0
        dissolve_cluster(wires, by=by)
        assert Answer.objects.filter(step=notes, cluster=None).count() == 2
        verbs = set(LogEntry.objects.filter(item=room.session.pk).values_list("verb", flat=True))
        assert {"cluster.made", "cluster.merged", "cluster.moved", "cluster.dissolved", "note.moved"} <= verbs
    csv = room.world.client(by).get(f"{WORK}/steg/{notes.id}/resultat.csv").content.decode("utf-8-sig")
    assert csv.splitlines()[:3] == ["Grupp av lappar;Lapp", "Kompetens;Kompetensplan", "Kompetens;Utbildning"]


def test_what_cannot_be_sorted_says_why(room: Room, notes: Step) -> None:
    found = written(room, notes, "Fiber")
    reveal(room, notes)
    by = room.world.owner
    with room.world.acting(by):
        one = make_cluster(notes, by=by, title="Ett", notes=[found["Fiber"].id])
        for title in ("", "  "):
            with pytest.raises(NotPossible, match="vad gruppen heter"):
                make_cluster(notes, by=by, title=title)
        with pytest.raises(ValueError, match="Korta den"):
            rename_cluster(one, by=by, title="å" * 201)
        with pytest.raises(NotPossible, match="annan grupp"):
            merge_clusters(one, by=by, into=one)
        with pytest.raises(NotPossible, match="ordnas inte"):
            make_cluster(room.step, by=by, title="Moln")
        Placing(step=notes, cluster=one, horizon=3).save(force_insert=True)
        with pytest.raises(NotPossible, match="redan prioriterad"):
            dissolve_cluster(one, by=by)


def test_the_recorder_sorts_and_others_do_not(room: Room, notes: Step) -> None:
    found = written(room, notes, "Fiber")
    reveal(room, notes)
    colleague = make_staff(room.world.tanum, "Ola Antecknare", unit=room.world.unit, roles=[CASE_OFFICER])
    with room.world.acting(colleague), pytest.raises(PermissionDenied):
        make_cluster(notes, by=colleague, title="Nej")
    browser = room.world.client(colleague)
    assert "Flytta markerade till" not in browser.get(f"{WORK}/steg/{notes.id}/tavla").content.decode()
    with room.world.acting(room.world.owner):
        SessionRole(session=room.session, role=SessionRole.RECORDER, person=colleague.person, name="Kollega").save()
    assert "Flytta markerade till" in browser.get(f"{WORK}/steg/{notes.id}/tavla").content.decode()
    with room.world.acting(colleague):
        made = make_cluster(notes, by=colleague, title="Ja", notes=[found["Fiber"].id])
        assert Answer.objects.get(cluster=made).text == "Fiber"
    stranger = room.world.stranger
    with room.world.acting(stranger):
        assert Cluster.objects.count() == 0
        with pytest.raises((PermissionDenied, Cluster.DoesNotExist, room.session.__class__.DoesNotExist)):
            make_cluster(notes, by=stranger, title="Kapad")
    assert room.world.client(stranger).post(f"{WORK}/grupp/{made.id}", {"vad": "upplos"}).status_code == 404


def test_the_board_works_by_its_plain_forms(room: Room, notes: Step) -> None:
    found = written(room, notes, "Fiber", "Bredband", "Bredbandet på landet", "Kompetens")
    reveal(room, notes)
    client, page = room.world.client(room.world.owner), f"{WORK}/steg/{notes.id}/tavla"
    assert "2 lappar nämner ”bredband”" in client.get(page).content.decode().replace("\xa0", " ")

    def said(got: object) -> str:
        return client.get(got["Location"]).content.decode().replace("\xa0", " ")  # type: ignore[index]

    given = {"till": "ny", "namn": "Nät", "lapp": [str(found["Bredband"].id), str(found["Fiber"].id)]}
    assert "Gruppen ”Nät” är gjord." in said(client.post(f"{page}/flytt", given))
    with room.world.acting(room.world.owner):
        net = Cluster.objects.get()
    assert "Markera minst en lapp först." in said(client.post(f"{page}/flytt", {"till": str(net.id)}))
    gone = {"till": str(uuid4()), "lapp": str(found["Kompetens"].id)}
    assert "Gruppen finns inte längre" in said(client.post(f"{page}/flytt", gone))
    assert client.get(f"{page}?vy=lista").status_code == 200
    listed = {f"till-{one.id}": str(net.id) for one in found.values()} | {"vy": "lista", "till-skräp": "x"}
    listed[f"till-{found['Kompetens'].id}"] = "ny"
    back = client.post(f"{page}/lista", listed)
    assert back["Location"].endswith("?vy=lista")
    assert "2 lappar flyttade." in said(back)
    with room.world.acting(room.world.owner):
        other = Cluster.objects.get(title="Kompetens")
    group = f"{WORK}/grupp/{other.id}"
    assert "fått ett nytt namn" in said(client.post(group, {"vad": "namn", "namn": "Lära"}))
    assert "vad gruppen heter" in said(client.post(group, {"vad": "namn", "namn": ""}))
    assert "Skriv platsen som ett tal" in said(client.post(group, {"vad": "plats", "plats": "förste"}))
    assert "Gruppen är flyttad." in said(client.post(group, {"vad": "plats", "plats": "1"}))
    assert "Välj vad du vill göra" in said(client.post(group, {}))
    assert "ihopslagna" in said(client.post(group, {"vad": "ihop", "till": str(net.id)}))
    with room.world.acting(room.world.owner):
        assert Answer.objects.filter(cluster=net).count() == 4


def test_a_hidden_note_is_nowhere_on_the_board_and_its_writer_reads_why(room: Room, notes: Step) -> None:
    phone = room.world.client()
    write(room, notes, phone, "Skvaller")
    written(room, notes, "Fiber")
    reveal(room, notes)
    with room.world.acting(room.world.owner):
        hide_answer(Answer.objects.get(text="Skvaller"), by=room.world.owner, reason="Pekar ut en kollega.")
        step = Step.objects.get(id=notes.id)
        hidden = Answer.objects.get(text="Skvaller")
        assert move_notes(step, by=room.world.owner, notes=[hidden.id], to=None) == 0
    client = room.world.client(room.world.owner)
    for page in (f"steg/{notes.id}/tavla", f"moten/{room.session.pk}/projektor", f"steg/{notes.id}/resultat.csv"):
        assert "Skvaller" not in client.get(f"{WORK}/{page}").content.decode()
    assert "1 lapp är dold" in client.get(f"{WORK}/steg/{notes.id}/tavla").content.decode()
    assert "Pekar ut en kollega." in phone_page(room, phone)


def test_the_wall_shows_numbers_first_and_then_the_clusters_without_names(room: Room, notes: Step) -> None:
    found = written(room, notes, "Fiber", "Bredband")
    client, wall = room.world.client(room.world.owner), f"{WORK}/moten/{room.session.pk}/projektor"
    before = client.get(wall).content.decode()
    assert "lappar skrivna" in before and "Fiber" not in before
    reveal(room, notes)
    with room.world.acting(room.world.owner):
        make_cluster(notes, by=room.world.owner, title="Nät", notes=[one.id for one in found.values()])
    after = client.get(wall).content.decode()
    assert "<h2>Nät" in after and "Fiber" in after
    with room.world.acting(room.world.owner):
        show_result(notes, by=room.world.owner, shown=False)
    assert "Fiber" not in client.get(wall).content.decode()


def test_the_fresh_part_of_the_phone_tells_when_notes_are_shown_and_where_they_lie(room: Room, notes: Step) -> None:
    phone = room.world.client()
    write(room, notes, phone, "Fiber")
    part = f"/tanum/delta/{room.session.code}/nytt/{notes.id}"
    assert "Bara du ser dina lappar" in phone.get(part).content.decode()
    reveal(room, notes)
    with room.world.acting(room.world.owner):
        one = Answer.objects.get(step=notes)
        make_cluster(notes, by=room.world.owner, title="Nät", notes=[one.id])
    shown = phone.get(part).content.decode()
    assert "visas nu för alla" in shown and "Ligger i gruppen ”Nät”" in shown and "<html" not in shown
    assert phone.get(f"/tanum/delta/{room.session.code}/nytt/{room.step.id}").status_code == 404


def test_another_phone_and_a_late_one_change_nothing(room: Room, notes: Step) -> None:
    phone = room.world.client()
    write(room, notes, phone, "Fiber")
    with room.world.acting(room.world.owner):
        one = Answer.objects.get(step=notes)
    own = f"/tanum/delta/{room.session.code}/eget/{one.id}"
    other = room.world.client()
    write(room, notes, other, "Annat")
    assert other.get(own).status_code == 404
    assert other.post(f"{own}/atertagande").status_code == 404
    with room.world.acting(room.world.owner):
        close_step(notes, by=room.world.owner)
    late = phone.post(own, {"text_1": "För sent"})
    assert late.status_code == 422
    assert "För sent</textarea>" in late.content.decode() and "stängdes" in late.content.decode()
    phone.post(f"{own}/atertagande")
    with room.world.acting(room.world.owner):
        assert Answer.objects.get(id=one.id).withdrawn_at is None


def test_a_note_that_was_taken_up_stays(room: Room, notes: Step) -> None:
    phone = room.world.client()
    write(room, notes, phone, "Fiber")
    reveal(room, notes)
    with room.world.acting(room.world.owner):
        one = Answer.objects.get(step=notes)
        lift_answer(one, by=room.world.owner)
    back = phone.post(f"/tanum/delta/{room.session.code}/eget/{one.id}/atertagande")
    assert "redan tagits upp" in phone.get(back["Location"]).content.decode()
