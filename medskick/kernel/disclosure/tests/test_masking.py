"""What is proposed to be masked, against texts made without the patterns that find it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medskick.kernel.disclosure.masking import MARK, find, holds_personal_data, mask, occurrences, propose
from medskick.lib.personal_number import EXAMPLE_BIRTH_NUMBERS, example_number

birth_dates = st.dates(date(1900, 1, 1), date(2026, 1, 1))
numbers = st.builds(
    example_number,
    birth_dates,
    st.sampled_from(sorted(EXAMPLE_BIRTH_NUMBERS)),
    coordination=st.booleans(),
)
separators = st.sampled_from(["", "-", "+", " ", "–", "\u00a0", " - ", "\u2011"])
around = st.text(st.characters(blacklist_categories=["Cs", "Nd", "Nl", "No"]), max_size=40)


@given(numbers, separators, st.booleans(), around, around)
def test_a_personal_number_is_found_whatever_stands_around_it(number, between, century, before, after) -> None:
    digits = number.number12 if century else number.number12[2:]
    written = digits[:-4] + between + digits[-4:]
    text = f"{before}{written}{after}"
    start = len(before)
    covered = [span for span in find(text) if span.start <= start and span.end >= start + len(written)]
    assert covered, text
    masked, marks = mask([("", text)], [one.words for one in propose([("", text)])])
    assert marks >= 1
    assert digits[-4:] not in masked[0][1]


@given(st.text(st.characters(whitelist_categories=["Ll", "Zs"]), max_size=80))
def test_plain_words_are_left_alone(text: str) -> None:
    assert [span for span in find(text) if span.why != "address"] == []
    assert mask([("Rubrik", text)], [])[0] == [("Rubrik", text)]


@given(
    st.lists(st.sampled_from(["Åsa Wall", "19850709-1234", "alfa", "070-174 06 05", "beta", "ny rad\n"]), max_size=12),
    st.lists(st.sampled_from(["Åsa Wall", "19850709-1234", "alfa", "070-174 06 05"]), unique=True),
)
def test_nothing_that_is_masked_is_left_and_nothing_else_is_touched(pieces: list[str], hidden: list[str]) -> None:
    text = " | ".join(pieces)
    (_, masked), *_ = mask([("Text", text)], hidden)[0]
    # The pieces are known here, so what is right can be said without looking for anything in the text.
    assert masked == " | ".join(MARK if piece in hidden else piece for piece in pieces)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ring 070-174 06 05 i kväll", [("070-174 06 05", "phone")]),
        ("Ring +46 (0)70 174 06 05.", [("+46 (0)70 174 06 05", "phone")]),
        ("Skriv till anna.berg+x@exempel.se, tack", [("anna.berg+x@exempel.se", "email")]),
        ("Jag bor på Storgatan 12 B, 457 32 Tanumshede sedan 2019", [("Storgatan 12 B, 457 32 Tanumshede", "address")]),
        ("Hämta på Östra Kyrkogatan 3.", [("Östra Kyrkogatan 3", "address")]),
        ("Bilen ABC 12D stod kvar", [("ABC 12D", "plate")]),
        ("bankgiro 5050-1055", [("5050-1055", "account")]),
        ("Kontonummer: 8327-9 123 456 789-0", [("8327-9 123 456 789-0", "account")]),
        ("SE45 5000 0000 0583 9825 7466", [("SE45 5000 0000 0583 9825 7466", "account")]),
        ("född 850709-1234 enligt henne", [("850709-1234", "personal_number")]),
        ("född 850709-T123", [("850709-T123", "personal_number")]),
        ("dnr TA 2026-00012 den 2026-10-12 kl. 14.05", []),
        ("budget 1 250 000 kronor för 2026 och 2027", []),
        ("avtal mellan 2024-01-01 och 2026-12-31", []),
    ],
)
def test_what_is_found_in_a_sentence(text: str, found: list[tuple[str, str]]) -> None:
    assert [(text[one.start : one.end], one.why) for one in find(text)] == found


def test_a_known_name_is_found_whole_in_parts_and_in_the_genitive() -> None:
    text = "Anna-Lisa Eks brygga. ANNA-LISA EK ringde. Fru Ek planterade en ek i Ekberga."
    words = [text[one.start : one.end] for one in find(text, ["Anna-Lisa Ek"])]
    assert words == ["Anna-Lisa Eks", "ANNA-LISA EK", "Ek"]
    masked, marks = mask([("", text)], words)
    assert marks == 4
    assert masked[0][1] == f"{MARK} brygga. {MARK} ringde. Fru {MARK} planterade en {MARK} i Ekberga."


def test_the_same_words_are_masked_everywhere_and_counted_once() -> None:
    fields = [("Vad?", "Anna Berg ringde"), ("Vem?", "Anna  berg, granne till Anna Bergs mor"), ("Anna Berg", "")]
    (finding, *more) = propose(fields, ["Anna Berg"])
    assert (finding.words, finding.why, finding.places) == ("Anna Berg", "name", 3)
    masked, marks = mask(fields, ["Anna Berg"])
    assert masked == [("Vad?", f"{MARK} ringde"), ("Vem?", f"{MARK}, granne till {MARK} mor"), (MARK, "")]
    assert marks == 4
    assert {one.words for one in more} <= {"Anna  berg", "Anna Bergs"}


def test_the_mark_does_not_tell_how_much_it_hides() -> None:
    assert mask([("", "Bo")], ["Bo"])[0] == mask([("", "Bartolomeus")], ["Bartolomeus"])[0]
    assert occurrences("bo i Bohuslän, Bo", "Bo") == [(0, 2), (15, 17)]


def test_what_everybody_reads_may_not_hold_personal_data() -> None:
    assert holds_personal_data("Synpunkt från 19850709-1234")
    assert not holds_personal_data("Synpunkt om en brygga")
