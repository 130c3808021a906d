from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from medskick.dialog import api as dialog
from medskick.flows.adopt_voice.actions import MAY_ADOPT, adopt_answer, adopt_voice, may_adopt
from medskick.flows.adopt_voice.forms import AdoptForm
from medskick.kernel.people.audience import audience, staff_with
from medskick.kernel.records.kinds import item_url
from medskick.kernel.records.models import Item
from medskick.plan import api as plan
from medskick.services import api as services


@audience(staff_with(*MAY_ADOPT))
@require_http_methods(["GET", "POST"])
def adopt_an_answer(request: HttpRequest, answer_id: UUID) -> HttpResponse:
    """Take up an answer from a meeting as a need."""
    answer = dialog.get_answer(answer_id)
    if answer is None or answer.owner_id != request.actor.organisation:
        raise Http404
    form = AdoptForm(request.POST or None, initial=_first_words(answer.text, dialog.area_of(answer)))
    if request.method == "POST" and form.is_valid():
        text, area, reason = _given(form)
        need = adopt_answer(
            by=request.actor,
            answer=answer,
            text=text,
            area=area,
            reason=reason,
            submission_key=UUID(form.submission_key),
        )
        return _done(request, need)
    return _page(request, form, answer.text)


@audience(staff_with(*MAY_ADOPT))
@require_http_methods(["GET", "POST"])
def adopt_an_item(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Take up a case as a need."""
    voice = get_object_or_404(Item, id=item_id, kind=services.KIND)
    if not may_adopt(request.actor, voice):
        raise Http404
    said = services.voice_text(by=request.actor, item=voice)
    form = AdoptForm(request.POST or None, initial=_first_words(said))
    if request.method == "POST" and form.is_valid():
        text, area, reason = _given(form)
        need = adopt_voice(
            by=request.actor, voice=voice, text=text, area=area, reason=reason, submission_key=UUID(form.submission_key)
        )
        return _done(request, need)
    return _page(request, form, said)


def _first_words(said: str, area: str = "") -> dict[str, str]:
    """The words as they were said, and the area that the speaker chose; else a guess."""
    suggestion = None if area else plan.suggest_goal_area(said)
    return {"text": said, "area": suggestion.area.key if suggestion else area}


def _given(form: AdoptForm) -> tuple[str, str, str]:
    return form.cleaned_data["text"], form.cleaned_data["area"], form.cleaned_data["reason"]


def _done(request: HttpRequest, need: plan.Need) -> HttpResponse:
    messages.success(request, _("Behovet är antecknat. Den som sa det får veta det."))
    return HttpResponseRedirect(item_url(need.item, staff=True))


def _page(request: HttpRequest, form: AdoptForm, said: str) -> HttpResponse:
    context = {"title": _("Ta upp i planen"), "form": form, "said": said}
    return render(request, "flows/adopt_voice.html", context, status=422 if form.is_bound else 200)
