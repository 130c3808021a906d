"""A step's clock on every page where it is met: the server's time and the end; and what an extension tells."""

import json
import re
from datetime import datetime, timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from medskick.dialog.sessions.actions.asking import close_step, extend_step
from medskick.dialog.sessions.clock import clock_of
from medskick.dialog.sessions.live import phones_channel, screen_channel
from medskick.dialog.sessions.models import StepOpening
from medskick.dialog.sessions.tests.conftest import Room

LATE = "Telefonerna kan svara tills du stänger steget."


def clock_on(client: Client, address: str) -> tuple[str, datetime | None, datetime] | None:
    """The step, the end and the server's time that a page carries."""
    page = client.get(address).content.decode()
    found = re.search(r'data-step="(.*?)" data-ends="(.*?)" data-server="(.*?)"', page)
    if not found:
        return None
    return found[1], datetime.fromisoformat(found[2]) if found[2] else None, datetime.fromisoformat(found[3])


def staff_pages(room: Room) -> list[str]:
    session = f"/tanum/arbete/lyssna/moten/{room.session.pk}"
    return [session, f"{session}/projektor", f"{session}/styrning", f"/tanum/arbete/lyssna/steg/{room.step.id}"]


def phone_page(room: Room) -> str:
    return f"/tanum/delta/{room.session.code}"


def test_every_page_carries_the_new_end_after_an_extension(room: Room) -> None:
    by = room.world.owner
    phone, staff = Client(), room.world.client(by)
    without = clock_on(phone, phone_page(room))
    assert without is not None
    assert without[:2] == (str(room.step.id), None)
    with room.world.acting(by):
        end = extend_step(room.step, by=by, minutes=10).ends_at
        assert end is not None
    for _time in range(2):
        told = [clock_on(phone, phone_page(room)), *(clock_on(staff, one) for one in staff_pages(room))]
        assert [one and one[:2] for one in told] == [(str(room.step.id), end)] * 5
        with room.world.acting(by):
            longer = extend_step(room.step, by=by, minutes=3).ends_at
        assert longer == end + timedelta(minutes=3)
        end = longer
    with room.world.acting(by):
        close_step(room.step, by=by)
    assert [clock_on(staff, one) for one in staff_pages(room)] == [None] * 4


def test_a_page_carries_the_servers_own_time(room: Room) -> None:
    before = timezone.now()
    carried = clock_on(Client(), phone_page(room))
    assert carried is not None
    assert before <= carried[2] <= timezone.now()


def test_without_javascript_a_page_says_until_when_and_that_it_is_out(room: Room) -> None:
    by, noon = room.world.owner, datetime.fromisoformat("2126-09-17T12:00:00+02:00")
    phone, staff = Client(), room.world.client(by)
    with room.world.acting(by):
        extend_step(room.step, by=by, minutes=5, at=noon)
    assert "Tiden är ute kl. 12.05." in phone.get(phone_page(room)).content.decode()
    pages = [staff.get(one).content.decode() for one in staff_pages(room)]
    assert ["data-when-out hidden" in one for one in pages] == [True, False, True, True]
    with room.world.acting(by):
        StepOpening.objects.filter(step=room.step).update(ends_at=noon.replace(year=2026, month=1))
    assert "Tiden är ute kl." not in phone.get(phone_page(room)).content.decode()
    pages = [staff.get(one).content.decode() for one in staff_pages(room)]
    assert [LATE in one for one in pages] == [True, False, True, True]
    assert ["data-when-out>" in one for one in pages] == [True, False, True, True]
    assert ["Förläng 2 minuter" in one for one in pages] == [True, False, True, True]


def test_time_is_out_from_the_moment_itself(room: Room) -> None:
    end = timezone.now()
    opening = StepOpening(session=room.session, step=room.step, ends_at=end)
    moments = (end - timedelta(seconds=1), end)
    assert [one.is_out for at in moments if (one := clock_of(opening, at=at))] == [False, True]
    assert clock_of(None) is None


def test_an_extension_tells_phones_and_screen_the_end_and_turns_no_phone(room: Room) -> None:
    by = room.world.owner
    with room.world.acting(by), CaptureQueriesContext(connection) as asked:
        end = extend_step(room.step, by=by, minutes=2).ends_at
    assert end is not None
    told = [one["sql"] for one in asked if "pg_notify" in one["sql"]]
    channels = (phones_channel(room.session), screen_channel(room.session))
    assert [json.loads(re.search(r"\[.*\]", one)[0]) for one in told] == [  # type: ignore[index]
        [channel, "clock", f"{room.step.id} {end.isoformat()}", 0] for channel in channels
    ]
