"""What an e-service is, as data: immutable, made only by reading.py from a file in content/services/."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import get_language

TEXT, LONG_TEXT, CHOICE, CHOICES, YES_NO = "text", "long_text", "choice", "choices", "yes_no"
DATE, NUMBER, EMAIL, PHONE, FILE = "date", "number", "email", "phone", "file"
FIELD_TYPES = (TEXT, LONG_TEXT, CHOICE, CHOICES, YES_NO, DATE, NUMBER, EMAIL, PHONE, FILE)
WITH_OPTIONS = (CHOICE, CHOICES)
ANY_TOPIC = "*"


@dataclass(frozen=True, slots=True)
class Text:
    """Words for people: Swedish is the source, English where it is written. str() gives the reader's language."""

    sv: str
    en: str = ""

    def __str__(self) -> str:
        return self.en if self.en and (get_language() or "sv").startswith("en") else self.sv


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose. The id is what is stored and never changes meaning between versions."""

    id: str
    label: Text


@dataclass(frozen=True, slots=True)
class Field:
    """One thing asked. `max_length` and `min_length` are characters; `options` is empty for all but choices."""

    id: str
    type: str
    label: Text
    help: Text
    missing: Text
    required: bool
    max_length: int
    min_length: int
    options: tuple[Option, ...]

    def option(self, option_id: str) -> Option:
        """The option with this id. Raise LookupError where there is none."""
        for one in self.options:
            if one.id == option_id:
                return one
        raise LookupError(f"{self.id} has no option {option_id!r}")


@dataclass(frozen=True, slots=True)
class Section:
    heading: Text
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Definition:
    """One version of one e-service.

    slug: its address, the same in all versions. version: 1 and up; a case keeps the version that it was sent with.
    common: place among the most used ones, 1 first; 0 for none of them.
    words: what people search for, besides the words of the title and lead.
    case_title: the title of a case in lists, with "{topic}"; never anything that the sender wrote.
    kind_field, kind_titles: the required choice that says what sort of thing it is, and the title for each of its
        options ("Idé om {topic}"); an option without one, and a definition without the field, has case_title.
    topic_field: the required choice that decides which unit handles the case.
    handled_by: option id -> words that the handling unit's name holds, best first; "*" for all others.
    purpose, legal_basis, personal_data, retention: what the register of processing and the form page say.
    digest: of the file's content, so that a case shows exactly which form was filled in.
    """

    slug: str
    version: int
    common: int
    title: Text
    lead: Text
    words: tuple[str, ...]
    who: Text
    time: Text
    afterwards: tuple[Text, ...]
    sections: tuple[Section, ...]
    case_title: Text
    kind_field: str
    kind_titles: Mapping[str, Text]
    topic_field: str
    handled_by: Mapping[str, tuple[str, ...]]
    purpose: Text
    legal_basis: Text
    personal_data: Text
    retention: str
    receipt: Text
    submit: Text
    digest: str

    def fields(self) -> Iterator[Field]:
        for section in self.sections:
            yield from section.fields

    def field(self, field_id: str) -> Field:
        """The field with this id. Raise LookupError where there is none."""
        for one in self.fields():
            if one.id == field_id:
                return one
        raise LookupError(f"{self.slug} has no field {field_id!r}")

    @property
    def file_field(self) -> Field | None:
        return next((one for one in self.fields() if one.type == FILE), None)

    def topic_label(self, topic: str) -> Text:
        return self.field(self.topic_field).option(topic).label

    def title_of_case(self, topic: str, kind: str = "") -> str:
        """The title of a case with this topic and of this kind, in Swedish, since it is stored.

        It stands in the open diary, so it is made of what was chosen and never of what was written.
        """
        label = self.topic_label(topic).sv
        return self.kind_titles.get(kind, self.case_title).sv.format(topic=label[:1].lower() + label[1:])
