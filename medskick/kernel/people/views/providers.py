"""The log-in providers that an organisation looks after: its own, and as the region all."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from medskick.kernel.menu import administration_crumbs
from medskick.kernel.organisations.models import Organisation, Site
from medskick.kernel.people.actions import Refused
from medskick.kernel.people.actions.providers import (
    add_provider,
    change_provider,
    check_provider,
    remove_provider,
    secret_prefix,
)
from medskick.kernel.people.audience import audience, staff_with
from medskick.kernel.people.forms import ProviderForm
from medskick.kernel.people.models import Provider
from medskick.kernel.people.roles import ADMINISTRATOR
from medskick.kernel.people.views.logging_in import provider_address

ADMINISTRATORS = staff_with(ADMINISTRATOR)


@audience(ADMINISTRATORS)
def provider_list(request: HttpRequest) -> HttpResponse:
    """The organisation's own providers, and those of the whole region."""
    shown = Provider.objects.for_place(request.actor.organisation).select_related("organisation").order_by("label")
    here = [one for one in shown if one.organisation_id is not None]
    return render(
        request,
        "kernel/people/providers.html",
        {
            "own": here,
            "everybodys": [one for one in shown if one.organisation_id is None],
            "region": _region(request),
            "crumbs": administration_crumbs((_("Inloggning"), "")),
        },
    )


@audience(ADMINISTRATORS)
@require_http_methods(["GET", "POST"])
def new_provider(request: HttpRequest) -> HttpResponse:
    """Add a provider: the organisation's own, or as the region one for all."""
    form = _form(request, None)
    if form.is_bound and form.is_valid():
        try:
            made = add_provider(
                by=request.actor,
                slug=form.cleaned_data["slug"],
                organisation=None if _region(request) else _own(request),
                **form.provider_fields(),
            )
            messages.success(request, _("Inloggningen är tillagd. Prova den nu."))
            return redirect("provider", made.slug)
        except Refused as fault:
            form.add_error(None, str(fault))
    return render(
        request,
        "kernel/people/new_provider.html",
        {"form": form, "crumbs": _crumbs(_("Koppla in"))},
        status=422 if form.is_bound else 200,
    )


@audience(ADMINISTRATORS)
@require_http_methods(["GET", "POST"])
def provider(request: HttpRequest, slug: str) -> HttpResponse:
    """One provider: what to tell its supplier, whether it answers, and what can be changed."""
    shown = _shown(request, slug)
    form = _form(request, shown)
    if form.is_bound and form.is_valid():
        try:
            change_provider(_shown(request, slug), by=request.actor, **form.provider_fields())
            messages.success(request, _("Inloggningen är ändrad. Prova den igen."))
            return redirect("provider", slug)
        except Refused as fault:
            form.add_error(None, str(fault))
    saml = shown.protocol == Provider.SAML
    prefix = _prefix(request, shown)
    answered_at = provider_address(request, "finish_saml" if saml else "finish_provider", shown, prefix=prefix)
    addresses = [(_("Adressen för svar"), answered_at)]
    if saml:
        addresses.append((_("Våra metadata"), provider_address(request, "saml_metadata", shown, prefix=prefix)))
    context = {"provider": shown, "form": form, "addresses": addresses, "crumbs": _crumbs(shown.label)}
    return render(request, "kernel/people/provider.html", context, status=422 if form.is_bound else 200)


@audience(ADMINISTRATORS)
@require_POST
def provider_checked(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask the provider what it says of itself, without logging anybody in."""
    wrong = check_provider(_shown(request, slug), by=request.actor)
    if wrong:
        messages.warning(request, wrong)
    else:
        messages.success(request, _("Inloggningen svarar som den ska."))
    return redirect("provider", slug)


@audience(ADMINISTRATORS)
@require_http_methods(["GET", "POST"])
def provider_removed(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a provider off the log-in page, after a look at what that means."""
    shown = _shown(request, slug)
    if request.method == "POST":
        remove_provider(shown, by=request.actor)
        messages.success(request, _("Inloggningen är borttagen."))
        return redirect("providers")
    return render(request, "kernel/people/remove_provider.html", {"provider": shown, "crumbs": _crumbs(shown.label)})


def _prefix(request: HttpRequest, shown: Provider) -> str:
    """Where the organisation's site is below this host; nothing where it has a host of its own, which this then is."""
    if shown.organisation is None or Site.objects.filter(organisation=shown.organisation).exists():
        return ""
    return "" if shown.organisation.is_region else f"/{shown.organisation.slug}"


def _crumbs(here: str) -> list[tuple[str, str]]:
    return administration_crumbs((_("Inloggning"), reverse("providers")), (here, ""))


def _shown(request: HttpRequest, slug: str) -> Provider:
    """A provider that the acting organisation looks after itself: one of the whole region's is for the region alone."""
    mine = Provider.objects.for_place(request.actor.organisation).select_related("organisation")
    if not _region(request):
        mine = mine.filter(organisation_id=request.actor.organisation, for_staff=True, for_identity=False)
    found: Provider = get_object_or_404(mine, slug=slug)
    return found


def _form(request: HttpRequest, shown: Provider | None) -> ProviderForm:
    return ProviderForm(
        request.POST or None,
        region=_region(request),
        prefix_of_secret=secret_prefix((shown and shown.organisation) or _own(request)),
        is_new=shown is None,
        initial=ProviderForm.initial_of(shown) if shown else None,
    )


def _own(request: HttpRequest) -> Organisation:
    own: Organisation = Organisation.objects.get(id=request.actor.organisation)
    return own


def _region(request: HttpRequest) -> bool:
    return _own(request).is_region
