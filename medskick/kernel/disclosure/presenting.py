"""From diary lines, requests and findings to what pages show."""

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from medskick.design.parts import Step
from medskick.kernel.disclosure.masking import Fields, Finding, find
from medskick.kernel.disclosure.models import WAITING, DisclosedCopy, DisclosureAnswer, DisclosureRequest, RequestState
from medskick.kernel.disclosure.queries import DiaryLine
from medskick.kernel.disclosure.rules import DisclosureRules, retention_schedule
from medskick.kernel.records.kinds import kind_of
from medskick.kernel.records.models import Record
from medskick.lib.csv_rows import write_rows
from medskick.lib.dates import say_date

TONES = {
    DisclosureAnswer.Outcome.RELEASED: "done",
    DisclosureAnswer.Outcome.MASKED: "now",
    DisclosureAnswer.Outcome.REFUSED: "stop",
    DisclosureAnswer.Outcome.NOT_HELD: "neutral",
}
STATE_TONES = {
    RequestState.RECEIVED: "wait",
    RequestState.ANSWERED: "done",
    RequestState.DECISION_WANTED: "wait",
    RequestState.DECIDED: "done",
}


def why_label(why: str) -> str:
    return {
        "personal_number": _("personnummer"),
        "coordination_number": _("samordningsnummer"),
        "phone": _("telefonnummer"),
        "email": _("e-postadress"),
        "address": _("adress"),
        "name": _("namn på någon i handlingen"),
        "plate": _("registreringsnummer på fordon"),
        "account": _("konto- eller gironummer"),
    }.get(why, _("valt av dig"))


def diary_rows(lines: Iterable[DiaryLine], organisation: UUID) -> list[dict[str, Any]]:
    """Rows of the open diary: what may be read leads to its trace, the rest to how one asks for it."""
    return [_diary_row(line, organisation) for line in lines]


def subject_of(line: DiaryLine) -> str:
    """What the diary says that a line is about."""
    if line.state == "voided":
        return _("Makulerat nummer")
    if line.state == "sealed":
        return _("Uppgift skyddad")
    return line.subject or kind_label(line.kind)


def kind_label(kind: str) -> str:
    return str(capfirst(kind_of(kind).label))


def _diary_row(line: DiaryLine, organisation: UUID) -> dict[str, Any]:
    label = kind_label(line.kind) if line.kind and line.subject else ""
    row: dict[str, Any] = {
        "title": subject_of(line),
        "meta": [line.diary_number, say_date(line.registered_at, weekday=False, year=True)]
        + [part for part in (line.party, label) if part],
        "url": "",
        "ask": "",
        "marks": [],
        "number": line.diary_number,
    }
    if line.state == "public":
        row["url"] = reverse("trace", args=[line.number])
    elif line.state != "voided":
        number = urlencode({"nummer": line.diary_number})
        row["ask"] = f"{reverse('disclosure', args=[organisation])}?{number}"
    if line.state == "voided":
        row["marks"].append((_("makulerat"), "neutral"))
    if line.secrecy:
        row["marks"].append((_("sekretess: %(rule)s") % {"rule": line.secrecy}, "wait"))
    return row


def staff_row(record: Record) -> dict[str, Any]:
    marks = []
    if record.voided:
        marks.append((_("makulerat"), "neutral"))
    if record.secrecy:
        marks.append((record.secrecy, "wait"))
    if record.held:
        marks.append((_("gallras inte"), "now"))
    return {
        "record": record,
        # Not to be broken over two lines in a narrow column; searching reads it as it stands.
        "number": record.diary_number.replace(" ", "\u00a0").replace("-", "\u2011"),
        "day": say_date(record.registered_at, weekday=False, year=True),
        "marks": marks,
        "kind": kind_label(record.item.kind),
        "retention": retention_label(record.retention),
    }


def retention_label(retention: str) -> str:
    """What the schedule calls a retention; one that it does not know is shown as it is."""
    rule = retention_schedule(timezone.localdate()).rules.get(retention)
    return rule.label if rule else retention


def diary_csv(records: Iterable[Record]) -> bytes:
    """The registrar's diary as a file."""
    columns: dict[str, Callable[[Record], str]] = {
        _("Diarienummer"): lambda one: one.diary_number,
        _("Registrerad"): lambda one: timezone.localtime(one.registered_at).date().isoformat(),
        _("Rubrik"): lambda one: one.item.title,
        _("Öppen rubrik"): lambda one: one.public_title,
        _("Avsändare eller mottagare"): lambda one: one.party,
        _("Slag"): lambda one: kind_label(one.item.kind),
        _("Sekretess"): lambda one: one.secrecy,
        _("Bevarande och gallring"): lambda one: retention_label(one.retention),
        _("Makulerat"): lambda one: _("ja") if one.voided else "",
    }
    return write_rows(list(columns), ([cell(one) for cell in columns.values()] for one in records))


def fields_of(copy: DisclosedCopy) -> list[tuple[str, str]]:
    """Label and masked text, in order."""
    return [(label, text) for label, text in json.loads(copy.fields)]


def as_plain_text(copy: DisclosedCopy, heading: str) -> str:
    parts = [heading, *(f"{label}\n{text}" for label, text in fields_of(copy))]
    return "\n\n".join(parts) + "\n"


def highlighted(fields: Fields, names: Sequence[str]) -> list[tuple[str, list[tuple[str, bool]]]]:
    """The whole text in pieces, each with whether it is proposed to be masked."""
    return [(label, _pieces(text, names)) for label, text in fields]


def _pieces(text: str, names: Sequence[str]) -> list[tuple[str, bool]]:
    pieces, at = [], 0
    for span in find(text, names):
        pieces += [(text[at : span.start], False), (text[span.start : span.end], True)]
        at = span.end
    return [(piece, marked) for piece, marked in [*pieces, (text[at:], False)] if piece]


def finding_rows(findings: Iterable[Finding], rules: DisclosureRules, ticked: set[str] | None) -> list[dict[str, Any]]:
    """The proposal as boxes; all are ticked until the registrar says otherwise."""
    return [
        {
            "id": f"finding-{number}",
            "words": one.words,
            "why": why_label(one.why),
            "places": one.places,
            "ground": str(rules.proposed(one.why) or ""),
            "key": rules.proposals.get(one.why, ""),
            "ticked": ticked is None or one.words in ticked,
        }
        for number, one in enumerate(findings)
    ]


def request_rows(requests: Iterable[DisclosureRequest], today: Any) -> list[dict[str, Any]]:
    return [
        {
            "title": one.diary_number or _("En handling, beskriven med egna ord"),
            "url": reverse("disclosure_request", args=[one.item_id]),
            "meta": [one.item.record.diary_number, _("svar senast %(day)s") % {"day": say_date(one.due, year=True)}],
            "status": _("för sent") if one.state in WAITING and one.due < today else one.get_state_display(),
            "tone": "stop" if one.state in WAITING and one.due < today else STATE_TONES[RequestState(one.state)],
        }
        for one in requests
    ]


def steps_of(request: DisclosureRequest, answers: Sequence[DisclosureAnswer]) -> list[Step]:
    """Where the request is, as the thread: what has happened, and what comes."""
    waits = request.state in WAITING
    steps = [Step(label=_("Begärt"), title=_("Du bad att få läsa en handling"), when=request.received_at)]
    for answer in answers:
        decision = answer.stage == DisclosureAnswer.Stage.DECISION
        steps += _wished(request) if decision else []
        title = _("Handlingen %(outcome)s") % {"outcome": answer.get_outcome_display()}
        now = answer is answers[-1] and not waits
        label = _("Beslut") if decision else _("Svar")
        steps.append(Step(label=label, title=title, when=answer.at, state="now" if now else "done"))
    if waits:
        decision = request.state == RequestState.DECISION_WANTED
        steps += _wished(request) if decision else []
        text = _("Du får besked senast %(day)s.") % {"day": say_date(request.due, year=True)}
        label = _("Beslut") if decision else _("Svar")
        steps.append(Step(label=label, title=_("Vi prövar din begäran"), text=text, state="coming"))
    return steps


def _wished(request: DisclosureRequest) -> list[Step]:
    wish = getattr(request, "decision_wish", None)
    return [Step(label=_("Beslut begärt"), title=_("Du bad om ett beslut"), when=wish.at)] if wish else []
