"""A form made from data asks what the definition says, and the answers are kept as they were asked."""

import copy
import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from medskick.lib.personal_number import EXAMPLE_BIRTH_NUMBERS, example_number, holds_personal_number
from medskick.services.definitions.catalogue import FOLDER, catalogue
from medskick.services.definitions.definition import Definition
from medskick.services.definitions.reading import definition_from
from medskick.services.forms.answers import answers_from, from_json, to_json
from medskick.services.forms.building import checked, file_form_for, form_for

OPINION = {"slag": "ide", "amne": "natur", "text": "Sätt en bänk vid badplatsen."}
EVERY_TYPE = [
    {"id": "namn", "type": "text", "label": "Föreningens namn", "required": True},
    {"id": "dag", "type": "date", "label": "Vilken dag?"},
    {"id": "antal", "type": "number", "label": "Hur många kommer?"},
    {"id": "epost", "type": "email", "label": "E-post"},
    {"id": "telefon", "type": "phone", "label": "Telefon"},
    {"id": "mat", "type": "yes_no", "label": "Vi serverar mat"},
    {
        "id": "behov",
        "type": "choices",
        "label": "Vad behöver ni?",
        "options": [{"id": "el", "label": "El"}, {"id": "vatten", "label": "Vatten"}, {"id": "scen", "label": "Scen"}],
    },
]
FILLED_IN = {
    "namn": "Byalaget",
    "dag": "2026-06-06",
    "antal": "1 200,5",
    "epost": "byalaget@exempel.se",
    "telefon": "070-174 06 05",
    "mat": "on",
    "behov": ["el", "scen"],
}


def every_type() -> Definition:
    raw = copy.deepcopy(json.loads((FOLDER / "synpunkt.json").read_text(encoding="utf-8")))
    raw["sections"].append({"fields": EVERY_TYPE})
    return definition_from(raw)


def test_the_form_asks_what_the_file_says_and_the_file_itself_last() -> None:
    form = form_for(catalogue().get("synpunkt"))
    assert [name for name in form.fields if name != "submission_key"] == ["slag", "amne", "plats", "text"]
    files: Any = file_form_for(catalogue().get("synpunkt"))
    assert list(files.fields) == ["bilaga"]


def test_answers_keep_their_questions_and_order() -> None:
    service = catalogue().get("synpunkt")
    answers = answers_from(service, checked(service, OPINION))
    assert [(one.label, one.shown) for one in answers] == [
        ("Vad vill du lämna?", "En idé"),
        ("Vilket ämne hör det till?", "Parker, natur och bad"),
        ("Vad vill du säga?", "Sätt en bänk vid badplatsen."),
    ]
    assert from_json(to_json(answers)) == answers


def test_the_record_is_swedish_and_the_page_in_the_readers_language() -> None:
    service = catalogue().get("synpunkt")
    with override("en"):
        cleaned = checked(service, OPINION)
        assert answers_from(service, cleaned)[0].shown == "En idé"
        assert answers_from(service, cleaned, in_swedish=False)[0].shown == "An idea"


def test_every_type_of_field_is_read_and_shown_as_people_write() -> None:
    service = every_type()
    cleaned = checked(service, {**OPINION, **FILLED_IN})
    assert cleaned["antal"] == Decimal("1200.5")
    shown = {one.field: one.shown for one in answers_from(service, cleaned)}
    assert shown | {"antal": "", "dag": ""} == {
        "slag": "En idé",
        "amne": "Parker, natur och bad",
        "text": "Sätt en bänk vid badplatsen.",
        "namn": "Byalaget",
        "dag": "",
        "antal": "",
        "epost": "byalaget@exempel.se",
        "telefon": "070-174 06 05",
        "mat": "Ja",
        "behov": "El, Scen",
    }
    assert shown["antal"] == "1\u00a0200,5"
    assert "6 juni" in shown["dag"]


@pytest.mark.parametrize(
    ("field", "value"),
    [("dag", "31 februari"), ("antal", "många"), ("epost", "inte-en-adress"), ("behov", ["raketer"]), ("namn", "")],
)
def test_each_type_refuses_what_is_not_of_it(field: str, value: Any) -> None:
    with pytest.raises(ValidationError) as fault:
        checked(every_type(), {**OPINION, **FILLED_IN, field: value})
    assert list(fault.value.message_dict) == [field]


@given(st.dictionaries(st.sampled_from(["slag", "amne", "plats", "text", "mer"]), st.text(max_size=60), max_size=5))
def test_any_answers_are_accepted_or_refused_by_field(answers: dict[str, str]) -> None:
    service = catalogue().get("synpunkt")
    try:
        cleaned = checked(service, answers)
    except ValidationError as fault:
        assert set(fault.message_dict) <= {"slag", "amne", "plats", "text"}  # noqa: PT017
        return
    kept = answers_from(service, cleaned)
    assert from_json(to_json(kept)) == kept


@given(
    st.dates(min_value=date(1925, 1, 1), max_value=date(2020, 12, 31)),
    st.sampled_from(sorted(EXAMPLE_BIRTH_NUMBERS)),
    st.sampled_from(["{long}", "{ten}", "{dash}", "{spaced}"]),
)
def test_a_personal_number_is_seen_in_any_of_its_forms(born: Any, birth_number: int, form: str) -> None:
    number = example_number(born, birth_number).number12
    written = {
        "{long}": number,
        "{ten}": f"{number[:8]}-{number[8:]}",
        "{dash}": f"{number[:8]}–{number[8:]}",
        "{spaced}": f"{number[:8]} {number[8:]}",
    }[form]
    assert holds_personal_number(f"Min granne ({written}) har flyttat.")


@pytest.mark.parametrize("text", ["", "Ring 0525-183 00", "Faktura 12345678901234567890", "Den 2026-11-24 kl. 1430"])
def test_other_digits_are_not_taken_for_one(text: str) -> None:
    assert not holds_personal_number(text)
