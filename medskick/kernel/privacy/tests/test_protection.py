"""Protected identity: sealed by the database whatever verb writes, read by the handler alone, and not to be guessed."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction

from medskick.kernel.log.models import LogEntry
from medskick.kernel.notifications.actions import follow
from medskick.kernel.notifications.models import Notification
from medskick.kernel.organisations.models import Organisation
from medskick.kernel.organisations.scope import Scope, scope, set_scope
from medskick.kernel.people.actions import make_known, recognise
from medskick.kernel.people.models import Employment, Person, ProtectionMark, Provider
from medskick.kernel.people.oidc import Identity, identity_from
from medskick.kernel.people.queries import find_person_by_number
from medskick.kernel.privacy.actions.consents import NobodyToAsk, ask_again, give_consent
from medskick.kernel.privacy.actions.protection import (
    choose_handler,
    end_protection,
    protect_by_number,
    protect_voice,
)
from medskick.kernel.privacy.purposes import CONTACT_AGAIN
from medskick.kernel.privacy.queries import readings_of
from medskick.kernel.records.actions import change_item, create_item, link, publish
from medskick.kernel.records.models import Item, Level, Link, Relation
from medskick.kernel.search.queries import search
from medskick.kernel.tasks.actions import owe_answer
from medskick.kernel.tasks.models import Task
from medskick.kernel.tasks.queries import answer_debt
from medskick.kernel.tests.world import World, make_staff
from medskick.lib.personal_number import example_number

NUMBER = example_number(date(1979, 4, 2), 980).number12
TODAY = date(2026, 11, 24)


@pytest.fixture
def hidden(world: World) -> UUID:
    """Somebody whom Tanum knows, with a voice that her unit reads; not protected yet."""
    with scope(Scope(world.tanum.id)):
        person = make_known(name="Gömda Gun", number=NUMBER, readers=[world.tanum.id])
    return person.id


def _say(world: World, person: UUID, title: str = "Trasig lykta", *, at: Organisation | None = None) -> Item:
    by = replace(world.resident_at(at or world.tanum), person=person)
    with world.acting(by):
        return create_item(
            by=by,
            kind="kernel.document",
            title=title,
            level=Level.PARTIES,
            readers=[person, world.unit.id, world.owner.organisation if at is None else at.id],
            search_text="lykta",
        )


def _mark(world: World) -> ProtectionMark:
    with world.acting(world.owner):
        return protect_by_number(by=world.owner, number=NUMBER, kind=ProtectionMark.CONFIDENTIALITY)


def _seen(world: World, item: Item) -> set[str]:
    names = ("owner", "colleague", "stranger", "regional")
    seen = set()
    for name in names:
        with world.acting(getattr(world, name)):
            if Item.objects.filter(id=item.id).exists():
                seen.add(name)
    return seen


def test_what_was_said_before_is_sealed_in_every_organisation(world: World, hidden: UUID) -> None:
    here, there = _say(world, hidden), _say(world, hidden, at=world.sotenas)
    assert _seen(world, here) == {"owner", "colleague"}
    assert _seen(world, there) >= {"stranger"}
    _mark(world)
    # In Tanum the registrars, until a handler is chosen; world.colleague has every role, also that one.
    assert _seen(world, here) == {"owner", "colleague"}
    assert _seen(world, there) == set()
    with scope(Scope(None, reach=frozenset({hidden}))):
        assert {one.level for one in Item.objects.filter(id__in=[here.id, there.id])} == {Level.SEALED}


def test_when_a_handler_is_chosen_nobody_else_reads_name_or_matter(world: World, hidden: UUID) -> None:
    item = _say(world, hidden)
    mark = _mark(world)
    with world.acting(world.owner):
        choose_handler(mark, by=world.owner, handler=Employment.objects.get(id=world.colleague.employment))
    assert _seen(world, item) == {"colleague"}
    for name, reads in (("owner", False), ("colleague", True), ("stranger", False), ("regional", False)):
        with world.acting(getattr(world, name)):
            assert Person.objects.filter(id=hidden).exists() is reads, name
            assert bool(search("lykta").items) is reads, name
    with world.acting(world.owner):
        choose_handler(mark, by=world.owner, handler=Employment.objects.get(id=world.owner.employment))
    assert _seen(world, item) == {"owner"}


def test_new_items_by_or_for_her_are_sealed_at_once_whatever_was_asked(world: World, hidden: UUID) -> None:
    _mark(world)
    item = _say(world, hidden)
    assert item.level == Level.SEALED
    by = replace(world.resident_at(world.tanum), person=hidden)
    with world.acting(by):
        public = create_item(by=by, kind="kernel.document", title="Ett öppet förslag", level=Level.PUBLIC)
    assert public.level == Level.SEALED
    with scope(Scope(None)):
        assert not Item.objects.filter(id=public.id).exists()
    with world.acting(world.owner):
        found = Item.objects.get(id=item.id)
        change_item(found, by=world.owner, verb="kernel.document.changed", level=Level.ORGANISATION)
        with pytest.raises(PermissionDenied):
            publish(Item.objects.get(id=item.id), by=world.owner)
    with connection.cursor() as cursor, world.acting(world.owner):
        cursor.execute("update kernel_item set level = 'public', readers = readers || %s where id = %s",
                       [[world.sotenas.id], item.id])  # fmt: skip
        assert Item.objects.get(id=item.id).level == Level.SEALED
    assert "stranger" not in _seen(world, item)


def test_no_link_task_figure_or_message_tells_of_her(world: World, hidden: UUID) -> None:
    with world.acting(world.owner):
        meeting = create_item(by=world.owner, kind="kernel.document", title="Möte", level=Level.PUBLIC)
        follow(meeting, by=world.owner, follower=world.stranger.person)
    before = answer_debt(world.tanum.id, TODAY)
    _mark(world)
    item = _say(world, hidden)
    with world.acting(world.owner):
        follow(item, by=world.owner, follower=world.stranger.person)
        stale = Item.objects.get(id=item.id)
        stale.level = Level.PARTIES  # as another process would have it, that read it before
        made = link(by=world.owner, from_item=meeting, to_item=stale, relation=Relation.GAVE_RISE_TO)
        owe_answer(item, by=world.owner, unit=world.unit, what="Trasig lykta", url="/", since=TODAY)
    with world.acting(world.stranger):
        assert not Notification.objects.exists()
        assert not Link.objects.filter(id=made.id).exists()
    other = make_staff(world.tanum, "Nils Ny", unit=world.unit)
    no_registrar = replace(other, roles=frozenset({"case_officer"}))
    with world.acting(no_registrar):
        assert not Task.objects.exists()
        assert not Link.objects.filter(id=made.id).exists()
    assert answer_debt(world.tanum.id, TODAY) == before
    with world.acting(world.owner):
        assert Task.objects.count() == 1


def test_a_task_that_was_there_goes_out_of_sight_with_its_item(world: World, hidden: UUID) -> None:
    item = _say(world, hidden)
    with world.acting(world.owner):
        owe_answer(item, by=world.owner, unit=world.unit, what="Trasig lykta", url="/", since=TODAY)
    officer = replace(world.colleague, roles=frozenset({"case_officer"}))
    with world.acting(officer):
        assert Task.objects.count() == 1
    _mark(world)
    with world.acting(officer):
        assert Task.objects.count() == 0


def test_what_is_to_be_done_for_her_comes_to_her_handler(world: World, hidden: UUID) -> None:
    item = _say(world, hidden)
    with world.acting(world.owner):
        owe_answer(item, by=world.owner, unit=world.unit, what="Trasig lykta", url="/", since=TODAY)
    mark = _mark(world)
    handler = make_staff(world.tanum, "Hanna Handläggare")
    with world.acting(world.owner):
        choose_handler(mark, by=world.owner, handler=Employment.objects.get(id=handler.employment))
    later = _say(world, hidden, "Ännu en lykta")
    by = replace(world.resident_at(world.tanum), person=hidden)
    with world.acting(by):
        owe_answer(later, by=by, unit=world.unit, what="Ännu en lykta", url="/", since=TODAY)
    with world.acting(handler):
        assert [one.item.title for one in Task.objects.for_day(person=handler.person, units=handler.units)] == [
            "Trasig lykta",
            "Ännu en lykta",
        ]
    with world.acting(world.owner):
        assert not Task.objects.exists()


def test_known_unknown_and_protected_numbers_get_the_same_answer(world: World, hidden: UUID) -> None:
    unknown = example_number(date(1981, 5, 3), 239).number12
    client = world.client(world.owner)
    answers = []
    for number in (NUMBER, unknown, NUMBER):
        done = client.post("/arbete/administration/skyddade", {"number": number, "kind": "confidentiality"})
        shown = client.get(done["Location"]).content.decode()
        answers.append((done.status_code, done["Location"], "Skyddet gäller från och med nu." in shown))
        assert "Gömda Gun" not in shown and number not in shown
    assert answers[0] == answers[1] == answers[2] == (302, "/arbete/administration/skyddade", True)
    assert find_person_by_number(unknown) is not None
    assert client.post("/arbete/administration/skyddade", {"number": "1", "kind": "x"}).status_code == 422


def test_marking_does_not_let_the_registrar_go_on_reading(world: World, hidden: UUID) -> None:
    with scope(Scope(world.sotenas.id)):
        make_known(name="Okänd i Tanum", number=example_number(date(1970, 1, 2), 238).number12)
    with world.acting(replace(world.owner, roles=frozenset({"registrar"}))) as by:
        number = example_number(date(1970, 1, 2), 238).number12
        mark = protect_by_number(by=by, number=number, kind=ProtectionMark.CONFIDENTIALITY)
        set_scope(replace(by.scope(), reach=by.scope().reach - {mark.registrars}))
        assert not Person.objects.filter(id=mark.person_id).exists()


def test_only_the_registrar_marks_and_only_the_owner_chooses(world: World, hidden: UUID) -> None:
    for by in (replace(world.owner, roles=frozenset({"case_officer"})), world.resident):
        with world.acting(by), pytest.raises(PermissionDenied):
            protect_by_number(by=by, number=NUMBER, kind=ProtectionMark.CONFIDENTIALITY)
    mark = _mark(world)
    with world.acting(world.stranger):
        assert not ProtectionMark.objects.exists()
        with pytest.raises(PermissionDenied):
            end_protection(mark, by=world.stranger, reason="Fel")
    assert world.client(world.stranger).get(f"/arbete/administration/skyddade/{mark.id}").status_code == 404
    assert "Gömda" not in world.client(world.owner).get(f"/arbete/administration/skyddade/{mark.id}").content.decode()


def test_a_voice_is_enough_to_protect_its_speaker_but_not_an_official(world: World, hidden: UUID) -> None:
    item = _say(world, hidden)
    client = world.client(world.owner)
    assert client.get(f"/arbete/skydda/{item.id}").status_code == 200
    assert client.post(f"/arbete/skydda/{item.id}", {"kind": "protected_registration"}).status_code == 302
    with world.acting(world.owner):
        assert ProtectionMark.objects.get().person_id == hidden
        own = create_item(
            by=world.owner, kind="kernel.document", title="Min", level=Level.PARTIES, readers=[world.owner.person]
        )
        with pytest.raises(ValueError, match="personnumret"):
            protect_voice(own, by=world.owner, kind=ProtectionMark.CONFIDENTIALITY)


def test_when_it_ends_new_items_are_ordinary_and_old_ones_stay_sealed(world: World, hidden: UUID) -> None:
    mark = _mark(world)
    old = _say(world, hidden)
    with world.acting(world.owner):
        with pytest.raises(ValueError, match="varför"):
            end_protection(mark, by=world.owner, reason=" ")
        end_protection(mark, by=world.owner, reason="Skatteverket har tagit bort markeringen.")
    assert _say(world, hidden, "Ny").level == Level.PARTIES
    with scope(Scope(None, reach=frozenset({hidden}))):
        assert Item.objects.get(id=old.id).level == Level.SEALED


def test_the_log_in_provider_s_word_is_enough(world: World) -> None:
    provider = Provider(
        slug="test", label="Test", issuer="https://eid.example", client_id="x", protection_claim="urn:skydd"
    )
    claims = {"sub": "1", "name": "Gömda Gun", "https://id.oidc.se/claim/personalIdentityNumber": NUMBER}
    said = {
        value: identity_from(provider, {**claims, "urn:skydd": value}).protected for value in (True, "true", "J", 1)
    }
    assert set(said.values()) == {True}
    for value in (False, "false", "0", None, ""):
        assert identity_from(provider, {**claims, "urn:skydd": value}).protected is False
    assert identity_from(provider, claims).protected is False
    assert identity_from(Provider(issuer="https://eid.example"), {**claims, "urn:skydd": True}).protected is False
    identity = Identity("https://eid.example", "1", "Gömda Gun", NUMBER, "high", protected=True)
    with scope(Scope(world.tanum.id)):
        person = recognise(identity)
        assert recognise(identity) == person
        assert Person.objects.get(id=person.id).shielded
        assert ProtectionMark.objects.get().from_log_in


def test_a_protected_official_s_name_is_not_public(world: World) -> None:
    with world.acting(world.owner):
        assert Person.objects.filter(id=world.stranger.person).exists()
    with scope(Scope(world.sotenas.id, own=frozenset({world.sotenas.id}), reach=frozenset())):
        ProtectionMark(
            owner=world.sotenas, person_id=world.stranger.person, registrars=world.sotenas.id
        ).save(force_insert=True)  # fmt: skip
    for name in ("owner", "colleague", "resident"):
        with world.acting(getattr(world, name)):
            assert not Person.objects.filter(id=world.stranger.person).exists()


def test_she_is_never_asked_again_and_a_handler_who_is_protected_is_not_named(world: World, hidden: UUID) -> None:
    item = _say(world, hidden)
    by = replace(world.resident_at(world.tanum), person=hidden)
    with world.acting(by):
        give_consent(CONTACT_AGAIN, by=by)
    with world.acting(world.owner):
        assert ask_again(item, by=world.owner, question="Var?") == 1
    _mark(world)
    with world.acting(world.owner):
        with pytest.raises(NobodyToAsk) as fault:
            ask_again(Item.objects.get(id=item.id), by=world.owner, question="Var?")
        nobody = create_item(by=world.owner, kind="kernel.document", title="Ingen")
        with pytest.raises(NobodyToAsk) as other:
            ask_again(nobody, by=world.owner, question="Var?")
    assert str(fault.value) == str(other.value)


def test_the_log_names_nobody(world: World, hidden: UUID) -> None:
    _mark(world)
    with world.acting(world.owner):
        for entry in LogEntry.objects.all():
            assert "Gun" not in " ".join([entry.verb, *entry.fields]) and NUMBER not in str(entry.fields)
        # The log row that says that somebody was marked names the mark, not the person.
        began = LogEntry.objects.get(verb="protection.began")
        assert hidden not in began.references


def test_the_shielding_functions_cannot_be_called_by_the_app(world: World) -> None:
    with pytest.raises(Exception, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select shielded_readers(%s, '{}', '{}')", [world.tanum.id])
    with scope(Scope(None, reach=frozenset())):
        assert readings_of(world.resident.person) == ([], False)
