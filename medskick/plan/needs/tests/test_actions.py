"""Recording, sorting and deciding on needs, for the three known people."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from medskick.kernel.log.models import LogEntry
from medskick.kernel.records.models import Level, Link, Relation
from medskick.kernel.tests.world import World
from medskick.plan import api as plan
from medskick.plan.models import GoalAreaChoice, Need, NeedDecision
from medskick.plan.needs.queries import area_counts
from medskick.plan.tests.factories import need


def test_a_need_keeps_its_words_and_its_sources_heading(world: World) -> None:
    with world.acting(world.owner):
        made = need(world.owner, "Bussen  går inte\npå kvällen ", heading="Mod", section="9.6.2")
        assert (made.text, made.heading, made.section) == ("Bussen  går inte\npå kvällen", "Mod", "9.6.2")
        assert made.item.occurred_at.date() == date(2026, 9, 17)
        assert LogEntry.objects.filter(verb="plan.need.created", item=made.pk).count() == 1


def test_only_the_own_organisation_reads_a_need_and_strangers_cannot_decide(world: World) -> None:
    with world.acting(world.owner):
        made = need(world.owner)
    seen = {}
    for name in ("owner", "colleague", "stranger", "regional"):
        with world.acting(getattr(world, name)):
            seen[name] = Need.objects.filter(pk=made.pk).exists()
    assert seen == {"owner": True, "colleague": True, "stranger": False, "regional": False}
    with world.acting(world.stranger), pytest.raises(PermissionDenied):
        plan.accept_need(by=world.stranger, need=made)


def test_a_networks_need_is_read_by_those_who_sit_in_it(world: World) -> None:
    with world.acting(world.regional):
        made = need(world.regional, network=world.network)
        assert made.item.level == Level.SHARED
    seen = {}
    for name in ("owner", "colleague", "stranger"):
        with world.acting(getattr(world, name)):
            seen[name] = Need.objects.filter(pk=made.pk).exists()
    assert seen == {"owner": True, "colleague": False, "stranger": False}


def test_a_residents_or_a_role_less_actors_hand_is_refused(world: World) -> None:
    with world.acting(world.resident), pytest.raises(PermissionDenied):
        need(world.resident)
    nobody = replace(world.owner, roles=frozenset())
    with world.acting(world.owner):
        made = need(nobody)
        with pytest.raises(PermissionDenied):
            plan.choose_goal_area(by=nobody, need=made, area="competence")
        with pytest.raises(PermissionDenied):
            plan.reject_need(by=nobody, need=made, reason="Nej")
        assert GoalAreaChoice.objects.count() == NeedDecision.objects.count() == 0


@pytest.mark.parametrize("text", ["", "   \n ", "\u0000", "x" * 5001, "\u202egnal"])
def test_a_need_without_words_that_can_be_kept_is_refused_and_nothing_is_saved(world: World, text: str) -> None:
    with world.acting(world.owner):
        with pytest.raises(ValueError):
            need(world.owner, text)
        with pytest.raises(ValueError, match="framtiden"):
            need(world.owner, said_on=timezone.localdate() + timedelta(days=1))
        assert Need.objects.count() == 0


def test_the_same_form_sent_twice_is_one_need(world: World) -> None:
    key = "0192f0c1-2222-7000-8000-000000000001"
    with world.acting(world.owner):
        first, second = need(world.owner, submission_key=key), need(world.owner, submission_key=key)
        assert first == second
        assert Need.objects.count() == 1


def test_choosing_another_goal_area_leaves_the_first_choice_in_the_history(world: World) -> None:
    with world.acting(world.owner):
        made = need(world.owner)
        assert Need.objects.unmapped().count() == 1
        plan.choose_goal_area(by=world.owner, need=made, area="competence")
        plan.choose_goal_area(by=world.owner, need=made, area="competence")
        plan.choose_goal_area(by=world.colleague, need=made, area="safety")
        choices = list(made.area_choices.order_by("at").values_list("area", "by_name", "replaced_at"))
        assert [(area, who, replaced is None) for area, who, replaced in choices] == [
            ("competence", "Olle Ägare", False),
            ("safety", "Karin Kollega", True),
        ]
        assert Need.objects.get(pk=made.pk).area == "safety"
        assert list(Need.objects.for_area("competence")) == []
        assert Need.objects.unmapped().count() == 0
        with pytest.raises(ValueError, match="finns inte"):
            plan.choose_goal_area(by=world.owner, need=made, area="finns-inte")


def test_two_choices_can_never_stand_at_once(world: World) -> None:
    with world.acting(world.owner):
        made = need(world.owner)
        plan.choose_goal_area(by=world.owner, need=made, area="competence")
        with pytest.raises(IntegrityError), transaction.atomic():
            GoalAreaChoice(need=made, area="safety").save(force_insert=True)


def decide(world: World, made: Need, decision: str, other: Need) -> None:
    if decision == NeedDecision.ACCEPTED:
        plan.accept_need(by=world.owner, need=made)
    elif decision == NeedDecision.REJECTED:
        plan.reject_need(by=world.owner, need=made, reason="Görs redan")
    else:
        plan.merge_need(by=world.owner, need=made, into=other, reason="Samma sak")


@pytest.mark.parametrize("first", ["captured", "accepted", "rejected", "merged_into"])
@pytest.mark.parametrize("then", ["accepted", "rejected", "merged_into"])
def test_only_the_transitions_of_the_table_are_made(world: World, first: str, then: str) -> None:
    with world.acting(world.owner):
        made, other = need(world.owner, "Det ena behovet"), need(world.owner, "Det andra behovet")
        if first != "captured":
            decide(world, made, first, other)
        if then in NeedDecision.ALLOWED[first]:
            decide(world, made, then, other)
            assert Need.objects.get(pk=made.pk).state == then
        else:
            with pytest.raises(plan.NotAllowedNow, match="kan inte bli"):
                decide(world, made, then, other)
            assert Need.objects.get(pk=made.pk).state == first


def test_a_merged_need_lives_on_in_the_other_by_a_link(world: World) -> None:
    with world.acting(world.owner):
        made, other = need(world.owner, "Det ena behovet"), need(world.owner, "Det andra behovet")
        plan.merge_need(by=world.owner, need=made, into=other, reason="Samma sak")
        link = Link.objects.get()
        assert (link.from_item_id, link.to_item_id, link.relation) == (made.pk, other.pk, Relation.MERGED_INTO)
        assert list(Need.objects.still_counting()) == [other]
        with pytest.raises(ValueError, match="sig självt"):
            plan.merge_need(by=world.owner, need=other, into=other)
        with pytest.raises(plan.NotAllowedNow):
            plan.merge_need(by=world.owner, need=other, into=made)


def test_a_rejection_needs_a_reason_and_shows_it(world: World) -> None:
    with world.acting(world.owner):
        made = need(world.owner)
        with pytest.raises(ValueError, match="varför"):
            plan.reject_need(by=world.owner, need=made, reason="  ")
        plan.reject_need(by=world.owner, need=made, reason="Kollektivtrafiken beslutar om det.")
        made.item.refresh_from_db()
        assert made.item.summary == "Avvisat: Kollektivtrafiken beslutar om det."


def test_counts_by_area_name_what_nobody_has_sorted(world: World) -> None:
    with world.acting(world.owner):
        for text, area in [("Ett behov", "safety"), ("Ett till behov", "safety"), ("Ett tredje", ""), ("Fjärde", "")]:
            made = need(world.owner, text)
            if area:
                plan.choose_goal_area(by=world.owner, need=made, area=area)
        plan.reject_need(by=world.owner, need=made, reason="Nej")
        assert area_counts(Need.objects.of(world.tanum.id)) == {"safety": 2, "": 1}


def test_needs_that_may_say_the_same_are_suggested_within_the_organisation(world: World) -> None:
    with world.acting(world.owner):
        near = need(world.owner, "Det går inte att boka färdtjänst utan appen")
        need(world.owner, "Fler bänkar vid badplatsen")
        assert plan.similar_needs("Mormor kan inte boka färdtjänst i appen", organisation=world.tanum.id) == [near]
        assert plan.similar_needs("ab", organisation=world.tanum.id) == []
    with world.acting(world.stranger):
        assert plan.similar_needs("boka färdtjänst i appen", organisation=world.sotenas.id) == []


def test_a_need_is_opened_for_everyone_by_a_person_and_never_a_rejected_one(world: World) -> None:
    with world.acting(world.owner):
        opened, rejected = need(world.owner, "Ett behov att visa"), need(world.owner, "Ett annat behov")
        plan.reject_need(by=world.owner, need=rejected, reason="Görs redan")
        with pytest.raises(plan.NotAllowedNow):
            plan.open_need(by=world.owner, need=rejected)
    assert world.client(world.stranger).post(f"/arbete/planera/behov/{opened.pk}/publicering").status_code == 404
    assert world.client(world.owner).post(f"/arbete/planera/behov/{opened.pk}/publicering").status_code == 302
    with world.acting(world.stranger):
        assert list(Need.objects.all()) == [opened]


def test_what_stands_on_the_need_is_what_its_decision_rows_say(world: World) -> None:
    with world.acting(world.owner):
        made, other = need(world.owner, "Det ena behovet"), need(world.owner, "Det andra behovet")
        plan.choose_goal_area(by=world.owner, need=made, area="safety")
        plan.reject_need(by=world.owner, need=made, reason="Görs redan")
        plan.accept_need(by=world.owner, need=made)
        for one in Need.objects.all():
            choice = one.area_choices.filter(replaced_at__isnull=True).values_list("area", flat=True).first()
            decision = one.decisions.filter(replaced_at__isnull=True).values_list("decision", flat=True).first()
            assert (one.area, one.state) == (choice or "", decision or "captured")
        assert (made.area, made.state, other.state) == ("safety", "accepted", "captured")
