"""The verbs of those who lead a session: plan, change, open, pause, end, summarise, confirm, cancel."""

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
from medskick.dialog.sessions.actions.asking import add_step
from medskick.dialog.sessions.actions.roles import give_role
from medskick.dialog.sessions.live import tell_phones
from medskick.dialog.sessions.models import (
    JoinCode,
    LiveSession,
    Participant,
    SessionRole,
    SessionTransition,
    Step,
    StepOpening,
)
from medskick.dialog.sessions.programmes import Programme
from medskick.kernel.log.actions import log
from medskick.kernel.organisations.actor import Actor, require_staff
from medskick.kernel.organisations.models import Network
from medskick.kernel.records.actions import change_item, create_item, end_share, register, share
from medskick.kernel.records.models import Item, Level, Share
from medskick.lib.codes import join_code
from medskick.lib.dates import STOCKHOLM

KIND = "dialog.session"
CODE_ATTEMPTS = 8
CHANGEABLE = (LiveSession.PLANNED, LiveSession.OPEN, LiveSession.PAUSED)


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
    place: str = LiveSession.ROOM,
    last_day: date | None = None,
    programme: Programme | None = None,
    imported: bool = False,
    submission_key: UUID | None = None,
) -> LiveSession:
    """Plan a session in the acting organisation, or in a network that it holds. See dialog.api.plan_session."""
    require_staff(by, *LEADERS)
    _require_holder(by, network)
    _require_order(held_on, last_day)
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
        last_day=last_day,
        place=place,
        programme=programme.stamp if programme else "",
        anonymity=anonymity,
        asks_municipality=asks_municipality,
        imported=imported,
        submission_key=submission_key,
    )
    session.save(force_insert=True)
    if network is not None:
        share(item, by=by, with_token=network.id)
    log("session.planned", by=by, item=item.id)
    if by.person is not None and not imported:
        give_role(session, by=by, role=SessionRole.FACILITATOR, person=by.person, name=by.name)
    ids: list[UUID] = []
    for step in programme.steps if programme else ():
        made = add_step(
            session,
            by=by,
            kind=step.kind,
            text=step.text,
            help_text=step.help_text,
            settings=step.stored_settings(ids),
            minutes=step.minutes,
            shows_results=step.shows_results,
        )
        ids.append(made.id)
    return session


def change_plan(
    session: LiveSession,
    *,
    by: Actor,
    title: str,
    held_on: date,
    network: Network | None = None,
    purpose: str = "",
    anonymity: str = LiveSession.ANONYMOUS,
    asks_municipality: bool = False,
    public: bool = False,
    place: str = LiveSession.ROOM,
    last_day: date | None = None,
) -> LiveSession:
    """Change what was planned. Once somebody has joined, what she was promised stands: how answers are given.

    Raise NotPossible for a session that is over, and for a promise that is already given.
    """
    require_leader(by, session.owner_id)
    session = _locked(session)
    if session.state not in CHANGEABLE:
        raise NotPossible(_("Mötet är %(state)s och kan inte ändras.") % {"state": session.get_state_display()})
    _require_order(held_on, last_day)
    if session.state != LiveSession.PLANNED and held_on != session.held_on:
        raise NotPossible(_("Mötet har börjat, så första dagen kan inte ändras. Sista dagen kan du ändra."))
    promised = (session.anonymity, session.asks_municipality)
    if promised != (anonymity, asks_municipality) and Participant.objects.filter(session=session).exists():
        raise NotPossible(_("Någon har redan gått med, så hur svaren ges kan inte ändras."))
    _change_audience(session, by=by, network=network, public=public)
    session.title, session.purpose, session.held_on, session.last_day = title, purpose, held_on, last_day
    session.place, session.anonymity, session.asks_municipality = place, anonymity, asks_municipality
    session.network = network
    session.save()
    change_item(
        Item.objects.get(id=session.pk),
        by=by,
        verb="session.changed",
        title=title,
        summary=purpose,
        search_text=network.name if network else "",
    )
    tell_phones(session, _open_step(session))
    return session


def _change_audience(session: LiveSession, *, by: Actor, network: Network | None, public: bool) -> None:
    """Who may read of the session follows its network, and whether everybody may."""
    item = Item.objects.get(id=session.pk)
    before, after = session.network_id, network.id if network else None
    if before != after:
        _require_holder(by, network)
        for shared in Share.objects.filter(item=item, with_token=before, ended_at__isnull=True) if before else ():
            end_share(shared, by=by, reason=_("Mötet hör till ett annat nätverk."))
        if network is not None:
            share(item, by=by, with_token=network.id)
        item.refresh_from_db()
    if public == (item.level == Level.PUBLIC):
        return
    still_shared = Share.objects.filter(item=item, with_token__isnull=False, ended_at__isnull=True).exists()
    level = Level.PUBLIC if public else Level.SHARED if still_shared else Level.ORGANISATION
    change_item(item, by=by, verb="session.opened_to_all" if public else "session.closed_to_all", level=level)


def open_session(session: LiveSession, *, by: Actor, at: datetime | None = None) -> LiveSession:
    """Let phones in: the session gets a code that no other open session has. See dialog.api.open_session."""
    require_leader(by, session.owner_id)
    session = _locked(session)
    if session.state == LiveSession.OPEN:
        return session
    require_transition(session, LiveSession.OPEN)
    if session.state == LiveSession.PLANNED:
        session.code = _take_code(session)
        item = Item.objects.get(id=session.pk)
        change_item(item, by=by, verb="session.opened", readers=[*item.readers, code_token(session.code, session.pk)])
    return _move(session, LiveSession.OPEN, by=by, at=at)


def pause_session(
    session: LiveSession, *, by: Actor, continues_on: date | None = None, at: datetime | None = None
) -> LiveSession:
    """The session goes on another day, or later today: phones are told when, and the code stays its own.

    Pausing what is paused changes nothing. Raise NotPossible for a day that is before today.
    """
    require_leader(by, session.owner_id)
    session = _locked(session)
    if session.state == LiveSession.PAUSED:
        return session
    require_transition(session, LiveSession.PAUSED)
    moment = at or timezone.now()
    if continues_on is not None and continues_on < moment.astimezone(STOCKHOLM).date():
        raise NotPossible(_("Dagen då ni fortsätter har redan varit. Välj i dag eller en senare dag."))
    _close_steps(session, by=by, at=moment)
    if continues_on is not None and continues_on > (session.last_day or session.held_on):
        session.last_day = continues_on
        session.save(update_fields=["last_day"])
    return _move(session, LiveSession.PAUSED, by=by, at=moment, continues_on=continues_on)


def summarise_session(session: LiveSession, *, by: Actor, at: datetime | None = None) -> LiveSession:
    """What the session gave is gone through and written down. Doing it twice is doing it once."""
    return _move_once(session, LiveSession.SUMMARISED, by=by, at=at)


def confirm_session(session: LiveSession, *, by: Actor, at: datetime | None = None) -> LiveSession:
    """Those who took part have said that the summary is right. Doing it twice is doing it once."""
    return _move_once(session, LiveSession.CONFIRMED, by=by, at=at)


def end_session(session: LiveSession, *, by: Actor, at: datetime | None = None) -> LiveSession:
    """The session is held: phones are thanked, the code is free again, and the session is registered."""
    require_leader(by, session.owner_id)
    session = _locked(session)
    if session.state == LiveSession.HELD:
        return session
    require_transition(session, LiveSession.HELD)
    moment = at or timezone.now()
    _close_steps(session, by=by, at=moment)
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


def _require_holder(by: Actor, network: Network | None) -> None:
    if network is not None and network.holder_id != by.organisation:
        raise PermissionDenied(_("Nätverket hålls av en annan organisation. Den planerar sina egna möten."))


def _require_order(held_on: date, last_day: date | None) -> None:
    if last_day is not None and last_day < held_on:
        raise NotPossible(_("Sista dagen är före den första. Byt plats på dem, eller lämna sista dagen tom."))


def _open_step(session: LiveSession) -> Step | None:
    opening = StepOpening.objects.filter(session=session, closed_at__isnull=True).select_related("step").first()
    return opening.step if opening else None


def _close_steps(session: LiveSession, *, by: Actor, at: datetime) -> None:
    StepOpening.objects.filter(session=session, closed_at__isnull=True).update(closed_at=at, closed_by=by.person)


def _move_once(session: LiveSession, to_state: str, *, by: Actor, at: datetime | None) -> LiveSession:
    require_leader(by, session.owner_id)
    session = _locked(session)
    if session.state == to_state:
        return session
    require_transition(session, to_state)
    return _move(session, to_state, by=by, at=at)


def _move(
    session: LiveSession,
    to_state: str,
    *,
    by: Actor,
    at: datetime | None,
    reason: str = "",
    continues_on: date | None = None,
) -> LiveSession:
    resumed = session.state == LiveSession.PAUSED and to_state == LiveSession.OPEN
    session.state = to_state
    session.save(update_fields=["state", "code"])
    SessionTransition(
        session=session,
        to_state=to_state,
        reason=reason,
        continues_on=continues_on,
        by_person=by.person,
        by_name=by.name,
        at=at or timezone.now(),
    ).save(force_insert=True)
    log("session.resumed" if resumed else f"session.{to_state}", by=by, item=session.pk)
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
