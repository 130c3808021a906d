"""From rows to what the pages show."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from medskick.design.parts import Event, Link, Row, Step
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.organisations.places import place_of
from medskick.kernel.records.kinds import trace_url
from medskick.kernel.records.offers import offers_for
from medskick.kernel.trace.presenting import record_facts, thread
from medskick.kernel.trace.queries import TraceStep, steps_after
from medskick.lib.codes import group_code
from medskick.lib.dates import say_date
from medskick.lib.text import shorten
from medskick.services.cases import access, queries
from medskick.services.cases.models import Case, CaseStep, State
from medskick.services.definitions.catalogue import catalogue

TONES = {
    State.RECEIVED: "wait",
    State.IN_PROGRESS: "now",
    State.REOPENED: "wait",
    State.ANSWERED: "done",
    State.CLOSED: "neutral",
}
FIRST_WORDS = 90
VIEWS = (
    (queries.OPEN, gettext_lazy("Väntar på svar")),
    (queries.OVERDUE, gettext_lazy("För sena")),
    (queries.ANSWERED, gettext_lazy("Besvarade")),
    (queries.ALL, gettext_lazy("Alla")),
)


@dataclass(frozen=True, slots=True)
class SenderUrls:
    """The sender's addresses of a case: by her private address ("sender_case") or by her log-in ("my_case")."""

    name: str
    key: str | UUID

    @property
    def by_address(self) -> bool:
        return self.name == "sender_case"

    @property
    def page(self) -> str:
        return reverse(self.name, args=[self.key])

    @property
    def receipt(self) -> str:
        return reverse(f"{self.name}_receipt", args=[self.key])

    @property
    def verdict(self) -> str:
        return reverse(f"{self.name}_verdict", args=[self.key])

    def file(self, file_id: UUID) -> str:
        return reverse(f"{self.name}_file", args=[self.key, file_id])


def form_steps(now: int) -> list[dict[str, str]]:
    """Where in the form: fill in, check, done."""
    labels = [_("Fyll i"), _("Kontrollera"), _("Klart")]
    return [
        {"label": label, "state": "done" if place < now else "now" if place == now else "coming"}
        for place, label in enumerate(labels, start=1)
    ]


def case_number(case: Case) -> str:
    """The diary number, which is the case's number; the trace number where there is none."""
    record = getattr(case.item, "record", None)
    return record.diary_number if record is not None and record.serial else case.item.number


def case_row(case: Case, today: date) -> Row:
    """A case in the officers' list."""
    late = case.is_overdue(today)
    meta = [
        case_number(case),
        case.unit.name,
        _("inkom %(day)s") % {"day": say_date(timezone.localtime(case.submitted_at).date(), weekday=False)},
    ]
    if case.officer_name:
        meta.append(case.officer_name)
    return Row(
        title=case.item.title,
        url=reverse("case", args=[case.item_id]),
        text=_sentence_of_due(case, today),
        meta=meta,
        status=_("för sent") if late else case.get_state_display(),
        tone="stop" if late else TONES[State(case.state)],
    )


def sender_row(case: Case) -> Row:
    """A case in the sender's own list. Its title is open to all and says only the subject; her own first words, which
    she alone reads here, tell two of the same subject apart."""
    sent = _("skickat %(day)s") % {"day": say_date(timezone.localtime(case.submitted_at).date(), weekday=False)}
    return Row(
        title=case.item.title,
        url=reverse("my_case", args=[case.item_id]),
        text=shorten(queries.own_words(case), FIRST_WORDS),
        meta=[case_number(case), sent, case.unit.name],
        status=str(case.get_state_display()),
        tone=TONES[State(case.state)],
    )


def view_tabs(current: str) -> list[Link]:
    return [Link(str(label), f"{reverse('cases')}?visa={key}", current=key == current) for key, label in VIEWS]


def for_officer(actor: Actor, case: Case) -> dict[str, Any]:
    """What the officer's page shows of a case."""
    steps = queries.steps_of(case)
    record = getattr(case.item, "record", None)
    after = steps_after(case.item)
    return {
        "case": case,
        "number": case_number(case),
        "answers": [(one.label, one.shown) for one in queries.answers_of(case)],
        "files": _files(case, lambda file_id: reverse("case_file", args=[case.item_id, file_id])),
        "replies": queries.replies_in(steps),
        "notes": queries.notes_on(case),
        "corrections": queries.corrections_of(case),
        "events": [_event(step) for step in steps],
        "thread": thread(case.item, after) if after else [],
        "facts": [*record_facts(case.item, record), (_("Enhet"), case.unit.name), (_("Svar senast"), case.due)],
        "offers": offers_for(actor, case.item),
        "tone": TONES[State(case.state)],
        "late": case.is_overdue(timezone.localdate()),
        "due_sentence": _sentence_of_due(case, timezone.localdate()),
        "may_act": access.handles(actor, case),
        "may_take": case.may_become(State.IN_PROGRESS),
        "may_answer": case.may_become(State.ANSWERED),
        "may_close": access.may_close(case),
        "trace_url": trace_url(case.item),
    }


def for_sender(case: Case, urls: SenderUrls) -> dict[str, Any]:
    """What the sender's page shows: her words, where it is, what was answered, what it led to."""
    steps, after = queries.steps_of(case), steps_after(case.item)
    return {
        "case": case,
        "number": case_number(case),
        "answers": [(one.label, one.shown) for one in queries.answers_of(case)],
        "files": _files(case, urls.file),
        "steps": _sender_thread(case, steps, after),
        "replies": queries.replies_in(steps),
        "corrections": queries.corrections_of(case),
        "tone": TONES[State(case.state)],
        "may_judge": access.may_judge(case),
        "may_object": access.may_object(case),
        "verdict_url": urls.verdict,
        "receipt_url": urls.receipt,
        "trace_number": group_code(case.item.number),
        "by_address": urls.by_address,
    }


def receipt(case: Case) -> dict[str, Any]:
    """What the receipt proves."""
    service = catalogue().get(case.service, case.version)
    place = place_of(case.owner_id)
    return {
        "case": case,
        "number": case_number(case),
        "service": service,
        "authority": place,
        "answers": [(one.label, one.shown) for one in queries.answers_of(case)],
        "files": queries.files_of(case),
        "trace_number": group_code(case.item.number),
        "answered": not case.may_become(State.ANSWERED),
        "steps": form_steps(3),
    }


def _files(case: Case, file_url: Callable[[UUID], str]) -> list[tuple[str, str]]:
    return [(one.name, file_url(one.id)) for one in queries.files_of(case)]


def _event(step: CaseStep) -> Event:
    verb, reason = str(step.get_verb_display()), step.reason or ""
    title = f"{verb}: {step.unit.name}" if step.verb == CaseStep.REASSIGNED else verb
    return Event(title=title, when=step.at, text=reason, who=step.by_name)


def _sender_thread(case: Case, steps: list[CaseStep], after: list[TraceStep]) -> list[Step]:
    """From sent to answered to what it led to, and what comes next."""
    shown = [_sender_step(step) for step in steps]
    led_to = thread(case.item, after)[1:] if after else []
    if not case.may_become(State.ANSWERED):
        return [*shown, *led_to]
    coming = Step(
        label=_("Svar"),
        title=_("%(unit)s svarar dig") % {"unit": case.unit.name},
        text=_("senast %(day)s") % {"day": say_date(case.due)},
        state="coming",
    )
    return [*shown, *led_to, coming]


SENDER_LABELS = {
    CaseStep.SUBMITTED: (gettext_lazy("Inskickat"), gettext_lazy("Du skickade in det")),
    CaseStep.TAKEN: (gettext_lazy("Handläggs"), gettext_lazy("Någon arbetar med det")),
    CaseStep.REASSIGNED: (gettext_lazy("Överlämnat"), gettext_lazy("En annan enhet tar hand om det")),
    CaseStep.ANSWERED: (gettext_lazy("Svar"), gettext_lazy("Du har fått svar")),
    CaseStep.SATISFIED: (gettext_lazy("Ditt omdöme"), gettext_lazy("Du är nöjd med svaret")),
    CaseStep.UNSATISFIED: (gettext_lazy("Ditt omdöme"), gettext_lazy("Du är inte nöjd. Enheten svarar igen")),
    CaseStep.CLOSED: (gettext_lazy("Avslutat"), gettext_lazy("Ärendet är avslutat")),
}


def _sender_step(step: CaseStep) -> Step:
    label, title = SENDER_LABELS[step.verb]
    facts = [one for one in (step.unit.name, step.by_name) if one]
    return Step(label=label, title=title, when=step.at, text=step.reason or "", facts=facts)


def _sentence_of_due(case: Case, today: date) -> str:
    """When the answer is due, as people say it."""
    if case.may_become(State.ANSWERED):
        left = (case.due - today).days
        if left < 0:
            words = ngettext("Svaret är %(days)s dag för sent.", "Svaret är %(days)s dagar för sent.", -left)
            return words % {"days": -left}
        return _("Svar senast %(day)s.") % {"day": say_date(case.due)} if left else _("Svar senast i dag.")
    return ""
