"""Every step type that is registered is met in all seven places, and on paper."""

from typing import Any
from xml.etree.ElementTree import fromstring

import pytest
from django.template.loader import get_template
from django.test import Client

from medskick.dialog.questions.contract import Outcome
from medskick.dialog.sessions.actions.asking import close_step, open_step
from medskick.dialog.sessions.actions.grouping import divide
from medskick.dialog.sessions.models import Step
from medskick.dialog.sessions.results import result_of
from medskick.dialog.sessions.steps.contract import StepType
from medskick.dialog.sessions.steps.registry import IncompleteStepType, check, step_type, step_types
from medskick.dialog.sessions.steps.samples import sample_of
from medskick.dialog.sessions.tests.conftest import Room

LISTEN = "/arbete/lyssna"
KEYS = [one.key for one in step_types()]


def in_room(room: Room, key: str) -> Step:
    """A step of this type, made through the facilitator's form and open in the room."""
    client = room.world.client(room.world.owner)
    page = f"/tanum{LISTEN}/moten/{room.session.pk}/steg/nytt/{key}"
    assert client.get(page).status_code == 200
    given = client.post(page, {"text": f"Steg {key}", "shows_results": "on", **sample_of(key).settings})
    assert given.status_code == 302, given.content.decode()
    with room.world.acting(room.world.owner):
        step = Step.objects.filter(session=room.session, kind=key).latest("position")
        open_step(step, by=room.world.owner)
    return step


def seated(room: Room, step: Step, number: int) -> Client:
    """A phone that sits in a group of two."""
    for name in (f"telefonen {number}", f"grannen till {number}"):
        room.come_in(name)
    with room.world.acting(room.world.owner):
        divide(step, by=room.world.owner)
    client = Client()
    client.cookies["medskick_telefon"] = f"token of telefonen {number}"
    return client


@pytest.mark.parametrize("key", KEYS)
def test_a_step_type_is_whole(room: Room, key: str) -> None:
    world, sample = room.world, sample_of(key)
    step = in_room(room, key)
    phone, staff = Client(), world.client(world.owner)
    take_part = f"/tanum/delta/{room.session.code}"
    shown = phone.get(take_part)
    assert step.text in shown.content.decode()
    if step_type(key).question is not None:
        for number, given in enumerate(sample.answers):
            fresh = Client()
            if step_type(key).by_group:
                fresh = seated(room, step, number)
            sent = fresh.post(f"{take_part}/svar/{step.id}", given)
            assert sent.status_code == 302, sent.content.decode()
            assert fresh.get(take_part).status_code == 200
        refused = fresh.post(f"{take_part}/svar/{step.id}", sample.bad)
        assert refused.status_code == 422
    for page in (f"steg/{step.id}", f"moten/{room.session.pk}/projektor", f"steg/{step.id}/resultat.csv"):
        assert staff.get(f"/tanum{LISTEN}/{page}").status_code == 200
    with world.acting(world.owner):
        result = result_of(step)
        if result.outcome.chart is not None:
            picture = staff.get(f"/tanum{LISTEN}/steg/{step.id}/bild.svg").content.decode()
            assert (picture.count("<svg"), fromstring(picture).tag) == (1, "{http://www.w3.org/2000/svg}svg")
        assert isinstance(result.outcome, Outcome)
        assert result.outcome.finding
        assert result.outcome.table.columns
        assert result.answered == len(sample.answers)
        close_step(step, by=world.owner)


@pytest.mark.parametrize("key", KEYS)
def test_every_answer_has_a_cell_for_each_column(room: Room, key: str) -> None:
    asked = step_type(key)
    if asked.question is None:
        assert asked.columns(room.step) == []
        return
    step = in_room(room, key)
    phone = seated(room, step, 0) if asked.by_group else Client()
    phone.post(f"/tanum/delta/{room.session.code}/svar/{step.id}", sample_of(key).answers[0])
    with room.world.acting(room.world.owner):
        answers = list(step.answers.all())
        assert answers
        for one in answers:
            assert len(asked.cells(step, one)) == len(asked.columns(step))
            assert one.text


def test_a_step_type_that_lacks_a_part_is_refused() -> None:
    class Half(StepType):
        key, label, explained = "half", "Halv", "Halv"
        presenter_template = "dialog/steps/presenter/that_is_not.html"

        def outcome(self, *given: Any, **more: Any) -> Outcome:
            raise AssertionError

    with pytest.raises(IncompleteStepType, match="presenter_template"):
        check(Half())
    with pytest.raises(TypeError, match="abstract"):
        StepType()  # type: ignore[abstract]


def test_each_template_is_in_use() -> None:
    for one in step_types():
        assert get_template(one.phone_template)
