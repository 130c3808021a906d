"""What the two pages that everybody opens cost in queries, with all that the engines put on them."""

import pytest

from medskick.kernel.tests.world import World, page_queries

BUDGET = 6
# Min dag also has the plan in force and how its promises go.
MY_DAY = 8


@pytest.mark.parametrize("page", ["/", "/tanum/"])
@pytest.mark.parametrize("reader", ["nobody", "resident", "owner"])
def test_the_start_page(world: World, page: str, reader: str) -> None:
    browser = world.client(getattr(world, reader, None))
    page_queries(browser, page)  # the first one reads the directory of places
    asked = page_queries(browser, page)
    assert len(asked) <= BUDGET, "\n".join(asked)


def test_a_search_that_finds_nothing_tells_where_to_say_it(world: World) -> None:
    found = world.client().get("/tanum/sok", {"q": "gatlampa"}).content.decode()
    assert "Inget hittades" in found
    assert "/tanum/ansok/synpunkt" in found


def test_the_public_parts_of_the_start_page_are_read_once_for_all(world: World) -> None:
    page_queries(world.client(), "/tanum/")
    asked = page_queries(world.client(world.owner), "/tanum/")
    assert not [one for one in asked if "plan_initiative" in one or "measure_value" in one]


def test_my_day(world: World) -> None:
    """Somebody who has unread messages has them read for her by one query more."""
    browser = world.client(world.owner)
    page_queries(browser, "/arbete")
    asked = page_queries(browser, "/arbete")
    assert len(asked) <= MY_DAY, "\n".join(asked)
