"""A file of employees: first what would happen, row by row, then a yes."""

from base64 import b64decode, b64encode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from medskick.kernel.people import login
from medskick.kernel.people.actions import Plan, Refused, carry_out_import, plan_import
from medskick.kernel.people.audience import audience, staff_with
from medskick.kernel.people.employee_file import COLUMNS
from medskick.kernel.people.forms import EmployeeFileForm, EndMissingForm
from medskick.kernel.people.queries import unit_names
from medskick.kernel.people.roles import ADMINISTRATOR, roles_in_swedish
from medskick.kernel.people.views.employees import employee_crumbs
from medskick.lib.csv_rows import CsvError, write_rows

EXAMPLE = [
    ["Anna Exempel", "anna.exempel@kommun.example", "", "Handläggare", "", "handläggare"],
    ["Bo Exempel", "bo.exempel@kommun.example", "", "Registrator", "", "registrator, administratör"],
]


@audience(staff_with(ADMINISTRATOR))
@require_http_methods(["GET", "POST"])
def employee_file(request: HttpRequest) -> HttpResponse:
    """Send a file, and see what it would do."""
    form = EmployeeFileForm(request.POST or None, request.FILES or None)
    if form.is_bound and form.is_valid():
        data = form.cleaned_data["file"].read()
        try:
            plan = plan_import(data, by=request.actor)
            return _show(request, plan, login.keep(b64encode(data).decode()))
        except CsvError as fault:
            form.add_error("file", [str(one) for one in fault.problems])
    context = {
        "form": form,
        "columns": COLUMNS,
        **_may_be_written(request),
        "crumbs": employee_crumbs(_("Läs in en fil")),
    }
    return render(request, "kernel/people/employee_file.html", context, status=422 if form.is_bound else 200)


@audience(staff_with(ADMINISTRATOR))
@require_POST
def employee_file_taken_in(request: HttpRequest) -> HttpResponse:
    """Do what was shown; where it has become another thing since, show that instead."""
    secret = request.POST.get("fil", "")
    content = login.kept(secret)
    if content is None:
        messages.warning(request, _("Filen låg kvar i en timme, och den har gått. Ladda upp den igen."))
        return redirect("employee_import")
    data, ticked = b64decode(content), request.POST.getlist("avsluta")
    try:
        end = [UUID(one) for one in ticked]
        plan = carry_out_import(data, by=request.actor, seen=request.POST.get("plan", ""), end=end)
    except (Refused, ValueError) as fault:
        # Nothing of it may stay: what was done before the fault is undone, and the plan is shown as it now is.
        return _show_again(request, data, secret, str(fault) if isinstance(fault, Refused) else "", ticked)
    changed = plan.count("new") + plan.count("changed") + len(set(end) & {one.id for one in plan.missing})
    messages.success(request, ngettext("%d ändring är gjord.", "%d ändringar är gjorda.", changed) % changed)
    return redirect("employees")


@audience(staff_with(ADMINISTRATOR))
def employee_file_csv(request: HttpRequest) -> HttpResponse:
    """An example to fill in."""
    answer = HttpResponse(write_rows(COLUMNS, EXAMPLE), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="medarbetare.csv"'
    return answer


def _may_be_written(request: HttpRequest) -> dict[str, object]:
    """The units and roles that a file can name here: the units by their names, the roles by their Swedish words."""
    return {"units": unit_names(request.actor.organisation), "roles": roles_in_swedish()}


def _show_again(request: HttpRequest, data: bytes, secret: str, why: str, ticked: list[str]) -> HttpResponse:
    return _show(request, plan_import(data, by=request.actor), secret, why=why, ticked=ticked, status=422)


def _show(
    request: HttpRequest, plan: Plan, secret: str, *, why: str = "", ticked: list[str] | None = None, status: int = 200
) -> HttpResponse:
    own = request.actor.employment
    form = EndMissingForm(
        missing=[one for one in plan.missing if one.id != own],
        initial={"fil": secret, "plan": plan.state, "avsluta": ticked or []},
    )
    context = {
        "plan": plan,
        "told": _told(plan),
        "form": form,
        "why": why,
        **(_may_be_written(request) if not plan.can_be_carried_out else {}),
        "crumbs": employee_crumbs(_("Läs in en fil")),
    }
    return render(request, "kernel/people/employee_plan.html", context, status=status)


def _told(plan: Plan) -> str:
    """How many rows do what, without those that are none."""
    new, changed, same, faults = (plan.count(state) for state in ("new", "changed", "unchanged", "fault"))
    parts = [
        (new, ngettext("%d ny.", "%d nya.", new)),
        (changed, ngettext("%d ändras.", "%d ändras.", changed)),
        (same, ngettext("%d är som förut.", "%d är som förut.", same)),
        (faults, ngettext("%d rad har fel.", "%d rader har fel.", faults)),
    ]
    return " ".join(words % count for count, words in parts if count)
