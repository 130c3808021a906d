"""The verbs of help: ask, approve, begin, end (kernel.md I)."""

import secrets
from dataclasses import dataclass, replace
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from medskick.kernel.assistance.access import NotPossible, require_oneself
from medskick.kernel.assistance.actions.mandates import NAME_LENGTH, Named, person_named
from medskick.kernel.assistance.models import CODE_VALID, Assistance, AssistanceGround, Ended, HelpPlace, Mandate
from medskick.kernel.assistance.queries import Asked, hashed, own_open, paper_mandate
from medskick.kernel.log.actions import log
from medskick.kernel.organisations.actor import Actor, require_staff
from medskick.kernel.organisations.scope import current_scope
from medskick.kernel.people.encryption import encrypt
from medskick.kernel.people.queries import IDLE
from medskick.kernel.people.roles import HELPER
from medskick.lib.text import shorten

CHANNELS = ("desk", "phone", "paper")
CODE_DIGITS = 6


@dataclass(frozen=True, slots=True)
class AskedFor:
    """A request to help with e-legitimation, and the code that the resident types; it is known only here."""

    assistance: Assistance
    code: str


def ask_to_help(*, by: Actor, channel: str = "desk", place: HelpPlace | None = None) -> AskedFor:
    """Ask to help whoever types the code within ten minutes, signed in as herself. No personal number is needed."""
    code = "".join(secrets.choice("0123456789") for _ in range(CODE_DIGITS))
    asked = _new(by=by, ground=AssistanceGround.EID, channel=channel, place=place)
    asked.code = hashed(code)
    asked.save(force_insert=True)
    log("assistance.asked", by=by, references=[asked.id])
    return AskedFor(asked, code)


def approve_help(asked: Asked, code: str, *, by: Actor) -> None:
    """The resident lets the helper act for her. Raise NotPossible where the code is too old, used, or her own."""
    resident = require_oneself(by)
    with connection.cursor() as cursor:
        cursor.execute(
            "select approve_assistance(%s, %s, %s, %s)",
            [hashed(code), timezone.now() - CODE_VALID, resident, encrypt(by.name)],
        )
        approved = cursor.fetchone()[0]
    if approved != asked.id:
        raise NotPossible(_("Koden gäller inte längre. Be om en ny."))
    log("assistance.approved", by=by, references=[approved])


def begin_help(
    *,
    by: Actor,
    ground: str,
    named: Named | None = None,
    reason: str = "",
    channel: str = "desk",
    place: HelpPlace | None = None,
) -> Assistance:
    """Begin to help somebody by what she says, by her mandate on paper, or without knowing who she is.

    Raise NotPossible for oneself, without a reason where there is no proof, and without a mandate where that is the
    ground. Whether the person was known before is told nobody.
    """
    require_staff(by, HELPER)
    resident, mandate = None, None
    if ground != AssistanceGround.UNNAMED:
        if named is None:
            raise NotPossible(_("Skriv vem du hjälper."))
        resident = person_named(named)
        if resident == by.person:
            raise NotPossible(_("Du kan inte hjälpa dig själv. Gör ditt eget utanför jobbet."))
        mandate = _paper(resident, by=by) if ground == AssistanceGround.PAPER else None
    if ground == AssistanceGround.STATED and not reason.strip():
        raise NotPossible(_("Skriv varför personen inte godkänner själv. Hen läser det du skriver."))
    called = shorten(named.name, NAME_LENGTH) if named else ""
    begun = _new(by=by, ground=ground, channel=channel, place=place, called=called, reason=reason)
    begun.resident, begun.mandate = resident, mandate
    begun.started_at = begun.last_active_at = begun.asked_at
    begun.save(force_insert=True)
    log("assistance.began", by=replace(by, acting_for=resident), fields=[ground], references=[begun.id])
    return begun


def end_help(assistance: UUID, *, by: Actor, how: Ended = Ended.HELPER) -> bool:
    """End the help now; ending what is over is nothing. Returns whether it was going on."""
    with connection.cursor() as cursor:
        cursor.execute("select end_assistance(%s, %s)", [assistance, how])
        ended = bool(cursor.fetchone()[0])
    if ended and current_scope().acting:
        log("assistance.ended", by=by, fields=[how], references=[assistance])
    return ended


def end_idle_help() -> None:
    """Note as over what nobody has done anything in for too long."""
    with connection.cursor() as cursor:
        cursor.execute("select end_idle_assistance(%s)", [IDLE])


def _new(
    *, by: Actor, ground: str, channel: str, place: HelpPlace | None, called: str = "", reason: str = ""
) -> Assistance:
    require_staff(by, HELPER)
    if by.person is None or by.employment is None or by.organisation is None:
        raise PermissionDenied(_("Bara en medarbetare kan hjälpa."))
    if channel not in CHANNELS or (place is not None and place.owner_id != by.organisation):
        raise NotPossible(_("Välj hur ni talas vid, och var."))
    for one in own_open(by.person):
        end_help(one.id, by=by)
    return Assistance(
        owner_id=by.organisation,
        helper=by.person,
        helper_name=by.name,
        employment=by.employment,
        unit_id=by.unit,
        place=place,
        ground=AssistanceGround(ground),
        channel=channel,
        called=called,
        reason=reason,
        asked_at=timezone.now(),
    )


def _paper(resident: UUID, *, by: Actor) -> Mandate:
    mandate = paper_mandate(resident, by=by, today=timezone.localdate())
    if mandate is None:
        raise NotPossible(
            _("Det finns ingen fullmakt på papper som gäller. För in den först, eller välj ett annat sätt.")
        )
    return mandate
