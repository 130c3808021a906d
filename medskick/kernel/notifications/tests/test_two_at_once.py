"""Two workers on one queue, and one that is killed for real: each mail goes out once, and none is lost."""

import os
import signal
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, connections

from medskick.kernel.notifications import delivering
from medskick.kernel.notifications.models import Delivery
from medskick.kernel.notifications.smtp import Outcome
from medskick.kernel.notifications.tests.mailing import TUESDAY, Post, Town
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.organisations.scope import reader_token
from medskick.kernel.tests.world import make_world

MANY = 12

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def busy(transactional_db: None) -> Town:
    """Twelve phones that are to be told the same thing."""
    town = Town(make_world())
    item = town.item()
    for number in range(MANY):
        device = reader_token(f"phone {number}")
        phone = Actor(kind="device", organisation=town.tanum, device=device, channel="phone")
        town.follow(item, phone)
        town.confirmed(phone, f"nr{number}@exempel.example")
    town.happens(item, TUESDAY)
    return town


def test_two_workers_share_the_queue(busy: Town) -> None:
    posts, written = [Post(), Post()], []
    together = threading.Barrier(2)

    def work(post: Post) -> None:
        try:
            together.wait(20)
            written.append(delivering.write_mail(busy.tanum, TUESDAY))
            together.wait(20)
            delivering.send_mail(busy.tanum, lambda: TUESDAY, send=post)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work, args=(post,)) for post in posts]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert sorted(written) == [0, MANY]
    sent = sorted(posts[0].to + posts[1].to)
    assert sent == sorted(f"nr{number}@exempel.example" for number in range(MANY))
    assert busy.states() == [Delivery.SENT] * MANY


def test_a_worker_killed_in_the_middle_loses_nothing_and_repeats_at_most_its_last(busy: Town, tmp_path: Path) -> None:
    delivering.write_mail(busy.tanum, TUESDAY)
    taken = tmp_path / "taken"
    connections.close_all()
    child = os.fork()
    if child == 0:  # a worker of its own, that dies without a word after the server has taken its fifth mail
        connection.connection = None

        def send(message: object, sender: str, to: str) -> Outcome:
            with taken.open("a") as book:
                book.write(f"{message['Message-ID']} {to}\n")  # type: ignore[index]
            if len(taken.read_text().splitlines()) == 5:
                os.kill(os.getpid(), signal.SIGKILL)
            return Outcome("sent", "250")

        try:
            delivering.send_mail(busy.tanum, lambda: TUESDAY, send=send)
        finally:
            os._exit(1)
    _pid, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    before = [line.split() for line in taken.read_text().splitlines()]
    post = Post()
    delivering.send_mail(busy.tanum, lambda: TUESDAY + timedelta(minutes=1), send=post)
    assert len(post.to) == MANY - 5, "what the dead one had claimed waits until the claim runs out"
    delivering.send_mail(busy.tanum, lambda: TUESDAY + delivering.CLAIM, send=post)
    everything = [tuple(one) for one in before] + [
        (mail["Message-ID"], to) for mail, to in zip(post.taken, post.to, strict=True)
    ]
    assert len(everything) == MANY + 1
    assert {to for _id, to in everything} == {f"nr{number}@exempel.example" for number in range(MANY)}
    assert len(set(everything)) == MANY, "the one that came twice came under the same Message-ID"
    assert busy.states() == [Delivery.SENT] * MANY
