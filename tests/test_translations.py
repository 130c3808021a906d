"""Every Swedish text of the interface has its English one. Needs neither a database nor gettext's programs."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest

PRODUCT = Path(__file__).resolve().parents[1] / "medskick"
CATALOGUE = PRODUCT / "locale" / "en" / "LC_MESSAGES" / "django.po"
COMPILED = CATALOGUE.with_suffix(".mo")
RENEW = "Run `make messages`, write the English text, and commit both django.po and django.mo."

# Python's named and bare fields, str.format fields, and markup: all must come out the same on both sides.
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd%](?!\w)|\{\w*\}|<[^>]+>")
TAG = re.compile(r"""\{%-?\s*(?:translate|trans)\s+(?:"([^"]*)"|'([^']*)')""")
MARK = re.compile(r"""(?<![\w.])_\(("[^"]*"|'[^']*')\)""")  # _("...") as a template argument
CALLS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"}


def _catalogue() -> polib.POFile:
    return polib.pofile(str(CATALOGUE))


def _sides(entry: polib.POEntry) -> Iterator[tuple[str, str]]:
    """The Swedish and English text, pairwise; singular with singular and plural with plural."""
    if entry.msgid_plural:
        yield entry.msgid, entry.msgstr_plural[0]
        yield entry.msgid_plural, entry.msgstr_plural[1]
    else:
        yield entry.msgid, entry.msgstr


def _placeholders(text: str) -> list[str]:
    return sorted(PLACEHOLDER.findall(text))


def _sources(pattern: str) -> list[Path]:
    return [path for path in sorted(PRODUCT.rglob(pattern)) if "tests" not in path.parts]


def _said_in_template(path: Path) -> Iterator[str]:
    text = path.read_text(encoding="utf-8")
    yield from (double or single for double, single in TAG.findall(text))
    yield from (quoted[1:-1] for quoted in MARK.findall(text))


def _said_in_code(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
            first = node.args[0] if node.args else None
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value


def _missing(said: list[tuple[Path, str]]) -> list[str]:
    known = {entry.msgid for entry in _catalogue() if not entry.obsolete}
    return sorted({f"{path.relative_to(PRODUCT)}: {text}" for path, text in said if text not in known})


def test_every_text_has_an_english_one():
    unfinished = [
        entry.msgid
        for entry in _catalogue()
        if not entry.obsolete and (entry.fuzzy or not all(english.strip() for _, english in _sides(entry)))
    ]
    assert unfinished == [], RENEW


def test_placeholders_and_markup_are_the_same_in_both_languages():
    differing = [
        (swedish, english)
        for entry in _catalogue()
        if not entry.obsolete
        for swedish, english in _sides(entry)
        if _placeholders(swedish) != _placeholders(english)
    ]
    assert differing == []


def test_space_around_a_text_is_kept():
    lost = [
        swedish
        for entry in _catalogue()
        for swedish, english in _sides(entry)
        if (swedish[:1].isspace(), swedish[-1:].isspace()) != (english[:1].isspace(), english[-1:].isspace())
    ]
    assert lost == []


def test_the_compiled_catalogue_says_what_the_readable_one_says():
    readable = {entry.msgid: list(_sides(entry)) for entry in _catalogue() if entry.translated()}
    compiled = {entry.msgid: list(_sides(entry)) for entry in polib.mofile(str(COMPILED))}
    assert compiled == readable, RENEW


def test_every_text_in_the_templates_is_in_the_catalogue():
    said = [(path, text) for path in _sources("*.html") for text in _said_in_template(path)]
    assert len(said) > 300, "the search no longer finds the texts of the templates"
    assert _missing(said) == [], RENEW


def test_every_text_in_the_code_is_in_the_catalogue():
    said = [(path, text) for path in _sources("*.py") for text in _said_in_code(path)]
    assert len(said) > 300, "the search no longer finds the texts of the code"
    assert _missing(said) == [], RENEW


def test_no_text_hides_behind_another_name_for_gettext():
    """makemessages finds `_` and the functions' own names; `gettext_lazy as later` would keep its texts untranslated."""
    renamed = re.compile(r"\b\w*gettext\w* as (?!_\b)\w+")
    assert [str(path) for path in _sources("*.py") if renamed.search(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ('{% translate "Spara" %}', "Spara"),
        ("{% trans 'Avbryt' as no %}", "Avbryt"),
        ('{% x label=_("Namn") %}', "Namn"),
    ],
)
def test_a_new_text_in_a_template_is_found(tmp_path: Path, template: str, text: str):
    page = tmp_path / "page.html"
    page.write_text(template, encoding="utf-8")
    assert list(_said_in_template(page)) == [text]
