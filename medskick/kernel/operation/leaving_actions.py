"""The verbs of leaving the region: proposed by one administrator, confirmed by another, and then carried out whole."""

from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from medskick.kernel.assistance.access import registrars_of
from medskick.kernel.assistance.actions.helping import end_help
from medskick.kernel.assistance.actions.mandates import end_mandate
from medskick.kernel.assistance.actions.places import close_help_place
from medskick.kernel.assistance.models import Assistance, HelpPlace, Mandate
from medskick.kernel.assistance.models import Ended as HowEnded
from medskick.kernel.log.actions import log
from medskick.kernel.notifications.mail_actions import stop_mail
from medskick.kernel.operation.access import require_another
from medskick.kernel.operation.models import Departure
from medskick.kernel.organisations import places
from medskick.kernel.organisations.actor import Actor, require_staff, system
from medskick.kernel.organisations.models import Network, NetworkMember, Organisation
from medskick.kernel.organisations.scope import scope, widen_scope
from medskick.kernel.people.actions import end_all_employments, turn_all_away
from medskick.kernel.people.actions.providers import remove_provider
from medskick.kernel.people.models import Employment, NetworkSeat, Provider
from medskick.kernel.people.roles import ADMINISTRATOR
from medskick.kernel.records.actions import change_item, end_share
from medskick.kernel.records.models import Item, Level, Share
from medskick.kernel.sharing.actions.adopting import end_adoption
from medskick.kernel.sharing.models import Adoption


def propose_departure(*, by: Actor, leaver: Organisation, turn_to: str, reason: str) -> Departure:
    """Propose that a municipality leaves its region. By an administrator of either."""
    require_staff(by, ADMINISTRATOR)
    _require_party(by, leaver)
    if leaver.is_region or leaver.left_at is not None:
        raise ValidationError(_("Den organisationen kan inte lämna regionen."))
    proposed = Departure(
        owner_id=leaver.region_id,
        leaver=leaver,
        turn_to=turn_to,
        reason=reason,
        asked_by=by.person,
        asked_by_name=by.name,
    )
    proposed.save(force_insert=True)
    log("departure.proposed", by=by, references=[leaver.id, proposed.id])
    return proposed


def withdraw_departure(proposed: Departure, *, by: Actor) -> Departure:
    require_staff(by, ADMINISTRATOR)
    _require_party(by, proposed.leaver)
    _require_open(proposed)
    proposed.withdrawn_at = timezone.now()
    proposed.save(update_fields=["withdrawn_at"])
    log("departure.withdrawn", by=by, references=[proposed.leaver_id, proposed.id])
    return proposed


def confirm_departure(proposed: Departure, *, by: Actor) -> Departure:
    """Confirm, as somebody else than the one who proposed it, and carry it out at once."""
    require_staff(by, ADMINISTRATOR)
    _require_party(by, proposed.leaver)
    require_another(by, proposed.asked_by)
    _require_open(proposed)
    proposed.confirmed_by, proposed.confirmed_by_name, proposed.confirmed_at = by.person, by.name, timezone.now()
    proposed.save(update_fields=["confirmed_by", "confirmed_by_name", "confirmed_at"])
    leave_region(proposed.leaver, by=by, turn_to=proposed.turn_to)
    return proposed


@dataclass(frozen=True, slots=True)
class Ended:
    """What ended when an organisation left."""

    employments: int
    requests: int
    help: int
    mandates: int
    adoptions: int
    shares: int
    memberships: int
    providers: int
    mails: int


def leave_region(organisation: Organisation, *, by: Actor, turn_to: str) -> Ended:
    """End what ties the organisation to the region, and close it for writing here.

    Its own records stay, and its public ones stay readable. Links between its items and others' stay too: where the
    other end may no longer be read, the trace tells a hidden step. What others have adopted of it they go on reading.
    A proxy that one resident has given another is theirs and stays; what its staff vouched for ends.
    """
    require_staff(by, ADMINISTRATOR)
    _require_party(by, organisation)
    now = timezone.now()
    own = system(organisation.id)
    why = _("Kommunen har lämnat regionen.")
    with scope(own.scope()):
        help_ended, mandates = _end_help(own), _end_mandates(own, organisation.id, why)
        ended = Ended(
            # The help first: it is told by whom it ended, and is found by those who help.
            help=help_ended,
            mandates=mandates,
            requests=turn_all_away(by=own, reason=why),
            employments=end_all_employments(by=own),
            adoptions=_end_adoptions(own, why),
            shares=_end_shares(organisation, why),
            memberships=_end_memberships(organisation),
            providers=_remove_providers(organisation),
            mails=stop_mail(by=own, at=now),
        )
        log("organisation.left", by=by if by.organisation == organisation.id else own, references=[organisation.id])
    if by.organisation != organisation.id:
        log("organisation.left", by=by, references=[organisation.id])
    organisation.left_at, organisation.turn_to = now, turn_to
    organisation.save(update_fields=["left_at", "turn_to"])
    places.forget()
    return ended


def _end_help(own: Actor) -> int:
    """The help that goes on is over, and its places at desks are closed: nobody of the organisation helps here."""
    working = Employment.objects.filter(organisation_id=own.organisation, ended_at__isnull=True)
    helpers = set(working.values_list("person_id", flat=True))
    with scope(own.scope()):
        widen_scope(helpers)
        going_on = list(Assistance.objects.filter(owner_id=own.organisation, ended_at__isnull=True, helper__in=helpers))
        ended = sum(end_help(one.id, by=own, how=HowEnded.EMPLOYMENT) for one in going_on)
    for place in HelpPlace.objects.filter(owner_id=own.organisation, closed_at__isnull=True):
        close_help_place(place, by=own)
    return ended


def _end_mandates(own: Actor, leaver: UUID, why: str) -> int:
    """Mandates that its staff took in on paper or from a register: nobody is left here to answer for them."""
    kept_by = registrars_of(leaver)
    with scope(own.scope()):
        widen_scope([kept_by])
        standing = list(Mandate.objects.filter(owner_id=own.organisation, registrars=kept_by, ended_at__isnull=True))
        for one in standing:
            end_mandate(one, by=own, reason=why)
    return len(standing)


def _end_adoptions(own: Actor, why: str) -> int:
    """What it follows of others it follows here no more, by a decision; what it only considered binds it to nothing."""
    followed = list(Adoption.objects.filter(owner_id=own.organisation).followed().select_related("item"))
    for one in followed:
        end_adoption(one, by=own, reason=why)
    return len(followed)


def _end_shares(leaver: Organisation, why: str) -> int:
    """What it shared with others is its own again, and what others shared with it is theirs. Public stays public."""
    circle = [leaver.circle, *([leaver.region.circle] if leaver.region else [])]
    others = [one.id for one in places.all_places() if one.id != leaver.id]
    networks = list(Network.objects.values_list("id", flat=True))
    ended = _take_back(leaver.id, {*circle, *others, *networks}, why)
    return ended + sum(_take_back(other, {leaver.id}, why) for other in others)


def _take_back(owner: UUID, tokens: set[UUID], why: str) -> int:
    """End the owner's shares with the holders of these tokens, and what was opened to them without a share."""
    by = system(owner)
    with scope(by.scope()):
        # Holding the tokens, the system sees exactly what was opened to them, also what only a party may read.
        widen_scope(tokens)
        shares = Share.objects.filter(item__owner_id=owner, ended_at__isnull=True, with_token__in=tokens)
        ending = list(shares.select_related("item").order_by("at", "id"))
        for one in ending:
            widen_scope(one.item.readers)  # a row that the writer could no longer read is refused
            end_share(one, by=by, reason=why)
        opened = Q(readers__overlap=list(tokens))
        if len(tokens) > 1:
            opened |= Q(level__in=[Level.REGION, Level.SHARED])
        for item in Item.objects.filter(opened, owner_id=owner).iterator(chunk_size=500):
            widen_scope(item.readers)
            stay = [one for one in item.readers if one not in tokens]
            narrowed = item.level in (Level.REGION, Level.SHARED) and len(tokens) > 1
            level = Level.ORGANISATION if narrowed else None
            change_item(item, by=by, verb="item.taken_back", level=level, readers=stay)
    return len(ending)


def _remove_providers(leaver: Organisation) -> int:
    """Its own log-ins lead nowhere now. The region takes them off, which may do so with those for residents too."""
    if leaver.region_id is None:
        return 0
    by = system(leaver.region_id)
    with scope(by.scope()):
        removed = list(Provider.objects.filter(organisation=leaver).select_related("organisation"))
        for one in removed:
            remove_provider(one, by=by)
    return len(removed)


def _end_memberships(organisation: Organisation) -> int:
    NetworkSeat.objects.filter(employment__organisation=organisation).delete()
    gone, _each = NetworkMember.objects.filter(organisation=organisation).delete()
    return gone


def _require_party(by: Actor, leaver: Organisation) -> None:
    """Only the two authorities that it concerns: the municipality and its region."""
    if by.organisation not in (leaver.id, leaver.region_id):
        raise PermissionDenied(_("Det här gäller en annan organisation."))


def _require_open(proposed: Departure) -> None:
    if proposed.withdrawn_at is not None or proposed.confirmed_at is not None:
        raise ValidationError(_("Förslaget är redan avgjort."))
