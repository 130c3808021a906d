"""A case from sending to answer, seen by its unit's officer, a colleague in another unit, and a stranger elsewhere."""

from uuid import UUID, uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction

from medskick.kernel.log.models import LogEntry
from medskick.kernel.notifications.models import Notification
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.organisations.scope import reader_token, widen_scope
from medskick.kernel.records.models import Item, Level, Record
from medskick.kernel.tasks.models import Task
from medskick.services import api
from medskick.services.cases.models import (
    TRANSITIONS,
    Case,
    CaseAnswer,
    CaseNote,
    CaseStep,
    CaseTally,
    State,
)
from medskick.services.cases.tests.officers import ANSWERS, Office

TABLES = ("kernel_item", "kernel_logentry", "kernel_task", "services_case", "services_casestep")
REPLY = {"text": "Vi lagar gungan på torsdag.", "outcome": "action_taken", "reason": "Den är farlig."}


def send(office: Office, by: Actor | None = None, **more: object) -> api.Submitted:
    actor = by or office.resident
    with office.acting(actor):
        return api.submit_case(by=actor, service="synpunkt", answers=ANSWERS, **more)


def test_sent_in_it_is_registered_and_its_unit_owes_an_answer(office: Office) -> None:
    sent = send(office)
    assert sent.address == ""
    with office.acting(office.officer):
        case = api.get_case(sent.case.item_id)
        assert (case.state, case.unit, case.service, case.version, case.topic) == (
            State.RECEIVED,
            office.streets,
            "synpunkt",
            2,
            "gator",
        )
        assert case.item.title == "Synpunkt om gator, vägar och trafik"
        assert case.item.level == Level.PARTIES
        assert (case.item.record.serial, case.item.record.party) == (1, "invånare")
        task = Task.objects.get(item=case.item)
        assert (task.relation, task.unit, task.done_at) == (Task.OWED_ANSWER, office.streets, None)
        assert (task.due - task.since).days == office.streets.answer_days
        assert case.due == task.due


def test_nothing_that_the_sender_wrote_stands_in_clear(office: Office) -> None:
    send(office)
    with office.acting(office.officer), connection.cursor() as cursor:
        for table in (
            "kernel_item",
            "kernel_record",
            "kernel_task",
            "kernel_logentry",
            "services_case",
            "services_casestep",
        ):
            cursor.execute(f"select string_agg(t::text, ' ') from {table} t")
            stored = cursor.fetchone()[0]
            assert stored and "gungan" not in stored.casefold(), table


@pytest.mark.parametrize(
    ("name", "reads"),
    [("officer", True), ("registrar", True), ("resident", True), ("other_unit", False), ("stranger", False)],
)
def test_who_reads_it_by_page_list_and_sql(office: Office, name: str, reads: bool) -> None:
    sent = send(office)
    actor = getattr(office, name)
    with office.acting(actor):
        assert Case.objects.filter(item_id=sent.case.item_id).exists() == reads
        assert CaseStep.objects.exists() == reads
        assert Item.objects.filter(id=sent.case.item_id).exists() == reads
        assert Record.objects.filter(item_id=sent.case.item_id).exists() == reads
    if actor.staff:
        page = office.client(actor).get(f"/tanum/arbete/utfora/arenden/{sent.case.item_id}")
        assert page.status_code == (200 if reads else 404)
        listed = office.client(actor).get("/tanum/arbete/utfora/arenden").content.decode()
        assert (str(sent.case.item_id) in listed) == reads


def test_an_answer_settles_the_task_tells_the_sender_and_stands_as_a_row(office: Office) -> None:
    sent = send(office)
    with office.acting(office.officer):
        api.answer_case(sent.case.item_id, by=office.officer, **REPLY)
        task = Task.objects.get(item_id=sent.case.item_id)
        assert (task.done_at is not None, task.done_by) == (True, office.officer.person)
        answer = CaseAnswer.objects.get()
        assert (answer.text, answer.outcome, answer.reason, answer.step.by_name, answer.in_time) == (
            "Vi lagar gungan på torsdag.",
            "action_taken",
            "Den är farlig.",
            "Olle Ägare",
            True,
        )
        assert api.get_case(sent.case.item_id).state == State.ANSWERED
        verbs = LogEntry.objects.filter(item=sent.case.item_id).order_by("id").values_list("verb", flat=True)
        assert list(verbs) == [
            "services.case.created",
            "record.registered",
            "case.answered",
            "task.done",
            "case.summarised",
        ]
    with office.acting(office.resident):
        told = Notification.objects.get()
        assert told.what == "Du har fått svar på ditt ärende."
        assert told.url.endswith(f"/mina/arenden/{sent.case.item_id}")


def test_answering_twice_is_refused_and_leaves_one_answer(office: Office) -> None:
    sent = send(office)
    with office.acting(office.officer):
        api.answer_case(sent.case.item_id, by=office.officer, **REPLY)
        with pytest.raises(api.TransitionRefused, match="redan besvarat"):
            api.answer_case(sent.case.item_id, by=office.officer, **REPLY)
        assert CaseAnswer.objects.count() == 1


def test_only_the_units_officers_and_registrars_act(office: Office) -> None:
    sent = send(office)
    for name in ("other_unit", "stranger"):
        actor = getattr(office, name)
        with office.acting(actor), pytest.raises(Case.DoesNotExist):
            api.answer_case(sent.case.item_id, by=actor, **REPLY)
    for name in ("resident", "same_unit_no_role"):
        actor = getattr(office, name)
        with office.acting(actor), pytest.raises(PermissionDenied):
            api.answer_case(sent.case.item_id, by=actor, **REPLY)
    with office.acting(office.registrar):
        api.answer_case(sent.case.item_id, by=office.registrar, **REPLY)


def test_a_sender_cannot_write_answers_or_read_notes_even_by_sql(office: Office) -> None:
    sent = send(office)
    with office.acting(office.officer):
        api.note_on_case(sent.case.item_id, by=office.officer, text="Ring driften.")
    with office.acting(office.resident):
        assert CaseNote.objects.count() == 0
        step = CaseStep.objects.get()
        forged = CaseAnswer(case=sent.case, step=step, text="Ja", outcome="action_taken", reason="Därför", in_time=True)
        with pytest.raises(DatabaseError), transaction.atomic():
            forged.save(force_insert=True)


def test_passed_on_it_is_the_other_units_and_the_day_stays(office: Office) -> None:
    sent = send(office)
    with office.acting(office.officer):
        api.reassign_case(sent.case.item_id, by=office.officer, unit=office.care, reason="Det gäller en ramp.")
    with office.acting(office.officer):
        assert not Case.objects.exists()
    with office.acting(office.other_unit):
        case = api.get_case(sent.case.item_id)
        task = Task.objects.get(item=case.item)
        assert (case.unit, case.item.unit, task.unit, task.due) == (office.care, office.care, office.care, case.due)
        assert (task.due - task.since).days == office.streets.answer_days
        assert CaseStep.objects.get(verb=CaseStep.REASSIGNED).reason == "Det gäller en ramp."
    with office.acting(office.resident):
        assert Notification.objects.get().what == "Ditt ärende har lämnats över till Vård och omsorg."


def test_passing_on_to_another_organisation_or_itself_is_refused(office: Office) -> None:
    sent = send(office)
    with office.acting(office.officer):
        for unit in (office.streets, office.elsewhere):
            with pytest.raises(ValueError, match="annan enhet"):
                api.reassign_case(sent.case.item_id, by=office.officer, unit=unit, reason="Hör hemma där.")


def test_not_satisfied_opens_it_once_with_a_new_task(office: Office) -> None:
    sent = send(office)
    resident = office.resident
    with office.acting(office.officer):
        api.answer_case(sent.case.item_id, by=office.officer, **REPLY)
    with office.acting(resident):
        api.say_not_satisfied(sent.case, by=resident, holder=resident.person, reason="Den är inte lagad.")
    with office.acting(office.officer):
        assert api.get_case(sent.case.item_id).state == State.REOPENED
        assert Task.objects.open().filter(item_id=sent.case.item_id).count() == 1
        api.answer_case(sent.case.item_id, by=office.officer, **REPLY)
        assert Task.objects.open().count() == 0
    with office.acting(resident), pytest.raises(api.TransitionRefused, match="en gång"):
        api.say_not_satisfied(sent.case, by=resident, holder=resident.person, reason="Fortfarande inte.")
    with office.acting(office.officer):
        api.close_case(sent.case.item_id, by=office.officer, reason="Lagad och kontrollerad.")
        assert api.get_case(sent.case.item_id).state == State.CLOSED


def test_satisfied_closes_it_and_nobody_else_can_say_so(office: Office) -> None:
    sent = send(office)
    with office.acting(office.officer):
        api.answer_case(sent.case.item_id, by=office.officer, **REPLY)
        with pytest.raises(PermissionDenied):
            api.say_satisfied(sent.case, by=office.officer, holder=office.officer.person)
    with office.acting(office.resident):
        assert api.say_satisfied(sent.case, by=office.resident, holder=office.resident.person).state == State.CLOSED


def test_the_unit_does_not_close_while_the_sender_may_object(office: Office) -> None:
    sent = send(office)
    with office.acting(office.officer):
        api.answer_case(sent.case.item_id, by=office.officer, **REPLY)
        with pytest.raises(api.TransitionRefused, match="30 dagar"):
            api.close_case(sent.case.item_id, by=office.officer, reason="Klart.")


VERBS = {
    State.IN_PROGRESS: lambda item, office: api.take_case(item, by=office.officer),
    State.ANSWERED: lambda item, office: api.answer_case(item, by=office.officer, **REPLY),
    State.CLOSED: lambda item, office: api.close_case(item, by=office.officer, reason="Klart."),
}


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("wanted", list(VERBS))
def test_every_verb_obeys_the_table(office: Office, state: str, wanted: str) -> None:
    sent = send(office)
    with office.acting(office.officer):
        # An old answer and a used objection, so that only the table says no.
        Case.objects.update(state=state, reopened_once=True, answered_at=sent.case.submitted_at)
        if wanted in TRANSITIONS[state]:
            VERBS[wanted](sent.case.item_id, office)
            assert api.get_case(sent.case.item_id).state == wanted
        else:
            with pytest.raises(api.TransitionRefused):
                VERBS[wanted](sent.case.item_id, office)
            assert api.get_case(sent.case.item_id).state == state


def test_without_log_in_the_address_is_the_only_way_and_is_stored_nowhere(office: Office) -> None:
    anonymous = office.phone(office.tanum)
    sent = send(office, anonymous)
    assert len(sent.address) == 16
    with office.acting(anonymous):
        assert not Case.objects.exists()
        widen_scope([reader_token(sent.address)])
        assert Case.objects.get().item_id == sent.case.item_id
    with office.acting(office.officer), connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"select string_agg(t::text, ' ') from {table} t")
            assert sent.address not in cursor.fetchone()[0], table


@pytest.mark.parametrize("who", ["resident", "anonymous"])
def test_the_same_form_sent_twice_is_one_case(office: Office, who: str) -> None:
    by, key = (office.resident if who == "resident" else office.phone(office.tanum)), uuid4()
    first, second = send(office, by, submission_key=key), send(office, by, submission_key=key)
    assert (second.case.item_id, second.address) == (first.case.item_id, first.address)
    with office.acting(office.officer):
        counts = (Case.objects.count(), Task.objects.count(), Record.objects.count(), CaseStep.objects.count())
        assert counts == (1, 1, 1, 1)
        assert CaseTally.objects.get().received == 1


def test_other_words_with_the_same_form_key_are_another_case(office: Office) -> None:
    key = uuid4()
    send(office, submission_key=key)
    with office.acting(office.resident):
        changed = {**ANSWERS, "text": "Gungan är lagad nu, tack!"}
        api.submit_case(by=office.resident, service="synpunkt", answers=changed, submission_key=key)
    with office.acting(office.officer):
        assert Case.objects.count() == 2


def test_staff_who_fill_in_for_somebody_get_an_address_to_hand_over(office: Office) -> None:
    sent = send(office, office.other_unit)
    assert len(sent.address) == 16
    with office.acting(office.other_unit):
        assert not Case.objects.exists()


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({}, "text"),
        ({**ANSWERS, "amne": "finns-inte"}, "amne"),
        ({**ANSWERS, "text": "x" * 4001}, "text"),
        ({**ANSWERS, "text": "Hej"}, "text"),
        ({**ANSWERS, "text": "Gung\x00an"}, "text"),
        ({**ANSWERS, "text": "Gung\x1ban är trasig"}, "text"),
        ({**ANSWERS, "plats": "x" * 201}, "plats"),
    ],
)
def test_what_cannot_be_accepted_is_told_by_field_and_nothing_is_saved(
    office: Office, answers: dict[str, str], field: str
) -> None:
    with office.acting(office.resident):
        with pytest.raises(ValidationError) as fault:
            api.submit_case(by=office.resident, service="synpunkt", answers=answers)
        assert field in fault.value.message_dict
        assert Case.objects.count() == Item.objects.count() == 0


def test_without_units_nobody_can_take_it(office: Office) -> None:
    resident = office.resident_at(office.region)
    with office.acting(resident), pytest.raises(api.NobodyHandles):
        api.submit_case(by=resident, service="synpunkt", answers=ANSWERS)


def test_figures_for_everybody_from_five_cases_on(office: Office) -> None:
    since = office.today
    ids: list[UUID] = []
    for _ in range(4):
        ids.append(send(office).case.item_id)
    with office.acting(office.phone(office.sotenas)):
        assert api.cases_public_share(office.tanum.id, since=since) is None
    ids.append(send(office).case.item_id)
    with office.acting(office.officer):
        for item_id, outcome in zip(ids[:4], ("action_taken", "will_consider", "no_change", "not_ours"), strict=True):
            api.answer_case(item_id, by=office.officer, text="Svar.", outcome=outcome, reason="Skäl.")
    with office.acting(office.phone(office.sotenas)):
        share = api.cases_public_share(office.tanum.id, since=since)
        assert share == api.PublicShare(received=5, answered=4, in_time=4, changed=2)
        assert (share.answered_share, share.changed_share) == (80, 50)


def test_the_words_for_a_flow_are_the_senders_and_the_reading_is_logged(office: Office) -> None:
    sent = send(office)
    with office.acting(office.officer):
        case = api.get_case(sent.case.item_id)
        assert api.voice_text(by=office.officer, item=case.item) == "Gungan i parken är trasig."
        assert LogEntry.objects.filter(verb="services.case.read", references=[case.item_id]).count() == 1
    with office.acting(office.stranger), pytest.raises(Case.DoesNotExist):
        api.voice_text(by=office.stranger, item=case.item)
