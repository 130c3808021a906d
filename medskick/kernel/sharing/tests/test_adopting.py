"""Adopting without copying: what is pinned, what is one's own, what a new version does, and who reads what."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from medskick.kernel.documents.models import DocumentVersion
from medskick.kernel.records.actions import end_share
from medskick.kernel.records.models import Item, Link, Record, Share
from medskick.kernel.sharing.actions.adopting import adopt, consider, decline, end_adoption, open_adoption
from medskick.kernel.sharing.actions.following import (
    adopt_new_version,
    back_to_source,
    decline_new_version,
    override,
)
from medskick.kernel.sharing.models import Adoption, AdoptionDecision, AdoptionStatus, Override
from medskick.kernel.sharing.queries import effective_text, newer_version, pinned
from medskick.kernel.sharing.tests.story import next_version, shared_guideline
from medskick.kernel.tasks.models import Task
from medskick.kernel.tests.world import World


def text_of(adoption: Adoption) -> dict[str, str]:
    version = pinned(adoption)
    assert version is not None
    return {one.key: one.value for one in effective_text(adoption, version)}


def adopted(world: World) -> tuple[Item, DocumentVersion, Adoption]:
    """Tanum's guideline, shared with Sotenäs and adopted there."""
    item, version = shared_guideline(world, world.sotenas.id)
    with world.acting(world.stranger):
        adoption = adopt(Item.objects.get(id=item.id), by=world.stranger, reason="Den passar oss")
    return item, version, adoption


def test_a_municipality_adopts_and_follows_the_source_without_a_copy(world: World) -> None:
    item, version, adoption = adopted(world)
    with world.acting(world.stranger):
        assert text_of(adoption)["rules"] == "Svara inom två dagar."
        assert adoption.version_id == version.id
        assert Record.objects.get(item_id=adoption.item_id).serial == 1
        assert Link.objects.get(to_item=adoption.item_id).from_item_id == item.id
        assert [one.status for one in AdoptionDecision.objects.all()] == [AdoptionStatus.ADOPTED]


def test_own_wordings_follow_the_mode_of_the_field(world: World) -> None:
    _item, _version, adoption = adopted(world)
    by = world.stranger
    with world.acting(by):
        with pytest.raises(PermissionDenied):
            override(adoption, by=by, field="rules", value="Svara när ni hinner.", reason="Vi vill")
        with pytest.raises(ValueError, match="varför"):
            override(adoption, by=by, field="covers", value="Bara skolan.", reason=" ")
        with pytest.raises(ValueError, match="likadant"):
            override(adoption, by=by, field="covers", value="Alla förvaltningar.", reason="Samma")
        with pytest.raises(LookupError):
            override(adoption, by=by, field="finns-inte", value="x", reason="y")
        override(adoption, by=by, field="covers", value="Bara skolan.", reason="De andra har en egen")
        override(adoption, by=by, field="local", value="Ring växeln.", reason="")
        override(adoption, by=by, field="covers", value="Skolan och vården.", reason="Vården är med")
        assert text_of(adoption) == {
            "purpose": "Alla ska få svar.",
            "covers": "Skolan och vården.",
            "rules": "Svara inom två dagar.",
            "responsible": "Förvaltningschefen.",
            "follow_up": "Varje år.",
            "local": "Ring växeln.",
        }
        back_to_source(adoption, by=by, field="covers")
        back_to_source(adoption, by=by, field="covers")
        assert text_of(adoption)["covers"] == "Alla förvaltningar."
        assert Override.objects.filter(field="covers").count() == 2, "history stays"


def test_a_new_version_gives_a_task_and_changes_nothing_by_itself(world: World) -> None:
    _item, version, adoption = adopted(world)
    with world.acting(world.stranger):
        override(adoption, by=world.stranger, field="covers", value="Bara skolan.", reason="De andra har en egen")
    with world.acting(world.owner):
        second = next_version(version, world.owner, {"rules": "Svara inom en dag.", "covers": "Alla, och bolagen."})
        next_version(second, world.owner, {"rules": "Svara samma dag."})
        assert Task.objects.count() == 0, "nothing for the owner to do"
    with world.acting(world.stranger):
        (task,) = Task.objects.open()
        assert (task.owner_id, task.unit_id, task.item_id) == (
            world.sotenas.id,
            world.stranger.unit,
            adoption.item_id,
        )
        assert "3.0" in task.what
        adoption.refresh_from_db()
        assert text_of(adoption)["rules"] == "Svara inom två dagar."


def test_a_new_version_is_adopted_with_each_own_wording_confirmed_or_dropped(world: World) -> None:
    _item, version, adoption = adopted(world)
    by = world.stranger
    with world.acting(by):
        override(adoption, by=by, field="covers", value="Bara skolan.", reason="De andra har en egen")
        override(adoption, by=by, field="responsible", value="Rektorn.", reason="Skolan styr")
    with world.acting(world.owner):
        second = next_version(version, world.owner, {"rules": "Svara inom en dag.", "covers": "Alla, och bolagen."})
    with world.acting(by):
        newest = newer_version(adoption)
        assert newest == second
        with pytest.raises(ValueError, match="varför"):
            adopt_new_version(adoption, by=by, version=second, kept={"covers": " "})
        with pytest.raises(PermissionDenied):
            adopt_new_version(adoption, by=by, version=version, kept={})
        adopt_new_version(adoption, by=by, version=second, kept={"covers": "Bolagen har en egen"}, reason="Bättre")
        assert text_of(adoption)["rules"] == "Svara inom en dag."
        assert text_of(adoption)["covers"] == "Bara skolan."
        assert text_of(adoption)["responsible"] == "Förvaltningschefen."
        kept = Override.objects.get(ended_at__isnull=True)
        assert (kept.field, kept.version_id, kept.reason) == ("covers", second.id, "Bolagen har en egen")
        assert Task.objects.open().count() == 0
        assert newer_version(adoption) is None


def test_a_new_version_is_declined_with_a_reason_and_the_old_one_stays(world: World) -> None:
    _item, version, adoption = adopted(world)
    by = world.stranger
    with world.acting(world.owner):
        second = next_version(version, world.owner, {"rules": "Svara inom en dag."})
    with world.acting(by):
        with pytest.raises(ValueError, match="varför"):
            decline_new_version(adoption, by=by, version=second, reason="")
        decline_new_version(adoption, by=by, version=second, reason="Vi hinner inte")
        adoption.refresh_from_db()
        assert (adoption.status, adoption.version_id) == (AdoptionStatus.ADOPTED, version.id)
        stored = AdoptionDecision.objects.get(status=AdoptionStatus.DECLINED)
        assert (stored.version_id, stored.reason) == (second.id, "Vi hinner inte")
        assert Task.objects.open().count() == 0
    with world.acting(world.owner):
        assert AdoptionDecision.objects.filter(reason="Vi hinner inte").exists(), "the owner learns why"


def test_a_declined_document_is_a_stored_result_that_peers_see(world: World) -> None:
    item, _version = shared_guideline(world, world.region.circle)
    with world.acting(world.stranger):
        source = Item.objects.get(id=item.id)
        consider(source, by=world.stranger)
        with pytest.raises(ValueError, match="avböjer"):
            decline(source, by=world.stranger, reason="")
        adoption = decline(source, by=world.stranger, reason="Vi har redan en")
        with pytest.raises(PermissionDenied):
            decline(source, by=world.stranger, reason="En gång till")
    with world.acting(world.stranger):
        assert Record.objects.get(item_id=adoption.item_id).serial == 1
    for peer in (world.owner, world.colleague, world.regional):
        with world.acting(peer):
            assert Adoption.objects.get().status == AdoptionStatus.DECLINED
            assert AdoptionDecision.objects.filter(reason="Vi har redan en").exists()
    with world.acting(world.resident):
        assert not Adoption.objects.exists()
        assert not AdoptionDecision.objects.exists()


def test_when_the_share_ends_the_adopter_reads_its_own_version_and_no_later_one(world: World) -> None:
    item, version, adoption = adopted(world)
    with world.acting(world.owner):
        second = next_version(version, world.owner, {"rules": "Svara inom en dag."})
        end_share(Share.objects.select_related("item").get(item=item), by=world.owner, reason="Klart")
        third = next_version(second, world.owner, {"rules": "Svara samma dag."})
    colleague_there = world.stranger
    with world.acting(colleague_there):
        assert list(DocumentVersion.objects.all()) == [version]
        assert not Item.objects.filter(id=item.id).exists()
        assert text_of(adoption)["rules"] == "Svara inom två dagar."
        assert newer_version(adoption) is None
        for later in (second, third):
            with pytest.raises(PermissionDenied):
                adopt_new_version(adoption, by=world.stranger, version=later, kept={})
        assert "2.0" in Task.objects.open().get().what, "3.0 was fixed when nothing was shared"
    with world.acting(world.regional):
        assert not DocumentVersion.objects.exists(), "a peer sees the stand, not the text"
        assert Adoption.objects.get().version_number == "1.0"


def test_what_is_followed_openly_is_read_by_everyone_and_nothing_else_of_the_source(world: World) -> None:
    item, version, adoption = adopted(world)
    with world.acting(world.resident):
        assert not DocumentVersion.objects.exists()
    with world.acting(world.stranger):
        override(adoption, by=world.stranger, field="local", value="Ring växeln.", reason="")
        open_adoption(adoption, by=world.stranger)
    with world.acting(world.owner):
        next_version(version, world.owner, {"rules": "Svara inom en dag."})
    page = f"/sotenas/gemensamt/{adoption.item.number}"
    for reader in (world.resident, world.regional, None):
        answer = world.client(reader).get(page)
        assert answer.status_code == 200
        said = answer.content.decode()
        assert "Svara inom två dagar." in said
        assert "Ring växeln." in said
        assert "Svara inom en dag." not in said
    with world.acting(world.resident):
        assert list(DocumentVersion.objects.all()) == [version]
        assert not Item.objects.filter(id=item.id).exists()
    with world.acting(world.stranger):
        end_adoption(adoption, by=world.stranger, reason="Vi har gjort en egen")
    assert world.client(None).get(page).status_code == 404
    with world.acting(world.resident):
        assert not DocumentVersion.objects.exists()
        assert not Item.objects.filter(id=adoption.item_id).exists(), "search leads nobody to a page that is gone"
    with world.acting(world.regional):
        assert Adoption.objects.get().status == AdoptionStatus.ENDED, "the peers see that it was followed"
    with world.acting(world.stranger):
        assert version in DocumentVersion.objects.all(), "what was followed once is one's own history"


def test_nobody_takes_a_stand_without_a_share_that_lets_her(world: World) -> None:
    item, _version = shared_guideline(world, world.sotenas.id, may=Share.COMMENT)
    with world.acting(world.stranger), pytest.raises(PermissionDenied):
        adopt(Item.objects.get(id=item.id), by=world.stranger)
    with world.acting(world.owner), pytest.raises(PermissionDenied):
        adopt(item, by=world.owner)
    assert world.client(world.stranger).get(f"/arbete/gemensamt/dokument/{item.id}/stallning").status_code == 403
    assert world.client(world.regional).get(f"/arbete/gemensamt/dokument/{item.id}").status_code == 404


def test_the_database_refuses_a_decision_on_what_the_decider_may_not_read(world: World) -> None:
    _item, version, adoption = adopted(world)
    with world.acting(world.owner):
        other, _ = shared_guideline(world, world.region.id, by=world.owner)
        hidden = DocumentVersion.objects.get(document_id=other.id, fixed_at__isnull=False)

    def forged(owner: object, which: DocumentVersion) -> AdoptionDecision:
        return AdoptionDecision(
            owner_id=owner, adoption=adoption, version=which, version_number="9.0", status="adopted", by_name="Falsk"
        )

    with world.acting(world.stranger):
        with pytest.raises(DatabaseError), transaction.atomic():
            forged(world.sotenas.id, hidden).save(force_insert=True)
        with pytest.raises(DatabaseError), transaction.atomic():
            forged(world.tanum.id, version).save(force_insert=True)
        assert Adoption.objects.filter(owner=world.sotenas).update(version_number="1.0") == 1
    for other_one in (world.owner, world.regional):
        with world.acting(other_one):
            assert Adoption.objects.update(version_number="9.9") == 0
            assert Override.objects.update(value="kapad") == 0
            with pytest.raises(DatabaseError), transaction.atomic():
                forged(other_one.organisation, version).save(force_insert=True)
            with pytest.raises(DatabaseError), transaction.atomic():
                Override(adoption=adoption, version=version, field="local", value="x", by_name="Falsk").save(
                    force_insert=True
                )
