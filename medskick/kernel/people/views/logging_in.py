"""Logging in: to choose how, to be sent to a provider and back, to step up, to wait for an administrator's yes."""

from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import get_script_prefix, reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from medskick.kernel.organisations.actor import ASSURANCES, Actor, Assurance
from medskick.kernel.organisations.scope import Scope, abandon, set_scope, widen_scope
from medskick.kernel.people import demonstration_eid, login, oidc, saml, throttle
from medskick.kernel.people.actions import (
    ask_again,
    ask_for_access,
    begin_sign_in,
    end_sign_in,
    recognise,
    switch_employment,
    use_once,
)
from medskick.kernel.people.audience import PUBLIC, RESIDENT, audience
from medskick.kernel.people.device import take_back
from medskick.kernel.people.identity import Identity, LogInFailed
from medskick.kernel.people.models import AccessRequest, Provider, SignIn
from medskick.kernel.people.queries import open_employments
from medskick.kernel.people.role_choices import role_choices

_STARTED, _WAITING = "log_in_started", "access_asked"


@audience(PUBLIC)
def log_in(request: HttpRequest) -> HttpResponse:
    """Choose how to log in."""
    staff = request.GET.get("staff") == "1"
    people = [one for one in demonstration_eid.people_to_choose() if one.staff or not staff]
    providers = list(Provider.objects.for_place(_place(request)).order_by("label"))
    return render(
        request,
        "kernel/people/log_in.html",
        {
            "for_residents": [one for one in providers if not one.for_staff],
            "for_staff": [one for one in providers if one.for_staff],
            "staff": staff,
            "test_people": sorted(people, key=lambda one: one.staff != staff),
            "next": login.safe_next(request, request.GET.get("next", "")),
            "kept": "/kvar/" in request.GET.get("next", ""),
        },
    )


@audience(RESIDENT)
def step_up(request: HttpRequest) -> HttpResponse:
    """What she was about to do needs a surer log-in: choose how, and come back to where she was."""
    asked = request.GET.get("niva", "")
    level: Assurance = next((one for one in ASSURANCES if one == asked), "substantial")
    back = login.safe_next(request, request.GET.get("next", ""))
    if ASSURANCES.index(request.actor.assurance) >= ASSURANCES.index(level):
        return HttpResponseRedirect(back)
    providers = Provider.objects.for_place(_place(request)).order_by("label")
    return render(
        request,
        "kernel/people/step_up.html",
        {
            "providers": [one for one in providers if one.gives(level)],
            # The test eID vouches for substantial, not for more.
            "test_people": demonstration_eid.people_to_choose() if level != "high" else [],
            "level": level,
            "next": back,
            "kept": "/kvar/" in back,
        },
    )


@audience(PUBLIC)
def start_provider(request: HttpRequest, slug: str) -> HttpResponse:
    """Send the browser to a log-in provider."""
    provider = _provider(request, slug)
    asked = request.GET.get("niva", "")
    level: Assurance = next((one for one in ASSURANCES if one == asked), "none")
    kept = {
        "slug": slug,
        "next": login.safe_next(request, request.GET.get("next", "")),
        "place": str(_place(request) or ""),
    }
    try:
        if provider.protocol == Provider.SAML:
            sent = saml.start(provider, answer_url=_address(request, "finish_saml", provider), level=level)
            url, kept["request_id"] = sent.url, sent.request_id
        else:
            begun = oidc.start(provider, redirect_uri=_address(request, "finish_provider", provider), level=level)
            url = begun.url
            kept |= {"state": begun.state, "nonce": begun.nonce, "verifier": begun.verifier}
    except LogInFailed as fault:
        return _failed(request, str(fault))
    request.session[_STARTED] = kept
    return HttpResponseRedirect(url)


@audience(PUBLIC)
def finish_provider(request: HttpRequest, slug: str) -> HttpResponse:
    """The provider sends the browser back here, once."""
    started = _started(request, slug)
    ours = bool(started) and request.GET.get("state") == started.get("state", "-")
    attempt = throttle.guard(request, "log_in", started["state"] if ours else "")
    provider = _provider(request, slug)
    try:
        if not ours:
            raise LogInFailed(_("Inloggningen hade redan använts eller blev för gammal. Logga in igen."))
        if "code" not in request.GET:
            raise LogInFailed(_("Inloggningen avbröts. Du kan försöka igen."))
        identity = oidc.finish(
            provider,
            redirect_uri=_address(request, "finish_provider", provider),
            code=request.GET["code"],
            nonce=started["nonce"],
            verifier=started["verifier"],
        )
        return _welcome(request, identity, started)
    except LogInFailed as fault:
        attempt.failed()
        return _failed(request, str(fault))


@csrf_exempt
@audience(PUBLIC)
@require_POST
def finish_saml(request: HttpRequest, slug: str) -> HttpResponse:
    """A SAML provider's answer. It comes from another site, without our cookie: the browser then sends it once more itself."""
    if request.POST.get("en_gang_till") != "1":
        said = request.POST.get("SAMLResponse", "")[: saml.LARGEST_ANSWER + 1]
        return render(request, "kernel/people/saml_answer.html", {"said": said})
    started = _started(request, slug)
    attempt = throttle.guard(request, "log_in", started.get("request_id", ""))
    provider = _provider(request, slug)
    try:
        if "request_id" not in started:
            raise LogInFailed(_("Inloggningen hade redan använts eller blev för gammal. Logga in igen."))
        answer = saml.finish(
            provider,
            answer_url=_address(request, "finish_saml", provider),
            said=request.POST.get("SAMLResponse", ""),
            request_id=started["request_id"],
        )
        use_once(answer.assertion, issuer=answer.identity.issuer, expires=answer.expires)
        return _welcome(request, answer.identity, started)
    except LogInFailed as fault:
        attempt.failed()
        return _failed(request, str(fault))


@audience(PUBLIC)
def saml_metadata(request: HttpRequest, slug: str) -> HttpResponse:
    """Our own metadata, which a SAML provider reads when we are made known to it."""
    provider = _provider(request, slug)
    if provider.protocol != Provider.SAML:
        raise Http404
    described = saml.describe(provider, answer_url=_address(request, "finish_saml", provider))
    return HttpResponse(described, content_type="application/samlmetadata+xml")


@audience(PUBLIC)
@require_POST
def log_in_with_test_eid(request: HttpRequest) -> HttpResponse:
    """Log in as an invented person; there is no such page outside demonstration mode."""
    try:
        # The log-in page lists them: whoever is on it has guessed nothing, and waits for no guesser beside her.
        identity = demonstration_eid.vouch_for(request.POST.get("number", ""))
    except LookupError:
        throttle.guard(request, "log_in").failed()
        raise Http404 from None
    back = login.safe_next(request, request.POST.get("next", ""))
    return _welcome(request, identity, {"next": back, "place": str(_place(request) or "")})


@audience(PUBLIC)
@require_http_methods(["GET", "POST"])
def access_asked(request: HttpRequest) -> HttpResponse:
    """She has logged in where nobody employs her: the administrator is asked, and this says what came of it."""
    kept = request.session.get(_WAITING)
    if not kept:
        return redirect("login")
    widen_scope([UUID(kept["person"])])
    asked = get_object_or_404(AccessRequest.objects.select_related("organisation"), id=UUID(kept["request"]))
    if request.method == "POST":
        set_scope(Scope(asked.organisation_id, reach=frozenset({asked.person_id})))
        again = ask_again(asked, by=Actor(kind="person", organisation=asked.organisation_id, person=asked.person_id))
        request.session[_WAITING] = {**kept, "request": str(again.id)}
        return redirect("access_asked")
    return render(request, "kernel/people/access_asked.html", {"asked": asked, "slug": kept["slug"]})


@audience(RESIDENT)
@require_http_methods(["GET", "POST"])
def choose_role(request: HttpRequest) -> HttpResponse:
    """A person chooses in which employment, for whom, or as herself she is here now."""
    person, back = request.actor.person, login.safe_next(request, request.GET.get("next", ""))
    if request.actor.assistance:
        raise PermissionDenied(_("Du hjälper någon nu. Sluta med det först."))
    who = login.signed_in(request)
    widen_scope([person])
    sign_in = get_object_or_404(SignIn, id=who.sign_in if who else None)
    employments = open_employments(person, within=sign_in.organisation_id)
    # A staff provider says whom its organisation employs, and nothing of whom else she may act for.
    mandates = [] if sign_in.staff_only else role_choices(person)
    if request.method == "POST":
        employment = _chosen(request, "employment", {one.id for one in employments})
        mandate = _chosen(request, "mandate", {one.mandate for one in mandates})
        if sign_in.staff_only and employment is None:
            raise Http404
        _act_as(request, sign_in, employment, mandate)
        return HttpResponseRedirect(_landing(back, staff=employment is not None))
    context = {"employments": employments, "mandates": mandates, "next": back, "staff_only": sign_in.staff_only}
    return render(request, "kernel/people/choose_role.html", context)


def _act_as(request: HttpRequest, sign_in: SignIn, employment: UUID | None, mandate: UUID | None) -> None:
    switch_employment(sign_in.id, employment=employment)
    login.remember(
        request,
        person=sign_in.person_id,
        employment=employment,
        # By a mandate she was as sure as that is; what she logged in with stands on the sign-in.
        assurance=sign_in.assurance,
        sign_in=sign_in.id,
        mandate=mandate,
    )


def _chosen(request: HttpRequest, field: str, allowed: set[UUID]) -> UUID | None:
    """What was chosen of what may be chosen; None where nothing was."""
    chosen = {str(one): one for one in allowed} | {"": None}
    try:
        return chosen[request.POST.get(field, "")]
    except KeyError:
        raise Http404 from None


@audience(PUBLIC)
def acting_over(request: HttpRequest) -> HttpResponse:
    """The help, or the mandate, no longer held at the last request: nothing was done, and here is what to do."""
    context = {"helping": "assistance" in request.GET}
    return take_back(request, render(request, "kernel/people/acting_over.html", context))


@audience(PUBLIC)
@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    """End this sign-in. Where the provider keeps her logged in with it, the page leads there to end that too."""
    who, at_provider, label = login.signed_in(request), "", ""
    helped = request.actor.assistance is not None
    widen_scope([request.actor.person] if request.actor.person else [])
    if who is not None and request.actor.signed_in:
        sign_in = end_sign_in(SignIn.objects.get(id=who.sign_in), by=request.actor, how="logged_out")
        provider = Provider.objects.filter(slug=sign_in.provider_slug, protocol=Provider.OIDC).first()
        if provider is not None:
            label = provider.label
            at_provider = oidc.end_session_url(provider, back=request.build_absolute_uri(reverse("start")))
    login.forget(request)
    if not at_provider:
        return take_back(request, redirect("start")) if helped else redirect("start")
    request.actor = Actor(kind="device", organisation=_place(request))
    answer = render(request, "kernel/people/logged_out.html", {"at_provider": at_provider, "label": label})
    return take_back(request, answer) if helped else answer


@audience(RESIDENT)
def kept_form(request: HttpRequest, secret: str) -> HttpResponse:
    """After logging in: what was typed before the session ran out, ready to be sent again."""
    with throttle.guard(request, "kept_form"):
        kept = login.kept_form(secret, request.actor.person)
        if kept is None:
            raise Http404
    path, fields = kept
    shown = QueryDict(mutable=True)
    for name, values in fields.items():
        shown.setlist(name, values)
    return render(request, "kernel/people/kept_form.html", {"path": path, "fields": list(shown.lists())})


def _welcome(request: HttpRequest, identity: Identity, started: dict[str, str]) -> HttpResponse:
    """Let in whom the provider vouches for, as far as its word goes; whoever was signed in before is so no longer."""
    back, begun_at = started["next"], started["place"]
    place = identity.bound_to or (UUID(begun_at) if begun_at else None)
    set_scope(Scope(place))
    person = recognise(identity, organisation=place)
    employments = open_employments(person.id, within=identity.bound_to)
    if identity.provider is not None and identity.provider.for_staff and not employments:
        return _ask_for_access(request, person.id, identity, place)
    chosen = employments[0].id if len(employments) == 1 or (employments and identity.staff_only) else None
    sign_in = begin_sign_in(
        person, identity=identity, employment=chosen, user_agent=request.headers.get("User-Agent", "")
    )
    login.remember(request, person=person.id, employment=chosen, assurance=identity.assurance, sign_in=sign_in.id)
    if len(employments) > 1 or (not identity.staff_only and role_choices(person.id)):
        return HttpResponseRedirect(f"{reverse('choose_role')}?{_query(back)}")
    return HttpResponseRedirect(_landing(back, staff=chosen is not None))


def _ask_for_access(request: HttpRequest, person: UUID, identity: Identity, place: UUID | None) -> HttpResponse:
    by = Actor(kind="person", organisation=place, person=person, name=identity.name, assurance=identity.assurance)
    asked = ask_for_access(person, by=by, identity=identity)
    login.forget(request)
    slug = identity.provider.slug if identity.provider else ""
    request.session[_WAITING] = {"person": str(person), "request": str(asked.id), "slug": slug}
    return redirect("access_asked")


def _started(request: HttpRequest, slug: str) -> dict[str, str]:
    """What this browser's log-in began with, taken out so that it is used once; {} where there is none."""
    started: dict[str, str] = request.session.pop(_STARTED, None) or {}
    return started if started.get("slug") == slug else {}


def _provider(request: HttpRequest, slug: str) -> Provider:
    return get_object_or_404(Provider.objects.for_place(_place(request)), slug=slug)


def _place(request: HttpRequest) -> UUID | None:
    return request.place.id if request.place else None


def _landing(back: str, *, staff: bool) -> str:
    return reverse("my_day") if staff and back == reverse("start") else back


def _query(back: str) -> str:
    query = QueryDict(mutable=True)
    query["next"] = back
    return query.urlencode()


def _address(request: HttpRequest, name: str, provider: Provider) -> str:
    """Where this provider sends the browser back, at this site."""
    return provider_address(request, name, provider, prefix=request.place.prefix if request.place else "")


def provider_address(request: HttpRequest, name: str, provider: Provider, *, prefix: str) -> str:
    """An address that a provider is told of. All municipalities under one host share the whole region's."""
    path = reverse(name, args=[provider.slug]).removeprefix(get_script_prefix().rstrip("/"))
    url = request.build_absolute_uri(f"{prefix if provider.organisation_id else ''}{path}")
    return url if not settings.SECURE_TRANSPORT else url.replace("http://", "https://", 1)


def _failed(request: HttpRequest, why: str) -> HttpResponse:
    abandon()
    return render(request, "kernel/people/log_in_failed.html", {"why": why}, status=400)
