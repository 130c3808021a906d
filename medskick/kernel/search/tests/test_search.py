"""What is found by which words, in which order, and that no question makes search stumble."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from medskick.kernel.records.actions import change_item, create_item
from medskick.kernel.records.models import Item, Level
from medskick.kernel.search.actions import forget_item, learn_words
from medskick.kernel.search.queries import search
from medskick.kernel.tests.world import World


def make(world: World, title: str, **more: object) -> Item:
    return create_item(by=world.owner, kind="kernel.document", title=title, level=Level.PUBLIC, **more)


def titles(text: str, **more: object) -> list[str]:
    return [item.title for item in search(text, **more).items]


@pytest.mark.parametrize(
    ("title", "asked"),
    [
        ("Fler förskolor i Grebbestad", "förskolan"),
        ("Förskolan Myran", "förskolor"),
        ("Bygglovsansökan för sjöbod", "bygglov"),
        ("Bygglovsansökan för sjöbod", "ansökan bygglov"),
        ("Nya cykelvägar", "cykelväg"),
        ("Badplatsen i Hunnebostrand", "badplatser"),
        ("Återvinning vid hamnen", "atervinning"),
        ("Öppettider på biblioteket", "bibliotek"),
    ],
)
def test_words_are_found_in_their_other_forms(world: World, title: str, asked: str) -> None:
    with world.acting(world.owner):
        make(world, title)
        make(world, "Något helt annat")
        found = search(asked)
        assert ([item.title for item in found.items], found.near) == ([title], False)


@pytest.mark.parametrize("asked", ["biblotek", "bibliotk", "biblioteek", "bilbiotek"])
def test_a_misspelt_word_finds_what_looks_like_it_and_says_so(world: World, asked: str) -> None:
    with world.acting(world.owner):
        make(world, "Öppettider på biblioteket")
        make(world, "Vatten och avlopp")
        learn_words()
        found = search(asked)
        assert ([item.title for item in found.items], found.near) == (["Öppettider på biblioteket"], True)
    page = world.client().get("/sok", {"q": asked}).content.decode()
    assert "Inget stavas precis så" in page
    assert "Öppettider på biblioteket" in page


def test_the_title_counts_for_more_than_the_text(world: World) -> None:
    with world.acting(world.owner):
        make(world, "Annat ärende", search_text="Det nämner bryggan i förbigående")
        make(world, "Bryggan i Fjällbacka")
        assert titles("bryggan") == ["Bryggan i Fjällbacka", "Annat ärende"]


def test_a_changed_title_is_found_by_its_new_words_and_the_text_stays(world: World) -> None:
    with world.acting(world.owner):
        item = make(world, "Bryggan", search_text="tångbekämpning")
        change_item(item, by=world.owner, verb="document.renamed", title="Piren")
        assert (titles("pir"), titles("brygga"), titles("tångbekämpning")) == (["Piren"], [], ["Piren"])
        forget_item(item.id)
        assert titles("pir") == []


def test_what_shall_not_be_found_stays_unfound_when_it_changes(world: World) -> None:
    with world.acting(world.owner):
        item = make(world, "Ett svar från en telefon", searchable=False)
        change_item(item, by=world.owner, verb="document.renamed", title="Ett ändrat svar")
        assert titles("svar") == []


def test_only_one_organisation_s_or_one_kind_s(world: World) -> None:
    with world.acting(world.owner):
        make(world, "Hamnen i Tanum")
    with world.acting(world.stranger):
        create_item(by=world.stranger, kind="kernel.document", title="Hamnen i Sotenäs", level=Level.PUBLIC)
        assert titles("hamnen", owner=world.tanum.id) == ["Hamnen i Tanum"]
        assert sorted(titles("hamnen")) == ["Hamnen i Sotenäs", "Hamnen i Tanum"]
        assert titles("hamnen", kinds=["plan.need"]) == []
    here = world.client().get("/tanum/sok", {"q": "hamnen"}).content.decode()
    assert ("Hamnen i Tanum" in here, "Hamnen i Sotenäs" in here) == (True, False)
    everywhere = world.client().get("/tanum/sok", {"q": "hamnen", "var": "alla"}).content.decode()
    assert ("Hamnen i Tanum" in everywhere, "Hamnen i Sotenäs" in everywhere) == (True, True)


def test_pages_follow_each_other_without_gap_or_repeat(world: World) -> None:
    with world.acting(world.owner):
        for number in range(5):
            make(world, f"Brygga {number}")
        pages = [search("brygga", page=page, size=2) for page in (1, 2, 3, 4)]
        assert [len(page.items) for page in pages] == [2, 2, 1, 0]
        assert [page.more for page in pages] == [True, True, False, False]
        assert len({item.id for page in pages for item in page.items}) == 5
        assert not pages[3].near


def test_titles_stand_in_swedish_order(world: World) -> None:
    ordered = ["Anka", "Zebra", "Ål", "Ängel", "Ödla"]
    with world.acting(world.owner):
        for title in reversed(ordered):
            make(world, title)
        assert list(Item.objects.order_by("title_key").values_list("title", flat=True)) == ordered


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=60) | st.text(alphabet="'\"\\&|!():*<-> ab", max_size=30))
def test_no_question_makes_search_stumble(world: World, text: str) -> None:
    with world.acting(world.owner):
        search(text.replace("\0", ""))
    assert world.client().get("/sok", {"q": text, "sida": text}).status_code == 200


def test_who_finds_nothing_here_is_shown_what_the_region_has(world: World) -> None:
    with world.acting(world.stranger):
        create_item(by=world.stranger, kind="kernel.document", title="Hamnen i Sotenäs", level=Level.PUBLIC)
    page = world.client().get("/tanum/sok", {"q": "hamnen"}).content.decode()
    assert "Hamnen i Sotenäs" in page
    assert "Inget hittades i Tanum. Det här finns hos andra i regionen." in page
    assert "hos andra i regionen" not in world.client().get("/sotenas/sok", {"q": "hamnen"}).content.decode()
