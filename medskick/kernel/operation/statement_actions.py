"""The verbs of the accessibility statement: writing it, reporting an obstacle, answering the report."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from medskick.kernel.log.actions import log
from medskick.kernel.operation.access import require_administrator, require_registrar
from medskick.kernel.operation.models import AccessibilityReport, StatementSettings
from medskick.kernel.operation.statement_queries import address_of_report, report_by_address, statement_of
from medskick.kernel.organisations.actor import Actor, role_token, system
from medskick.kernel.organisations.models import Unit
from medskick.kernel.organisations.scope import reader_token, scope, widen_scope
from medskick.kernel.people.models import Employment
from medskick.kernel.people.roles import ADMINISTRATOR, REGISTRAR
from medskick.kernel.records.actions import create_item, register
from medskick.kernel.records.models import Item, Level
from medskick.kernel.tasks.actions import create_task, settle
from medskick.kernel.tasks.models import Task

KIND = "kernel.accessibility_report"


def save_statement(
    *,
    by: Actor,
    owner: UUID,
    status: str,
    shortcomings: str = "",
    tested_on: date | None = None,
    tested_how: str = "",
    email: str = "",
    phone: str = "",
    unit: Unit | None = None,
    answer_days: int = 14,
) -> StatementSettings:
    """Say how accessible the organisation's site is. The unit gets the reports, the registrar's where none is chosen."""
    require_administrator(by, owner)
    fields = {
        "status": status,
        "shortcomings": shortcomings,
        "tested_on": tested_on,
        "tested_how": tested_how,
        "email": email,
        "phone": phone,
        "unit": unit,
        "answer_days": answer_days,
        "changed_at": timezone.now(),
    }
    standing = StatementSettings.objects.filter(owner_id=owner).first()
    saved = standing or StatementSettings(owner_id=owner)
    changed = [name for name, value in fields.items() if getattr(saved, name) != value]
    for name, value in fields.items():
        setattr(saved, name, value)
    saved.save(force_insert=standing is None)
    log("statement.saved", by=by, fields=[name for name in changed if name != "changed_at"])
    return saved


@dataclass(frozen=True, slots=True)
class Reported:
    """A report, and the secret address where its sender reads the answer."""

    report: AccessibilityReport
    address: str


def report_obstacle(*, by: Actor, text: str, where: str, submission_key: str) -> Reported:
    """Tell that something on the site could not be used. It is registered, and the registrar's unit owes an answer.

    The same form sent twice is one report.
    """
    address = address_of_report(submission_key, text)
    standing = report_by_address(address)
    if standing is not None:
        return Reported(standing, address)
    owner = by.organisation
    if owner is None:
        raise LookupError("An obstacle is reported at an organisation's site")
    holder = reader_token(address)
    readers = [role_token(owner, REGISTRAR), role_token(owner, ADMINISTRATOR), holder]
    item = create_item(
        by=by,
        kind=KIND,
        title=_("Anmälan om tillgänglighet"),
        level=Level.PARTIES,
        readers=[*readers, *([by.speaker] if by.speaker else [])],
        searchable=False,
    )
    register(item, by=by, party=_("Den som anmälde"), confidentiality=2)
    report = AccessibilityReport(item=item, key=reader_token(f"obstacle {address}"), text=text, where=where)
    report.save(force_insert=True)
    _give_to_registrar(item)
    return Reported(report, address)


def answer_report(report: AccessibilityReport, *, by: Actor, text: str) -> AccessibilityReport:
    """Answer a report; the sender reads it at her address. An answer may be written anew."""
    require_registrar(by, report.item.owner_id)
    report.answer, report.answered_at, report.answered_by = text, timezone.now(), by.person
    report.save(update_fields=["answer", "answered_at", "answered_by"])
    log("accessibility_report.answered", by=by, item=report.item_id, fields=["answer"])
    settle(report.item, by=by, relation=Task.OWED_ANSWER)
    return report


def _give_to_registrar(item: Item) -> None:
    """The sender cannot read who works there: the system gives the unit its task."""
    by = system(item.owner_id)
    with scope(by.scope()):
        statement = statement_of(item.owner_id)
        unit, person = statement.unit_id, None
        if unit is None:
            unit, person = _registrar_of(item.owner_id)
        if unit is None and person is None:
            return  # nobody is appointed: it stands in the list of reports, and the health of roles is told elsewhere
        widen_scope(item.readers)
        create_task(
            item,
            by=by,
            what=_("Svara på en anmälan om tillgänglighet"),
            verb=_("svara"),
            url=reverse("accessibility_report", args=[item.id]),
            due=timezone.localdate() + timedelta(days=statement.answer_days),
            unit=unit,
            person=person,
            relation=Task.OWED_ANSWER,
        )


def _registrar_of(owner: UUID) -> tuple[UUID | None, UUID | None]:
    """The unit of the organisation's registrar, or the registrar herself where she has none."""
    for role in (REGISTRAR, ADMINISTRATOR):
        found = (
            Employment.objects.filter(
                organisation_id=owner,
                ended_at__isnull=True,
                role_assignments__role=role,
                role_assignments__ended_at__isnull=True,
            )
            .order_by("since", "id")
            .first()
        )
        if found is not None:
            return found.unit_id, None if found.unit_id else found.person_id
    return None, None
