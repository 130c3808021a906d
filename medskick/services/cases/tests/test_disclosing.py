"""What a registrar reads of a case when somebody asks for it: all of it, and only she who may read it at all."""

import pytest

from medskick.kernel.disclosure.disclosables import text_of
from medskick.kernel.records.models import Item
from medskick.services import api
from medskick.services.cases.models import Case
from medskick.services.cases.tests.officers import ANSWERS, Office


def test_the_whole_case_is_given_answers_reply_and_notes(office: Office) -> None:
    with office.acting(office.phone(office.tanum)) as sender:
        case = api.submit_case(by=sender, service="synpunkt", answers=ANSWERS).case
    with office.acting(office.officer) as officer:
        api.note_on_case(case.item_id, by=officer, text="Ringde parkvakten.")
        api.answer_case(
            case.item_id, by=officer, text="Den lagas.", outcome=api.Outcome.ACTION_TAKEN, reason="Fara för barn."
        )
    with office.acting(office.registrar):
        said = text_of(Item.objects.get(id=case.item_id))
    texts = [text for _label, text in said]
    for told in ("Gungan i parken är trasig.", "Ringde parkvakten.", "Den lagas.", "Fara för barn."):
        assert texts.count(told) == 1, (told, said)
    assert ("Anteckning av Olle Ägare", "Ringde parkvakten.") in said
    with office.acting(office.other_unit), pytest.raises(Case.DoesNotExist):
        text_of(Item(id=case.item_id, kind=api.KIND, title="x"))
