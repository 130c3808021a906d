"""What this engine tells the kernel: its kinds, menu entries and panels."""

from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medskick.kernel.assistance.coverage import register_coverage
from medskick.kernel.disclosure.disclosables import register_disclosable
from medskick.kernel.menu import MenuEntry, Panel, register_menu, register_panel
from medskick.kernel.people.private_address import register_address_page
from medskick.kernel.people.roles import CASE_OFFICER, REGISTRAR
from medskick.kernel.records.kinds import Kind, register_kind
from medskick.kernel.typing import Text
from medskick.services.cases.disclosing import text_of_case
from medskick.services.cases.moves import KIND, coverage_key
from medskick.services.cases.queries import is_at_address
from medskick.services.definitions.catalogue import catalogue
from medskick.services.panels import common_services, my_cases, opinion


def _covered() -> list[tuple[str, Text]]:
    """Each e-service is something that a mandate can be good for."""
    return [(coverage_key(one.slug), str(one.title)) for one in catalogue().all()]


def _own_page(token: UUID, address: str) -> str:
    return reverse("sender_case", args=[address]) if is_at_address(token) else ""


def register() -> None:
    register_address_page(_own_page)
    register_coverage(_covered)
    register_kind(
        Kind(
            key=KIND,
            label=_("ärende"),
            trace_step=_("Sagt"),
            url=lambda item, staff: reverse("case" if staff else "my_case", args=[item.id]),
            phrases={
                "services.case.created": _("skickade in ett ärende"),
                "case.taken": _("började handlägga ärendet"),
                "case.answered": _("besvarade ärendet"),
                "case.summarised": _("skrev svaret i spåret"),
                "case.reassigned": _("lämnade över ärendet till en annan enhet"),
                "case.noted": _("skrev en anteckning"),
                "case.satisfied": _("var nöjd med svaret"),
                "case.unsatisfied": _("var inte nöjd med svaret"),
                "case.closed": _("avslutade ärendet"),
            },
            purpose=_("Att ta emot, handlägga och besvara det som skickas in genom en e-tjänst."),
            legal_basis=_("Uppgift av allmänt intresse, dataskyddsförordningen artikel 6.1 e."),
            voice=True,
        )
    )
    register_disclosable(KIND, text_of_case)
    register_menu(MenuEntry(_("Ansök och anmäl"), "services", "/ansok", order=20, staff=False))
    register_menu(
        MenuEntry(_("Utföra"), "cases", "/arbete/utfora", order=30, staff=True, roles=(CASE_OFFICER, REGISTRAR))
    )
    register_panel(Panel("start", "services.common", "services/panels/common.html", common_services, order=60))
    register_panel(Panel("tyck_till", "services.opinion", "services/panels/opinion.html", opinion, order=60))
    register_panel(Panel("nothing_found", "services.opinion", "services/panels/opinion.html", opinion, order=60))
    register_panel(Panel("mine", "services.cases", "services/panels/my_cases.html", my_cases, order=20))
