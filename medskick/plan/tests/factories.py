"""Short ways to what plan's tests begin with, by the verbs that people use."""

from datetime import date
from decimal import Decimal
from typing import Any

from medskick.kernel.organisations.actor import Actor
from medskick.kernel.tests.world import World
from medskick.plan import api as plan
from medskick.plan.models import ActionPlan, Activity, Benefit, Initiative, Need

FULL = {
    "insats": {
        "problem": "Kön är lång.",
        "proposal": "Fler svarar.",
        "expected_effect": "Kortare väntan.",
        "shared": "Ihop.",
    },
    "malgrupp": {"group": "Äldre.", "situation": "Ringer ofta.", "group_needs": "Svar i dag.", "other_way": "Besök."},
    "aktivitet": {
        "steps": "Bemanna.",
        "responsible": "Servicekontoret",
        "time": "2026",
        "cost": "0 kr",
        "measure": "Väntetid.",
    },
}


def need(by: Actor, text: str = "Mormor kan inte boka färdtjänst i appen", **more: Any) -> Need:
    return plan.record_need(by=by, **{"channel": "email", "said_on": date(2026, 9, 17), **more}, text=text)


def initiative(by: Actor, title: str = "Boka utan app", **more: Any) -> Initiative:
    return plan.propose_initiative(by=by, **{"proposed_on": date(2026, 10, 3), **more}, title=title)


def action_plan(by: Actor, title: str = "Handlingsplan 2026", **more: Any) -> ActionPlan:
    period = {"start": date(2026, 1, 1), "end": date(2027, 12, 31), "started_on": date(2026, 10, 5)}
    return plan.start_plan(by=by, **{**period, **more}, title=title)


def activity(world: World, in_plan: ActionPlan, for_initiative: Initiative, **more: Any) -> Activity:
    given = {
        "title": "Öppna telefontid på tre servicekontor",
        "unit": world.unit,
        "lead": world.tanum,
        "start": date(2026, 11, 2),
        "end": date(2027, 3, 31),
        "measure": "Telefontid öppen på tre kontor",
        "cost": 120_000,
    }
    return plan.add_activity(by=world.owner, plan=in_plan, initiative=for_initiative, **{**given, **more})


def decided(by: Actor, in_plan: ActionPlan, day: date = date(2026, 10, 12)) -> plan.PlanVersion:
    return plan.decide_plan(by=by, plan=in_plan, decided_on=day, body="E-rådet", decision_text="Planen antas.")


def benefit(by: Actor, for_initiative: Initiative, **more: Any) -> Benefit:
    given = {
        "sentence": "Den som ringer om färdtjänst får svar snabbare",
        "measured_as": "Väntetid",
        "baseline": Decimal(9),
        "baseline_period": "våren 2026",
        "target": Decimal(4),
        "unit": "min",
        "due": date(2027, 6, 30),
        "promised_on": date(2026, 11, 10),
    }
    return plan.promise_benefit(by=by, initiative=for_initiative, **{**given, **more})


# Under a test's own outer transaction a scope is a savepoint, released and undone by hand: three statements that count as
# queries here and are none on a server.
TEST_ONLY_STATEMENTS = 3
