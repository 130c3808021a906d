"""What a person says is wrong, and the note beside it: a public record is corrected by a note, never written over."""

from datetime import timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from medskick.kernel.log.actions import log
from medskick.kernel.notifications.actions import follow, tell_followers
from medskick.kernel.organisations.actor import Actor, require_same_organisation, require_staff, role_token
from medskick.kernel.organisations.scope import scope
from medskick.kernel.people.roles import REGISTRAR
from medskick.kernel.privacy.access import as_resident
from medskick.kernel.privacy.models import CorrectionNote, Dispute, DisputeAnswer
from medskick.kernel.privacy.queries import Thing, unit_for_disputes
from medskick.kernel.records.actions import change_item, create_item, register
from medskick.kernel.records.models import Level
from medskick.kernel.tasks.actions import create_task, settle
from medskick.kernel.tasks.models import Task
from medskick.lib.text import clean_text

KIND = "kernel.dispute"
LONGEST = 2000
# How soon the registrar should have looked at it. The law's own limit is set by each organisation's routine.
DAYS_TO_ANSWER = 30


class AlreadyAnswered(ValueError):
    """The dispute has been answered. The message says it in Swedish."""


def dispute(thing: Thing, *, by: Actor, wrong: str, right: str = "") -> Dispute:
    """Say that something kept of me is not right: a registered record, and a task for the registrar of its owner.

    thing: one of my_things(by), which is how it is known that it is hers. right: what should stand instead.
    """
    person = by.acting_for or by.person
    said = clean_text(wrong, max_length=LONGEST).strip()
    if person is None or thing.person != person:
        raise PermissionDenied(_("Du kan bara säga ifrån om uppgifter som gäller dig."))
    if not said:
        raise ValueError(_("Skriv vad som inte stämmer."))
    owner = thing.owner or by.organisation
    if owner is None:
        raise PermissionDenied(_("Öppna sidan hos en kommun."))
    here = as_resident(by, owner)
    with scope(here.scope()):
        made = _keep(thing, by=here, person=person, wrong=said, right=clean_text(right, max_length=LONGEST).strip())
        _tell_registrar(made, by=here)
    return made


def accept_dispute(made: Dispute, *, by: Actor, note: str) -> CorrectionNote:
    """Write the correction that from now on is read beside the record. Raise AlreadyAnswered, or ValueError if empty."""
    text = _needed(note)
    _answer(made, by=by, accepted=True, reason="")
    correction = CorrectionNote(
        owner_id=made.owner_id,
        dispute=made,
        person=made.person,
        about_model=made.about_model,
        about_id=made.about_id,
        about_item=made.about_item,
        text=text,
        by_person=by.person,
        by_name=by.name,
    )
    correction.save(force_insert=True)
    _tell(made, by=by, what=_("En uppgift om dig har rättats."))
    return correction


def refuse_dispute(made: Dispute, *, by: Actor, reason: str) -> DisputeAnswer:
    """Say why the record stands as it is. Raise AlreadyAnswered, or ValueError without a reason."""
    answer = _answer(made, by=by, accepted=False, reason=_needed(reason))
    _tell(made, by=by, what=_("Du har fått svar på det du sade inte stämmer."))
    return answer


def _keep(thing: Thing, *, by: Actor, person: UUID, wrong: str, right: str) -> Dispute:
    item = create_item(
        by=by,
        kind=KIND,
        title=_("Begäran om rättelse"),
        level=Level.PARTIES,
        readers=[person, role_token(by.organisation, REGISTRAR)] if by.organisation else [person],
        searchable=False,
    )
    made = Dispute(
        item=item,
        owner_id=item.owner_id,
        person=person,
        about_model=thing.model,
        about_id=thing.id,
        about_item=thing.item,
        wrong=wrong,
        right=right,
    )
    made.save(force_insert=True)
    register(item, by=by, party=_("invånare"), confidentiality=2)
    follow(item, by=by, follower=person)
    return made


def _tell_registrar(made: Dispute, *, by: Actor) -> None:
    unit = unit_for_disputes(made.owner_id)
    if unit is None:
        return
    create_task(
        made.item,
        by=by,
        what=_("Någon säger att en uppgift inte stämmer"),
        verb=_("pröva"),
        url=reverse("answer_dispute", args=[made.item_id]),
        due=timezone.localdate() + timedelta(days=DAYS_TO_ANSWER),
        unit=unit,
    )


def _answer(made: Dispute, *, by: Actor, accepted: bool, reason: str) -> DisputeAnswer:
    require_staff(by, REGISTRAR)
    require_same_organisation(by, made.owner_id)
    # The item's row is what two registrars at once wait for.
    type(made.item).objects.select_for_update().get(id=made.item_id)
    if DisputeAnswer.objects.filter(dispute=made).exists():
        raise AlreadyAnswered(_("Någon annan har redan svarat. Läs svaret på sidan."))
    answer = DisputeAnswer(
        dispute=made, owner_id=made.owner_id, accepted=accepted, reason=reason, by_person=by.person, by_name=by.name
    )
    answer.save(force_insert=True)
    settle(made.item, by=by, relation=Task.TO_DO)
    summary = _("Rättat med en anteckning.") if accepted else _("Inte rättat.")
    change_item(made.item, by=by, verb="dispute.answered", summary=summary)
    return answer


def _tell(made: Dispute, *, by: Actor, what: str) -> None:
    tell_followers(made.item, by=by, what=what, url=reverse("my_data"))
    log("dispute.told", by=by, item=made.item_id)


def _needed(text: str) -> str:
    tidy = clean_text(text, max_length=LONGEST).strip()
    if not tidy:
        raise ValueError(_("Skriv något i rutan."))
    return tidy
