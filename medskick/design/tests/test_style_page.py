import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.http import Http404
from django.template.loader import render_to_string
from django.test.signals import template_rendered

from medskick.design import views
from medskick.design.tests.pages import Reader, faults, get, shell_page, style_page

TEMPLATES = Path(__file__).parent.parent / "templates" / "design"
PAGES = [*views.SHELLS, *views.ERRORS]


def test_the_style_page_is_a_good_page() -> None:
    assert faults(style_page()) == []


@pytest.mark.parametrize("name", PAGES)
def test_every_shell_and_error_page_is_a_good_page(name: str) -> None:
    assert faults(shell_page(name)) == []


def test_every_component_in_the_folder_is_shown() -> None:
    shown: set[str] = set()

    def note(template: object, **_: object) -> None:
        shown.add(str(template.name))  # type: ignore[attr-defined]

    template_rendered.connect(note)
    try:
        style_page()
        for name in PAGES:
            shell_page(name)
    finally:
        template_rendered.disconnect(note)
    components = {f"design/components/{path.name}" for path in (TEMPLATES / "components").glob("*.html")}
    assert components - shown == set()


def test_every_page_says_its_language_and_lets_the_keyboard_jump_to_the_content() -> None:
    for name in views.SHELLS:
        read = Reader(shell_page(name))
        assert read.all("html")[0]["lang"] == "sv"
        assert next(a for a in read.all("a") if a.get("class") == "skip")["href"] == "#innehall"
        assert read.ids()["innehall"] == 1
        assert len(read.all("main")) == 1


def test_an_unknown_shell_is_not_found() -> None:
    with pytest.raises(Http404):
        views.style_shell(get("/stil/rymd"), "rymd")


def test_another_places_colours_can_be_tried_and_unknown_ones_are_ignored() -> None:
    assert "design/themes/lysekil.css" in style_page("?tema=lysekil")
    assert "design/themes/fyrbodal.css" in style_page("?tema=../../hemligt")


@pytest.mark.parametrize("name", ["500", "maintenance"])
def test_the_last_pages_need_neither_database_nor_context(name: str) -> None:
    page = render_to_string(f"design/errors/{name}.html")
    assert faults(page) == []
    assert "Det du redan har skickat in är sparat." in page


def person(**given: object) -> SimpleNamespace:
    known = {
        "signed_in": True,
        "staff": True,
        "name": "Karin Berg",
        "organisation_name": "",
        "assisting": "",
        "unread": 0,
    }
    return SimpleNamespace(**{**known, **given})


def shown_to(viewer: SimpleNamespace, shell: str = "staff", **place: object) -> str:
    facts = {"name": "Sotenäs kommun", "short_name": "Sotenäs", "monogram": "So", "theme": "sotenas", **place}
    menu = [
        SimpleNamespace(label="Min dag", url="/arbete", current=True),
        SimpleNamespace(label="Lyssna", url="/x", current=False),
    ]
    context = {"place": SimpleNamespace(**facts), "viewer": viewer, "menu": menu, "title": "Min dag"}
    return render_to_string(f"design/shells/{shell}.html", context, request=get("/arbete"))


def test_invented_content_is_marked_on_every_shell() -> None:
    for shell in views.SHELLS:
        assert "Påhittade uppgifter" in shown_to(person(), shell, demonstration=True)
        assert "Påhittade uppgifter" not in shown_to(person(), shell, demonstration=False)


def test_whoever_helps_somebody_sees_whom_all_the_time() -> None:
    page = shown_to(person(assisting="Anna Ek"), "resident")
    assert "Du hjälper Anna Ek" in page
    assert faults(page) == []


def test_the_menu_says_where_you_are() -> None:
    for shell in ("staff", "resident"):
        current = [link for link in Reader(shown_to(person(), shell)).all("a") if link.get("aria-current") == "page"]
        assert [link["href"] for link in current] == ["/arbete"]


def test_my_pages_is_an_entry_by_its_own_name_beside_whose_it_is() -> None:
    for shell in ("staff", "resident"):
        page = shown_to(person(), shell)
        link = re.search(
            r'<a href="/mina">(.*?)</a>\s*<span class="top-name" title="Karin Berg">Karin Berg</span>', page
        )
        assert link is not None, shell
        assert "Mina sidor" in link[1] and "Karin Berg" not in link[1]
        assert "Mina sidor" not in shown_to(person(nameless=True), shell)


def test_names_with_markup_are_shown_as_text() -> None:
    page = shown_to(person(name="<script>alert(1)</script>", assisting="<b>Anna</b>"))
    assert "<script>alert" not in page
    assert "<b>Anna" not in page


def test_a_page_with_faults_in_its_form_says_so_first_in_its_title() -> None:
    from medskick.design.samples import AnswerForm

    context = {"form": AnswerForm({"answer": ""}), "title": "Fråga"}
    page = render_to_string("design/shells/phone.html", context, request=get())
    assert "<title>Rätta: Fråga" in page
