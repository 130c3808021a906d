"""What a stranger may read is what she is given: the page for staff is held against her own pages."""

import pytest

from medskick.kernel.disclosure.stranger import strangers_view
from medskick.kernel.disclosure.tests.test_diary import entered
from medskick.kernel.organisations.actor import role_token
from medskick.kernel.records.actions import create_item, link
from medskick.kernel.records.models import Item, Level, Relation
from medskick.kernel.records.offers import EVERY_KIND, Offer, offers_for, register_offer
from medskick.kernel.tests.world import World


@pytest.mark.parametrize("level", [Level.PUBLIC, Level.ORGANISATION, Level.PARTIES, Level.SEALED])
def test_the_four_ways_in_are_told_as_they_are(world: World, level: str) -> None:
    record = entered(world, title="Brygga under utredning", public_title="", level=level)
    with world.acting(world.owner):
        item = Item.objects.select_related("record").get(id=record.item_id)
        before = create_item(by=world.owner, kind="kernel.document", title="Öppet steg", level=Level.PUBLIC)
        link(by=world.owner, from_item=before, to_item=item, relation=Relation.GAVE_RISE_TO)
        seen = strangers_view(item)
    stranger = world.client()
    opens = stranger.get(f"/spar/{item.number}").status_code == 200
    found = "Brygga under utredning" in stranger.get("/sok?q=brygga+utredning").content.decode()
    diary = stranger.get("/tanum/diarium").content.decode()
    trace = stranger.get(f"/spar/{before.number}").content.decode()
    assert seen.opens == opens == (level == Level.PUBLIC)
    assert seen.found == found == (level == Level.PUBLIC)
    assert seen.line is not None and record.diary_number in diary
    assert ("Brygga under utredning" in diary) == (seen.line.subject != "") == (level == Level.PUBLIC)
    told = "Ett steg som du inte får läsa" in trace
    assert (seen.step is not None) == (told or "Brygga under utredning" in trace) == (level != Level.SEALED)
    if seen.step is not None:
        assert seen.step.readable == (not told)
    page = world.client(world.owner).get(f"/arbete/handling/{item.id}/framling").content.decode()
    assert ("öppnas inte" in page) == (level != Level.PUBLIC)


def test_only_those_who_work_there_see_the_page(world: World) -> None:
    record = entered(world, level=Level.PUBLIC)
    page = f"/arbete/handling/{record.item_id}/framling"
    assert world.client(world.colleague).get(page).status_code == 200
    assert world.client(world.stranger).get(page).status_code == 404
    assert world.client(world.resident).get(page).status_code == 403


def test_a_hidden_step_leads_to_a_request_that_names_it(world: World) -> None:
    record = entered(world, title="Brygga under utredning")
    with world.acting(world.owner):
        before = create_item(by=world.owner, kind="kernel.document", title="Öppet steg", level=Level.PUBLIC)
        link(by=world.owner, from_item=before, to_item=record.item, relation=Relation.GAVE_RISE_TO)
    browser = world.client()
    page = browser.get(f"/spar/{before.number}").content.decode()
    start = page.index("/begar-ut/")
    address = page[start : page.index('"', start)].replace("&amp;", "&")
    form = browser.get(address).content.decode()
    assert f'value="{record.item_id}"' in form and "Dokument, " in form
    said = {"wanted": "Handling", "delivery": "address", "asked_item": str(record.item_id)}
    asked = browser.post(address, said)
    assert asked.status_code == 302
    desk = world.client(world.owner).get("/arbete/utlamnande").content.decode()
    start = desk.index("/arbete/utlamnande/")
    request = world.client(world.owner).get(desk[start : desk.index('"', start)]).content.decode()
    assert "Frågan kom från ett steg i spåret" in request and record.diary_number in request
    # An id that names nothing, or somebody else's, says nothing.
    assert browser.get(f"/begar-ut/{world.tanum.id}?steg=nej").status_code == 200


def test_an_offer_on_every_kind_stands_with_those_of_one_kind(world: World) -> None:
    with world.acting(world.owner):
        item = create_item(by=world.owner, kind="kernel.document", title="x", readers=[role_token(world.tanum.id, "x")])
    labels = [str(one.label) for one in offers_for(world.owner, item)]
    assert "Vad får allmänheten läsa?" in labels
    assert "Vad får allmänheten läsa?" not in [str(one.label) for one in offers_for(world.stranger, item)]
    with pytest.raises(ValueError, match="registered already"):
        register_offer(Offer(EVERY_KIND, "as_stranger", "x", url=lambda _: "", allowed=lambda *_: False))
