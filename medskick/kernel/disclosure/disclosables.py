"""What a record says in full, and how it is destroyed: each kind tells here, and the kernel need not know it."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from medskick.kernel.documents.models import DocumentVersion
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.records.models import Item

type Text = list[tuple[str, str]]
type Disclosable = Callable[[Item], Text]
type Disposer = Callable[[Item, Actor], None]

_disclosables: dict[str, Disclosable] = {}
_disposers: dict[str, Disposer] = {}


def register_disclosable(kind: str, read: Disclosable) -> None:
    """Say how the whole text of a kind is read, as (label, text), under the open scope.

    Raise ValueError where the kind has one already.
    """
    if _disclosables.setdefault(kind, read) is not read:
        raise ValueError(f"The text of {kind} is registered already")


def register_disposer(kind: str, dispose: Disposer) -> None:
    """Say how the content of a kind is destroyed, for good. Raise ValueError where the kind has one already."""
    if _disposers.setdefault(kind, dispose) is not dispose:
        raise ValueError(f"The disposer of {kind} is registered already")


def disposer_of(kind: str) -> Disposer | None:
    return _disposers.get(kind)


def text_of(item: Item) -> Text:
    """What the record says, as far as the open scope may read it: empty fields are left out."""
    read = _disclosables.get(item.kind, title_and_summary)
    return [(label, text) for label, text in read(item) if text]


def title_and_summary(item: Item) -> Text:
    return [(_("Rubrik"), item.title), (_("Sammanfattning"), item.summary if item.summary != item.title else "")]


def text_of_document(item: Item) -> Text:
    """All fields of a document's latest version that may be read, or of the version that the item is."""
    versions = DocumentVersion.objects.filter(item_id=item.id) | DocumentVersion.objects.filter(document_id=item.id)
    version = versions.order_by("-major", "-minor").first()
    if version is None:
        return title_and_summary(item)
    head = [(_("Rubrik"), version.title), (_("Version"), version.number)]
    return [*head, *((field["label"], field["value"]) for field in version.fields)]
