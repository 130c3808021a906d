"""What a registrar does with the diary: the words that everybody reads, voided numbers, holds, disposal."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medskick.kernel.disclosure.actions import DisclosureRefused
from medskick.kernel.disclosure.disclosables import disposer_of
from medskick.kernel.disclosure.masking import holds_personal_data
from medskick.kernel.disclosure.models import DiaryRevision, Disposal, LegalHold
from medskick.kernel.disclosure.queries import due_for_disposal
from medskick.kernel.disclosure.rules import retention_schedule
from medskick.kernel.log.actions import log
from medskick.kernel.organisations.actor import Actor, require_same_organisation, require_staff
from medskick.kernel.people.roles import REGISTRAR
from medskick.kernel.records.actions import change_item, void_number
from medskick.kernel.records.kinds import kind_of
from medskick.kernel.records.listeners import tell_forgetters
from medskick.kernel.records.models import Record, VoidedNumber

PERSONAL = gettext_lazy("Diariet läses av alla. Skriv inga personnummer, telefonnummer eller e-postadresser här.")


def revise_diary(
    record: Record,
    *,
    by: Actor,
    public_title: str,
    party: str,
    party_withheld: bool,
    secrecy: str = "",
    confidentiality: int = 1,
    integrity: int = 1,
    availability: int = 1,
    reason: str = "",
) -> DiaryRevision:
    """Write what the diary says of a record and how it is classified: for everybody to read, so without personal data.

    Raise DisclosureRefused where what is typed tells who somebody is.
    """
    require_staff(by, REGISTRAR)
    require_same_organisation(by, record.owner_id)
    if any(holds_personal_data(text) for text in (public_title, party, secrecy)):
        raise DisclosureRefused(str(PERSONAL))
    written = {
        "public_title": public_title,
        "party_withheld": party_withheld,
        "secrecy": secrecy,
        "confidentiality": confidentiality,
        "integrity": integrity,
        "availability": availability,
    }
    revision = DiaryRevision(
        owner_id=record.owner_id, record=record, reason=reason, by_person=by.person, by_name=by.name, **written
    )
    revision.save(force_insert=True)
    changed = [name for name, value in {**written, "party": party}.items() if getattr(record, name) != value]
    for name in changed:
        setattr(record, name, {**written, "party": party}[name])
    if changed:
        record.save(update_fields=changed)
    log("record.revised", by=by, item=record.item_id, fields=changed)
    return revision


def void_diary_number(record: Record, *, by: Actor, reason: str) -> VoidedNumber:
    """Note the record's number as makulerad. Raise DisclosureRefused where it is so already."""
    require_staff(by, REGISTRAR)
    if VoidedNumber.objects.filter(owner_id=record.owner_id, year=record.year, serial=record.serial).exists():
        raise DisclosureRefused(_("Numret är redan makulerat."))
    return void_number(record, by=by, reason=reason)


def hold(record: Record, *, by: Actor, reason: str) -> LegalHold:
    """Keep a record whatever the schedule says, until the hold is ended."""
    require_staff(by, REGISTRAR)
    require_same_organisation(by, record.owner_id)
    if LegalHold.objects.filter(record=record, ended_at__isnull=True).exists():
        raise DisclosureRefused(_("Handlingen är redan stoppad från gallring."))
    held = LegalHold(owner_id=record.owner_id, record=record, reason=reason, by_person=by.person, by_name=by.name)
    held.save(force_insert=True)
    log("record.held", by=by, item=record.item_id)
    return held


def end_hold(held: LegalHold, *, by: Actor) -> LegalHold:
    """Let the schedule decide again."""
    require_staff(by, REGISTRAR)
    require_same_organisation(by, held.owner_id)
    held.ended_at, held.ended_by, held.ended_by_name = timezone.now(), by.person, by.name
    held.save(update_fields=["ended_at", "ended_by", "ended_by_name"])
    log("record.hold_ended", by=by, item=held.record_id)
    return held


def dispose(record: Record, *, by: Actor, decision: str, today: date | None = None) -> Disposal:
    """Destroy a record's content on a decision of the authority; its line in the diary stays.

    Raise DisclosureRefused where it is not due, is held, or is of a kind that nothing can destroy yet.
    """
    require_staff(by, REGISTRAR)
    require_same_organisation(by, record.owner_id)
    day = today or timezone.localdate()
    locked = Record.objects.select_for_update().get(pk=record.pk)
    if not due_for_disposal(record.owner_id, day).filter(pk=locked.pk).exists():
        raise DisclosureRefused(_("Handlingen ska inte gallras än, är stoppad, eller är redan gallrad."))
    item = record.item
    destroy = disposer_of(item.kind)
    if destroy is None:
        raise DisclosureRefused(_("Den här sortens handling går inte att gallra här än."))
    rule = retention_schedule(day).rules[locked.retention]
    due = rule.due(timezone.localtime(locked.registered_at).date())
    done = Disposal(
        owner_id=record.owner_id,
        record=locked,
        retention=locked.retention,
        due=due,
        decision=decision,
        by_person=by.person,
        by_name=by.name,
    )
    done.save(force_insert=True)
    destroy(item, by)
    label = str(kind_of(item.kind).label).capitalize()
    change_item(item, by=by, verb="record.disposed", title=_("%(kind)s, gallrad") % {"kind": label}, summary="")
    tell_forgetters(item.id)
    return done
