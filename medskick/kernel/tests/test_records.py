"""Items, records, links and what each of the three known people sees of them."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction

from medskick.kernel.log.actions import Verdict, seal_log, verify_log
from medskick.kernel.log.models import LogEntry
from medskick.kernel.notifications.actions import follow
from medskick.kernel.notifications.models import Notification
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.organisations.scope import Scope, scope
from medskick.kernel.records.actions import create_item, end_link, link, publish, register, share
from medskick.kernel.records.models import Item, Level, Link, Record, Relation
from medskick.kernel.search.queries import search
from medskick.kernel.tests.world import World
from medskick.kernel.trace.queries import sources, steps_after

KIND = "kernel.document"


def document(by: Actor, title: str = "En handling", **more: object) -> Item:
    return create_item(by=by, kind=KIND, title=title, **more)


def test_without_a_scope_there_are_no_rows(world: World) -> None:
    with world.acting(world.owner):
        publish(document(world.owner), by=world.owner)
    assert Item.objects.count() == 0 or Item.objects.filter(level=Level.PUBLIC).count() == Item.objects.count()
    with world.acting(world.owner):
        document(world.owner, "Intern")
    assert not Item.objects.filter(title="Intern").exists()


@pytest.mark.parametrize(
    ("level", "seen_by"),
    [
        (Level.PUBLIC, {"owner", "colleague", "stranger", "regional", "resident"}),
        (Level.ORGANISATION, {"owner", "colleague"}),
        (Level.PARTIES, set()),
        (Level.SEALED, set()),
    ],
)
def test_who_sees_an_item_by_page_search_and_sql(world: World, level: str, seen_by: set[str]) -> None:
    with world.acting(world.owner):
        made = document(world.owner, "Fiskehamnens bryggor", level=level)
    for name in ("owner", "colleague", "stranger", "regional", "resident"):
        actor = getattr(world, name)
        expected = name in seen_by
        with world.acting(actor):
            assert Item.objects.filter(id=made.id).exists() == expected, name
            assert bool(search("brygga").items) == expected, name
            with connection.cursor() as cursor:
                cursor.execute("select count(*) from kernel_item where id = %s", [made.id])
                assert bool(cursor.fetchone()[0]) == expected, name
        page = world.client(actor).get(f"/spar/{made.number}")
        assert page.status_code == (200 if expected else 404), name


def test_shared_with_a_network_its_seats_read_it(world: World) -> None:
    with world.acting(world.regional):
        made = document(world.regional, "Underlag till nätverket")
        share(made, by=world.regional, with_token=world.network.id)
    seen = {}
    for name in ("owner", "colleague", "stranger"):
        with world.acting(getattr(world, name)):
            seen[name] = Item.objects.filter(id=made.id).exists()
    assert seen == {"owner": True, "colleague": False, "stranger": False}


def test_nobody_writes_in_another_organisation(world: World) -> None:
    with world.acting(world.owner):
        made = publish(document(world.owner), by=world.owner).item
    with world.acting(world.stranger):
        with pytest.raises(PermissionDenied):
            publish(made, by=world.stranger)
        assert Item.objects.filter(id=made.id).update(title="Kapad") == 0
        with pytest.raises(DatabaseError), transaction.atomic():
            Item(owner=world.tanum, kind=KIND, title="Inplanterad").save(force_insert=True)


def test_diary_numbers_are_taken_last_and_leave_no_gap(world: World) -> None:
    with world.acting(world.owner):
        first = register(document(world.owner), by=world.owner)
        assert first.serial is None
    with pytest.raises(RuntimeError), world.acting(world.owner):
        register(document(world.owner), by=world.owner)
        raise RuntimeError("avbruten")
    with world.acting(world.owner):
        register(document(world.owner), by=world.owner)
    with world.acting(world.owner):
        assert sorted(Record.objects.values_list("serial", flat=True)) == [1, 2]


def test_the_trace_tells_of_a_hidden_step_and_goes_on(world: World) -> None:
    with world.acting(world.owner):
        voice = document(world.owner, "Rösten", level=Level.PUBLIC)
        hidden = document(world.owner, "Hemlig beredning")
        open_end = document(world.owner, "Beslutet", level=Level.PUBLIC)
        link(by=world.owner, from_item=voice, to_item=hidden, relation=Relation.GAVE_RISE_TO)
        link(by=world.owner, from_item=hidden, to_item=open_end, relation=Relation.DECIDED_IN)
    with world.acting(world.stranger):
        steps = steps_after(voice)
        assert [(step.readable, step.title) for step in steps] == [(False, ""), (True, "Beslutet")]
    page = world.client(world.stranger).get(f"/spar/{voice.number}").content.decode()
    assert "Hemlig beredning" not in page
    assert "Ett steg som du inte får läsa" in page
    assert "Tanum" in page


def test_sealed_steps_are_not_told_at_all(world: World) -> None:
    with world.acting(world.owner):
        voice = document(world.owner, "Rösten", level=Level.PUBLIC)
        sealed = document(world.owner, "Skyddad", level=Level.SEALED, readers=[world.owner.person])
        link(by=world.owner, from_item=voice, to_item=sealed, relation=Relation.GAVE_RISE_TO)
        assert len(steps_after(voice)) == 1
    for reader in (world.colleague, world.stranger):
        with world.acting(reader):
            assert steps_after(voice) == []
            assert Link.objects.count() == 0


def test_a_link_ends_with_a_reason_and_is_never_deleted(world: World) -> None:
    with world.acting(world.owner):
        one, other = document(world.owner, "Ett"), document(world.owner, "Två")
        made = link(by=world.owner, from_item=one, to_item=other, relation=Relation.GAVE_RISE_TO)
        assert link(by=world.owner, from_item=one, to_item=other, relation=Relation.GAVE_RISE_TO) == made
        end_link(made, by=world.owner, reason="Fel behov")
        assert steps_after(one) == []
        with pytest.raises(DatabaseError), transaction.atomic():
            Link.objects.all().delete()


def test_the_one_who_spoke_is_told_when_something_comes_of_it(world: World) -> None:
    with world.acting(world.owner):
        voice = document(
            world.owner, "Rösten", level=Level.PARTIES, readers=[world.resident.person, world.owner.person]
        )
        follow(voice, by=world.owner, follower=world.resident.person)
        need = document(world.owner, "Behovet")
        link(by=world.owner, from_item=voice, to_item=need, relation=Relation.GAVE_RISE_TO)
    with world.acting(world.resident):
        assert Notification.objects.count() == 1
    with world.acting(world.colleague):
        assert Notification.objects.count() == 0
        assert sources(need).total == 0


def test_the_log_is_append_only_and_a_changed_row_breaks_its_seal(world: World) -> None:
    with world.acting(world.owner):
        document(world.owner)
        # Nothing of a transaction that is still open is sealed.
        assert seal_log() is None
        verdict = verify_log()
        assert verdict == Verdict(seals=0, rows=0, unsealed=LogEntry.objects.count(), faults=[], last="")
        with pytest.raises(DatabaseError), transaction.atomic():
            LogEntry.objects.update(verb="annat")


def test_a_scope_inside_a_scope_gives_back_what_was(world: World) -> None:
    with world.acting(world.owner):
        mine = document(world.owner)
        with scope(Scope(None)):
            assert not Item.objects.filter(id=mine.id).exists()
        assert Item.objects.filter(id=mine.id).exists()


def test_what_is_for_the_region_is_read_by_its_staff_and_by_no_resident(world: World) -> None:
    with world.acting(world.owner):
        made = document(world.owner, "Till hela regionen", level=Level.REGION)
    seen = {}
    for name in ("colleague", "stranger", "regional", "resident"):
        with world.acting(getattr(world, name)):
            seen[name] = Item.objects.filter(id=made.id).exists()
    assert seen == {"colleague": True, "stranger": True, "regional": True, "resident": False}
