"""Reading the accessibility statement and the reports of obstacles."""

from uuid import UUID

from django.db.models import F, QuerySet

from medskick.kernel.operation.models import AccessibilityReport, StatementSettings
from medskick.kernel.organisations.scope import reader_token, widen_scope
from medskick.kernel.people.encryption import keyed_digest
from medskick.lib.codes import CROCKFORD, TRACE_LENGTH


def statement_of(owner: UUID) -> StatementSettings:
    """What the organisation says; where it has said nothing, the honest default of the platform."""
    said = StatementSettings.objects.select_related("unit").filter(owner_id=owner).first()
    return said or StatementSettings(owner_id=owner)


def address_of_report(submission_key: str, text: str) -> str:
    """The 16 characters, 80 bits, that the sender keeps: derived, so that the same form gives the same address."""
    bits = int.from_bytes(keyed_digest(b"obstacle address", f"{submission_key}\n{text}")[:10])
    return "".join(CROCKFORD[bits >> shift & 31] for shift in range(0, 5 * TRACE_LENGTH, 5)).lower()


def report_by_address(address: str) -> AccessibilityReport | None:
    """The report at the sender's own address. Whoever holds the address reads it from here on."""
    widen_scope([reader_token(address)])
    return (
        AccessibilityReport.objects.select_related("item__record")
        .filter(key=reader_token(f"obstacle {address}"))
        .first()
    )


def reports_of(owner: UUID) -> QuerySet[AccessibilityReport]:
    """The organisation's reports, unanswered first, then the newest."""
    found: QuerySet[AccessibilityReport] = (
        AccessibilityReport.objects.filter(item__owner_id=owner)
        .select_related("item__record")
        .order_by(F("answered_at").desc(nulls_first=True), "-item_id")
    )
    return found
