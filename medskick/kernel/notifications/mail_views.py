"""Mail, from the side of the one who gets it: leaving an address, the links in the mails, how often, off.

Mail scanners follow links, so no link changes anything by being opened: each leads to a page with a button. What is
posted by a mail program on the reader's behalf (RFC 8058) comes without cookies, and can only turn mail off.
"""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from medskick.kernel.notifications.delivering import shows_outbox
from medskick.kernel.notifications.forms import AddressForm, MailChoicesForm, SecretAddressForm
from medskick.kernel.notifications.jobs import send_mail_now
from medskick.kernel.notifications.mail_actions import (
    LinkTooOld,
    address_to_confirm,
    address_to_turn_off,
    choose_mail,
    confirm_address,
    forget_address,
    leave_address,
)
from medskick.kernel.notifications.mail_box import Bearer, read_bearer
from medskick.kernel.notifications.mail_secrets import off_secret
from medskick.kernel.notifications.models import EmailAddress
from medskick.kernel.notifications.queries import address_of
from medskick.kernel.organisations.scope import reader_token
from medskick.kernel.people import throttle
from medskick.kernel.people.audience import PUBLIC, RESIDENT, audience
from medskick.kernel.people.login import safe_next


@audience(RESIDENT)
@require_http_methods(["GET", "POST"])
def choices(request: HttpRequest) -> HttpResponse:
    """Where and how often the signed-in person wants mail."""
    left = address_of(request.actor.speaker)
    form = MailChoicesForm.of(left, request.POST or None) if left else None
    if request.method == "POST" and left and form and form.is_valid():
        choose_mail(left, by=request.actor, **form.cleaned_data)
        messages.success(request, _("Ditt val är sparat."))
        return HttpResponseRedirect(reverse("mail_choices"))
    return _choices_page(request, left, form, AddressForm())


@audience(RESIDENT)
@require_POST
def own_address(request: HttpRequest) -> HttpResponse:
    """Leave an address, or change it."""
    form = AddressForm(request.POST)
    if form.is_valid() and _left(request, form) is not None:
        messages.success(request, _("Vi har skickat ett mejl till dig. Öppna det och tryck på länken."))
        return HttpResponseRedirect(reverse("mail_choices"))
    left = address_of(request.actor.speaker)
    return _choices_page(request, left, MailChoicesForm.of(left) if left else None, form)


@audience(RESIDENT)
@require_POST
def own_address_off(request: HttpRequest) -> HttpResponse:
    left = address_of(request.actor.speaker)
    if left is not None:
        forget_address(left, by=request.actor)
    messages.success(request, _("Adressen är borttagen. Du får inga fler mejl."))
    return HttpResponseRedirect(reverse("mail_choices"))


@audience(PUBLIC)
@require_POST
@never_cache
def leave(request: HttpRequest) -> HttpResponse:
    """An address left without log-in, by whoever opened a page with a secret (kernel.md H)."""
    form = SecretAddressForm(request.POST)
    if form.is_valid():
        bearer = read_bearer(form.cleaned_data["secret"])
        if bearer is None:
            form.add_error(None, _("Sidan är för gammal. Öppna din spåradress en gång till."))
        elif _left(request, form, bearer) is not None:
            messages.success(request, _("Vi har skickat ett mejl till dig. Öppna det och tryck på länken."))
            return _private(HttpResponseRedirect(safe_next(request, form.cleaned_data["back"])))
    context = {"form": form, "back": safe_next(request, form.data.get("back", ""))}
    return _private(render(request, "kernel/notifications/leave_mail.html", context, status=422))


@audience(PUBLIC)
@require_http_methods(["GET", "POST"])
@never_cache
def confirm(request: HttpRequest, secret: str) -> HttpResponse:
    """The link in the first mail: a button, and what it says when it is pressed."""
    attempt = throttle.guard(request, "trace")
    try:
        left = confirm_address(secret, by=request.actor) if request.method == "POST" else address_to_confirm(secret)
    except LinkTooOld:
        return _private(render(request, "kernel/notifications/mail_link_dead.html", {"old": True}, status=410))
    if left is None:
        attempt.failed()
        return _private(render(request, "kernel/notifications/mail_link_dead.html", {}, status=404))
    if request.method == "POST":
        messages.success(request, _("Klart! Vi skriver till dig när det händer något med det du följer."))
        return _private(HttpResponseRedirect(reverse("manage_mail", args=[off_secret(left.id)])))
    return _private(render(request, "kernel/notifications/confirm_mail.html", {}))


@audience(PUBLIC)
@require_http_methods(["GET", "POST"])
@never_cache
def manage(request: HttpRequest, secret: str) -> HttpResponse:
    """The link in every mail: how often, and off, without logging in."""
    attempt = throttle.guard(request, "trace")
    left = address_to_turn_off(secret)
    if left is None:
        attempt.failed()
        return _private(render(request, "kernel/notifications/mail_link_dead.html", {}, status=404))
    form = MailChoicesForm.of(left, request.POST or None)
    if request.method == "POST" and form.is_valid():
        choose_mail(left, by=request.actor, **form.cleaned_data)
        messages.success(request, _("Ditt val är sparat."))
        return _private(HttpResponseRedirect(reverse("manage_mail", args=[secret])))
    context = {"form": form, "secret": secret, "confirmed": left.confirmed_at is not None}
    return _private(
        render(request, "kernel/notifications/manage_mail.html", context, status=422 if form.is_bound else 200)
    )


@audience(PUBLIC)
@csrf_exempt  # a mail program posts it for its reader, without cookies (RFC 8058); the secret is the right to do it
@require_http_methods(["GET", "POST"])
@never_cache
def off(request: HttpRequest, secret: str) -> HttpResponse:
    """One click off. What is off already is answered alike: whoever asks twice is no less done."""
    attempt = throttle.guard(request, "trace")
    left = address_to_turn_off(secret)
    if left is None:
        attempt.failed()
    elif request.method == "POST":
        forget_address(left, by=request.actor)
    done = request.method == "POST" or left is None
    return _private(render(request, "kernel/notifications/mail_off.html", {"done": done, "secret": secret}))


def _left(request: HttpRequest, form: AddressForm, bearer: Bearer | None = None) -> EmailAddress | None:
    """Leave what was typed; None, with the reason in the form, where it is no address. Slows down whoever asks a lot."""
    typed = form.cleaned_data["email"]
    for attempt in (
        throttle.guard(request, "mail_origin"),
        throttle.guard(request, "mail_address", key=typed.casefold()),
    ):
        attempt.failed()
    try:
        left = leave_address(
            by=request.actor,
            address=typed,
            holder=reader_token(bearer.secret) if bearer else None,
            kept_until=bearer.day if bearer else None,
        )
    except ValidationError as fault:
        form.add_error("email", fault)
        return None
    send_mail_now.defer(by=request.actor)
    return left


def _choices_page(
    request: HttpRequest, left: EmailAddress | None, form: MailChoicesForm | None, address_form: AddressForm
) -> HttpResponse:
    faulty = address_form.is_bound or (form is not None and form.is_bound)
    context = {"left": left, "form": form, "address_form": address_form, "outbox": shows_outbox()}
    return render(request, "kernel/notifications/mail_choices.html", context, status=422 if faulty else 200)


def _private(response: HttpResponse) -> HttpResponse:
    """The address of the page is a secret: no search engine keeps it. The Referer stays on this site by the site's own
    policy; a stricter one would make browsers send the form without saying where it comes from, and it be refused."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
