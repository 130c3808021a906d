"""The pages of documents: what they cost, what comes back from a form, and who is let in."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from medskick.kernel.documents.actions import change_draft
from medskick.kernel.documents.models import Document, DocumentVersion, IncomingReferral, Referral
from medskick.kernel.documents.templates import document_templates
from medskick.kernel.documents.tests.making import make_draft, make_fixed, make_next_draft
from medskick.kernel.documents.tests.test_referrals import answer, came, send
from medskick.kernel.records.kinds import item_url
from medskick.kernel.records.models import Item, Record
from medskick.kernel.tests.world import World, page_queries
from medskick.lib.dates import say_date

LIST, DETAIL = 8, 12
SOON = (timezone.localdate() + timedelta(days=30)).isoformat()


def number_of(version: DocumentVersion) -> str:
    return version.document.item.number


def test_a_document_is_begun_from_a_template_and_written_on(world: World) -> None:
    browser = world.client(world.owner)
    assert "Riktlinje" in browser.get("/arbete/dokument/nytt").content.decode()
    form = {"title": "Badplatser", "field_rules": "Stängt klockan tio.", "level": "organisation"}
    made = browser.post("/arbete/dokument/nytt/guideline", form)
    assert made.status_code == 302
    page = browser.get(made["Location"]).content.decode()
    assert "version 0.1" in page
    assert "Stängt klockan tio." in page
    wrong = browser.post("/arbete/dokument/nytt/guideline", {**form, "title": ""})
    assert wrong.status_code == 422
    assert "Stängt klockan tio." in wrong.content.decode()
    assert browser.get("/arbete/dokument/nytt/finns-inte").status_code == 404


def test_two_who_write_at_once_lose_nothing(world: World) -> None:
    draft = make_draft(world)
    address = f"/arbete/dokument/{number_of(draft)}/utkast"
    browser = world.client(world.owner)
    assert str(draft.pk) in browser.get(address).content.decode()
    with world.acting(world.colleague):
        theirs = change_draft(
            draft,
            by=world.colleague,
            title="Badplatser",
            values={"rules": "Kollegans regel.", "purpose": "Kollegans syfte."},
            reason="Tydligare",
        )
    mine = {
        "title": "Badplatser",
        "field_purpose": "Alla ska kunna bada.",
        "field_covers": "Min målgrupp.",
        "field_rules": "Min regel.",
        "reason": "Mitt skäl",
        "based_on": str(draft.pk),
    }
    told = browser.post(address, mine)
    page = told.content.decode()
    assert told.status_code == 422
    assert "Karin Kollega sparade version 0.2 medan du skrev" in page
    form = told.context["form"]
    # Both changed the rules: mine stays in the box and theirs stands beside it. Only they changed the purpose, only I
    # the group: both are in the boxes.
    assert form["field_rules"].value() == "Min regel."
    assert "Kollegans" in page
    assert form["field_purpose"].value() == "Kollegans syfte."
    assert form["field_covers"].value() == "Min målgrupp."
    assert form["based_on"].value() == str(theirs.pk)
    saved = browser.post(address, {name: form[name].value() or "" for name in form.fields})
    assert saved.status_code == 302
    with world.acting(world.owner):
        latest = Document.objects.get().versions.latest_first().first()
        texts = {field["key"]: field["value"] for field in latest.fields}
        assert latest.number == "0.3"
        assert (texts["rules"], texts["purpose"], texts["covers"]) == (
            "Min regel.",
            "Kollegans syfte.",
            "Min målgrupp.",
        )
        assert DocumentVersion.objects.count() == 3


def test_the_page_says_to_whom_the_remiss_went_and_who_has_answered(world: World) -> None:
    version = make_draft(world)
    referral = send(world, version)
    browser, address = world.client(world.owner), f"/arbete/dokument/{number_of(version)}"
    page = browser.get(address).content.decode()
    top = page[: page.index("Alla ska kunna bada.")]
    with world.acting(world.owner):
        number = Record.objects.get(item_id=referral.item_id).diary_number
    for told in ("Sotenäs", "0 av 1 har svarat.", say_date(referral.answer_by, weekday=False, year=True), number):
        assert told in top
    answer(world)
    page = browser.get(address).content.decode()
    assert "1 av 1 har svarat." in page
    assert "har svarat: avstyrker" in page


def test_the_page_says_its_own_diary_number(world: World) -> None:
    draft = make_draft(world)
    browser, address = world.client(world.owner), f"/arbete/dokument/{number_of(draft)}"
    assert "ett utkast får nummer när det fastställs" in browser.get(address).content.decode()
    fixed = make_fixed(world, title="Hamnen")
    with world.acting(world.owner):
        number = Record.objects.get(item_id=fixed.item_id).diary_number
    address = f"/arbete/dokument/{number_of(fixed)}"
    assert dict(browser.get(address).context["facts"])["Diarienummer"] == number
    make_next_draft(world, fixed)
    assert dict(browser.get(address).context["facts"])["Diarienummer"] == f"{number} (version 1.0)"


def test_the_ways_to_let_others_read_stand_together_the_nearest_first(world: World) -> None:
    draft = make_draft(world)
    page = world.client(world.owner).get(f"/arbete/dokument/{number_of(draft)}").content.decode()
    group = page[page.index('id="others"') :]
    ways = ("Låt andra läsa utkastet", "Medan ni skriver", "Skicka på remiss", "vill ha svar", ">Dela<", "fastställt:")
    places = [group.index(one) for one in ways]
    assert places == sorted(places)
    assert page.count(">Dela<") == 1, "not on the record bar too"


@pytest.mark.parametrize("based_on", ["", "finns-inte", "01a20d61-0000-7000-8000-000000000000"])
def test_a_form_that_does_not_say_what_it_was_based_on_is_answered_plainly(world: World, based_on: str) -> None:
    draft = make_draft(world)
    form = {"title": "Badplatser", "field_rules": "Mitt", "reason": "Skäl", "based_on": based_on}
    answered = world.client(world.owner).post(f"/arbete/dokument/{number_of(draft)}/utkast", form)
    assert answered.status_code in (302, 422)


def test_fixing_says_what_will_happen_and_then_what_did(world: World) -> None:
    draft = make_draft(world)
    address = f"/arbete/dokument/{number_of(draft)}/faststallande"
    browser = world.client(world.owner)
    before = browser.get(address).content.decode()
    assert "Utkast 0.1 blir version 1.0" in before
    assert "öppen för alla" in before
    form = {"reason": "Beslut § 1", "openness": "withheld", "based_on": str(draft.pk)}
    assert browser.post(address, form).status_code == 422
    assert browser.post(address, {**form, "openness": "public"}).status_code == 302
    after = browser.get(f"/arbete/dokument/{number_of(draft)}").content.decode()
    for told in ("Diarieförd", "Publicerad", "ingen följde dokumentet", "T 20"):
        assert told in after


def test_one_does_not_fix_a_version_that_one_has_not_seen(world: World) -> None:
    draft = make_draft(world)
    address = f"/arbete/dokument/{number_of(draft)}/faststallande"
    browser = world.client(world.owner)
    with world.acting(world.colleague):
        later = change_draft(draft, by=world.colleague, title="Badplatser", values={"rules": "Annat"})
    form = {"reason": "Beslut § 1", "openness": "public", "based_on": str(draft.pk)}
    refused = browser.post(address, form)
    assert refused.status_code == 422
    assert "Version 0.2 har skrivits" in refused.content.decode()
    assert browser.post(address, {**form, "based_on": str(later.pk)}).status_code == 302


def test_the_history_is_the_table_of_the_requirement(world: World) -> None:
    fixed = make_fixed(world)
    page = world.client().get(f"/dokument/{number_of(fixed)}").content.decode()
    heads = [f'<th scope="col">{word}</th>' for word in ("Datum", "Version", "Utfärdare", "Förändringsorsak")]
    assert "".join(heads) in page
    assert "Fastställd: Beslut § 1" in page
    assert page.count("Olle Ägare") >= 3
    assert "Senaste fastställda version, 1.0" in page


def test_the_difference_is_told_without_colour(world: World) -> None:
    fixed = make_fixed(world)
    make_next_draft(world, fixed, "Bryggan stängs klockan elva.")
    page = world.client(world.owner).get(f"/arbete/dokument/{number_of(fixed)}/jamforelse").content.decode()
    assert '<del><span class="ds-sr-only">borttaget: </span>tio</del>' in page
    assert '<ins><span class="ds-sr-only">tillagt: </span>elva</ins>' in page
    strange = world.client(world.owner).get(f"/arbete/dokument/{number_of(fixed)}/jamforelse?fran=x&till=9.9")
    assert strange.status_code == 200


def test_a_version_is_taken_out_as_text_and_json_and_printed_with_page_numbers(world: World) -> None:
    draft = make_draft(world, title='Bad "<script>" *platser*')
    browser = world.client(world.owner)
    base = f"/arbete/dokument/version/{draft.pk}"
    given = json.loads(browser.get(f"{base}/hamta.json").content)
    assert (given["version"], given["title"]) == ("0.1", 'Bad "<script>" *platser*')
    assert given["fields"][0]["text"] == "Alla ska kunna bada."
    text = browser.get(f"{base}/hamta.md")
    assert r"# Bad " in text.content.decode()
    assert r"\*platser\*" in text.content.decode()
    assert text["Content-Disposition"] == 'attachment; filename="bad-script-platser-0.1.md"'
    style = browser.get(f"/dokument/utskrift/{draft.pk}.css").content.decode()
    assert 'counter(page) " (" counter(pages) ")"' in style
    assert "<" not in style
    assert style.count('"') % 2 == 0
    assert f"/dokument/utskrift/{draft.pk}.css" in browser.get(f"{base}/utskrift").content.decode()
    for name in ("stranger", "resident"):
        assert world.client(getattr(world, name)).get(f"/dokument/utskrift/{draft.pk}.css").status_code == 404


def test_a_remiss_goes_out_and_is_answered_by_the_pages(world: World) -> None:
    draft = make_draft(world)
    sender, receiver = world.client(world.owner), world.client(world.stranger)
    form = {"receivers": [str(world.sotenas.id)], "answer_by": SOON, "questions": "Räcker det?\nVad saknas?"}
    address = f"/arbete/dokument/{number_of(draft)}/remiss"
    assert sender.post(address, {**form, "answer_by": "2020-01-01"}).status_code == 422
    assert sender.post(address, {**form, "receivers": ["hej"]}).status_code == 422
    assert sender.post(address, form).status_code == 302
    with world.acting(world.stranger):
        incoming = came(world)
    page = receiver.get(f"/arbete/dokument/remisser/in/{incoming.item_id}").content.decode()
    assert "Räcker det?" in page
    reply = {"stance": "supports", "text": "Det är bra.", "answer_0": "Ja", "answer_1": "Inget"}
    there = f"/arbete/dokument/remisser/in/{incoming.item_id}/svar"
    assert receiver.post(there, {**reply, "stance": "kanske"}).status_code == 422
    assert receiver.post(there, reply).status_code == 302
    assert "Det är bra." in sender.get(f"/arbete/dokument/remisser/{incoming.referral_id}").content.decode()
    for browser in (world.client(world.regional),):
        assert browser.get(f"/arbete/dokument/remisser/{incoming.referral_id}").status_code == 404
        assert browser.get(f"/arbete/dokument/remisser/in/{incoming.item_id}").status_code == 404
        assert browser.get(there).status_code == 404
    # Each is led to its own side of it.
    here, there = (
        f"/arbete/dokument/remisser/{incoming.referral_id}",
        f"/arbete/dokument/remisser/in/{incoming.item_id}",
    )
    assert receiver.get(here)["Location"] == there
    assert sender.get(there)["Location"] == here


def test_every_kind_leads_from_its_item_to_its_page_at_both_ends(world: World) -> None:
    fixed = make_fixed(world)
    send(world)
    answer(world)
    led = {}
    for name in ("owner", "stranger"):
        with world.acting(getattr(world, name)):
            items = list(Item.objects.all())
        for item in items:
            if not (item.kind == "kernel.document" and item.id != fixed.document_id):
                address = item_url(item, staff=True)
                led[name, item.kind] = world.client(getattr(world, name)).get(address, follow=True).status_code
        public = [item for item in items if item.level == "public"]
        assert len(public) == 2
        for item in public:
            assert world.client().get(item_url(item, staff=False), follow=True).status_code == 200
    kinds = ("document", "document_version", "referral", "incoming_referral", "referral_answer", "incoming_answer")
    assert {kind for name, kind in led if name == "owner"} == {f"kernel.{one}" for one in kinds}
    assert set(led.values()) == {200}


@pytest.mark.parametrize("typed", ["%00", "A" * 500, "finns-inte", "..%2F..", "'%20or%20'1"])
def test_a_strange_number_is_not_found(world: World, typed: str) -> None:
    browser = world.client(world.owner)
    pages = ["/dokument/{}", "/dokument/{}/1", "/dokument/{}/jamforelse", "/dokument/version-av/{}"]
    pages += ["/arbete/dokument/{}", "/arbete/dokument/{}/utkast", "/arbete/dokument/version-av/{}"]
    pages += ["/arbete/dokument/remisser/svar/{}"]
    for page in pages:
        assert browser.get(page.format(typed)).status_code == 404, page


def test_the_start_page_tells_what_was_fixed_lately(world: World) -> None:
    fixed = make_fixed(world)
    make_next_draft(world, fixed)
    page = world.client().get("/tanum/").content.decode()
    assert "Nyligen fastställt" in page
    assert f"/tanum/dokument/{number_of(fixed)}" in page
    assert "borgar" not in page
    assert "Nyligen fastställt" not in world.client().get("/sotenas/").content.decode()


def test_another_organisations_staff_change_nothing(world: World) -> None:
    fixed = make_fixed(world)
    browser = world.client(world.stranger)
    number = number_of(fixed)
    for page in ("utkast", "faststallande", "genomlasning", "oversyn", "ansvar", "utlaning", "remiss"):
        for method in (browser.get, browser.post):
            assert method(f"/arbete/dokument/{number}/{page}").status_code == 403, page
    assert browser.get(f"/arbete/dokument/version/{fixed.pk}/publicering").status_code == 404
    assert browser.get(f"/arbete/dokument/{number}").status_code == 200


@pytest.mark.parametrize(
    ("page", "budget"),
    [
        ("/arbete/dokument", LIST),
        ("/arbete/dokument?visa=oversyn", LIST),
        ("/arbete/dokument/remisser", LIST + 3),
        ("/dokument", LIST),
    ],
)
def test_a_list_costs_the_same_with_more_rows(world: World, page: str, budget: int) -> None:
    browser = world.client(world.owner)
    make_fixed(world)
    send(world)
    page_queries(browser, page)
    one = page_queries(browser, page)
    for turn in range(2):
        make_fixed(world)
        send(world, make_draft(world, title=f"Mer {turn}"))
    three = page_queries(browser, page)
    assert len(one) <= budget, one
    assert len(three) == len(one)


@pytest.mark.parametrize("who", ["owner", "stranger", None])
def test_a_document_costs_the_same_with_more_versions(world: World, who: str | None) -> None:
    fixed = make_fixed(world)
    browser = world.client(getattr(world, who) if who else None)
    address = f"/arbete/dokument/{number_of(fixed)}" if who else f"/dokument/{number_of(fixed)}"
    make_next_draft(world, fixed)
    page_queries(browser, address)
    one = page_queries(browser, address)
    with world.acting(world.owner):
        for _turn in range(3):
            latest = Document.objects.get().versions.latest_first().first()
            change_draft(latest, by=world.owner, title="Badplatser", values={})
    assert len(page_queries(browser, address)) == len(one) <= DETAIL + 4


def test_a_remiss_costs_the_same_with_its_answer(world: World) -> None:
    referral = send(world)
    browser = world.client(world.owner)
    address = f"/arbete/dokument/remisser/{referral.item_id}"
    page_queries(browser, address)
    before = len(page_queries(browser, address))
    answer(world)
    assert before <= DETAIL + 2
    # The answers with their diary numbers cost two, however many they are.
    assert len(page_queries(browser, address)) == before + 2
    with world.acting(world.owner):
        assert (Referral.objects.count(), IncomingReferral.objects.count(), Record.objects.count()) == (1, 1, 4)


def test_every_template_has_words_for_each_field() -> None:
    templates = document_templates()
    assert len(templates) >= 6
    for template in templates.values():
        keys = [field.key for field in template.fields]
        assert len(set(keys)) == len(keys)
        assert template.about
        assert all(
            field.label and field.help and field.mode in ("locked", "default", "free") for field in template.fields
        )
