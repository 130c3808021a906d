"""What a network's space shows to its seats."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import F, QuerySet

from medskick.kernel.documents.models import Document
from medskick.kernel.notifications.models import Subscription
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.organisations.models import Network
from medskick.kernel.organisations.places import with_region
from medskick.kernel.records.models import Item, Share
from medskick.kernel.search.queries import search
from medskick.kernel.sharing.queries import latest_versions
from medskick.kernel.spaces.models import ANSWER_KIND, QUESTION_KIND, SpaceAnswer, SpaceQuestion, SpaceQuestionQuerySet

MOST_FOUND, MOST_SHOWN = 200, 50


def networks_for(by: Actor) -> QuerySet[Network]:
    """All networks of the region and of the organisation: that they exist is public."""
    holders = with_region(by.organisation) if by.organisation else []
    found = Network.objects.filter(holder_id__in=holders) | Network.objects.filter(id__in=by.networks)
    return found.filter(proposed=False).distinct().select_related("holder").order_by("name")


def questions(network: Network, *, text: str = "", tag: str = "") -> SpaceQuestionQuerySet:
    """The network's questions, or those that match a text, in the question or in an answer."""
    asked = SpaceQuestion.objects.within(network)
    if text:
        found = search(text, owner=network.holder_id, kinds=[QUESTION_KIND, ANSWER_KIND], size=MOST_FOUND)
        ids = [item.id for item in found.items]
        answered = SpaceAnswer.objects.filter(item_id__in=ids).values("question_id")
        asked = asked.filter(item_id__in=ids) | asked.filter(item_id__in=answered)
    if tag:
        asked = asked.tagged(tag)
    return asked.for_list()


def tags_of(network: Network) -> list[str]:
    """All tags in use, in order."""
    used = SpaceQuestion.objects.within(network).exclude(tags=[]).values_list("tags", flat=True)[:500]
    return sorted({tag for tags in used for tag in tags})


def network_documents(network: Network) -> list[tuple[Document, str]]:
    """The network's documents with the number of the latest fixed version, what is to be reviewed soonest first."""
    found = Document.objects.filter(network=network).select_related("item")
    documents = list(found.order_by(F("review_by").asc(nulls_last=True), "item__title_key")[:MOST_SHOWN])
    versions = latest_versions(one.item_id for one in documents)
    return [(one, versions[one.item_id].number if one.item_id in versions else "") for one in documents]


def shared_with_network(network: Network, at: datetime, *, but: Iterable[UUID] = ()) -> list[Item]:
    """What is shared with the network now, newest first."""
    shares = Share.objects.standing(at).filter(with_token=network.id).values("item_id")
    return list(Item.objects.filter(id__in=shares).exclude(id__in=list(but)).newest_first()[:MOST_SHOWN])


def follows_space(by: Actor, network: Network) -> bool:
    return Subscription.objects.filter(item__space__network=network, follower=by.person).exists()
