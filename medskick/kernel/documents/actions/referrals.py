"""Remiss (kernel.md M): a version sent to other authorities, registered at both ends, whatever the version's number.

The two are authorities of their own with diaries of their own. What is written at the other one is written there by the
system, in that organisation's scope and in the same transaction; the log there says which person caused it.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from medskick.kernel.documents.access import ANSWERERS, FIXERS
from medskick.kernel.documents.actions.drafting import require_may_leave
from medskick.kernel.documents.actions.fixing import keepers, sees_to
from medskick.kernel.documents.actions.versions import ask, item_of_draft, note_event
from medskick.kernel.documents.models import (
    ANSWER_KIND,
    INCOMING_ANSWER_KIND,
    INCOMING_KIND,
    REFERRAL_KIND,
    DocumentVersion,
    IncomingReferral,
    Referral,
    ReferralAnswer,
    ReferralStep,
    VersionEvent,
)
from medskick.kernel.documents.queries import class_of_version
from medskick.kernel.log.actions import log
from medskick.kernel.notifications.models import Notification
from medskick.kernel.organisations.actor import Actor, require_same_organisation, require_staff, system
from medskick.kernel.organisations.places import Place, place_of
from medskick.kernel.organisations.scope import scope
from medskick.kernel.records.actions import create_item, link, register, share
from medskick.kernel.records.models import Item, Level, Relation
from medskick.kernel.tasks.actions import settle
from medskick.kernel.tasks.models import Task
from medskick.lib.text import join_and

Step = ReferralStep.What


@contextmanager
def at(organisation: UUID, *, caused_by: Actor) -> Iterator[Actor]:
    """Write at another organisation as the system; its log says which person caused it."""
    there = replace(
        system(organisation, channel=caused_by.channel), person=caused_by.person, name=caused_by.name or "Medskick"
    )
    with scope(there.scope()):
        yield there


def circulate(
    version: DocumentVersion,
    *,
    by: Actor,
    receivers: Iterable[UUID],
    answer_by: date,
    message: str = "",
    questions: Sequence[str] = (),
) -> Referral:
    """Send a version on remiss: registered here, and come in and registered at every receiver, with a task there.

    Raise ValueError for what is missing, PermissionDenied where the class keeps the version inside the organisation.
    """
    require_staff(by, *FIXERS)
    require_same_organisation(by, version.owner_id)
    places = _receivers(receivers, version.owner_id)
    if answer_by <= timezone.localdate():
        raise ValueError(_("Svarsdagen behöver ligga framåt i tiden."))
    require_may_leave(version)
    item = item_of_draft(version, by=by)
    # What is registered is told of in the document's trace; a working paper that is shared by choice is not.
    link(by=by, from_item=version.document.item, to_item=item, relation=Relation.GAVE_RISE_TO, tell=False)
    others = [place.id for place in places]
    for other in others:
        if item.level != Level.PUBLIC and other not in item.readers:
            share(item, by=by, with_token=other)
    referral = _send(version, item, by=by, places=places, answer_by=answer_by, message=message, questions=questions)
    for place in places:
        _receive(referral, version, place, by=by)
    names = join_and([place.short_name for place in places])
    note_event(version, by=by, what=VersionEvent.What.CIRCULATED, note=_("till %(names)s") % {"names": names})
    log("referral.sent", by=by, item=referral.item_id, references=[version.id, *others])
    return referral


def ask_more_time(incoming: IncomingReferral, *, by: Actor, day: date, reason: str) -> ReferralStep:
    """Ask the sender for a later day; the sender gets a task to say yes or no."""
    _require_may_answer(incoming, by)
    if day <= due_day(incoming):
        raise ValueError(_("Välj en dag efter den som gäller nu."))
    if not reason.strip():
        raise ValueError(_("Skriv varför ni behöver mer tid."))
    step = _step(incoming, by=by, what=Step.MORE_TIME_ASKED, day=day, reason=reason)
    sender = incoming.referral.item
    with at(sender.owner_id, caused_by=by) as there:
        ask(
            sender,
            sees_to(incoming.referral.by_person, sender.owner_id, there),
            by=there,
            what=_("%(name)s ber om mer tid för remissen.") % {"name": _name(incoming.owner_id)},
            verb=_("ta ställning"),
            url=referral_url(incoming.referral),
            due=due_day(incoming),
        )
    return step


def give_more_time(incoming: IncomingReferral, *, by: Actor, day: date) -> ReferralStep:
    """Give a receiver until another day; what it has to do moves with it."""
    _require_sender(incoming, by)
    if day <= timezone.localdate():
        raise ValueError(_("Svarsdagen behöver ligga framåt i tiden."))
    step = _step(incoming, by=by, what=Step.MORE_TIME_GIVEN, day=day)
    with at(incoming.owner_id, caused_by=by):
        Task.objects.open().filter(item_id=incoming.item_id).update(due=day)
    _settle_asked(incoming, by=by)
    _tell_receiver(incoming, by=by, what=_("Ni har fått mer tid för remissen."))
    return step


def refuse_more_time(incoming: IncomingReferral, *, by: Actor, reason: str) -> ReferralStep:
    """Say no to more time, and why; the day stands."""
    _require_sender(incoming, by)
    if not reason.strip():
        raise ValueError(_("Skriv varför."))
    step = _step(incoming, by=by, what=Step.MORE_TIME_REFUSED, reason=reason)
    _settle_asked(incoming, by=by)
    _tell_receiver(incoming, by=by, what=_("Svarsdagen för remissen står kvar."))
    return step


def remind(incoming: IncomingReferral, *, by: Actor) -> ReferralStep:
    """Remind a receiver that has not answered."""
    _require_sender(incoming, by)
    step = _step(incoming, by=by, what=Step.REMINDED)
    _tell_receiver(incoming, by=by, what=_("%(name)s påminner om remissen.") % {"name": _name(step.owner_id)})
    return step


def decline_referral(incoming: IncomingReferral, *, by: Actor, reason: str) -> ReferralStep:
    """Say that the organisation does not answer, and why: that is a result too."""
    _require_may_answer(incoming, by)
    if not reason.strip():
        raise ValueError(_("Skriv varför ni avstår från att svara."))
    step = _step(incoming, by=by, what=Step.DECLINED, reason=reason)
    settle(incoming.item, by=by, relation=Task.TO_DO)
    _tell_sender(incoming, by=by, what=_("%(name)s avstår från att svara på remissen."))
    return step


def answer_referral(
    incoming: IncomingReferral, *, by: Actor, stance: str, text: str, answers: Sequence[str] = ()
) -> ReferralAnswer:
    """Answer: registered here as sent, and at the sender as come in."""
    _require_may_answer(incoming, by)
    referral = incoming.referral
    sender = referral.item.owner_id
    title = _("Svar på remiss: %(title)s") % {"title": referral.item.title}
    item = create_item(
        by=by,
        kind=ANSWER_KIND,
        title=title,
        level=Level.SHARED,
        readers=[sender],
        search_text="\n".join([text, *answers]),
    )
    answer = ReferralAnswer(
        item=item, incoming=incoming, stance=stance, text=text, answers=list(answers), by_name=by.name
    )
    answer.save(force_insert=True)
    register(item, by=by, party=_name(sender))
    link(by=by, from_item=incoming.item, to_item=item, relation=Relation.GAVE_RISE_TO, tell=False)
    _step(incoming, by=by, what=Step.ANSWERED)
    settle(incoming.item, by=by, relation=Task.TO_DO)
    _arrive(incoming, item, by=by)
    _tell_sender(incoming, by=by, what=_("%(name)s har svarat på remissen."))
    return answer


def due_day(incoming: IncomingReferral) -> date:
    """The day that applies to this receiver: the latest that was given, else the remiss's own."""
    given = [step for step in incoming.steps.all() if step.what == Step.MORE_TIME_GIVEN and step.day]
    latest = max(given, key=lambda step: step.at, default=None)
    day: date = latest.day if latest else incoming.referral.answer_by
    return day


def is_settled(incoming: IncomingReferral) -> bool:
    """Answered, or declined."""
    return any(step.what in (Step.ANSWERED, Step.DECLINED) for step in incoming.steps.all())


def referral_url(referral: Referral) -> str:
    return reverse("referral", args=[referral.item_id])


def incoming_url(incoming: IncomingReferral) -> str:
    return reverse("incoming_referral", args=[incoming.item_id])


def _receivers(receivers: Iterable[UUID], sender: UUID) -> list[Place]:
    wanted = dict.fromkeys(receivers)
    places = [place for one in wanted if one != sender and (place := place_of(one)) is not None]
    if not places or len(places) != len(wanted):
        raise ValueError(_("Välj minst en annan organisation att skicka till."))
    return places


def _send(
    version: DocumentVersion,
    item: Item,
    *,
    by: Actor,
    places: Sequence[Place],
    answer_by: date,
    message: str,
    questions: Sequence[str],
) -> Referral:
    title = _("Remiss: %(title)s, version %(number)s") % {"title": version.title, "number": version.number}
    sent = create_item(
        by=by, kind=REFERRAL_KIND, title=title, level=Level.SHARED, readers=[place.id for place in places]
    )
    referral = Referral(
        item=sent,
        version=version,
        answer_by=answer_by,
        message=message,
        questions=[one.strip() for one in questions if one.strip()],
        by_person=by.person,
        by_name=by.name,
    )
    referral.save(force_insert=True)
    party = join_and([place.short_name for place in places])
    register(
        sent, by=by, party=party[:200], public_title=_open_title(sent, version), **class_of_version(version)._asdict()
    )
    link(by=by, from_item=item, to_item=sent, relation=Relation.GAVE_RISE_TO, tell=False)
    return referral


def _open_title(item: Item, version: DocumentVersion) -> str:
    """What a remiss is called in the open diary: by name where everybody may read the version."""
    return item.title if version.item is not None and version.item.level == Level.PUBLIC else ""


def _receive(referral: Referral, version: DocumentVersion, place: Place, *, by: Actor) -> None:
    """At the receiver: an incoming record of its own, with number and task."""
    sender = referral.item.owner_id
    with at(place.id, caused_by=by) as there:
        item = create_item(
            by=there, kind=INCOMING_KIND, title=referral.item.title, level=Level.SHARED, readers=[sender]
        )
        incoming = IncomingReferral(item=item, owner_id=place.id, referral=referral)
        incoming.save(force_insert=True)
        register(item, by=there, party=_name(sender), public_title=_open_title(item, version))
        link(by=there, from_item=referral.item, to_item=item, relation=Relation.GAVE_RISE_TO, tell=False)
        what = _("Remiss från %(name)s: ta ställning och svara.") % {"name": _name(sender)}
        ask(
            item,
            keepers(place.id, replace(there, person=None)),
            by=there,
            what=what,
            verb=_("svara"),
            url=incoming_url(incoming),
            due=referral.answer_by,
            else_at=place.id,
        )


def _step(
    incoming: IncomingReferral, *, by: Actor, what: ReferralStep.What, day: date | None = None, reason: str = ""
) -> ReferralStep:
    step = ReferralStep(
        owner_id=by.organisation,
        incoming=incoming,
        what=what,
        day=day,
        reason=reason[:500],
        by_person=by.person,
        by_name=by.name,
    )
    step.save(force_insert=True)
    log(f"referral.{what.value}", by=by, item=incoming.item_id)
    return step


def _arrive(incoming: IncomingReferral, answer: Item, *, by: Actor) -> None:
    """At the sender: the answer as an incoming record of its own."""
    sender = incoming.referral.item.owner_id
    with at(sender, caused_by=by) as there:
        arrived = create_item(
            by=there, kind=INCOMING_ANSWER_KIND, title=answer.title, readers=[incoming.owner_id], searchable=False
        )
        register(arrived, by=there, party=_name(incoming.owner_id))
        link(by=there, from_item=answer, to_item=arrived, relation=Relation.GAVE_RISE_TO, tell=False)
        came = ReferralStep(
            owner_id=sender,
            incoming=incoming,
            what=Step.ANSWER_CAME,
            arrived=arrived,
            by_person=by.person,
            by_name=_("systemet"),
        )
        came.save(force_insert=True)


def _require_may_answer(incoming: IncomingReferral, by: Actor) -> None:
    require_staff(by, *ANSWERERS)
    require_same_organisation(by, incoming.owner_id)
    # Two who answer at once do it one after the other.
    IncomingReferral.objects.select_for_update(of=("self",)).get(pk=incoming.pk)
    if ReferralStep.objects.filter(incoming=incoming, what__in=(Step.ANSWERED, Step.DECLINED)).exists():
        raise ValueError(_("Ni har redan svarat på remissen, eller avstått."))


def _require_sender(incoming: IncomingReferral, by: Actor) -> None:
    require_staff(by)
    if incoming.referral.item.owner_id != by.organisation:
        raise PermissionDenied(_("Remissen skickades av en annan organisation."))
    if is_settled(incoming):
        raise ValueError(_("De har redan svarat, eller avstått."))


def _settle_asked(incoming: IncomingReferral, *, by: Actor) -> None:
    """The task about more time is done when nobody else waits for the same answer."""
    referral = incoming.referral
    asked = referral.receivers.filter(steps__what=Step.MORE_TIME_ASKED).exclude(pk=incoming.pk)
    waiting = [one for one in asked.prefetch_related("steps") if waits_for_more_time(one)]
    if not waiting:
        settle(referral.item, by=by, relation=Task.TO_DO, url=referral_url(referral))


def waits_for_more_time(incoming: IncomingReferral) -> ReferralStep | None:
    """The receiver's request for more time that the sender has not decided yet."""
    about = [step for step in incoming.steps.all() if step.what.startswith("more_time")]
    latest = max(about, key=lambda step: (step.at, step.pk), default=None)
    return latest if latest is not None and latest.what == Step.MORE_TIME_ASKED else None


def _tell_receiver(incoming: IncomingReferral, *, by: Actor, what: str) -> None:
    with at(incoming.owner_id, caused_by=by) as there:
        _tell(incoming.item, keepers(incoming.owner_id, replace(there, person=None)), what, incoming_url(incoming))


def _tell_sender(incoming: IncomingReferral, *, by: Actor, what: str) -> None:
    sent = incoming.referral.item
    with at(sent.owner_id, caused_by=by):
        followers = [incoming.referral.by_person] if incoming.referral.by_person else []
        _tell(sent, followers, what % {"name": _name(incoming.owner_id)}, referral_url(incoming.referral))


def _tell(item: Item, persons: Iterable[UUID | None], what: str, url: str) -> None:
    Notification.objects.bulk_create(
        Notification(owner_id=item.owner_id, follower=person, item=item, what=what[:300], url=url)
        for person in persons
        if person is not None
    )


def _name(organisation: UUID) -> str:
    place = place_of(organisation)
    return place.name if place else ""
