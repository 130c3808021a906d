"""From documents, versions and classes to what the design layer draws."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from medskick.design.parts import Row
from medskick.kernel.documents.actions.referrals import due_day, is_settled, waits_for_more_time
from medskick.kernel.documents.models import (
    Document,
    DocumentVersion,
    IncomingReferral,
    Referral,
    ReferralStep,
    VersionEvent,
)
from medskick.kernel.documents.templates import document_templates
from medskick.kernel.organisations.places import place_of
from medskick.kernel.people.models import Person
from medskick.kernel.records.classes import AXES, Classes, scheme
from medskick.kernel.records.models import Item, Level, Record
from medskick.lib.dates import say_date
from medskick.lib.swedish import sort_key


def template_label(key: str) -> str:
    template = document_templates().get(key)
    return template.label if template else key


def document_row(document: Document) -> Row:
    """A line of the list, of a document with its latest version (queries.listed)."""
    draft = document.latest_minor > 0
    return Row(
        title=f"{document.latest_title} {document.latest_major}.{document.latest_minor}",
        url=reverse("document", args=[document.item.number]),
        meta=[
            template_label(document.template),
            _("ändrad %(day)s") % {"day": say_date(document.latest_at, weekday=False, year=True)},
            *(
                [_("ses över %(day)s") % {"day": say_date(document.review_by, weekday=False, year=True)}]
                if document.review_by
                else []
            ),
        ],
        status=_("utkast") if draft else _("fastställd"),
        tone="neutral" if draft else "done",
    )


def class_words(classes: Classes) -> list[tuple[str, str]]:
    """The class in words: how sensitive, how exact, how available, and its secrecy mark."""
    edition, values = scheme(timezone.localdate()), classes._asdict()
    words = [edition.words(axis, values[axis]) for axis in AXES]
    named = {"confidentiality": _("Känslighet"), "integrity": _("Riktighet"), "availability": _("Tillgänglighet")}
    told = [
        (named[axis], f"{one.label[:1].upper()}{one.label[1:]}. {one.meaning}")
        for axis, one in zip(AXES, words, strict=True)
    ]
    return [*told, *([(_("Sekretess"), classes.secrecy)] if classes.secrecy else [])]


def keeping_facts(document: Document) -> list[tuple[str, str | date]]:
    """Who sees to a document, when it is looked over, and where the information is kept (K22)."""
    person = Person.objects.filter(pk=document.responsible).first() if document.responsible else None
    storage = scheme(timezone.localdate()).storage.get(document.storage, document.storage)
    facts: list[tuple[str, str | date]] = [
        (_("Ansvarig"), str(person.name) if person else _("ingen utpekad")),
        (_("Ses över"), document.review_by or _("ingen dag bestämd")),
        (_("Finns"), storage),
    ]
    return [*facts, *([(_("Nätverk"), document.network.name)] if document.network else [])]


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """A row of the history table, exactly as K03: Datum, Version, Utfärdare, Förändringsorsak."""

    at: datetime
    number: str
    url: str
    issuer: str
    reason: str


def history_rows(events: Iterable[VersionEvent], *, staff: bool, number: str) -> list[HistoryRow]:
    """Several rows may stand under one version number."""
    rows = []
    for event in events:
        version = event.version
        url = (
            reverse("document_version", args=[version.pk])
            if staff
            else reverse("public_version", args=[number, version.major])
        )
        what = str(VersionEvent.What(event.what).label)
        reason = f"{what}: {event.note}" if event.note else what
        rows.append(HistoryRow(event.at, version.number, url, event.by_name, reason[:1].upper() + reason[1:]))
    return rows


def duty_rows(version: DocumentVersion, events: Iterable[VersionEvent]) -> list[tuple[str, str]]:
    """What is to happen when a version is fixed, and the evidence that it did (K05)."""
    done = {event.what: event for event in events if event.version_id == version.pk}
    What = VersionEvent.What

    def told(what: VersionEvent.What) -> str:
        event = done[what]
        return _("%(day)s av %(name)s") % {"day": say_date(event.at, weekday=False, year=True), "name": event.by_name}

    item: Item | None = version.item
    record: Record | None = getattr(item, "record", None) if item else None
    rows = [(_("Fastställd"), told(What.FIXED))] if What.FIXED in done else []
    if record is not None:
        rows.append((_("Diarieförd"), record.diary_number or _("får nummer nu")))
    if item is not None and item.level == Level.PUBLIC and What.PUBLISHED in done:
        rows.append((_("Publicerad"), told(What.PUBLISHED)))
    elif What.WITHHELD in done:
        rows.append((_("Publicerad"), _("Nej. %(why)s") % {"why": done[What.WITHHELD].note}))
    if What.ANNOUNCED in done:
        rows.append((_("Meddelad"), done[What.ANNOUNCED].note))
    elif item is not None and item.level == Level.PUBLIC:
        rows.append((_("Meddelad"), _("ingen följde dokumentet")))
    return rows


@dataclass(frozen=True, slots=True)
class SentRemiss:
    """A remiss on the page of its document: to whom it went, the last day for answers, and who has answered.

    receivers: (name, how it stands, tone, the receiver's own last day where it has been given another).
    """

    url: str
    version: str
    diary_number: str
    answer_by: date
    answered: int
    receivers: list[tuple[str, str, str, date | None]]


def sent_remiss(referral: Referral) -> SentRemiss:
    """From a remiss as queries.sent_referrals reads it; it asks for nothing more."""
    record: Record | None = getattr(referral.item, "record", None)
    told, answered = [], 0
    for one in sorted(referral.receivers.all(), key=lambda incoming: sort_key(incoming.owner.short_name)):
        due, steps = due_day(one), sorted(one.steps.all(), key=lambda step: (step.at, step.pk))
        words, tone = _standing(steps, late=due < timezone.localdate())
        answer = getattr(one, "answer", None)
        if answer is not None:
            answered += 1
            words = _("har svarat: %(stance)s") % {"stance": answer.get_stance_display()}
        told.append((one.owner.short_name, words, tone, due if due != referral.answer_by else None))
    return SentRemiss(
        url=reverse("referral", args=[referral.item_id]),
        version=referral.version.number,
        diary_number=record.diary_number if record else "",
        answer_by=referral.answer_by,
        answered=answered,
        receivers=told,
    )


def diary_number_of(version: DocumentVersion, versions: Iterable[DocumentVersion]) -> str:
    """The version's diary number in words; of one that has none, the latest that the document has. `versions` latest first."""
    for one in [version, *versions]:
        record: Record | None = getattr(one.item, "record", None) if one.item else None
        if record is None:
            continue
        number = record.diary_number or _("får nummer nu")
        return (
            number if one == version else _("%(diary)s (version %(number)s)") % {"diary": number, "number": one.number}
        )
    return _("inget än, ett utkast får nummer när det fastställs")


@dataclass(frozen=True, slots=True)
class ReceiverRow:
    """How it stands with a remiss at one receiver, as the sender sees it."""

    incoming: IncomingReferral
    name: str
    words: str
    tone: str
    why: str
    due: date
    diary_number: str
    came_as: str
    asked: ReferralStep | None
    may_be_reminded: bool


def receiver_row(incoming: IncomingReferral) -> ReceiverRow:
    due, settled = due_day(incoming), is_settled(incoming)
    steps = sorted(incoming.steps.all(), key=lambda one: (one.at, one.pk))
    words, tone = _standing(steps, late=due < timezone.localdate())
    record: Record | None = getattr(incoming.item, "record", None)
    place = place_of(incoming.owner_id)
    arrived = next((one.arrived for one in steps if one.arrived is not None), None)
    return ReceiverRow(
        incoming=incoming,
        name=place.short_name if place else "",
        words=words,
        tone=tone,
        why=next((one.reason for one in steps if one.what == ReferralStep.What.DECLINED), ""),
        due=due,
        diary_number=record.diary_number if record else "",
        came_as=arrived.record.diary_number if arrived is not None else "",
        asked=None if settled else waits_for_more_time(incoming),
        may_be_reminded=not settled,
    )


def _standing(steps: list[ReferralStep], *, late: bool) -> tuple[str, str]:
    What = ReferralStep.What
    done = {step.what: step for step in steps}
    if What.ANSWERED in done:
        return _("har svarat"), "done"
    if What.DECLINED in done:
        return _("avstår"), "neutral"
    if late:
        return _("är sen"), "stop"
    if steps and steps[-1].what == What.MORE_TIME_ASKED:
        return _("ber om mer tid"), "wait"
    return _("har inte svarat än"), "now"


def received_row(incoming: IncomingReferral) -> Row:
    """A remiss that came in, as a line of the list."""
    row, sender = receiver_row(incoming), place_of(incoming.referral.item.owner_id)
    return Row(
        title=incoming.item.title,
        url=reverse("incoming_referral", args=[incoming.item_id]),
        meta=[sender.short_name if sender else "", row.diary_number, _answer_by(row.due)],
        status=row.words,
        tone=row.tone,
    )


def sent_row(referral: Referral) -> Row:
    """A remiss that we sent, as a line of the list: how many have answered, of how many."""
    asked_of = list(referral.receivers.all())
    settled = sum(1 for one in asked_of if is_settled(one))
    record: Record | None = getattr(referral.item, "record", None)
    return Row(
        title=referral.item.title,
        url=reverse("referral", args=[referral.item_id]),
        meta=[record.diary_number if record else "", _answer_by(referral.answer_by)],
        status=_("%(settled)s av %(all)s klara") % {"settled": settled, "all": len(asked_of)},
        tone="done" if settled == len(asked_of) else "now",
    )


def _answer_by(day: date) -> str:
    return _("svar senast %(day)s") % {"day": say_date(day, weekday=False, year=True)}
