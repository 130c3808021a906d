"""What the pages of networks and of one adoption cost in queries, for one row and for three."""

from medskick.kernel.records.models import Item
from medskick.kernel.sharing.actions.adopting import adopt
from medskick.kernel.sharing.actions.following import override
from medskick.kernel.sharing.tests.story import next_version, shared_guideline
from medskick.kernel.spaces.actions import answer_question, ask_question
from medskick.kernel.spaces.models import SpaceQuestion
from medskick.kernel.tests.world import World, page_queries

DETAIL, ROOM = 12, 16  # a network's room is three lists on one page, with its search and its members


def test_a_networks_room_costs_the_same_for_one_question_and_for_three(world: World) -> None:
    page, browser = f"/arbete/natverk/{world.network.id}", world.client(world.owner)

    def one_more() -> None:
        shared_guideline(world, world.network.id, by=world.regional)
        with world.acting(world.owner):
            question = ask_question(world.network, by=world.owner, title="Hur gör ni?", tags=["jour"])
            mine = SpaceQuestion.objects.select_related("item", "network").get(item_id=question.item_id)
            answer_question(mine, by=world.owner, text="Så här.")

    one_more()
    page_queries(browser, page)
    first = page_queries(browser, page)
    one_more()
    one_more()
    assert len(page_queries(browser, page)) == len(first) <= ROOM
    questions = "/arbete/natverk"
    assert len(page_queries(browser, questions)) <= 8


def test_an_adoption_costs_the_same_however_much_is_ones_own(world: World) -> None:
    item, version = shared_guideline(world, world.sotenas.id)
    browser, by = world.client(world.stranger), world.stranger
    with world.acting(by):
        adoption = adopt(Item.objects.get(id=item.id), by=by)
        override(adoption, by=by, field="local", value="Ring växeln.", reason="")
    with world.acting(world.owner):
        next_version(version, world.owner, {"rules": "Nytt."})
    pages = [f"/arbete/gemensamt/foljer/{adoption.item_id}", f"/arbete/gemensamt/dokument/{item.id}"]
    pages += [f"{pages[0]}/ny-version"]
    first = {page: len(page_queries(browser, page)) for page in pages}
    first = {page: len(page_queries(browser, page)) for page in pages}
    with world.acting(by):
        override(adoption, by=by, field="covers", value="Bara skolan.", reason="Skolan först")
        override(adoption, by=by, field="responsible", value="Rektorn.", reason="Skolan först")
    assert {page: len(page_queries(browser, page)) for page in pages} == first
    assert max(first.values()) <= DETAIL, first
