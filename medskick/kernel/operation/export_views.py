from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from medskick.design.paging import page_of
from medskick.kernel.operation import export_actions
from medskick.kernel.operation.export_queries import exports_of, is_downloadable, path_of, waiting_export
from medskick.kernel.operation.forms import ExportForm
from medskick.kernel.operation.jobs import make_export
from medskick.kernel.operation.models import OrganisationExport
from medskick.kernel.people.audience import audience, staff_with
from medskick.kernel.people.queries import unit_names
from medskick.kernel.people.roles import ADMINISTRATOR, LABELS

ADMINISTRATORS = staff_with(ADMINISTRATOR)


@audience(ADMINISTRATORS)
@require_http_methods(["GET", "HEAD", "POST"])
def exports(request: HttpRequest) -> HttpResponse:
    """Everything that the organisation owns, as a file: asked for here, released by another, downloaded here."""
    form = ExportForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            export_actions.ask_for_export(by=request.actor, reason=form.cleaned_data["reason"])
            messages.success(request, _("Exporten väntar nu på att någon annan godkänner den."))
            return HttpResponseRedirect(reverse("exports"))
        except ValidationError as fault:
            form.add_error(None, fault)
    page = page_of(exports_of(request.actor.organisation), request.GET.get("sida"), size=10)
    told = [_told(one) for one in page]
    context = {
        "form": form,
        "waiting": waiting_export(request.actor.organisation),
        "page": page,
        "told": told,
        "ready": any(one["state"] == "ready" for one in told),
        "roles": [(role, str(label)) for role, label in LABELS.items()],
        "units": unit_names(request.actor.organisation),
        "crumbs": [(_("Administration"), reverse("administration")), (_("Export"), "")],
    }
    answer = render(request, "kernel/operation/exports.html", context, status=422 if form.is_bound else 200)
    if any(one["state"] == "making" for one in told):
        answer["Refresh"] = "5"
    return answer


@audience(ADMINISTRATORS)
@require_POST
def export_release(request: HttpRequest, export_id: UUID) -> HttpResponse:
    """The second pair of eyes: let it be made."""
    asked = _own(request, export_id)
    if asked.released_at is None and asked.withdrawn_at is None:
        export_actions.release_export(asked, by=request.actor)
        make_export.defer(by=request.actor, export=str(asked.id))
        messages.success(request, _("Godkänd. Exporten görs nu; det kan ta några minuter."))
    return HttpResponseRedirect(reverse("exports"))


@audience(ADMINISTRATORS)
@require_http_methods(["GET", "HEAD", "POST"])
def export_withdraw(request: HttpRequest, export_id: UUID) -> HttpResponse:
    """Take it back, and its file with it, after a look at what that means."""
    asked = _own(request, export_id)
    told = _told(asked)
    if request.method != "POST" and told["state"] in ("waiting", "making", "ready"):
        crumbs = [
            (_("Administration"), reverse("administration")),
            (_("Export"), reverse("exports")),
            (told["ask"], ""),
        ]
        return render(request, "kernel/operation/export_withdraw.html", {"told": told, "crumbs": crumbs})
    if request.method == "POST" and asked.withdrawn_at is None:
        export_actions.withdraw_export(asked, by=request.actor)
        messages.success(request, _("Exporten är borttagen."))
    return HttpResponseRedirect(reverse("exports"))


@audience(ADMINISTRATORS)
@require_safe
def export_file(request: HttpRequest, export_id: UUID) -> HttpResponseBase:
    """The file, while its days last."""
    export = _own(request, export_id)
    if not is_downloadable(export) or export.withdrawn_at is not None:
        raise Http404
    export_actions.note_download_of(export, by=request.actor)
    name = f"{request.place.slug if request.place else 'medskick'}-export-{export.made_at:%Y-%m-%d}.zip"
    answer = FileResponse(path_of(export).open("rb"), as_attachment=True, filename=name)
    answer["Cache-Control"] = "no-store"
    return answer


def _own(request: HttpRequest, export_id: UUID) -> OrganisationExport:
    return get_object_or_404(OrganisationExport, id=export_id, owner_id=request.actor.organisation)


def _told(one: OrganisationExport) -> dict[str, Any]:
    """What a row of the list says: the state, and what may be done with it."""
    if one.withdrawn_at is not None:
        state, words, tone = "withdrawn", _("Borttagen"), "neutral"
    elif one.released_at is None:
        state, words, tone = "waiting", _("Väntar på godkännande"), "wait"
    elif one.made_at is None:
        state, words, tone = "making", _("Görs nu"), "now"
    elif is_downloadable(one):
        state, words, tone = "ready", _("Klar att hämta"), "done"
    else:
        state, words, tone = "over", _("Tiden är ute, filen är borttagen"), "neutral"
    return {
        "export": one,
        "state": state,
        "words": words,
        "tone": tone,
        "megabytes": one.size / 1_000_000,
        "ask": _("Ta bort filen") if state == "ready" else _("Ta tillbaka exporten"),
    }
