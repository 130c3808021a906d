"""Classification: in words, by decision, lowered by two, and acting on who may read."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from medskick.kernel.documents.actions import (
    agree_to_lowering,
    classify,
    fix_version,
    refuse_lowering,
    share_working_paper,
)
from medskick.kernel.documents.models import Classification, DocumentVersion
from medskick.kernel.documents.queries import class_of
from medskick.kernel.documents.tests.making import make_draft, make_fixed
from medskick.kernel.documents.tests.test_referrals import send
from medskick.kernel.records.actions import share
from medskick.kernel.records.classes import AXES, Classes, say_class, scheme, secrecy_marks
from medskick.kernel.records.models import Item, Level, Record, Share
from medskick.kernel.tasks.models import Task
from medskick.kernel.tests.world import World

HIGH, LOW = Classes(3, 2, 1, "OSL 18 kap. 8 §"), Classes(1, 2, 1)


def make_high(world: World) -> Item:
    item = make_draft(world).document.item
    with world.acting(world.owner):
        classify(item, by=world.owner, classes=HIGH, reason="Larm")
    return item


def test_to_lower_a_high_class_needs_a_second_person(world: World) -> None:
    item = make_high(world)
    with world.acting(world.owner):
        proposal = classify(item, by=world.owner, classes=LOW, reason="Larmen är borta")
        assert class_of(item) == HIGH
        assert {task.person_id for task in Task.objects.open()} == {world.colleague.person}
        with pytest.raises(PermissionDenied, match="annan person"):
            agree_to_lowering(proposal, by=world.owner)
        with pytest.raises(ValueError, match="väntar redan"):
            classify(item, by=world.owner, classes=LOW, reason="En gång till")
    with world.acting(world.colleague):
        agree_to_lowering(proposal, by=world.colleague)
        assert class_of(item) == LOW
        assert not Task.objects.open().exists()
        with pytest.raises(ValueError, match="redan avgjort"):
            refuse_lowering(proposal, by=world.colleague)


def test_the_database_too_refuses_that_one_agrees_with_herself(world: World) -> None:
    item = make_high(world)
    with world.acting(world.owner):
        proposal = classify(item, by=world.owner, classes=LOW, reason="Larmen är borta")
        with pytest.raises(IntegrityError), transaction.atomic():
            Classification.objects.filter(pk=proposal.pk).update(agreed_at=timezone.now(), agreed_by=world.owner.person)


def test_a_lowering_that_was_refused_changes_nothing(world: World) -> None:
    item = make_high(world)
    with world.acting(world.owner):
        proposal = classify(item, by=world.owner, classes=LOW, reason="Larmen är borta")
    with world.acting(world.colleague):
        refuse_lowering(proposal, by=world.colleague)
        assert class_of(item) == HIGH


def test_others_neither_read_nor_decide_a_class(world: World) -> None:
    item = make_fixed(world).item
    with world.acting(world.owner):
        classify(item, by=world.owner, classes=Classes(1, 2, 2), reason="Används varje dag")
    for name in ("stranger", "regional", "resident"):
        actor = getattr(world, name)
        with world.acting(actor):
            assert not Classification.objects.exists()
            with pytest.raises(PermissionDenied):
                classify(item, by=actor, classes=LOW, reason="Jag ville")
    assert world.client(world.stranger).get(f"/arbete/dokument/klassning/{item.id}").status_code == 404


def test_a_class_that_is_raised_takes_back_what_was_open(world: World) -> None:
    fixed = make_fixed(world)
    number = fixed.document.item.number
    assert world.client().get(f"/dokument/{number}").status_code == 200
    with world.acting(world.owner):
        classify(fixed.item, by=world.owner, classes=HIGH, reason="Larmkoder stod i bilagan")
        record = Record.objects.get(item=fixed.item)
        assert (record.confidentiality, record.secrecy) == (3, "OSL 18 kap. 8 §")
        assert not Share.objects.filter(ended_at__isnull=True).exists()
    assert world.client().get(f"/dokument/{number}").status_code == 404
    with world.acting(world.stranger):
        assert not DocumentVersion.objects.exists()
    with world.acting(world.colleague):
        assert DocumentVersion.objects.filter(pk=fixed.pk).exists()


def test_a_shared_document_is_read_until_its_class_is_raised(world: World) -> None:
    draft = make_draft(world)
    with world.acting(world.owner):
        share(draft.document.item, by=world.owner, with_token=world.sotenas.id)
        fixed = fix_version(draft, by=world.owner, reason="Klar", openness="readers", why_not="Bara för oss två")
    with world.acting(world.stranger):
        assert list(DocumentVersion.objects.all()) == [fixed]
    with world.acting(world.resident):
        assert not DocumentVersion.objects.exists()
    with world.acting(world.owner):
        classify(fixed.item, by=world.owner, classes=HIGH, reason="Larm")
    with world.acting(world.stranger):
        assert not DocumentVersion.objects.exists()
        assert not Item.objects.filter(id__in=[fixed.item_id, fixed.document_id]).exists()


def test_a_shared_working_paper_is_taken_back_when_the_class_of_its_document_is_raised(world: World) -> None:
    draft = make_draft(world)
    with world.acting(world.owner):
        share_working_paper(draft, by=world.owner, with_organisations=[world.sotenas.id], reason="Titta")
        classify(draft.document.item, by=world.owner, classes=HIGH, reason="Larm")
    with world.acting(world.stranger):
        assert not DocumentVersion.objects.exists()


def test_a_later_version_keeps_a_high_class_and_is_read_by_nobody_outside(world: World) -> None:
    draft = make_draft(world)
    with world.acting(world.owner):
        share(draft.document.item, by=world.owner, with_token=world.sotenas.id)
        item = Item.objects.get(pk=draft.document_id)
        classify(item, by=world.owner, classes=HIGH, reason="Larm")
        fixed = fix_version(draft, by=world.owner, reason="Klar", openness="readers", why_not="Bara vi")
        assert fixed.confined
        assert Item.objects.get(pk=fixed.item_id).level == Level.ORGANISATION
    with world.acting(world.stranger):
        assert not DocumentVersion.objects.exists()


def test_every_level_has_words_and_a_reason_is_asked_for(world: World) -> None:
    edition = scheme(timezone.localdate())
    for axis in AXES:
        assert [one.level for one in edition.levels[axis]] == [0, 1, 2, 3, 4]
        assert all(one.label and one.meaning for one in edition.levels[axis])
    assert say_class(Classes(1, 2, 3), timezone.localdate()) == "intern, ska vara rätt, ska finnas inom en timme"
    assert all(mark.startswith("OSL ") for mark, _label in secrecy_marks(timezone.localdate()))
    item = make_draft(world).document.item
    with world.acting(world.owner):
        with pytest.raises(ValueError, match="varför"):
            classify(item, by=world.owner, classes=LOW, reason=" ")
        with pytest.raises(ValueError, match="0 till 4"):
            classify(item, by=world.owner, classes=Classes(5, 1, 1), reason="Mycket")


def test_the_record_bar_says_the_class_in_words(world: World) -> None:
    fixed = make_fixed(world)
    page = world.client(world.owner).get(f"/spar/{fixed.item.number}").content.decode()
    assert "öppen, ska vara rätt, kan vara borta en vecka" in page
    assert "K/R/T" not in page
    assert "ska vara rätt" not in world.client(world.resident).get(f"/spar/{fixed.item.number}").content.decode()


def test_what_was_sent_on_remiss_stays_with_those_who_got_it(world: World) -> None:
    referral = send(world)
    with world.acting(world.owner):
        classify(referral.version.document.item, by=world.owner, classes=HIGH, reason="Larm")
    with world.acting(world.stranger):
        assert list(DocumentVersion.objects.all()) == [referral.version]
    with world.acting(world.regional):
        assert not DocumentVersion.objects.exists()
