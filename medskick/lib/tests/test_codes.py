import os
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medskick.lib import codes


def test_spoken_codes_have_no_vowels_and_no_letters_that_look_like_digits():
    assert len(codes.SPOKEN) == 29
    assert not set(codes.SPOKEN) & set("AEIOUYL")
    made = [codes.human_code(10) for _ in range(200)]
    assert len(set(made)) == 200
    assert all(len(code) == 10 and set(code) <= set(codes.SPOKEN) for code in made)


def test_a_code_that_was_misread_is_still_understood():
    assert codes.normalise_code(" 7kq2-wOiL ") == "7KQ2W011"
    assert codes.group_code("7KQ2WBX9") == "7KQ2-WBX9"
    assert codes.normalise_code(codes.group_code("7KQ2WBX9")) == "7KQ2WBX9"


def test_join_codes_are_four_digits_that_nobody_else_has():
    taken = set()
    for _ in range(500):
        taken.add(codes.join_code(taken))
    assert len(taken) == 500
    assert all(len(code) == 4 and code.isdigit() and code[0] != "0" and len(set(code)) > 1 for code in taken)


def test_the_last_free_join_code_is_found_and_then_there_are_none():
    every = {f"{number:04d}" for number in range(1000, 10000)}
    assert codes.join_code(every - {"4729"}) == "4729"
    with pytest.raises(LookupError, match="taken"):
        codes.join_code(every)


def test_a_trace_address_holds_eighty_bits_and_survives_being_typed():
    made = [codes.trace_address() for _ in range(2000)]
    assert len(set(made)) == 2000
    assert all(len(address) == 16 for address in made)
    for place in range(16):  # every place uses all 32 characters: 16 x 5 bits
        assert {address[place] for address in made} == set(codes.CROCKFORD.lower())
    assert codes.parse_trace_address(codes.group_code(made[0]).upper()) == made[0]
    for bad in ("", "abc", made[0] + "0", "u" * 16):
        with pytest.raises(ValueError, match="16 bokstäver och siffror"):
            codes.parse_trace_address(bad)


def test_a_device_token_has_128_bits():
    assert len(bytes.fromhex(codes.device_token())) == 16
    assert codes.device_token() != codes.device_token()


@given(st.text(), st.text())
def test_secrets_are_equal_when_the_texts_are(one, other):
    try:
        assert codes.same_secret(one, other) == (one == other)
        assert codes.same_secret(one, one)
    except UnicodeEncodeError:
        assert any("\ud800" <= letter <= "\udfff" for letter in one + other)


def test_an_id_is_a_version_7_uuid_of_now():
    before = time.time_ns() // 1_000_000
    made = codes.new_id()
    after = time.time_ns() // 1_000_000
    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert before <= made.int >> 80 <= after + 1


def test_ids_grow_and_never_repeat_also_between_threads():
    def make(_: int) -> list[uuid.UUID]:
        return [codes.new_id() for _ in range(2000)]

    with ThreadPoolExecutor(8) as pool:
        runs = list(pool.map(make, range(8)))
    assert all(run == sorted(run) for run in runs)
    assert len({made for run in runs for made in run}) == 16_000


def test_ids_grow_though_the_clock_steps_back_or_the_counter_is_full(monkeypatch):
    clock = codes._Uuid7Clock()
    moments = iter([2_000_000_000, 1_000_000_000, 1_000_000_000, 1_000_000_000])
    monkeypatch.setattr(codes.time, "time_ns", lambda: next(moments))
    first, second = clock.next(), clock.next()
    assert first[0] == second[0] == 2000
    assert second == (2000, first[1] + 1)
    clock._counter = (1 << 42) - 1
    third, fourth = clock.next(), clock.next()
    assert third[0] == 2001
    assert third < fourth


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_child_process_starts_its_own_counter():
    codes.new_id()
    parent_clock = codes._clock
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writer, b"new" if codes._clock is not parent_clock else b"old")
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(reader, 3) == b"new"
    os.close(reader)
    os.close(writer)
