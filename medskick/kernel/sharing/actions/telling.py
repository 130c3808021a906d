"""What happens at the adopters when the owner fixes a new version: a task in each, never a silent change."""

from datetime import timedelta
from uuid import UUID

from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from medskick.kernel.documents.models import DocumentVersion
from medskick.kernel.organisations.actor import Actor, system
from medskick.kernel.organisations.scope import scope
from medskick.kernel.records.models import Item
from medskick.kernel.sharing.actions.sharing import follow_the_document
from medskick.kernel.sharing.models import Adoption
from medskick.kernel.tasks.actions import create_task, settle
from medskick.kernel.tasks.models import Task

STAND_DAYS = 30


def on_version_fixed(version: DocumentVersion, by: Actor) -> None:
    """A version of a document was fixed: its item follows the document, and each adopter gets a task.

    Where the share is over, nothing is told: the adopter may not read what is new, and goes on with what it has.
    """
    follow_the_document(Item.objects.get(id=version.document_id), by)
    with connection.cursor() as cursor:
        cursor.execute(
            "select item, owner, unit, person from adopters_of(%s, %s) where reached",
            [version.document_id, version.id],
        )
        adopters = cursor.fetchall()
    for item, owner, unit, person in adopters:
        there = system(owner, channel="demo" if by.channel == "demo" else "job")
        with scope(there.scope()):
            _ask_for_a_stand(Adoption.objects.select_related("item").get(item_id=item), version, there, unit, person)


def _ask_for_a_stand(
    adoption: Adoption, version: DocumentVersion, by: Actor, unit: UUID | None, person: UUID | None
) -> None:
    """One open task an adoption: a version that came while the last one waited takes its place."""
    settle(adoption.item, by=by, relation=Task.TO_DO)
    if unit is None and person is None:
        return
    create_task(
        adoption.item,
        by=by,
        what=_("Ta ställning till version %(number)s") % {"number": version.number},
        verb=_("ta ställning"),
        url=reverse("adoption", args=[adoption.item_id]),
        due=timezone.localdate() + timedelta(days=STAND_DAYS),
        unit=unit,
        person=None if unit else person,
    )
