"""The desk for answers: gathered, each told after the storing, and whatever is not an answer refused at the door."""

import asyncio
import json
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.db import OperationalError

from medskick.dialog.api import Reply, Sending, answer_ticket, read_answer_ticket
from medskick.project.live_answers import LONGEST_BODY, AnswerApp, AnswerDesk


def ticket() -> str:
    meeting = SimpleNamespace(pk=uuid4(), owner_id=uuid4(), code="4729")
    return answer_ticket(meeting, known=False)  # type: ignore[arg-type]


def post(
    app: AnswerApp, body: bytes = b"answer=Hej", *, method: str = "POST", broken: bool = False, **headers: str
) -> Any:
    """What the application answers: (status, headers, body)."""

    async def ask() -> tuple[int, dict[bytes, bytes], bytes]:
        sent: list[Any] = []
        given = {"x-ticket": ticket(), "host": "medskick.example"} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        scope = {
            "method": method,
            "client": ("192.0.2.1", 1),
            "headers": [(name.encode(), value.encode()) for name, value in given.items()],
        }
        parts = [{"type": "http.request", "body": body, "more_body": broken}, {"type": "http.disconnect"}]

        async def receive() -> Any:
            return parts.pop(0)

        async def send(message: Any) -> None:
            sent.append(message)

        await app(scope, receive, send)
        return sent[0]["status"], dict(sent[0]["headers"]), sent[1]["body"]

    return asyncio.run(ask())


def working(take: Callable[[Sequence[Sending]], list[Reply]]) -> AnswerDesk:
    return AnswerDesk(take, rests=lambda: False)


def saved(sendings: Sequence[Sending]) -> list[Reply]:
    return [Reply(200, "17", "" if one.secret else one.ticket.fresh_secret) for one in sendings]


def test_a_new_phone_is_told_that_its_answer_is_stored_and_gets_its_cookie() -> None:
    status, headers, body = post(AnswerApp(working(saved)))
    assert (status, json.loads(body)) == (200, {"number": "17"})
    cookie = headers[b"set-cookie"].decode()
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert b"set-cookie" not in post(AnswerApp(working(saved)), cookie="medskick_telefon=" + "s" * 32)[1]


def test_a_hundred_at_once_are_stored_together_and_each_gets_its_own_reply() -> None:
    batches: list[int] = []

    def take(sendings: Sequence[Sending]) -> list[Reply]:
        batches.append(len(sendings))
        return [Reply(200 if one.body == "answer=ja" else 422) for one in sendings]

    async def hall() -> list[Reply | None]:
        answers = working(take)
        opened = read_answer_ticket(ticket())
        assert opened is not None
        said = [Sending(opened, "", "answer=ja" if number % 2 else "answer=") for number in range(100)]
        found = await asyncio.gather(*(answers.hand_in(one) for one in said))
        await answers.close()
        return list(found)

    replies = asyncio.run(hall())
    assert [one.status for one in replies if one] == [422, 200] * 50
    assert sum(batches) == 100
    assert len(batches) < 5


def test_one_that_brings_the_others_down_is_refused_alone() -> None:
    def take(sendings: Sequence[Sending]) -> list[Reply]:
        if any(one.body == "poison" for one in sendings):
            raise RuntimeError("a fault of ours")
        return saved(sendings)

    async def hall() -> list[Reply | None]:
        answers = working(take)
        opened = read_answer_ticket(ticket())
        assert opened is not None
        found = await asyncio.gather(
            *(answers.hand_in(Sending(opened, "", body)) for body in ("answer=a", "poison", "answer=b"))
        )
        await answers.close()
        return list(found)

    assert [one.status for one in asyncio.run(hall()) if one] == [200, 503, 200]


def test_without_the_database_the_phone_is_asked_to_try_again() -> None:
    def take(sendings: Sequence[Sending]) -> list[Reply]:
        raise OperationalError("gone")

    status, headers, _body = post(AnswerApp(working(take)))
    assert (status, headers[b"retry-after"]) == (503, b"2")


def never(sendings: Sequence[Sending]) -> list[Reply]:
    raise AssertionError("it should not have come this far")


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"method": "GET"}, 405),
        ({"origin": "https://elsewhere.example"}, 403),
        ({"x_ticket": "made up"}, 400),
        ({"x_ticket": ""}, 400),
        ({"body": b"a" * (LONGEST_BODY + 1)}, 400),
        ({"body": "å".encode("latin-1")}, 400),
        ({"broken": True}, 400),
    ],
)
def test_what_is_no_answer_is_refused_at_the_door(given: dict[str, Any], status: int) -> None:
    assert post(AnswerApp(working(never)), **given)[0] == status


def test_our_own_page_may_send() -> None:
    assert post(AnswerApp(working(saved)), origin="https://medskick.example")[0] == 200


def test_nothing_is_stored_while_the_site_rests() -> None:
    assert post(AnswerApp(AnswerDesk(never, rests=lambda: True)))[0] == 503
