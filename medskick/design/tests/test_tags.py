from datetime import date, datetime
from types import SimpleNamespace

import pytest
from django.template import Context, Template

from medskick.design.paging import page_of
from medskick.design.parts import Column, Link, Step, Table
from medskick.design.tests.pages import Reader, get
from medskick.lib import dates
from medskick.lib.dates import STOCKHOLM


def shown(tag: str, **context: object) -> str:
    return Template(tag).render(Context({"csrf_token": "x", **context}))


def test_values_are_written_as_swedes_write_them() -> None:
    assert shown("{{ n|number_sv }}", n=-12345.5) == "−12\u00a0345,5"
    assert shown("{{ n|number_sv:1 }}", n=3) == "3,0"
    assert shown("{{ n|percent_sv }}", n=83) == "83\u00a0%"
    assert shown("{{ n|number_sv }}", n=None) == "uppgift saknas"
    assert shown("{{ n|number_sv }}", n=float("nan")) == "nan"
    assert shown("{{ d|date_sv }}", d=date(2019, 9, 17)) == "tisdag 17 september 2019"
    assert shown("{{ d|date_sv }}", d=None) == ""
    today = dates.today_here()
    assert shown('{{ d|date_sv:"year" }}', d=today).endswith(f" {today.year}")
    assert f" {today.year}<" in shown("{% when d weekday=False year=True %}", d=today)
    assert f" {today.year}" not in shown("{% when d %}", d=today).partition(">")[2]
    assert shown("{{ d|time_sv }}", d=datetime(2019, 9, 17, 9, 5, tzinfo=STOCKHOLM)) == "09.05"


def test_a_day_is_said_for_people_and_marked_for_machines() -> None:
    assert shown("{% when d %}", d=date(2019, 9, 17)) == (
        '<time class="" datetime="2019-09-17">tisdag 17 september 2019</time>'
    )
    moment = datetime(2019, 9, 17, 14, 5, tzinfo=STOCKHOLM)
    assert ">17 september 2019 kl.\u00a014.05</time>" in shown("{% when d weekday=False %}", d=moment)
    assert shown("{% when d %}", d="juni 2027") == '<span class="">juni 2027</span>'


STEPS = [
    Step(label="Sagt", when=date(2019, 9, 17), title="Du sa det", url="/a"),
    Step(label="Steg hos Lysekil", text="Får du inte läsa.", url="/b", action="Begär ut", state="told"),
    Step(label="Nu", title="Mäts", state="now"),
    Step(label="Sedan", title="Vi frågar dig", state="coming"),
]


def test_the_thread_is_an_ordered_list_whose_states_are_words() -> None:
    read = Reader(shown("{% thread steps label='Spåret' %}", steps=STEPS))
    assert [a["aria-label"] for a in read.all("ol")] == ["Spåret"]
    assert [a.get("data-state") for a in read.all("li")] == ["done", "told", "now", "coming"]
    for words in ("har hänt", "får du inte läsa", "nu", "kommer"):
        assert words in read.text
    assert [a["href"] for a in read.all("a")] == ["/a", "/b"]


def test_the_thread_takes_plain_dicts_too() -> None:
    page = shown("{% thread steps %}", steps=[{"label": "Sagt", "title": "Hej"}])
    assert 'data-state="done"' in page


@pytest.mark.parametrize(
    "crumbs", [[("Start", "/"), ("Behov", "/behov")], [Link("Start", "/"), Link("Behov", "/behov")]]
)
def test_the_last_crumb_is_where_we_are(crumbs: list[object]) -> None:
    read = Reader(shown("{% breadcrumbs crumbs %}", crumbs=crumbs))
    assert [a["href"] for a in read.all("a")] == ["/"]
    assert [a["aria-current"] for a in read.all("span")] == ["page"]


def test_a_missing_value_in_a_table_says_so_and_zero_does_not() -> None:
    table = Table("Fiber", [Column("Kommun"), Column("Andel", True, 1)], [["Orust", None], ["Tanum", 0]])
    page = shown("{% data_table table %}", table=table)
    assert page.count("uppgift saknas") == 1
    assert "0,0" in page
    assert [a["scope"] for a in Reader(page).all("th")] == ["col", "col", "row", "row"]


def test_a_table_with_a_row_too_short_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="zip"):
        shown("{% data_table table %}", table=Table("Fel", [Column("A"), Column("B")], [["bara en"]]))


def test_content_of_a_card_and_a_notice_is_escaped_once() -> None:
    assert "&lt;b&gt; &amp; co" in shown("{% card title=t %}<p>{{ t }}</p>{% endcard %}", t="<b> & co")
    page = shown("{% notice 'warning' %}<p>{{ t }}</p>{% endnotice %}", t="<b> & co")
    assert "<p>&lt;b&gt; &amp; co</p>" in page


def test_an_unknown_kind_of_notice_is_information() -> None:
    assert 'data-color="info"' in shown("{% notice 'rymd' %}x{% endnotice %}")
    assert 'data-color="danger"' in shown("{% notice 'error' %}x{% endnotice %}")


def test_the_print_button_is_hidden_until_a_script_shows_it() -> None:
    page = shown("{% print_button %}", csp_nonce="n1")
    button, script = (dict(Reader(page).all(tag)[0]) for tag in ("button", "script"))
    assert (button["type"], "hidden" in button, script["nonce"]) == ("button", True, "n1")


def test_a_post_button_carries_token_key_and_hidden_values() -> None:
    read = Reader(shown("{% post_button '/x' 'Följ' follow='1' %}"))
    names = [a["name"] for a in read.all("input")]
    assert names == ["csrfmiddlewaretoken", "submission_key", "follow"]
    assert read.all("form")[0]["method"] == "post"


def test_an_address_that_the_project_lacks_is_nothing() -> None:
    assert shown("{% if_url 'finns_inte' as u %}[{{ u }}]") == "[]"


def test_the_qr_code_has_words_and_no_inline_style() -> None:
    page = shown("{% qr 'https://exempel.se/delta/4729' %}")
    assert 'aria-label="QR-kod till https://exempel.se/delta/4729"' in page
    assert "style=" not in page


def test_the_telephone_link_has_digits_only() -> None:
    assert shown("{{ n|phone_digits }}", n="+46 (0)523-12 34 56") == "+460523123456"


def page_links(query: str, rows: list[int]) -> list[str]:
    page = page_of(rows, get(f"/behov{query}").GET.get("sida"), size=2)
    read = Reader(shown("{% pagination page %}", page=page, request=get(f"/behov{query}")))
    return [a["href"] for a in read.all("a")]


def test_pages_go_both_ways_and_keep_the_other_parameters() -> None:
    assert page_links("?q=buss&sida=2", [1, 2, 3, 4, 5]) == ["?q=buss&sida=1", "?q=buss&sida=3"]
    assert page_links("?q=buss", [1, 2, 3]) == ["?q=buss&sida=2"]
    assert page_links("?sida=3", [1, 2, 3, 4, 5]) == ["?sida=2"]
    assert page_links("", [1, 2]) == []


@pytest.mark.parametrize("asked", [None, "", "noll", "-1", "0", "1.5", "٣", "1; DROP TABLE"])
def test_what_is_no_page_number_is_page_one(asked: str | None) -> None:
    assert page_of([1, 2, 3], asked, size=2).items == [1, 2]


def test_a_page_after_the_end_is_empty_and_leads_back() -> None:
    page = page_of([1, 2, 3], "9", size=2)
    assert (list(page), page.has_previous, page.has_next) == ([], True, False)
    assert page_of([1], "99999999999999999999", size=2).number == 10_000


def test_only_one_row_more_than_a_page_is_read() -> None:
    asked: list[slice] = []

    class Rows:
        def __getitem__(self, part: slice) -> list[int]:
            asked.append(part)
            return [1, 2, 3]

    page = page_of(Rows(), "2", size=2)
    assert asked == [slice(2, 5)]
    assert (page.items, page.has_next, page.first, page.last) == ([1, 2], True, 3, 4)


def test_a_place_without_colours_of_its_own_gets_the_regions() -> None:
    assert shown("{% theme_href place %}", place=SimpleNamespace(theme="finns-ej")).endswith("themes/fyrbodal.css")
    assert shown("{% theme_href place %}", place=None).endswith("themes/fyrbodal.css")
    assert shown("{% theme_href place %}", place=SimpleNamespace(theme="amal")).endswith("themes/amal.css")
