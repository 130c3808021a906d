"""The pages: what residents read of how it goes, and where staff enters it."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from medskick.kernel.records.models import Level
from medskick.kernel.tests.world import World
from medskick.measure import api
from medskick.measure.indicators.actions import record_value
from medskick.measure.indicators.importing import import_values, read_kolada_values
from medskick.measure.indicators.models import Indicator, Missing, Value
from medskick.measure.indicators.tests.factories import fibre, moment

# Three of each are the test run's own: a savepoint in place of a transaction, and a scope closed behind it.
OF_THE_TEST_RUN = 3
PUBLIC_LIST_QUERIES = 3 + OF_THE_TEST_RUN
PUBLIC_PAGE_QUERIES = 5 + OF_THE_TEST_RUN
STAFF_LIST_QUERIES = 5 + OF_THE_TEST_RUN
STAFF_PAGE_QUERIES = 7 + OF_THE_TEST_RUN


def text_of(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.content.decode().replace("\u00a0", " ").replace("&nbsp;", " ")


def test_the_public_list_says_what_each_series_shows(world: World) -> None:
    with world.acting(world.owner):
        fibre(world.owner, "81", "94")
        fibre(world.owner, "3", key="hemligt", title="Internt nyckeltal", level=Level.ORGANISATION)
    with world.acting(world.regional):
        fibre(world.regional, "60", "62", key="regionens", title="Regionens nyckeltal", phrase="")
    page = text_of(world.client(), "/tanum/sa-gar-det")
    assert "Fiber når 94 % av hushållen, upp från 81 % 2019" in page
    assert "Regionens nyckeltal: 62 %, upp från 60 % 2019" in page
    assert "Internt nyckeltal" not in page
    assert "Fiber når" not in text_of(world.client(), "/sotenas/sa-gar-det")


def test_the_list_is_searched_by_words_and_parts_of_words(world: World) -> None:
    with world.acting(world.owner):
        fibre(world.owner, "81")
        fibre(world.owner, "3", key="vantetid", title="Väntetid i telefon", theme="Kontakt", phrase="")
    assert "Väntetid i telefon" not in text_of(world.client(), "/tanum/sa-gar-det?sok=FIBER")
    found = text_of(world.client(), "/tanum/sa-gar-det?sok=telefon vantetid")
    assert "Väntetid i telefon" in found
    assert "Hushåll med fiber" not in found
    assert "Inget nyckeltal har de orden." in text_of(world.client(), "/tanum/sa-gar-det?sok=<script>")
    assert "Hushåll med fiber" in text_of(world.client(), "/tanum/sa-gar-det?sok=%00&sida=-1")


@pytest.mark.parametrize("count", [1, 3])
def test_lists_and_pages_ask_a_fixed_number_of_queries(
    world: World, count: int, django_assert_num_queries: Callable
) -> None:
    with world.acting(world.owner):
        for number in range(count):
            made = fibre(world.owner, *["81"] * count, key=f"fiber-{number}")
    public, staff = world.client(), world.client(world.owner)
    work_page = reverse("measure_indicator", args=[made.pk])
    for client, url in ((public, "/tanum/sa-gar-det"), (staff, "/arbete/mata")):
        client.get(url)
    with django_assert_num_queries(PUBLIC_LIST_QUERIES):
        public.get("/tanum/sa-gar-det")
    with django_assert_num_queries(PUBLIC_PAGE_QUERIES):
        public.get("/tanum/sa-gar-det/fiber-0")
    with django_assert_num_queries(STAFF_LIST_QUERIES):
        staff.get("/arbete/mata")
    with django_assert_num_queries(STAFF_PAGE_QUERIES):
        staff.get(work_page)


def test_the_page_shows_the_finding_what_is_missing_and_the_source(world: World) -> None:
    with world.acting(world.owner):
        fibre(world.owner, "81", None, "94", target=Decimal(98), method="Operatörernas uppgifter.")
    page = text_of(world.client(), "/tanum/sa-gar-det/fiber")
    assert page.count("<h1") == 1
    assert "<figcaption>Fiber når 94 % av hushållen, upp från 81 % 2019</figcaption>" in page
    assert "Det går åt rätt håll. Målet 98 % är inte nått." in page
    assert "uppgift saknas" in page
    assert "Inte insamlad" in page
    assert "Källa: Kommunens egen" in page
    assert "Operatörernas uppgifter." in page
    assert "Påhittade uppgifter</span>" not in page


def test_a_missing_latest_value_is_the_finding(world: World) -> None:
    with world.acting(world.owner):
        fibre(world.owner, "81", "94", None)
        fibre(world.owner, None, key="tomt")
    assert "Uppgift saknas för 2021. Senast kända värde: 94 % 2020" in text_of(
        world.client(), "/tanum/sa-gar-det/fiber"
    )
    empty = text_of(world.client(), "/tanum/sa-gar-det/tomt")
    assert "Uppgift saknas för 2019" in empty
    assert "<figure" not in empty


def test_the_page_can_be_read_as_it_was_known(world: World) -> None:
    with world.acting(world.owner):
        made = fibre(world.owner)
        record_value(by=world.owner, indicator=made, period="2022", value=Decimal(80), learned_at=moment(2023))
        for year, value in ((2024, 93), (2026, 79)):
            record_value(by=world.owner, indicator=made, period="2023", value=Decimal(value), learned_at=moment(year))
    now = text_of(world.client(), "/tanum/sa-gar-det/fiber")
    assert "Fiber når 79 % av hushållen, ned från 80 % 2022" in now
    assert "Som det var känt 4 mars 2024" in now
    then = text_of(world.client(), "/tanum/sa-gar-det/fiber?kant=2024-03-04")
    assert "Fiber når 93 % av hushållen, upp från 80 % 2022" in then
    assert "Så här var det känt" in then
    assert "ned från" in text_of(world.client(), "/tanum/sa-gar-det/fiber?kant=i-går")


def test_figures_from_kolada_are_attributed_word_for_word(world: World) -> None:
    lines = ["kpi,municipality_id,municipality,period,gender,value,retrieved"]
    lines += [f"N00300,0562,Finspång,{year},T,{value},2026-03-04" for year, value in ((2022, "54.2"), (2023, "57.8"))]
    lines += ["N00300,0319,Älvkarleby,2023,T,,2026-03-04"]
    with world.acting(world.owner):
        import_values(by=world.owner, parsed=read_kolada_values("\n".join(lines).encode()))
    page = text_of(world.client(), "/tanum/sa-gar-det/n00300?for=0562")
    assert "Finspång: 57,8, upp från 54,2 2022" in page
    assert ">Källa: Kolada<" in page
    assert ">Rubriken över diagrammet: Egen bearbetning av data från Kolada<" in page
    assert "Älvkarleby: Uppgift saknas för 2023" in text_of(world.client(), "/tanum/sa-gar-det/n00300?for=0319")
    assert "Värden för 2 kommuner utanför regionen" in text_of(world.client(), "/tanum/sa-gar-det")


def test_invented_figures_say_so_on_the_page_and_in_the_file(world: World) -> None:
    by = world.owner.through("demo")
    with world.acting(by):
        made = fibre(by, "81", None)
    assert "Påhittade uppgifter" in text_of(world.client(), "/tanum/sa-gar-det/fiber")
    file = world.client().get(f"/tanum/sa-gar-det/nyckeltal/{made.pk}/siffror.csv")
    lines = file.content.decode("utf-8-sig").splitlines()
    assert lines[1].startswith("fiber;Hushåll med fiber;%;Tanum;;2019;T;81;;")
    assert lines[1].endswith(";Källa: Kommunens egen;Påhittade uppgifter")
    assert ";2020;T;;not_collected;" in lines[2]


def test_a_file_holds_no_formula(world: World) -> None:
    with world.acting(world.owner):
        made = fibre(world.owner, "81", title='=HYPERLINK("http://exempel.se")', key="fiber")
    file = world.client().get(f"/tanum/sa-gar-det/nyckeltal/{made.pk}/siffror.csv").content.decode()
    assert ";=" not in file
    assert "'=HYPERLINK" in file


@pytest.mark.parametrize("name", ["owner", "colleague", "stranger", None])
def test_who_opens_which_page(world: World, name: str | None) -> None:
    with world.acting(world.owner):
        made = fibre(world.owner, "81")
        hidden = fibre(world.owner, "3", key="internt", level=Level.ORGANISATION)
    client = world.client(getattr(world, name) if name else None)
    works_there = name in ("owner", "colleague")
    for one, reads in ((made, True), (hidden, works_there)):
        assert (client.get(reverse("indicator_by_id", args=[one.pk])).status_code == 200) == reads
        assert (client.get(reverse("indicator_csv", args=[one.pk])).status_code == 200) == reads
        at_work = client.get(reverse("measure_indicator", args=[one.pk])).status_code
        assert at_work == (302 if name is None else 200 if reads else 404)
        form = client.get(reverse("new_indicator_value", args=[one.pk])).status_code
        assert form == (302 if name is None else 200 if works_there else 404)
    assert client.get("/tanum/sa-gar-det/finns-inte").status_code == 404


def enter(client: Client, made: Indicator, **typed: str) -> object:
    return client.post(reverse("new_indicator_value", args=[made.pk]), {"about": "tanum", **typed})


def test_a_value_is_entered_and_a_jump_is_asked_about_again(world: World) -> None:
    with world.acting(world.owner):
        made = fibre(world.owner, "9", unit="min", highest=None, key="vantetid")
    client = world.client(world.owner)
    asked = enter(client, made, period="2020", value="90")
    assert asked.status_code == 422
    assert "90 min är långt från 9 min, som gällde 2019" in asked.content.decode().replace("\u00a0", " ")
    assert enter(client, made, period="2020", value="90", confirmed="on").status_code == 302
    assert enter(client, made, period="2021", value="", missing=Missing.SUPPRESSED).status_code == 302
    with world.acting(world.owner):
        assert [(one.period, one.value, one.missing) for one in api.series(made)] == [
            ("2019", Decimal(9), ""),
            ("2020", Decimal(90), ""),
            ("2021", None, "suppressed"),
        ]


def test_a_changed_value_needs_its_reason_and_shows_among_the_changes(world: World) -> None:
    with world.acting(world.owner):
        made = fibre(world.owner, "93")
    client = world.client(world.owner)
    assert "Skriv varför det ändras" in enter(client, made, period="2019", value="92").content.decode()
    assert enter(client, made, period="2019", value="92", note="Räknat två gånger").status_code == 302
    changes = text_of(client, reverse("indicator_revisions", args=[made.pk]))
    assert "Räknat två gånger" in changes


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"period": "", "value": ""}, "Fyll i rutan"),
        ({"period": "2023", "value": ""}, "säg varför det saknas"),
        ({"period": "2023", "value": "140"}, "Skriv ett tal mellan 0 % och 100 %"),
        ({"period": "2023", "value": "nittio"}, "är inte ett tal"),
        ({"period": "2023", "value": "9" * 40}, "större|stort|siffror"),
        ({"period": "våren", "value": "9"}, "varken ett år eller en månad"),
        ({"period": "2099", "value": "9"}, "har inte börjat"),
        ({"period": "2023", "value": "9", "missing": "unknown"}, "töm rutan"),
        ({"period": "2023", "value": "9", "note": "x\u0000"}, "styrtecken|tecken"),
        ({"period": "2023", "value": "9", "about": "sotenas"}, "finns inte att välja"),
    ],
)
def test_nonsense_is_refused_with_what_was_typed_still_there(world: World, typed: dict, words: str) -> None:
    import re

    with world.acting(world.owner):
        made = fibre(world.owner, "93")
    answer = enter(world.client(world.owner), made, **typed)
    page = answer.content.decode().replace("\u00a0", " ")
    assert answer.status_code == 422
    assert re.search(words, page)
    assert f'value="{typed["period"]}"' in page or not typed["period"]
    with world.acting(world.owner):
        assert Value.objects.count() == 1


def test_a_new_indicator_is_made_once_and_found(world: World) -> None:
    client = world.client(world.owner)
    typed = {"title": "Väntetid i telefon", "theme": "Kontakt", "unit": "min", "decimals": "1", "direction": "lower"}
    typed |= {"source": "Växeln", "lowest": "0", "submission_key": "0198d6a0-0000-7000-8000-000000000001"}
    first, second = (client.post(reverse("new_indicator"), typed) for _ in range(2))
    assert first.status_code == second.status_code == 302
    assert first.url == second.url
    wrong = client.post(reverse("new_indicator"), typed | {"phrase": "Utan tal", "highest": "-1", "submission_key": ""})
    assert wrong.status_code == 422
    assert "Skriv {värde} i meningen" in wrong.content.decode()
    again = client.post(reverse("new_indicator"), typed | {"submission_key": ""})
    assert "redan ett nyckeltal med adressen" in again.content.decode()
    with world.acting(world.owner):
        made = Indicator.objects.get()
        assert (made.key, made.decimals, made.lowest, made.source_note) == ("vantetid-i-telefon", 1, 0, "Källa: Växeln")


def test_the_start_page_tells_the_latest_finding(world: World) -> None:
    from medskick.measure.indicators.panels import latest_finding

    with world.acting(world.regional):
        made = fibre(world.regional, "81", "94")
        record_value(
            by=world.regional,
            indicator=made,
            period="2020",
            value=Decimal(71),
            about=api.About(organisation=world.tanum.id),
        )
    page = text_of(world.client(), "/tanum/")
    assert "Fiber når 71 % av hushållen 2020" in page
    assert latest_finding.__module__.endswith("panels")


def test_search_finds_an_indicator(world: World) -> None:
    with world.acting(world.owner):
        fibre(world.owner, "81")
    assert "Hushåll med fiber" in text_of(world.client(), "/tanum/sok?q=fiber")
