"""What this room tells the rest: its kind, its menu entries, the offer on every record, texts and disposers."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medskick.kernel.disclosure.access import may_see_as_stranger
from medskick.kernel.disclosure.actions import KIND, dispose_of_request, text_of_request
from medskick.kernel.disclosure.disclosables import (
    register_disclosable,
    register_disposer,
    text_of_document,
)
from medskick.kernel.disclosure.panels import by_number
from medskick.kernel.menu import MenuEntry, Panel, register_menu, register_panel
from medskick.kernel.people.roles import REGISTRAR
from medskick.kernel.records.kinds import Kind, register_kind, trace_url
from medskick.kernel.records.offers import EVERY_KIND, Offer, register_offer


def register_disclosure() -> None:
    register_kind(
        Kind(
            key=KIND,
            label=_("begäran om handling"),
            trace_step=_("Begärt"),
            url=lambda item, staff: reverse("disclosure_request", args=[item.id]) if staff else trace_url(item),
            phrases={
                f"{KIND}.created": _("bad att få läsa en handling"),
                "disclosure.prepared": _("förberedde en kopia"),
                "disclosure.answer.released": _("lämnade ut handlingen"),
                "disclosure.answer.masked": _("lämnade ut handlingen med maskning"),
                "disclosure.answer.refused": _("lämnade inte ut handlingen"),
                "disclosure.answer.not_held": _("svarade att handlingen inte finns"),
                "disclosure.decision_wanted": _("bad om ett beslut"),
                "disclosure.decision.released": _("beslutade att lämna ut handlingen"),
                "disclosure.decision.masked": _("beslutade att lämna ut handlingen med maskning"),
                "disclosure.decision.refused": _("beslutade att inte lämna ut handlingen"),
                "disclosure.decision.not_held": _("beslutade att handlingen inte finns"),
            },
            purpose=_("Att pröva och besvara den som vill läsa en allmän handling."),
            legal_basis=_("Rättslig förpliktelse, dataskyddsförordningen artikel 6.1 c."),
        )
    )
    register_disclosable("kernel.document", text_of_document)
    register_disclosable(KIND, text_of_request)
    register_disposer(KIND, dispose_of_request)
    register_menu(MenuEntry(_("Diarium"), "staff_diary", "/arbete/diarium", 70, True, (REGISTRAR,)))
    register_menu(MenuEntry(_("Utlämnande"), "disclosure_requests", "/arbete/utlamnande", 72, True, (REGISTRAR,)))
    register_panel(
        Panel("nothing_found", "kernel.by_number", "kernel/disclosure/found_by_number.html", by_number, order=10)
    )
    register_offer(
        Offer(
            EVERY_KIND,
            "as_stranger",
            _("Vad får allmänheten läsa?"),
            url=lambda item: reverse("as_stranger", args=[item.id]),
            allowed=may_see_as_stranger,
            order=90,
        )
    )
