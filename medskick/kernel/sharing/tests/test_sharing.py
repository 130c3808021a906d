"""Sharing and ending it: until a day, several shares at once, what may never be shared, and what people say of it."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from medskick.kernel.documents.actions import Openness, change_draft, draft_document, fix_version
from medskick.kernel.documents.models import DocumentVersion
from medskick.kernel.documents.templates import document_templates
from medskick.kernel.log.models import LogEntry
from medskick.kernel.notifications.models import Notification
from medskick.kernel.organisations.actor import system
from medskick.kernel.records.actions import change_item, create_item, end_share, publish, register, share
from medskick.kernel.records.models import Item, Level, Record, Share
from medskick.kernel.sharing.actions.adopting import adopt
from medskick.kernel.sharing.actions.sharing import (
    comment,
    describe_in_catalogue,
    end_sharing,
    end_what_is_over,
    share_document,
)
from medskick.kernel.sharing.jobs import end_shares
from medskick.kernel.sharing.models import CatalogueEntry, SharedComment
from medskick.kernel.sharing.queries import shared_with_us
from medskick.kernel.sharing.tests.story import TEXT, guideline, next_version, shared_guideline
from medskick.kernel.tasks.models import Task
from medskick.kernel.tests.world import World, make_staff


def readers_of(world: World, item: UUID) -> set[str]:
    found = set()
    for name in ("owner", "colleague", "stranger", "regional", "resident"):
        with world.acting(getattr(world, name)):
            if Item.objects.filter(id=item).exists():
                found.add(name)
    return found


def test_a_share_gives_reading_and_its_end_takes_it_back(world: World) -> None:
    item, version = shared_guideline(world, world.sotenas.id)
    assert readers_of(world, item.id) == {"owner", "colleague", "stranger"}
    with world.acting(world.stranger):
        assert list(DocumentVersion.objects.all()) == [version]
    with world.acting(world.owner):
        end_sharing(Share.objects.get(), by=world.owner, reason="Klart")
        assert Item.objects.get(id=item.id).level == Level.ORGANISATION
        assert LogEntry.objects.filter(verb="item.share_ended", item=item.id).count() == 1
    assert readers_of(world, item.id) == {"owner", "colleague"}
    with world.acting(world.stranger):
        assert not DocumentVersion.objects.exists()


def test_ending_one_share_takes_nothing_that_another_gives(world: World) -> None:
    with world.acting(world.owner):
        item = create_item(by=world.owner, kind="kernel.document", title="Delad på flera sätt")
        first = share(item, by=world.owner, with_token=world.sotenas.id)
        second = share(item, by=world.owner, with_token=world.sotenas.id, may=Share.ADOPT)
        region = share(item, by=world.owner, with_token=world.region.circle)
        everyone = share(item, by=world.owner, with_token=None)
    assert readers_of(world, item.id) == {"owner", "colleague", "stranger", "regional", "resident"}
    for ended, left in (
        (first, {"owner", "colleague", "stranger", "regional", "resident"}),
        (everyone, {"owner", "colleague", "stranger", "regional"}),
        (region, {"owner", "colleague", "stranger"}),
        (second, {"owner", "colleague"}),
    ):
        with world.acting(world.owner):
            end_share(Share.objects.select_related("item").get(id=ended.id), by=world.owner, reason="Slut")
            end_share(Share.objects.select_related("item").get(id=ended.id), by=world.owner, reason="En gång till")
        assert readers_of(world, item.id) == left
    with world.acting(world.owner):
        assert Share.objects.filter(ended_reason="Slut").count() == 4


def test_readers_that_were_there_before_the_share_stay_after_it(world: World) -> None:
    with world.acting(world.owner):
        item = create_item(by=world.owner, kind="kernel.document", title="Delad sedan förr", readers=[world.sotenas.id])
        end_share(share(item, by=world.owner, with_token=world.sotenas.id), by=world.owner, reason="Slut")
    assert readers_of(world, item.id) == {"owner", "colleague", "stranger"}
    with world.acting(world.owner):
        narrow = create_item(
            by=world.owner,
            kind="kernel.document",
            title="För enheten",
            level=Level.UNIT,
            unit=world.colleague.unit or world.owner.unit,
        )
        given = share(narrow, by=world.owner, with_token=None)
        end_share(given, by=world.owner, reason="Slut")
        assert Item.objects.get(id=narrow.id).level == Level.UNIT


def test_a_level_that_somebody_chose_in_the_meantime_stays(world: World) -> None:
    with world.acting(world.owner):
        item = create_item(by=world.owner, kind="kernel.document", title="Blev regionens")
        given = share(item, by=world.owner, with_token=world.sotenas.id)
        change_item(item, by=world.owner, verb="test.changed", level=Level.REGION)
        end_share(given, by=world.owner, reason="Slut")
    assert readers_of(world, item.id) == {"owner", "colleague", "stranger", "regional"}


def test_an_item_read_before_a_share_does_not_undo_it(world: World) -> None:
    with world.acting(world.owner):
        item = create_item(by=world.owner, kind="kernel.document", title="Gammal kopia")
        old_copy = Item.objects.get(id=item.id)
        share(item, by=world.owner, with_token=world.sotenas.id)
        change_item(old_copy, by=world.owner, verb="test.changed", title="Ny rubrik")
    assert readers_of(world, item.id) == {"owner", "colleague", "stranger"}


def test_a_share_ends_with_its_last_day_also_where_the_item_is_narrow(world: World) -> None:
    midnight = timezone.now() + timedelta(hours=5)
    item, _version = shared_guideline(world, world.region.circle)
    with world.acting(world.owner):
        narrow = create_item(
            by=world.owner, kind="kernel.document", title="För enheten", level=Level.UNIT, unit=world.owner.unit
        )
        for one in (item, narrow):
            share(one, by=world.owner, with_token=world.sotenas.id, until=midnight)
    by = system(world.tanum.id)
    with world.acting(by):
        assert end_what_is_over(by=by, at=midnight - timedelta(seconds=1)) == 0
    assert "stranger" in readers_of(world, narrow.id)
    elsewhere = system(world.sotenas.id)
    with world.acting(elsewhere):
        assert end_what_is_over(by=elsewhere, at=midnight) == 0, "nobody ends another's shares"
    with world.acting(by):
        assert end_what_is_over(by=by, at=midnight) == 2, "the item's, and the narrow one's"
        assert end_what_is_over(by=by, at=midnight) == 0
    assert readers_of(world, narrow.id) == {"owner", "colleague"}, "both work in the unit"
    assert readers_of(world, item.id) == {"owner", "colleague", "stranger", "regional"}, "the region's share stands"


def test_between_the_last_day_and_the_job_nothing_can_be_adopted_or_said(world: World) -> None:
    item, _version = shared_guideline(world, world.sotenas.id)
    with world.acting(world.owner):
        Share.objects.update(until=timezone.now() - timedelta(seconds=1))
    by = world.stranger
    with world.acting(by):
        source = Item.objects.get(id=item.id)
        with pytest.raises(PermissionDenied):
            adopt(source, by=by)
        with pytest.raises(PermissionDenied):
            comment(source, by=by, text="Bra")
    job = system(world.tanum.id)
    with world.acting(job):
        end_shares.run_now(by=job)
    assert "stranger" not in readers_of(world, item.id)


def test_what_may_never_be_shared(world: World) -> None:
    by = world.owner
    with world.acting(by):
        sealed = create_item(by=by, kind="kernel.document", title="Skyddad", level=Level.SEALED, readers=[by.person])
        secret = create_item(by=by, kind="kernel.document", title="Hemlig")
        register(secret, by=by, confidentiality=3)
        plain = create_item(by=by, kind="kernel.document", title="Vanlig")
        register(plain, by=by, confidentiality=2)
        for item in (sealed, secret):
            for token in (world.sotenas.id, None):
                with pytest.raises(PermissionDenied):
                    share(item, by=by, with_token=token)
        publish(plain, by=by)
        with pytest.raises(ValueError, match="sluta"):
            share(plain, by=by, with_token=world.sotenas.id, until=timezone.now())
        assert Share.objects.count() == 1


def test_a_document_is_shared_when_it_is_fixed_and_no_version_of_it_is_protected(world: World) -> None:
    by = world.owner
    with world.acting(by):
        draft = draft_document(by=by, template=document_templates()["guideline"], title="Utkast", values=TEXT)
        with pytest.raises(ValueError, match="Fastställ"):
            share_document(draft.document.item, by=by, with_token=world.sotenas.id)
        hidden = fix_version(
            draft, by=by, reason="Beslut", openness=Openness.WITHHELD, why_not="Sekretess", secrecy="OSL 18:8"
        )
        with pytest.raises(PermissionDenied):
            share_document(hidden.document.item, by=by, with_token=world.sotenas.id)
        version = guideline(by)
        item = Item.objects.get(id=version.document_id)
        with pytest.raises(ValueError, match="Publicera"):
            share_document(item, by=by, with_token=None, may=Share.ADOPT)
        for protected in ({"confidentiality": 3}, {"confidentiality": 1, "secrecy": "OSL 18:8"}):
            Record.objects.filter(item_id=version.item_id).update(**protected)
            with pytest.raises(PermissionDenied):
                share_document(Item.objects.get(id=item.id), by=by, with_token=world.sotenas.id)
        assert not Share.objects.exists()


def test_a_fixed_versions_own_item_follows_the_document(world: World) -> None:
    by = world.owner
    with world.acting(by):
        version = guideline(by)
        item = Item.objects.get(id=version.document_id)
        assert version.item_id is not None
        given = share_document(item, by=by, with_token=world.sotenas.id)
    assert readers_of(world, version.item_id) == {"owner", "colleague", "stranger"}
    with world.acting(by):
        second = next_version(version, by, {"rules": "Nytt."})
        assert second.item_id is not None
    assert readers_of(world, second.item_id) == {"owner", "colleague", "stranger"}
    with world.acting(by):
        share(Item.objects.get(id=version.item_id), by=by, with_token=world.region.id)
        end_sharing(Share.objects.select_related("item").get(id=given.id), by=by, reason="Slut")
    assert readers_of(world, version.item_id) == {"owner", "colleague", "regional"}, "its own share stands"
    assert readers_of(world, second.item_id) == {"owner", "colleague"}


def test_a_withheld_version_is_kept_from_those_who_read_the_earlier_ones_and_asks_nobody(world: World) -> None:
    by = world.owner
    item, version = shared_guideline(world, world.sotenas.id)
    with world.acting(world.stranger):
        adopt(Item.objects.get(id=item.id), by=world.stranger)
    with world.acting(by):
        draft = change_draft(version, by=by, title="Riktlinje", values={"rules": "Hemligt."}, reason="Ny")
        fix_version(draft, by=by, reason="Beslut", openness=Openness.WITHHELD, why_not="Sekretess", secrecy="OSL 18:8")
    with world.acting(world.stranger):
        assert list(DocumentVersion.objects.all()) == [version]
        assert Task.objects.count() == 0


def test_a_published_document_is_adopted_by_anyone_once_it_is_offered_to_all(world: World) -> None:
    by = world.owner
    with world.acting(by):
        draft = draft_document(by=by, template=document_templates()["guideline"], title="Öppen", values=TEXT)
        version = fix_version(draft, by=by, reason="Beslut")
        item = Item.objects.get(id=version.document_id)
    with world.acting(world.stranger):
        assert not shared_with_us(world.stranger, timezone.now()).exists(), "published is not offered"
        with pytest.raises(PermissionDenied):
            adopt(Item.objects.get(id=item.id), by=world.stranger)
    with world.acting(by):
        with pytest.raises(ValueError, match="publicerar"):
            share_document(item, by=by, with_token=None, may=Share.READ)
        given = share_document(item, by=by, with_token=None, may=Share.ADOPT)
    with world.acting(world.stranger):
        assert [one.id for one in shared_with_us(world.stranger, timezone.now())] == [item.id]
        adoption = adopt(Item.objects.get(id=item.id), by=world.stranger)
    with world.acting(by):
        draft = change_draft(version, by=by, title="Öppen", values={"rules": "Två."}, reason="Ny")
        fix_version(draft, by=by, reason="Beslut")
    with world.acting(world.stranger):
        assert Task.objects.open().get().item_id == adoption.item_id
    with world.acting(by):
        end_sharing(Share.objects.select_related("item").get(id=given.id), by=by, reason="Slut")
    assert "resident" in readers_of(world, item.id), "it is published still"


def test_only_those_who_decide_share_and_only_what_is_their_own(world: World) -> None:
    item, _version = shared_guideline(world, world.sotenas.id)
    officer = replace(world.owner, roles=frozenset({"case_officer"}))
    with world.acting(officer), pytest.raises(PermissionDenied):
        share_document(item, by=officer, with_token=world.sotenas.id)
    with world.acting(world.stranger):
        with pytest.raises(PermissionDenied):
            share_document(Item.objects.get(id=item.id), by=world.stranger, with_token=world.sotenas.id)
        with pytest.raises(PermissionDenied):
            end_sharing(Share.objects.select_related("item").get(), by=world.stranger, reason="Min nu")
        assert Share.objects.update(ended_reason="kapad") == 0
        with pytest.raises(DatabaseError), transaction.atomic():
            Share(item=item, with_token=world.sotenas.id).save(force_insert=True)


def test_comments_are_read_by_the_owner_and_by_those_who_wrote_them(world: World) -> None:
    item, version = shared_guideline(world, world.region.circle, may=Share.COMMENT)
    other = make_staff(world.sotenas, "Sigrid Sotenäs")
    with world.acting(world.stranger):
        said = comment(Item.objects.get(id=item.id), by=world.stranger, text="Punkt två är oklar.")
        assert (said.version, said.by_name) == (version, "Sten Främling")
    seen = {}
    for name, actor in {"other": other, **{one: getattr(world, one) for one in PEOPLE}}.items():
        with world.acting(actor):
            seen[name] = SharedComment.objects.count()
    assert seen == {"other": 1, "owner": 1, "colleague": 1, "stranger": 1, "regional": 0, "resident": 0}
    with world.acting(world.owner):
        assert [one.follower for one in Notification.objects.all()] == [world.owner.person]
        with pytest.raises(PermissionDenied):
            comment(item, by=world.owner, text="Till mig själv")


PEOPLE = ("owner", "colleague", "stranger", "regional", "resident")


def test_the_database_refuses_a_comment_without_the_right_to_comment(world: World) -> None:
    item, version = shared_guideline(world, world.sotenas.id, may=Share.READ)

    def planted(owner: UUID) -> SharedComment:
        return SharedComment(item=item, version=version, owner_id=owner, text="Inplanterad", by_name="Falsk")

    with world.acting(world.stranger):
        with pytest.raises(PermissionDenied):
            comment(Item.objects.get(id=item.id), by=world.stranger, text="Får jag?")
        for owner in (world.sotenas.id, world.tanum.id):
            with pytest.raises(DatabaseError), transaction.atomic():
                planted(owner).save(force_insert=True)
    with world.acting(world.owner):
        share_document(item, by=world.owner, with_token=world.sotenas.id, may=Share.COMMENT)
    with world.acting(world.stranger):
        planted(world.sotenas.id).save(force_insert=True)
        with pytest.raises(DatabaseError), transaction.atomic():
            planted(world.tanum.id).save(force_insert=True)
        with pytest.raises(DatabaseError), transaction.atomic():
            SharedComment.objects.all().delete()


def test_the_catalogue_says_what_the_owner_wrote_and_nobody_else_writes_it(world: World) -> None:
    item, _version = shared_guideline(world, world.sotenas.id)
    with world.acting(world.owner):
        describe_in_catalogue(item, by=world.owner, suits="Små kommuner", cost="Gratis", contact="")
        describe_in_catalogue(item, by=world.owner, suits="Alla", cost="Gratis", contact="Kansliet")
    with world.acting(world.stranger):
        assert CatalogueEntry.objects.get().suits == "Alla"
        assert CatalogueEntry.objects.update(suits="kapad") == 0
        with pytest.raises(PermissionDenied):
            describe_in_catalogue(Item.objects.get(id=item.id), by=world.stranger, suits="", cost="", contact="")
    for outsider in (world.regional, world.resident):
        with world.acting(outsider):
            assert not CatalogueEntry.objects.exists()


def test_a_later_version_is_read_by_those_whom_it_is_shared_with(world: World) -> None:
    _item, version = shared_guideline(world, world.sotenas.id, may=Share.READ)
    with world.acting(world.owner):
        second = next_version(version, world.owner, {"rules": "Nytt."})
    with world.acting(world.stranger):
        assert {one.number for one in DocumentVersion.objects.all()} == {"1.0", "2.0"}, "no drafts"
        assert second in DocumentVersion.objects.all()


def test_the_functions_that_cross_audiences_tell_an_owner_of_her_own_alone(world: World) -> None:
    item, version = shared_guideline(world, world.sotenas.id)
    with world.acting(world.stranger):
        adopt(Item.objects.get(id=item.id), by=world.stranger)
    with world.acting(world.owner):
        Share.objects.update(until=timezone.now() - timedelta(days=1))
    told = {}
    for name in ("owner", "stranger", "regional", "resident"):
        with world.acting(getattr(world, name)), connection.cursor() as cursor:
            cursor.execute("select count(*) from adopters_of(%s, %s)", [item.id, version.id])
            adopters = cursor.fetchone()[0]
            cursor.execute("select count(*) from shares_over(%s)", [timezone.now()])
            told[name] = (adopters, cursor.fetchone()[0])
    assert told == {"owner": (1, 1), "stranger": (0, 0), "regional": (0, 0), "resident": (0, 0)}
    at_home = world.resident_at(world.tanum)
    with world.acting(at_home), connection.cursor() as cursor:
        cursor.execute("select count(*) from shares_over(%s)", [timezone.now()])
        assert cursor.fetchone() == (0,), "a resident of the owner's is no staff of it"
        cursor.execute("select count(*) from adopters_of(%s, %s)", [item.id, version.id])
        assert cursor.fetchone() == (0,)
