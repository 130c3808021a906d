"""Personal data at rest: nothing in clear, nothing changed unseen, and found without being stored in clear."""

from datetime import date

import pytest
from cryptography.exceptions import InvalidTag
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from medskick.kernel.organisations.scope import Scope, scope
from medskick.kernel.people.actions import make_known
from medskick.kernel.people.encryption import blind_index, decrypt, encrypt, keyed_digest
from medskick.kernel.people.models import Person, PersonalNumber
from medskick.kernel.tests.world import World
from medskick.lib.personal_number import example_number

NAME = "Gunvor Hemlighetsson"


@given(st.text())
def test_what_is_encrypted_comes_back(text: str) -> None:
    assert decrypt(encrypt(text)) == text


def test_the_same_text_never_looks_the_same_twice() -> None:
    assert encrypt(NAME) != encrypt(NAME)


@pytest.mark.parametrize("place", [0, 1, 12, 13, 20, -1])
def test_a_changed_byte_is_found_out(place: int) -> None:
    data = bytearray(encrypt(NAME))
    data[place] ^= 1
    with pytest.raises(InvalidTag):
        decrypt(bytes(data))


def test_the_blind_index_is_keyed_and_each_purpose_has_a_key_of_its_own() -> None:
    assert blind_index("199001159804") == blind_index("199001159804")
    assert blind_index("199001159804") != blind_index("199001159805")
    assert keyed_digest(b"throttle", "a") != keyed_digest(b"blind index", "a")


def test_neither_name_nor_number_stands_in_the_database_in_clear(world: World) -> None:
    number = example_number(date(1990, 1, 15), 981).number12
    with scope(Scope(world.tanum.id)):
        person = make_known(name=NAME, number=number)
        with connection.cursor() as cursor:
            cursor.execute("select name from kernel_person where id = %s", [person.id])
            name = bytes(cursor.fetchone()[0])
            cursor.execute('select number, "index" from kernel_personalnumber where person_id = %s', [person.id])
            stored, index = (bytes(one) for one in cursor.fetchone())
        assert Person.objects.get(id=person.id).name == NAME
        assert PersonalNumber.objects.get(person=person).number == number
    assert b"Gunvor" not in name
    assert number.encode() not in stored + index


def test_a_name_changed_behind_our_back_is_refused(world: World) -> None:
    with scope(Scope(world.tanum.id)):
        person = make_known(name=NAME)
        with connection.cursor() as cursor:
            cursor.execute("update kernel_person set name = set_byte(name, 15, 0) where id = %s", [person.id])
        with pytest.raises(InvalidTag):
            Person.objects.get(id=person.id)


def test_a_resident_s_name_is_read_by_nobody_who_has_no_part_in_her_case(world: World) -> None:
    with scope(Scope(world.tanum.id)):
        person = make_known(name=NAME, readers=[world.owner.person])
    seen = {}
    for reader in ("owner", "colleague", "stranger", "resident"):
        with world.acting(getattr(world, reader)):
            seen[reader] = Person.objects.filter(id=person.id).exists()
    assert seen == {"owner": True, "colleague": False, "stranger": False, "resident": False}
