"""The private address of a case sent without log-in: kernel/people/private_address.py under this engine's purpose."""

from uuid import UUID

from medskick.kernel.people import private_address
from medskick.kernel.people.private_address import key_of

PURPOSE = "case"


def stored_key(key: str) -> UUID:
    return private_address.stored_key(PURPOSE, key)


def address_of(key: str) -> str:
    return private_address.address_of(PURPOSE, key)


__all__ = ["address_of", "key_of", "stored_key"]
