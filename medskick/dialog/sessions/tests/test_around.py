"""Changing a plan, pausing, the states after, roles, the list of those invited, reading and what came afterwards."""

from collections.abc import Callable
from dataclasses import astuple, replace
from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from medskick.dialog.sessions import around
from medskick.dialog.sessions.access import NotPossible, may_record
from medskick.dialog.sessions.actions.asking import add_step
from medskick.dialog.sessions.actions.inviting import Invited, add_attending, invite, note_attendance, remove_invited
from medskick.dialog.sessions.actions.planning import (
    cancel_session,
    change_plan,
    confirm_session,
    end_session,
    open_session,
    pause_session,
    plan_session,
    summarise_session,
)
from medskick.dialog.sessions.actions.reading import add_reading, mark_read, remove_reading
from medskick.dialog.sessions.actions.roles import give_role
from medskick.dialog.sessions.actions.submitting import accept_submission, reject_submission, take_in
from medskick.dialog.sessions.models import (
    Answer,
    Attendance,
    JoinCode,
    LiveSession,
    Participant,
    PreReading,
    ReadMark,
    SessionRole,
    Submission,
)
from medskick.dialog.sessions.pasting import PastedNeed
from medskick.dialog.sessions.queries import open_step_of, session_of_code
from medskick.dialog.sessions.tests.conftest import DAY, Room
from medskick.kernel.log.models import LogEntry
from medskick.kernel.organisations.scope import Scope, scope
from medskick.kernel.records.models import Item, Level
from medskick.kernel.tests.world import World, make_staff
from medskick.lib.dates import STOCKHOLM, today_here

WORK = "/arbete/lyssna"
AT = datetime(2026, 9, 17, 15, tzinfo=STOCKHOLM)


def planned(world: World, **more: object) -> LiveSession:
    with world.acting(world.owner):
        return plan_session(by=world.owner, title="Möte", held_on=DAY, **more)


def test_a_planned_session_is_changed_and_its_item_with_it(world: World) -> None:
    session = planned(world)
    with world.acting(world.owner):
        change_plan(
            session, by=world.owner, title="Nytt namn", held_on=DAY + timedelta(days=7), purpose="Varför", public=True
        )
        found = LiveSession.objects.select_related("item").get()
        assert (found.title, found.purpose, found.held_on) == ("Nytt namn", "Varför", DAY + timedelta(days=7))
        assert (found.item.title, found.item.level) == ("Nytt namn", Level.PUBLIC)
        change_plan(session, by=world.owner, title="Nytt namn", held_on=DAY)
        assert Item.objects.get().level == Level.ORGANISATION
        with pytest.raises(NotPossible, match="före den första"):
            change_plan(session, by=world.owner, title="X", held_on=DAY, last_day=DAY - timedelta(days=1))
        assert LogEntry.objects.filter(verb="session.changed").count() == 2
    with world.acting(world.stranger), pytest.raises(PermissionDenied):
        change_plan(session, by=world.stranger, title="Kapat", held_on=DAY)


def test_the_network_of_a_session_follows_the_change(world: World) -> None:
    by = world.regional
    with world.acting(by):
        session = plan_session(by=by, title="Möte", held_on=DAY, network=world.network)
    with world.acting(world.owner):
        assert LiveSession.objects.filter(pk=session.pk).exists()
    with world.acting(by):
        change_plan(session, by=by, title="Möte", held_on=DAY)
    with world.acting(world.owner):
        assert not LiveSession.objects.filter(pk=session.pk).exists()
    with world.acting(by):
        change_plan(session, by=by, title="Möte", held_on=DAY, network=world.network)
    with world.acting(world.owner):
        assert LiveSession.objects.filter(pk=session.pk).exists()


def test_what_a_phone_was_promised_is_not_changed(room: Room) -> None:
    room.say("Ada", "Trygghet")
    by = room.world.owner
    with room.world.acting(by):
        change_plan(room.session, by=by, title="Annat namn", held_on=DAY)
        with pytest.raises(NotPossible, match="redan gått med"):
            change_plan(room.session, by=by, title="Annat namn", held_on=DAY, anonymity="named")
        with pytest.raises(NotPossible, match="har börjat"):
            change_plan(room.session, by=by, title="Annat namn", held_on=DAY + timedelta(days=1))
        end_session(room.session, by=by)
        with pytest.raises(NotPossible, match="genomfört och kan inte ändras"):
            change_plan(room.session, by=by, title="För sent", held_on=DAY)


def test_a_pause_keeps_the_code_and_tells_the_day(room: Room) -> None:
    by, phone = room.world.owner, room.world.client()
    later = (AT + timedelta(days=1)).date()
    with room.world.acting(by):
        with pytest.raises(NotPossible, match="redan varit"):
            pause_session(room.session, by=by, continues_on=date(2026, 9, 16), at=AT)
        paused = pause_session(room.session, by=by, continues_on=later, at=AT)
        assert pause_session(paused, by=by).state == LiveSession.PAUSED
        assert (paused.last_day, paused.code, open_step_of(paused)) == (later, room.session.code, None)
        assert JoinCode.objects.get().code == room.session.code
        assert around.continues_on(paused) == later
    page = phone.get(f"/tanum/delta/{room.session.code}").content.decode()
    assert "Mötet är pausat" in page
    assert "18 september" in page
    refused = phone.post(f"/tanum/delta/{room.session.code}/svar/{room.step.id}", {"answer": "Smyg"})
    assert refused.status_code in (302, 409)
    with room.world.acting(by):
        assert Answer.objects.count() == 0
        resumed = open_session(paused, by=by)
        assert (resumed.state, resumed.code, around.continues_on(resumed)) == (
            LiveSession.OPEN,
            room.session.code,
            None,
        )
        assert LogEntry.objects.filter(verb="session.resumed").count() == 1
        assert session_of_code(room.session.code) is not None


def test_held_then_summarised_then_confirmed_and_no_other_way(room: Room) -> None:
    by = room.world.owner
    browser = room.world.client(by)
    page = f"{WORK}/moten/{room.session.pk}"
    with room.world.acting(by):
        with pytest.raises(NotPossible):
            summarise_session(room.session, by=by)
        end_session(room.session, by=by)
        with pytest.raises(NotPossible):
            confirm_session(room.session, by=by)
    with room.world.acting(room.world.stranger), pytest.raises(PermissionDenied):
        summarise_session(room.session, by=room.world.stranger)
    assert "Mötet är sammanfattat" in browser.get(page).content.decode()
    assert browser.post(f"{page}/sammanfattning").status_code == 302
    assert "Bekräfta mötet" in browser.get(page).content.decode()
    assert browser.post(f"{page}/bekraftelse").status_code == 302
    with room.world.acting(by):
        session = LiveSession.objects.get()
        assert confirm_session(session, by=by).state == LiveSession.CONFIRMED
        assert [one.by_name for one in session.transitions.order_by("at")] == ["Olle Ägare"] * 4


def test_opening_before_the_day_asks_first(world: World) -> None:
    browser = world.client(world.owner)
    with world.acting(world.owner):
        session = plan_session(by=world.owner, title="Sedan", held_on=today_here() + timedelta(days=9))
    asked = browser.post(f"{WORK}/moten/{session.pk}/oppning")
    assert asked.status_code == 200
    assert "Öppna mötet redan nu?" in asked.content.decode()
    with world.acting(world.owner):
        assert LiveSession.objects.get().state == LiveSession.PLANNED
    assert browser.post(f"{WORK}/moten/{session.pk}/oppning", {"tidigt": "ja"}).status_code == 302
    with world.acting(world.owner):
        assert LiveSession.objects.get().state == LiveSession.OPEN


def test_a_cancelled_public_session_says_why(world: World) -> None:
    with world.acting(world.owner):
        session = plan_session(by=world.owner, title="Kväll", held_on=today_here() + timedelta(days=3), public=True)
        cancel_session(session, by=world.owner, reason="För få kunde komma.")
    visitor = world.client()
    assert "inställt" in visitor.get("/tanum/tyck-till").content.decode()
    assert "För få kunde komma." in visitor.get(f"/tanum/tyck-till/moten/{session.pk}").content.decode()


def test_a_colleague_takes_over_and_another_records(world: World) -> None:
    session = planned(world)
    plain = make_staff(world.tanum, "Pia Penna", roles=())
    with world.acting(world.owner):
        assert around.roles_of(session)["facilitator"].name == "Olle Ägare"
        give_role(session, by=world.owner, role="facilitator", person=world.colleague.person, name="Karin Kollega")
        assert around.roles_of(session)["facilitator"].name == "Karin Kollega"
        with pytest.raises(NotPossible, match="rollen mötesledare"):
            give_role(session, by=world.owner, role="facilitator", person=plain.person, name="Pia Penna")
        with pytest.raises(NotPossible, match="arbetar inte hos er"):
            give_role(session, by=world.owner, role="recorder", person=world.stranger.person, name="Sten")
        assert not may_record(plain, session)
        give_role(session, by=world.owner, role="recorder", person=plain.person, name="Pia Penna")
        assert may_record(plain, session)
        assert not may_record(world.stranger, session)
    with world.acting(plain):
        assert len(invite(session, by=plain, people=[Invited("Anna Berg", world.tanum)])) == 1
        with pytest.raises(PermissionDenied):
            give_role(session, by=plain, role="facilitator", person=plain.person, name="Pia Penna")
    with world.acting(world.owner):
        give_role(session, by=world.owner, role="recorder", person=world.owner.person, name="Olle Ägare")
        assert not may_record(plain, session)
        assert SessionRole.objects.count() == 4


def test_the_hand_over_page_gives_the_role(world: World) -> None:
    session, browser = planned(world), world.client(world.owner)
    page = f"{WORK}/moten/{session.pk}/ansvar"
    assert "Karin Kollega" in browser.get(page).content.decode()
    sent = browser.post(page, {"role": "facilitator", "person": str(world.colleague.person)})
    assert sent.status_code == 302
    assert "Karin Kollega" in browser.get(f"{WORK}/moten/{session.pk}").content.decode()
    assert browser.post(page, {"role": "facilitator", "person": str(world.stranger.person)}).status_code == 422
    assert world.client(world.stranger).get(page).status_code == 404


def test_invited_are_ticked_and_counted_by_municipality(world: World) -> None:
    session = planned(world, place="hybrid")
    browser = world.client(world.owner)
    page = f"{WORK}/moten/{session.pk}/deltagare"
    pasted = "Anna Berg, Tanum\nBo Ek, Sotenäs kommun\nKarin Kollega, Tanum\nUno Okänd, Atlantis"
    sent = browser.post(f"{page}/inbjudan", {"text": pasted}, follow=True).content.decode()
    assert "personer är inbjudna" in sent
    assert "Atlantis" in sent
    assert "redan på listan" in browser.post(f"{page}/inbjudan", {"text": pasted}, follow=True).content.decode()
    assert browser.post(f"{page}/inbjudan", {"text": ""}).status_code == 422
    with world.acting(world.owner):
        rows = {one.name: one for one in around.attending(session)}
        assert list(rows) == ["Bo Ek", "Anna Berg", "Karin Kollega", "Uno Okänd"]
        assert rows["Karin Kollega"].person == world.colleague.person
    for name, presence in (("Anna Berg", "rum"), ("Bo Ek", "distans"), ("Uno Okänd", "nej")):
        address = f"{WORK}/deltagare/{rows[name].id}/narvaro"
        assert browser.post(address, {"narvaro": presence}).status_code == 302
    assert browser.post(f"{WORK}/deltagare/{rows['Bo Ek'].id}/narvaro", {"narvaro": "kanske"}).status_code == 302
    browser.post(f"{page}/kom", {"name": "Siv Sen", "organisation": str(world.tanum.id)})
    with world.acting(world.owner):
        told = [astuple(one) for one in around.turnout_of(around.attending(session))]
        assert told == [("Sotenäs", 1, 1, 1, 0), ("Tanum", 2, 2, 0, 0), ("", 1, 0, 0, 1)]
    file = browser.get(f"{WORK}/moten/{session.pk}/narvaro.csv").content.decode("utf-8-sig")
    assert file.splitlines()[1] == "Sotenäs;1;1;1;0"
    assert "Anna" not in file


def test_names_are_encrypted_and_for_the_holders_staff_alone(world: World) -> None:
    session = planned(world, public=True)
    with world.acting(world.owner):
        invite(session, by=world.owner, people=[Invited("Anna Berg", world.tanum)])
        with connection.cursor() as cursor:
            cursor.execute("select name::text from dialog_attendance")
            assert "Anna" not in str(cursor.fetchall())
    with world.acting(world.stranger):
        assert Attendance.objects.count() == 0
    assert world.client(world.stranger).get(f"{WORK}/moten/{session.pk}/deltagare").status_code == 403
    screen = world.client(world.owner).get(f"{WORK}/moten/{session.pk}/projektor").content.decode()
    assert "Anna" not in screen


def test_somebody_put_there_by_mistake_is_taken_off(world: World) -> None:
    session = planned(world)
    with world.acting(world.owner):
        (one,) = invite(session, by=world.owner, people=[Invited("Fel Person")])
        note_attendance(one, by=world.owner, present=True)
        with pytest.raises(NotPossible, match="avprickad"):
            remove_invited(one, by=world.owner)
        note_attendance(one, by=world.owner, present=None)
        remove_invited(one, by=world.owner)
        assert Attendance.objects.count() == 0
        cancel_session(session, by=world.owner, reason="Sjukdom.")
        session.refresh_from_db()
        with pytest.raises(NotPossible, match="inställt"):
            add_attending(session, by=world.owner, one=Invited("Sen"))


def test_the_invited_say_that_they_have_read(world: World) -> None:
    session = planned(world)
    with world.acting(world.owner):
        reading = add_reading(session, by=world.owner, title="Trendrapport", address="https://exempel.example/trend")
        assert add_reading(session, by=world.owner, title="Igen", address="https://exempel.example/trend") == reading
        invite(session, by=world.owner, people=[Invited("Karin Kollega", world.tanum, world.colleague.person)])
    colleague = world.client(world.colleague)
    assert "Trendrapport" in colleague.get("/arbete").content.decode()
    assert "Trendrapport" not in world.client(world.owner).get("/arbete").content.decode()
    with world.acting(world.owner), pytest.raises(PermissionDenied):
        mark_read(reading, by=world.owner)
    assert colleague.post(f"{WORK}/lasning/{reading.id}/last", {"fran": "dag"})["Location"].endswith("/arbete")
    colleague.post(f"{WORK}/lasning/{reading.id}/last")
    assert "Trendrapport" not in colleague.get("/arbete").content.decode()
    with world.acting(world.owner):
        assert ReadMark.objects.count() == 1
        (told,) = around.readings_of(session, world.owner.person, around.attending(session))
        assert (told.mine, told.read, told.unread) == (False, 1, ())
        with pytest.raises(NotPossible, match="redan läst"):
            remove_reading(reading, by=world.owner)


def test_a_member_of_the_network_elsewhere_reads_too(world: World) -> None:
    with world.acting(world.regional):
        session = plan_session(by=world.regional, title="Nätverk", held_on=DAY, network=world.network)
        reading = add_reading(session, by=world.regional, title="Trend", address="https://exempel.example/")
    assert "Trend" in world.client(world.owner).get("/arbete").content.decode()
    with world.acting(world.owner):
        mark_read(reading, by=world.owner)
    with world.acting(world.regional):
        assert around.readings_of(session, None, [])[0].read == 1
    assert world.client(world.owner).get(f"{WORK}/moten/{session.pk}/lasning").status_code == 200


@pytest.mark.parametrize("where", ["javascript://alert(1)", "struntprat", "https://", "ftp://exempel.example/a"])
def test_a_reading_that_leads_nowhere_is_explained(world: World, where: str) -> None:
    session, browser = planned(world), world.client(world.owner)
    page = f"{WORK}/moten/{session.pk}/lasning"
    assert browser.post(f"{page}/ny", {"title": "Fel", "where": where}).status_code == 422
    number = session.item.number
    assert browser.post(f"{page}/ny", {"title": "Vårt eget", "where": number}).status_code == 302
    with world.acting(world.owner):
        assert PreReading.objects.get().item_id == session.pk


def came_in(room: Room, *texts: str) -> list[Submission]:
    by = room.world.owner
    needs = [PastedNeed(text) for text in texts]
    with room.world.acting(by):
        return take_in(room.session, by=by, needs=needs, channel="mail", received_on=DAY, sender="anna@exempel.example")


def test_what_came_by_mail_is_compared_accepted_or_rejected(room: Room) -> None:
    by = room.world.owner
    room.say("Ada", "Bättre mobiltäckning i skärgården")
    first, second = came_in(room, "mobiltäckningen i skärgården behöver bli bättre", "Fler cykelvägar")
    with room.world.acting(by):
        told = around.late_needs_of(room.session)
        assert [[other.text for other in one.alike] for one in told] == [["Bättre mobiltäckning i skärgården"], []]
        with pytest.raises(NotPossible, match="Skriv varför"):
            reject_submission(first, by=by, reason=" ")
        reject_submission(first, by=by, reason="Sades redan i mötet.")
        with pytest.raises(NotPossible, match="redan avgjort"):
            accept_submission(first, by=by, step=room.step)
        answer = accept_submission(second, by=by, step=room.step)
        assert accept_submission(second, by=by, step=room.step) == answer
        assert (answer.text, answer.participant.channel, answer.participant.address) == (
            "Fler cykelvägar",
            "mail",
            None,
        )
        look = add_step(room.session, by=by, kind="presentation", text="Titta")
        (third,) = came_in(room, "Ett till")
        with pytest.raises(NotPossible, match="tar inte emot svar i ord"):
            accept_submission(third, by=by, step=look)
        assert [one.accepted for one in around.late_needs_of(room.session)] == [None, False, True]
    with room.world.acting(room.world.stranger):
        assert Submission.objects.count() == 0
        with pytest.raises(PermissionDenied):
            take_in(room.session, by=room.world.stranger, needs=[PastedNeed("X")], channel="mail", received_on=DAY)


def test_the_page_for_what_came_late(room: Room) -> None:
    browser, page = room.world.client(room.world.owner), f"{WORK}/moten/{room.session.pk}/efterat"
    with room.world.acting(room.world.owner):
        LiveSession.objects.update(held_on=date(2024, 9, 17))
    key = "0199a0a0-0000-7000-8000-000000000001"
    given = {"channel": "mail", "received_on": "2024-09-20", "sender": "Anna", "text": "- Bredband\n- Utbildning"}
    assert {browser.post(f"{page}/nya", given | {"submission_key": key}).status_code for _ in range(2)} == {302}
    with room.world.acting(room.world.owner):
        assert Submission.objects.count() == 2
        one = Submission.objects.first()
    shown = browser.get(page).content.decode()
    assert "Bredband" in shown and "e-post" in shown
    assert browser.post(f"{WORK}/efterat/{one.id}/mottagning", {"step": "fel"}).status_code == 302
    assert browser.post(f"{WORK}/efterat/{one.id}/mottagning", {"step": str(room.step.id)}).status_code == 302
    assert browser.post(f"{WORK}/efterat/{one.id}/avslag", {"reason": ""}).status_code == 422
    with room.world.acting(room.world.owner):
        assert Participant.objects.get().channel == "mail"
    assert browser.post(f"{page}/nya", given | {"received_on": "2024-09-01"}).status_code == 422
    assert browser.post(f"{page}/nya", given | {"text": ""}).status_code == 422
    assert room.world.client(room.world.stranger).get(page).status_code == 404


def test_only_the_holders_staff_write_around_a_session(rooms: Callable[..., Room]) -> None:
    room = rooms(public=True)
    outsider = replace(room.world.stranger)
    with room.world.acting(outsider):
        for verb in (
            lambda: invite(room.session, by=outsider, people=[Invited("X")]),
            lambda: add_reading(room.session, by=outsider, title="X", address="https://exempel.example"),
            lambda: pause_session(room.session, by=outsider),
        ):
            with pytest.raises(PermissionDenied):
                verb()
    with scope(Scope(room.world.tanum.id)):
        assert Attendance.objects.count() == Submission.objects.count() == 0
