"""A municipality leaves: two persons say so, what tied it to the region ends, and nothing of others' breaks."""

from dataclasses import replace
from datetime import time
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from medskick.kernel.assistance.access import registrars_of
from medskick.kernel.assistance.actions.helping import ask_to_help
from medskick.kernel.assistance.actions.mandates import Firm, Named, Terms, give_proxy, register_mandate
from medskick.kernel.assistance.actions.places import Schedule, open_help_place
from medskick.kernel.assistance.models import HelpPlace, Mandate
from medskick.kernel.documents.models import DocumentVersion
from medskick.kernel.log.models import LogEntry
from medskick.kernel.notifications.delivering import owners_with_mail
from medskick.kernel.notifications.models import Delivery
from medskick.kernel.operation.leaving_actions import confirm_departure, leave_region, propose_departure
from medskick.kernel.operation.models import Departure
from medskick.kernel.organisations import places
from medskick.kernel.organisations.actor import system
from medskick.kernel.organisations.models import NetworkMember, Organisation
from medskick.kernel.organisations.scope import Scope, scope
from medskick.kernel.people.actions import ask_for_access, end_all_employments
from medskick.kernel.people.actions.providers import add_provider
from medskick.kernel.people.identity import Identity
from medskick.kernel.people.models import AccessRequest, Employment, NetworkSeat, Provider
from medskick.kernel.records.actions import create_item, link, register, share
from medskick.kernel.records.models import Item, Level, Record, Relation, Share
from medskick.kernel.sharing.actions.adopting import adopt
from medskick.kernel.sharing.models import Adoption, AdoptionDecision, AdoptionStatus
from medskick.kernel.sharing.queries import pinned
from medskick.kernel.sharing.tests.story import shared_guideline
from medskick.kernel.tests.world import World, make_world
from medskick.kernel.trace.queries import steps_after

pytestmark = pytest.mark.django_db
PAGE = "/arbete/administration/uttrade"
NUMBER = "191212121212"
FORM = {"turn_to": "Tanums egen sida, 0000-999 99", "reason": "KF § 12"}


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def propose(world: World) -> Departure:
    answer = world.client(world.regional).post(PAGE, {"leaver": str(world.tanum.id), **FORM})
    assert answer.status_code == 302, answer.content.decode()
    with world.acting(world.regional):
        return Departure.objects.get()


def leave(world: World) -> None:
    world.tanum.refresh_from_db()
    with world.acting(world.regional):
        leave_region(world.tanum, by=world.regional, turn_to=FORM["turn_to"])


def test_one_proposes_and_another_confirms(world: World) -> None:
    proposed = propose(world)
    client = world.client(world.regional)
    assert client.post(f"{PAGE}/{proposed.id}/bekraftelse").status_code == 403
    assert "Någon annan måste bekräfta" in client.get(PAGE).content.decode()
    with world.acting(world.regional), pytest.raises(IntegrityError), transaction.atomic():
        Departure.objects.update(confirmed_by=world.regional.person)
    assert world.client(world.stranger).post(f"{PAGE}/{proposed.id}/bekraftelse").status_code == 404
    theirs = world.client(world.owner)
    assert "Bekräfta att Tanum lämnar" in theirs.get(PAGE).content.decode()
    answer = theirs.post(f"{PAGE}/{proposed.id}/bekraftelse")
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert Organisation.objects.get(slug="tanum").left_at is not None
    assert "Har lämnat" in client.get(PAGE).content.decode()


def test_a_proposal_can_be_taken_back_and_is_made_once(world: World) -> None:
    proposed = propose(world)
    with world.acting(world.owner), pytest.raises(IntegrityError), transaction.atomic():
        propose_departure(by=world.owner, leaver=world.tanum, turn_to="x", reason="y")
    assert world.client(world.owner).post(f"{PAGE}/{proposed.id}/tillbakatagande").status_code == 302
    with world.acting(world.owner):
        again = Departure.objects.select_related("leaver").get()
        with pytest.raises(ValidationError):
            confirm_departure(again, by=world.owner)
    assert Organisation.objects.get(slug="tanum").left_at is None


def test_a_neighbour_can_neither_propose_nor_read_it(world: World) -> None:
    with world.acting(world.stranger), pytest.raises(PermissionDenied):
        propose_departure(by=world.stranger, leaver=world.tanum, turn_to="x", reason="y")
    propose(world)
    with world.acting(world.stranger):
        assert not Departure.objects.exists()
    answer = world.client(world.stranger).post(PAGE, {"leaver": str(world.tanum.id), **FORM})
    assert answer.status_code == 422


def test_log_ins_networks_and_shares_end(world: World) -> None:
    with world.acting(world.owner):
        given = create_item(by=world.owner, kind="kernel.document", title="Delad")
        share(given, by=world.owner, with_token=world.sotenas.id)
        wide = create_item(by=world.owner, kind="kernel.document", title="I hela regionen", level=Level.REGION)
        held = create_item(
            by=world.owner,
            kind="kernel.document",
            title="Bara parter",
            level=Level.PARTIES,
            readers=[world.owner.person],
        )
        share(held, by=world.owner, with_token=world.sotenas.id)
    with world.acting(world.stranger):
        got = create_item(by=world.stranger, kind="kernel.document", title="Till Tanum")
        share(got, by=world.stranger, with_token=world.tanum.id)
        assert set(Item.objects.values_list("title", flat=True)) == {
            "Delad",
            "I hela regionen",
            "Bara parter",
            "Till Tanum",
        }
    leave(world)
    with world.acting(world.stranger):
        assert set(Item.objects.values_list("title", flat=True)) == {"Till Tanum"}
        assert Item.objects.get().readers == []
    with scope(Scope(world.tanum.id, own=frozenset({world.tanum.id}), reach=frozenset({world.owner.person}))):  # type: ignore[arg-type]
        assert not Share.objects.filter(ended_at__isnull=True).exists()
        assert Item.objects.get(id=wide.id).level == Level.ORGANISATION
        assert Item.objects.get(id=held.id).readers == [world.owner.person]
        assert not Employment.objects.filter(ended_at__isnull=True).exists()
        assert not NetworkSeat.objects.exists()
        assert {"item.taken_back", "employment.ended", "organisation.left"} <= set(
            LogEntry.objects.values_list("verb", flat=True)
        )
    assert not NetworkMember.objects.filter(organisation=world.tanum).exists()
    assert NetworkMember.objects.count() == 0
    assert world.client(world.owner).get("/arbete").status_code == 302  # asked to log in: the session is over


def test_adoptions_end_by_a_decision_and_what_others_adopted_of_it_is_still_read(world: World) -> None:
    source, _version = shared_guideline(world, world.tanum.id, by=world.stranger)
    ours, version = shared_guideline(world, world.sotenas.id)
    with world.acting(world.owner):
        own = adopt(Item.objects.get(id=source.id), by=world.owner, reason="Den passar oss")
    with world.acting(world.stranger):
        theirs = adopt(Item.objects.get(id=ours.id), by=world.stranger, reason="Den passar oss")
    leave(world)
    with scope(Scope(world.tanum.id, own=frozenset({world.tanum.id}))):
        assert Adoption.objects.get(item_id=own.item_id).status == AdoptionStatus.ENDED
        decided = AdoptionDecision.objects.filter(adoption_id=own.item_id).order_by("at")
        assert [(one.status, one.by_name) for one in decided] == [("adopted", "Olle Ägare"), ("ended", "Medskick")]
        assert decided[1].reason == "Kommunen har lämnat regionen."
        assert LogEntry.objects.filter(verb="adoption.ended", item=own.item_id).exists()
        share = Share.objects.get(item=ours)
        assert (share.ended_at is not None, share.ended_reason) == (True, "Kommunen har lämnat regionen.")
        assert world.sotenas.id not in DocumentVersion.objects.select_related("item").get(id=version.id).item.readers
    with world.acting(world.stranger):
        assert not Item.objects.filter(id=ours.id).exists()
        assert pinned(Adoption.objects.get(item_id=theirs.item_id)) == version
        assert Adoption.objects.get(item_id=theirs.item_id).status == AdoptionStatus.ADOPTED


def test_who_waits_gets_a_no_and_its_own_log_in_is_gone(world: World) -> None:
    waiting = world.resident_at(world.tanum)
    assert waiting.person is not None
    with world.acting(waiting):
        told = Identity("https://login.tanum.example", "s", "Rut", number="", assurance="low", email="r@tanum.example")
        ask_for_access(waiting.person, by=waiting, identity=told)
    with world.acting(world.owner):
        add_provider(
            by=world.owner,
            slug="tanum-egen",
            organisation=world.tanum,
            label="Tanum",
            issuer="https://login.tanum.example",
            client_id="x",
            for_staff=True,
        )
    with world.acting(world.owner), pytest.raises(PermissionDenied):
        end_all_employments(by=world.owner)
    leave(world)
    with world.acting(waiting):
        request = AccessRequest.objects.get()
        assert (request.decision, request.reason) == (AccessRequest.REFUSED, "Kommunen har lämnat regionen.")
        assert not Provider.objects.filter(slug="tanum-egen").exists()


def test_help_ends_and_so_do_mandates_that_staff_vouched_for_and_no_others(world: World) -> None:
    with world.acting(world.owner):
        place = open_help_place(
            by=world.owner,
            name="Biblioteket",
            address="Storgatan 1",
            schedule=Schedule(weekdays=(1,), opens=time(10), closes=time(12)),
        )
        asked = ask_to_help(by=world.owner, place=place).assistance
        on_paper = register_mandate(
            by=world.owner,
            kind="company",
            ground="register",
            principal=Firm("5560125790", "Firman"),
            agent=Named(NUMBER, "Bo"),
            terms=Terms(timezone.localdate()),
            reason="Registreringsbevis",
        )
    giver = world.resident_at(world.tanum)
    with world.acting(giver):
        own = give_proxy(by=giver, to=Named(NUMBER, "Bo"), terms=Terms(timezone.localdate()))
    leave(world)
    with world.acting(giver):
        assert Mandate.objects.get(id=own.id).ended_at is None
    tanum = system(world.tanum.id).scope()
    with scope(replace(tanum, reach=tanum.reach | {registrars_of(world.tanum.id)})):
        ended = Mandate.objects.get(id=on_paper.id)
        assert (ended.ended_at is not None, ended.ended_reason) == (True, "Kommunen har lämnat regionen.")
        assert HelpPlace.objects.get(id=place.id).closed_at is not None
        assert LogEntry.objects.get(verb="assistance.ended").references == [asked.id]
        assert LogEntry.objects.get(verb="mandate.ended").references[0] == on_paper.id


def test_nothing_more_is_mailed_in_its_name(world: World) -> None:
    def queue() -> None:
        Delivery(owner=world.tanum, address=uuid4(), kind=Delivery.NEWS).save(force_insert=True)

    with world.acting(world.owner):
        queue()
    assert owners_with_mail(timezone.now(), unwritten=False) == [world.tanum.id]
    leave(world)
    with scope(system(world.tanum.id).scope()):
        assert Delivery.objects.get().state == Delivery.STOPPED
        queue()
    assert owners_with_mail(timezone.now(), unwritten=False) == []


def test_it_is_closed_for_writing_whoever_tries(world: World) -> None:
    leave(world)
    answer = world.client().post("/tanum/om/tillganglighet", {"text": "Ett hinder som jag skrev om", "where": ""})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "Ett hinder som jag skrev om</textarea>" in page
    assert FORM["turn_to"] in page
    assert world.client().post("/tanum/sprak", {"language": "en"}).status_code == 302
    with (
        scope(Scope(world.tanum.id, own=frozenset({world.tanum.id}))),
        pytest.raises(DatabaseError, match="has left"),
        transaction.atomic(),
    ):
        Item(owner=world.tanum, kind="kernel.document", title="Smyg", title_key="smyg").save(force_insert=True)
    assert world.client().post("/sotenas/om/tillganglighet", _obstacle()).status_code == 302


def test_its_public_pages_say_so_and_its_public_records_stay(world: World) -> None:
    with world.acting(world.owner):
        public = create_item(by=world.owner, kind="kernel.document", title="Öppet beslut", level=Level.PUBLIC)
        register(public, by=world.owner)
    leave(world)
    for page in ("/tanum/", f"/tanum/spar/{public.number}", "/tanum/om/tillganglighet"):
        shown = world.client().get(page).content.decode()
        assert "Kommunen har lämnat den här webbplatsen" in shown, page
        assert FORM["turn_to"] in shown
    assert "Öppet beslut" in world.client().get(f"/spar/{public.number}").content.decode()
    assert "har lämnat" in world.client().get("/").content.decode()
    assert "Kommunen har lämnat" not in world.client().get("/sotenas/").content.decode()
    with scope(Scope(world.tanum.id, own=frozenset({world.tanum.id}))):
        assert Record.objects.get().serial == 1


def test_others_traces_are_whole_and_tell_a_hidden_step(world: World) -> None:
    with world.acting(world.stranger):
        theirs = create_item(by=world.stranger, kind="kernel.document", title="Vår röst", level=Level.REGION)
    with world.acting(world.owner):
        ours = create_item(by=world.owner, kind="kernel.document", title="Tanums beslut", level=Level.REGION)
        link(by=world.owner, from_item=theirs, to_item=ours, relation=Relation.GAVE_RISE_TO)
    with world.acting(world.stranger):
        assert [step.readable for step in steps_after(theirs)] == [True]
    leave(world)
    with world.acting(world.stranger):
        (step,) = steps_after(theirs)
    assert (step.told, step.title, step.owner_name) == (True, "", "Tanum")
    page = world.client(world.stranger).get(f"/spar/{theirs.number}")
    assert "Ett steg som du inte får läsa" in page.content.decode()


def _obstacle() -> dict[str, Any]:
    return {"text": "Något", "where": "", "submission_key": str(uuid4())}


@pytest.fixture(autouse=True)
def places_afterwards() -> Any:
    yield
    places.forget()
