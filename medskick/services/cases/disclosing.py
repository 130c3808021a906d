"""The whole text of a case, for the registrar who is to decide what a stranger may read of it."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from medskick.kernel.files.models import StoredFile
from medskick.kernel.records.models import Item
from medskick.services.cases import queries


def text_of_case(item: Item) -> list[tuple[str, str]]:
    """What was sent in, what was said of it, answered and noted, in the order of the case's own page.

    Raise Case.DoesNotExist where the open scope may not read it. Attachments are named, for they are given out apart.
    """
    case = queries.case_by_item(item.id)
    steps = queries.steps_of(case)
    said = [(_("Rubrik"), item.title), *((one.label, one.shown) for one in queries.answers_of(case))]
    said += [(str(step.get_verb_display()), step.reason) for step in steps if step.reason]
    for reply in queries.replies_in(steps):
        said += [(_("Svar"), reply.text), (_("Varför"), reply.reason)]
    said += [(_("Anteckning av %(name)s") % {"name": note.by_name}, note.text) for note in queries.notes_on(case)]
    said += [(capfirst(_("bilaga")), one.name) for one in StoredFile.objects.filter(item_id=item.id)]
    return said
