"""Sheets of paper: a random code on each, and on its stub the personal trace address that belongs to the code.

Nothing is stored when sheets are printed. The address is derived from the code and the installation's key when the
sheet is typed in, and only hashes are stored then. Printing again gives other codes, so nobody who prints finds the
address of a sheet that somebody else has taken home.
"""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from medskick.kernel.organisations.scope import reader_token
from medskick.kernel.people.encryption import keyed_digest
from medskick.lib.codes import CROCKFORD, SPOKEN, TRACE_LENGTH, group_code, human_code, normalise_code

CODE_LENGTH = 8
MOST_SHEETS = 100


class SheetCodeError(ValueError):
    """The code is not one that stands on a sheet; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its code as printed, and the trace address on its stub."""

    code: str
    address: str

    @property
    def grouped(self) -> str:
        return group_code(self.code)


def new_sheets(session: UUID, count: int) -> list[Sheet]:
    """So many sheets that nobody has seen before."""
    return [_sheet(session, new_code()) for _number in range(min(max(count, 1), MOST_SHEETS))]


def new_code() -> str:
    """A random code whose last letter is a check of the others."""
    body = human_code(CODE_LENGTH - 1)
    return body + _check(body)


def parse_code(text: str) -> str:
    """A typed code in its one form. Errors: SheetCodeError where a letter is wrong or lacking."""
    code = normalise_code(text)
    if len(code) != CODE_LENGTH or _check(code[:-1]) != code[-1]:
        raise SheetCodeError(_("Koden stämmer inte. Läs av den på bladet igen, eller lämna rutan tom."))
    return code


def address_of(session: UUID, code: str) -> str:
    """The personal trace address on the stub of the sheet with this code: 16 characters, 80 bits."""
    bits = int.from_bytes(keyed_digest(b"medskick paper address", f"{session} {code}")[:10])
    return "".join(CROCKFORD[bits >> shift & 31] for shift in range(0, 5 * TRACE_LENGTH, 5)).lower()


def seat_of(session: UUID, code: str) -> UUID:
    """What a sheet is known by in the session: like a phone's device, and nobody's reader token."""
    return reader_token(f"blad {keyed_digest(b'medskick paper seat', f'{session} {code}').hex()}")


def _sheet(session: UUID, code: str) -> Sheet:
    return Sheet(code, address_of(session, code))


def _check(body: str) -> str:
    """Catches any one wrong letter, and most pairs that have changed places."""
    total = sum((place + 1) * SPOKEN.find(letter) for place, letter in enumerate(body))
    return SPOKEN[total % len(SPOKEN)] if all(letter in SPOKEN for letter in body) else ""
