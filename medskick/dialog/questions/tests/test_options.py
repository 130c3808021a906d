"""The options of a question, as they are written and stored."""

import pytest
from django.forms import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from medskick.dialog.questions.options import option_id, options_initial, read_options


def fault(text: str, most: int = 5) -> str:
    with pytest.raises(ValidationError) as refused:
        read_options({"options": text}, most=most)
    (told,) = refused.value.message_dict["options"]
    return str(told)


def test_options_stand_one_on_each_line() -> None:
    read = read_options({"options": "Tid\n\n  Mer   pengar \n"}, most=5)
    assert [one["text"] for one in read] == ["Tid", "Mer pengar"]
    assert options_initial({"options": read}) == "Tid\nMer pengar"


TEXTS = ["Tid", "Pengar", "Åäö 😀", "السلامة", "<script>alert(1)</script>"]


@given(st.permutations(TEXTS))
def test_an_option_keeps_its_id_wherever_it_stands_and_others_have_others(texts: list[str]) -> None:
    read = read_options({"options": "\n".join(texts)}, most=5)
    assert [one["id"] for one in read] == [option_id(text) for text in texts]
    assert len({one["id"] for one in read}) == 5


def test_ids_never_change_for_answers_point_at_them() -> None:
    assert option_id("Tid") == option_id(" tid ") == "oc71179c23b"


def test_what_cannot_be_asked_is_told() -> None:
    assert fault("Tid") == "Skriv minst två alternativ, ett på varje rad."
    assert fault("") == "Skriv minst två alternativ, ett på varje rad."
    assert fault("a\nb\nc", most=2) == "Det är 3 alternativ. Korta listan till högst 2."
    assert fault("Tid\ntid") == "Alternativet ”tid” står två gånger. Ta bort det ena."
    assert fault("Tid\n" + "x" * 121).endswith("är 121 tecken. Korta det till högst 120.")
