"""The walk over links: every step once, by its nearest way, in circles too; and every voice counted."""

from dataclasses import replace

import pytest

from medskick.kernel.records import kinds
from medskick.kernel.records.actions import create_item, link
from medskick.kernel.records.models import Item, Level, Relation
from medskick.kernel.tests.world import World
from medskick.kernel.trace import queries
from medskick.kernel.trace.queries import sources, steps_after, steps_before


def make(world: World, title: str, level: str = Level.PUBLIC) -> Item:
    return create_item(by=world.owner, kind="kernel.document", title=title, level=level)


def leads_to(world: World, before: Item, after: Item) -> None:
    link(by=world.owner, from_item=before, to_item=after, relation=Relation.GAVE_RISE_TO)


def test_ten_layers_of_three_ways_each_are_walked_in_no_time(world: World) -> None:
    """By paths there would be 59,049 of them; by steps there are 30."""
    with world.acting(world.owner):
        start = make(world, "Start")
        layer = [start]
        for depth in range(10):
            following = [make(world, f"{depth}.{number}") for number in range(3)]
            for before in layer:
                for after in following:
                    leads_to(world, before, after)
            layer = following
        steps = steps_after(start)
    assert len(steps) == len({step.item for step in steps}) == 30
    assert {step.title: step.depth for step in steps}["9.0"] == 10


def test_a_circle_ends_where_it_began(world: World) -> None:
    with world.acting(world.owner):
        one, two, three = (make(world, title) for title in ("Ett", "Två", "Tre"))
        for before, after in ((one, two), (two, three), (three, one)):
            leads_to(world, before, after)
        assert sorted(step.title for step in steps_after(one)) == ["Tre", "Två"]
        assert [step.title for step in steps_before(one)] == ["Tre", "Två"]


def test_all_voices_are_counted_though_only_some_are_shown(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    document = kinds.kind_of("kernel.document")
    monkeypatch.setitem(kinds._kinds, "kernel.document", replace(document, voice=True))
    monkeypatch.setattr(queries, "MOST", 4)
    with world.acting(world.owner):
        need = make(world, "Behovet")
        for number in range(9):
            leads_to(world, make(world, f"Röst {number}", Level.PUBLIC if number < 7 else Level.ORGANISATION), need)
    with world.acting(world.stranger):
        found = sources(need)
    assert (found.total, len(found.readable)) == (9, 4)


def test_who_linked_a_hidden_step_is_not_told(world: World) -> None:
    with world.acting(world.owner):
        start, hidden = make(world, "Start"), make(world, "Dold", Level.ORGANISATION)
        link(by=world.owner, from_item=start, to_item=hidden, relation=Relation.GAVE_RISE_TO, reason="Skälet")
    with world.acting(world.stranger):
        (step,) = steps_after(start)
    assert (step.told, step.title, step.summary, step.number, step.reason, step.linked_by) == (True, "", "", "", "", "")
    assert step.owner == world.tanum.id
