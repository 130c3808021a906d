"""What the kernel's own pages cost in queries, session, actor and scope included, with one row as with three."""

import pytest

from medskick.kernel.records.actions import create_item, link, register
from medskick.kernel.records.models import Item, Level, Relation
from medskick.kernel.tests.world import World, page_queries

TRACE, LIST = 12, 8


def chain(world: World, steps: int) -> Item:
    with world.acting(world.owner):
        voice = create_item(by=world.owner, kind="kernel.document", title="Bryggan", level=Level.PUBLIC)
        register(voice, by=world.owner)
        last = voice
        for number in range(steps):
            made = create_item(by=world.owner, kind="kernel.document", title=f"Brygga {number}", level=Level.PUBLIC)
            link(by=world.owner, from_item=last, to_item=made, relation=Relation.GAVE_RISE_TO)
            last = made
    return voice


@pytest.mark.parametrize("reader", ["owner", "resident", "nobody"])
@pytest.mark.parametrize(("page", "budget"), [("/spar/{}", TRACE), ("/sok?q=brygga", LIST), ("/meddelanden", LIST)])
def test_a_page_keeps_its_budget_and_costs_the_same_with_more_rows(
    world: World, reader: str, page: str, budget: int
) -> None:
    if reader == "nobody" and page == "/meddelanden":
        pytest.skip("messages are for those who are logged in")
    browser = world.client(getattr(world, reader, None))
    short, long = chain(world, 1), chain(world, 3)
    page_queries(browser, page.format(short.number))  # the first one reads the directory of places
    one, three = (page_queries(browser, page.format(item.number)) for item in (short, long))
    assert len(one) <= budget, one
    assert len(three) == len(one)


def test_who_acts_and_the_scope_cost_three_queries_signed_in_and_one_signed_out(world: World) -> None:
    page_queries(world.client(), "/spar")
    assert len(page_queries(world.client(), "/spar")) == 1
    assert len(page_queries(world.client(world.owner), "/spar")) == 3
