from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from medskick.kernel.organisations.scope import abandon, widen_scope
from medskick.kernel.people import demonstration_eid, login, oidc, throttle
from medskick.kernel.people.actions import recognise
from medskick.kernel.people.audience import PUBLIC, RESIDENT, audience
from medskick.kernel.people.models import Person, Provider
from medskick.kernel.people.queries import open_employments

_STARTED = "log_in_started"


@audience(PUBLIC)
def log_in(request: HttpRequest) -> HttpResponse:
    """Choose how to log in."""
    staff = request.GET.get("staff") == "1"
    people = [one for one in demonstration_eid.people_to_choose() if one.staff or not staff]
    return render(
        request,
        "kernel/people/log_in.html",
        {
            "providers": Provider.objects.order_by("label"),
            "test_people": sorted(people, key=lambda one: one.staff != staff),
            "next": login.safe_next(request, request.GET.get("next", "")),
            "kept": "/kvar/" in request.GET.get("next", ""),
        },
    )


@audience(PUBLIC)
def start_provider(request: HttpRequest, slug: str) -> HttpResponse:
    """Send the browser to a log-in provider."""
    provider = get_object_or_404(Provider, slug=slug)
    try:
        started = oidc.start(provider, redirect_uri=_callback(request, slug))
    except oidc.LogInFailed as fault:
        return _failed(request, str(fault))
    request.session[_STARTED] = {
        "slug": slug,
        "state": started.state,
        "nonce": started.nonce,
        "verifier": started.verifier,
        "next": login.safe_next(request, request.GET.get("next", "")),
    }
    return HttpResponseRedirect(started.url)


@audience(PUBLIC)
def finish_provider(request: HttpRequest, slug: str) -> HttpResponse:
    """The provider sends the browser back here, once."""
    attempt = throttle.guard(request, "log_in")
    started = request.session.pop(_STARTED, None)
    provider = get_object_or_404(Provider, slug=slug)
    try:
        if not started or started["slug"] != slug or request.GET.get("state") != started["state"]:
            raise oidc.LogInFailed(_("Inloggningen hade redan använts eller blev för gammal. Logga in igen."))
        if "code" not in request.GET:
            raise oidc.LogInFailed(_("Inloggningen avbröts. Du kan försöka igen."))
        identity = oidc.finish(
            provider,
            redirect_uri=_callback(request, slug),
            code=request.GET["code"],
            nonce=started["nonce"],
            verifier=started["verifier"],
        )
    except oidc.LogInFailed as fault:
        attempt.failed()
        return _failed(request, str(fault))
    return _welcome(request, recognise(identity), identity, started["next"])


@audience(PUBLIC)
@require_POST
def log_in_with_test_eid(request: HttpRequest) -> HttpResponse:
    """Log in as an invented person; there is no such page outside demonstration mode."""
    with throttle.guard(request, "log_in"):
        try:
            identity = demonstration_eid.vouch_for(request.POST.get("number", ""))
        except LookupError:
            raise Http404 from None
    return _welcome(request, recognise(identity), identity, login.safe_next(request, request.POST.get("next", "")))


@audience(RESIDENT)
@require_http_methods(["GET", "POST"])
def choose_role(request: HttpRequest) -> HttpResponse:
    """A person with employments chooses in which of them, or as herself, she is here now."""
    person, back = request.actor.person, login.safe_next(request, request.GET.get("next", ""))
    widen_scope([person])
    employments = open_employments(person)
    if request.method == "POST":
        chosen = request.POST.get("employment", "")
        allowed = {str(one.id): one for one in employments}
        if chosen and chosen not in allowed:
            raise Http404
        who = login.signed_in(request)
        login.remember(
            request,
            person=person,
            employment=UUID(chosen) if chosen else None,
            assurance=who.assurance if who else "none",
        )
        return HttpResponseRedirect(_landing(back, staff=bool(chosen)))
    return render(request, "kernel/people/choose_role.html", {"employments": employments, "next": back})


@audience(PUBLIC)
@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    login.forget(request)
    return redirect("start")


@audience(RESIDENT)
def kept_form(request: HttpRequest, secret: str) -> HttpResponse:
    """After logging in: what was typed before the session ran out, ready to be sent again."""
    with throttle.guard(request, "kept_form"):
        kept = login.kept_form(secret)
        if kept is None:
            raise Http404
    path, fields = kept
    shown = QueryDict(mutable=True)
    for name, values in fields.items():
        shown.setlist(name, values)
    return render(request, "kernel/people/kept_form.html", {"path": path, "fields": list(shown.lists())})


def _welcome(request: HttpRequest, person: Person, identity: oidc.Identity, back: str) -> HttpResponse:
    employments = open_employments(person.id)
    only = employments[0].id if len(employments) == 1 else None
    login.remember(request, person=person.id, employment=only, assurance=identity.assurance)
    if len(employments) > 1:
        return HttpResponseRedirect(f"{reverse('choose_role')}?{_query(back)}")
    return HttpResponseRedirect(_landing(back, staff=only is not None))


def _landing(back: str, *, staff: bool) -> str:
    return reverse("my_day") if staff and back == reverse("start") else back


def _query(back: str) -> str:
    query = QueryDict(mutable=True)
    query["next"] = back
    return query.urlencode()


def _callback(request: HttpRequest, slug: str) -> str:
    url = request.build_absolute_uri(reverse("finish_provider", args=[slug]))
    return url if not settings.SECURE_TRANSPORT else url.replace("http://", "https://", 1)


def _failed(request: HttpRequest, why: str) -> HttpResponse:
    abandon()
    return render(request, "kernel/people/log_in_failed.html", {"why": why}, status=400)
