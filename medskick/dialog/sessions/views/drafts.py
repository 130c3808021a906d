"""VAD, VEM and HUR on the facilitator's side: a draft with all its parts, and the forms to write and complete them."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from medskick.design.forms import PlainForm
from medskick.dialog.sessions.access import may_record
from medskick.dialog.sessions.actions.drafting import SETTLED, complete_draft, write_draft
from medskick.dialog.sessions.answer_actions import actions_for
from medskick.dialog.sessions.models import Answer, Step
from medskick.dialog.sessions.queries import get_answer
from medskick.dialog.sessions.steps.descriptions import TEMPLATES, WHAT, Description, chain_of, what_step
from medskick.dialog.sessions.steps.registry import step_type
from medskick.dialog.sessions.views.staff import form_page
from medskick.kernel.people.audience import STAFF, audience


@audience(STAFF)
def draft(request: HttpRequest, answer_id: UUID) -> HttpResponse:
    """A draft of an initiative: VAD with its target groups and activities, what is lacking, and where it can go."""
    answer = _answer(answer_id)
    chain = chain_of(answer)
    if chain is None:
        raise Http404
    session = answer.step.session
    carried = Step.objects.filter(session=session, kind__in=TEMPLATES).exclude(kind=WHAT).in_order()
    context = {
        "title": chain.title,
        "chain": chain,
        "step": chain.what.answer.step,
        "session": session,
        "writes": may_record(request.actor, session) and session.state not in SETTLED,
        "more": [one for one in carried if what_step(one) == chain.what.answer.step],
        "actions": actions_for(request.actor, chain.what.answer),
    }
    return render(request, "dialog/sessions/draft.html", context)


@audience(STAFF)
@require_http_methods(["GET", "POST"])
def new_draft(request: HttpRequest, step_id: UUID) -> HttpResponse:
    """Write a description down for a group."""
    step = _step(step_id)
    asked = _asked(step)
    form = asked.form(step, request.POST or None, value={"about": request.GET.get("om", "")})
    if request.method == "POST" and form.is_valid():
        key = UUID(form.submission_key)
        saved = _tried(
            form, lambda: write_draft(step, by=request.actor, value=asked.values(step, form)[0], submission_key=key)
        )
        if saved is not None:
            return _after(request, saved)
    return _page(request, step, form, back=reverse("step", args=[step.id]))


@audience(STAFF)
@require_http_methods(["GET", "POST"])
def completing_draft(request: HttpRequest, answer_id: UUID) -> HttpResponse:
    """Fill in what a description lacks."""
    answer = _answer(answer_id)
    step, asked = answer.step, _asked(answer.step)
    form = asked.form(step, request.POST or None, value=answer.value, slot=answer.slot)
    if request.method == "POST" and form.is_valid():
        saved = _tried(form, lambda: complete_draft(answer, by=request.actor, value=asked.values(step, form)[0]))
        if saved is not None:
            return _after(request, saved)
    return _page(request, step, form, back=_home(answer))


def _tried(form: PlainForm, verb: Callable[[], Answer]) -> Answer | None:
    """What the verb made; None where it could not, with why in the form."""
    try:
        return verb()
    except PermissionDenied:
        raise
    except ValueError as fault:
        form.add_error(None, str(fault))
        return None


def _after(request: HttpRequest, saved: Answer) -> HttpResponse:
    messages.success(request, _("Beskrivningen är sparad."))
    return HttpResponseRedirect(_home(saved))


def _home(answer: Answer) -> str:
    """The draft's page; the step's, where the answer belongs to no draft."""
    draft_id = answer.id if answer.step.kind == WHAT else answer.about_id
    return reverse("draft", args=[draft_id]) if draft_id else reverse("step", args=[answer.step_id])


def _page(request: HttpRequest, step: Step, form: PlainForm, *, back: str) -> HttpResponse:
    if not may_record(request.actor, step.session):
        raise PermissionDenied(_("Det är mötesledaren eller antecknaren som skriver här."))
    template = _asked(step).template
    lead = _("%(label)s, för gruppen. Det som saknas går att fylla i senare.") % {"label": template.label}
    return form_page(request, form, template.question, submit=_("Spara"), cancel=back, lead=lead)


def _step(step_id: UUID) -> Step:
    found = Step.objects.select_related("session__item")
    return get_object_or_404(found, id=step_id, kind__in=TEMPLATES)


def _answer(answer_id: UUID) -> Answer:
    found = get_answer(answer_id)
    if found is None or found.step.kind not in TEMPLATES:
        raise Http404
    return found


def _asked(step: Step) -> Description:
    asked = step_type(step.kind).asks
    if not isinstance(asked, Description):
        raise Http404
    return asked
