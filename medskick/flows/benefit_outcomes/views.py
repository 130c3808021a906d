from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from medskick.flows.benefit_outcomes.actions import feed_outcomes, newest_value
from medskick.flows.benefit_outcomes.registrations import MAY_FEED
from medskick.kernel.people.audience import audience, staff_with
from medskick.kernel.records.kinds import item_url
from medskick.measure import api as measure
from medskick.plan import api as plan


@audience(staff_with(*MAY_FEED))
@require_http_methods(["GET", "POST"])
def feed(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """See which promised benefits an indicator measures, and bring its newest value to them."""
    indicator = measure.get_indicator(item_id)
    if indicator is None:
        raise Http404
    if request.method == "POST":
        count = len(feed_outcomes(by=request.actor, indicator=indicator).outcomes)
        none = _("Inget nytt värde att föra in.")
        some = ngettext("%(count)s nytta har fått ett nytt utfall.", "%(count)s nyttor har fått nya utfall.", count)
        messages.success(request, some % {"count": count} if count else none)
        return HttpResponseRedirect(item_url(indicator.item, staff=True))
    mine = [
        one
        for one in plan.benefits_with_indicator(owner=request.actor.organisation)
        if one.indicator_number == indicator.key
    ]
    context = {
        "title": _("För in i nyttan"),
        "indicator": indicator,
        "newest": newest_value(indicator, about=request.actor.organisation),
        "benefits": mine,
        "rows": [{"title": one.sentence, "url": item_url(one.item, staff=True)} for one in mine],
    }
    return render(request, "flows/feed_outcomes.html", context)
