"""Mina uppgifter: all that is hers and nothing of anybody else's; a copy; who has read; yes and no; what is wrong."""

import io
import json
import zipfile
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from medskick.kernel.assistance.actions.helping import begin_help
from medskick.kernel.assistance.actions.mandates import Named, Terms, give_proxy
from medskick.kernel.assistance.actions.objecting import decide_objection, object_to_help
from medskick.kernel.assistance.models import AssistanceGround
from medskick.kernel.disclosure.actions import ask_for_record
from medskick.kernel.files.actions import store_file
from medskick.kernel.log.actions import log_read
from medskick.kernel.notifications.actions import follow
from medskick.kernel.notifications.mail_actions import leave_address
from medskick.kernel.notifications.models import Notification
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.organisations.scope import Scope, scope
from medskick.kernel.people.actions import make_known
from medskick.kernel.people.actions.employing import ask_for_access
from medskick.kernel.people.identity import Identity
from medskick.kernel.privacy.access import herself
from medskick.kernel.privacy.actions import exports
from medskick.kernel.privacy.actions.consents import NobodyToAsk, ask_again, give_consent, withdraw_consent
from medskick.kernel.privacy.actions.disputes import AlreadyAnswered, accept_dispute, dispute, refuse_dispute
from medskick.kernel.privacy.exporting import write_copy
from medskick.kernel.privacy.models import DataExport, Dispute
from medskick.kernel.privacy.purposes import CONTACT_AGAIN
from medskick.kernel.privacy.queries import has_consent, my_things, readings_of, thing_of
from medskick.kernel.records.actions import create_item
from medskick.kernel.records.models import Item, Level, Record
from medskick.kernel.tasks.models import Task
from medskick.kernel.tests.world import World
from medskick.lib.personal_number import example_number

OTHER = "Uppgift om någon annan"


@pytest.fixture
def voice(world: World) -> Item:
    """Something that the resident has said in Tanum, beside something that another has said."""
    with scope(Scope(world.tanum.id)):
        other = make_known(name="Annan Person")
    with world.acting(world.owner):
        create_item(
            by=world.owner, kind="kernel.document", title=OTHER, level=Level.PARTIES, readers=[other.id, world.unit.id]
        )
        return create_item(
            by=world.owner,
            kind="kernel.document",
            title="Gungan på Kyrkvägen",
            level=Level.PARTIES,
            readers=[resident_id(world), world.unit.id],
        )


def resident_id(world: World) -> UUID:
    assert world.resident.person is not None
    return world.resident.person


def test_what_is_mine_is_found_and_nothing_else(world: World, voice: Item) -> None:
    with world.acting(world.resident):
        follow(voice, by=world.resident)
        upload = SimpleUploadedFile("gunga.txt", "Gungan är trasig".encode(), content_type="text/plain")
        store_file(upload, by=world.resident, item=voice.id)
    with herself(world.resident) as person:
        things = my_things(person)
    words = [(thing.title, [label for label, _ in thing.lines], len(thing.parts)) for thing in things]
    assert ("Gungan på Kyrkvägen", [], 1) in words
    assert ("Ditt namn", ["Namn"], 0) in words
    assert ("Gungan på Kyrkvägen", ["Du följer det sedan"], 0) in words
    page = world.client(world.resident).get("/mina/uppgifter").content.decode()
    assert "gunga.txt" in page and "Ingrid Invånare" in page
    assert OTHER not in page
    for other in (world.owner, world.stranger):
        page = world.client(other).get("/mina/uppgifter").content.decode()
        assert "Gungan på Kyrkvägen" not in page


def test_a_colleague_reads_herself_alone_also_at_work(world: World, voice: Item) -> None:
    """The unit's rows are not hers, though her unit reads them."""
    with world.acting(world.owner), herself(world.owner) as person:
        assert [one.title for one in my_things(person) if one.model == "kernel.item"] == []


def test_whoever_is_helped_is_not_laid_open(world: World) -> None:
    helper = Actor(kind="person", organisation=world.tanum.id, person=world.owner.person, acting_for=resident_id(world))
    with world.acting(helper), pytest.raises(PermissionDenied), herself(helper):
        pass


def test_the_copy_holds_a_page_the_data_and_the_files(world: World, voice: Item) -> None:
    with world.acting(world.resident):
        upload = SimpleUploadedFile("../gunga.txt", "Gungan är trasig".encode(), content_type="text/plain")
        store_file(upload, by=world.resident, item=voice.id)
    answer = world.client(world.resident).post("/mina/uppgifter/kopia")
    assert answer["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as copy:
        data = json.loads(copy.read("data.json"))
        page = copy.read("index.html").decode()
        files = [name for name in copy.namelist() if name.startswith("filer/")]
        assert [copy.read(name).decode() for name in files] == ["Gungan är trasig"]
        whole = b"".join(copy.read(name) for name in copy.namelist()).decode()
    assert ".." not in files[0]
    assert [one["name"] for one in data["tables"]["kernel.person"]] == ["Ingrid Invånare"]
    assert [one["title"] for one in data["tables"]["kernel.item"]] == ["Gungan på Kyrkvägen"]
    assert "Gungan på Kyrkvägen" in page and files[0] in page
    assert OTHER not in whole and "Olle Ägare" not in whole and str(world.unit.id) not in whole


def test_the_page_is_folded_and_says_first_what_there_is(world: World, voice: Item) -> None:
    with world.acting(world.resident):
        follow(voice, by=world.resident)
    with world.acting(world.owner):
        log_read(world.owner, "kernel.document", [voice.id])
    _disputed(world, voice)
    answer = world.client(world.resident).get("/mina/uppgifter")
    shown = {one.part.key: one.count for one in answer.context["parts"]}
    assert list(shown) == ["jag", "skickat", "sparat", "last", "foljer"]
    assert (shown["jag"], shown["last"]) == (1, 1)
    assert shown["skickat"] == 1  # what she said is wrong
    assert shown["sparat"] >= 1  # the document that she is a part of
    assert sum(count for key, count in shown.items() if key != "last") == answer.context["many"]
    page = answer.content.decode()
    assert page.count('<details class="part" id=') == 5
    assert '<details class="part" open' not in page
    assert "Vem som har läst om mig" in page and "Olle Ägare" in page


def test_the_copy_comes_in_the_order_of_what_matters(world: World, voice: Item) -> None:
    with world.acting(world.resident):
        follow(voice, by=world.resident)
    file = io.BytesIO()
    with herself(world.resident) as person:
        write_copy(file, person)
    with zipfile.ZipFile(file) as copy:
        page = copy.read("index.html").decode()
    marks = [f'id="{key}"' for key in ("jag", "skickat", "sparat", "last", "foljer")]
    places = [page.index(mark) for mark in marks]
    assert places == sorted(places)
    assert page.index('href="#jag"') < places[0] < page.index("Ingrid Invånare") < places[1]
    assert places[4] < page.index("Du följer det sedan")


def test_what_the_other_rooms_keep_is_given_to_her_and_to_nobody_else(world: World) -> None:
    """Log-ins, mandates, help, objections, a wish to work here and an address for mail: on the page and in the copy."""
    bo = Named(example_number(date(1975, 6, 9), 239).number12, "Bo Ombud")
    with world.acting(world.resident):
        give_proxy(by=world.resident, to=bo, terms=Terms(timezone.localdate()))
        leave_address(by=world.resident, address="ingrid@example.se")
        ask_for_record(by=world.resident, organisation=world.tanum.id, wanted="Något att läsa")
        told = Identity("https://idp.example", "ingrid", "Ingrid Sökande", "", "substantial", email="i@tanum.example")
        ask_for_access(resident_id(world), by=world.resident, identity=told)
    with world.acting(world.owner):
        help_given = begin_help(by=world.owner, ground=AssistanceGround.STATED, named=bo, reason="Har glömt sin dosa")
    helped = replace(world.resident, person=help_given.resident, name="Bo Ombud")
    with world.acting(helped):
        objection = object_to_help(help_given, by=helped, about="Olle Ägare hjälpte dig", text="Det ville jag inte")
    with world.acting(world.owner):
        decide_objection(objection, by=world.colleague, outcome="upheld", reason="Du har rätt")
    whole = {one: _everything(world, one) for one in (world.resident, helped, world.stranger)}
    both = {"Firefox på Windows", "Ingrid Invånare", "Bo Ombud"}  # the mandate names the two that it ties
    hers = both | {"ingrid@example.se", "Ingrid Sökande", "i@tanum.example"}
    his = both | {"Har glömt sin dosa", "Olle Ägare", "Det ville jag inte", "Du har rätt"}
    for reader, words in ((world.resident, hers), (helped, his), (world.stranger, {"Firefox på Windows"})):
        page, copy = whole[reader]
        assert {word for word in hers | his if word in page} == words
        assert {word for word in hers | his if word in copy} == words
        assert "Något att läsa" not in page + copy  # nobody asked who she was
        # Digests of addresses and of secrets are not hers to be given.
        assert "email_index" not in copy and "off_token" not in copy and '"code"' not in copy


def _everything(world: World, actor: Actor) -> tuple[str, str]:
    page = world.client(actor).get("/mina/uppgifter").content.decode()
    file = io.BytesIO()
    with herself(actor) as person:
        write_copy(file, person)
    with zipfile.ZipFile(file) as copy:
        return page, copy.read("data.json").decode()


def test_a_large_copy_is_made_by_a_job_encrypted_for_a_week_and_for_her_alone(
    world: World, voice: Item, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "MOST_ROWS", 0)
    client = world.client(world.resident)
    assert client.post("/mina/uppgifter/kopia").status_code == 302
    assert client.post("/mina/uppgifter/kopia").status_code == 302
    with herself(world.resident) as person:
        asked = DataExport.objects.get(person=person)
    from medskick.kernel.organisations.actor import system

    worker = system(asked.owner_id)
    with scope(worker.scope()):
        exports.make_copy(by=worker, export=asked.id, person=resident_id(world))
    kept = exports.path_of(asked.id).read_bytes()
    assert b"PK" not in kept[:10] and b"Gungan" not in kept
    answer = client.get(f"/mina/uppgifter/kopia/{asked.id}")
    content = b"".join(answer.streaming_content)
    assert len(content) == int(answer["Content-Length"])
    with zipfile.ZipFile(io.BytesIO(content)) as copy:
        assert "Gungan på Kyrkvägen" in copy.read("index.html").decode()
    for other in (world.owner, world.stranger):
        assert world.client(other).get(f"/mina/uppgifter/kopia/{asked.id}").status_code == 404
    with scope(worker.scope()):
        assert exports.sweep_copies(now=timezone.now() + timedelta(days=6)) == 0
        assert exports.sweep_copies(now=timezone.now() + timedelta(days=8)) == 1
    assert client.get(f"/mina/uppgifter/kopia/{asked.id}").status_code == 404
    assert not exports.path_of(asked.id).exists()


def test_i_am_told_who_has_read_about_me_and_nobody_else_is(world: World, voice: Item) -> None:
    with world.acting(world.owner):
        log_read(world.owner, "case", [voice.id, uuid4()])
        log_read(world.owner, "case", [uuid4()])
    with world.acting(world.stranger):
        log_read(world.stranger, "person", [resident_id(world)])
    with world.acting(world.resident):
        log_read(world.resident, "case", [voice.id])
    with herself(world.resident) as person:
        found, more = readings_of(person)
    told = [(one.owner_name, one.reader, one.post, one.unit, one.what) for one in found]
    unit = "Samhällsbyggnad"
    assert told == [
        ("Sotenäs kommun", "Sten Främling", "Handläggare", unit, "Dina uppgifter"),
        ("Tanum kommun", "Olle Ägare", "Handläggare", unit, "Dokument: Gungan på Kyrkvägen"),
    ]
    assert not more
    assert "Olle Ägare" in world.client(world.resident).get("/mina/uppgifter/lasningar").content.decode()
    for other in (world.owner, world.colleague, world.stranger):
        assert "Gungan" not in world.client(other).get("/mina/uppgifter/lasningar").content.decode()
        with world.acting(other), connection.cursor() as cursor:
            cursor.execute("select count(*) from readings_of(%s, 100, 0)", [person])
            assert cursor.fetchone() == (0,)


def test_many_readings_come_page_by_page(world: World, voice: Item) -> None:
    with world.acting(world.owner):
        for _ in range(30):
            log_read(world.owner, "case", [voice.id])
    with herself(world.resident) as person:
        first, more = readings_of(person)
        second, no_more = readings_of(person, page=2)
    assert (len(first), more, len(second), no_more) == (25, True, 5, False)
    assert "sida=2" in world.client(world.resident).get("/mina/uppgifter/lasningar?sida=x").content.decode()


def test_a_yes_holds_until_it_is_taken_back_and_for_one_organisation(world: World, voice: Item) -> None:
    resident = world.resident_at(world.tanum)
    with world.acting(world.owner), pytest.raises(NobodyToAsk):
        ask_again(voice, by=world.owner, question="Vilken gunga?")
    with world.acting(resident):
        consent = give_consent(CONTACT_AGAIN, by=resident)
        assert give_consent(CONTACT_AGAIN, by=resident) == consent
    with world.acting(world.owner):
        assert has_consent(resident_id(world), CONTACT_AGAIN)
        assert ask_again(voice, by=world.owner, question="Vilken gunga?") == 1
    with world.acting(world.stranger):
        assert not has_consent(resident_id(world), CONTACT_AGAIN)
    with herself(resident) as person:
        assert Notification.objects.get(follower=person).what == "Vilken gunga?"
    with world.acting(resident):
        withdraw_consent(consent, by=resident)
    with world.acting(world.owner):
        assert not has_consent(resident_id(world), CONTACT_AGAIN)
        with pytest.raises(NobodyToAsk):
            ask_again(voice, by=world.owner, question="Och nu?")


def test_nobody_says_yes_for_another(world: World) -> None:
    helper = Actor(kind="person", organisation=world.tanum.id, person=world.owner.person, acting_for=resident_id(world))
    with world.acting(helper), pytest.raises(PermissionDenied):
        give_consent(CONTACT_AGAIN, by=helper)


def test_yes_and_no_by_buttons(world: World) -> None:
    client = world.client(world.resident)
    assert "Jag säger ja" in client.get("/tanum/mina/uppgifter/samtycken").content.decode()
    client.post(f"/tanum/mina/uppgifter/samtycken/{CONTACT_AGAIN}", {"yes": "1"})
    assert "Ta tillbaka mitt ja" in client.get("/tanum/mina/uppgifter/samtycken").content.decode()
    client.post(f"/tanum/mina/uppgifter/samtycken/{CONTACT_AGAIN}", {"yes": "0"})
    assert "Jag säger ja" in client.get("/tanum/mina/uppgifter/samtycken").content.decode()
    assert client.post("/mina/uppgifter/samtycken/finns-inte", {"yes": "1"}).status_code == 404


def _disputed(world: World, voice: Item) -> Dispute:
    with herself(world.resident) as person:
        thing = thing_of(person, "kernel.item", voice.id)
        assert thing is not None
        return dispute(thing, by=world.resident, wrong="Gatan heter Kyrkogatan.", right="Kyrkogatan")


def test_a_dispute_is_registered_and_answered_with_a_note_beside_the_record(world: World, voice: Item) -> None:
    made = _disputed(world, voice)
    with world.acting(world.owner):
        item = Item.objects.get(id=made.item_id)
        assert (item.level, item.owner_id, Record.objects.get(item=item).serial) == (Level.PARTIES, world.tanum.id, 1)
        task = Task.objects.open().get(item=item)
        assert task.unit_id == world.unit.id and "Kyrkogatan" not in task.what
        note = accept_dispute(made, by=world.owner, note="Gatan heter Kyrkogatan.")
        assert not Task.objects.open().filter(item=item).exists()
        with pytest.raises(AlreadyAnswered):
            refuse_dispute(made, by=world.owner, reason="Nej")
    with herself(world.resident) as person:
        thing = next(one for one in my_things(person) if one.id == voice.id)
        assert [one.text for one in thing.corrections] == ["Gatan heter Kyrkogatan."]
        assert thing.title == "Gungan på Kyrkvägen"
        assert "En uppgift om dig har rättats." in Notification.objects.filter(follower=person).values_list(
            "what", flat=True
        )
        file = io.BytesIO()
        write_copy(file, person)
    with zipfile.ZipFile(file) as copy:
        assert "Gatan heter Kyrkogatan." in copy.read("index.html").decode()
    with connection.cursor() as cursor, world.acting(world.owner):
        cursor.execute("select text from kernel_correctionnote where id = %s", [note.id])
        assert b"Kyrkogatan" not in bytes(cursor.fetchone()[0])


def test_a_dispute_is_refused_with_a_reason_that_she_reads(world: World, voice: Item) -> None:
    made = _disputed(world, voice)
    with world.acting(world.owner):
        with pytest.raises(ValueError, match="rutan"):
            refuse_dispute(made, by=world.owner, reason="  ")
        refuse_dispute(made, by=world.owner, reason="Kartan säger Kyrkvägen.")
    page = world.client(world.resident).get("/mina/uppgifter").content.decode()
    assert "Kartan säger Kyrkvägen." in page and "inte rättat" in page


def test_a_dispute_is_read_by_the_registrar_of_the_owner_alone(world: World, voice: Item) -> None:
    made = _disputed(world, voice)
    address = f"/arbete/administration/rattelser/{made.item_id}"
    assert "Kyrkogatan" in world.client(world.owner).get(address).content.decode()
    assert world.client(world.stranger).get(address).status_code == 404
    assert "Begäran om rättelse" in world.client(world.owner).get("/arbete/administration/rattelser").content.decode()
    with world.acting(world.stranger):
        assert not Dispute.objects.exists()
        with pytest.raises(PermissionDenied):
            accept_dispute(made, by=world.stranger, note="Nej")


def test_the_forms_answer_in_words_and_give_back_what_was_typed(world: World, voice: Item) -> None:
    client = world.client(world.resident)
    address = f"/mina/uppgifter/stammer-inte/kernel.item/{voice.id}"
    assert "Gungan" in client.get(address).content.decode()
    failed = client.post(address, {"wrong": "", "right": "Kyrkogatan"})
    assert failed.status_code == 422 and "Kyrkogatan" in failed.content.decode()
    assert client.post(address, {"wrong": "Fel gata"}).status_code == 302
    with world.acting(world.owner):
        made = Dispute.objects.get()
    registrar, answer = world.client(world.owner), f"/arbete/administration/rattelser/{made.item_id}"
    assert registrar.post(answer, {"verdict": "refuse", "text": ""}).status_code == 422
    assert registrar.post(answer, {"verdict": "accept", "text": "Kyrkogatan"}).status_code == 302
    assert registrar.post(answer, {"verdict": "refuse", "text": "Nej"}).status_code == 422


@pytest.mark.parametrize("model", ["kernel.item", "kernel.person", "kernel.organisation", "services.case", "x"])
def test_what_is_not_mine_cannot_be_disputed(world: World, voice: Item, model: str) -> None:
    for row in (voice.id, world.owner.person, world.tanum.id):
        address = f"/mina/uppgifter/stammer-inte/{model}/{row}"
        assert world.client(world.stranger).get(address).status_code == 404


def test_the_page_costs_as_many_queries_with_many_things_as_with_few(world: World, voice: Item) -> None:
    def cost() -> int:
        from django.test.utils import CaptureQueriesContext

        with herself(world.resident) as person, CaptureQueriesContext(connection) as captured:
            my_things(person)
        return len(captured)

    few = cost()
    with world.acting(world.resident):
        for number in range(3):
            upload = SimpleUploadedFile(f"{number}.txt", b"text", content_type="text/plain")
            store_file(upload, by=world.resident, item=voice.id)
    assert cost() == few
