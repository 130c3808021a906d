"""What the room of networks tells the kernel: its kinds and its place in the menu."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medskick.kernel.menu import MenuEntry, register_menu
from medskick.kernel.records.kinds import Kind, register_kind, trace_url
from medskick.kernel.records.models import Item
from medskick.kernel.spaces.models import ANSWER_KIND, QUESTION_KIND, SPACE_KIND


def _url(name: str, item: Item, staff: bool) -> str:
    return reverse(name, args=[item.id]) if staff else trace_url(item)


def register_spaces() -> None:
    register_kind(
        Kind(
            key=SPACE_KIND,
            label=_("nätverkets rum"),
            trace_step=_("Nätverk"),
            url=lambda item, staff: _url("space_of_item", item, staff),
        )
    )
    register_kind(
        Kind(
            key=QUESTION_KIND,
            label=_("fråga i ett nätverk"),
            trace_step=_("Fråga"),
            url=lambda item, staff: _url("space_question", item, staff),
            phrases={
                "kernel.space_question.created": _("ställde frågan"),
                "space.answer_accepted": _("sa vilket svar som hjälpte"),
            },
            purpose=_("Att kommuner ska kunna fråga varandra"),
            legal_basis=_("uppgift av allmänt intresse"),
        )
    )
    register_kind(
        Kind(
            key=ANSWER_KIND,
            label=_("svar i ett nätverk"),
            trace_step=_("Svar"),
            url=lambda item, staff: _url("space_answer", item, staff),
            phrases={"kernel.space_answer.created": _("svarade")},
        )
    )
    register_menu(MenuEntry(_("Nätverk"), "networks", "/arbete/natverk", 65, staff=True))
