"""Personal data at rest: AES-GCM fields, and a keyed blind index to find a personal number without storing it in clear.

Keys are derived (HKDF) from secrets in the environment. MEDSKICK_PERSONAL_DATA_KEY is what is written with; beside it
every key in MEDSKICK_PERSONAL_DATA_OLD_KEYS still reads, until `medskick keys rotate` has written all anew.

A value is: one byte of version, four bytes that say which key (nothing of the key itself), a nonce of twelve, and the
ciphertext with its tag; version and key are authenticated with it. Version 1, from before keys had names, has none.
"""

import hashlib
import hmac
import os
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import models

NAMELESS, NAMED = b"\x01", b"\x02"
NONCE, NAME = 12, 4


def keys() -> tuple[str, ...]:
    """The secrets that read: the one that writes first, then the old ones."""
    return (settings.PERSONAL_DATA_KEY, *settings.PERSONAL_DATA_OLD_KEYS)


def current_head() -> bytes:
    """What a value begins with that was written with the current key; any other value waits to be written anew."""
    return _head(settings.PERSONAL_DATA_KEY)


def encrypt(text: str) -> bytes:
    return encrypt_bytes(text.encode())


def decrypt(data: bytes) -> str:
    """Raise cryptography.exceptions.InvalidTag where the data was changed, or none of our keys wrote it."""
    return decrypt_bytes(data).decode()


def encrypt_bytes(content: bytes) -> bytes:
    head, nonce = current_head(), os.urandom(NONCE)
    return head + nonce + AESGCM(_derived(b"fields", settings.PERSONAL_DATA_KEY)).encrypt(nonce, content, head)


def decrypt_bytes(data: bytes) -> bytes:
    """As decrypt, for what is not text."""
    head = data[: 1 + NAME] if data[:1] == NAMED else data[:1]
    # A value without a name may be of any key; one with a name is of that key, and never tried with another.
    for key in [one for one in keys() if head in (NAMELESS, _head(one))]:
        try:
            return _opened(data, head, key)
        except InvalidTag:
            continue
    raise InvalidTag


def blind_index(value: str) -> bytes:
    """A keyed digest: equal values give equal digests, and without the key nobody can try them all out."""
    return keyed_digest(b"blind index", value)


def blind_indexes(value: str) -> list[bytes]:
    """The digests of a value under every key that reads: while keys are changed, a row is found under either."""
    return [_digest(b"blind index", value, key) for key in keys()]


def keyed_digest(purpose: bytes, value: str) -> bytes:
    """32 bytes that stand for `value`, under a key of its own for each purpose."""
    return _digest(purpose, value, settings.PERSONAL_DATA_KEY)


def _digest(purpose: bytes, value: str, key: str) -> bytes:
    return hmac.new(_derived(purpose, key), value.encode(), hashlib.sha256).digest()


def _opened(data: bytes, head: bytes, key: str) -> bytes:
    start = len(head)
    nonce, content = data[start : start + NONCE], data[start + NONCE :]
    if len(nonce) < NONCE:
        raise InvalidTag
    return AESGCM(_derived(b"fields", key)).decrypt(nonce, content, head)


@lru_cache(maxsize=64)
def _head(key: str) -> bytes:
    return NAMED + _derived(b"key name", key)[:NAME]


@lru_cache(maxsize=64)
def _derived(purpose: bytes, key: str) -> bytes:
    kdf = HKDF(algorithm=hashes.SHA256(), length=32, salt=b"medskick", info=purpose)
    return kdf.derive(key.encode())


class EncryptedText(models.BinaryField):
    """Text that is encrypted in the database and plain in Python. It cannot be searched or sorted."""

    encrypted = True

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        return super().get_db_prep_value(encrypt(value) if isinstance(value, str) else value, connection, prepared)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str | None:
        return None if value is None else decrypt(bytes(value))

    def get_default(self) -> Any:
        return "" if self.default is models.NOT_PROVIDED else super().get_default()


class BlindIndex(models.BinaryField):
    """The keyed digest by which an encrypted field is found: written anew with it when keys are changed (rotation.py).

    of: the encrypted field. within: a field beside it, under whose value alone it is found; empty for everywhere.
    It is made anew whenever its row is saved: the encrypted value is written with the current key then, so that rotation
    passes the row by, and an index of an old key would be left there for good.
    """

    def __init__(self, *args: Any, of: str = "", within: str = "", **kwargs: Any) -> None:
        self.of, self.within = of, within
        super().__init__(*args, **kwargs)

    def pre_save(self, model_instance: models.Model, add: bool) -> bytes | None:
        value = getattr(model_instance, self.of)
        within = getattr(model_instance, self.within) if self.within else ""
        index = blind_index(indexed(value, within)) if value else None
        setattr(model_instance, self.attname, index)
        return index

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"of": self.of, "within": self.within}


def indexed(value: str, within: object = "") -> str:
    """What a blind index is made of: capitals and blanks around it count for nothing."""
    plain = value.strip().casefold()
    return f"{within} {plain}" if within else plain
