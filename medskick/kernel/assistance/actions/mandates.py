"""The verbs of mandates: a resident gives a proxy, the organisation takes in what stands on paper, and they end."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from medskick.kernel.assistance.access import (
    KEEPERS,
    NotPossible,
    helpers_of,
    may_end,
    registrars_of,
    require_oneself,
)
from medskick.kernel.assistance.coverage import coverage_choices
from medskick.kernel.assistance.models import Company, Ground, Mandate, MandateKind
from medskick.kernel.files.models import StoredFile
from medskick.kernel.log.actions import log
from medskick.kernel.organisations.actor import Actor, require_staff
from medskick.kernel.organisations.places import place_of
from medskick.kernel.organisations.scope import current_scope
from medskick.kernel.people.actions import make_known
from medskick.kernel.people.encryption import encrypt
from medskick.kernel.people.queries import find_person_by_number
from medskick.lib.text import shorten

MOST_PROXIES = 20
NAME_LENGTH = 120


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody as she was named: the personal number finds her, or makes her known; the name is kept as it was said."""

    number: str
    name: str


@dataclass(frozen=True, slots=True)
class Firm:
    """A legal person, by its number of ten digits."""

    number: str
    name: str


@dataclass(frozen=True, slots=True)
class Terms:
    """For what and for how long. covers: keys of coverage.py; empty is everything."""

    valid_from: date
    valid_until: date | None = None
    covers: Iterable[str] = field(default_factory=tuple)


def person_named(named: Named) -> UUID:
    """The person with this number, made known where she is not; whether she was is not told."""
    known = find_person_by_number(named.number)
    return known or make_known(name=shorten(named.name, NAME_LENGTH), number=named.number).id


def give_proxy(*, by: Actor, to: Named, terms: Terms) -> Mandate:
    """A resident lets somebody act for her. Raise NotPossible for herself, for too many, and for terms that cannot be."""
    principal = require_oneself(by)
    today = timezone.localdate()
    if Mandate.objects.given_by(principal).valid(today).count() >= MOST_PROXIES:
        raise NotPossible(_("Du har redan många ombud. Avsluta något av dem först."))
    return _give(
        by=by,
        kind=MandateKind.PROXY,
        ground=Ground.EID,
        principal=(principal, by.name),
        agent=(person_named(to), to.name),
        terms=terms,
    )


def register_mandate(
    *,
    by: Actor,
    kind: str,
    ground: str,
    principal: Named | Firm,
    agent: Named | None,
    terms: Terms,
    reason: str,
    paper_reference: str = "",
    paper: StoredFile | None = None,
) -> Mandate:
    """Take in a mandate that stands on paper or in a register. agent None: the organisation's helpers.

    paper_reference: where the paper is kept, without personal data. Raise NotPossible for what does not fit together.
    """
    require_staff(by, *KEEPERS)
    if by.organisation is None or ground not in (Ground.PAPER, Ground.REGISTER):
        raise NotPossible(_("Välj om du har sett ett papper eller ett register."))
    if ground == Ground.PAPER and not paper_reference.strip() and paper is None:
        raise NotPossible(_("Skriv var pappret finns, eller ta en bild av det."))
    if not reason.strip():
        raise NotPossible(_("Skriv vad du har sett."))
    if isinstance(principal, Firm) != (kind == MandateKind.COMPANY):
        raise NotPossible(_("En firmatecknare tecknar för ett företag, de andra för en person."))
    if agent is None and kind != MandateKind.PROXY:
        raise NotPossible(_("Bara en fullmakt kan gälla kommunens hjälpare. Skriv vem det är."))
    if agent is None:
        place = place_of(by.organisation)
        whom = (helpers_of(by.organisation), _("Hjälparna i %(place)s") % {"place": place.short_name if place else ""})
    else:
        whom = (person_named(agent), agent.name)
    who = _firm(principal) if isinstance(principal, Firm) else person_named(principal)
    return _give(
        by=by,
        kind=kind,
        ground=ground,
        principal=(who, principal.name),
        agent=whom,
        terms=terms,
        reason=reason,
        paper_reference=paper_reference,
        paper=paper,
    )


def end_mandate(mandate: Mandate, *, by: Actor, reason: str = "") -> None:
    """End a mandate now: at the agent's next request it gives nothing."""
    if not may_end(by, mandate):
        raise PermissionDenied(_("Det här uppdraget kan inte du avsluta."))
    for_it = by.staff or by.kind == "system"
    if for_it and not reason.strip():
        raise NotPossible(_("Skriv varför uppdraget avslutas."))
    if not for_it and by.person == mandate.agent:
        with connection.cursor() as cursor:
            kept = encrypt(reason) if reason else None
            cursor.execute("select renounce_mandate(%s, %s, %s)", [mandate.id, by.person, kept])
    else:
        ended = {"ended_at": timezone.now(), "ended_by": by.person, "ended_reason": reason}
        Mandate.objects.filter(id=mandate.id).update(**ended)
    seen_by = replace(by, acting_for=mandate.principal) if for_it else by
    log("mandate.ended", by=seen_by, references=[mandate.id, mandate.principal, mandate.agent])


def _give(
    *,
    by: Actor,
    kind: str,
    ground: str,
    principal: tuple[UUID, str],
    agent: tuple[UUID, str],
    terms: Terms,
    reason: str = "",
    paper_reference: str = "",
    paper: StoredFile | None = None,
) -> Mandate:
    covers = sorted(set(terms.covers))
    if principal[0] == agent[0]:
        raise NotPossible(_("Ingen kan vara ombud för sig själv. Kontrollera personnumret."))
    if terms.valid_until is not None and terms.valid_until < max(terms.valid_from, timezone.localdate()):
        raise NotPossible(_("Sista dagen har redan varit, eller ligger före den första."))
    if set(covers) - {key for key, _label in coverage_choices()}:
        raise NotPossible(_("Något av det du valde finns inte längre. Välj igen."))
    mandate = Mandate(
        owner_id=current_scope().acting,
        registrars=registrars_of(by.organisation) if by.staff and by.organisation else None,
        kind=MandateKind(kind),
        ground=Ground(ground),
        principal=principal[0],
        principal_name=shorten(principal[1], NAME_LENGTH),
        agent=agent[0],
        agent_name=shorten(agent[1], NAME_LENGTH),
        covers=covers,
        valid_from=terms.valid_from,
        valid_until=terms.valid_until,
        paper=paper,
        paper_reference=shorten(paper_reference.strip(), 120),
        reason=reason,
        given_by=by.person,
        given_by_name=by.name if by.staff else "",
    )
    mandate.save(force_insert=True)
    # What staff took in for her stands among what others did for her; she may object to it.
    seen_by = replace(by, acting_for=principal[0]) if by.staff else by
    log("mandate.given", by=seen_by, fields=[kind, ground], references=[mandate.id, principal[0], agent[0]])
    return mandate


def _firm(firm: Firm) -> UUID:
    """The company with this number, written down the first time; its name stays as it was then."""
    fresh = Company(number=firm.number, name=shorten(firm.name, NAME_LENGTH))
    Company.objects.bulk_create([fresh], ignore_conflicts=True)
    return Company.objects.get(number=firm.number).id
