"""The private address of a case sent without log-in.

It is derived from the form's own key and its answers with a secret of the server: the same form sent twice gives the
same address, and the database, which holds only the hash of each, gives it to nobody.
"""

import hashlib
from uuid import UUID

from medskick.kernel.organisations.scope import reader_token
from medskick.kernel.people.encryption import keyed_digest
from medskick.lib.codes import CROCKFORD, TRACE_LENGTH


def key_of(submission_key: UUID | str, answers: str) -> str:
    """One value for one form with these answers; changed answers in the same form are something new."""
    return hashlib.sha256(f"{submission_key}\n{answers}".encode()).hexdigest()


def stored_key(key: str) -> UUID:
    """What is stored of the key: enough to know it again, not enough to make the address of it."""
    return reader_token(f"case submission {key}")


def address_of(key: str) -> str:
    """The 16 characters, 80 bits, that the sender keeps."""
    bits = int.from_bytes(keyed_digest(b"case address", key)[:10])
    return "".join(CROCKFORD[bits >> shift & 31] for shift in range(0, 5 * TRACE_LENGTH, 5)).lower()
