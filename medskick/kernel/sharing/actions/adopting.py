"""Taking a stand on another's document: consider, adopt, decline, end. Each is a stored decision with a reason."""

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from medskick.kernel.documents.models import DocumentVersion
from medskick.kernel.log.actions import log
from medskick.kernel.organisations.actor import Actor, require_same_organisation, require_staff
from medskick.kernel.organisations.places import place_of
from medskick.kernel.records.actions import change_item, create_item, end_share, link, publish, register
from medskick.kernel.records.models import Item, Level, Record, Relation, Share
from medskick.kernel.sharing.access import DECIDERS
from medskick.kernel.sharing.models import KIND, MAY_BECOME, Adoption, AdoptionDecision, AdoptionStatus, Override
from medskick.kernel.sharing.queries import latest_version, may_with
from medskick.kernel.tasks.actions import settle
from medskick.kernel.tasks.models import Task


def consider(source: Item, *, by: Actor, reason: str = "") -> Adoption:
    """Tell the peers that the organisation is thinking of adopting; nothing is registered yet."""
    return _take_stand(source, by=by, status=AdoptionStatus.CONSIDERED, reason=reason)


def adopt(source: Item, *, by: Actor, reason: str = "", openly: bool = False) -> Adoption:
    """Adopt the latest fixed version of a shared document: it is pinned, and its text is not copied.

    openly: show residents what the organisation follows. Raise PermissionDenied where no standing share lets the
    organisation adopt, or where a stand was taken that this one cannot follow.
    """
    adoption = _take_stand(source, by=by, status=AdoptionStatus.ADOPTED, reason=reason)
    _in_the_diary(adoption, by=by)
    link(by=by, from_item=source, to_item=adoption.item, relation=Relation.GAVE_RISE_TO, reason=reason)
    if openly:
        open_adoption(adoption, by=by)
    return adoption


def decline(source: Item, *, by: Actor, reason: str) -> Adoption:
    """Decline a shared document, with the reason. That is a result: it is registered, and told in the catalogue."""
    if not reason.strip():
        raise ValueError(_("Skriv varför ni avböjer."))
    adoption = _take_stand(source, by=by, status=AdoptionStatus.DECLINED, reason=reason)
    _in_the_diary(adoption, by=by)
    return adoption


def end_adoption(adoption: Adoption, *, by: Actor, reason: str) -> Adoption:
    """Stop following a document, with the reason. What was followed stays readable to those who followed it."""
    require_staff(by, *DECIDERS)
    require_same_organisation(by, adoption.owner_id)
    lock_stand(adoption)
    if AdoptionStatus.ENDED not in MAY_BECOME[adoption.status]:
        raise PermissionDenied(_("Ni följer inte det här dokumentet."))
    adoption.status = AdoptionStatus.ENDED
    adoption.save(update_fields=["status"])
    # Own wordings end with what they belong to: whoever adopts again later begins with the source's text.
    Override.objects.filter(adoption=adoption, ended_at__isnull=True).update(
        ended_at=timezone.now(), ended_by=by.person
    )
    decide(adoption, by=by, version=adoption.version, status=AdoptionStatus.ENDED, reason=reason)
    change_item(adoption.item, by=by, verb="adoption.ended", summary=summary_of(adoption))
    for opened in Share.objects.filter(item=adoption.item, with_token__isnull=True, ended_at__isnull=True):
        end_share(opened, by=by, reason=reason)
    settle(adoption.item, by=by, relation=Task.TO_DO)
    return adoption


def open_adoption(adoption: Adoption, *, by: Actor) -> Adoption:
    """Show residents what the organisation follows: the source's text with its own wordings."""
    require_staff(by, *DECIDERS)
    require_same_organisation(by, adoption.owner_id)
    if not adoption.followed:
        raise PermissionDenied(_("Ni följer inte det här dokumentet."))
    if adoption.item.level != Level.PUBLIC:
        publish(adoption.item, by=by)
    return adoption


def decide(
    adoption: Adoption, *, by: Actor, version: DocumentVersion, status: AdoptionStatus, reason: str
) -> AdoptionDecision:
    """Write down a stand on a version."""
    decision = AdoptionDecision(
        owner_id=adoption.owner_id,
        adoption=adoption,
        version=version,
        version_number=version.number,
        status=status,
        reason=reason,
        by_person=by.person,
        by_name=by.name,
    )
    decision.save(force_insert=True)
    log(f"adoption.{status}", by=by, item=adoption.item_id, references=[version.id])
    return decision


def lock_stand(adoption: Adoption) -> None:
    """Read the stand again and keep colleagues from changing it meanwhile."""
    adoption.refresh_from_db(from_queryset=Adoption.objects.select_for_update())


def summary_of(adoption: Adoption) -> str:
    """The stand in words, for the trace and the lists of others."""
    owner = place_of(adoption.source_owner_id)
    given = {"owner": owner.short_name if owner else "", "number": adoption.version_number}
    return {
        AdoptionStatus.CONSIDERED: _("Övervägs: version %(number)s från %(owner)s") % given,
        AdoptionStatus.ADOPTED: _("Antagen: version %(number)s från %(owner)s") % given,
        AdoptionStatus.DECLINED: _("Avböjd: version %(number)s från %(owner)s") % given,
        AdoptionStatus.ENDED: _("Avslutad: version %(number)s från %(owner)s") % given,
    }[AdoptionStatus(adoption.status)]


def require_may_adopt(source: Item, by: Actor) -> None:
    """Raise PermissionDenied unless a share that stands at this moment lets the actor's organisation adopt."""
    if source.owner_id == by.organisation:
        raise PermissionDenied(_("Dokumentet är ert eget."))
    if may_with(source, timezone.now()) != Share.ADOPT:
        raise PermissionDenied(_("Dokumentet är inte längre delat med er så att ni kan använda det."))


def _take_stand(source: Item, *, by: Actor, status: AdoptionStatus, reason: str) -> Adoption:
    require_staff(by, *DECIDERS)
    require_may_adopt(source, by)
    version = latest_version(source.id)
    if version is None:
        raise PermissionDenied(_("Det finns ingen fastställd version att ta ställning till."))
    # Two colleagues who decide at once wait for each other; a row that is not there yet cannot be locked.
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext(%s))", [f"stand {by.organisation} {source.id}"])
    adoption = Adoption.objects.select_related("item").filter(owner_id=by.organisation, source=source).first()
    if status not in MAY_BECOME[adoption.status if adoption else None]:
        raise PermissionDenied(_("Ni har redan tagit ställning. Ladda om sidan och se vad som gäller."))
    if adoption is None:
        adoption = _new_stand(source, by=by, version=version, status=status)
    else:
        adoption.status, adoption.version, adoption.version_number = status, version, version.number
        adoption.save(update_fields=["status", "version", "version_number"])
        change_item(
            adoption.item, by=by, verb="adoption.stand_changed", title=version.title, summary=summary_of(adoption)
        )
    decide(adoption, by=by, version=version, status=status, reason=reason)
    return adoption


def _new_stand(source: Item, *, by: Actor, version: DocumentVersion, status: AdoptionStatus) -> Adoption:
    adoption = Adoption(
        owner_id=by.organisation,
        source=source,
        source_owner_id=source.owner_id,
        version=version,
        version_number=version.number,
        status=status,
    )
    adoption.item = create_item(
        by=by,
        kind=KIND,
        title=version.title,
        summary=summary_of(adoption),
        level=Level.REGION,
        unit=by.unit,
        search_text=" ".join(field["label"] for field in version.fields),
    )
    adoption.save(force_insert=True)
    return adoption


def _in_the_diary(adoption: Adoption, *, by: Actor) -> None:
    if not Record.objects.filter(item_id=adoption.item_id).exists():
        owner = place_of(adoption.source_owner_id)
        # What the source lets everybody read stands by its name in the open diary too.
        open_title = adoption.item.title if adoption.source.level == Level.PUBLIC else ""
        register(adoption.item, by=by, party=owner.name if owner else "", public_title=open_title)
