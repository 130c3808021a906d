"""The verbs of signing in: who a log-in provider's word makes a person, and her sign-ins on different browsers."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from medskick.kernel.log.actions import log
from medskick.kernel.organisations.actor import Actor, role_token
from medskick.kernel.organisations.scope import current_scope, widen_scope
from medskick.kernel.people.browsers import browser_words
from medskick.kernel.people.encryption import blind_index, keyed_digest
from medskick.kernel.people.identity import Identity, LogInFailed
from medskick.kernel.people.models import (
    FailedTries,
    Person,
    PersonalNumber,
    ProtectionMark,
    ProviderSubject,
    SeenAssertion,
    SignIn,
    this_hour,
)
from medskick.kernel.people.queries import (
    find_person_by_number,
    find_person_by_subject,
    find_person_by_work_address,
)
from medskick.kernel.people.roles import REGISTRAR

SIGN_INS_KEPT = timedelta(days=90)


def recognise(identity: Identity, *, organisation: UUID | None = None) -> Person:
    """The person whom a log-in provider vouches for, made known at the first log-in.

    A personal number wins over the provider's own subject: the same person may come through two providers. It is
    believed from identity providers only. Others know those that they have brought themselves, and those whom
    `organisation` has employed under the e-mail address that they state; never anybody with a personal number.
    Raises LogInFailed.
    """
    known = find_person_by_number(identity.number) if identity.number and identity.proven else None
    known = known or find_person_by_subject(identity.issuer, identity.subject)
    if known is None and not identity.proven and identity.email and organisation:
        known = find_person_by_work_address(organisation, identity.email)
    person = _known(known, identity) if known else _make_known(identity, organisation)
    if identity.protected:
        protect_as_stated(person.id)
    return person


def _known(known: UUID, identity: Identity) -> Person:
    widen_scope([known])
    person = Person.objects.get(id=known)
    if not identity.proven and PersonalNumber.objects.filter(person=person).exists():
        raise LogInFailed(_("Den här inloggningen räcker inte för dig. Logga in med e-legitimation."))
    if identity.name and identity.name != person.name:
        person.name = identity.name
        person.save(update_fields=["name"])
    _remember_subject(person, identity)
    return person


def protect_as_stated(person: UUID) -> ProtectionMark | None:
    """Mark the person as having protected identity, because her log-in provider says so. Said twice is said once.

    Call with the person's own token in reach. None where no organisation acts.
    """
    owner = current_scope().acting
    if owner is None:
        return None
    standing = ProtectionMark.objects.filter(person_id=person, ended_at__isnull=True).first()
    if standing is not None:
        return standing
    mark = ProtectionMark(owner_id=owner, person_id=person, registrars=role_token(owner, REGISTRAR), from_log_in=True)
    mark.save(force_insert=True)
    return mark


def make_known(*, name: str, number: str = "", readers: Iterable[UUID] = ()) -> Person:
    """Make a person known without a log-in, for example by an import or at a service desk."""
    person = Person(name=name, readers=sorted(set(readers)))
    widen_scope([person.id])
    person.save(force_insert=True)
    if number:
        PersonalNumber(person=person, number=number, index=blind_index(number)).save(force_insert=True)
    return person


def use_once(assertion: str, *, issuer: str, expires: datetime) -> None:
    """Write down that a SAML assertion is used. Raise LogInFailed where it has been before: a replay."""
    digest = keyed_digest(b"saml assertion", f"{issuer} {assertion}")
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into kernel_seenassertion (digest, expires_at) values (%s, %s) on conflict do nothing",
            [digest, expires],
        )
        if cursor.rowcount != 1:
            raise LogInFailed(_("Inloggningen hade redan använts eller blev för gammal. Logga in igen."))


def begin_sign_in(person: Person, *, identity: Identity, employment: UUID | None, user_agent: str) -> SignIn:
    """Sign the person in, on one browser, with what her provider's word is good for."""
    provider = identity.provider
    sign_in = SignIn(
        person=person,
        employment_id=employment,
        organisation_id=identity.bound_to,
        staff_only=identity.staff_only,
        provider=provider.label if provider else _("Test-legitimation"),
        provider_slug=provider.slug if provider else "",
        assurance=identity.assurance,
        browser=browser_words(user_agent),
    )
    sign_in.save(force_insert=True)
    return sign_in


def switch_employment(sign_in: UUID, *, employment: UUID | None) -> None:
    """The person acts in another of her employments, or as herself, on this browser."""
    SignIn.objects.filter(id=sign_in, ended_at__isnull=True).update(employment_id=employment)


def seen_again(sign_in: UUID) -> None:
    """Write down that the sign-in is in use; told in whole hours, so that nobody's day can be read from it."""
    SignIn.objects.filter(id=sign_in).update(last_seen=this_hour())


def end_sign_in(sign_in: SignIn, *, by: Actor, how: str = "mine") -> SignIn:
    """End one of the person's own sign-ins: its next request is a stranger's."""
    if sign_in.ended_at is None:
        sign_in.ended_at, sign_in.how = timezone.now(), how
        sign_in.save(update_fields=["ended_at", "how"])
        log("sign_in.ended", by=by, references=[sign_in.id])
    return sign_in


def end_sign_ins(*, by: Actor) -> int:
    """End all sign-ins of the one who asks, this one too. Returns how many."""
    open_ones = SignIn.objects.filter(person_id=by.person, ended_at__isnull=True)
    ended = open_ones.update(ended_at=timezone.now(), how="everywhere")
    log("sign_in.all_ended", by=by, references=[by.person] if by.person else [])
    return ended


def sweep_people() -> None:
    """Throw away forms kept for a log-in that never came, sessions and sign-ins that have ended, and what hindered replay
    and guessing and is too old to."""
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("select sweep_kept_forms()")
        lasts = timedelta(seconds=settings.SESSION_COOKIE_AGE)
        cursor.execute("select sweep_sign_ins(%s, %s)", [lasts, SIGN_INS_KEPT])
    Session.objects.filter(expire_date__lt=now).delete()
    FailedTries.objects.filter(at__lt=now - timedelta(days=1)).delete()
    SeenAssertion.objects.filter(expires_at__lt=now).delete()


def _make_known(identity: Identity, organisation: UUID | None) -> Person:
    try:
        with transaction.atomic():
            person = make_known(name=identity.name, number=identity.number if identity.proven else "")
            _remember_subject(person, identity)
    except IntegrityError:
        # The same person logged in for the first time in two windows at once: the other one won.
        return recognise(identity, organisation=organisation)
    return person


def _remember_subject(person: Person, identity: Identity) -> None:
    ProviderSubject.objects.bulk_create(
        [ProviderSubject(person=person, issuer=identity.issuer, subject=identity.subject)], ignore_conflicts=True
    )
