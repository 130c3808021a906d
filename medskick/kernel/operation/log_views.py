from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from medskick.kernel.log.models import LogSeal
from medskick.kernel.operation import log_queries
from medskick.kernel.operation.forms import LogFilterForm, LookForm
from medskick.kernel.operation.jobs import check_log
from medskick.kernel.operation.log_actions import ask_for_check, look_in_log, note_download
from medskick.kernel.operation.models import LogCheck, LogLook
from medskick.kernel.people.audience import audience, staff_with
from medskick.kernel.people.models import Person
from medskick.kernel.people.roles import AUDITOR
from medskick.kernel.records.models import Item
from medskick.lib.csv_rows import write_rows
from medskick.lib.personal_number import without_personal_numbers

IN_FILE = 5000


@audience(staff_with(AUDITOR))
@require_http_methods(["GET", "HEAD", "POST"])
def log_search(request: HttpRequest) -> HttpResponse:
    """Where following somebody or something begins: who or what, and why."""
    form = LookForm(request.POST if request.method == "POST" else None)
    several: list[tuple[UUID, str]] = []
    if form.is_bound and form.is_valid():
        look, several = _look(request, form)
        if look is not None:
            return HttpResponseRedirect(reverse("log_look", args=[look.id]))
    owner = request.actor.organisation
    context = {
        "form": form,
        "several": several,
        "crumbs": [(_("Administration"), reverse("administration")), (_("Loggen"), "")],
        "last_seal": LogSeal.objects.filter(owner_id=owner).order_by("-number").first(),
        "checks": LogCheck.objects.filter(owner_id=owner).order_by("-id")[:3],
        "looks": LogLook.objects.filter(owner_id=owner, by_person=request.actor.person).order_by("-id")[:5],
    }
    return render(request, "kernel/operation/log_search.html", context, status=422 if form.is_bound else 200)


@audience(staff_with(AUDITOR))
@require_safe
def log_look(request: HttpRequest, look_id: UUID) -> HttpResponse:
    """What the log says of the person or item of one look."""
    look = _own_look(request, look_id)
    form = _filter(request, look)
    page = log_queries.LogPage([], None)
    if form.is_valid():
        page = log_queries.log_about(_whom(look), before=_before(request), only=_chosen(form))
    kept = request.GET.copy()
    kept.pop("fore", None)
    context = {
        "look": look,
        "page": page,
        "form": form,
        "filtered": any(kept.values()),
        "kept": kept.urlencode(),
        "title": _about(look),
        "crumbs": _crumbs(_("Sökning")),
    }
    return render(request, "kernel/operation/log_look.html", context, status=200 if form.is_valid() else 422)


@audience(staff_with(AUDITOR))
@require_safe
def log_look_csv(request: HttpRequest, look_id: UUID) -> HttpResponse:
    """The same as a file, with what was done, by whom, as what and when."""
    look = _own_look(request, look_id)
    form = _filter(request, look)
    if not form.is_valid():
        return HttpResponseRedirect(f"{reverse('log_look', args=[look.id])}?{request.GET.urlencode()}")
    note_download(look, by=request.actor)
    found = log_queries.log_about(_whom(look), size=IN_FILE, only=_chosen(form))
    header = ("När", "Vem", "Som", "Gjorde", "Händelse", "Vad", "Spårnummer", "För", "Genom", "Fält", "Försegling")
    rows = [
        (
            timezone.localtime(one.at).isoformat(timespec="seconds"),
            *(one.who, one.role, one.phrase, one.verb, one.item, one.item_number, one.acting_for, one.channel),
            *(" ".join(one.fields), one.seal or ""),
        )
        for one in found.rows
    ]
    answer = HttpResponse(write_rows(header, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="logg.csv"'
    answer["Cache-Control"] = "no-store"
    return answer


@audience(staff_with(AUDITOR))
@require_POST
def log_checks(request: HttpRequest) -> HttpResponse:
    """Ask for all seals to be computed again."""
    check = ask_for_check(by=request.actor)
    check_log.defer(by=request.actor, check=str(check.id))
    return HttpResponseRedirect(reverse("log_check", args=[check.id]))


@audience(staff_with(AUDITOR))
@require_safe
def log_check(request: HttpRequest, check_id: UUID) -> HttpResponse:
    """How a check goes, and what it found."""
    check = get_object_or_404(LogCheck, id=check_id, owner_id=request.actor.organisation)
    context = {"check": check, "crumbs": _crumbs(_("Kontroll"))}
    answer = render(request, "kernel/operation/log_check.html", context)
    if check.finished_at is None:
        answer["Refresh"] = "5"
    return answer


def _look(request: HttpRequest, form: LookForm) -> tuple[LogLook | None, list[tuple[UUID, str]]]:
    """The look that was begun, or the colleagues to choose among. What is not found is said on the form."""
    about, key = form.cleaned_data["about"], form.cleaned_data["key"]
    reason = without_personal_numbers(form.cleaned_data["reason"])
    if about == LookForm.ITEM:
        item = log_queries.item_numbered(key)
        if item is not None:
            return look_in_log(by=request.actor, reason=reason, item=item), []
        form.add_error("key", _("Vi hittar ingen handling hos er med det numret."))
        return None, []
    if about == LookForm.NUMBER:
        person = log_queries.person_numbered(key)
        if person is not None:
            return look_in_log(by=request.actor, reason=reason, person=person), []
        form.add_error("key", _("Vi hittar ingen med det personnumret. Skriv tolv siffror."))
        return None, []
    found = log_queries.staff_named(key)
    chosen = next((one for one, told in found if str(one) == request.POST.get("person")), None)
    if len(found) == 1 or chosen is not None:
        return look_in_log(by=request.actor, reason=reason, person=chosen or found[0][0]), []
    form.add_error("key", _("Välj vem du menar.") if found else _("Ingen som arbetar eller har arbetat här heter så."))
    return None, found


def _own_look(request: HttpRequest, look_id: UUID) -> LogLook:
    """A look is its auditor's own: the reason was hers."""
    return get_object_or_404(LogLook, id=look_id, owner_id=request.actor.organisation, by_person=request.actor.person)


def _whom(look: LogLook) -> UUID:
    about: UUID = look.about_person or look.about_item
    return about


def _filter(request: HttpRequest, look: LogLook) -> LogFilterForm:
    """Always bound: an address without any parameter asks for everything."""
    return LogFilterForm(request.GET, events=log_queries.events_about(_whom(look)))


def _chosen(form: LogFilterForm) -> log_queries.LogFilter:
    given = form.cleaned_data
    return log_queries.LogFilter(given["fran"], given["till"], given["handelse"])


def _about(look: LogLook) -> str:
    if look.about_item:
        item = Item.objects.filter(id=look.about_item).first()
        return item.title if item else _("En handling som du inte får läsa")
    person = Person.objects.filter(id=look.about_person).first()
    return person.name if person else _("En invånare")


def _before(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.GET["fore"]) if "fore" in request.GET else None
    except ValueError:
        raise Http404 from None


def _crumbs(last: str) -> list[tuple[str, str]]:
    return [(_("Administration"), reverse("administration")), (_("Loggen"), reverse("log_search")), (last, "")]
