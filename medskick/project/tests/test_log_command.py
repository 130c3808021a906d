"""medskick log verify and seal: plain sentences, and a code that a watch can act on."""

import os
from argparse import Namespace

import psycopg
import pytest

from medskick.kernel.organisations import places
from medskick.kernel.records.actions import create_item
from medskick.kernel.tests.world import make_world, wait_for_open_transactions
from medskick.project.commands import log

pytestmark = pytest.mark.django_db(transaction=True)


def test_it_says_what_holds_and_what_does_not(capsys: pytest.CaptureFixture[str]) -> None:
    world = make_world()
    with world.acting(world.owner):
        create_item(by=world.owner, kind="kernel.document", title="Ett")
    wait_for_open_transactions()
    assert log.run(Namespace(what="seal")) == 0
    assert "Tanum kommun: seal 1 over " in capsys.readouterr().out
    assert log.run(Namespace(what="seal")) == 0
    assert "Tanum kommun: nothing new to seal." in capsys.readouterr().out
    assert log.run(Namespace(what="verify")) == 0
    said = capsys.readouterr().out
    assert said.count("under 1 seals, all whole; 0 not sealed yet.") == 3
    assert said.count("last seal: ") == 3

    with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as owner:
        owner.execute("alter table kernel_logentry disable trigger user, no force row level security")
        owner.execute("update kernel_logentry set verb = 'x' where verb = 'kernel.document.created'")
    assert log.run(Namespace(what="verify")) == 1
    said = capsys.readouterr().out
    assert "Tanum kommun: seal 1 does not hold: a row under it has been changed." in said
    assert "Sotenäs kommun: " in said


def test_an_empty_installation_is_no_fault(capsys: pytest.CaptureFixture[str]) -> None:
    places.forget()
    assert log.run(Namespace(what="verify")) == 0
    assert "no organisations yet" in capsys.readouterr().out
