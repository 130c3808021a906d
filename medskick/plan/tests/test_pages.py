"""Plan's pages for the three known people, with the numbers of queries that lists and details may take."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse, set_script_prefix

from medskick.kernel.tests.world import World
from medskick.plan import api as plan
from medskick.plan.tests.factories import (
    FULL,
    TEST_ONLY_STATEMENTS,
    action_plan,
    activity,
    benefit,
    decided,
    initiative,
    need,
)

LIST, DETAIL = 8, 12


def fill(world: World, many: int) -> dict[str, str]:
    """A world with `many` of everything, and the addresses of the last of each."""
    # The prefix of a municipality's site stays with the thread after a request to it.
    set_script_prefix("/")
    with world.acting(world.owner):
        for number in range(many):
            said = need(world.owner, f"Behov nummer {number}: bussen går inte", network=world.network)
            plan.choose_goal_area(by=world.owner, need=said, area="infrastructure")
            plan.accept_need(by=world.owner, need=said)
            made = initiative(world.owner, f"Insats {number}", needs=[said], values=FULL, unit=world.unit)
            plan.choose_horizon(by=world.owner, initiative=made, years=3, motivation="Det brådskar.")
            draft = action_plan(world.owner, f"Plan {number}")
            for _ in range(many):
                activity(world, draft, made)
            promise = benefit(world.owner, made)
            version = decided(world.owner, draft)
            for step in range(many):
                plan.record_outcome(
                    by=world.owner,
                    benefit=promise,
                    value=Decimal(8 - step),
                    period=f"2026-{step}",
                    measured_on=date(2026, 11, 10 + step),
                )
        return {
            "needs": reverse("needs"),
            "initiatives": reverse("initiatives"),
            "action_plans": reverse("action_plans"),
            "benefits": reverse("benefits"),
            "need": reverse("need", args=[said.pk]),
            "initiative": reverse("initiative", args=[made.pk]),
            "action_plan": reverse("action_plan", args=[draft.pk]),
            "plan_version": reverse("plan_version", args=[version.pk]),
            "benefit": reverse("benefit", args=[promise.pk]),
            "what_we_do": reverse("what_we_do"),
            "public_initiative": reverse("public_initiative", args=[made.pk]),
            "public_plan": reverse("public_plan", args=[version.pk]),
            "public_benefit": reverse("public_benefit", args=[promise.pk]),
        }


@pytest.mark.parametrize("many", [1, 3])
@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("needs", LIST),
        ("initiatives", LIST),
        ("action_plans", LIST),
        ("benefits", LIST),
        ("need", DETAIL),
        ("initiative", DETAIL),
        ("action_plan", DETAIL),
        ("plan_version", DETAIL),
        ("benefit", DETAIL),
    ],
)
def test_staff_pages_take_few_queries_whatever_the_number_of_rows(
    world: World, name: str, most: int, many: int, django_assert_max_num_queries: Callable
) -> None:
    client, address = world.client(world.owner), fill(world, many)[name]
    client.get(address)
    with django_assert_max_num_queries(most + TEST_ONLY_STATEMENTS):
        page = client.get(address)
    assert page.status_code == 200
    assert page.content.decode().count("<h1") == 1


@pytest.mark.parametrize("many", [1, 3])
@pytest.mark.parametrize(
    ("name", "most"),
    [("what_we_do", LIST), ("public_initiative", DETAIL), ("public_plan", DETAIL), ("public_benefit", DETAIL)],
)
def test_public_pages_take_few_queries_and_need_no_log_in(
    world: World, name: str, most: int, many: int, django_assert_max_num_queries: Callable
) -> None:
    client, address = world.client(), fill(world, many)[name]
    client.get(f"/tanum{address}")
    with django_assert_max_num_queries(most + TEST_ONLY_STATEMENTS):
        page = client.get(f"/tanum{address}")
    assert page.status_code == 200


def test_who_opens_which_page(world: World) -> None:
    pages = fill(world, 1)
    opened = {
        name: [world.client(who).get(address).status_code for who in (world.owner, world.colleague, world.stranger)]
        for name, address in pages.items()
    }
    hidden, shared = [200, 200, 404], [200, 200, 200]
    assert opened == {
        "needs": shared,
        "initiatives": shared,
        "action_plans": shared,
        "benefits": shared,
        "need": hidden,
        "initiative": shared,
        "action_plan": shared,
        "plan_version": shared,
        "benefit": shared,
        "what_we_do": shared,
        "public_initiative": shared,
        "public_plan": shared,
        "public_benefit": shared,
    }


def test_a_stranger_may_read_what_is_public_but_write_nothing(world: World) -> None:
    fill(world, 1)
    with world.acting(world.owner):
        made, line, promise = (
            plan.Initiative.objects.get(),
            plan.Activity.objects.filter(item__isnull=False).get(),
            plan.Benefit.objects.get(),
        )
    client = world.client(world.stranger)
    closed = [
        reverse("initiative_part", args=[made.pk, "insats"]),
        reverse("initiative_horizon", args=[made.pk]),
        reverse("initiative_waiver", args=[made.pk, "benefit"]),
        reverse("promise_benefit", args=[made.pk]),
        reverse("new_outcome", args=[promise.pk]),
        reverse("activity_progress", args=[line.pk]),
    ]
    assert [client.get(address).status_code for address in closed] == [403] * len(closed)
    assert "Lova en nytta" not in client.get(reverse("initiative", args=[made.pk])).content.decode()
