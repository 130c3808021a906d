"""A cluster of notes, or a proposal under a horizon, becomes a need or an initiative."""

import pytest
from django.core.exceptions import PermissionDenied

from medskick.dialog import api as dialog
from medskick.flows.adopt_cluster.actions import adopt_as_initiative, adopt_as_need
from medskick.flows.adopt_initiative.tests.rooms import Room, make_room
from medskick.kernel.notifications.models import Notification
from medskick.kernel.organisations.scope import Scope, scope
from medskick.kernel.tests.world import World
from medskick.kernel.trace.queries import steps_after, steps_before
from medskick.plan import api as plan


@pytest.fixture
def room(world: World) -> Room:
    return make_room(world)


def cluster_of(room: Room, *said: str) -> dialog.Gathered:
    """Notes under one title, placed within three years."""
    answers = [room.say(text) for text in said]
    owner = room.world.owner
    with room.world.acting(owner):
        cluster = room.step.clusters.model(step=room.step, title="Samma kunskap överallt", position=1)
        cluster.save(force_insert=True)
        for one in answers:
            one.cluster = cluster
            one.save(update_fields=["cluster"])
        step = dialog.add_step(room.session, by=owner, text="Destination", kind="horizons")
        dialog.place_entry(step, by=owner, key=str(cluster.id), years=3, motivation="Kräver beslut först")
        found = dialog.gathered_in(cluster.id)
    assert found is not None
    return found


def test_every_note_leads_to_the_need_and_its_phone_is_told(room: Room) -> None:
    gathered, owner = cluster_of(room, "Kurs", "Handledning"), room.world.owner
    with room.world.acting(owner):
        need = adopt_as_need(by=owner, gathered=gathered, text="Samma kunskap överallt", area="competence")
        assert sorted(one.title for one in steps_before(need.item) if one.depth == 1) == [
            "Handledning",
            "Kurs",
        ]
        (device, *_rest) = gathered.answers[0].readers
    with scope(Scope(owner.organisation, reach=frozenset({device}))):
        answer = dialog.Answer.objects.get()
        assert [step.title for step in steps_after(answer.item)] == ["Samma kunskap överallt"]
        assert Notification.objects.count() == 1


def test_the_horizon_comes_along_to_the_initiative(room: Room) -> None:
    gathered, owner = cluster_of(room, "Kurs"), room.world.owner
    with room.world.acting(owner):
        made = adopt_as_initiative(by=owner, gathered=gathered, title="En kurs i varje kommun")
        found = plan.Initiative.objects.with_horizon().get(pk=made.pk)
        assert found.years == 3
        assert made.horizon_choices.get().motivation == "Kräver beslut först"


def test_a_proposal_without_notes_came_from_the_session(room: Room) -> None:
    gathered, owner = cluster_of(room), room.world.owner
    with room.world.acting(owner):
        need = adopt_as_need(by=owner, gathered=gathered, text="Samma kunskap överallt")
        assert [one.title for one in steps_before(need.item)] == [room.session.title]


def test_a_stranger_is_refused_and_the_page_gives_back_what_was_typed(room: Room) -> None:
    gathered, world = cluster_of(room, "Kurs"), room.world
    with world.acting(world.stranger), pytest.raises(PermissionDenied):
        adopt_as_need(by=world.stranger, gathered=gathered, text="Kurs")
    key = gathered.cluster.id
    for page in (f"ta-upp/forslag/{key}", f"insats-av/forslag/{key}"):
        assert world.client(world.stranger).get(f"/arbete/flode/{page}").status_code in (403, 404)
        browser = world.client(world.owner)
        assert "Kurs" in browser.get(f"/tanum/arbete/flode/{page}").content.decode()
        wrong = browser.post(f"/tanum/arbete/flode/{page}", {"text": "", "title": "", "reason": "Många säger det"})
        assert wrong.status_code == 422
        assert "Många säger det" in wrong.content.decode()
    sent = browser.post(f"/tanum/arbete/flode/ta-upp/forslag/{key}", {"text": "Samma kunskap", "area": "competence"})
    assert sent.status_code == 302


def test_the_board_offers_both(room: Room) -> None:
    gathered = cluster_of(room, "Kurs")
    with room.world.acting(room.world.owner):
        step = room.session.steps.get(kind="horizons")
    page = room.world.client(room.world.owner).get(f"/tanum/arbete/lyssna/steg/{step.id}/horisonter").content.decode()
    assert f"/tanum/arbete/flode/ta-upp/forslag/{gathered.cluster.id}" in page
    assert f"/tanum/arbete/flode/insats-av/forslag/{gathered.cluster.id}" in page


def test_an_initiative_stands_on_the_need_that_its_notes_have_become(room: Room) -> None:
    gathered, owner = cluster_of(room, "Kurs", "Handledning"), room.world.owner
    with room.world.acting(owner):
        need = adopt_as_need(by=owner, gathered=gathered, text="Alla behöver kunna grunderna")
        made = adopt_as_initiative(by=owner, gathered=gathered, title="En kurs i varje kommun")
        assert [one.title for one in steps_before(made.item) if one.depth == 1] == [need.item.title]
        step = room.session.steps.get(kind="horizons")
    page = room.world.client(owner).get(f"/tanum/arbete/lyssna/steg/{step.id}/horisonter").content.decode()
    assert page.count("behov: Alla behöver kunna grunderna") == page.count("insats: En kurs i varje kommun") == 1
