"""The private address of a case: kernel/people/private_address.py under this engine's purpose.

It is given for what is sent without log-in, and to somebody who is helped and cannot log in herself.
"""

from uuid import UUID

from medskick.kernel.people import private_address

PURPOSE = "case"


def key_of(submission_key: UUID | str, sender: UUID | None, answers: str) -> str:
    """One value for one form of one sender with these answers, as they are stored."""
    return private_address.key_of(f"{submission_key} {sender or ''}", answers)


def stored_key(key: str) -> UUID:
    return private_address.stored_key(PURPOSE, key)


def address_of(key: str) -> str:
    return private_address.address_of(PURPOSE, key)


__all__ = ["address_of", "key_of", "stored_key"]
