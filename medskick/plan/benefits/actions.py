"""The verbs of benefits."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from medskick.kernel.log.actions import log
from medskick.kernel.organisations.actor import Actor, require_same_organisation, require_staff
from medskick.kernel.organisations.scope import current_scope
from medskick.kernel.records.actions import create_item, link, publish
from medskick.kernel.records.models import Item, Level, Relation
from medskick.kernel.tasks.actions import create_task, settle
from medskick.kernel.tasks.models import Task
from medskick.lib.text import clean_text
from medskick.plan.benefits.access import MEASURERS, PROMISERS
from medskick.plan.benefits.models import KIND, OUTCOME_KIND, Benefit, Outcome
from medskick.plan.benefits.verdict import Measured, change_in_words
from medskick.plan.initiatives.models import Initiative
from medskick.plan.moments import moment_of


def promise_benefit(
    *,
    by: Actor,
    initiative: Initiative,
    sentence: str,
    baseline: Decimal,
    baseline_period: str,
    target: Decimal,
    unit: str,
    due: date,
    measured_as: str = "",
    indicator_number: str = "",
    promised_on: date | None = None,
    submission_key: UUID | None = None,
) -> Benefit:
    """Promise what gets better, from which value to which, by which day. Public where the initiative is.

    measured_as: what the figure is ("Väntetid i telefon"); left out, the sentence says it.
    indicator_number: the indicator that measures it, where one does. Errors: ValueError in plain words.
    """
    require_staff(by, *PROMISERS)
    require_same_organisation(by, initiative.owner_id)
    standing = Benefit.objects.filter(owner_id=by.organisation, submission_key=submission_key).first()
    if submission_key is not None and standing is not None:
        return standing
    said = clean_text(sentence, max_length=300).strip()
    if not said:
        raise ValueError(_("Skriv i en mening vad som blir bättre, och för vem."))
    if baseline == target:
        raise ValueError(_("Målet är detsamma som nuläget. Då blir inget bättre."))
    about = _as_it_stands(initiative.item)
    item = create_item(
        by=by,
        kind=KIND,
        title=said,
        level=about.level,
        readers=about.readers,
        unit=initiative.unit_id,
        occurred_at=moment_of(promised_on),
        search_text=f"{measured_as} {indicator_number}",
    )
    benefit = Benefit(
        item=item,
        owner_id=item.owner_id,
        initiative=initiative,
        sentence=said,
        measured_as=measured_as or said,
        baseline=baseline,
        baseline_period=baseline_period,
        target=target,
        unit=unit,
        due=due,
        indicator_number=indicator_number,
        promised_by=by.person,
        submission_key=submission_key,
    )
    benefit.save(force_insert=True)
    link(by=by, from_item=about, to_item=item, relation=Relation.GAVE_RISE_TO)
    return benefit


def record_outcome(
    *,
    by: Actor,
    benefit: Benefit,
    value: Decimal,
    period: str,
    measured_on: date | None = None,
    measured_by_item: Item | None = None,
    note: str = "",
) -> Outcome:
    """Write down what the benefit came to in a period; the trace then answers "Hjälpte det?".

    measured_by_item: what was measured, such as an indicator's series, linked as what the outcome came from.
    The same value of the same period is written once. The follow-up task is done by this.
    """
    require_staff(by, *MEASURERS)
    require_same_organisation(by, benefit.owner_id)
    day = measured_on or timezone.localdate()
    last = benefit.outcomes.order_by("-measured_on", "-pk").first()
    if last is not None and last.period == period and last.value == value:
        return last
    about = _as_it_stands(benefit.item)
    item = create_item(
        by=by,
        kind=OUTCOME_KIND,
        title=change_in_words(benefit.promise, Measured(value, period, day)),
        summary=note,
        level=about.level,
        readers=about.readers,
        unit=about.unit_id,
        occurred_at=moment_of(day),
    )
    outcome = Outcome(
        item=item, owner_id=item.owner_id, benefit=benefit, value=value, period=period, measured_on=day, note=note
    )
    outcome.save(force_insert=True)
    link(by=by, from_item=about, to_item=item, relation=Relation.MEASURED_BY)
    if measured_by_item is not None:
        link(by=by, from_item=measured_by_item, to_item=item, relation=Relation.GAVE_RISE_TO)
    settle(benefit.item, by=by, relation=Task.TO_DO)
    return outcome


def publish_benefits(*, by: Actor, initiative: Initiative) -> int:
    """Open what an initiative promised for everyone, with what has been measured. Returns how many promises opened."""
    require_same_organisation(by, initiative.owner_id)
    opened = 0
    for benefit in Benefit.objects.filter(initiative=initiative).with_outcomes():
        for item in (benefit.item, *(Item.objects.filter(pk__in=[one.pk for one in benefit.outcomes.all()]))):
            if item.level != Level.PUBLIC:
                publish(item, by=by)
                opened += item.pk == benefit.pk
    return opened


def remind_of_due_benefits(*, by: Actor, today: date) -> int:
    """Give a follow-up task for every promise whose day has come and that has none open. Returns how many were given."""
    given = 0
    open_tasks = set(Task.objects.open().filter(relation=Task.TO_DO).values_list("item_id", flat=True))
    for benefit in Benefit.objects.of(current_scope().acting).due_by(today).select_related("item", "initiative__item"):
        if benefit.pk in open_tasks:
            continue
        unit = benefit.initiative.unit_id or benefit.initiative.item.unit_id
        person = benefit.promised_by if unit is None else None
        if unit is None and person is None:
            log("benefit.nobody_to_remind", by=by, item=benefit.pk)
            continue
        create_task(
            benefit.item,
            by=by,
            what=f"Nytta att följa upp: {benefit.initiative.item.title}",
            verb="för in",
            url=f"{benefit.get_absolute_url()}/utfall",
            due=benefit.due,
            unit=unit,
            person=person,
        )
        given += 1
    return given


def _as_it_stands(item: Item) -> Item:
    """Read anew: a plan may have been decided, and the item opened, since the caller read it."""
    return Item.objects.get(pk=item.pk)
