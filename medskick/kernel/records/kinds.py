"""Kinds: what an engine tells the kernel about its items, so that they can be shown and traced without knowing it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medskick.kernel.typing import Text

if TYPE_CHECKING:
    from medskick.kernel.records.models import Item


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of item.

    key: "engine.name", stored on the item.
    label: what people call one ("behov").
    trace_step: the one word of its knot on the thread ("Samlat").
    url: the page of one item, by its id; staff is true for a reader at work.
    phrases: log verb -> Swedish phrase ("need.accepted" -> "tog emot behovet").
    purpose, legal_basis: what the register of processing says of its personal data.
    voice: true where the item is something that somebody said and is owed an answer to.
    """

    key: str
    label: Text
    trace_step: Text
    url: Callable[["Item", bool], str]
    phrases: dict[str, Text] = field(default_factory=dict)
    purpose: Text = ""
    legal_basis: Text = ""
    voice: bool = False


_kinds: dict[str, Kind] = {}


def register_kind(kind: Kind) -> None:
    """Make a kind known. Raise ValueError where the key is taken by another kind."""
    if _kinds.setdefault(kind.key, kind) is not kind:
        raise ValueError(f"Kind {kind.key} is registered already")


def kind_of(key: str) -> Kind:
    """The kind with this key. Raise LookupError where no engine registered it."""
    try:
        return _kinds[key]
    except KeyError:
        raise LookupError(f"No kind {key!r} is registered") from None


def kinds() -> Iterator[Kind]:
    yield from _kinds.values()


def item_url(item: "Item", *, staff: bool) -> str:
    return kind_of(item.kind).url(item, staff)


def trace_url(item: "Item") -> str:
    return reverse("trace", args=[item.number])


def register_kernel_kinds() -> None:
    register_kind(
        Kind(
            key="kernel.document",
            label=_("dokument"),
            trace_step=_("Dokument"),
            url=lambda item, staff: reverse("document" if staff else "public_document", args=[item.number]),
            phrases={
                "kernel.document.created": _("började på dokumentet"),
                "document.version_written": _("skrev en ny version"),
                "document.reviewed": _("läste igenom dokumentet"),
                "document.fixed": _("fastställde en version"),
                "document.published": _("öppnade en version för alla"),
                "document.working_paper_shared": _("delade ett utkast"),
                "document.looked_after": _("ändrade ansvar eller förvaring"),
            },
        )
    )
