"""The verbs of objections: a resident objects to what was done for her; the organisation decides and says why."""

from datetime import timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from medskick.kernel.assistance.access import (
    NotPossible,
    may_decide,
    may_object,
    registrars_of,
    require_oneself,
    writing_at,
)
from medskick.kernel.assistance.models import Assistance, Objection, ObjectionDecision, ObjectionOutcome
from medskick.kernel.assistance.queries import Act
from medskick.kernel.log.actions import log
from medskick.kernel.notifications.actions import follow, tell_followers
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.organisations.models import Unit
from medskick.kernel.people.queries import unit_of_role
from medskick.kernel.people.roles import REGISTRAR
from medskick.kernel.records.actions import create_item, register
from medskick.kernel.records.models import Level
from medskick.kernel.tasks.actions import owe_answer, settle
from medskick.kernel.tasks.models import Task

KIND = "kernel.objection"


def object_to_help(assistance: Assistance, *, by: Actor, about: str, text: str) -> Objection:
    """The resident objects to help that she was given. about: what she read of it when she objected."""
    if not may_object(by, assistance):
        raise PermissionDenied(_("Bara den som fick hjälpen kan invända."))
    return _object(
        by=by, owner=assistance.owner_id, assistance=assistance, helper=assistance.helper, about=about, text=text
    )


def object_to_act(act: Act, *, by: Actor, about: str, text: str) -> Objection:
    """The resident objects to something that was done for her by a mandate, to the organisation where it was done."""
    return _object(by=by, owner=act.owner, act=act.id, helper=act.person, about=about, text=text)


def decide_objection(objection: Objection, *, by: Actor, outcome: str, reason: str) -> ObjectionDecision:
    """Say what the organisation thinks of an objection, and why; the resident is told. It is said once."""
    if not may_decide(by, objection):
        raise PermissionDenied(_("En registrator som själv inte var med svarar på invändningen."))
    if ObjectionDecision.objects.filter(objection=objection).exists():
        raise NotPossible(_("Invändningen är redan besvarad."))
    if not reason.strip():
        raise NotPossible(_("Skriv varför."))
    decision = ObjectionDecision(
        objection=objection,
        outcome=ObjectionOutcome(outcome),
        reason=reason,
        by_person=by.person,
        by_name=by.name,
    )
    decision.save(force_insert=True)
    settle(objection.item, by=by, relation=Task.OWED_ANSWER)
    log("objection.decided", by=by, item=objection.item_id, fields=[outcome])
    url = reverse("my_objection", args=[objection.item_id])
    tell_followers(objection.item, by=by, what=_("Din invändning är besvarad."), url=url)
    return decision


def _object(
    *,
    by: Actor,
    owner: UUID,
    about: str,
    text: str,
    assistance: Assistance | None = None,
    act: UUID | None = None,
    helper: UUID | None = None,
) -> Objection:
    resident = require_oneself(by)
    if not text.strip():
        raise NotPossible(_("Skriv vad som blev fel."))
    if Objection.objects.filter(made_by=resident, assistance=assistance, act=act).exists():
        raise NotPossible(_("Du har redan invänt mot det här. Svaret kommer under Hjälp du har fått."))
    unit = _unit(owner)
    with writing_at(by, owner) as actor:
        item = create_item(
            by=actor,
            kind=KIND,
            title=_("Invändning mot hjälp"),
            level=Level.PARTIES,
            readers=[resident, registrars_of(owner)],
            unit=unit.id,
            searchable=False,
        )
        objection = Objection(
            item=item,
            owner_id=owner,
            assistance=assistance,
            act=act,
            made_by=resident,
            helper=helper,
            about=about,
            text=text,
            due=timezone.localdate() + timedelta(days=unit.answer_days),
        )
        objection.save(force_insert=True)
        register(item, by=actor, party=_("invånare"), retention=_("bevaras"))
        url = reverse("objection", args=[item.id])
        owe_answer(item, by=actor, unit=unit, what=_("Svara på en invändning mot hjälp"), url=url)
        follow(item, by=actor)
    return objection


def _unit(owner: UUID) -> Unit:
    """The registrar's unit, where it waits on Min dag; else whichever unit the organisation has."""
    units = Unit.objects.filter(organisation_id=owner)
    unit = units.filter(id=unit_of_role(owner, REGISTRAR)).first() or units.order_by("name").first()
    if unit is None:
        raise NotPossible(_("Kommunen har ingen enhet som kan svara här. Ring växeln."))
    return unit
