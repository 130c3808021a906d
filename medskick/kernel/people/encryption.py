"""Personal data at rest: AES-GCM fields, and a keyed blind index to find a personal number without storing it in clear.

Keys are derived (HKDF) from one secret in the environment; a version byte in front of each value lets keys be changed.
"""

import hashlib
import hmac
import os
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import models

VERSION = b"\x01"


@lru_cache(maxsize=8)
def _derived(purpose: bytes) -> bytes:
    kdf = HKDF(algorithm=hashes.SHA256(), length=32, salt=b"medskick", info=purpose)
    return kdf.derive(settings.PERSONAL_DATA_KEY.encode())


def encrypt(text: str) -> bytes:
    nonce = os.urandom(12)
    return VERSION + nonce + AESGCM(_derived(b"fields")).encrypt(nonce, text.encode(), VERSION)


def decrypt(data: bytes) -> str:
    """Raise cryptography.exceptions.InvalidTag where the data was changed or another key is in use."""
    return AESGCM(_derived(b"fields")).decrypt(data[1:13], data[13:], data[:1]).decode()


def blind_index(value: str) -> bytes:
    """A keyed digest: equal values give equal digests, and without the key nobody can try them all out."""
    return keyed_digest(b"blind index", value)


def keyed_digest(purpose: bytes, value: str) -> bytes:
    """32 bytes that stand for `value`, under a key of its own for each purpose."""
    return hmac.new(_derived(purpose), value.encode(), hashlib.sha256).digest()


class EncryptedText(models.BinaryField):
    """Text that is encrypted in the database and plain in Python. It cannot be searched or sorted."""

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        return super().get_db_prep_value(encrypt(value) if isinstance(value, str) else value, connection, prepared)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str | None:
        return None if value is None else decrypt(bytes(value))

    def get_default(self) -> Any:
        return "" if self.default is models.NOT_PROVIDED else super().get_default()
