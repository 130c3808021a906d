"""Virus scanning over clamd's INSTREAM protocol (clamd(8)): length-prefixed chunks, one verdict back."""

import os
import socket
import struct
from collections.abc import Iterable
from typing import Protocol

CHUNK = 64 * 1024


class ScannerDown(Exception):
    """The scanner does not answer; the file is refused until it does."""


class Scanner(Protocol):
    def finds(self, chunks: Iterable[bytes]) -> str:
        """The name of what was found, or an empty string for a clean file. Raise ScannerDown where nobody answers."""


class Clamd:
    """A clamd at a unix socket path or host:port."""

    def __init__(self, address: str, timeout: float = 30.0) -> None:
        self.address, self.timeout = address, timeout

    def finds(self, chunks: Iterable[bytes]) -> str:
        try:
            with self._connect() as connection:
                connection.sendall(b"zINSTREAM\0")
                for chunk in chunks:
                    connection.sendall(struct.pack("!L", len(chunk)) + chunk)
                connection.sendall(struct.pack("!L", 0))
                verdict = self._read(connection)
        except OSError as fault:
            raise ScannerDown(self.address) from fault
        if verdict.endswith("OK"):
            return ""
        if verdict.endswith("FOUND"):
            return verdict.removeprefix("stream: ").removesuffix(" FOUND")
        raise ScannerDown(verdict)

    def _connect(self) -> socket.socket:
        if self.address.startswith("/"):
            connection = socket.socket(socket.AF_UNIX)
            connection.settimeout(self.timeout)
            connection.connect(self.address)
            return connection
        host, _, port = self.address.rpartition(":")
        return socket.create_connection((host, int(port)), self.timeout)

    def _read(self, connection: socket.socket) -> str:
        parts = b""
        while b"\0" not in parts and len(parts) < 4096:
            part = connection.recv(1024)
            if not part:
                break
            parts += part
        return parts.partition(b"\0")[0].decode("utf-8", "replace").strip()


class NoScanner:
    """For the example region only: nothing is scanned, and a real server refuses uploads without a scanner."""

    def finds(self, chunks: Iterable[bytes]) -> str:
        for _ in chunks:
            pass
        return ""


def configured_scanner(demonstration: bool) -> Scanner:
    """The scanner from MEDSKICK_CLAMD. Raise ScannerDown where a real server has none."""
    address = os.environ.get("MEDSKICK_CLAMD", "")
    if address:
        return Clamd(address)
    if demonstration:
        return NoScanner()
    raise ScannerDown("MEDSKICK_CLAMD is not set")
