"""Codes for people and machines: human codes, join codes, trace addresses and time-ordered ids.

Pure functions without Django. All randomness is from the operating system (`secrets`).
"""

import hmac
import os
import re
import secrets
import threading
import time
import uuid
from collections.abc import Container

# Crockford's base 32: no I, L, O or U. 16 characters hold exactly 80 bits.
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
# For codes that are read aloud and printed large: also without vowels, so that no code is a word.
SPOKEN = "".join(letter for letter in CROCKFORD if letter not in "AEY")

TRACE_LENGTH = 16
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})
_TRACE = re.compile(f"[{CROCKFORD.lower()}]{{{TRACE_LENGTH}}}")
_JOIN_CODES = tuple(code for code in (f"{number:04d}" for number in range(1000, 10000)) if len(set(code)) > 1)


def human_code(length: int = 8) -> str:
    """Return a random code that is safe to read aloud, e.g. "7KQ2WBX9" (4.86 bits a character)."""
    return "".join(secrets.choice(SPOKEN) for _ in range(length))


def normalise_code(text: str) -> str:
    """Return a typed code in its stored form: capitals, no spaces or hyphens, O read as 0, I and L as 1."""
    return re.sub(r"[\s-]", "", text).upper().translate(_MISREAD)


def group_code(code: str, size: int = 4) -> str:
    """Return the code in groups for print: "7KQ2WBX9" -> "7KQ2-WBX9"."""
    return "-".join(code[start : start + size] for start in range(0, len(code), size))


def join_code(taken: Container[str] = ()) -> str:
    """Return a random four-digit code to join a session, 1000-9999, not all digits alike, not in `taken`.

    Four digits can be guessed: they open only what anyone in the room may join.
    Errors: LookupError when every code is taken.
    """
    for _ in range(50):
        code = secrets.choice(_JOIN_CODES)
        if code not in taken:
            return code
    free = [code for code in _JOIN_CODES if code not in taken]
    if not free:
        raise LookupError("every four-digit code is taken")
    return secrets.choice(free)


def trace_address() -> str:
    """Return 16 lower-case characters of 80 random bits: whoever holds them may read a voice's trace."""
    bits = secrets.randbits(5 * TRACE_LENGTH)
    return "".join(CROCKFORD[bits >> shift & 31] for shift in range(0, 5 * TRACE_LENGTH, 5)).lower()


def parse_trace_address(text: str) -> str:
    """Return a typed trace address in its one form. Errors: ValueError in plain Swedish."""
    address = normalise_code(text).lower()
    if not _TRACE.fullmatch(address):
        raise ValueError(f"Spåradressen ska ha {TRACE_LENGTH} bokstäver och siffror. Kontrollera att alla är med.")
    return address


def device_token() -> str:
    """Return a random 128-bit token as 32 hexadecimal digits, for the cookie of an anonymous phone."""
    return secrets.token_hex(16)


def same_secret(one: str, other: str) -> bool:
    """Are the two texts equal? Takes the same time wherever they differ, so that nothing can be measured."""
    return hmac.compare_digest(one.encode(), other.encode())


class _Uuid7Clock:
    """Gives (millisecond, counter) pairs that only grow within the process.

    RFC 9562, section 6.2, method 1: a counter of 42 bits after the millisecond, begun at a random value with
    its top bit clear in each new millisecond and raised by one within it. When the clock steps
    back the last millisecond is kept; when the counter is full the millisecond is raised.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._millisecond = -1
        self._counter = 0

    def next(self) -> tuple[int, int]:
        with self._lock:
            now = time.time_ns() // 1_000_000
            if now > self._millisecond:
                self._millisecond, self._counter = now, secrets.randbits(41)
            else:
                self._counter += 1
                if self._counter >> 42:
                    self._millisecond, self._counter = self._millisecond + 1, secrets.randbits(41)
            return self._millisecond, self._counter


_clock = _Uuid7Clock()


def _start_new_clock() -> None:
    """After a fork the child must neither repeat its parent's counter nor inherit a held lock."""
    global _clock
    _clock = _Uuid7Clock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_start_new_clock)


def new_id() -> uuid.UUID:
    """Return a UUID version 7 (RFC 9562): ordered by time, strictly growing within the process, thread-safe.

    Python has uuid.uuid7 only from 3.14; this is used everywhere so that all ids are made alike.
    """
    millisecond, counter = _clock.next()
    value = (millisecond & (1 << 48) - 1) << 80 | 0x7 << 76 | (counter >> 30) << 64
    return uuid.UUID(int=value | 0b10 << 62 | (counter & (1 << 30) - 1) << 32 | secrets.randbits(32))
