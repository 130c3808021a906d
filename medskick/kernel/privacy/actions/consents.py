"""Saying yes to a purpose, and taking it back: with effect at once, for has_consent() asks the rows each time."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from medskick.kernel.log.actions import log
from medskick.kernel.notifications.models import Notification
from medskick.kernel.organisations.actor import Actor, require_staff
from medskick.kernel.organisations.scope import current_scope
from medskick.kernel.privacy.models import Consent
from medskick.kernel.privacy.purposes import CONTACT_AGAIN, purpose_of
from medskick.kernel.privacy.queries import has_consent
from medskick.kernel.records.kinds import trace_url
from medskick.kernel.records.models import Item
from medskick.lib.text import clean_text

LONGEST_QUESTION = 300


class NobodyToAsk(ValueError):
    """The one who said it has not agreed to be contacted, or cannot be. Which of the two is never told."""


def give_consent(purpose: str, *, by: Actor) -> Consent:
    """Say yes to a purpose, to the acting organisation. Saying it twice is saying it once.

    Raise LookupError for an unknown purpose, PermissionDenied for anybody but the person herself.
    """
    person = _herself(by)
    asked = purpose_of(purpose)
    standing = Consent.objects.filter(
        owner_id=by.organisation, person=person, purpose=purpose, withdrawn_at__isnull=True
    ).first()
    if standing is not None:
        return standing
    consent = Consent(owner_id=by.organisation, person=person, purpose=purpose, wording=str(asked.wording))
    consent.save(force_insert=True)
    log("consent.given", by=by, fields=[purpose], references=[consent.id])
    return consent


def withdraw_consent(consent: Consent, *, by: Actor) -> Consent:
    """Take a yes back, now."""
    if consent.person != _herself(by):
        raise PermissionDenied(_("Bara du själv kan återkalla ditt samtycke."))
    if consent.withdrawn_at is None:
        consent.withdrawn_at = timezone.now()
        consent.save(update_fields=["withdrawn_at"])
        log("consent.withdrawn", by=by, fields=[consent.purpose], references=[consent.id])
    return consent


def ask_again(item: Item, *, by: Actor, question: str) -> int:
    """Send a question to the one who said something, in her messages, where she has agreed to be contacted.

    question: one sentence or two, without personal data, since it is shown in her list of messages.
    Raise NobodyToAsk alike for nobody, for somebody who has not agreed, and for somebody with protected identity.
    """
    require_staff(by)
    said = clean_text(question, max_length=LONGEST_QUESTION).strip()
    if not said:
        raise ValueError(_("Skriv din fråga."))
    willing = [token for token in item.readers if has_consent(token, CONTACT_AGAIN)]
    if item.owner_id != by.organisation or not willing:
        raise NobodyToAsk(_("Den som sade det här går inte att kontakta härifrån."))
    owner = current_scope().acting
    Notification.objects.bulk_create(
        Notification(owner_id=owner, follower=token, item=item, what=said, url=trace_url(item)) for token in willing
    )
    log("voice.asked_again", by=by, item=item.id)
    return len(willing)


def _herself(by: Actor) -> UUID:
    """Consent is a person's own: a helper cannot give it, and an organisation cannot ask for it in her name."""
    if by.person is None or by.acting_for is not None:
        raise PermissionDenied(_("Du behöver själv vara inloggad för att säga ja eller nej."))
    return by.person
