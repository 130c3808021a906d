"""Whoever follows a voice is told at every step that comes of it, over the borders of who may read what."""

from medskick.kernel.notifications.actions import follow, mark_read, tell_followers, unfollow
from medskick.kernel.notifications.models import Notification, Subscription
from medskick.kernel.organisations import places
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.organisations.scope import reader_token
from medskick.kernel.records.actions import create_item, link
from medskick.kernel.records.models import Item, Level, Relation
from medskick.kernel.tests.world import World


def make(world: World, title: str, **more: object) -> Item:
    return create_item(by=world.owner, kind="kernel.document", title=title, **more)


def leads_to(world: World, before: Item, after: Item) -> None:
    link(by=world.owner, from_item=before, to_item=after, relation=Relation.GAVE_RISE_TO)


def told(world: World, actor: Actor) -> list[str]:
    with world.acting(actor):
        return [one.what for one in Notification.objects.newest_first()]


def test_the_speaker_is_told_at_each_step_and_reads_it_at_her_own_voice(world: World) -> None:
    with world.acting(world.owner):
        voice = make(world, "Rösten", level=Level.PARTIES, readers=[world.resident.person, world.owner.person])
        follow(voice, by=world.owner, follower=world.resident.person)
        need, plan = make(world, "Behovet"), make(world, "Planen", level=Level.PUBLIC)
        leads_to(world, voice, need)
        leads_to(world, need, plan)
        assert tell_followers(plan, by=world.owner, what="Planen är beslutad", url="/spar/x") == 1
    assert len(told(world, world.resident)) == 3
    assert told(world, world.resident)[0] == "Planen är beslutad"
    for other in (world.owner, world.colleague, world.stranger):
        assert told(world, other) == []
    browser = world.client(world.resident)
    page = browser.get("/meddelanden").content.decode()
    assert "Planen är beslutad" in page
    assert page.count("Nytt") == 3
    with world.acting(world.resident):
        addresses = Notification.objects.filter(what__startswith="Det du följer").values_list("url", flat=True)
        assert list(addresses) == [f"/spar/av/{voice.id}"] * 2


def test_a_phone_that_followed_is_told_without_a_person(world: World) -> None:
    device = reader_token("en telefons hemlighet")
    phone = world.phone(world.tanum, device)
    with world.acting(phone):
        voice = create_item(by=phone, kind="kernel.document", title="Svar", level=Level.PARTIES, readers=[device])
        follow(voice, by=phone)
    with world.acting(Actor(kind="system", organisation=world.tanum.id)) as system:
        tell_followers(voice, by=system, what="Det hände något")
    assert told(world, phone) == ["Det hände något"]
    assert told(world, world.phone(world.tanum, reader_token("en annan telefon"))) == []


def test_nobody_is_told_of_what_is_sealed(world: World) -> None:
    with world.acting(world.owner):
        voice = make(world, "Rösten", level=Level.PUBLIC)
        follow(voice, by=world.owner, follower=world.resident.person)
        sealed = make(world, "Skyddat", level=Level.SEALED, readers=[world.owner.person])
        leads_to(world, voice, sealed)
        after = make(world, "Efter det skyddade", level=Level.PUBLIC)
        leads_to(world, sealed, after)
    assert told(world, world.resident) == []


def test_following_twice_is_following_once_and_can_be_ended(world: World) -> None:
    with world.acting(world.owner):
        item = make(world, "Öppen", level=Level.PUBLIC)
    browser = world.client(world.resident)
    for _ in range(2):
        browser.post(f"/spar/{item.number}/bevakning", {"follow": "1"})
    with world.acting(world.resident):
        assert Subscription.objects.count() == 1
    assert "Sluta följa" in browser.get(f"/spar/{item.number}").content.decode()
    browser.post(f"/spar/{item.number}/bevakning", {"follow": "0"})
    with world.acting(world.owner):
        assert tell_followers(item, by=world.owner, what="Något") == 0


def test_the_one_who_acts_is_not_told_of_her_own_act(world: World) -> None:
    with world.acting(world.owner):
        item = make(world, "Min")
        follow(item, by=world.owner)
        assert tell_followers(item, by=world.owner, what="Jag gjorde något") == 0
        unfollow(item, by=world.owner)
        assert Subscription.objects.count() == 0


def test_what_is_read_is_no_longer_counted(world: World) -> None:
    with world.acting(world.owner):
        item = make(world, "Öppen", level=Level.PUBLIC)
        follow(item, by=world.owner, follower=world.resident.person)
        tell_followers(item, by=world.owner, what="Ett")
    browser = world.client(world.resident)
    assert browser.get("/mina").context["viewer"].unread == 1
    with world.acting(world.resident):
        mark_read(by=world.resident)
    assert browser.get("/mina").context["viewer"].unread == 0


def test_an_address_made_elsewhere_leads_to_the_site_where_its_reader_is(world: World) -> None:
    places.forget()
    tanum = places.resolve("127.0.0.1", "/tanum/arbete")[0]
    assert tanum is not None
    assert [places.at_place(url, tanum) for url in ("/arbete/x", "/sotenas/arbete/x", "/tanum/arbete/x", "")] == [
        "/tanum/arbete/x",
        "/sotenas/arbete/x",
        "/tanum/arbete/x",
        "",
    ]
    assert places.at_place("/arbete/x", None) == "/arbete/x"
