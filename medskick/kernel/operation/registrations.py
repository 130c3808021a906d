"""What the organisation's own running makes known: its kinds and its rows on the page Administration."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medskick.kernel.menu import AdministrationLink, register_administration
from medskick.kernel.operation.export_queries import waiting_exports
from medskick.kernel.operation.models import Departure
from medskick.kernel.operation.statement_actions import KIND
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.people.roles import ADMINISTRATOR, AUDITOR, REGISTRAR
from medskick.kernel.records.kinds import Kind, register_kind, trace_url
from medskick.kernel.records.models import Item


def register_operation() -> None:
    register_kind(
        Kind(
            key=KIND,
            label=_("anmälan om tillgänglighet"),
            trace_step=_("Anmält"),
            url=_report_url,
            phrases={"accessibility_report.answered": _("svarade på anmälan")},
            purpose=_("Rätta hinder på webbplatsen och svara den som anmälde"),
            legal_basis=_("Rättslig förpliktelse (lag 2018:1937)"),
        )
    )
    for link in (
        AdministrationLink(
            _("Loggen"),
            _("Följ en person eller en handling, och kontrollera att ingen har ändrat."),
            "log_search",
            (AUDITOR,),
            order=70,
        ),
        AdministrationLink(
            _("Tillgänglighet"),
            _("Redogörelsen för webbplatsen, och anmälda hinder."),
            "accessibility_reports",
            (ADMINISTRATOR, REGISTRAR),
            order=60,
        ),
        AdministrationLink(
            _("Export"),
            _("Allt som ni äger som en fil, i öppna format."),
            "exports",
            (ADMINISTRATOR,),
            order=80,
            waiting=_exports_to_release,
        ),
        AdministrationLink(
            _("Lämna regionen"),
            _("Avsluta en kommuns deltagande, med två personers godkännande."),
            "departures",
            (ADMINISTRATOR,),
            order=90,
            waiting=_departures_to_confirm,
        ),
    ):
        register_administration(link)


def _exports_to_release(actor: Actor) -> int:
    """What another has asked for: only somebody else may say yes to it."""
    return waiting_exports(actor.organisation).exclude(asked_by=actor.person).count()


def _departures_to_confirm(actor: Actor) -> int:
    waiting = Departure.objects.filter(withdrawn_at__isnull=True, confirmed_at__isnull=True)
    return waiting.exclude(asked_by=actor.person).count()


def _report_url(item: Item, staff: bool) -> str:
    return reverse("accessibility_report", args=[item.id]) if staff else trace_url(item)
