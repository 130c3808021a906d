"""Paper: codes, stubs, and typing in."""

import re
from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied

from medskick.dialog.sessions.access import NotPossible
from medskick.dialog.sessions.actions.asking import close_step
from medskick.dialog.sessions.actions.planning import end_session, summarise_session
from medskick.dialog.sessions.actions.typing_in import type_in_sheet
from medskick.dialog.sessions.models import Answer, Participant
from medskick.dialog.sessions.paper import SheetCodeError, address_of, new_code, new_sheets, parse_code
from medskick.dialog.sessions.tests.conftest import Room
from medskick.kernel.organisations.scope import reader_token
from medskick.lib.codes import SPOKEN, parse_trace_address

WORK = "/arbete/lyssna"


def test_a_code_knows_any_one_wrong_letter() -> None:
    code = new_code()
    assert parse_code(f" {code[:4].lower()}-{code[4:]} ") == code
    for place in range(len(code)):
        for letter in SPOKEN:
            if letter != code[place]:
                with pytest.raises(SheetCodeError, match="stämmer inte"):
                    parse_code(code[:place] + letter + code[place + 1 :])
    for wrong in ("", "kort", "AAAAAAAA", code + "1"):
        with pytest.raises(SheetCodeError):
            parse_code(wrong)


def test_sheets_are_new_each_time_and_nothing_is_stored(room: Room) -> None:
    sheets = new_sheets(room.session.pk, 5)
    assert len({one.code for one in sheets} | {one.address for one in sheets}) == 10
    assert all(parse_trace_address(one.address) == one.address for one in sheets)
    page = f"{WORK}/moten/{room.session.pk}/papper/blad?step=1&count=3"
    browser = room.world.client(room.world.owner)
    first, second = browser.get(page), browser.get(page)
    codes = [set(re.findall(r"paper-code.*?</span> ([0-9A-Z-]{9})", one.content.decode())) for one in (first, second)]
    assert [len(one) for one in codes] == [3, 3]
    assert not codes[0] & codes[1]
    assert "no-store" in first["Cache-Control"]
    assert room.step.text in first.content.decode()
    with room.world.acting(room.world.owner):
        assert Participant.objects.count() == 0
    assert browser.get(f"{WORK}/moten/{room.session.pk}/papper/blad?step=9&count=3000").status_code == 422
    assert room.world.client(room.world.stranger).get(page).status_code == 404


def test_a_sheet_is_typed_in_and_its_stub_leads_to_the_answer(room: Room) -> None:
    (sheet,) = new_sheets(room.session.pk, 1)
    browser, page = room.world.client(room.world.owner), f"{WORK}/steg/{room.step.id}/inskrivning"
    assert "Bladets kod" in browser.get(page).content.decode()
    key = "0199a0a0-0000-7000-8000-000000000001"
    given = {"answer": "Trygghet på papper", "code": sheet.grouped.lower(), "submission_key": key}
    assert [browser.post(page, given).status_code for _ in range(2)] == [302, 302]
    again = browser.post(page, given | {"submission_key": key[:-1] + "2"})
    assert again.status_code == 422
    assert "redan inskrivet" in again.content.decode()
    with room.world.acting(room.world.owner):
        (one,) = Participant.objects.all()
        assert (one.channel, one.address) == ("paper", reader_token(sheet.address))
        assert one.readers == [reader_token(sheet.address)]
        assert [answer.text for answer in Answer.objects.all()] == ["Trygghet på papper"]
    own = room.world.client().get(f"/tanum/spar/min/{sheet.address}")
    assert "Trygghet på papper" in own.content.decode()
    for typed in (
        sheet.address,
        f" {sheet.address.upper()[:8]} {sheet.address[8:]}",
        f"https://x.se/spar/min/{sheet.address}",
    ):
        found = room.world.client().post("/tanum/spar", {"nummer": typed})
        assert (found.status_code, found["Location"]) == (302, f"/tanum/spar/min/{sheet.address}")
    assert room.world.client().post("/tanum/spar", {"nummer": sheet.address[::-1]}).status_code == 404
    assert "1 blad är inskrivet" in browser.get(page).content.decode()


@pytest.mark.parametrize("given", [{"answer": ""}, {"answer": "Ord", "code": "FELKOD99"}, {"answer": "å" * 201}])
def test_what_cannot_be_typed_in_is_explained_and_given_back(room: Room, given: dict[str, str]) -> None:
    page = f"{WORK}/steg/{room.step.id}/inskrivning"
    assert room.world.client(room.world.owner).post(page, given).status_code == 422
    with room.world.acting(room.world.owner):
        assert Participant.objects.count() == Answer.objects.count() == 0


def test_paper_without_a_code_counts_as_one_each_and_comes_after_closing_too(room: Room) -> None:
    by = room.world.owner
    with room.world.acting(by):
        close_step(room.step, by=by)
        for text in ("Tid", "Ork"):
            type_in_sheet(room.step, by=by, values=[text])
        end_session(room.session, by=by)
        type_in_sheet(room.step, by=by, values=["Lugn"])
        assert Participant.objects.filter(channel="paper", address=None).count() == 3
        with pytest.raises(NotPossible, match="högst 1 svar"):
            type_in_sheet(room.step, by=by, values=["Ett", "två"])
        summarise_session(room.session, by=by)
        with pytest.raises(NotPossible, match="sammanfattat"):
            type_in_sheet(room.step, by=by, values=["För sent"])
    with room.world.acting(room.world.stranger), pytest.raises(PermissionDenied):
        type_in_sheet(room.step, by=room.world.stranger, values=["X"])


def test_one_sheet_with_many_steps_is_one_participant_and_keeps_its_municipality(rooms: Callable[..., Room]) -> None:
    room = rooms(anonymity="alias", asks_municipality=True)
    by, code = room.world.owner, new_code()
    with room.world.acting(by):
        type_in_sheet(room.step, by=by, values=["Tid"], code=code, called="Granit", municipality=room.world.sotenas)
        one = Participant.objects.get()
        assert (one.called, one.municipality) == ("Granit", room.world.sotenas)
        assert address_of(room.session.pk, code) not in str(one.__dict__)
