"""A phone whose reply was lost on the way: the words that were pressed last are the ones that stand."""

from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

import pytest

from medskick.dialog.sessions.models import Answer
from medskick.dialog.sessions.tests.conftest import make_room
from medskick.kernel.tests.world import make_world

pytestmark = pytest.mark.journey


def test_what_was_changed_while_the_net_was_away_is_stored(site: str, people: Any) -> None:
    room = make_room(make_world())
    phone = people(width=390)
    phone.set_default_timeout(60_000)
    sent: list[dict[str, list[str]]] = []
    lose_replies = True

    def on_the_way(route: Any) -> None:
        sent.append(parse_qs(route.request.post_data))
        if not lose_replies:
            return route.continue_()
        if len(sent) == 1:
            route.fetch()  # the server has it, and the phone never hears of that
        return route.abort()

    phone.route("**/live/svar", on_the_way)
    phone.goto(f"{site}/tanum/delta/{room.session.code}")
    phone.fill("[name=answer]", "Bänkar")
    # Pressed twice: one sending, with one key.
    phone.click("#svar button")
    phone.wait_for_selector("#lage:has-text('skickas när nätet är tillbaka')")
    phone.click("#svar button")
    phone.wait_for_selector("#lage:has-text('skickas när nätet är tillbaka')")
    # The page has no cookie, since no reply came; the server has seated the phone by the page's own ticket.
    for _look in range(600):
        if words(room):
            break
        phone.wait_for_timeout(100)  # a busy server stores it after the phone has given up
    assert words(room) == ["Bänkar"]
    phone.fill("[name=answer]", "Bänkar och ljus")
    phone.click("#svar button")
    phone.wait_for_selector("#lage:has-text('skickas när nätet är tillbaka')")
    phone.fill("[name=answer]", "Bänkar, ljus och halvskrivet")
    lose_replies = False
    phone.evaluate("window.dispatchEvent(new Event('online'))")
    phone.wait_for_selector("#lage:has-text('Ditt svar är sparat.')")
    assert words(room) == ["Bänkar och ljus"]
    # What is typed and not sent stays in the field.
    assert phone.input_value("[name=answer]") == "Bänkar, ljus och halvskrivet"
    keys = list(dict.fromkeys(UUID(one["submission_key"][0]) for one in sent))
    assert [key.version for key in keys] == [7, 7]
    assert keys == sorted(keys)


def words(room: Any) -> list[str]:
    with room.world.acting(room.world.owner):
        return list(Answer.objects.values_list("text", flat=True))
