import base64

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from medskick.flows.import_needs.actions import import_needs
from medskick.flows.import_needs.forms import ConfirmForm, NeedsFileForm
from medskick.flows.import_needs.registrations import IMPORTERS
from medskick.kernel.people.audience import audience, staff_with


@audience(staff_with(*IMPORTERS))
@require_http_methods(["GET", "POST"])
def choose_file(request: HttpRequest) -> HttpResponse:
    """Choose a file, and see what importing it would do."""
    form = NeedsFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data["file"].read()
        result = import_needs(by=request.actor, data=data, dry_run=True)
        confirm = ConfirmForm(initial={"content": base64.b64encode(data).decode()})
        context = {"title": _("Det här skulle hända"), "result": result, "form": confirm}
        return render(request, "flows/import_needs_checked.html", context, status=422 if result.problems else 200)
    context = {"title": _("Importera behov"), "form": form}
    return render(request, "flows/import_needs.html", context, status=422 if form.is_bound else 200)


@audience(staff_with(*IMPORTERS))
@require_POST
def save_file(request: HttpRequest) -> HttpResponse:
    """Import what was just checked."""
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        context = {"title": _("Importera behov"), "form": NeedsFileForm(), "lost": True}
        return render(request, "flows/import_needs.html", context, status=422)
    result = import_needs(by=request.actor, data=form.cleaned_data["content"])
    if result.problems:
        return render(
            request, "flows/import_needs_checked.html", {"title": _("Inget sparades"), "result": result}, status=422
        )
    messages.success(request, str(result))
    return redirect("needs")
