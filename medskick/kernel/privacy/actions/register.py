"""What an organisation adds to its register of processing, and who answers for it."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from medskick.kernel.log.actions import log
from medskick.kernel.organisations.actor import Actor, require_same_organisation, require_staff
from medskick.kernel.organisations.models import Unit
from medskick.kernel.people.roles import ADMINISTRATOR
from medskick.kernel.privacy.models import DataProtectionContact, ProcessingNote
from medskick.kernel.privacy.processings import processing_of
from medskick.lib.text import clean_text


def note_processing(
    key: str,
    *,
    by: Actor,
    subjects: str = "",
    recipients: str = "",
    retention: str = "",
    security: str = "",
    third_country: str = "",
    impact_needed: bool | None = None,
    impact_on: date | None = None,
    impact_decision: str = "",
) -> ProcessingNote:
    """Say what the acting organisation adds to a processing. The note before it stays in the history.

    impact_needed: whether an impact assessment is needed; None where nobody has judged it.
    Raise LookupError for an unknown processing, ValueError for a judgement without its reason.
    """
    require_staff(by, ADMINISTRATOR)
    processing_of(key)
    if impact_needed is not None and not impact_decision.strip():
        raise ValueError(_("Skriv varför en konsekvensbedömning behövs eller inte behövs."))
    ProcessingNote.objects.filter(owner_id=by.organisation, processing=key, replaced_at__isnull=True).update(
        replaced_at=timezone.now()
    )
    said = {
        "subjects": subjects,
        "recipients": recipients,
        "retention": retention,
        "security": security,
        "third_country": third_country,
        "impact_decision": impact_decision,
    }
    note = ProcessingNote(
        owner_id=by.organisation,
        processing=key,
        impact_needed=impact_needed,
        impact_on=impact_on,
        by_person=by.person,
        by_name=by.name,
        **{name: clean_text(text).strip() for name, text in said.items()},
    )
    note.save(force_insert=True)
    log("processing.noted", by=by, fields=[name for name, text in said.items() if text], references=[note.id])
    return note


def name_contact(
    *,
    by: Actor,
    responsible: str,
    officer: str = "",
    email: str = "",
    phone: str = "",
    address: str = "",
    unit: Unit | None = None,
) -> DataProtectionContact:
    """Say who answers for the acting organisation's personal data, and how its data protection officer is reached.

    unit: where disputes go; left out, the registrar's own.
    """
    require_staff(by, ADMINISTRATOR)
    if unit is not None and by.organisation is not None:
        require_same_organisation(by, unit.organisation_id)
    DataProtectionContact.objects.filter(owner_id=by.organisation, replaced_at__isnull=True).update(
        replaced_at=timezone.now()
    )
    contact = DataProtectionContact(
        owner_id=by.organisation,
        responsible=clean_text(responsible).strip(),
        officer=clean_text(officer).strip(),
        email=email,
        phone=clean_text(phone).strip(),
        address=clean_text(address).strip(),
        unit=unit,
        by_person=by.person,
        by_name=by.name,
    )
    contact.save(force_insert=True)
    log("data_protection.contact_named", by=by, references=[contact.id])
    return contact
