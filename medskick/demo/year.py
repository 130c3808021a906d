"""The year of the example region: what was said, planned, done and measured, in the order in which it happened.

Everything is invented, and made by the verbs that people's clicks call.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from medskick.demo.region import UNITS, Region
from medskick.dialog import api as dialog
from medskick.dialog import demo as dialog_demo
from medskick.dialog.demo import workshops
from medskick.flows.adopt_cluster.actions import adopt_as_initiative, adopt_as_need
from medskick.flows.adopt_initiative.actions import adopt_initiative
from medskick.flows.adopt_voice.actions import adopt_answer, adopt_voice
from medskick.flows.benefit_outcomes.actions import feed_outcomes
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.organisations.scope import scope, widen_scope
from medskick.lib.dates import STOCKHOLM
from medskick.measure import demo as measure_demo
from medskick.plan import api as plan
from medskick.plan import demo as plan_demo
from medskick.services import api as services
from medskick.services import demo as services_demo


@dataclass(frozen=True, slots=True)
class Promise:
    """A benefit that an initiative promises, `target_in` days from today, measured by an indicator of the example."""

    sentence: str
    measured_as: str
    baseline: str
    target: str
    unit: str
    target_in: int
    indicator: str = ""
    monthly: bool = True


@dataclass(frozen=True, slots=True)
class Told:
    """An initiative of the year: the answers it came of, its need in words, its VAD, VEM and HUR, and what it promises."""

    title: str
    need: str
    area: str
    answers: Sequence[str]
    years: int
    why: str
    what: dict[str, str]
    who: dict[str, str]
    how: dict[str, str]
    activity: str = ""
    lead: str = ""
    measure: str = ""
    cost: int = 0
    promise: Promise | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """A case of the year: sent in `days` from today, answered `answered_after` days later (0: not yet)."""

    place: str
    days: int
    kind: str
    topic: str
    text: str
    where: str = ""
    answered_after: int = 0
    outcome: services.Outcome = services.Outcome.WILL_CONSIDER
    answer: str = ""
    by: str = ""
    need: str = ""


# Days from the promises to today; the plan is decided a few days later.
_PROMISED = 220

REASONS = {
    services.Outcome.ACTION_TAKEN: "Det gick att ordna inom vår egen budget.",
    services.Outcome.WILL_CONSIDER: "Vi behöver väga det mot annat innan vi lovar något.",
    services.Outcome.NO_CHANGE: "Pengarna och personalen räcker inte till mer i år.",
    services.Outcome.NOT_OURS: "En annan myndighet bestämmer i den här frågan.",
}


def build_year(region: Region, *, initiatives: Sequence[Told], cases: Sequence[Sent], today: date) -> dict[str, int]:
    """Build the year, ending today. Returns how many of each thing there is."""
    leaders = {"fyrbodal": region.actor("maria"), "tanum": region.actor("tove"), "sotenas": region.system("sotenas")}
    said = dialog_demo.run(
        leaders=leaders,
        colleagues={key: region.actor(key) for key in ("sara", "tove", "perolof", "lena", "birgit")},
        networks=region.networks,
        municipalities=list(region.municipalities.values()),
        today=today,
    )
    analyst = region.actor("sara")
    with scope(analyst.scope()):
        measure_demo.build_indicators(
            by=analyst, municipalities=[one.id for one in region.municipalities.values()], today=today
        )
    leader = region.actor("maria")
    with scope(leader.scope()):
        promised = _plan(region, leader, said, initiatives, today)
        _take_up_workshops(leader, said, today)
        needs = plan_demo.fill_out(by=leader, networks=region.networks, today=today)
    for case in cases:
        _send(region, case, today)
    lived = services_demo.run(
        organisations=region.municipalities,
        officer_of=region.officer,
        residents={key: region.actors[key] for key in ("amir", "ingrid")},
        units={slug: [region.units[slug, name] for name, _days in UNITS] for slug in region.municipalities},
        today=today,
    )
    with scope(leader.scope()):
        fed = feed_outcomes(by=leader, measured_on=today - timedelta(days=12))
    return {
        "möten": len(said.sessions),
        "svar": len(said.answers),
        "behov": len(initiatives) + needs + 1,
        "insatser": len(initiatives) + len(plan_demo.LATER) + 2,
        "ärenden": len(cases) + len(lived),
        "löften om nytta": promised,
        "utfall": len(fed.outcomes),
    }


def _plan(region: Region, by: Actor, said: dialog_demo.Year, told: Sequence[Told], today: date) -> int:
    decided, working = (
        plan.start_plan(
            by=by,
            title=title,
            start=date(year, 1, 1),
            end=date(year + 2, 12, 31),
            started_on=today + timedelta(days=days),
        )
        for title, year, days in (
            ("Handlingsplan för digitalisering", today.year, -300),
            ("Nästa handlingsplan", today.year + 1, -40),
        )
    )
    promised = 0
    for one in told:
        initiative = _initiative(region, by, said, one, today)
        if one.activity:
            plan.add_activity(
                by=by,
                plan=decided if one.promise else working,
                initiative=initiative,
                title=one.activity,
                unit=region.units["fyrbodal", "Kommunledning"],
                lead=region.municipalities[one.lead],
                start=today - timedelta(days=200),
                end=today + timedelta(days=400),
                measure=one.measure,
                cost=one.cost,
            )
        if one.promise is not None:
            promised += 1
            _promise(by, initiative, one.promise, today)
    plan.decide_plan(
        by=by,
        plan=decided,
        decided_on=today - timedelta(days=215),
        body="Fyrbodals e-råd",
        decision_text="E-rådet antar handlingsplanen. Insatserna ska påbörjas inom ett år och följas upp varje höst.",
    )
    return promised


def _initiative(region: Region, by: Actor, said: dialog_demo.Year, told: Told, today: date) -> plan.Initiative:
    needs = []
    for text in told.answers:
        answer = said.answers.get(text)
        if answer is not None and answer.owner_id == by.organisation:
            needs.append(
                adopt_answer(
                    by=by,
                    answer=answer,
                    text=told.need,
                    area=told.area,
                    reason="Flera sa samma sak",
                    said_on=today - timedelta(days=285),
                )
            )
    if not needs:
        need = plan.record_need(by=by, text=told.need, channel=plan.Need.EMAIL, said_on=today - timedelta(days=290))
        plan.choose_goal_area(by=by, need=need, area=told.area)
        needs.append(need)
    kept, *same = needs
    for other in same:
        plan.merge_need(by=by, need=other, into=kept, reason="Samma behov med samma ord")
    plan.accept_need(by=by, need=kept, at=_noon(today - timedelta(days=270)))
    initiative = plan.propose_initiative(
        by=by,
        title=told.title,
        summary=told.what["proposal"],
        needs=[kept],
        values={"insats": told.what, "malgrupp": told.who, "aktivitet": told.how},
        unit=region.units["fyrbodal", "Kommunledning"],
        proposed_on=today - timedelta(days=260),
    )
    plan.choose_horizon(
        by=by, initiative=initiative, years=told.years, motivation=told.why, at=_noon(today - timedelta(days=255))
    )
    return initiative


def _take_up_workshops(by: Actor, said: dialog_demo.Year, today: date) -> None:
    """What the workshops gave: a cluster becomes a need and another an initiative, and the complete draft an initiative."""
    need_of, initiative_of = (
        dialog.gathered_in(said.clusters[title].id) for title in (workshops.COVERAGE, workshops.NOBODY_OUTSIDE)
    )
    if need_of is None or initiative_of is None:
        raise LookupError("The clusters of the workshop cannot be read")
    adopt_as_need(
        by=by,
        gathered=need_of,
        text="Mobilen och fibern behöver bära hela vägen fram, i Dalsland och i skärgården",
        area="infrastructure",
        reason="Workshopen ville ha det påbörjat inom 3 år",
        at=_noon(today - timedelta(days=12)),
    )
    adopt_as_initiative(
        by=by,
        gathered=initiative_of,
        title="Ingen lämnas utanför",
        summary="Den som inte kan eller vill vara digital får hjälp av en människa, och samma service.",
        reason="Workshopen ville ha det påbörjat inom 1 år",
        at=_noon(today - timedelta(days=12)),
    )
    adopt_initiative(
        by=by,
        answer=said.drafts[workshops.COMPLETE],
        summary="En kollega på varje enhet har tid att hjälpa de andra.",
        reason="Utkastet var komplett när workshopen slutade",
        proposed_on=today - timedelta(days=8),
    )


def _promise(by: Actor, initiative: plan.Initiative, promise: Promise, today: date) -> None:
    plan.promise_benefit(
        by=by,
        initiative=initiative,
        sentence=promise.sentence,
        measured_as=promise.measured_as,
        baseline=Decimal(promise.baseline),
        baseline_period=_before_it(promise, today),
        target=Decimal(promise.target),
        unit=promise.unit,
        due=today + timedelta(days=promise.target_in),
        indicator_number=promise.indicator,
        promised_on=today - timedelta(days=_PROMISED),
    )


def _before_it(promise: Promise, today: date) -> str:
    """The period that the promise starts from: what was known when it was made."""
    if not promise.monthly:
        return str(today.year - 2)
    return f"{(today - timedelta(days=_PROMISED)).replace(day=1) - timedelta(days=1):%Y-%m}"


def _send(region: Region, sent: Sent, today: date) -> None:
    at = datetime.combine(today + timedelta(days=sent.days), time(10, 20), STOCKHOLM)
    organisation = region.organisation(sent.place)
    sender = (
        Actor(kind="person", organisation=organisation.id, person=region.persons[sent.by].id, channel="demo")
        if sent.by
        else Actor(kind="device", organisation=organisation.id, channel="demo")
    )
    with scope(sender.scope()):
        case = services.submit_case(
            by=sender,
            service="synpunkt",
            answers={"slag": sent.kind, "amne": sent.topic, "plats": sent.where, "text": sent.text},
            at=at,
        ).case
    if sent.answered_after:
        officer = region.officer(sent.place, case.unit)
        with scope(officer.scope()):
            services.answer_case(
                case.item_id,
                by=officer,
                text=sent.answer,
                outcome=sent.outcome,
                reason=REASONS[sent.outcome],
                at=at + timedelta(days=sent.answered_after),
            )
    if sent.need:
        by = region.system(sent.place)
        with scope(by.scope()):
            widen_scope([case.unit_id])
            adopt_voice(by=by, voice=services.get_case(case.item_id).item, text=sent.need, said_on=at.date())


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), STOCKHOLM)
