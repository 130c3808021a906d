"""What this engine tells the kernel: its kinds, menu entries and panels."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medskick.kernel.menu import MenuEntry, Panel, register_menu, register_panel
from medskick.kernel.records.kinds import Kind, register_kind
from medskick.kernel.records.models import Item
from medskick.measure.indicators.panels import latest_finding


def register() -> None:
    register_kind(
        Kind(
            key="measure.indicator",
            label=_("nyckeltal"),
            trace_step=_("Mätt"),
            url=_url,
            phrases={
                "measure.indicator.created": _("lade upp nyckeltalet"),
                "measure.value.recorded": _("skrev in ett värde"),
                "measure.values.recorded": _("skrev in flera värden"),
            },
        )
    )
    register_menu(MenuEntry(_("Så går det"), "progress", "/sa-gar-det", order=40, staff=False))
    register_menu(MenuEntry(_("Mäta"), "measure", "/arbete/mata", order=40, staff=True))
    register_panel(Panel("start", "latest_finding", "measure/indicators/panel_start.html", latest_finding, order=40))


def _url(item: Item, staff: bool) -> str:
    return reverse("measure_indicator" if staff else "indicator_by_id", args=[item.id])
