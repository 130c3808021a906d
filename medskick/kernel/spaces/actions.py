"""The verbs of a network's space. A member of another organisation writes through the holder of the network, in the
holder's scope and for the member: the row is the holder's, and the logs of both tell who it was."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from medskick.kernel.log.actions import log
from medskick.kernel.notifications.actions import follow, tell_followers
from medskick.kernel.notifications.models import Subscription
from medskick.kernel.organisations.actor import Actor, require_staff, system
from medskick.kernel.organisations.models import Network
from medskick.kernel.organisations.scope import scope
from medskick.kernel.people.models import NetworkSeat
from medskick.kernel.records.actions import create_item
from medskick.kernel.records.models import Item, Level
from medskick.kernel.spaces.access import may_accept, require_seat
from medskick.kernel.spaces.models import (
    ANSWER_KIND,
    QUESTION_KIND,
    SPACE_KIND,
    Space,
    SpaceAcceptance,
    SpaceAnswer,
    SpaceQuestion,
)
from medskick.lib.text import shorten

MOST_TAGS, LONGEST_TAG = 8, 40


def ask_question(
    network: Network,
    *,
    by: Actor,
    title: str,
    text: str = "",
    tags: Iterable[str] = (),
    submission_key: UUID | None = None,
) -> SpaceQuestion:
    """Ask the network. The asker follows her question; whoever follows the network is told that there is a new one.

    submission_key: the same form sent twice is one question.
    """
    require_staff(by)
    require_seat(by, network)
    kept = tidy_tags(tags)
    sent = SpaceQuestion.objects.filter(submission_key=submission_key, network=network).first()
    if submission_key is not None and sent is not None:
        return sent
    with _for_the_holder(network, by) as holder:
        item = _item(holder, network, QUESTION_KIND, title, summary=text, words=f"{text} {' '.join(kept)}")
        question = SpaceQuestion(
            item=item,
            network=network,
            organisation_id=by.organisation,
            text=text,
            tags=kept,
            by_person=by.person,
            by_name=by.name,
            submission_key=submission_key,
        )
        question.save(force_insert=True)
        follow(item, by=holder, follower=by.person)
        what = _("En ny fråga i %(network)s.") % {"network": network.name}
        tell_followers(_space(network, holder).item, by=holder, what=what, url=question_url(question))
    log("space.asked", by=by, references=[question.item_id])
    return question


def answer_question(
    question: SpaceQuestion, *, by: Actor, text: str, submission_key: UUID | None = None
) -> SpaceAnswer:
    """Answer a question of a network where one has a seat. Those who follow the question are told."""
    require_staff(by)
    network = question.network
    require_seat(by, network)
    sent = SpaceAnswer.objects.filter(submission_key=submission_key, question=question).first()
    if submission_key is not None and sent is not None:
        return sent
    with _for_the_holder(network, by) as holder:
        title = _("Svar på: %(question)s") % {"question": question.item.title}
        answer = SpaceAnswer(
            item=_item(holder, network, ANSWER_KIND, title, summary=text, words=text),
            question=question,
            organisation_id=by.organisation,
            text=text,
            by_person=by.person,
            by_name=by.name,
            submission_key=submission_key,
        )
        answer.save(force_insert=True)
        what = _("En fråga som du följer i %(network)s har fått ett svar.") % {"network": network.name}
        tell_followers(question.item, by=holder, what=what, url=question_url(question))
        follow(question.item, by=holder, follower=by.person)
    log("space.answered", by=by, references=[answer.item_id])
    return answer


def accept_answer(answer: SpaceAnswer, *, by: Actor) -> SpaceAcceptance:
    """Say that an answer helped: the asker herself, or a colleague of hers. An earlier choice ends."""
    require_staff(by)
    question = answer.question
    require_seat(by, question.network)
    if not may_accept(by, question):
        raise PermissionDenied(_("Den som ställde frågan väljer vilket svar som hjälpte."))
    with _for_the_holder(question.network, by) as holder:
        Item.objects.select_for_update().get(id=question.item_id)
        standing = SpaceAcceptance.objects.filter(item_id=question.item_id, ended_at__isnull=True).first()
        if standing is not None and standing.answer_id == answer.item_id:
            return standing
        if standing is not None:
            standing.ended_at = timezone.now()
            standing.save(update_fields=["ended_at"])
        made = SpaceAcceptance(item=question.item, answer=answer, by_person=by.person, by_name=by.name)
        made.save(force_insert=True)
        log("space.answer_accepted", by=holder, item=question.item_id, references=[answer.item_id])
    return made


def follow_space(network: Network, *, by: Actor) -> None:
    """Be told when somebody asks something in the network."""
    require_staff(by)
    require_seat(by, network)
    with _for_the_holder(network, by) as holder:
        follow(_space(network, holder).item, by=holder, follower=by.person)


def unfollow_space(network: Network, *, by: Actor) -> None:
    Subscription.objects.filter(item__space__network=network, follower=by.person).delete()


def leave_network(network: Network, *, by: Actor) -> None:
    """Give up one's own seat: from the next request on nothing of the network is read."""
    require_staff(by)
    require_seat(by, network)
    within = Subscription.objects.filter(follower=by.person)
    within.filter(item__space__network=network).delete()
    within.filter(item__space_question__network=network).delete()
    NetworkSeat.objects.filter(employment_id=by.employment, network=network).delete()
    log("network.left", by=by, references=[network.id])


def tidy_tags(tags: Iterable[str]) -> list[str]:
    """Tags as they are kept: small letters, no #, once each, at most eight."""
    words = (" ".join(one.replace("#", " ").split()).casefold()[:LONGEST_TAG].strip() for one in tags)
    return list(dict.fromkeys(one for one in words if one))[:MOST_TAGS]


def question_url(question: SpaceQuestion) -> str:
    return reverse("space_question", args=[question.item_id])


@contextmanager
def _for_the_holder(network: Network, by: Actor) -> Iterator[Actor]:
    """Work in the holder's scope for a member: with the member's name in the log, and this network's reading alone."""
    holder = replace(
        system(network.holder_id, channel=by.channel),
        person=by.person,
        name=by.name,
        networks=frozenset({network.id}),
    )
    with scope(holder.scope()):
        yield holder


def _item(holder: Actor, network: Network, kind: str, title: str, *, summary: str = "", words: str = "") -> Item:
    """An item that the seats of the network read, and nobody else, not even the holder's own staff without a seat."""
    return create_item(
        by=holder,
        kind=kind,
        title=title,
        summary=shorten(summary, 300) if summary else "",
        level=Level.PARTIES,
        readers=[network.id],
        search_text=words,
    )


def _space(network: Network, holder: Actor) -> Space:
    """The network's space, made when it is first needed. Two who need it at once wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext(%s))", [f"space {network.id}"])
    space = Space.objects.select_related("item").filter(network=network).first()
    if space is None:
        space = Space(item=_item(holder, network, SPACE_KIND, network.name), network=network)
        space.save(force_insert=True)
    return space
