"""What a stranger may read of a record, by each way in: its page, search, the diary, a trace. Read under her own scope."""

from dataclasses import dataclass

from medskick.kernel.disclosure.disclosables import Text, text_of
from medskick.kernel.disclosure.queries import DiaryLine, DiarySearch
from medskick.kernel.organisations.scope import Scope, scope
from medskick.kernel.records.models import Item
from medskick.kernel.search.queries import search
from medskick.kernel.trace.queries import TraceStep, steps_after, steps_before

STRANGER = Scope(acting=None)
NEIGHBOURS = 5


@dataclass(frozen=True, slots=True)
class StrangersView:
    """text: None where the page does not open for her. line: its line of the diary, None where it is not registered.

    step: how it is told in the trace of something that she may read, None where no such trace leads to it.
    """

    text: Text | None
    found: bool
    line: DiaryLine | None
    step: TraceStep | None

    @property
    def opens(self) -> bool:
        return self.text is not None


def strangers_text(item: Item) -> Text | None:
    """What a stranger reads on the item's page: nothing where it does not open for her."""
    with scope(STRANGER):
        seen = Item.objects.filter(id=item.id).first()
        return text_of(seen) if seen is not None else None


def strangers_view(item: Item) -> StrangersView:
    """All four ways in. The item itself has been read under the open scope."""
    record = getattr(item, "record", None)
    neighbours = [step.item for step in (*steps_before(item), *steps_after(item))][:NEIGHBOURS]
    with scope(STRANGER):
        return StrangersView(
            text=strangers_text(item),
            found=item in search(item.title).items,
            line=_line(item, record.diary_number) if record and record.serial else None,
            step=next((step for one in Item.objects.filter(id__in=neighbours) for step in _told(one, item)), None),
        )


def _line(item: Item, diary_number: str) -> DiaryLine | None:
    lines = DiarySearch(owner=item.owner_id, words=diary_number).page(skip=0, most=1)
    return lines[0] if lines else None


def _told(start: Item, item: Item) -> list[TraceStep]:
    return [step for step in (*steps_after(start), *steps_before(start)) if step.item == item.id]
