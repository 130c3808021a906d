"""A case becomes a need: the one who sent it is told, and only those who may can take it up."""

from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied

from medskick.flows.adopt_voice.actions import adopt_voice
from medskick.kernel.notifications.models import Notification
from medskick.kernel.people.roles import CASE_OFFICER
from medskick.kernel.records.models import Item
from medskick.kernel.tests.world import World
from medskick.kernel.trace.queries import steps_after
from medskick.services import api as services

SAID = {"slag": "ide", "amne": "gator", "plats": "", "text": "Sätt en bänk vid hållplatsen, benen orkar inte."}


def sent(world: World) -> Item:
    with world.acting(world.resident):
        return services.submit_case(by=world.resident, service="synpunkt", answers=SAID).case.item


def test_the_sender_is_told_and_may_read_the_need(world: World) -> None:
    voice = sent(world)
    with world.acting(world.owner):
        need = adopt_voice(by=world.owner, voice=voice, text="Fler bänkar vid hållplatser", area="infrastructure")
    with world.acting(world.resident):
        assert [step.title for step in steps_after(voice)] == ["Fler bänkar vid hållplatser"]
        assert Notification.objects.count() == 1
    with world.acting(world.stranger):
        assert not Item.objects.filter(id=need.pk).exists()


def test_a_stranger_and_an_officer_without_the_role_are_refused(world: World) -> None:
    voice = sent(world)
    for actor in (world.stranger, replace(world.owner, roles=frozenset({CASE_OFFICER}))):
        with world.acting(actor), pytest.raises(PermissionDenied):
            adopt_voice(by=actor, voice=voice, text="Fler bänkar")


def test_the_page_gives_back_what_was_typed(world: World) -> None:
    voice = sent(world)
    browser = world.client(world.owner)
    page = browser.get(f"/arbete/flode/ta-upp/{voice.id}")
    assert page.status_code == 200
    assert "benen orkar inte" in page.content.decode()
    wrong = browser.post(f"/arbete/flode/ta-upp/{voice.id}", {"text": "", "reason": "Många säger det"})
    assert wrong.status_code == 422
    assert "Många säger det" in wrong.content.decode()
    assert world.client(world.stranger).get(f"/arbete/flode/ta-upp/{voice.id}").status_code == 404
