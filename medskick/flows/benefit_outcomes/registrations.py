from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medskick.kernel.organisations.actor import Actor
from medskick.kernel.people.roles import ANALYST, PROCESS_LEADER
from medskick.kernel.records.models import Item
from medskick.kernel.records.offers import Offer, register_offer
from medskick.measure import api as measure
from medskick.plan import api as plan

MAY_FEED = (PROCESS_LEADER, ANALYST)


def may_feed(actor: Actor, item: Item) -> bool:
    return actor.has(*MAY_FEED)


plan.offer_indicators(measure.indicators_to_choose)
register_offer(
    Offer(
        "measure.indicator",
        "feed_outcomes",
        _("För in i nyttan"),
        lambda item: reverse("feed_outcomes", args=[item.id]),
        may_feed,
        order=10,
    )
)
