"""How mail is doing: the administrator's page, the signature, and the example region's outbox."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from medskick.design.parts import Column, Table
from medskick.kernel.notifications.delivering import mail_server, shows_outbox
from medskick.kernel.notifications.forms import MailSenderForm
from medskick.kernel.notifications.jobs import send_mail_now
from medskick.kernel.notifications.mail_actions import retry_failed, sign_mail
from medskick.kernel.notifications.models import Delivery
from medskick.kernel.notifications.outbox import shown_mails
from medskick.kernel.notifications.queries import MailDay, mail_by_day, troubles
from medskick.kernel.notifications.writing import signature_of
from medskick.kernel.organisations.places import Place, place_of
from medskick.kernel.people.audience import PUBLIC, audience, staff_with
from medskick.kernel.people.roles import ADMINISTRATOR
from medskick.lib.dates import say_date

DAYS_SHOWN = 14
STATES_SHOWN = (Delivery.QUEUED, Delivery.SENT, Delivery.FAILED, Delivery.BOUNCED, Delivery.STOPPED)


@audience(staff_with(ADMINISTRATOR))
def status(request: HttpRequest) -> HttpResponse:
    """How many mails wait, got through and failed, by day; never to whom."""
    here, since = _own_place(request), timezone.now() - timedelta(days=DAYS_SHOWN)
    days = mail_by_day(here.id, since)
    context = {
        "days": _table(days) if days else None,
        "failed": sum(one.counts.get(Delivery.FAILED, 0) for one in days),
        "troubles": troubles(here.id, since),
        "signature": signature_of(here),
        "server": mail_server() is not None,
        "outbox": shows_outbox(),
        "crumbs": [(_("Administration"), reverse("administration")), (_("Utskick"), "")],
    }
    return render(request, "kernel/notifications/mail_status.html", context)


@audience(staff_with(ADMINISTRATOR))
@require_POST
def retry(request: HttpRequest) -> HttpResponse:
    """Try everything that failed once more."""
    many = retry_failed(by=request.actor)
    if many:
        send_mail_now.defer(by=request.actor)
    text = ngettext("%(many)s mejl är på väg igen.", "%(many)s mejl är på väg igen.", many) % {"many": many}
    messages.success(request, text if many else _("Det fanns inget mejl att skicka om."))
    return HttpResponseRedirect(reverse("mail_status"))


@audience(staff_with(ADMINISTRATOR))
@require_http_methods(["GET", "POST"])
def sender(request: HttpRequest) -> HttpResponse:
    """How the organisation signs its mail."""
    now = signature_of(_own_place(request))
    standing = {"name": now.name, "address": now.address, "language": now.language}
    form = MailSenderForm(request.POST or None, initial=standing)
    if request.method == "POST" and form.is_valid():
        try:
            sign_mail(by=request.actor, **form.cleaned_data)
        except ValidationError as fault:
            form.add_error("address", fault)
        else:
            messages.success(request, _("Mejlen skickas nu med den avsändaren."))
            return HttpResponseRedirect(reverse("mail_status"))
    context = {"form": form, "crumbs": _crumbs(_("Avsändare"))}
    return render(request, "kernel/notifications/mail_sender.html", context, status=422 if form.is_bound else 200)


@audience(PUBLIC)
@never_cache
def outbox(request: HttpRequest) -> HttpResponse:
    """What would have been sent, in the example region, where nothing is."""
    if not shows_outbox():
        raise Http404
    mails = shown_mails(f"{request.scheme}://{request.get_host()}", timezone.now())
    return render(request, "kernel/notifications/outbox.html", {"mails": mails})


def _table(days: list[MailDay]) -> Table:
    labels = dict(Delivery.STATES)
    columns = [Column(_("Dag")), *(Column(str(labels[one]).capitalize(), numeric=True) for one in STATES_SHOWN)]
    rows = [[say_date(day.day), *(day.counts.get(state, 0) for state in STATES_SHOWN)] for day in days]
    return Table(_("Mejl per dag, de senaste två veckorna"), columns=columns, rows=rows)


def _own_place(request: HttpRequest) -> Place:
    organisation: UUID | None = request.actor.organisation
    place = place_of(organisation) if organisation else None
    if place is None:
        raise Http404
    return place


def _crumbs(last: str) -> list[tuple[str, str]]:
    return [(_("Administration"), reverse("administration")), (_("Utskick"), reverse("mail_status")), (last, "")]
