"""What documents makes known: its kinds and the way to them."""

from collections.abc import Callable
from importlib import import_module

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medskick.kernel.documents.models import (
    ANSWER_KIND,
    INCOMING_ANSWER_KIND,
    INCOMING_KIND,
    REFERRAL_KIND,
    VERSION_KIND,
)
from medskick.kernel.documents.panels import load_start
from medskick.kernel.menu import MenuEntry, Panel, register_menu, register_panel
from medskick.kernel.records.kinds import Kind, register_kind
from medskick.kernel.records.models import Item


def register_documents() -> None:
    """Called once, when the kernel is ready."""
    import_module("medskick.kernel.documents.jobs")
    register_menu(MenuEntry(_("Dokument"), "documents", "/arbete/dokument", 60, staff=True))
    register_panel(Panel("start", "documents.newest", "kernel/documents/start_panel.html", load_start, order=80))
    register_kind(Kind(key=VERSION_KIND, label=_("version"), trace_step=_("Version"), url=_version_url))
    register_kind(Kind(key=REFERRAL_KIND, label=_("remiss"), trace_step=_("Remiss"), url=_of_referral("referral")))
    register_kind(
        Kind(
            key=INCOMING_KIND,
            label=_("inkommen remiss"),
            trace_step=_("Inkommen remiss"),
            url=_of_referral("incoming_referral"),
        )
    )
    for key, label, step in (
        (ANSWER_KIND, _("remissvar"), _("Remissvar")),
        (INCOMING_ANSWER_KIND, _("inkommet remissvar"), _("Inkommet svar")),
    ):
        register_kind(Kind(key=key, label=label, trace_step=step, url=_answer_url))


def _version_url(item: Item, staff: bool) -> str:
    return reverse("document_version_of" if staff else "public_version_of", args=[item.number])


def _of_referral(name: str) -> Callable[[Item, bool], str]:
    return lambda item, staff: reverse(name, args=[item.id]) if staff else reverse("trace", args=[item.number])


def _answer_url(item: Item, staff: bool) -> str:
    return reverse("referral_answer_of", args=[item.number]) if staff else reverse("trace", args=[item.number])
