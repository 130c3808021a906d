"""What the tests of sharing have in common: a fixed guideline of the region, shared with whom the story needs."""

from collections.abc import Mapping
from uuid import UUID

from medskick.kernel.documents.actions import Openness, change_draft, draft_document, fix_version
from medskick.kernel.documents.models import DocumentVersion
from medskick.kernel.documents.templates import document_templates
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.records.models import Item, Share
from medskick.kernel.sharing.actions.sharing import share_document
from medskick.kernel.tests.world import World

TEXT = {
    "purpose": "Alla ska få svar.",
    "covers": "Alla förvaltningar.",
    "rules": "Svara inom två dagar.",
    "responsible": "Förvaltningschefen.",
    "follow_up": "Varje år.",
    "local": "",
}


def guideline(by: Actor, title: str = "Riktlinje för svar", **values: str) -> DocumentVersion:
    """A fixed version 1.0, made in the open scope."""
    template = document_templates()["guideline"]
    draft = draft_document(by=by, template=template, title=title, values={**TEXT, **values})
    return _fixed(draft, by, "Beslutad")


def next_version(version: DocumentVersion, by: Actor, values: Mapping[str, str]) -> DocumentVersion:
    """The next whole number, with these fields changed."""
    draft = change_draft(version, by=by, title=version.title, values=values, reason="Ny lydelse")
    return _fixed(draft, by, "Beslutad igen")


def shared_guideline(
    world: World, token: UUID | None, *, by: Actor | None = None, may: str = Share.ADOPT
) -> tuple[Item, DocumentVersion]:
    """The owner's (or another's) guideline, shared with the holder of a token."""
    by = by or world.owner
    with world.acting(by):
        version = guideline(by)
        item = Item.objects.get(id=version.document_id)
        share_document(item, by=by, with_token=token, may=may)
    return item, version


def _fixed(draft: DocumentVersion, by: Actor, reason: str) -> DocumentVersion:
    """Fixed, and read by those whom it is shared with alone."""
    return fix_version(draft, by=by, reason=reason, openness=Openness.READERS, why_not="Den delas med andra kommuner")
