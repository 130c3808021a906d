"""The registrar's pages: what residents have objected to, and the organisation's decision."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from medskick.design.paging import page_of
from medskick.design.parts import Row
from medskick.kernel.assistance import queries
from medskick.kernel.assistance.access import NotPossible, may_decide
from medskick.kernel.assistance.actions.objecting import KIND, decide_objection
from medskick.kernel.assistance.forms import ObjectionDecisionForm
from medskick.kernel.assistance.models import Objection
from medskick.kernel.assistance.presenting import crumbs
from medskick.kernel.log.actions import log_read
from medskick.kernel.people.audience import audience, staff_with
from medskick.kernel.people.roles import REGISTRAR
from medskick.lib.dates import say_date


@audience(staff_with(REGISTRAR))
def objections(request: HttpRequest) -> HttpResponse:
    page = page_of(queries.objections_at(request.actor.organisation), request.GET.get("sida"))
    today = timezone.localdate()
    context = {"page": page, "rows": [_row(one, late=one.due < today) for one in page]}
    return render(request, "kernel/assistance/objections.html", context)


def _row(one: Objection, *, late: bool) -> Row:
    decided = getattr(one, "decision", None)
    status, tone = (_("Besvarad"), "done") if decided else (_("Försenad"), "stop") if late else (_("Väntar"), "wait")
    record = getattr(one.item, "record", None)
    due = "" if decided else _("svara senast %(day)s") % {"day": say_date(one.due)}
    number = record.diary_number if record else one.item.number
    return Row(
        title=_("Invändning %(number)s") % {"number": number},
        url=reverse("objection", args=[one.item_id]),
        meta=[said for said in (say_date(timezone.localdate(one.at)), due) if said],
        status=status,
        tone=tone,
    )


@audience(staff_with(REGISTRAR))
@require_http_methods(["GET", "POST"])
def objection(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Read an objection, and decide."""
    found = get_object_or_404(
        Objection.objects.select_related("item", "item__record", "decision"),
        item_id=item_id,
        owner_id=request.actor.organisation,
    )
    log_read(request.actor, KIND, [found.item_id])
    form = ObjectionDecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            decide_objection(found, by=request.actor, **_said(form))
            messages.success(request, _("Svaret är skickat."))
            return HttpResponseRedirect(reverse("objections"))
        except NotPossible as fault:
            form.add_error(None, str(fault))
    context = {
        "objection": found,
        "form": form,
        "may_decide": may_decide(request.actor, found),
        "crumbs": crumbs("objections", _("Invändningar"), _("Invändning")),
    }
    return render(request, "kernel/assistance/objection.html", context, status=422 if form.is_bound else 200)


def _said(form: ObjectionDecisionForm) -> dict[str, str]:
    return {"outcome": form.cleaned_data["outcome"], "reason": form.cleaned_data["reason"]}
