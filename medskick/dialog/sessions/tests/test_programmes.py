"""Programme templates: what a file must say, and what a session gets of it."""

import pytest

from medskick.dialog.sessions.actions.planning import plan_session
from medskick.dialog.sessions.models import LiveSession, Step
from medskick.dialog.sessions.programmes import (
    ProgrammeError,
    all_programmes,
    parse_programme,
    programme,
    programmes,
    unknown_kinds,
)
from medskick.dialog.sessions.tests.conftest import DAY
from medskick.kernel.tests.world import World

WORK = "/arbete/lyssna"
SAID = {"sv": "Prov", "en": "Trial"}
FILE = {"key": "prov", "version": 3, "label": SAID, "explained": SAID}


def with_steps(*steps: dict[str, object]) -> dict[str, object]:
    return {**FILE, "steps": list(steps)}


def test_the_methods_of_the_report_are_there() -> None:
    assert [one.key for one in all_programmes()] == [
        "definition",
        "destination",
        "given_questions",
        "what_who_how",
        "buzz_groups",
        "empty",
    ]


@pytest.mark.parametrize("one", all_programmes(), ids=lambda one: one.key)
def test_a_template_asks_only_for_step_types_that_there_are_and_is_planned_whole(one: object, world: World) -> None:
    missing = unknown_kinds(one)
    if missing:
        pytest.xfail(f"step types that are not built here yet: {', '.join(missing)}")
    with world.acting(world.owner):
        session = plan_session(by=world.owner, title="Möte", held_on=DAY, programme=one)
        assert [(step.kind, step.text) for step in session.steps.in_order()] == [
            (step.kind, step.text) for step in one.steps
        ]
        assert session.programme == f"{one.key} 1"


def test_a_reference_to_an_earlier_step_becomes_its_id(world: World) -> None:
    one = parse_programme(
        "prov.json",
        with_steps(
            {"kind": "presentation", "text": "Vi börjar"},
            {
                "kind": "word_cloud",
                "text": "Vad är viktigt?",
                "minutes": 5,
                "settings": {"kept_phrases": "sociala medier"},
            },
            {"kind": "word_cloud", "text": "Och nu?", "settings": {"from_step": 2, "other": {"from_step": 1}}},
        ),
    )
    with world.acting(world.owner):
        session = plan_session(by=world.owner, title="Möte", held_on=DAY, programme=one)
        first, second, third = session.steps.in_order()
        assert second.settings == {"kept_phrases": ["sociala medier"]}
        assert second.minutes == 5
        assert third.settings == {"from_step": str(second.id), "other": str(first.id)}
        assert session.programme == "prov 3"


@pytest.mark.parametrize(
    ("found", "fault"),
    [
        ([], "an object"),
        ({"key": "x"}, "version"),
        ({**FILE, "label": {"sv": "Bara svenska"}, "steps": []}, "label"),
        (dict(FILE), "list"),
        (with_steps({"kind": "word_cloud"}), "step 1"),
        (with_steps({"kind": "word_cloud", "text": "Å" * 201}), "200"),
        (with_steps({"kind": "word_cloud", "text": "Hur?", "minutes": 0}), "minutes"),
        (with_steps({"kind": "word_cloud", "text": "Hur?", "settings": {"from_step": 1}}), "before"),
        (with_steps({"kind": "word_cloud", "text": "Hur?", "settings": {"from_step": "ett"}}), "before"),
    ],
)
def test_a_broken_file_says_what_is_wrong(found: object, fault: str) -> None:
    with pytest.raises(ProgrammeError, match=f"prov.json.*{fault}"):
        parse_programme("prov.json", found)


def test_a_setting_that_the_type_does_not_have_is_refused(world: World) -> None:
    one = parse_programme("prov.json", with_steps({"kind": "word_cloud", "text": "Hur?", "settings": {"fel": "1"}}))
    with world.acting(world.owner), pytest.raises(ProgrammeError, match="no setting fel"):
        plan_session(by=world.owner, title="Möte", held_on=DAY, programme=one)


def test_a_new_meeting_begins_with_a_programme(world: World) -> None:
    browser = world.client(world.owner)
    page = browser.get(f"{WORK}/moten/nytt").content.decode()
    assert all(one.label in page for one in programmes())
    assert "Vad heter mötet?" in browser.get(f"{WORK}/moten/nytt?program=empty").content.decode()
    assert browser.get(f"{WORK}/moten/nytt?program=finns_inte").status_code == 404
    with pytest.raises(LookupError):
        programme("finns_inte")
    given = {"title": "Vårt möte", "held_on": "2026-09-17", "last_day": "2026-09-18", "place": "hybrid"}
    sent = browser.post(f"{WORK}/moten/nytt?program=empty", given | {"anonymity": "anonymous"})
    assert sent.status_code == 302
    with world.acting(world.owner):
        session = LiveSession.objects.get()
        assert (session.programme, session.place, str(session.last_day)) == ("empty 1", "hybrid", "2026-09-18")
        assert Step.objects.count() == 0
    wrong = browser.post(
        f"{WORK}/moten/nytt?program=empty", given | {"anonymity": "anonymous", "last_day": "2026-09-01"}
    )
    assert wrong.status_code == 422
    assert "Sista dagen är före den första" in wrong.content.decode()
    assert world.client(world.resident).get(f"{WORK}/moten/nytt").status_code == 403
