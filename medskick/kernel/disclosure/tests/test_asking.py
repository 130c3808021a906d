"""A stranger asks for a record, and gets the masked version."""

import json

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from medskick.kernel.disclosure import actions, queries
from medskick.kernel.disclosure.masking import MARK
from medskick.kernel.disclosure.models import DisclosedCopy, DisclosureAnswer, DisclosureRequest
from medskick.kernel.log.models import LogEntry
from medskick.kernel.organisations.actor import role_token
from medskick.kernel.organisations.scope import Scope, scope
from medskick.kernel.people.actions import make_known
from medskick.kernel.records.actions import create_item, register
from medskick.kernel.records.models import Item, Level
from medskick.kernel.tasks.models import Task
from medskick.kernel.tests.world import World

NUMBER, NAME, PLACE = "19850709-4386", "Gunhild Testsson", "Storgatan 12, 457 32 Tanumshede"
TEXT = f"{NAME} ({NUMBER}) bor på {PLACE} och vill ha en bänk vid bryggan."
Outcome = DisclosureAnswer.Outcome


def secret_record(world: World, text: str = TEXT) -> Item:
    with world.acting(world.owner):
        item = create_item(
            by=world.owner,
            kind="kernel.document",
            title="Synpunkt om bryggan",
            summary=text,
            level=Level.PARTIES,
            readers=[role_token(world.tanum.id, "registrar")],
        )
        register(item, by=world.owner, party="invånare")
    return item


def diary_number(world: World, item: Item) -> str:
    with world.acting(world.owner):
        return Item.objects.select_related("record").get(id=item.id).record.diary_number


def ask(world: World, browser: Client, **typed: str) -> str:
    """Send the form; returns the secret address."""
    page = f"/tanum/begar-ut/{world.tanum.id}"
    answer = browser.post(page, {"wanted": "Synpunkten om bryggan", "delivery": "address", **typed})
    assert answer.status_code == 302, answer.content.decode()
    return answer["Location"].removesuffix("/kvitto").rsplit("/", 1)[1]


def the_request(world: World) -> DisclosureRequest:
    with world.acting(world.owner):
        return DisclosureRequest.objects.latest("received_at")


def test_a_stranger_asks_and_gets_the_masked_version(world: World) -> None:
    item = secret_record(world)
    number = diary_number(world, item)
    stranger, registrar = world.client(), world.client(world.owner)
    assert TEXT not in stranger.get("/tanum/diarium").content.decode()
    address = ask(world, stranger, diary_number=number)
    own = f"/tanum/begar-ut/min/{address}"
    assert number in stranger.get(f"{own}/kvitto").content.decode()

    request = the_request(world)
    desk = f"/arbete/utlamnande/{request.item_id}"
    assert "En begäran om att få ut en handling" in registrar.get("/arbete").content.decode()
    assert number in registrar.get("/arbete/utlamnande").content.decode()
    picked = registrar.post(desk, {"number": number})
    bench = picked["Location"]
    page = registrar.get(bench).content.decode()
    assert NUMBER in page and "Storgatan 12, 457 32 Tanumshede" in page
    typed = {"words": [NUMBER, PLACE], "more": NAME}
    seen = registrar.post(bench, {**typed, "step": "preview"}).content.decode()
    assert f"{MARK} ({MARK}) bor på {MARK} och vill ha en bänk" in seen
    assert not DisclosedCopy.objects.exists()
    assert registrar.post(bench, {**typed, "step": "save"}).status_code == 302
    assert MARK not in stranger.get(own).content.decode()

    refused = registrar.post(f"{desk}/svar", {"outcome": "masked", "reason": "Uppgifter om enskild"})
    assert refused.status_code == 422 and "paragraf" in refused.content.decode()
    answered = {"outcome": "masked", "grounds": ["osl-21-7"], "reason": "Uppgifter om en enskild person."}
    assert registrar.post(f"{desk}/svar", answered).status_code == 302

    told = stranger.get(own)
    assert (told["X-Robots-Tag"], told["Cache-Control"]) == ("noindex, nofollow", "no-store")
    assert "21 kap. 7 § OSL" in told.content.decode()
    with scope(Scope(None, reach=frozenset({request.asker}))):
        (copy,) = queries.copies_of(request)
    page = stranger.get(f"{own}/handling/{copy.id}").content.decode()
    text = stranger.get(f"{own}/handling/{copy.id}/text").content.decode()
    for shown in (told.content.decode(), page, text, copy.fields):
        for hidden in (NUMBER, "850709", NAME, "Gunhild", "Testsson", "Storgatan", "457 32"):
            assert hidden not in shown
    assert json.loads(copy.fields) == [
        ["Rubrik", "Synpunkt om bryggan"],
        ["Sammanfattning", f"{MARK} ({MARK}) bor på {MARK} och vill ha en bänk vid bryggan."],
    ]
    assert copy.fields.count(MARK) == copy.marks == 3

    # She wants the authority's decision, and is told how to appeal it.
    assert "Jag vill ha ett beslut" in told.content.decode()
    assert stranger.post(f"{own}/beslut").status_code == 302
    decided = {"outcome": "masked", "grounds": ["osl-21-7"], "reason": "Vi står fast vid maskningen."}
    assert registrar.post(f"{desk}/beslut", decided).status_code == 302
    last = stranger.get(own).content.decode()
    assert "kammarrätten" in last and "Tanum kommun" in last
    assert "Jag vill ha ett beslut" not in last
    with world.acting(world.owner):
        verbs = set(LogEntry.objects.values_list("verb", flat=True))
        assert Task.objects.open().filter(item=request.item_id).count() == 0
    assert {
        "kernel.document.read",
        "kernel.disclosure_request.read",
        "disclosure.prepared",
        "disclosure.answer.masked",
        "disclosure.decision_wanted",
        "disclosure.decision.masked",
    } <= verbs


def test_the_names_of_those_the_record_concerns_are_proposed(world: World) -> None:
    with world.acting(world.owner):
        person = make_known(name="Gunhild Testsson", readers=[world.tanum.id])
        item = create_item(
            by=world.owner,
            kind="kernel.document",
            title="Om bryggan",
            summary="Gunhild vill ha en bänk. Fru Testssons granne också.",
            level=Level.PARTIES,
            readers=[role_token(world.tanum.id, "registrar"), person.id],
        )
        register(item, by=world.owner)
    ask(world, world.client())
    bench = f"/arbete/utlamnande/{the_request(world).item_id}/handling/{item.id}"
    page = world.client(world.owner).get(bench).content.decode()
    assert 'value="Gunhild"' in page and 'value="Testssons"' in page
    assert "namn på någon i handlingen" in page and "21 kap. 7 § OSL" in page
    world.client(world.owner).post(bench, {"words": ["Gunhild", "Testssons"], "step": "save"})
    with world.acting(world.owner):
        (copy,) = DisclosedCopy.objects.all()
    assert (copy.marks, copy.grounds) == (2, ["osl-21-7"])


def test_a_decision_may_give_more_than_the_answer_did(world: World) -> None:
    item = secret_record(world)
    ask(world, world.client())
    request = the_request(world)
    said = {"grounds": ["osl-21-7"], "reason": "Uppgifter om en enskild."}
    with world.acting(world.owner):
        item = Item.objects.select_related("record").get(id=item.id)
        actions.prepare_copy(request, by=world.owner, item=item, words=[NUMBER, NAME])
        actions.answer_request(request, by=world.owner, outcome=Outcome.MASKED, **said)
    with scope(Scope(world.tanum.id, reach=frozenset({request.asker}))):
        actions.want_decision(request, by=world.phone(world.tanum), holder=request.asker)
        with pytest.raises(actions.DisclosureRefused, match="redan bett"):
            actions.want_decision(request, by=world.phone(world.tanum), holder=request.asker)
    with world.acting(world.owner):
        actions.prepare_copy(request, by=world.owner, item=item, words=[NUMBER])
        decision = actions.decide_request(request, by=world.owner, outcome=Outcome.MASKED, **said)
    assert "kammarrätten" in decision.appeal
    with scope(Scope(None, reach=frozenset({request.asker}))):
        first, second = queries.copies_of(request)
    assert (first.marks, second.marks) == (2, 1)
    assert (NAME in first.fields, NAME in second.fields) == (False, True)


def test_nothing_is_kept_of_who_asks(world: World) -> None:
    ask(world, world.client(world.stranger))
    request = the_request(world)
    with world.acting(world.owner):
        item = Item.objects.get(id=request.item_id)
        entries = list(LogEntry.objects.filter(item=item.id))
    assert set(item.readers) == {role_token(world.tanum.id, "registrar"), request.asker}
    assert entries and {(one.person, one.acting_for) for one in entries} == {(None, None)}


def test_who_reads_a_request(world: World) -> None:
    address = ask(world, world.client())
    request = the_request(world)
    own = f"/tanum/begar-ut/min/{address}"
    assert world.client().get(own).status_code == 200
    assert world.client().get(own[:-1] + ("0" if own[-1] != "0" else "1")).status_code == 404
    assert world.client().get("/tanum/begar-ut/min/nej").status_code == 404
    for reader, status in ((world.owner, 200), (world.stranger, 404)):
        assert world.client(reader).get(f"/arbete/utlamnande/{request.item_id}").status_code == status
    with world.acting(world.stranger):
        assert not DisclosureRequest.objects.exists()
    with scope(Scope(None)):
        assert not DisclosureRequest.objects.exists()


def test_the_same_form_sent_twice_is_one_request(world: World) -> None:
    key = "0190f2f0-0000-7000-8000-000000000001"
    first = ask(world, world.client(), submission_key=key)
    assert ask(world, world.client(), submission_key=key) == first
    assert ask(world, world.client(), submission_key=key, wanted="Något annat") != first
    with world.acting(world.owner):
        assert DisclosureRequest.objects.count() == 2


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"wanted": ""}, "Skriv vad du vill läsa, eller ett diarienummer."),
        ({"delivery": "email"}, "Skriv den e-postadress som svaret ska skickas till."),
        ({"delivery": "duva"}, "Det svaret finns inte att välja"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_comes_back(world: World, typed: dict[str, str], words: str) -> None:
    said = {"wanted": "Allt om <b>bryggan</b>", "delivery": "address", **typed}
    answer = world.client().post(f"/tanum/begar-ut/{world.tanum.id}", said)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "<b>bryggan" not in answer.content.decode()


def test_an_answer_must_fit_what_is_given(world: World) -> None:
    item = secret_record(world)
    ask(world, world.client())
    request = the_request(world)
    with world.acting(world.owner):
        item = Item.objects.select_related("record").get(id=item.id)
        for outcome, more, why in (
            (Outcome.RELEASED, {}, "Välj först vilken handling"),
            (Outcome.REFUSED, {"reason": "Hemligt"}, "paragraf"),
            (Outcome.REFUSED, {"grounds": ["osl-21-1"]}, "Skriv varför"),
            (Outcome.NOT_HELD, {}, "Skriv varför"),
        ):
            with pytest.raises(actions.DisclosureRefused, match=why):
                actions.answer_request(request, by=world.owner, outcome=outcome, **more)
        actions.prepare_copy(request, by=world.owner, item=item, words=[NUMBER])
        with pytest.raises(actions.DisclosureRefused, match="maskad"):
            actions.answer_request(request, by=world.owner, outcome=Outcome.RELEASED)
        # A copy that is not masked takes its place.
        actions.prepare_copy(request, by=world.owner, item=item, words=[])
        actions.answer_request(request, by=world.owner, outcome=Outcome.RELEASED)
        with pytest.raises(actions.DisclosureRefused, match="redan besvarad"):
            actions.prepare_copy(request, by=world.owner, item=item, words=[])
        with pytest.raises(actions.DisclosureRefused, match="redan besvarad"):
            actions.answer_request(request, by=world.owner, outcome=Outcome.NOT_HELD, reason="Nej")
        copy = DisclosedCopy.objects.get()
    assert (NUMBER in copy.fields, copy.marks) == (True, 0)
    # All was given: there is nothing to decide.
    with world.acting(world.phone(world.tanum)), pytest.raises(DisclosureRequest.DoesNotExist):
        actions.want_decision(request, by=world.phone(world.tanum), holder=request.asker)


def test_only_registrars_of_the_authority_answer(world: World) -> None:
    item = secret_record(world)
    ask(world, world.client())
    request = the_request(world)
    with world.acting(world.stranger):
        for verb in (
            lambda: actions.prepare_copy(request, by=world.stranger, item=item, words=[]),
            lambda: actions.answer_request(request, by=world.stranger, outcome=Outcome.NOT_HELD, reason="Nej"),
            lambda: actions.read_in_full(item, by=world.stranger),
        ):
            with pytest.raises(PermissionDenied):
                verb()
    with world.acting(world.phone(world.tanum)), pytest.raises(PermissionDenied):
        actions.want_decision(request, by=world.phone(world.tanum), holder=world.tanum.id)
