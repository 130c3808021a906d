"""Pages around a session: who leads, who is invited and came, what to read before, and what came after."""

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from medskick.design.parts import Column, Table
from medskick.dialog.sessions import around
from medskick.dialog.sessions.access import LEADERS, may_lead, may_record
from medskick.dialog.sessions.actions.inviting import Invited, add_attending, invite, note_attendance, remove_invited
from medskick.dialog.sessions.actions.reading import add_reading, is_invited, mark_read, remove_reading
from medskick.dialog.sessions.actions.roles import give_role
from medskick.dialog.sessions.actions.submitting import accept_submission, reject_submission, take_in
from medskick.dialog.sessions.forms import ReasonForm
from medskick.dialog.sessions.forms_planning import (
    AcceptForm,
    AttendForm,
    InviteForm,
    ReadingForm,
    RoleForm,
    TakeInForm,
)
from medskick.dialog.sessions.models import Attendance, LiveSession, PreReading, SessionRole, Submission
from medskick.dialog.sessions.pasting import PastedName, match_place
from medskick.dialog.sessions.views.staff import form_page
from medskick.kernel.organisations.models import Organisation
from medskick.kernel.people.audience import STAFF, audience, staff_with
from medskick.kernel.people.models import NetworkSeat
from medskick.kernel.people.queries import employees_named
from medskick.kernel.records.models import Item
from medskick.lib.csv_rows import write_rows
from medskick.lib.text import count_noun, slug

PRESENCE = {"rum": (True, False), "distans": (True, True), "nej": (False, False), "tom": (None, False)}


@audience(staff_with(*LEADERS))
@require_http_methods(["GET", "POST"])
def roles(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Hand over the session, or let a colleague record."""
    found = own_session(request, session_id)
    colleagues = [(str(one.person_id), one.person.name) for one in employees_named(found.owner_id)]
    form = RoleForm(request.POST or None, colleagues=list(dict(colleagues).items()))
    if request.method == "POST" and form.is_valid():
        person, role = form.cleaned_data["person"], form.cleaned_data["role"]
        name = form.names[person]
        done = _("%(name)s leder mötet nu.") if role == SessionRole.FACILITATOR else _("%(name)s antecknar nu.")
        return did(
            request,
            lambda: give_role(found, by=request.actor, role=role, person=UUID(person), name=name),
            done % {"name": name},
            reverse("session", args=[found.pk]),
        )
    context = {
        "title": _("Lämna över eller utse antecknare"),
        "session": found,
        "form": form,
        "given": found.roles.order_by("-at", "-id"),
    }
    return render(request, "dialog/sessions/roles.html", context, status=422 if form.is_bound else 200)


@audience(STAFF)
def attendance(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Who is invited, who came, and the numbers for the report."""
    return _attendance_page(request, own_session(request, session_id), InviteForm(), AttendForm())


@audience(STAFF)
@require_POST
def inviting(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Put pasted names on the list."""
    found = own_session(request, session_id)
    form = InviteForm(request.POST, request.FILES)
    if not form.is_valid():
        return _attendance_page(request, found, form, AttendForm(), status=422)
    people, unknown = _invited(found, form.cleaned_data["found"])
    page = reverse("attendance", args=[found.pk])
    if unknown:
        messages.warning(
            request, _("De här kommunerna känner vi inte igen: %(names)s.") % {"names": ", ".join(sorted(unknown))}
        )
    return did(request, lambda: _count_invited(invite(found, by=request.actor, people=people)), "", page)


@audience(STAFF)
@require_POST
def inviting_network(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Put those on the list who sit in the session's network, as far as they are known here."""
    found = own_session(request, session_id)
    seats = NetworkSeat.objects.filter(network=found.network_id, employment__ended_at__isnull=True)
    people = [
        Invited(one.employment.person.name, one.employment.organisation, one.employment.person_id)
        for one in seats.select_related("employment__person", "employment__organisation")
    ]
    page = reverse("attendance", args=[found.pk])
    return did(request, lambda: _count_invited(invite(found, by=request.actor, people=people)), "", page)


@audience(STAFF)
@require_POST
def attending(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Somebody came who was not on the list."""
    found = own_session(request, session_id)
    form = AttendForm(request.POST)
    if not form.is_valid():
        return _attendance_page(request, found, InviteForm(), form, status=422)
    given = form.cleaned_data
    one = Invited(given["name"], given["organisation"])
    page = reverse("attendance", args=[found.pk])
    done = _("%(name)s står på listan och är här.") % {"name": given["name"]}
    return did(request, lambda: add_attending(found, by=request.actor, one=one, remote=given["remote"]), done, page)


@audience(STAFF)
@require_POST
def ticking(request: HttpRequest, attendance_id: UUID) -> HttpResponse:
    """She is here, is with us from home, or did not come."""
    one = get_object_or_404(Attendance.objects.select_related("session"), id=attendance_id)
    page = reverse("attendance", args=[one.session_id]) + f"#rad-{one.id}"
    noted = PRESENCE.get(request.POST.get("narvaro", ""))
    if noted is None:
        messages.error(request, _("Välj om personen är på plats, på distans eller inte kom."))
        return HttpResponseRedirect(page)
    present, remote = noted
    return did(request, lambda: note_attendance(one, by=request.actor, present=present, remote=remote), "", page)


@audience(STAFF)
@require_POST
def uninviting(request: HttpRequest, attendance_id: UUID) -> HttpResponse:
    """Take somebody off the list."""
    one = get_object_or_404(Attendance.objects.select_related("session"), id=attendance_id)
    page = reverse("attendance", args=[one.session_id])
    return did(request, lambda: remove_invited(one, by=request.actor), _("Borttagen från listan."), page)


@audience(STAFF)
def turnout_file(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """The numbers by municipality, without names, as CSV."""
    found = own_session(request, session_id)
    rows = [_turnout_row(one) for one in around.turnout_of(around.attending(found))]
    header = [_("Kommun"), _("Inbjudna"), _("Deltog"), _("varav på distans"), _("Kom inte")]
    response = HttpResponse(write_rows(header, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="narvaro-{slug(found.title)}.csv"'
    return response


@audience(STAFF)
def readings(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """What to read before the session, and who has."""
    return _readings_page(request, get_object_or_404(LiveSession, pk=session_id), ReadingForm())


@audience(STAFF)
@require_POST
def adding_reading(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Put something on the reading list."""
    found = own_session(request, session_id)
    form = ReadingForm(request.POST)
    if form.is_valid():
        item = _own_item(request, form.cleaned_data["where"])
        if item is not None or "://" in form.cleaned_data["where"]:
            given = {"title": form.cleaned_data["title"], "note": form.cleaned_data["note"]}
            address = "" if item else form.cleaned_data["where"]
            return did(
                request,
                lambda: add_reading(found, by=request.actor, address=address, item=item, **given),
                _("Det står på läslistan."),
                reverse("readings", args=[found.pk]),
            )
        form.add_error(
            "where", _("Vi hittar inget med det numret. Skriv en adress, eller spårnumret som står på sidan.")
        )
    return _readings_page(request, found, form, status=422)


@audience(STAFF)
@require_POST
def removing_reading(request: HttpRequest, reading_id: UUID) -> HttpResponse:
    """Take something off the reading list."""
    one = get_object_or_404(PreReading.objects.select_related("session"), id=reading_id)
    page = reverse("readings", args=[one.session_id])
    return did(request, lambda: remove_reading(one, by=request.actor), _("Borttaget från läslistan."), page)


@audience(STAFF)
@require_POST
def reading_done(request: HttpRequest, reading_id: UUID) -> HttpResponse:
    """I have read it."""
    one = get_object_or_404(PreReading.objects.select_related("session"), id=reading_id)
    page = reverse("my_day") if request.POST.get("fran") == "dag" else reverse("readings", args=[one.session_id])
    return did(request, lambda: mark_read(one, by=request.actor), _("Noterat att du har läst det."), page)


@audience(STAFF)
def late_needs(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """What came by e-mail or on paper after the session."""
    found = own_session(request, session_id)
    return _late_page(request, found, TakeInForm(session=found))


@audience(STAFF)
@require_POST
def taking_in(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Note what came in."""
    found = own_session(request, session_id)
    form = TakeInForm(request.POST, request.FILES, session=found)
    if not form.is_valid():
        return _late_page(request, found, form, status=422)
    given = {key: form.cleaned_data[key] for key in ("channel", "received_on", "sender")}
    needs, key = form.cleaned_data["found"], UUID(form.submission_key)
    return did(
        request,
        lambda: take_in(found, by=request.actor, needs=needs, submission_key=key, **given),
        _("%(count)s togs emot. Gå igenom dem här nedanför.") % {"count": count_noun(len(needs), "behov", "behov")},
        reverse("late_needs", args=[found.pk]),
    )


@audience(staff_with(*LEADERS))
@require_POST
def accepting(request: HttpRequest, submission_id: UUID) -> HttpResponse:
    """Let it count, in a step."""
    one = get_object_or_404(Submission.objects.select_related("session"), id=submission_id)
    form = AcceptForm(request.POST, steps=around.steps_that_ask(one.session))
    page = reverse("late_needs", args=[one.session_id])
    if not form.is_valid():
        messages.error(request, _("Välj steget som behovet ska räknas i."))
        return HttpResponseRedirect(page)
    step = form.steps[form.cleaned_data["step"]]
    done = _("Behovet är med bland svaren.")
    return did(request, lambda: accept_submission(one, by=request.actor, step=step), done, page)


@audience(staff_with(*LEADERS))
@require_http_methods(["GET", "POST"])
def rejecting(request: HttpRequest, submission_id: UUID) -> HttpResponse:
    """Do not let it count, with the reason."""
    one = get_object_or_404(Submission.objects.select_related("session"), id=submission_id)
    form = ReasonForm(request.POST or None)
    page = reverse("late_needs", args=[one.session_id])
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        done = _("Behovet är avvisat. Skälet står i mötets rapport.")
        return did(request, lambda: reject_submission(one, by=request.actor, reason=reason), done, page)
    return form_page(request, form, _("Avvisa behovet"), submit=_("Avvisa"), cancel=page, lead=f"”{one.text}”")


def own_session(request: HttpRequest, session_id: UUID) -> LiveSession:
    """A session that the acting organisation holds: what stands here names people, and is for its staff alone."""
    found = get_object_or_404(LiveSession.objects.select_related("network", "item"), pk=session_id)
    if found.owner_id != request.actor.organisation:
        raise PermissionDenied(_("Det här är för dem som håller mötet."))
    return found


def did(request: HttpRequest, verb: Callable[[], object], done: str, page: str) -> HttpResponseRedirect:
    """Do a verb, say how it went (`done`, or the words that the verb gives), and go to the page."""
    try:
        told = verb()
        words = done or (told if isinstance(told, str) else "")
        if words:
            messages.success(request, words)
    except PermissionDenied:
        raise
    except ValueError as fault:
        messages.error(request, str(fault))
    return HttpResponseRedirect(page)


def _attendance_page(
    request: HttpRequest, session: LiveSession, form: InviteForm, came: AttendForm, *, status: int = 200
) -> HttpResponse:
    rows = around.attending(session)
    total = around.total_turnout(rows)
    context = {
        "title": _("Inbjudna och närvaro"),
        "session": session,
        "rows": rows,
        "total": total,
        "turnout": _turnout_table(rows),
        "writes": may_record(request.actor, session) and session.state not in CLOSED,
        "form": form,
        "came": came,
    }
    return render(request, "dialog/sessions/attendance.html", context, status=status)


CLOSED = (LiveSession.CONFIRMED, LiveSession.CANCELLED)


def _turnout_table(rows: list[Attendance]) -> Table:
    columns = [
        Column(_("Kommun")),
        *(Column(name, numeric=True) for name in (_("Inbjudna"), _("Deltog"), _("varav på distans"), _("Kom inte"))),
    ]
    counted: list[list[Any]] = [_turnout_row(one) for one in around.turnout_of(rows)]
    total = around.total_turnout(rows)
    counted.append([_("Alla"), total.invited, total.present, total.remote, total.absent])
    return Table(_("Närvaro per kommun"), columns, counted)


def _turnout_row(one: around.Turnout) -> list[Any]:
    return [one.organisation or _("Okänd"), one.invited, one.present, one.remote, one.absent]


def _invited(session: LiveSession, names: list[PastedName]) -> tuple[list[Invited], set[str]]:
    """Pasted names as people to invite, and the places that nobody knows. Colleagues are known by their name."""
    organisations = {str(one.id): one for one in Organisation.objects.in_order()}
    places = {key: one.short_name for key, one in organisations.items()}
    here = employees_named(session.owner_id)
    people, unknown = [], set()
    for one in names:
        key = match_place(one.place, places) if one.place else None
        if one.place and key is None:
            unknown.add(one.place)
        organisation = organisations[key] if key else None
        same = [each for each in here if each.person.name.casefold() == one.name.casefold()]
        # Two colleagues with one name are not guessed between.
        known = (
            same[0].person_id
            if len(same) == 1 and (organisation is None or organisation.id == session.owner_id)
            else None
        )
        people.append(Invited(one.name, organisation or (same[0].organisation if known else None), known))
    return people, unknown


def _count_invited(added: list[Attendance]) -> str:
    if not added:
        return _("Alla stod redan på listan.")
    return _("%(count)s är inbjudna.") % {"count": count_noun(len(added), _("person"), _("personer"))}


def _readings_page(request: HttpRequest, session: LiveSession, form: ReadingForm, *, status: int = 200) -> HttpResponse:
    ours = session.owner_id == request.actor.organisation
    invited = around.attending(session)
    context = {
        "title": _("Läsa före mötet"),
        "session": session,
        "readings": around.readings_of(session, request.actor.person, invited if ours else []),
        "known": sum(one.person is not None for one in invited) if ours else 0,
        "invited": is_invited(session, request.actor),
        "writes": may_record(request.actor, session) and session.state not in CLOSED,
        "form": form,
    }
    return render(request, "dialog/sessions/readings.html", context, status=status)


def _own_item(request: HttpRequest, where: str) -> Item | None:
    """The item that an address of ours or a trace number means, where the reader may read it."""
    here = request.get_host()
    if "://" in where and where.split("://", 1)[1].split("/", 1)[0] != here:
        return None
    number = re.search(r"([0-9A-Za-z-]{4,14})/?$", where)
    if number is None:
        return None
    return Item.objects.filter(number__iexact=number[1]).first()


def _late_page(request: HttpRequest, session: LiveSession, form: TakeInForm, *, status: int = 200) -> HttpResponse:
    steps = around.steps_that_ask(session)
    context = {
        "title": _("Behov som kom efteråt"),
        "session": session,
        "late": around.late_needs_of(session),
        "accept_form": AcceptForm(steps=steps) if steps else None,
        "steps": steps,
        "leads": may_lead(request.actor, session) and session.state not in CLOSED,
        "writes": may_record(request.actor, session) and session.state in TAKES_IN,
        "form": form,
    }
    return render(request, "dialog/sessions/late_needs.html", context, status=status)


TAKES_IN = (LiveSession.OPEN, LiveSession.PAUSED, LiveSession.HELD, LiveSession.SUMMARISED)
