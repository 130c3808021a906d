"""Mail all the way: what happened becomes a mail at its hour, is handed in once, and tells nothing it should not."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.db.utils import DatabaseError
from django.utils import timezone

from medskick.kernel.notifications import delivering, jobs
from medskick.kernel.notifications.mail_actions import forget_address, retry_failed, sign_mail
from medskick.kernel.notifications.models import Delivery, EmailAddress, Notification, Pace
from medskick.kernel.notifications.smtp import Outcome
from medskick.kernel.notifications.smtp import Post as RealPost
from medskick.kernel.notifications.tests.mail_server import mail_server
from medskick.kernel.notifications.tests.mailing import NEXT_MONDAY, TUESDAY, Post, Town, html_of, text_of
from medskick.kernel.notifications.writing import sending_for
from medskick.kernel.organisations.scope import NoScope, current_scope
from medskick.kernel.records.actions import link
from medskick.kernel.records.models import Level, Relation

SECRET_WORDS = "Grannen slår sin hund"


def test_what_happens_comes_as_a_mail_with_the_headers_of_automatic_mail(town: Town, post: Post) -> None:
    public = town.item("Behovet", level=Level.PUBLIC)
    town.follow(public, town.world.resident)
    left = town.confirmed(town.world.resident)
    with town.world.acting(town.world.owner) as by:
        sign_mail(by=by, name="Tanums kommun", address="hej@tanum.example", language="sv")
    town.happens(public, TUESDAY)
    town.goes(post, TUESDAY)
    (mail,) = post.taken
    assert post.to == ["ingrid@exempel.example"]
    assert (mail["From"], mail["To"]) == ("Tanums kommun <hej@tanum.example>", "ingrid@exempel.example")
    assert mail["Subject"] == "Nytt om det du följer"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"] == "Tue, 24 Nov 2026 12:00:00 +0100"
    assert re.fullmatch(r"<[0-9a-f-]{36}@tanum\.example>", mail["Message-ID"])
    assert re.fullmatch(r"<http://127\.0\.0\.1:8000/tanum/mejl/[0-9a-f]{32}/av>", mail["List-Unsubscribe"])
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    for body in (text_of(mail), html_of(mail)):
        assert f"http://127.0.0.1:8000/tanum/spar/{public.number}" in body
        assert "Något nytt, 24 november 2026" in body
        assert "/meddelanden" in body
        assert "Behovet" not in body
    assert str(left.holder) not in mail.as_string()


def test_a_mail_never_says_what_was_said_nor_where_it_stands(town: Town, post: Post) -> None:
    private = town.item(SECRET_WORDS, level=Level.PARTIES)
    step = town.item(SECRET_WORDS, level=Level.ORGANISATION)
    town.follow(private, town.world.resident)
    town.confirmed(town.world.resident)
    town.happens(private, TUESDAY, what=SECRET_WORDS)
    with town.world.acting(town.world.owner) as by:
        link(by=by, from_item=private, to_item=step, relation=Relation.GAVE_RISE_TO, reason=SECRET_WORDS)
    with town.world.acting(town.world.resident):
        assert Notification.objects.count() == 2
    town.goes(post, TUESDAY + timedelta(days=400))  # after whatever the clock of this machine said when it was linked
    (mail,) = post.taken
    whole = mail.as_string() + text_of(mail) + html_of(mail)
    for told in (*SECRET_WORDS.split(), private.number, step.number, str(private.id), "Ingrid", "Olle"):
        assert told not in whole
    assert "- Dokument, " in text_of(mail)
    assert "bara du och de som arbetar" in text_of(mail)


def test_of_what_has_been_sealed_not_even_the_sort_of_step_is_told(town: Town, post: Post) -> None:
    followed, step = town.item(level=Level.PUBLIC), town.item(level=Level.PUBLIC)
    town.follow(followed, town.world.resident)
    town.confirmed(town.world.resident)
    with town.world.acting(town.world.owner) as by:
        link(by=by, from_item=followed, to_item=step, relation=Relation.GAVE_RISE_TO)
        followed.level, followed.readers = Level.SEALED, [by.person]
        followed.save(update_fields=["level", "readers"])
    town.goes(post, TUESDAY + timedelta(days=400))
    assert "Dokument" not in text_of(post.taken[0])
    assert followed.number not in post.taken[0].as_string() + text_of(post.taken[0])


def test_a_week_becomes_one_mail_grouped_by_trace_and_an_empty_week_none(town: Town, post: Post) -> None:
    one, other = town.item("Ett"), town.item("Två")
    for item in (one, other):
        town.follow(item, town.world.resident)
    town.confirmed(town.world.resident, pace=Pace.WEEKLY)
    for hours in (0, 1, 30):
        town.happens(one, TUESDAY + timedelta(hours=hours))
    town.happens(other, TUESDAY + timedelta(hours=2))
    town.goes(post, NEXT_MONDAY - timedelta(seconds=1))
    assert post.taken == []
    town.goes(post, NEXT_MONDAY)
    (mail,) = post.taken
    assert text_of(mail).count("Spåret ") == 2
    assert text_of(mail).count("/spar/") == 2
    assert text_of(mail).count("- Något nytt") == 3  # twice on one day is told once
    for weeks in (1, 2):
        town.goes(post, NEXT_MONDAY + timedelta(weeks=weeks))
    assert len(post.taken) == 1
    assert town.states() == [Delivery.SENT]


def test_nothing_goes_out_at_night_but_what_is_asked_for(town: Town, post: Post) -> None:
    item = town.item()
    town.follow(item, town.world.resident)
    town.confirmed(town.world.resident)
    night, morning = TUESDAY + timedelta(hours=10), TUESDAY + timedelta(hours=19)
    town.happens(item, night)
    town.goes(post, night)
    # Written while it was day, and the postman came late.
    town.happens(item, morning)
    town.writes(morning)
    town.sends(post, night + timedelta(days=1))
    assert post.taken == []
    town.leaves(town.world.stranger, "sten@exempel.example", night)
    town.sends(post, night, organisation=town.world.sotenas.id)
    assert post.to == ["sten@exempel.example"]
    town.sends(post, morning + timedelta(days=1))
    assert post.to == ["sten@exempel.example", "ingrid@exempel.example"]


def test_each_language_and_each_organisation_its_own_mail(town: Town, post: Post) -> None:
    there = town.item(by=town.world.stranger)
    here = town.item()
    for item in (here, there):
        town.follow(item, town.world.resident)
    town.confirmed(town.world.resident, language="en")
    town.happens(here, TUESDAY)
    town.happens(there, TUESDAY, by=town.world.stranger)
    town.goes(post, TUESDAY)
    assert [one["From"] for one in post.taken] == ["Tanum kommun <svara-inte@127.0.0.1>"]
    assert here.number in text_of(post.taken[0]) and there.number not in text_of(post.taken[0])
    assert post.taken[0]["Content-Language"] == "en"
    town.goes(post, TUESDAY, organisation=town.world.sotenas.id)
    assert there.number in text_of(post.taken[1])


def test_an_address_that_does_not_exist_is_written_to_once_and_its_holder_told(town: Town, post: Post) -> None:
    item = town.item()
    town.follow(item, town.world.resident)
    town.confirmed(town.world.resident, "gone@exempel.example")
    post.answer = lambda to: Outcome("no_such_address", "550 rcpt")
    for hours in (0, 1, 2):
        town.happens(item, TUESDAY + timedelta(hours=hours))
        town.goes(post, TUESDAY + timedelta(hours=hours))
    assert town.states() == [Delivery.BOUNCED]
    with town.world.acting(town.world.resident):
        said = Notification.objects.filter(item=None).get()
        assert said.what.startswith("Din e-postadress tar inte emot mejl")
        assert said.url == "/mina/meddelandeval"
        assert EmailAddress.objects.get().bounced_at == TUESDAY
    assert "tar inte emot mejl" in town.world.client(town.world.resident).get("/meddelanden").content.decode()
    # A new address, confirmed: what happens from now on is told there, and nothing that was before.
    post.answer = lambda to: Outcome("sent", "250")
    later = TUESDAY + timedelta(hours=5)
    town.confirmed(town.world.resident, "ny@exempel.example", at=later)
    town.happens(item, later + timedelta(minutes=1))
    town.goes(post, later + timedelta(minutes=1))
    assert post.to == ["ny@exempel.example"]
    assert text_of(post.taken[0]).count("- Något nytt") == 1


def test_a_refusal_that_passes_is_tried_again_and_given_up_after_three_days(town: Town, post: Post) -> None:
    item = town.item()
    town.follow(item, town.world.resident)
    town.confirmed(town.world.resident, quiet=(0, 0))
    town.happens(item, TUESDAY)
    post.answer = lambda to: Outcome("later", "451 rcpt")
    town.writes(TUESDAY)
    now, tried = TUESDAY, 0
    while now < TUESDAY + timedelta(days=6):
        tried += town.sends(post, now)
        now += timedelta(minutes=5)
    assert tried == 9
    assert town.states() == [Delivery.FAILED]
    with town.world.acting(town.world.owner) as by:
        assert Delivery.objects.get(kind=Delivery.NEWS).answer == "451 rcpt"
        assert retry_failed(by=by, at=now) == 1
    with town.world.acting(town.world.stranger) as by:
        assert retry_failed(by=by, at=now) == 0
    post.answer = lambda to: Outcome("sent", "250")
    town.sends(post, now)
    assert (len(post.taken), town.states()) == (1, [Delivery.SENT])


def test_killed_after_the_server_took_it_the_mail_comes_again_under_the_same_id(town: Town, tmp_path: Path) -> None:
    item = town.item()
    town.follow(item, town.world.resident)
    town.confirmed(town.world.resident)
    town.happens(item, TUESDAY)
    town.writes(TUESDAY)
    with mail_server(tmp_path) as (inbox, server), RealPost(server) as real:
        claimed = delivering.claim(town.tanum, TUESDAY)
        assert claimed is not None and claimed.written is not None
        mail = claimed.written
        assert real.send(mail.message, sender=mail.sender, to=mail.to).fate == "sent"
        # Here it is killed: nobody settles. As long as the claim lasts nobody else sends it; then it is not lost.
        assert delivering.send_mail(town.tanum, lambda: TUESDAY + timedelta(minutes=1), send=Post()) == 0
        after = TUESDAY + delivering.CLAIM
        sent = delivering.send_mail(
            town.tanum, lambda: after, send=lambda mail, sender, to: real.send(mail, sender=sender, to=to)
        )
    assert sent == 1
    assert len(inbox.taken) == 2
    assert len(set(inbox.message_ids())) == 1
    # The one that was thought dead comes back and settles too late: the row is no longer its own.
    delivering.settle(claimed.delivery, Outcome("later", "cut off"), after)
    assert town.states() == [Delivery.SENT]


def test_a_real_server_with_all_its_whims(town: Town, tmp_path: Path) -> None:
    world, item = town.world, town.item()
    who = {"gray-a": world.resident, "gone-b": world.owner, "drop-c": world.colleague, "d": world.stranger}
    for name, actor in who.items():
        town.follow(item, actor)
        town.confirmed(actor, f"{name}@exempel.example")
    town.happens(item, TUESDAY, by=world.owner)
    town.happens(item, TUESDAY, by=world.colleague)  # nobody is told of what she did herself
    with mail_server(tmp_path, security="starttls") as (inbox, server), RealPost(server) as real:
        town.writes(TUESDAY)
        for minutes in (0, 5, 10, 20):
            delivering.send_mail(
                town.tanum,
                lambda: TUESDAY + timedelta(minutes=minutes),  # noqa: B023  called at once
                send=lambda mail, sender, to: real.send(mail, sender=sender, to=to),
            )
    assert sorted(one["To"] for one in inbox.taken) == [
        "d@exempel.example",
        "drop-c@exempel.example",
        "gray-a@exempel.example",
    ]
    assert len(set(inbox.message_ids())) == 3
    assert sorted(town.states()) == [Delivery.BOUNCED, Delivery.SENT, Delivery.SENT, Delivery.SENT]


def test_turned_off_while_it_waited_it_is_never_sent(town: Town, post: Post) -> None:
    item = town.item()
    town.follow(item, town.world.resident)
    left = town.confirmed(town.world.resident)
    town.happens(item, TUESDAY)
    town.writes(TUESDAY)
    with town.world.acting(town.world.resident) as by:
        forget_address(left, by=by)
        assert EmailAddress.objects.count() == 0
    town.sends(post, TUESDAY)
    assert (post.taken, town.states()) == ([], [Delivery.STOPPED])


def test_only_the_sender_of_an_organisation_is_given_its_own_mails(town: Town) -> None:
    item = town.item()
    town.follow(item, town.world.resident)
    town.confirmed(town.world.resident)
    town.happens(item, TUESDAY)
    town.writes(TUESDAY)
    with town.world.acting(town.world.owner):
        delivery = Delivery.objects.get(kind=Delivery.NEWS).id
    functions = (
        ("select address from mail_contents(%s)", [delivery]),
        ("select step from mail_events(%s)", [delivery]),
        ("select mail_bounced(%s, now())", [delivery]),
        ("select address from mail_waiting(%s)", [TUESDAY + timedelta(days=9)]),
        ("select mail_gather('{}', '{}', %s)", [TUESDAY]),
    )
    for who in (town.world.owner, town.world.colleague, town.world.stranger, town.world.resident):
        for asked, values in functions:
            with (
                pytest.raises(DatabaseError, match="not the sender"),
                town.world.acting(who),
                connection.cursor() as cursor,
            ):
                cursor.execute(asked, values)
    for organisation, given in ((town.tanum, 1), (town.world.sotenas.id, 0)):
        with sending_for(organisation), connection.cursor() as cursor:
            cursor.execute("select address from mail_contents(%s)", [delivery])
            assert len(cursor.fetchall()) == given


def test_which_organisations_have_mail_is_asked_without_a_scope(town: Town, post: Post) -> None:
    item = town.item()
    town.follow(item, town.world.resident)
    town.confirmed(town.world.resident)
    assert delivering.owners_with_mail(TUESDAY, unwritten=True) == []
    town.happens(item, TUESDAY)
    assert delivering.owners_with_mail(TUESDAY, unwritten=True) == [town.tanum]
    assert delivering.owners_with_mail(TUESDAY, unwritten=False) == []
    town.writes(TUESDAY)
    assert delivering.owners_with_mail(TUESDAY, unwritten=True) == []
    assert delivering.owners_with_mail(TUESDAY, unwritten=False) == [town.tanum]
    town.sends(post, TUESDAY)
    assert delivering.owners_with_mail(TUESDAY, unwritten=False) == []


def test_without_a_server_mail_waits_and_in_the_example_region_it_is_shown(town: Town, settings: Any) -> None:
    item = town.item()
    town.follow(item, town.world.resident)
    town.confirmed(town.world.resident)
    town.happens(item, TUESDAY)
    town.writes(TUESDAY)
    settings.DEMONSTRATION = False
    assert delivering.send_mail(town.tanum, lambda: TUESDAY) == 0
    assert town.states() == [Delivery.QUEUED]
    settings.DEMONSTRATION = True
    assert delivering.send_mail(town.tanum, lambda: TUESDAY) == 1
    assert town.states() == [Delivery.SENT]


def test_a_signature_with_a_line_end_makes_no_header_of_its_own(town: Town, post: Post) -> None:
    item = town.item()
    town.follow(item, town.world.resident)
    with town.world.acting(town.world.owner) as by:
        sign_mail(by=by, name="Tanum\r\nBcc: alla@x.example", address="hej@tanum.example", language="sv")
    town.confirmed(town.world.resident)
    town.happens(item, TUESDAY)
    town.goes(post, TUESDAY)
    assert post.taken[0]["From"] == '"Tanum Bcc: alla@x.example" <hej@tanum.example>'
    assert post.taken[0]["Bcc"] is None


def test_the_jobs_write_and_send_with_no_transaction_open_meanwhile(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    item, open_scopes = town.item(), []
    town.follow(item, town.world.resident)
    now = timezone.now()
    town.confirmed(town.world.resident, at=now - timedelta(minutes=1), quiet=(0, 0))
    town.happens(item, now)

    def send(organisation: UUID, clock: Callable[[], datetime]) -> int:
        with pytest.raises(NoScope):
            current_scope()
        open_scopes.append(organisation)
        return real(organisation, clock)

    real = delivering.send_mail
    monkeypatch.setattr(delivering, "send_mail", send)
    monkeypatch.setattr("medskick.kernel.jobs.app.close_old_connections", lambda: None)  # it is the test's own
    jobs.write_mail._task.func(organisation=str(town.tanum))
    assert town.states() == [Delivery.QUEUED]
    for made in (jobs.send_mail, jobs.send_mail_now):
        made._task.func(organisation=str(town.tanum))
    assert open_scopes == [town.tanum] * 2
    assert town.states() == [Delivery.SENT]
    jobs.sweep_addresses._task.func(organisation=str(town.tanum))
    with town.world.acting(town.world.resident):
        assert EmailAddress.objects.count() == 1
