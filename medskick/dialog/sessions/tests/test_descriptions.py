"""VAD, VEM and HUR: drafts from phones, carried on by others, completed by the recorder, and told what they lack."""

from dataclasses import replace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.template.loader import render_to_string
from django.test import Client

from medskick.dialog.sessions.access import NotPossible
from medskick.dialog.sessions.actions.asking import add_step, hide_answer, open_step
from medskick.dialog.sessions.actions.drafting import complete_draft, write_draft
from medskick.dialog.sessions.models import Answer, Participant, Step
from medskick.dialog.sessions.results import result_of
from medskick.dialog.sessions.steps.descriptions import chain_of, chains_of
from medskick.dialog.sessions.steps.registry import step_type
from medskick.dialog.sessions.tests.conftest import Room
from medskick.kernel.people.roles import CASE_OFFICER
from medskick.lib.templates import find_template

WORK = "/tanum/arbete/lyssna"


def add(room: Room, kind: str, *, opened: bool = True) -> Step:
    with room.world.acting(room.world.owner):
        step = add_step(room.session, by=room.world.owner, text=f"Steg {kind}", kind=kind)
        if opened:
            open_step(step, by=room.world.owner)
    return step


def send(room: Room, step: Step, phone: Client | None = None, **given: str) -> Any:
    return (phone or Client()).post(f"/tanum/delta/{room.session.code}/svar/{step.id}", given)


def whole(key: str) -> dict[str, str]:
    """Words in each required field of a template."""
    return {one.id: f"Ord om {one.id}" for one in find_template(key).fields if one.required}


def draft(room: Room, step: Step, title: str = "Boka utan app", **fields: str) -> Answer:
    assert send(room, step, title=title, **fields).status_code == 302
    with room.world.acting(room.world.owner):
        return Answer.objects.select_related("step__session").get(step=step, text=title)


def test_a_draft_goes_from_what_to_who_to_how(room: Room) -> None:
    what = add(room, "what")
    made = draft(room, what, **whole("insats"))
    who = add(room, "who")
    page = Client()
    assert "Boka utan app" in page.get(f"/tanum/delta/{room.session.code}").content.decode()
    for _group in range(2):
        assert send(room, who, about=str(made.id), **whole("malgrupp")).status_code == 302
    how = add(room, "how")
    send(room, how, about=str(made.id), steps="Fråga först")
    with room.world.acting(room.world.owner):
        (chain,) = chains_of(how)
        assert (chain.title, len(chain.who), len(chain.how)) == ("Boka utan app", 2, 1)
        assert [short for short, _labels in chain.lacking] == ["HUR"]
        assert "Vem håller i det?" in chain.lacking[0][1]
        assert chain_of(chain.who[0].answer) == chain
        assert result_of(how).outcome.finding == "0 av 1 insatser är kompletta"


def test_a_value_names_its_template_and_version(room: Room) -> None:
    made = draft(room, add(room, "what"), problem="Ingen kommer fram")
    template = find_template("insats")
    assert made.value == {
        "title": "Boka utan app",
        "fields": {"problem": "Ingen kommer fram"},
        "template": template.key,
        "version": template.version,
    }


def test_a_phone_writes_several_and_changes_one(room: Room) -> None:
    what, phone = add(room, "what"), Client()
    address = f"/tanum/delta/{room.session.code}"
    send(room, what, phone, title="Ett", slot_number="0")
    send(room, what, phone, title="Två", slot_number="1")
    page = phone.get(address).content.decode()
    assert "Ett" in page
    assert "Beskriv en till" in page
    assert 'value="Två"' in phone.get(f"{address}?plats=1").content.decode()
    send(room, what, phone, title="Två igen", slot_number="1")
    for odd in ("99", "-1", "x", "²"):
        assert phone.get(f"{address}?plats={odd}").status_code == 200
    with room.world.acting(room.world.owner):
        assert list(Answer.objects.filter(step=what).order_by("slot").values_list("text", flat=True)) == [
            "Ett",
            "Två igen",
        ]


@pytest.mark.parametrize(
    ("kind", "given", "words"),
    [
        ("what", {"title": "", "problem": "x"}, "Ge insatsen ett namn"),
        ("what", {"title": "å" * 121}, "Korta den till högst 120"),
        ("what", {"title": "A", "problem": "å" * 5001}, "Korta den till högst 5000"),
        ("what", {"title": "A", "area": "månen"}, "finns inte"),
        ("who", {"group": ""}, "Skriv i minst en av rutorna"),
        ("how", {"slot_number": "500", "steps": "x"}, "slot_number"),
    ],
)
def test_a_bad_description_is_explained_and_given_back(
    room: Room, kind: str, given: dict[str, str], words: str
) -> None:
    refused = send(room, add(room, kind), **given)
    assert refused.status_code == 422
    assert words in refused.content.decode()


def test_who_must_say_which_draft_when_there_are_some(room: Room) -> None:
    what = add(room, "what")
    hidden, shown = draft(room, what, "Dold"), draft(room, what, "Synlig")
    with room.world.acting(room.world.owner):
        hide_answer(hidden, by=room.world.owner, reason="Pekar ut någon")
    who = add(room, "who")
    page = Client().get(f"/tanum/delta/{room.session.code}").content.decode()
    assert "Synlig" in page
    assert "Dold" not in page
    for about in ("", str(hidden.id), "inget id"):
        assert send(room, who, about=about, group="Äldre").status_code == 422
    assert send(room, who, about=str(shown.id), group="Äldre").status_code == 302


def test_the_recorder_writes_for_a_group_and_completes_what_lacks(room: Room) -> None:
    what, who = add(room, "what"), add(room, "who", opened=False)
    made = draft(room, what, problem="Ingen kommer fram")
    browser = room.world.client(room.world.owner)
    page = browser.get(f"{WORK}/utkast/{made.id}").content.decode()
    assert "Det här saknas" in page
    assert "VEM: inget är skrivet än" in page
    given = {"title": made.text, "problem": "Ingen kommer fram", **whole("insats")}
    assert browser.post(f"{WORK}/utkast/{made.id}/andring", given).status_code == 302
    new = f"{WORK}/steg/{who.id}/beskrivning"
    assert f'value="{made.id}" selected' in browser.get(f"{new}?om={made.id}").content.decode()
    key = "01920000-0000-7000-8000-000000000001"
    for _twice in range(2):
        sent = browser.post(new, {"about": str(made.id), "submission_key": key, **whole("malgrupp")})
        assert sent.status_code == 302
    assert browser.post(new, {"about": str(made.id), "group": ""}).status_code == 422
    page = browser.get(f"{WORK}/utkast/{made.id}").content.decode()
    assert "Kompletterad av mötesledaren eller antecknaren" in page
    with room.world.acting(room.world.owner):
        (chain,) = chains_of(what)
        assert [short for short, _labels in chain.lacking] == ["HUR"]
        assert [one.answer.participant.channel for one in chain.who] == [Participant.PAPER]
        assert chain.who[0].answer.readers == []


def test_a_stranger_and_a_colleague_without_the_role_write_nothing(room: Room) -> None:
    what = add(room, "what")
    made, world = draft(room, what), room.world
    value = {"title": "Annat", "fields": {}, "template": "insats", "version": 1}
    officer = replace(world.colleague, roles=frozenset({CASE_OFFICER}))
    for actor in (world.stranger, officer):
        with world.acting(actor):
            with pytest.raises(PermissionDenied):
                write_draft(what, by=actor, value=value)
            with pytest.raises(PermissionDenied):
                complete_draft(made, by=actor, value=value)
    assert world.client(world.stranger).get(f"{WORK}/utkast/{made.id}").status_code in (403, 404)
    with world.acting(world.owner), pytest.raises(NotPossible, match="inga beskrivningar"):
        write_draft(room.step, by=world.owner, value=value)
    assert world.client(world.owner).get(f"{WORK}/steg/{room.step.id}/beskrivning").status_code == 404


def test_the_wall_and_the_facilitator_see_what_lacks(room: Room) -> None:
    what = add(room, "what")
    draft(room, what, problem="Ingen kommer fram")
    browser = room.world.client(room.world.owner)
    for page in (f"moten/{room.session.pk}/projektor", f"steg/{what.id}"):
        shown = browser.get(f"{WORK}/{page}").content.decode()
        assert "Boka utan app" in shown
        assert "Vad gör vi åt det?" in shown


@pytest.mark.parametrize("kind", ["what", "who", "how"])
def test_the_paper_form_is_the_template(room: Room, kind: str) -> None:
    step = add(room, kind, opened=False)
    with room.world.acting(room.world.owner):
        shown_as = step_type(kind)
        page = render_to_string(shown_as.paper_template, {"step": step, **shown_as.paper_context(step)})
    template = shown_as.question.template  # type: ignore[union-attr]  # one of the three
    assert [one.label for one in template.fields if one.label not in page] == []
    assert f"version {template.version}" in page
