"""Networks and their spaces. That a network exists is public; what is in its space is read by its seats."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from medskick.design.paging import page_of
from medskick.design.parts import Row
from medskick.kernel.documents.models import Document
from medskick.kernel.organisations.models import Network
from medskick.kernel.people.audience import STAFF, audience
from medskick.kernel.records.kinds import item_url, kind_of
from medskick.kernel.records.models import Item
from medskick.kernel.sharing.presenting import short_name
from medskick.kernel.spaces import actions, queries
from medskick.kernel.spaces.access import has_seat, may_accept, require_seat
from medskick.kernel.spaces.forms import AnswerForm, QuestionForm, SpaceFilter
from medskick.kernel.spaces.models import SpaceAcceptance, SpaceAnswer, SpaceQuestion
from medskick.lib.dates import say_date


@audience(STAFF)
@require_safe
def networks(request: HttpRequest) -> HttpResponse:
    """The networks, those where the reader has a seat first."""
    actor = request.actor
    found = list(queries.networks_for(actor))
    rows = [
        Row(
            title=one.name,
            url=reverse("network_space", args=[one.id]),
            meta=[one.sector, _("hålls av %(holder)s") % {"holder": one.holder.short_name}],
            status=_("du är med") if has_seat(actor, one) else "",
            tone="done",
        )
        for one in sorted(found, key=lambda one: not has_seat(actor, one))
    ]
    return render(request, "kernel/spaces/networks.html", {"title": _("Nätverk"), "rows": rows})


@audience(STAFF)
@require_safe
def network_space(request: HttpRequest, network_id: UUID) -> HttpResponse:
    """A network's space for its seats; for others only that it exists, and who is in it."""
    network = _network(network_id)
    members = [
        one.organisation
        for one in network.memberships.select_related("organisation").order_by("organisation__name_key")
    ]
    context = {
        "title": network.name,
        "crumbs": [(_("Nätverk"), reverse("networks")), (network.name, "")],
        "network": network,
        "members": members,
    }
    if not has_seat(request.actor, network):
        return render(request, "kernel/spaces/outside.html", context)
    return render(request, "kernel/spaces/space.html", {**context, **_inside(request, network)})


def _inside(request: HttpRequest, network: Network) -> dict[str, Any]:
    form = SpaceFilter(request.GET or None, tags=queries.tags_of(network))
    given = form.cleaned_data if form.is_valid() else {}
    page = page_of(
        queries.questions(network, text=given.get("q", ""), tag=given.get("tag", "")), request.GET.get("sida")
    )
    documents = queries.network_documents(network)
    shared = queries.shared_with_network(network, timezone.now(), but=[one.item_id for one, _number in documents])
    return {
        "form": form,
        "page": page,
        "questions": [_question_row(one) for one in page],
        "filtered": bool(given.get("q") or given.get("tag")),
        "documents": [_document_row(one, number, timezone.localdate()) for one, number in documents],
        "shared": [_shared_row(one) for one in shared],
        "follows": queries.follows_space(request.actor, network),
    }


def _question_row(one: Any) -> Row:
    many = ngettext("%(many)s svar", "%(many)s svar", one.many_answers) % {"many": one.many_answers}
    return Row(
        title=one.item.title,
        url=reverse("space_question", args=[one.item_id]),
        meta=[
            f"{one.by_name}, {one.organisation.short_name}",
            say_date(one.item.occurred_at, weekday=False, year=True),
            many,
            *one.tags,
        ],
        status=_("har ett svar som hjälpte") if one.solved else "" if one.many_answers else _("väntar på svar"),
        tone="done" if one.solved else "wait",
    )


def _document_row(one: Document, number: str, today: date) -> Row:
    late, soon = (
        bool(one.review_by and one.review_by < today),
        bool(one.review_by and (one.review_by - today).days <= 60),
    )
    meta = [short_name(one.item.owner_id), _("version %(number)s") % {"number": number} if number else _("utkast")]
    if one.review_by:
        meta.append(_("ses över senast %(day)s") % {"day": say_date(one.review_by, weekday=False, year=True)})
    return Row(
        title=one.item.title,
        url=reverse("shared_document", args=[one.item_id]),
        meta=meta,
        status=_("skulle ha setts över") if late else _("ska ses över") if soon else "",
        tone="stop" if late else "wait",
    )


def _shared_row(one: Item) -> Row:
    url = reverse("shared_document", args=[one.id]) if one.kind == "kernel.document" else item_url(one, staff=True)
    return Row(title=one.title, url=url, meta=[str(kind_of(one.kind).label), short_name(one.owner_id)])


@audience(STAFF)
@require_http_methods(["GET", "POST"])
def new_space_question(request: HttpRequest, network_id: UUID) -> HttpResponse:
    """Ask the network something."""
    network = _network(network_id)
    require_seat(request.actor, network)
    form = QuestionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        asked = actions.ask_question(
            network,
            by=request.actor,
            title=given["title"],
            text=given["text"],
            tags=given["tags"],
            submission_key=UUID(form.submission_key),
        )
        messages.success(request, _("Frågan är ställd. Du får veta när någon svarar."))
        return redirect("space_question", asked.item_id)
    context = {
        "title": _("Ställ en fråga"),
        "network": network,
        "form": form,
        "crumbs": [(network.name, reverse("network_space", args=[network.id])), (_("Ny fråga"), "")],
    }
    return render(request, "kernel/spaces/new_question.html", context, status=422 if form.is_bound else 200)


@audience(STAFF)
@require_http_methods(["GET", "POST"])
def space_question(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """A question with its answers, the one that helped first."""
    asked = get_object_or_404(SpaceQuestion.objects.select_related("item", "network", "organisation"), item_id=item_id)
    require_seat(request.actor, asked.network)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        key = UUID(form.submission_key)
        actions.answer_question(asked, by=request.actor, text=form.cleaned_data["text"], submission_key=key)
        messages.success(request, _("Svaret är skickat."))
        return redirect("space_question", asked.item_id)
    accepted = SpaceAcceptance.objects.filter(item_id=asked.item_id, ended_at__isnull=True).first()
    helped = accepted.answer_id if accepted else None
    answers = list(asked.answers.select_related("item", "organisation").order_by("item__occurred_at", "item_id"))
    context = {
        "title": asked.item.title,
        "asked": asked,
        "answers": sorted(answers, key=lambda one: one.item_id != helped),
        "helped": helped,
        "may_accept": may_accept(request.actor, asked),
        "form": form,
        "crumbs": [(asked.network.name, reverse("network_space", args=[asked.network_id])), (_("Frågan"), "")],
    }
    return render(request, "kernel/spaces/question.html", context, status=422 if form.is_bound else 200)


@audience(STAFF)
@require_safe
def space_answer(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """From an answer's item, as search and trace know it, to the question that it stands under."""
    answer = get_object_or_404(SpaceAnswer, item_id=item_id)
    return redirect("space_question", answer.question_id)


@audience(STAFF)
@require_safe
def space_of_item(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """From the space's item to its page."""
    return redirect("network_space", get_object_or_404(Network, space__item_id=item_id).id)


@audience(STAFF)
@require_POST
def answer_acceptance(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Say that an answer helped."""
    answer = get_object_or_404(
        SpaceAnswer.objects.select_related("question__item", "question__network"), item_id=item_id
    )
    actions.accept_answer(answer, by=request.actor)
    messages.success(request, _("Tack. Svaret står nu först."))
    return redirect("space_question", answer.question_id)


@audience(STAFF)
@require_POST
def space_following(request: HttpRequest, network_id: UUID) -> HttpResponse:
    """Follow a network's questions, or stop."""
    network = _network(network_id)
    if request.POST.get("follow") == "0":
        actions.unfollow_space(network, by=request.actor)
    else:
        actions.follow_space(network, by=request.actor)
    return redirect("network_space", network.id)


@audience(STAFF)
@require_http_methods(["GET", "POST"])
def network_leaving(request: HttpRequest, network_id: UUID) -> HttpResponse:
    """Give up one's own seat; asked once more, since it cannot be taken back by oneself."""
    network = _network(network_id)
    if not has_seat(request.actor, network):
        raise PermissionDenied(_("Du har ingen plats i nätverket."))
    if request.method == "POST":
        actions.leave_network(network, by=request.actor)
        messages.success(request, _("Du har lämnat %(network)s.") % {"network": network.name})
        return redirect("networks")
    context = {
        "title": _("Lämna nätverket"),
        "network": network,
        "crumbs": [(network.name, reverse("network_space", args=[network.id])), (_("Lämna nätverket"), "")],
    }
    return render(request, "kernel/spaces/leaving.html", context)


def _network(network_id: UUID) -> Network:
    return get_object_or_404(Network.objects.select_related("holder"), id=network_id)
