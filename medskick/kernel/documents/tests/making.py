"""Documents for tests, made by the verbs."""

from medskick.kernel.documents.actions import change_draft, draft_document, fix_version
from medskick.kernel.documents.models import DocumentVersion
from medskick.kernel.documents.templates import document_templates
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.tests.world import World

VALUES = {"purpose": "Alla ska kunna bada.", "rules": "Bryggan stängs klockan tio."}


def make_draft(world: World, by: Actor | None = None, *, title: str = "Badplatser", **more: object) -> DocumentVersion:
    by = by or world.owner
    with world.acting(by):
        given = {"template": document_templates()["guideline"], "title": title, "values": VALUES, **more}
        return draft_document(by=by, **given)


def make_fixed(world: World, by: Actor | None = None, *, title: str = "Badplatser", **more: object) -> DocumentVersion:
    by = by or world.owner
    draft = make_draft(world, by, title=title)
    with world.acting(by):
        return fix_version(draft, by=by, reason="Beslut § 1", **more)


def make_next_draft(world: World, fixed: DocumentVersion, text: str = "Hemliga hoppborgen") -> DocumentVersion:
    with world.acting(world.owner):
        return change_draft(
            fixed, by=world.owner, title="Badplatser och borgar", values={"rules": text}, reason="Prövar"
        )
