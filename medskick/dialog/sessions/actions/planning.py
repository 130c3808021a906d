"""The verbs of those who lead a session: plan, open, end, cancel."""

from datetime import date, datetime, time
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from medskick.dialog.sessions.access import (
    LEADERS,
    NotPossible,
    code_token,
    require_leader,
    require_transition,
)
from medskick.dialog.sessions.live import tell_phones
from medskick.dialog.sessions.models import JoinCode, LiveSession, QuestionOpening, SessionTransition
from medskick.kernel.log.actions import log
from medskick.kernel.organisations.actor import Actor, require_staff
from medskick.kernel.organisations.models import Network
from medskick.kernel.records.actions import change_item, create_item, register, share
from medskick.kernel.records.models import Item, Level
from medskick.lib.codes import join_code
from medskick.lib.dates import STOCKHOLM

KIND = "dialog.session"
CODE_ATTEMPTS = 8


def plan_session(
    *,
    by: Actor,
    title: str,
    held_on: date,
    network: Network | None = None,
    purpose: str = "",
    anonymity: str = LiveSession.ANONYMOUS,
    asks_municipality: bool = False,
    public: bool = False,
    imported: bool = False,
    submission_key: UUID | None = None,
) -> LiveSession:
    """Plan a session in the acting organisation, or in a network that it holds. See dialog.api.plan_session."""
    require_staff(by, *LEADERS)
    if network is not None and network.holder_id != by.organisation:
        raise PermissionDenied(_("Nätverket hålls av en annan organisation. Den planerar sina egna möten."))
    standing = _submitted(by, submission_key)
    if standing is not None:
        return standing
    item = create_item(
        by=by,
        kind=KIND,
        title=title,
        summary=purpose,
        level=Level.PUBLIC if public else Level.ORGANISATION,
        unit=by.unit,
        occurred_at=datetime.combine(held_on, time(9), STOCKHOLM),
        search_text=network.name if network else "",
    )
    session = LiveSession(
        item=item,
        owner_id=item.owner_id,
        network=network,
        title=title,
        purpose=purpose,
        held_on=held_on,
        anonymity=anonymity,
        asks_municipality=asks_municipality,
        imported=imported,
        submission_key=submission_key,
    )
    session.save(force_insert=True)
    if network is not None:
        share(item, by=by, with_token=network.id)
    log("session.planned", by=by, item=item.id)
    return session


def open_session(session: LiveSession, *, by: Actor, at: datetime | None = None) -> LiveSession:
    """Let phones in: the session gets a code that no other open session has. See dialog.api.open_session."""
    require_leader(by, session.owner_id)
    session = _locked(session)
    if session.state == LiveSession.OPEN:
        return session
    require_transition(session, LiveSession.OPEN)
    session.code = _take_code(session)
    item = Item.objects.get(id=session.pk)
    change_item(item, by=by, verb="session.opened", readers=[*item.readers, code_token(session.code, session.pk)])
    return _move(session, LiveSession.OPEN, by=by, at=at)


def end_session(session: LiveSession, *, by: Actor, at: datetime | None = None) -> LiveSession:
    """The session is held: phones are thanked, the code is free again, and the session is registered."""
    require_leader(by, session.owner_id)
    session = _locked(session)
    if session.state == LiveSession.HELD:
        return session
    require_transition(session, LiveSession.HELD)
    moment = at or timezone.now()
    QuestionOpening.objects.filter(session=session, closed_at__isnull=True).update(
        closed_at=moment, closed_by=by.person
    )
    _close_door(session, by=by)
    session = _move(session, LiveSession.HELD, by=by, at=at)
    register(
        Item.objects.get(id=session.pk),
        by=by,
        party=session.network.name if session.network else "",
        registered_at=moment,
    )
    return session


def cancel_session(session: LiveSession, *, by: Actor, reason: str, at: datetime | None = None) -> LiveSession:
    """The session will not be held; the reason is kept and shown. Raise NotPossible where it has begun."""
    require_leader(by, session.owner_id)
    session = _locked(session)
    require_transition(session, LiveSession.CANCELLED)
    if not reason.strip():
        raise NotPossible(_("Skriv varför mötet ställs in. De som skulle ha kommit får läsa det."))
    return _move(session, LiveSession.CANCELLED, by=by, at=at, reason=reason)


def find_or_make_imported_session(*, by: Actor, network: Network | None, held_on: date, title: str) -> LiveSession:
    """The held session that imported material came from. See dialog.api.find_or_make_imported_session."""
    require_staff(by, *LEADERS)
    standing = LiveSession.objects.filter(
        owner_id=by.organisation, network=network, held_on=held_on, imported=True
    ).first()
    if standing is not None:
        return standing
    moment = datetime.combine(held_on, time(16), STOCKHOLM)
    session = plan_session(by=by, title=title, held_on=held_on, network=network, imported=True)
    return end_session(session, by=by, at=moment)


def _submitted(by: Actor, key: UUID | None) -> LiveSession | None:
    """The session that the same form made when it was sent the first time."""
    if key is None:
        return None
    return LiveSession.objects.filter(owner_id=by.organisation, submission_key=key).first()


def _locked(session: LiveSession) -> LiveSession:
    return LiveSession.objects.select_for_update(of=("self",)).select_related("network").get(pk=session.pk)


def _move(session: LiveSession, to_state: str, *, by: Actor, at: datetime | None, reason: str = "") -> LiveSession:
    session.state = to_state
    session.save(update_fields=["state", "code"])
    SessionTransition(
        session=session,
        to_state=to_state,
        reason=reason,
        by_person=by.person,
        by_name=by.name,
        at=at or timezone.now(),
    ).save(force_insert=True)
    log(f"session.{to_state}", by=by, item=session.pk)
    tell_phones(session)
    return session


def _take_code(session: LiveSession) -> str:
    for _attempt in range(CODE_ATTEMPTS):
        code = join_code(set(JoinCode.objects.values_list("code", flat=True)))
        try:
            with transaction.atomic():
                JoinCode(code=code, session=session, owner_id=session.owner_id).save(force_insert=True)
        except IntegrityError:
            # Another session took the same code between our look and our insert.
            continue
        return code
    raise NotPossible(_("Alla möteskoder är upptagna just nu. Vänta en minut och försök igen."))


def _close_door(session: LiveSession, *, by: Actor) -> None:
    JoinCode.objects.filter(session=session).delete()
    if session.code:
        item = Item.objects.get(id=session.pk)
        token = code_token(session.code, session.pk)
        change_item(item, by=by, verb="session.closed", readers=[one for one in item.readers if one != token])
