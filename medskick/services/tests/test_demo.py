"""The example year's cases are made by the verbs, so they hold together as real ones do."""

from collections import Counter
from dataclasses import replace

import pytest
from django.utils import timezone

from medskick.kernel.organisations.actor import Actor, system
from medskick.kernel.organisations.models import Unit
from medskick.kernel.tests.world import World
from medskick.services import api, demo
from medskick.services.cases.models import Case, CaseAnswer


def officer_of(place: str, unit: Unit) -> Actor:
    """The system, let into one unit and named, stands in for its officer."""
    by = system(unit.organisation_id, channel="demo")
    return replace(by, units=frozenset({unit.id}), name="Olle Ägare")


def test_the_year_is_lived_through(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    lives = tuple(one for one in demo.LIVES if one.place in ("tanum", "sotenas"))
    monkeypatch.setattr(demo, "LIVES", lives)
    Unit.objects.create(organisation=world.sotenas, name="Kommunledning")
    organisations = {"tanum": world.tanum, "sotenas": world.sotenas}
    sent = demo.run(
        organisations=organisations,
        officer_of=officer_of,
        residents={"amir": world.resident},
        units={slug: list(Unit.objects.filter(organisation=one)) for slug, one in organisations.items()},
        today=timezone.localdate(),
    )
    states: Counter[str] = Counter()
    for one in organisations.values():
        for unit in Unit.objects.filter(organisation=one):
            with world.acting(officer_of("", unit)):
                states.update(case.state for case in Case.objects.all())
    assert len(sent) == len(lives)
    assert states == {"closed": 2, "answered": 3, "in_progress": 3}
    with world.acting(world.resident):
        own = [case for case in Case.objects.of_sender(world.resident.person) if case.reopened_once]
        assert len(own) == 1
        assert [one.outcome for one in CaseAnswer.objects.filter(case=own[0]).order_by("step__at")] == [
            api.Outcome.WILL_CONSIDER,
            api.Outcome.ACTION_TAKEN,
        ]


def test_every_life_fits_the_service_it_is_sent_through() -> None:
    service = api.catalogue().get("synpunkt")
    topics = {option.id for option in service.field("amne").options}
    kinds = {option.id for option in service.field("slag").options}
    assert {one.topic for one in demo.LIVES} <= topics
    assert {one.kind for one in demo.LIVES} <= kinds
    assert all(one.again is None or one.verdict not in ("", "nöjd") for one in demo.LIVES)
