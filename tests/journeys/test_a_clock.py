"""A step's time as a hall sees it: counted down by the server's clock, moved under a phone that is being typed on."""

import re
from datetime import timedelta
from typing import Any

import pytest

from tests.journeys.hands import form_with, looker, press, type_in
from tests.journeys.test_a_workshop import code_on, new_session, step_called

pytestmark = pytest.mark.journey

AN_HOUR_FAST = "const real = Date.now.bind(Date); Date.now = () => real() + 3600e3;"


def minutes_left(page: Any) -> int:
    """How many whole minutes the clock on a page says are left."""
    count = page.locator(".step-clock-count")
    count.get_by_text("kvar").wait_for()
    found = re.fullmatch(r"(\d+):\d\d kvar", count.inner_text())
    assert found, count.inner_text()
    return int(found[1])


def set_time(left: timedelta | None) -> None:
    """The step that is open has so much left, or no time: what an hour in the room would do."""
    from django.utils import timezone

    from medskick.dialog.sessions.models import StepOpening
    from medskick.kernel.organisations.actor import system
    from medskick.kernel.organisations.models import Organisation
    from medskick.kernel.organisations.scope import scope

    with scope(system(Organisation.objects.get(slug="fyrbodal").id).scope()):
        opening = StepOpening.objects.get(session__item__title="Vad menar vi?", closed_at__isnull=True)
        opening.ends_at = None if left is None else timezone.now() + left
        opening.save(update_fields=["ends_at"])


def test_a_clock_counts_by_the_server_and_moves_without_taking_what_is_typed(
    example: str, people: Any, sign_in: Any, axe: Any, keyboard: Any
) -> None:
    look = looker(axe, keyboard)
    leader, screen, phone, plain = people(), people(), people(width=390), people(width=390, scripts=False)
    sign_in(leader, "maria")
    session = new_session(leader, example, "definition", lambda page: None, title="Vad menar vi?")
    sign_in(screen, "maria")
    screen.goto(f"{session}/projektor")
    code = code_on(screen)
    step_called(leader, session, "Vad betyder digitalisering för dig?")
    press(leader, "Öppna steget")
    set_time(None)
    phone.add_init_script(AN_HOUR_FAST)
    phone.goto(f"{example}/delta/{code}")
    screen.goto(screen.url)
    assert phone.locator(".step-clock").is_hidden()
    type_in(phone, answer="Trygghet, och")

    # The leader gives ten minutes: the wall and a phone whose own clock is an hour fast count the same, and nothing typed
    # is lost. Without JavaScript the page says until when.
    leader.goto(leader.url)
    leader.get_by_text("Ge mer tid").click()
    leader.get_by_label("Minuter till").fill("10")
    press(leader, "Lägg till tid")
    assert all(8 <= minutes_left(one) <= 10 for one in (leader, screen, phone))
    assert form_with(phone, "answer").locator("[name='answer']").input_value() == "Trygghet, och"
    plain.goto(f"{example}/delta/{code}")
    assert re.search(r"Tiden är ute kl\. \d\d\.\d\d\.", plain.locator("main").inner_text())
    for one in (leader, screen, phone):
        look(one)
    step_called(leader, session, "Vad betyder digitalisering för dig?")

    # When it is out, everybody reads so, calmly; whoever leads reads that answers still come in, and gives two minutes more.
    set_time(timedelta(seconds=8))
    for one in (leader, screen, phone):
        one.goto(one.url)
    for one in (leader, screen, phone):
        one.locator(".step-clock-count", has_text="Tiden är ute").wait_for()
    phone.locator("[role=status]", has_text="Tiden är ute").wait_for(state="attached")
    remote = people(width=390)
    sign_in(remote, "maria")
    remote.goto(f"{session}/styrning")
    remote.get_by_text("Telefonerna kan svara tills du stänger steget.").wait_for()
    for one in (leader, screen, remote):
        look(one)
    leader.goto(session)
    press(leader, "Förläng 2 minuter")
    assert all(1 <= minutes_left(one) <= 2 for one in (leader, screen, phone, remote))
    assert leader.get_by_text("Telefonerna kan svara tills du stänger steget.").is_hidden()

    # Closed from the remote control: the clock is gone from the other pages too.
    step_called(leader, session, "Vad betyder digitalisering för dig?")
    press(remote, "Stäng steget")
    leader.locator(".step-clock").wait_for(state="hidden")
    screen.locator(".step-clock").wait_for(state="detached")
