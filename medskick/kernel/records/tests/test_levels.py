"""What a level alone gives, and takes with it; what is sealed; what residents may not decide."""

import pytest
from django.core.exceptions import PermissionDenied

from medskick.kernel.records.actions import change_item, create_item, end_link, link, publish, share
from medskick.kernel.records.models import Item, Level, Link, Relation
from medskick.kernel.tests.world import World

PEOPLE = ("owner", "colleague", "stranger", "regional", "resident")


def seen_by(world: World, item: Item) -> set[str]:
    seen = set()
    for name in PEOPLE:
        with world.acting(getattr(world, name)):
            if Item.objects.filter(id=item.id).exists():
                seen.add(name)
    return seen


def make(world: World, title: str = "En handling", **more: object) -> Item:
    return create_item(by=world.owner, kind="kernel.document", title=title, **more)


def test_what_is_taken_back_from_the_region_is_no_longer_read_there(world: World) -> None:
    with world.acting(world.owner):
        item = make(world, level=Level.REGION)
    assert seen_by(world, item) == {"owner", "colleague", "stranger", "regional"}
    with world.acting(world.owner):
        change_item(item, by=world.owner, verb="document.withdrawn", level=Level.ORGANISATION)
    assert seen_by(world, item) == {"owner", "colleague"}


def test_a_unit_s_item_is_read_by_the_unit_it_is_with_now(world: World) -> None:
    other = type(world.unit).objects.create(organisation=world.tanum, name="Skola")
    with world.acting(world.owner):
        item = make(world, level=Level.UNIT, unit=world.unit.id, readers=[world.owner.person])
    assert seen_by(world, item) == {"owner", "colleague"}
    with world.acting(world.owner):
        change_item(item, by=world.owner, verb="document.moved", unit=other.id)
    assert seen_by(world, item) == {"owner"}


def test_sealing_seals_the_links_that_others_made(world: World) -> None:
    with world.acting(world.stranger):
        theirs = create_item(by=world.stranger, kind="kernel.document", title="Hos grannen", level=Level.PUBLIC)
    with world.acting(world.owner):
        ours = make(world, level=Level.PUBLIC, readers=[world.owner.person])
    with world.acting(world.stranger):
        link(by=world.stranger, from_item=theirs, to_item=ours, relation=Relation.GAVE_RISE_TO)
    with world.acting(world.owner):
        change_item(ours, by=world.owner, verb="document.sealed", level=Level.SEALED)
        assert Link.objects.get().sealed
    with world.acting(world.stranger):
        assert Link.objects.count() == 0


def test_a_resident_neither_publishes_nor_ends_what_her_municipality_owns(world: World) -> None:
    with world.acting(world.owner):
        one = make(world, level=Level.PUBLIC)
        made = link(by=world.owner, from_item=one, to_item=make(world), relation=Relation.GAVE_RISE_TO)
    with world.acting(world.resident):
        for attempt in (
            lambda: publish(one, by=world.resident),
            lambda: share(one, by=world.resident, with_token=world.sotenas.id),
            lambda: end_link(made, by=world.resident, reason="Jag ville"),
        ):
            with pytest.raises(PermissionDenied):
                attempt()
