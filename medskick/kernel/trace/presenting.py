"""From trace steps and records to what the design layer draws: the thread, the record bar."""

from collections.abc import Iterable
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from medskick.design.parts import Step
from medskick.kernel.organisations.places import place_of
from medskick.kernel.records.classes import Classes, say_class
from medskick.kernel.records.kinds import kind_of
from medskick.kernel.records.models import Item, Level, Record
from medskick.kernel.trace.queries import TraceStep


def thread(
    item: Item, after: Iterable[TraceStep], *, before: Iterable[TraceStep] = (), first_label: str = ""
) -> list[Step]:
    """What the item came from, the item itself, then what became of it; the last step is where it is now.

    Voices before it are left out: there can be hundreds, and the page counts them apart.
    """
    steps = list(after)
    origins = sorted((step for step in before if not step.kind.voice), key=lambda step: step.at)
    here = Step(
        label=first_label or str(kind_of(item.kind).trace_step),
        title=item.title,
        when=item.occurred_at,
        text=item.summary if item.summary != item.title else "",
        facts=[_owner(item.owner_id)],
        state="done" if steps else "now",
    )
    led_here = (_step(step, last=False) for step in origins)
    return [*led_here, here, *(_step(step, last=step is steps[-1]) for step in steps)]


def record_facts(item: Item, record: Record | None) -> list[tuple[str, str]]:
    """What the record bar says of an item to staff: whose it is, who may read it, its diary entry and protection."""
    facts = [
        (_("Spårnummer"), item.number),
        (_("Ägare"), _owner(item.owner_id)),
        (_("Läses av"), str(Level(item.level).label)),
    ]
    if record is not None:
        facts.append((_("Diarienummer"), record.diary_number or _("tas nu")))
        classes = Classes(record.confidentiality, record.integrity, record.availability)
        facts.append((_("Skydd"), say_class(classes, timezone.localdate())))
        if record.secrecy:
            facts.append((_("Sekretess"), record.secrecy))
    return facts


def _step(step: TraceStep, *, last: bool) -> Step:
    if step.told:
        return Step(
            label=str(step.kind.trace_step),
            title=_("Ett steg som du inte får läsa"),
            when=step.at,
            text=_("%(kind)s hos %(owner)s, %(month)s. Du kan begära att få ut handlingen.")
            % {
                "kind": str(step.kind.label).capitalize(),
                "owner": step.owner_name,
                "month": date_format(step.at, "F Y"),
            },
            url=_ask_for(step),
            action=_("Så begär du ut det"),
            state="told",
        )
    facts = [step.owner_name]
    if step.linked_by:
        facts.append(_("kopplat av %(name)s") % {"name": step.linked_by})
    if step.reason:
        facts.append(step.reason)
    return Step(
        label=str(step.kind.trace_step),
        title=step.title,
        when=step.at,
        text=step.summary if step.summary != step.title else "",
        url=reverse("trace", args=[step.number]),
        facts=facts,
        state="now" if last else "done",
    )


def _ask_for(step: TraceStep) -> str:
    """The form that asks for a step's record, which says which one it is so that nobody has to describe it."""
    what = f"{str(step.kind.label).capitalize()}, {date_format(step.at, 'F Y')}"
    return f"{reverse('disclosure', args=[step.owner])}?{urlencode({'steg': str(step.item), 'vad': what})}"


def _owner(organisation: UUID) -> str:
    place = place_of(organisation)
    return place.name if place else ""
