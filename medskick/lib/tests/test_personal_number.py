import json
import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medskick.lib import personal_number as pn

TODAY = date(2026, 11, 24)
birth_dates = st.dates(date(1890, 1, 1), TODAY)
birth_numbers = st.sampled_from(sorted(pn.EXAMPLE_BIRTH_NUMBERS))


def _shared_vectors() -> dict:
    root = Path(__file__).resolve().parents[3]
    shared = Path(os.environ.get("MEDSKICK_SHARED", root.parent / "shared"))
    path = shared / "standards" / "personnummer" / "vectors.json"
    if not path.is_file():
        pytest.skip("the shared vectors for personal numbers are not here (set MEDSKICK_SHARED)")
    return json.loads(path.read_text(encoding="utf-8"))


def test_the_shared_vectors():
    vectors = _shared_vectors()
    day = date(2026, 1, 15)
    for vector in vectors["valid"]:
        number = pn.parse_personal_number(vector["number12"], TODAY)
        told = {
            "number12": number.number12,
            "short": number.short(day),
            "kind": number.kind,
            "birthdate": str(number.birth_date),
            "age_on_2026-01-15": number.age_on(day),
            "sex": number.legal_sex,
        }
        assert told == vector
        assert pn.parse_personal_number(vector["short"], TODAY) == number
    for vector in vectors["invalid"]:
        with pytest.raises(ValueError, match="ersonnumre"):
            pn.parse_personal_number(vector["value"], TODAY)
    organisations = vectors["organisationsnummer"]
    assert [pn.parse_organisation_number(number) for number in organisations["valid"]] == organisations["valid"]
    for number in organisations["invalid"]:
        with pytest.raises(ValueError, match="Organisationsnumre"):
            pn.parse_organisation_number(number)


@pytest.mark.parametrize(
    ("typed", "number12", "kind"),
    [
        ("198507099805", "198507099805", "personnummer"),
        ("19850709-9805", "198507099805", "personnummer"),
        ("8507099805", "198507099805", "personnummer"),
        ("900101+9802", "189001019802", "personnummer"),
        ("140168+2396", "191401682396", "samordningsnummer"),
        ("260161-2381", "202601612381", "samordningsnummer"),
        ("000229-2399", "200002292399", "personnummer"),
    ],
)
def test_the_forms_that_people_write(typed, number12, kind):
    number = pn.parse_personal_number(typed, TODAY)
    assert (number.number12, number.kind, number.is_example) == (number12, kind, True)


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "saknas"),
        ("19850709", "saknar de fyra sista"),
        ("850709-", "saknar de fyra sista"),
        ("2017010123", "inte finns i kalendern|stämmer inte|inte har varit"),
        ("19850709-98051", "har 13 siffror"),
        ("19850709-980A", "tecken som inte hör dit"),
        (" 198507099805", "tecken som inte hör dit"),
        ("١٩٨٥٠٧٠٩٩٨٠٥", "tecken som inte hör dit"),
        ("202302292384", "inte finns i kalendern"),
        ("201701922385", "inte finns i kalendern"),
        ("198507099806", "stämmer inte med varandra"),
        ("209901012390", "inte har varit än"),
    ],
)
def test_what_is_wrong_is_said_without_repeating_the_number(typed, reason):
    with pytest.raises(ValueError, match=reason) as caught:
        pn.parse_personal_number(typed, TODAY)
    assert not typed.strip() or typed.strip() not in str(caught.value)


@given(birth_dates, birth_numbers, st.booleans())
def test_every_example_number_is_read_back_from_each_of_its_forms(birth_date, birth_number, coordination):
    made = pn.example_number(birth_date, birth_number, coordination=coordination)
    for form in (made.number12, made.long):
        assert pn.parse_personal_number(form, TODAY) == made
    if TODAY.year - birth_date.year < 100:
        assert pn.parse_personal_number(made.short(TODAY), TODAY) == made
        assert made.short(TODAY)[6] == "-"
    else:
        assert made.short(TODAY)[6] == "+"
        assert pn.parse_personal_number(made.short(TODAY), TODAY).number12[2:] == made.number12[2:]


@given(birth_dates, birth_numbers, st.integers(0, 9), st.integers(2, 11))
def test_one_changed_digit_never_passes_as_the_same_person(birth_date, birth_number, digit, place):
    made = pn.example_number(birth_date, birth_number)
    changed = made.number12[:place] + str(digit) + made.number12[place + 1 :]
    if changed != made.number12:
        with pytest.raises(ValueError, match="ersonnumre"):
            pn.parse_personal_number(changed, TODAY)


@given(st.text(max_size=16))
def test_any_text_is_a_number_or_an_explained_error(text):
    try:
        assert pn.parse_personal_number(text, TODAY).number12.isdigit()
    except ValueError as error:
        assert "ersonnumre" in str(error)


def test_a_number_is_never_shown_by_accident():
    number = pn.example_number(date(1985, 7, 9), 980)
    assert f"{number} {number!r} {[number]}" == "PersonalNumber(****) PersonalNumber(****) [PersonalNumber(****)]"
    assert number.masked == "19850709-****"
    assert pn.mask_personal_number("198507099805") == "19850709-****"
    assert pn.mask_personal_number("198507099806") == "****"


def test_only_the_published_test_series_can_be_made():
    with pytest.raises(ValueError, match="published"):
        pn.example_number(date(1985, 7, 9), 123)


def test_age_changes_on_the_birthday():
    leapling = pn.example_number(date(2024, 2, 29), 238)
    assert [leapling.age_on(date(2025, 2, 28)), leapling.age_on(date(2025, 3, 1))] == [0, 1]
    with pytest.raises(ValueError, match="before"):
        leapling.age_on(date(2024, 2, 28))
