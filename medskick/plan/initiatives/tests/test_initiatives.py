"""Initiatives: VAD, VEM and HUR by templates, what is missing, horizons and gates."""

from dataclasses import replace
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from medskick.kernel.log.models import LogEntry
from medskick.kernel.tests.world import World
from medskick.kernel.trace.queries import steps_after
from medskick.lib.content import ContentError
from medskick.lib.templates import read_template
from medskick.plan import api as plan
from medskick.plan.initiatives.descriptions import templates
from medskick.plan.initiatives.models import HorizonChoice
from medskick.plan.initiatives.queries import gates_of, needs_behind
from medskick.plan.models import Initiative
from medskick.plan.tests.factories import FULL, initiative, need


def test_the_three_templates_ask_what_for_whom_and_how() -> None:
    assert [(one.short, one.question) for one in templates()] == [
        ("VAD", "Vad ska vi göra?"),
        ("VEM", "Vem ska vi göra det för?"),
        ("HUR", "Hur ska vi göra det?"),
    ]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"version": "1"}, "version"),
        ({"fields": []}, "fields"),
        ({"fields": [{"id": "a", "label": "A", "help": "B", "kind": "number", "required": True}]}, "kind"),
        (
            {"fields": [{"id": "a", "label": "A", "help": "B", "kind": "line", "required": False}]},
            "no field is required",
        ),
        ({"fields": [{"id": "a b", "label": "A", "help": "B", "kind": "line", "required": True}]}, "plain name"),
        ({"question": ""}, "question"),
    ],
)
def test_a_broken_template_is_refused_with_its_fault(change: dict, fault: str) -> None:
    good = {
        "key": "x",
        "version": 1,
        "label": "X",
        "question": "X?",
        "short": "X",
        "fields": [{"id": "a", "label": "A", "help": "B", "kind": "line", "required": True}],
    }
    assert read_template(good, "x").version == 1
    with pytest.raises(ContentError, match=fault):
        read_template({**good, **change}, "x")


def test_an_initiative_comes_from_its_needs_and_names_what_it_lacks(world: World) -> None:
    with world.acting(world.owner):
        first, second = need(world.owner, "Det ena"), need(world.owner, "Det andra")
        made = initiative(world.owner, needs=[first, second])
        assert [step.item for step in steps_after(first.item)] == [made.pk]
        assert needs_behind(made) == [first, second]
        assert not made.complete
        plan.describe_initiative(
            by=world.owner, initiative=made, part="insats", values={"problem": "Kö", "shared": " "}
        )
        lacks = {one.template.short: [field.id for field in one.missing] for one in made.completeness}
        assert lacks == {
            "VAD": ["proposal", "expected_effect", "shared"],
            "VEM": ["group", "situation", "group_needs", "other_way"],
            "HUR": ["steps", "responsible", "time", "cost", "measure"],
        }
        for part, values in FULL.items():
            plan.describe_initiative(by=world.owner, initiative=made, part=part, values=values)
        assert Initiative.objects.get().complete
        logged = LogEntry.objects.filter(verb="initiative.described").order_by("at").first()
        assert logged.fields == ["insats.problem"]


def test_unknown_fields_and_too_long_texts_are_refused(world: World) -> None:
    with world.acting(world.owner):
        made = initiative(world.owner)
        with pytest.raises(ValueError, match="har inte fälten"):
            plan.describe_initiative(by=world.owner, initiative=made, part="insats", values={"budget": "1"})
        with pytest.raises(ValueError, match="högst 300"):
            plan.describe_initiative(by=world.owner, initiative=made, part="insats", values={"shared": "x" * 301})
        with pytest.raises(ValueError, match="namn"):
            initiative(world.owner, "  ")
        assert Initiative.objects.get().values == {}


def test_strangers_and_those_without_the_role_change_nothing(world: World) -> None:
    with world.acting(world.owner):
        made = initiative(world.owner)
        with pytest.raises(PermissionDenied):
            initiative(replace(world.owner, roles=frozenset({"politician"})))
    with world.acting(world.stranger):
        assert Initiative.objects.count() == 0
        with pytest.raises(PermissionDenied):
            plan.describe_initiative(by=world.stranger, initiative=made, part="insats", values={"problem": "x"})


def test_the_horizon_is_a_decision_with_a_motivation_and_a_history(world: World) -> None:
    with world.acting(world.owner):
        made = initiative(world.owner)
        for years, why in [(5, "Vi hinner inte."), (1, "Det brådskar.")]:
            plan.choose_horizon(by=world.owner, initiative=made, years=years, motivation=why)
        assert Initiative.objects.with_horizon().get().years == 1
        assert HorizonChoice.objects.count() == 2
        for years, why in [(2, "Nej"), (3, " ")]:
            with pytest.raises(ValueError):
                plan.choose_horizon(by=world.owner, initiative=made, years=years, motivation=why)
        with pytest.raises(IntegrityError), transaction.atomic():
            HorizonChoice(initiative=made, years=3, motivation="Två på en gång").save(force_insert=True)


@given(st.lists(st.sampled_from([1, 3, 5, 10, None]), max_size=8))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_board_counts_every_initiative_once_and_shows_empty_horizons(
    world: World, chosen: list[int | None]
) -> None:
    with transaction.atomic(), world.acting(world.owner):
        for number, years in enumerate(chosen):
            made = initiative(world.owner, f"Insats {number}")
            if years:
                plan.choose_horizon(by=world.owner, initiative=made, years=10, motivation="Först")
                plan.choose_horizon(by=world.owner, initiative=made, years=years, motivation="Sedan")
        counts = plan.horizon_counts(world.tanum.id)
        transaction.set_rollback(True)
    assert counts == {years: chosen.count(years) for years in (1, 3, 5, 10, None)}


def test_gates_are_done_missing_or_waived_with_who_and_why(world: World) -> None:
    with world.acting(world.owner):
        made = initiative(world.owner, values={"insats": FULL["insats"]})
        plan.waive_gate(by=world.owner, initiative=made, gate="benefit", reason="Möjliggör andra insatser.")
        states = {
            gate.key: (gate.state, gate.waived_by)
            for gate in gates_of(made, needs=1, horizon=None, in_plan=False, benefits=0)
        }
        assert states == {
            "needs": ("done", ""),
            "insats": ("done", ""),
            "malgrupp": ("missing", ""),
            "aktivitet": ("missing", ""),
            "horizon": ("missing", ""),
            "benefit": ("waived", "Olle Ägare"),
            "plan": ("missing", ""),
        }
        with pytest.raises(ValueError, match="går det inte"):
            plan.waive_gate(by=world.owner, initiative=made, gate="plan", reason="Vi vill inte vänta.")
        with pytest.raises(ValueError, match="varför"):
            plan.waive_gate(by=world.owner, initiative=made, gate="needs", reason="")


def test_the_same_form_sent_twice_is_one_initiative(world: World) -> None:
    key = "0192f0c1-2222-7000-8000-000000000002"
    with world.acting(world.owner):
        assert initiative(world.owner, submission_key=key) == initiative(world.owner, submission_key=key)
        initiative(world.owner, "Utan nyckel", proposed_on=date(2026, 11, 1))
        assert Initiative.objects.count() == 2
