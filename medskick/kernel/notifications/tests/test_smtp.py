"""Handing in mail to a real server: what each of its answers means, and what happens when there is none."""

import socket
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from medskick.kernel.notifications.smtp import MailServer, Outcome, Post, read_url
from medskick.kernel.notifications.tests.mail_server import mail_server


def a_mail(number: int = 1) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "svara-inte@tanum.example", "x@exempel.example", "Något nytt å ä ö"
    mail["Message-ID"] = f"<{number}@tanum.example>"
    mail.set_content("Ett steg å ä ö\n.\nen punkt ensam på en rad\n")
    return mail


def send(server: MailServer, to: str, **more: Any) -> Outcome:
    with Post(server, **more) as post:
        return post.send(a_mail(), sender="svara-inte@tanum.example", to=to)


@pytest.mark.parametrize("security", ["plain", "starttls", "tls"])
def test_a_mail_comes_through_whole(tmp_path: Path, security: str) -> None:
    with mail_server(tmp_path, security=security) as (inbox, server):
        assert send(server, "eva@exempel.example") == Outcome("sent", "250")
    assert inbox.encrypted == [security != "plain"]
    assert inbox.taken[0]["Subject"] == "Något nytt å ä ö"
    assert inbox.taken[0].get_content().replace("\r\n", "\n") == "Ett steg å ä ö\n.\nen punkt ensam på en rad\n"


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_server_whose_certificate_nobody_vouches_for_is_given_nothing(tmp_path: Path, security: str) -> None:
    with mail_server(tmp_path, security=security) as (inbox, server):
        untrusted = MailServer(server.host, server.port, server.security)
        assert send(untrusted, "eva@exempel.example") == Outcome("later", "tls")
    assert inbox.taken == []
    assert inbox.seen == []


def test_a_server_that_offers_no_encryption_is_given_nothing(tmp_path: Path) -> None:
    with mail_server(tmp_path) as (inbox, server):
        asked = MailServer(server.host, server.port, "starttls", "medskick", "hemligt")
        assert send(asked, "eva@exempel.example") == Outcome("later", "no tls")
    assert inbox.seen == []


def test_the_password_is_used_and_a_wrong_one_is_tried_later(tmp_path: Path) -> None:
    with mail_server(tmp_path, security="starttls", password="rätt-lösen".encode().hex()) as (inbox, server):
        assert send(server, "eva@exempel.example").fate == "sent"
        wrong = MailServer(server.host, server.port, server.security, server.user, "fel", server.ca)
        assert send(wrong, "eva@exempel.example") == Outcome("later", "535 server")
    assert len(inbox.taken) == 1


@pytest.mark.parametrize(
    ("to", "outcome"),
    [
        ("gray-eva@exempel.example", Outcome("later", "451 rcpt")),
        ("full-eva@exempel.example", Outcome("later", "452 rcpt")),
        ("gone-eva@exempel.example", Outcome("no_such_address", "550 rcpt")),
        ("policy-eva@exempel.example", Outcome("refused", "550 rcpt")),
        ("spam-eva@exempel.example", Outcome("refused", "554 data")),
        ("drop-eva@exempel.example", Outcome("later", "cut off")),
    ],
)
def test_each_refusal_is_what_it_is_and_names_nobody(tmp_path: Path, to: str, outcome: Outcome) -> None:
    with mail_server(tmp_path) as (inbox, server):
        assert send(server, to) == outcome
        assert inbox.taken == []
        again = send(server, to)
        assert (again.fate == "sent") == to.startswith(("gray-", "drop-"))


def test_a_server_that_refuses_our_own_sender_says_nothing_of_the_recipient(tmp_path: Path) -> None:
    with mail_server(tmp_path) as (inbox, server):
        inbox.refusing_senders = True
        assert send(server, "eva@exempel.example") == Outcome("later", "550 from")


def test_a_slow_server_is_waited_for_only_so_long(tmp_path: Path) -> None:
    with mail_server(tmp_path) as (_inbox, server):
        assert send(server, "slow-eva@exempel.example", seconds=0.3) == Outcome("later", "timeout")
        assert send(server, "slow-eva@exempel.example", seconds=20).fate == "sent"


def test_where_nothing_listens_it_is_tried_later() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    assert send(MailServer("127.0.0.1", port, "plain"), "eva@exempel.example") == Outcome("later", "no connection")


def test_one_connection_serves_several_and_a_bad_one_between_them(tmp_path: Path) -> None:
    with mail_server(tmp_path) as (inbox, server), Post(server) as post:
        fates = [
            post.send(a_mail(number), sender="svara-inte@tanum.example", to=to).fate
            for number, to in enumerate(("a@x.example", "gone-b@x.example", "drop-c@x.example", "d@x.example"))
        ]
    assert fates == ["sent", "no_such_address", "later", "sent"]
    assert inbox.message_ids() == ["<0@tanum.example>", "<3@tanum.example>"]


def test_the_address_of_the_server_is_read() -> None:
    assert read_url("smtp://medskick:l%40sen@post.tanum.example") == MailServer(
        "post.tanum.example", 587, "starttls", "medskick", "l@sen"
    )
    assert read_url("smtps://post.tanum.example:4650?ca=/etc/ca.pem") == MailServer(
        "post.tanum.example", 4650, "tls", ca="/etc/ca.pem"
    )
    assert read_url("smtp+plain://127.0.0.1") == MailServer("127.0.0.1", 25, "plain")


@pytest.mark.parametrize("url", ["smtp+plain://post.tanum.example", "http://post.tanum.example", "smtp://", "post"])
def test_an_address_that_is_unsafe_or_none_is_refused(url: str) -> None:
    with pytest.raises(ValueError):
        read_url(url)
