"""A workshop's complete VAD-VEM-HUR becomes an initiative, and every phone that wrote a part follows it."""

from dataclasses import replace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from medskick.dialog import api as dialog
from medskick.flows.adopt_initiative.actions import adopt_initiative, written_in
from medskick.flows.adopt_initiative.tests.rooms import Room, make_room
from medskick.kernel.people.roles import CASE_OFFICER
from medskick.kernel.tests.world import World
from medskick.kernel.trace.queries import steps_after
from medskick.lib.templates import find_template
from medskick.plan import api as plan


@pytest.fixture
def room(world: World) -> Room:
    return make_room(world)


def whole(key: str, word: str = "Ord") -> dict[str, str]:
    return {one.id: f"{word} om {one.id}" for one in find_template(key).fields if one.required}


def step_of(room: Room, kind: str) -> dialog.Step:
    with room.world.acting(room.world.owner):
        step = dialog.add_step(room.session, by=room.world.owner, text=f"Steg {kind}", kind=kind)
        dialog.open_step(step, by=room.world.owner)
    return step


def send(room: Room, step: dialog.Step, **given: str) -> dialog.Answer:
    sent = Client().post(f"/tanum/delta/{room.session.code}/svar/{step.id}", given)
    assert sent.status_code == 302, sent.content.decode()
    with room.world.acting(room.world.owner):
        return dialog.Answer.objects.filter(step=step).select_related("step__session").latest("given_at")


def chain(room: Room, *, groups: int = 1, how: bool = True, **more: Any) -> dialog.Answer:
    what = send(room, step_of(room, "what"), title="Boka utan app", area="competence", **whole("insats"))
    who = step_of(room, "who")
    for number in range(groups):
        send(room, who, about=str(what.id), **whole("malgrupp", f"Grupp {number}" if groups > 1 else "Ord"), **more)
    if how:
        send(room, step_of(room, "how"), about=str(what.id), **whole("aktivitet"))
    return what


def test_the_words_come_along_and_every_answer_leads_to_it(room: Room) -> None:
    what, owner = chain(room), room.world.owner
    with room.world.acting(owner):
        made = adopt_initiative(by=owner, answer=what, reason="Många ville")
        assert made.item.title == "Boka utan app"
        assert made.values == {key: whole(key) for key in ("insats", "malgrupp", "aktivitet")}
        assert made.complete
        for one in dialog.Answer.objects.filter(step__kind__in=("what", "who", "how")):
            assert [step.title for step in steps_after(one.item)] == ["Boka utan app"]
            assert set(one.readers) <= set(made.item.readers)


def test_several_target_groups_stand_after_each_other(room: Room) -> None:
    what, owner = chain(room, groups=2, size="å" * 200), room.world.owner
    with room.world.acting(owner):
        found = dialog.chain_of(what)
        assert found is not None
        written = written_in(found)
        group = written.values["malgrupp"]
        assert group["group"] == "Grupp 0 om group\n\nGrupp 1 om group"
        assert group["situation"] == (
            "Grupp 0 om group: Grupp 0 om situation\n\nGrupp 1 om group: Grupp 1 om situation"
        )
        assert written.shortened == ["Hur många är de?"]
        assert len(group["size"]) <= 300
        assert adopt_initiative(by=owner, answer=what).complete


def test_an_incomplete_draft_says_what_it_lacks(room: Room) -> None:
    what, owner = chain(room, how=False), room.world.owner
    with room.world.acting(owner), pytest.raises(dialog.NotPossible, match="HUR: inget är skrivet än"):
        adopt_initiative(by=owner, answer=what)
    browser = room.world.client(owner)
    page = browser.post(f"/tanum/arbete/flode/insats-av/{what.id}", {"title": "Boka utan app"})
    assert page.status_code == 422
    assert "HUR: inget är skrivet än" in page.content.decode()
    assert "Gör till en insats i planen" not in browser.get(f"/tanum/arbete/lyssna/utkast/{what.id}").content.decode()
    with room.world.acting(owner):
        assert dialog.Answer.objects.get(id=what.id).item_id is None


def test_only_who_leads_at_the_organisation_that_asked(room: Room) -> None:
    what, world = chain(room), room.world
    for actor in (world.stranger, replace(world.owner, roles=frozenset({CASE_OFFICER}))):
        with world.acting(actor), pytest.raises(PermissionDenied):
            adopt_initiative(by=actor, answer=what)
    assert world.client(world.stranger).get(f"/arbete/flode/insats-av/{what.id}").status_code in (403, 404)
    with world.acting(world.owner):
        dialog.open_step(room.step, by=world.owner)
    other = room.say("Trygghet")
    with world.acting(world.owner), pytest.raises(ValueError, match="inte en del av"):
        adopt_initiative(by=world.owner, answer=other)


def test_the_page_makes_one_initiative_however_often_it_is_sent(room: Room) -> None:
    what, browser = chain(room), room.world.client(room.world.owner)
    draft = browser.get(f"/tanum/arbete/lyssna/utkast/{what.id}").content.decode()
    address = f"/tanum/arbete/flode/insats-av/{what.id}"
    assert address in draft
    assert "Ord om problem" in browser.get(address).content.decode()
    empty = browser.post(address, {"title": "", "summary": "Alla kommer fram"})
    assert empty.status_code == 422
    assert "Alla kommer fram" in empty.content.decode()
    given = {"title": "Boka på ditt sätt", "submission_key": "01920000-0000-7000-8000-000000000007"}
    for _twice in range(2):
        assert browser.post(address, given).status_code == 302
    with room.world.acting(room.world.owner):
        assert [one.item.title for one in plan.Initiative.objects.all()] == ["Boka på ditt sätt"]
