"""A network's space: asked over organisation borders, read by its seats and by nobody else."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction

from medskick.kernel.documents.models import Document
from medskick.kernel.log.models import LogEntry
from medskick.kernel.notifications.models import Notification, Subscription
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.organisations.models import Network
from medskick.kernel.organisations.scope import Scope, scope
from medskick.kernel.people.models import NetworkSeat
from medskick.kernel.people.queries import staff_actor
from medskick.kernel.records.models import Item, Share
from medskick.kernel.search.queries import search
from medskick.kernel.sharing.tests.story import shared_guideline
from medskick.kernel.spaces.actions import (
    accept_answer,
    answer_question,
    ask_question,
    follow_space,
    leave_network,
    tidy_tags,
    unfollow_space,
)
from medskick.kernel.spaces.models import Space, SpaceAcceptance, SpaceAnswer, SpaceQuestion
from medskick.kernel.spaces.queries import network_documents, questions, tags_of
from medskick.kernel.tests.world import World, make_staff

PEOPLE = ("owner", "colleague", "stranger", "regional", "resident")
TABLES = (Space, SpaceQuestion, SpaceAnswer, SpaceAcceptance)


def asked(world: World) -> tuple[SpaceQuestion, SpaceAnswer]:
    """owner (Tanum) asks the region's network; regional, who has a seat, answers."""
    with world.acting(world.regional):
        follow_space(world.network, by=world.regional)
    with world.acting(world.owner):
        question = ask_question(
            world.network, by=world.owner, title="Hur gör ni med jour?", text="Vi saknar folk.", tags=["Jour", "#jour"]
        )
    with world.acting(world.regional):
        one = SpaceQuestion.objects.select_related("item", "network").get(item_id=question.item_id)
        answer = answer_question(one, by=world.regional, text="Vi delar beredskap med grannen.")
    with world.acting(world.owner):
        mine = SpaceAnswer.objects.select_related("question__item", "question__network").get(item_id=answer.item_id)
        accept_answer(mine, by=world.owner)
    return question, answer


def test_a_question_of_another_organisation_is_the_holders_and_tells_who_asked(world: World) -> None:
    question, answer = asked(world)
    with world.acting(world.owner):
        read = SpaceQuestion.objects.select_related("item").get()
        assert (read.item.owner_id, read.organisation_id) == (world.region.id, world.tanum.id)
        assert (read.by_name, read.tags) == ("Olle Ägare", ["jour"])
        assert LogEntry.objects.get(verb="space.asked").person == world.owner.person
        assert SpaceAcceptance.objects.get().answer_id == answer.item_id
    with world.acting(world.regional):
        entry = LogEntry.objects.get(verb="kernel.space_question.created")
        assert (entry.person, entry.item, entry.owner_id) == (world.owner.person, question.item_id, world.region.id)


def test_seats_read_the_space_and_nobody_else(world: World) -> None:
    question, answer = asked(world)
    without_seat = make_staff(world.region, "Utan Plats")
    for name, actor in {"without seat": without_seat, **{one: getattr(world, one) for one in PEOPLE}}.items():
        seated = name in ("owner", "regional")
        with world.acting(actor):
            for table in TABLES:
                assert table.objects.exists() == seated, (name, table)
            assert bool(search("jour").items) == seated, name
            for item in (question.item_id, answer.item_id):
                assert Item.objects.filter(id=item).exists() == seated, name
        browser = world.client(actor)
        if actor.staff:
            page = browser.get(f"/arbete/natverk/{world.network.id}")
            assert page.status_code == 200
            assert ("Hur gör ni med jour?" in page.content.decode()) == seated, name
            assert "Socialnätverket" in page.content.decode(), "that it exists is public"
            assert browser.get(f"/arbete/natverk/fraga/{question.item_id}").status_code == (200 if seated else 404)
            assert browser.get(f"/arbete/natverk/{world.network.id}/fraga").status_code == (200 if seated else 403)


def test_whoever_has_no_seat_writes_nothing(world: World) -> None:
    question, answer = asked(world)
    with world.acting(world.owner):
        question = SpaceQuestion.objects.select_related("item", "network").get()
        answer = SpaceAnswer.objects.select_related("question__network", "question__item").get()
    for outsider in (world.colleague, world.stranger):
        with world.acting(outsider):
            with pytest.raises(PermissionDenied):
                ask_question(world.network, by=outsider, title="Får jag?")
            with pytest.raises(PermissionDenied):
                answer_question(question, by=outsider, text="Jag svarar ändå")
            with pytest.raises(PermissionDenied):
                accept_answer(answer, by=outsider)
            with pytest.raises(PermissionDenied):
                follow_space(world.network, by=outsider)
    with world.acting(world.regional), pytest.raises(PermissionDenied):
        accept_answer(answer, by=world.regional)
    with world.acting(world.owner):
        with pytest.raises(DatabaseError), transaction.atomic():
            SpaceAnswer(
                item_id=question.item_id, question=question, organisation=world.tanum, text="Direkt", by_name="Falsk"
            ).save(force_insert=True)
        assert SpaceAcceptance.objects.update(by_name="Falsk") == 0
        for table in (Space, SpaceQuestion, SpaceAnswer, SpaceAcceptance):
            with pytest.raises(DatabaseError), transaction.atomic():
                table.objects.all().delete()


def test_followers_are_told_and_no_more_than_that_something_was_asked(world: World) -> None:
    asked(world)
    with world.acting(world.regional):
        (told,) = Notification.objects.all()
        assert told.what == "En ny fråga i Socialnätverket."
    with world.acting(world.owner):
        (told,) = Notification.objects.all()
        assert told.what == "En fråga som du följer i Socialnätverket har fått ett svar."
    with world.acting(world.regional):
        unfollow_space(world.network, by=world.regional)
        assert not Subscription.objects.filter(item__space__network=world.network).exists()


def test_leaving_the_network_stops_the_reading_at_once(world: World) -> None:
    question, _answer = asked(world)
    browser, page = world.client(world.owner), f"/arbete/natverk/fraga/{question.item_id}"
    assert browser.get(page).status_code == 200
    assert browser.post(f"/arbete/natverk/{world.network.id}/lamna").status_code == 302
    assert browser.get(page).status_code == 404
    now = again(world.owner)
    assert now.networks == frozenset()
    with world.acting(now):
        assert not Item.objects.filter(id=question.item_id).exists()
        assert not Subscription.objects.exists()
        with pytest.raises(PermissionDenied):
            leave_network(world.network, by=now)
    with world.acting(world.regional):
        assert NetworkSeat.objects.count() == 1, "only one's own seat"


def again(actor: Actor) -> Actor:
    """The same person at her next request."""
    assert actor.person is not None
    assert actor.employment is not None
    with scope(Scope(actor.organisation, reach=frozenset({actor.person}))):
        found = staff_actor(actor.person, actor.employment)
    assert found is not None
    return found


def test_the_asker_may_change_her_mind_about_what_helped(world: World) -> None:
    asked(world)
    with world.acting(world.regional):
        one = SpaceQuestion.objects.select_related("item", "network").get()
        better = answer_question(one, by=world.regional, text="Ännu bättre: dela lön också.")
    with world.acting(world.owner):
        mine = SpaceAnswer.objects.select_related("question__item", "question__network").get(item_id=better.item_id)
        accept_answer(mine, by=world.owner)
        accept_answer(mine, by=world.owner)
        assert SpaceAcceptance.objects.get(ended_at__isnull=True).answer_id == better.item_id
        assert SpaceAcceptance.objects.count() == 2


def test_searching_finds_words_of_question_and_answer_within_the_network_only(world: World) -> None:
    asked(world)
    other = Network.objects.create(holder=world.region, name="Skolnätverket")
    both = make_staff(world.region, "Bo Båda", networks=(world.network, other))
    with world.acting(both):
        ask_question(other, by=both, title="Beredskap i skolan", tags=["skola"])
        found = {one.item.title for one in questions(world.network, text="beredskap")}
        assert found == {"Hur gör ni med jour?"}, "by its answer, and not the other network's"
        assert [one.item.title for one in questions(other, text="beredskap")] == ["Beredskap i skolan"]
        assert [one.many_answers for one in questions(world.network, tag="jour")] == [1]
        assert list(questions(world.network, tag="skola")) == []
        assert (tags_of(world.network), tags_of(other)) == (["jour"], ["skola"])


def test_the_networks_documents_come_in_the_order_of_their_review(world: World) -> None:
    item, version = shared_guideline(world, world.network.id, by=world.regional)
    with world.acting(world.regional):
        Document.objects.filter(item=item).update(network=world.network, review_by="2030-01-01")
    with world.acting(world.owner):
        ((document, number),) = network_documents(world.network)
        assert (document.item_id, number) == (item.id, version.number)
        assert Share.objects.get(item=item).with_token == world.network.id
    with world.acting(world.colleague):
        assert network_documents(world.network) == []
    with world.acting(world.owner), connection.cursor() as cursor:
        cursor.execute("select count(*) from kernel_documentversion")
        assert cursor.fetchone() == (1,)


def test_tags_are_tidied() -> None:
    many = [f"ämne {number}" for number in range(20)]
    assert tidy_tags([" #Jour ", "jour", "", "  ", "Två  ord"]) == ["jour", "två ord"]
    assert len(tidy_tags(many)) == 8
    assert len(tidy_tags(["x" * 100])[0]) == 40
