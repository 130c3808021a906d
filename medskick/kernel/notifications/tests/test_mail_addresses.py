"""An address is its holder's alone: left, confirmed, turned off and swept, and read by nobody else by any way."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.db.utils import DatabaseError

from medskick.kernel.log.models import LogEntry
from medskick.kernel.notifications import delivering
from medskick.kernel.notifications.actions import follow
from medskick.kernel.notifications.mail_actions import (
    LinkTooOld,
    address_to_turn_off,
    confirm_address,
    forget_holders,
    leave_address,
    sign_mail,
)
from medskick.kernel.notifications.mail_secrets import confirm_secret, off_secret, sender_token
from medskick.kernel.notifications.models import Delivery, EmailAddress, MailSender
from medskick.kernel.notifications.tests.mailing import TUESDAY, Post, Town, text_of
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.organisations.scope import Scope, reader_token, scope
from medskick.kernel.records.actions import link
from medskick.kernel.records.models import Relation
from medskick.kernel.tasks.actions import owe_answer, settle

SECRET = "0123456789abcdef"


def phone(town: Town) -> Actor:
    return town.world.phone(town.world.tanum)


def leaves_at_a_trace(town: Town, address: str = "anon@exempel.example", **more: Any) -> EmailAddress:
    """What the page of a trace address does: nobody is logged in, and the secret is the holder."""
    more.setdefault("at", TUESDAY)
    with town.world.acting(phone(town)) as by:
        return leave_address(by=by, address=address, holder=reader_token(SECRET), **more)


def confirms(left: EmailAddress, town: Town, **more: Any) -> EmailAddress | None:
    more.setdefault("at", TUESDAY)
    with town.world.acting(phone(town)) as by:
        return confirm_address(confirm_secret(left.id, left.asked_at), by=by, **more)


def read_raw(town: Town, actor: Actor) -> int:
    with town.world.acting(actor), connection.cursor() as cursor:
        cursor.execute("select count(*) from kernel_emailaddress")
        return int(cursor.fetchone()[0])


def test_nobody_but_the_holder_reads_an_address_not_even_encrypted(town: Town) -> None:
    left = leaves_at_a_trace(town)
    confirms(left, town)
    world = town.world
    for actor in (world.owner, world.colleague, world.stranger, world.regional, world.resident, phone(town)):
        assert read_raw(town, actor) == 0
        with world.acting(actor), connection.cursor() as cursor:
            cursor.execute("update kernel_emailaddress set pace = 'never'")
            assert cursor.rowcount == 0
            cursor.execute("delete from kernel_emailaddress")
            assert cursor.rowcount == 0
    with scope(Scope(town.tanum, reach=frozenset({reader_token(SECRET)}))):
        assert EmailAddress.objects.get().address == "anon@exempel.example"
        with connection.cursor() as cursor:
            cursor.execute("select address, * from kernel_emailaddress")
            assert b"anon" not in b"".join(
                bytes(one) for one in cursor.fetchone() if isinstance(one, memoryview | bytes)
            )


def test_no_scope_of_a_person_holds_the_token_of_the_sender(town: Town) -> None:
    world = town.world
    for actor in (world.owner, world.colleague, world.stranger, world.regional, world.resident):
        assert actor.organisation is not None
        assert sender_token(actor.organisation) not in actor.scope().reach


def test_an_address_cannot_be_put_in_somebody_elses_name(town: Town) -> None:
    with town.world.acting(town.world.stranger), pytest.raises(DatabaseError), transaction.atomic():
        EmailAddress(
            holder=town.world.resident.person, held_by="person", address="sten@x.example", off_token=UUID(int=1)
        ).save(force_insert=True)


def test_the_log_does_not_say_whose_phone_it_was(town: Town) -> None:
    with town.world.acting(town.world.owner) as by:
        # Somebody at work who opens her own trace address is nobody in particular there.
        left = leave_address(by=by, address="olle@exempel.example", holder=reader_token(SECRET), at=TUESDAY)
        entry = LogEntry.objects.get(verb="mail.asked")
        assert (entry.person, entry.acting_for, entry.item, entry.references) == (None, None, None, [])
        assert left.held_by == EmailAddress.SECRET
    with town.world.acting(town.world.owner) as by:
        leave_address(by=by, address="olle@exempel.example", at=TUESDAY)
        assert LogEntry.objects.filter(verb="mail.asked", person=by.person).count() == 1


def test_only_the_mail_to_confirm_goes_out_before_it_is_confirmed(town: Town, post: Post) -> None:
    item = town.item()
    with town.world.acting(town.world.owner) as by:
        follow(item, by=by, follower=reader_token(SECRET))
    left = leaves_at_a_trace(town)
    town.happens(item, TUESDAY)
    town.goes(post, TUESDAY)
    (mail,) = post.taken
    assert mail["Subject"] == "Bekräfta att vi får skicka mejl hit"
    assert f"/mejl/bekrafta/{confirm_secret(left.id, left.asked_at)}" in text_of(mail)
    assert SECRET not in mail.as_string()
    confirmed_at = TUESDAY + timedelta(hours=1)
    confirms(left, town, at=confirmed_at)
    town.goes(post, TUESDAY + timedelta(days=30))
    assert len(post.taken) == 1, "what happened before the address was confirmed is not told by mail"


def test_the_link_lasts_48_hours_and_once(town: Town) -> None:
    left = leaves_at_a_trace(town)
    with pytest.raises(LinkTooOld):
        confirms(left, town, at=TUESDAY + timedelta(hours=48, seconds=1))
    done = confirms(left, town, at=TUESDAY + timedelta(hours=48))
    assert done is not None and done.confirmed_at is not None
    assert confirms(left, town) is None


def test_another_address_takes_the_place_of_the_first_at_once_and_its_links_die(town: Town, post: Post) -> None:
    item = town.item()
    with town.world.acting(town.world.owner) as by:
        follow(item, by=by, follower=reader_token(SECRET))
    first = leaves_at_a_trace(town)
    old_secret = confirm_secret(first.id, first.asked_at)
    confirms(first, town)
    later = TUESDAY + timedelta(hours=1)
    second = leaves_at_a_trace(town, "ny@exempel.example", at=later)
    assert (second.id, second.confirmed_at) == (first.id, None)
    with town.world.acting(phone(town)) as by:
        assert confirm_address(old_secret, by=by, at=later) is None
    town.happens(item, later)
    town.goes(post, later)
    assert set(post.to) == {"ny@exempel.example"}
    assert {one["Subject"] for one in post.taken} == {"Bekräfta att vi får skicka mejl hit"}


def test_leaving_the_same_again_changes_nothing(town: Town) -> None:
    left = leaves_at_a_trace(town)
    confirms(left, town)
    again = leaves_at_a_trace(town, " ANON@exempel.example ".lower(), at=TUESDAY + timedelta(days=1))
    assert again.confirmed_at == TUESDAY
    with town.world.acting(town.world.owner):
        assert Delivery.objects.count() == 1


@pytest.mark.parametrize(
    "typed",
    ["", "anon", "anon@", "@x.example", "a@b@", "anon@x.example\r\nBcc: alla@x.example", "anon@x.example, b@y.example",
     "ånna@x.example", "anon@" + "x" * 70 + ".example", "a" * 250 + "@x.example", "anon@x..example", "<a@x.example>"],
)  # fmt: skip
def test_what_is_no_address_is_refused(town: Town, typed: str) -> None:
    with pytest.raises(ValidationError):
        leaves_at_a_trace(town, typed)
    assert read_raw(town, phone(town)) == 0


def test_a_domain_with_swedish_letters_is_written_as_mail_servers_want_it(town: Town) -> None:
    assert leaves_at_a_trace(town, "anon@Åmål.example").address == "anon@xn--ml-xiab.example"


def test_without_anything_to_hold_it_there_is_no_address(town: Town) -> None:
    with town.world.acting(phone(town)) as by, pytest.raises(PermissionDenied):
        leave_address(by=by, address="anon@exempel.example")


def test_it_goes_with_what_it_was_tied_to(town: Town) -> None:
    leaves_at_a_trace(town)
    with town.world.acting(town.world.owner) as by:
        assert forget_holders(by=by, holders=[reader_token("another")]) == 0
        assert forget_holders(by=by, holders=[reader_token(SECRET)]) == 1
    with scope(Scope(town.tanum, reach=frozenset({reader_token(SECRET)}))):
        assert EmailAddress.objects.count() == 0


def there(town: Town, left: EmailAddress) -> bool:
    with town.world.acting(phone(town)):
        return address_to_turn_off(off_secret(left.id)) is not None


def test_it_goes_when_the_chain_ends_and_not_before(town: Town) -> None:
    world, voice = town.world, town.item("Rösten")
    with world.acting(world.owner) as by:
        follow(voice, by=by, follower=reader_token(SECRET))
        owe_answer(voice, by=by, unit=world.unit, what="Svara", url="/")
    left = leaves_at_a_trace(town)
    confirms(left, town)
    long_after = TUESDAY + timedelta(days=500)
    delivering.sweep_addresses(long_after)
    assert there(town, left), "somebody still owes an answer"
    with world.acting(world.owner) as by:
        settle(voice, by=by, relation="owed_answer", at=long_after)
    delivering.sweep_addresses(long_after + timedelta(days=delivering.STILL_DAYS - 1))
    assert there(town, left), "answered, and perhaps more comes of it"
    delivering.sweep_addresses(long_after + timedelta(days=delivering.STILL_DAYS + 1))
    assert not there(town, left)


def test_a_chain_that_led_on_is_waited_for_over_a_year(town: Town) -> None:
    world, voice, need = town.world, town.item("Rösten"), town.item("Behovet")
    with world.acting(world.owner) as by:
        follow(voice, by=by, follower=reader_token(SECRET))
        made = link(by=by, from_item=voice, to_item=need, relation=Relation.GAVE_RISE_TO)
    left = leaves_at_a_trace(town)
    confirms(left, town)
    delivering.sweep_addresses(made.at + timedelta(days=delivering.LONG_STILL_DAYS - 1))
    assert there(town, left)
    delivering.sweep_addresses(made.at + timedelta(days=delivering.LONG_STILL_DAYS + 1))
    assert not there(town, left)


def test_it_goes_on_its_last_day_unconfirmed_after_a_week_and_a_persons_stays(town: Town) -> None:
    world = town.world
    unconfirmed = leaves_at_a_trace(town)
    delivering.sweep_addresses(TUESDAY + timedelta(days=8))
    assert not there(town, unconfirmed)
    bounded = leaves_at_a_trace(town, kept_until=(TUESDAY + timedelta(days=20)).date())
    confirms(bounded, town)
    own = town.confirmed(world.resident)
    delivering.sweep_addresses(TUESDAY + timedelta(days=20))
    assert there(town, bounded)
    delivering.sweep_addresses(TUESDAY + timedelta(days=21))
    assert not there(town, bounded)
    longest = leaves_at_a_trace(town)
    confirms(longest, town)
    delivering.sweep_addresses(TUESDAY + timedelta(days=729))
    assert there(town, longest)
    delivering.sweep_addresses(TUESDAY + timedelta(days=1500))
    assert not there(town, longest)
    assert there(town, own)


def test_the_administrator_signs_for_her_own_organisation_only(town: Town) -> None:
    with town.world.acting(town.world.owner) as by:
        sign_mail(by=by, name="Tanum", address="hej@tanum.example", language="sv")
        sign_mail(by=by, name="Tanums kommun", address="svar@tanum.example", language="en")
        assert [(one.name, one.address) for one in MailSender.objects.all()] == [
            ("Tanums kommun", "svar@tanum.example")
        ]
    with town.world.acting(town.world.stranger):
        assert MailSender.objects.count() == 0
    with town.world.acting(town.world.resident) as by, pytest.raises(PermissionDenied):
        sign_mail(by=by, name="Tanum", address="hej@tanum.example", language="sv")
