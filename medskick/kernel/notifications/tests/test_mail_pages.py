"""The pages around mail: what I follow, whether and when I want mail, the links in the mails, the administrator's view."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from medskick.kernel.notifications import delivering
from medskick.kernel.notifications.actions import follow
from medskick.kernel.notifications.mail_actions import leave_address
from medskick.kernel.notifications.mail_box import mail_box
from medskick.kernel.notifications.mail_secrets import confirm_secret, off_secret
from medskick.kernel.notifications.models import Delivery, EmailAddress, MailSender, Subscription
from medskick.kernel.notifications.smtp import Outcome
from medskick.kernel.notifications.tests.mailing import Post, Town
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.organisations.scope import Scope, reader_token, scope
from medskick.kernel.records.models import Level
from medskick.kernel.tests.world import page_queries

SECRET = "0123456789abcdef"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def own(town: Town, actor: Actor) -> EmailAddress | None:
    with town.world.acting(actor):
        return EmailAddress.objects.first()


def at_secret(town: Town) -> EmailAddress | None:
    with scope(Scope(town.tanum, reach=frozenset({reader_token(SECRET)}))):
        return EmailAddress.objects.first()


def form_of(town: Town, back: str = "/tanum/spar") -> dict[str, str]:
    """The hidden fields of the form on a page that the secret opened."""
    with town.world.acting(town.world.phone(town.world.tanum)):
        return {name: str(value) for name, value in mail_box(SECRET, back=back).form.initial.items()}


def test_what_i_follow_is_listed_and_stopped_one_by_one_and_all_at_once(town: Town) -> None:
    world = town.world
    items = [town.item("Bryggan"), town.item("Bion"), town.item("Badet", level=Level.PARTIES)]
    with world.acting(world.owner) as by:
        for item in items:
            follow(item, by=by, follower=world.resident.person)
        follow(items[0], by=by, follower=world.stranger.person)
        items[2].readers = [by.person]
        items[2].save(update_fields=["readers"])
    browser = world.client(world.resident)
    page = browser.get("/mina/bevakningar").content.decode()
    assert "Bryggan" in page and "Bion" in page
    assert "Badet" not in page and "Något som du inte längre får läsa" in page
    with world.acting(world.resident):
        mine = Subscription.objects.get(item=items[0])
    stranger = world.client(world.stranger)
    assert stranger.post(f"/mina/bevakningar/{mine.id}/avslut").status_code == 404
    assert browser.post(f"/mina/bevakningar/{mine.id}/avslut")["Location"] == "/mina/bevakningar"
    assert "Bryggan" not in browser.get("/mina/bevakningar").content.decode()
    browser.post("/mina/bevakningar/avslut")
    assert "Du följer inget." in browser.get("/mina/bevakningar").content.decode()
    assert "Bryggan" in stranger.get("/mina/bevakningar").content.decode()


def test_the_list_costs_the_same_with_more_rows(town: Town) -> None:
    world = town.world
    browser = world.client(world.resident)
    counts = []
    for number in range(3):
        with world.acting(world.owner) as by:
            item = town.item(f"Brygga {number}")
            follow(item, by=by, follower=world.resident.person)
        page_queries(browser, "/mina/bevakningar")
        counts.append(len(page_queries(browser, "/mina/bevakningar")))
    assert counts[0] == counts[2] <= 8


def test_from_an_address_to_a_choice_and_away(town: Town) -> None:
    browser = town.world.client(town.world.resident)
    assert "Hur ofta vill du ha mejl?" not in browser.get("/mina/meddelandeval").content.decode()
    wrong = browser.post("/mina/meddelandeval/adress", {"email": "ingrid<b>"})
    assert wrong.status_code == 422
    assert "ingrid&lt;b&gt;" in wrong.content.decode() and "Skriv en e-postadress" in wrong.content.decode()
    assert browser.post("/mina/meddelandeval/adress", {"email": "ingrid@exempel.example"}).status_code == 302
    assert "Vi har skickat ett mejl till ingrid@exempel.example" in browser.get("/mina/meddelandeval").content.decode()
    left = own(town, town.world.resident)
    assert left is not None and left.confirmed_at is None
    assert own(town, town.world.stranger) is None
    link = f"/mejl/bekrafta/{confirm_secret(left.id, left.asked_at)}"
    anybody = Client()  # the mail is opened in another browser
    assert "Ja, skicka mejl" in anybody.get(link).content.decode()
    assert own(town, town.world.resident).confirmed_at is None, "opening a link changes nothing"  # type: ignore[union-attr]
    done = anybody.post(link)
    assert done["Location"] == f"/mejl/{off_secret(left.id)}"
    assert own(town, town.world.resident).confirmed_at is not None  # type: ignore[union-attr]
    assert anybody.get(link).status_code == 404
    chosen = {"pace": "daily", "quiet_from": "22", "quiet_until": "6", "language": "en"}
    assert browser.post("/mina/meddelandeval", chosen).status_code == 302
    left = own(town, town.world.resident)
    assert left is not None
    assert (left.pace, left.quiet_from, left.quiet_until, left.language) == ("daily", 22, 6, "en")
    for bad in ({"pace": "hourly"}, {"quiet_from": "24"}, {"quiet_until": "x"}, {"language": "xx"}, {"pace": ""}):
        assert browser.post("/mina/meddelandeval", chosen | bad).status_code == 422
    assert browser.post("/mina/meddelandeval/adress/bort").status_code == 302
    assert own(town, town.world.resident) is None


def test_a_link_that_is_too_old_says_so_and_what_to_do(town: Town) -> None:
    with town.world.acting(town.world.resident) as by:
        left = leave_address(by=by, address="i@exempel.example", at=timezone.now() - timedelta(hours=49))
    page = Client().post(f"/mejl/bekrafta/{confirm_secret(left.id, left.asked_at)}")
    assert page.status_code == 410
    assert "Den gällde i 48 timmar" in page.content.decode()


def test_one_click_off_without_cookie_and_only_by_post(town: Town) -> None:
    left = town.confirmed(town.world.resident)
    address = f"/tanum/mejl/{off_secret(left.id)}/av"
    strict = Client(enforce_csrf_checks=True)
    assert "Vill du sluta få mejl?" in strict.get(address).content.decode()
    assert own(town, town.world.resident) is not None, "a mail scanner follows links"
    gone = strict.post(address, ONE_CLICK)
    assert (gone.status_code, "Du får inga fler mejl" in gone.content.decode()) == (200, True)
    assert own(town, town.world.resident) is None
    assert strict.post(address, ONE_CLICK).status_code == 200
    assert strict.post("/mejl/ffffffffffffffffffffffffffffffff/av", ONE_CLICK).status_code == 200
    for page in (gone, strict.get(address)):
        assert page["X-Robots-Tag"] == "noindex, nofollow"
        assert "no-store" in page["Cache-Control"]


def test_the_other_posts_do_want_a_form_of_ours(town: Town) -> None:
    left = town.confirmed(town.world.resident)
    strict = Client(enforce_csrf_checks=True)
    for address in (f"/mejl/{off_secret(left.id)}", "/mejl/bekrafta/x", "/mejl"):
        assert strict.post(address, {"pace": "never"}).status_code == 403


def test_without_log_in_how_often_is_chosen_by_the_link_in_the_mail(town: Town) -> None:
    left = town.confirmed(town.world.resident)
    anybody, address = Client(), f"/mejl/{off_secret(left.id)}"
    page = anybody.get(address).content.decode()
    assert "ingrid" not in page and "exempel.example" not in page
    assert anybody.post(address, {"pace": "weekly", "quiet_from": "0", "quiet_until": "0"}).status_code == 302
    assert own(town, town.world.resident).pace == "weekly"  # type: ignore[union-attr]
    assert anybody.post(address, {"pace": "x", "quiet_from": "0", "quiet_until": "0"}).status_code == 422
    assert anybody.get("/mejl/ffffffffffffffffffffffffffffffff").status_code == 404


def test_a_phone_without_log_in_leaves_an_address_tied_to_its_secret(town: Town) -> None:
    anybody, fields = Client(), form_of(town)
    wrong = anybody.post("/tanum/mejl", fields | {"email": "anon"})
    assert (wrong.status_code, 'value="anon"' in wrong.content.decode()) == (422, True)
    assert fields["secret"] in wrong.content.decode(), "the form that comes back still knows where it belongs"
    sent = anybody.post("/tanum/mejl", fields | {"email": "anon@exempel.example"})
    assert sent["Location"] == "/tanum/spar"
    left = at_secret(town)
    assert left is not None and (left.address, left.held_by) == ("anon@exempel.example", EmailAddress.SECRET)
    assert left.kept_until is not None
    with town.world.acting(town.world.phone(town.world.tanum)):
        box = mail_box(SECRET, back="/")
        assert (box.waiting, box.shown.replace("\u2060", "")) == (True, "a…@exempel.example")
        assert mail_box("fedcba9876543210", back="/").shown == ""


@pytest.mark.parametrize("secret", ["", "0123456789abcdef", "x:y:z", "a" * 300])
def test_a_form_that_is_not_ours_leaves_nothing(town: Town, secret: str) -> None:
    answer = Client().post(
        "/tanum/mejl", {"email": "anon@exempel.example", "secret": secret, "back": "//evil.example/x"}
    )
    assert answer.status_code == 422
    assert "evil.example" not in answer.content.decode().replace('value="//evil.example/x"', "")
    assert at_secret(town) is None


def test_nobody_fills_anothers_inbox(town: Town) -> None:
    browser = town.world.client(town.world.resident)
    codes = [
        browser.post("/mina/meddelandeval/adress", {"email": "offer@exempel.example"}).status_code for _ in range(5)
    ]
    assert codes == [302, 302, 302, 429, 429]
    other = town.world.client(town.world.stranger)
    assert other.post("/mina/meddelandeval/adress", {"email": "Offer@exempel.example"}).status_code == 429
    assert other.post("/mina/meddelandeval/adress", {"email": "sten@exempel.example"}).status_code == 302


def test_the_administrator_sees_how_many_and_never_to_whom(town: Town) -> None:
    world, now, post = town.world, timezone.now(), Post()
    item = town.item()
    town.follow(item, world.resident)
    town.confirmed(world.resident, at=now - timedelta(days=1), quiet=(0, 0))
    town.happens(item, now)
    post.answer = lambda to: Outcome("refused", "554 data")
    town.goes(post, now)
    browser = world.client(world.owner)
    page = browser.get("/arbete/administration/utskick").content.decode()
    assert "554 data" in page and "Försök igen med allt" in page
    assert "ingrid" not in page and "exempel.example" not in page
    assert re.search(r"<td[^>]*>1</td>", page)
    assert "554 data" not in world.client(world.stranger).get("/arbete/administration/utskick").content.decode()
    assert browser.post("/arbete/administration/utskick/om")["Location"] == "/arbete/administration/utskick"
    assert town.states() == [Delivery.QUEUED]
    signed = {"name": "Tanums kommun", "address": "hej@tanum.example", "language": "sv"}
    assert browser.post("/arbete/administration/utskick/avsandare", signed | {"address": "hej"}).status_code == 422
    assert browser.post("/arbete/administration/utskick/avsandare", signed).status_code == 302
    with world.acting(world.owner):
        assert MailSender.objects.get().address == "hej@tanum.example"


def test_only_administrators_come_there(town: Town) -> None:
    for path in ("", "/avsandare"):
        assert town.world.client(town.world.resident).get(f"/arbete/administration/utskick{path}").status_code == 403


def test_the_outbox_is_the_example_regions_alone(town: Town, settings: Any) -> None:
    with town.world.acting(town.world.resident) as by:
        left = leave_address(by=by, address="ingrid@exempel.example")
    delivering.send_mail(town.tanum, timezone.now)
    page = Client().get("/meddelanden/utkorg").content.decode()
    assert f"http://testserver/tanum/mejl/bekrafta/{confirm_secret(left.id, left.asked_at)}" in page
    assert "ingrid@" not in page
    below = Client().get("/tanum/meddelanden/utkorg").content.decode()
    assert "/tanum/mejl/bekrafta/" in below and "/tanum/tanum/" not in below
    settings.SMTP_URL = "smtps://post.tanum.example"
    assert Client().get("/meddelanden/utkorg").status_code == 404
    settings.SMTP_URL, settings.DEMONSTRATION = "", False
    assert Client().get("/meddelanden/utkorg").status_code == 404
