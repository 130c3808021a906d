"""Reading an e-service from its file, and refusing one that does not hold together, with where and why in plain words.

Everything is checked when the file is read: a field without a label or a topic that no unit handles is found by the one
who writes the file, never by the one who fills in the form. A key that nobody knows is an error too: it is misspelt.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from medskick.services.definitions.definition import (
    ANY_TOPIC,
    CHOICE,
    FIELD_TYPES,
    FILE,
    LONG_TEXT,
    TEXT,
    WITH_OPTIONS,
    Definition,
    Field,
    Option,
    Section,
    Text,
)

ID = re.compile(r"[a-z][a-z0-9_]{0,39}")
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
# Names that the form itself uses for what is not an answer.
TAKEN = frozenset({"step", "submission_key", "csrfmiddlewaretoken"})
LONGEST = {TEXT: 500, LONG_TEXT: 10_000}
USUAL = {TEXT: 200, LONG_TEXT: 4_000}


class DefinitionError(ValueError):
    """A definition that does not hold together. `where` is the path in the file, `why` says it in Swedish."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"{where}: {why}" if where else why)
        self.where, self.why = where, why


def read_definition(content: str) -> Definition:
    """The e-service that the file's content describes. Raise DefinitionError, with the place, for all that is wrong."""
    try:
        raw = json.loads(content)
    except (ValueError, RecursionError) as fault:
        raise DefinitionError("", f"Filen är inte giltig JSON ({fault}).") from fault
    digest = hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()
    return definition_from(raw, digest=digest)


def definition_from(raw: Any, *, digest: str = "") -> Definition:
    """The e-service that a parsed file describes. Raise DefinitionError for all that is wrong."""
    top = _Node(raw, "")
    case = top.node("case")
    data = top.node("personal_data")
    kind_field = case.word("kind_field", ID) if "kind_field" in case.names() else ""
    read = Definition(
        slug=top.word("slug", SLUG),
        version=top.whole("version", 1, 9999),
        common=top.whole("common", 0, 99, otherwise=0),
        title=top.text("title", 100),
        lead=top.text("lead", 300),
        words=top.plain_list("words"),
        who=top.text("who", 500),
        time=top.text("time", 300),
        afterwards=tuple(top.each("afterwards", lambda one: one.as_text(300), at_least=1)),
        sections=tuple(top.each("sections", _section, at_least=1)),
        case_title=case.text("title", 200),
        kind_field=kind_field,
        kind_titles=_kind_titles(case.node("kind_titles")) if kind_field else {},
        topic_field=case.word("topic_field", ID),
        handled_by=_handled_by(case.node("handled_by")),
        purpose=data.text("purpose", 500),
        legal_basis=data.text("legal_basis", 300),
        personal_data=data.text("what", 500),
        retention=data.plain("retention", 60),
        receipt=top.text("receipt", 500),
        submit=top.text("submit", 40, otherwise=Text("Skicka", "Send")),
        digest=digest,
    )
    for node in (top, case, data):
        node.refuse_unknown()
    _check_together(read)
    return read


def _section(node: "_Node") -> Section:
    section = Section(
        heading=node.text("heading", 100, otherwise=Text("")),
        fields=tuple(node.each("fields", _field, at_least=1)),
    )
    node.refuse_unknown()
    return section


def _field(node: "_Node") -> Field:
    kind = node.plain("type", 20)
    if kind not in FIELD_TYPES:
        raise DefinitionError(node.at("type"), f"Fälttypen ”{kind}” finns inte. Välj bland: {', '.join(FIELD_TYPES)}.")
    longest = node.whole("max_length", 1, LONGEST[kind], otherwise=USUAL[kind]) if kind in LONGEST else 0
    field = Field(
        id=node.word("id", ID),
        type=kind,
        label=node.text("label", 200),
        help=node.text("help", 500, otherwise=Text("")),
        missing=node.text("missing", 200, otherwise=Text("")),
        required=node.yes("required", otherwise=False),
        max_length=longest,
        min_length=node.whole("min_length", 0, longest, otherwise=0) if kind in LONGEST else 0,
        options=tuple(node.each("options", _option, at_least=2)) if kind in WITH_OPTIONS else (),
    )
    node.refuse_unknown()
    if field.id in TAKEN:
        raise DefinitionError(node.at("id"), f"”{field.id}” är upptaget av formuläret självt. Välj ett annat id.")
    _once(node.at("options"), [one.id for one in field.options])
    return field


def _option(node: "_Node") -> Option:
    option = Option(id=node.word("id", ID), label=node.text("label", 120))
    node.refuse_unknown()
    return option


def _handled_by(node: "_Node") -> Mapping[str, tuple[str, ...]]:
    return MappingProxyType({key: node.plain_list(key, at_least=1) for key in node.names()})


def _kind_titles(node: "_Node") -> Mapping[str, Text]:
    return MappingProxyType({key: node.text(key, 200) for key in node.names()})


def _check_together(read: Definition) -> None:
    """What no single value shows: ids used once, the topic a required choice, every topic handled by somebody."""
    _once("sections", [one.id for one in read.fields()])
    if sum(one.type == FILE for one in read.fields()) > 1:
        raise DefinitionError("sections", "Högst ett fält kan vara en fil.")
    _check_choice(read, "topic_field", read.topic_field, "handled_by", set(read.handled_by) - {ANY_TOPIC})
    if read.kind_field:
        _check_choice(read, "kind_field", read.kind_field, "kind_titles", set(read.kind_titles))
    if ANY_TOPIC not in read.handled_by:
        raise DefinitionError("case.handled_by", "”*” saknas: vem tar hand om det som ingen annan rad gäller?")
    titles = {"title": read.case_title} | {f"kind_titles.{key}": one for key, one in read.kind_titles.items()}
    for where, title in titles.items():
        if set("{}") & set((title.sv + title.en).replace("{topic}", "")):
            raise DefinitionError(f"case.{where}", "Rubriken får bara ha klamrar i ”{topic}”.")


def _check_choice(read: Definition, name: str, field_id: str, given: str, keys: set[str]) -> None:
    """A field that something hangs on is a choice that everybody makes, and what hangs on it are its options."""
    field = next((one for one in read.fields() if one.id == field_id), None)
    if field is None or field.type != CHOICE or not field.required:
        raise DefinitionError(f"case.{name}", f"”{field_id}” måste vara ett fält av typen choice som är obligatoriskt.")
    for key in sorted(keys - {option.id for option in field.options}):
        raise DefinitionError(f"case.{given}.{key}", f"Fältet ”{field.id}” har inget svar ”{key}”.")


def _once(where: str, ids: list[str]) -> None:
    for one in ids:
        if ids.count(one) > 1:
            raise DefinitionError(where, f"id ”{one}” används mer än en gång.")


class _Node:
    """An object in the file that knows where it stands and which of its keys have been asked for."""

    def __init__(self, value: Any, where: str) -> None:
        self.value, self.where = value, where
        self._asked: set[str] = set()

    def at(self, key: str) -> str:
        return f"{self.where}.{key}" if self.where else key

    def names(self) -> list[str]:
        return list(self._object())

    def _object(self) -> dict[str, Any]:
        if not isinstance(self.value, dict):
            raise DefinitionError(self.where, "Här ska stå ett objekt med namn och värden.")
        return self.value

    def _get(self, key: str, otherwise: Any = ...) -> Any:
        self._asked.add(key)
        value = self._object().get(key, otherwise)
        if value is ...:
            raise DefinitionError(self.at(key), "Saknas.")
        return value

    def node(self, key: str) -> "_Node":
        return _Node(self._get(key), self.at(key))

    def plain(self, key: str, longest: int) -> str:
        return _words(self._get(key), self.at(key), longest)

    def word(self, key: str, form: re.Pattern[str]) -> str:
        value = self.plain(key, 60)
        if not form.fullmatch(value):
            raise DefinitionError(self.at(key), f"”{value}” får bara ha små bokstäver a–z och siffror.")
        return value

    def text(self, key: str, longest: int, *, otherwise: Text | None = None) -> Text:
        if otherwise is not None and key not in self._object():
            return otherwise
        return self.node(key).as_text(longest)

    def as_text(self, longest: int) -> Text:
        """A text, as Swedish words alone or as an object with "sv" and "en"."""
        if isinstance(self.value, str):
            return Text(_words(self.value, self.where, longest))
        text = Text(sv=self.plain("sv", longest), en=self.plain("en", longest) if "en" in self._object() else "")
        self.refuse_unknown()
        return text

    def whole(self, key: str, least: int, most: int, *, otherwise: int | None = None) -> int:
        value = self._get(key, ... if otherwise is None else otherwise)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise DefinitionError(self.at(key), f"Här ska stå ett heltal mellan {least} och {most}.")
        return value

    def yes(self, key: str, *, otherwise: bool) -> bool:
        value = self._get(key, otherwise)
        if not isinstance(value, bool):
            raise DefinitionError(self.at(key), "Här ska stå true eller false.")
        return value

    def each[T](self, key: str, make: Callable[["_Node"], T], *, at_least: int = 0) -> list[T]:
        value = self._get(key)
        if not isinstance(value, list) or len(value) < at_least:
            raise DefinitionError(self.at(key), f"Här ska stå en lista med minst {at_least}.")
        return [make(_Node(one, f"{self.at(key)}[{place}]")) for place, one in enumerate(value)]

    def plain_list(self, key: str, *, at_least: int = 0) -> tuple[str, ...]:
        return tuple(self.each(key, lambda one: _words(one.value, one.where, 60), at_least=at_least))

    def refuse_unknown(self) -> None:
        unknown = sorted(set(self._object()) - self._asked)
        if unknown:
            raise DefinitionError(self.at(unknown[0]), "Det namnet känns inte igen. Är det felstavat?")


def _words(value: Any, where: str, longest: int) -> str:
    if not isinstance(value, str) or not value.strip():
        raise DefinitionError(where, "Här ska stå en text.")
    if len(value) > longest:
        raise DefinitionError(where, f"Texten är {len(value)} tecken. Korta den till högst {longest}.")
    return value
