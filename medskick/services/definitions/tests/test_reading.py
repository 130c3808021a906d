"""An e-service is read from its file, or refused with where and why."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from medskick.services.definitions.catalogue import FOLDER, Catalogue, catalogue, read_folder
from medskick.services.definitions.definition import FIELD_TYPES, Definition, Text
from medskick.services.definitions.reading import DefinitionError, definition_from, read_definition

OPINION = json.loads((FOLDER / "synpunkt-2.json").read_text(encoding="utf-8"))
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def opinion() -> dict[str, Any]:
    return copy.deepcopy(OPINION)


def at(raw: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        raw = raw[step]
    return raw


def places(raw: Any, here: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The path of every value in a definition."""
    pairs = raw.items() if isinstance(raw, dict) else enumerate(raw) if isinstance(raw, list) else ()
    for key, value in pairs:
        yield (*here, key)
        yield from places(value, (*here, key))


PLACES = list(places(OPINION))
# What a definition does without: English words, help, words for an empty box, limits and flags with a default.
OPTIONAL = {"en", "help", "missing", "heading", "max_length", "min_length", "required", "common", "submit"}


def test_every_file_in_the_content_holds_together() -> None:
    read = read_folder(FOLDER)
    assert [one.slug for one in read.all()][0] == "synpunkt"
    for service in read.all():
        topics = service.field(service.topic_field).options
        assert all(service.title_of_case(topic.id) for topic in topics)


def test_the_opinion_reads_as_it_is_written() -> None:
    service = definition_from(opinion())
    assert (service.slug, service.version, service.topic_field, service.retention) == (
        "synpunkt",
        2,
        "amne",
        "gallras efter 2 år",
    )
    assert [field.id for field in service.fields()] == ["slag", "amne", "plats", "text", "bilaga"]
    assert service.title_of_case("gator") == "Synpunkt om gator, vägar och trafik"
    titles = [service.title_of_case("gator", kind.id) for kind in service.field("slag").options]
    assert titles == [
        "Idé om gator, vägar och trafik",
        "Synpunkt om gator, vägar och trafik",
        "Klagomål om gator, vägar och trafik",
        "Beröm för gator, vägar och trafik",
    ]
    text = service.field("text")
    assert (text.required, text.min_length, text.max_length) == (True, 5, 4000)


def test_words_are_given_in_the_readers_language_and_swedish_where_none_is_written() -> None:
    with override("en"):
        assert (str(Text("Hej", "Hello")), str(Text("Hej"))) == ("Hello", "Hej")
    with override("sv"):
        assert str(Text("Hej", "Hello")) == "Hej"


@pytest.mark.parametrize("path", [path for path in PLACES if isinstance(path[-1], str)], ids=str)
def test_without_what_is_needed_it_is_refused_and_the_place_is_named(path: tuple[str | int, ...]) -> None:
    raw = opinion()
    parent = at(raw, path[:-1])
    del parent[path[-1]]
    needed = path[-1] not in OPTIONAL and path[:2] != ("case", "handled_by")
    # A kind without a title of its own has the common one.
    needed = needed and (path[:2] != ("case", "kind_titles") or len(path) == 2)
    needed = needed or path == ("case", "handled_by", "*") or path == ("case", "handled_by")
    # A topic that is not required any more can not decide who handles the case.
    needed = needed or path in {("sections", 0, "fields", place, "required") for place in (0, 1)}
    if not needed:
        assert isinstance(definition_from(raw), Definition)
        return
    with pytest.raises(DefinitionError) as fault:
        definition_from(raw)
    assert fault.value.where
    assert fault.value.why


CHANGES: list[tuple[tuple[str | int, ...], Any, str, str]] = [
    (("slug",), "Åäö", "slug", "små bokstäver"),
    (("slug",), "../etc", "slug", "små bokstäver"),
    (("version",), 0, "version", "heltal mellan 1"),
    (("version",), True, "version", "heltal"),
    (("version",), "1", "version", "heltal"),
    (("title",), "", "title", "Här ska stå en text"),
    (("title",), {"en": "Only English"}, "title.sv", "Saknas"),
    (("title",), {"sv": "Titel", "fr": "Titre"}, "title.fr", "känns inte igen"),
    (("title",), "x" * 101, "title", "högst 100"),
    (("afterwards",), [], "afterwards", "minst 1"),
    (("sections",), {}, "sections", "lista"),
    (("sections", 0, "fields"), [], "sections[0].fields", "minst 1"),
    (("sections", 0, "fields", 0, "type"), "slider", "sections[0].fields[0].type", "Fälttypen ”slider” finns inte"),
    (("sections", 0, "fields", 0, "id"), "step", "sections[0].fields[0].id", "upptaget"),
    (("sections", 0, "fields", 0, "id"), "text", "sections", "”text” används mer än en gång"),
    (("sections", 0, "fields", 0, "required"), "ja", "sections[0].fields[0].required", "true eller false"),
    (("sections", 0, "fields", 0, "options"), [], "sections[0].fields[0].options", "minst 2"),
    (("sections", 0, "fields", 0, "options", 1, "id"), "ide", "sections[0].fields[0].options", "mer än en gång"),
    (("sections", 0, "fields", 2, "max_length"), 501, "sections[0].fields[2].max_length", "mellan 1 och 500"),
    (("sections", 1, "fields", 0, "min_length"), 4001, "sections[1].fields[0].min_length", "mellan 0 och 4000"),
    (("sections", 0, "fields", 2, "type"), "file", "sections[0].fields[2].max_length", "känns inte igen"),
    (("case", "topic_field"), "text", "case.topic_field", "typen choice"),
    (("case", "topic_field"), "finns_inte", "case.topic_field", "typen choice"),
    (("case", "title"), "Synpunkt om {namn}", "case.title", "klamrar"),
    (("case", "title"), "Synpunkt om {topic!r}", "case.title", "klamrar"),
    (("case", "title"), "Synpunkt om {", "case.title", "klamrar"),
    (("case", "kind_field"), "text", "case.kind_field", "typen choice"),
    (("case", "kind_titles", "berom"), "Beröm för {text}", "case.kind_titles.berom", "klamrar"),
    (("case", "kind_titles", "fel"), "Felanmälan om {topic}", "case.kind_titles.fel", "inget svar ”fel”"),
    (("case", "handled_by", "gator"), [], "case.handled_by.gator", "minst 1"),
    (("case", "handled_by", "rymden"), ["rymd"], "case.handled_by.rymden", "inget svar ”rymden”"),
    (("extra",), 1, "extra", "felstavat"),
    (("sections", 0, "fields", 0, "lable"), "x", "sections[0].fields[0].lable", "felstavat"),
]


@pytest.mark.parametrize(("path", "value", "where", "why"), CHANGES, ids=lambda one: str(one)[:40])
def test_what_is_wrong_is_told_with_its_place(path: tuple[str | int, ...], value: Any, where: str, why: str) -> None:
    raw = opinion()
    at(raw, path[:-1])[path[-1]] = value
    with pytest.raises(DefinitionError) as fault:
        definition_from(raw)
    assert fault.value.where == where
    assert why in fault.value.why


@given(st.sampled_from(PLACES), ANYTHING)
def test_whatever_stands_anywhere_it_is_read_or_refused_in_words(path: tuple[str | int, ...], value: Any) -> None:
    raw = opinion()
    at(raw, path[:-1])[path[-1]] = value
    try:
        service = definition_from(raw)
    except DefinitionError as fault:
        assert fault.why  # noqa: PT017 - any other exception fails the test
        return
    for topic in service.field(service.topic_field).options:
        assert service.title_of_case(topic.id)
    assert all(field.type in FIELD_TYPES and str(field.label).strip() for field in service.fields())


@given(ANYTHING)
def test_any_file_at_all_is_read_or_refused_in_words(value: Any) -> None:
    with pytest.raises(DefinitionError):
        definition_from(value)


@pytest.mark.parametrize("content", ["", "{", "[1,", "nu", "[" * 100_000, '{"slug": "\ud800"}'])
def test_a_file_that_is_not_json_is_refused(content: str) -> None:
    with pytest.raises(DefinitionError):
        read_definition(content)


def test_a_new_service_is_a_new_file_and_a_new_version_leaves_the_old(tmp_path: Path) -> None:
    for version, title in ((1, "Lämna en synpunkt"), (2, "Säg vad du tycker")):
        content = opinion() | {"version": version, "title": title}
        (tmp_path / f"synpunkt-{version}.json").write_text(json.dumps(content), encoding="utf-8")
    read = read_folder(tmp_path)
    assert [str(one.title) for one in read.all()] == ["Säg vad du tycker"]
    assert str(read.get("synpunkt", 1).title) == "Lämna en synpunkt"
    assert read.get("synpunkt", 1).digest != read.get("synpunkt", 2).digest
    with pytest.raises(LookupError):
        read.get("synpunkt", 3)


def test_the_same_version_twice_and_a_faulty_file_are_named(tmp_path: Path) -> None:
    for name in ("a.json", "b.json"):
        (tmp_path / name).write_text(json.dumps(opinion()), encoding="utf-8")
    with pytest.raises(DefinitionError, match="b.json: Version 2 av ”synpunkt” finns redan"):
        read_folder(tmp_path)
    (tmp_path / "b.json").write_bytes(b"\xff\xfe")
    with pytest.raises(DefinitionError, match=r"b\.json"):
        read_folder(tmp_path)


def test_at_most_six_are_called_common_and_they_come_first() -> None:
    services = [definition_from(opinion() | {"slug": f"s{n}", "common": n}) for n in range(9)]
    read = Catalogue(services)
    assert [one.slug for one in read.common()] == [f"s{n}" for n in range(1, 7)]
    assert read.all()[-1].slug == "s0"


def test_the_best_answer_to_a_question_comes_first() -> None:
    other = definition_from(opinion() | {"slug": "annan", "words": ["badplats"]})
    read = Catalogue([catalogue().get("synpunkt"), other])
    assert [one.slug for one in read.search("klagomål på badplatsen")][0] == "annan"
    assert read.search("rymdfärd") == []
    assert len(read.search("  ")) == 2
