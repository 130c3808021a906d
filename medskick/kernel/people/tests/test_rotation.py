"""Changing keys: every encrypted column is found, log-in works all the time, and a kill in the middle loses nothing."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import connection, connections

from medskick.kernel.organisations.scope import Scope, scope
from medskick.kernel.people import encryption, rotation
from medskick.kernel.people.actions import make_known
from medskick.kernel.people.models import Person, PersonalNumber
from medskick.kernel.people.queries import find_person_by_number
from medskick.kernel.tests.world import World, make_world
from medskick.lib.personal_number import example_number

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

ROOT = Path(__file__).resolve().parents[4]
OLD, NEW = "the old secret of the tests", "the new secret of the tests"
MANY = 40
NUMBERS = [
    example_number(date(1950, 1, 1 + number % 28), 980 if number < 28 else 238).number12 for number in range(MANY)
]


def use(settings: Any, current: str, *old: str) -> None:
    settings.PERSONAL_DATA_KEY, settings.PERSONAL_DATA_OLD_KEYS = current, old


@pytest.fixture
def kept(transactional_db: None, settings: Any) -> Iterator[World]:
    """Forty residents with numbers, written with the old key, committed so that the owner's connection sees them."""
    use(settings, OLD)
    world = make_world()
    with scope(Scope(world.tanum.id)):
        for number, twelve in enumerate(NUMBERS):
            make_known(name=f"Invånare {number}", number=twelve)
    yield world
    connections["owner"].close()


def everybody(world: World) -> dict[str, str]:
    """Name by personal number, found and read as a log-in does."""
    found = {}
    for number in NUMBERS:
        person = find_person_by_number(number)
        assert person is not None
        with scope(Scope(world.tanum.id, reach=frozenset({person}))):
            assert PersonalNumber.objects.get(person=person).number == number
            found[number] = Person.objects.get(id=person).name
    return found


def test_every_encrypted_column_is_found() -> None:
    found = {str(column) for column in rotation.columns()}
    assert {"kernel_person.name", "kernel_personalnumber.number", "kernel_storedfile.name"} <= found
    assert {"services_case.answers", "services_casestep.reason", "dialog_participant.called"} <= found


def test_half_way_and_at_the_end_everybody_is_found_and_then_the_old_key_can_go(kept: World, settings: Any) -> None:
    before = everybody(kept)
    use(settings, NEW, OLD)
    assert everybody(kept) == before
    waiting = {str(column): count for column, count in rotation.waiting().items() if count}
    assert waiting["kernel_personalnumber.number"] == MANY
    assert waiting["kernel_person.name"] >= MANY
    list(islice(rotation.rotate(batch=7), 9))  # left in the middle
    half = {str(column): count for column, count in rotation.waiting().items() if count}
    assert 0 < sum(half.values()) < sum(waiting.values())
    assert everybody(kept) == before
    with scope(Scope(kept.tanum.id)):
        newcomer = make_known(name="Ny", number=example_number(date(1999, 9, 9), 239).number12)
    for _progress in rotation.rotate(batch=7):
        pass
    assert not any(rotation.waiting().values())
    use(settings, NEW)
    assert everybody(kept) == before
    with scope(Scope(kept.tanum.id, reach=frozenset({newcomer.id}))):
        assert Person.objects.get(id=newcomer.id).name == "Ny"
    use(settings, OLD)
    with scope(Scope(kept.tanum.id, reach=frozenset({newcomer.id}))), pytest.raises(InvalidTag):
        Person.objects.get(id=newcomer.id)


def test_without_the_old_key_nothing_is_read_and_nothing_spoilt(kept: World, settings: Any) -> None:
    before = everybody(kept)
    use(settings, NEW)
    with pytest.raises(InvalidTag):
        list(rotation.rotate())
    use(settings, OLD)
    assert everybody(kept) == before


ROTATE = """
import django, sys, time
django.setup()
from medskick.kernel.people import rotation
for progress in rotation.rotate(batch=1):
    print(progress.written, flush=True)
    time.sleep(0.05)
"""


def test_killed_in_the_middle_it_goes_on_where_it_was(kept: World, settings: Any) -> None:
    before = everybody(kept)
    keys = {"MEDSKICK_PERSONAL_DATA_KEY": NEW, "MEDSKICK_PERSONAL_DATA_OLD_KEYS": OLD}
    process = subprocess.Popen([sys.executable, "-c", ROTATE], cwd=ROOT, env=os.environ | keys, stdout=subprocess.PIPE)
    assert process.stdout is not None
    for _line in range(5):
        assert process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    process.wait()
    time.sleep(0.1)
    use(settings, NEW, OLD)
    left = sum(rotation.waiting().values())
    assert left > 0
    assert everybody(kept) == before
    written = sum(1 for _progress in rotation.rotate(batch=1))
    assert written == left
    use(settings, NEW)
    assert everybody(kept) == before


def test_a_value_from_before_keys_had_names_is_read_and_written_anew(kept: World, settings: Any) -> None:
    nonce = os.urandom(12)
    nameless = b"\x01" + nonce + AESGCM(encryption._derived(b"fields", OLD)).encrypt(nonce, b"Forna Fia", b"\x01")
    assert encryption.decrypt(nameless) == "Forna Fia"
    with scope(Scope(kept.tanum.id)):
        person = make_known(name="x")
        with connection.cursor() as cursor:
            cursor.execute("update kernel_person set name = %s where id = %s", [nameless, person.id])
    use(settings, NEW, "a third secret", OLD)
    list(rotation.rotate())
    use(settings, NEW)
    with scope(Scope(kept.tanum.id, reach=frozenset({person.id}))):
        assert Person.objects.get(id=person.id).name == "Forna Fia"


def test_a_value_says_which_key_wrote_it_and_nothing_of_the_key(settings: Any) -> None:
    use(settings, NEW, OLD)
    value = encryption.encrypt("x")
    assert value.startswith(encryption.current_head())
    assert NEW.encode() not in value
    use(settings, OLD, NEW)
    assert not value.startswith(encryption.current_head())
    assert encryption.decrypt(value) == "x"
    changed = encryption.current_head() + value[5:]
    with pytest.raises(InvalidTag):
        encryption.decrypt(changed)


def test_the_app_role_gains_nothing(kept: World) -> None:
    """What rotates is a role that the app cannot take."""
    with pytest.raises(Exception, match="permission denied"), connection.cursor() as cursor:
        cursor.execute("set role medskick_search")
