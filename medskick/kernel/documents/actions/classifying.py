"""Classifying: how the information is protected, decided by a row, with a second person where a high class is lowered."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from medskick.kernel.documents.access import FIXERS
from medskick.kernel.documents.actions.fixing import keepers, publishing_url
from medskick.kernel.documents.actions.versions import ask, note_event, own_audience
from medskick.kernel.documents.models import Classification, Document, DocumentVersion, IncomingReferral, VersionEvent
from medskick.kernel.documents.queries import class_of, waiting_lowering
from medskick.kernel.log.actions import log
from medskick.kernel.organisations.actor import Actor, require_same_organisation, require_staff
from medskick.kernel.records.actions import change_item
from medskick.kernel.records.classes import Classes, scheme
from medskick.kernel.records.models import Item, Level, Record, Share
from medskick.kernel.tasks.actions import settle
from medskick.kernel.tasks.models import Task

SECOND_PERSON_WITHIN_DAYS = 5


def classify(item: Item, *, by: Actor, classes: Classes, reason: str) -> Classification:
    """Decide the class of a document (its working papers) or of a fixed version.

    A high confidentiality is lowered only when a second person agrees: until then the row is a proposal. Raising one
    above what may leave the organisation takes back what was open or shared. Raise ValueError where a reason is missing.
    """
    require_staff(by)
    require_same_organisation(by, item.owner_id)
    if not reason.strip():
        raise ValueError(_("Skriv varför klassningen ändras."))
    if not all(0 <= level <= 4 for level in classes[:3]):
        raise ValueError(_("Varje nivå är 0 till 4."))
    if waiting_lowering(item) is not None:
        raise ValueError(_("Ett förslag om lägre klass väntar redan på en andra person. Avgör det först."))
    now = class_of(item)
    needs_second = (
        now.confidentiality >= scheme(timezone.localdate()).second_person_from
        and classes.confidentiality < now.confidentiality
    )
    decision = Classification(
        owner_id=item.owner_id,
        item=item,
        confidentiality=classes.confidentiality,
        integrity=classes.integrity,
        availability=classes.availability,
        secrecy=classes.secrecy[:60],
        reason=reason[:300],
        by_person=by.person,
        by_name=by.name,
        needs_second=needs_second,
    )
    decision.save(force_insert=True)
    if needs_second:
        log("classification.proposed", by=by, item=item.id, references=[decision.id])
        _ask_second(decision, by=by)
    else:
        _apply(decision, by=by)
    return decision


def agree_to_lowering(decision: Classification, *, by: Actor) -> Classification:
    """A second person agrees that the class is lowered: from now on it is."""
    _require_second(decision, by)
    decision.agreed_at, decision.agreed_by, decision.agreed_name = timezone.now(), by.person, by.name
    decision.save(update_fields=["agreed_at", "agreed_by", "agreed_name"])
    _apply(decision, by=by)
    settle(decision.item, by=by, relation=Task.TO_DO, url=second_url(decision))
    return decision


def refuse_lowering(decision: Classification, *, by: Actor) -> Classification:
    """Anybody but the one who proposed it says no; or she takes it back herself. The class stays."""
    require_staff(by)
    require_same_organisation(by, decision.owner_id)
    _require_waiting(decision)
    decision.refused_at, decision.agreed_name = timezone.now(), by.name
    decision.save(update_fields=["refused_at", "agreed_name"])
    log("classification.refused", by=by, item=decision.item_id, references=[decision.id])
    settle(decision.item, by=by, relation=Task.TO_DO, url=second_url(decision))
    return decision


def leave_closed(version: DocumentVersion, *, by: Actor, why_not: str, secrecy: str = "") -> VersionEvent:
    """Decide that a fixed version is not opened, and why: that too is an end to what waited."""
    require_staff(by, *FIXERS)
    require_same_organisation(by, version.owner_id)
    if not version.fixed or version.item is None or version.item.level == Level.PUBLIC:
        raise ValueError(_("Bara en fastställd version som inte är publicerad kan lämnas stängd."))
    if not why_not.strip():
        raise ValueError(_("Skriv varför inte alla får läsa versionen."))
    now = class_of(version.item)
    if secrecy and secrecy != now.secrecy:
        classify(version.item, by=by, classes=now._replace(secrecy=secrecy), reason=why_not)
    event = note_event(
        version, by=by, what=VersionEvent.What.WITHHELD, note=f"{secrecy}: {why_not}" if secrecy else why_not
    )
    log("document.left_closed", by=by, item=version.document_id, references=[version.id])
    settle(version.item, by=by, relation=Task.TO_DO, url=publishing_url(version))
    return event


def second_url(decision: Classification) -> str:
    return reverse("classification", args=[decision.item_id])


def _require_second(decision: Classification, by: Actor) -> None:
    require_staff(by)
    require_same_organisation(by, decision.owner_id)
    _require_waiting(decision)
    if by.person is None or by.person == decision.by_person:
        raise PermissionDenied(_("Du föreslog det själv. En annan person behöver hålla med."))


def _require_waiting(decision: Classification) -> None:
    if not decision.needs_second or decision.agreed_at or decision.refused_at:
        raise ValueError(_("Det här förslaget är redan avgjort."))


def _ask_second(decision: Classification, *, by: Actor) -> None:
    others = [one for one in keepers(decision.owner_id, by) if one != by.person]
    ask(
        decision.item,
        others,
        by=by,
        what=_("Håller du med om att klassningen sänks?"),
        verb=_("ta ställning"),
        url=second_url(decision),
        due=timezone.localdate() + timedelta(days=SECOND_PERSON_WITHIN_DAYS),
    )


def _apply(decision: Classification, *, by: Actor) -> None:
    item = decision.item
    fields = ["confidentiality", "integrity", "availability", "secrecy"]
    record = Record.objects.filter(item=item).first()
    if record is not None:
        for name in fields:
            setattr(record, name, getattr(decision, name))
        record.save(update_fields=fields)
    log("classification.decided", by=by, item=item.id, fields=fields, references=[decision.id])
    if not scheme(timezone.localdate()).may_leave(class_of(item)):
        _take_back(item, by=by)


def _take_back(item: Item, *, by: Actor) -> None:
    """What may not leave the organisation is read by nobody outside it any more; what was shared ends.

    What was sent on remiss stays with those who got it: there it is a record of their own.
    """
    version = DocumentVersion.objects.filter(item=item).select_related("document__item", "item").first()
    document = version.document if version else Document.objects.filter(item=item).select_related("item").first()
    if document is None:
        return
    if version is None:
        for draft in document.versions.filter(fixed_at__isnull=True, item__isnull=False).select_related("item"):
            _narrow(draft.item, by=by, document=document, version=draft)
        _narrow(item, by=by, document=document)
        return
    _narrow(item, by=by, document=document, version=version)
    others_open = document.versions.exclude(item=item).filter(item__level=Level.PUBLIC).exists()
    if not (document.item.level == Level.PUBLIC and others_open):
        _narrow(document.item, by=by, document=document)


def _narrow(item: Item, *, by: Actor, document: Document, version: DocumentVersion | None = None) -> None:
    level, own = own_audience(document)
    sent_to = (
        set(IncomingReferral.objects.filter(referral__version=version).values_list("owner", flat=True))
        if version
        else set()
    )
    readers = sorted({*own, *sent_to})
    Share.objects.filter(item=item, ended_at__isnull=True).exclude(with_token__in=sent_to).update(
        ended_at=timezone.now()
    )
    if item.level != level or item.readers != readers:
        change_item(item, by=by, verb="item.taken_back", level=level, readers=readers)
