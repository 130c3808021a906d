"""Files that people send: what they are by content, scanned over clamd's own protocol, kept whole or not at all."""

import os
import socket
import struct
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from medskick.kernel.files.actions import LARGEST, open_file, path_of, store_file, sweep_half_files
from medskick.kernel.files.models import StoredFile
from medskick.kernel.files.scanner import Clamd, ScannerDown, configured_scanner
from medskick.kernel.files.sniffing import sniff
from medskick.kernel.tests.world import World

PDF = b"%PDF-1.7\n" + b"x" * 100_000
# The industry's harmless test virus, in two halves so that this file itself is left alone by scanners.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class FakeClamd:
    """Speaks INSTREAM as clamd(8) does, and knows one virus."""

    def __init__(self, *, answers: bool = True) -> None:
        self.answers, self.seen = answers, b""
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.listening.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self.listening.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as sent:
                assert sent.read(10) == b"zINSTREAM\0"
                self.seen = b""
                while length := struct.unpack("!L", sent.read(4))[0]:
                    self.seen += sent.read(length)
                if self.answers:
                    verdict = b"stream: Eicar-Signature FOUND" if EICAR in self.seen else b"stream: OK"
                    connection.sendall(verdict + b"\0")


@pytest.fixture
def clamd() -> Iterator[FakeClamd]:
    running = FakeClamd()
    yield running
    running.listening.close()


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.FILES_DIR = tmp_path
    return tmp_path


def store(world: World, content: bytes, name: str = "fil.pdf", **more: Any) -> StoredFile:
    with world.acting(world.owner):
        return store_file(SimpleUploadedFile(name, content), by=world.owner, **more)


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"%PDF-1.7\n...", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n....", "image/png"),
        (b"\xff\xd8\xff\xe0....", "image/jpeg"),
        (b"RIFF....WEBPVP8 ", "image/webp"),
        ("Hej, bryggan är trasig.\r\n".encode(), "text/plain"),
        (b"MZ\x90\x00\x03\x00\x00\x00", None),
        (b"\x7fELF\x02\x01\x01", None),
        (b"PK\x03\x04....", None),
        (b"<html><script>alert(1)</script>", None),
        (b"  <svg onload=alert(1)>", None),
        ("Hej".encode("utf-16"), None),
        (b"RIFF\x24\x08\x00\x00WAVEfmt ", None),
        (b"", None),
    ],
)
def test_a_file_is_what_its_content_says(content: bytes, media_type: str | None) -> None:
    assert sniff(content) == media_type


def test_a_letter_cut_in_two_is_a_fault_only_where_the_file_ends() -> None:
    cut = ("a" * 4095 + "å").encode()[:4096]
    assert sniff(cut) == "text/plain"
    assert sniff(cut, whole=True) is None


def test_a_file_is_kept_under_its_content_and_its_name_is_encrypted(world: World, clamd: FakeClamd) -> None:
    stored = store(world, PDF, "Ansökan åäö.pdf", scanner=Clamd(clamd.address))
    assert clamd.seen == PDF
    assert b"".join(open_file(stored)) == PDF
    assert (stored.media_type, stored.size, stored.name) == ("application/pdf", len(PDF), "Ansökan åäö.pdf")
    again = store(world, PDF, scanner=Clamd(clamd.address))
    assert (again.sha256, again.id == stored.id) == (stored.sha256, False)


def test_an_executable_by_another_name_is_refused_in_plain_words(world: World, folder: Path) -> None:
    with pytest.raises(ValidationError, match="Vi kan inte ta emot den sortens fil"):
        store(world, b"MZ\x90\x00" + b"\0" * 100, "faktura.pdf")
    assert list(folder.iterdir()) == []


def test_an_infected_file_is_refused_and_not_kept(world: World, clamd: FakeClamd, folder: Path) -> None:
    with pytest.raises(ValidationError, match="kan vara skadligt"):
        store(world, b"%PDF-1.7\n" + EICAR, scanner=Clamd(clamd.address))
    assert list(folder.iterdir()) == []
    assert Clamd(clamd.address).finds([EICAR]) == "Eicar-Signature"


def test_without_an_answer_from_the_scanner_nothing_is_taken_in(world: World, folder: Path) -> None:
    silent = FakeClamd(answers=False)
    silent_address, closed = silent.address, socket.create_server(("127.0.0.1", 0))
    closed_address = f"127.0.0.1:{closed.getsockname()[1]}"
    closed.close()
    for address in (silent_address, closed_address, "/finns/inte/clamd.sock"):
        with pytest.raises(ValidationError, match="Vi kan inte kontrollera filer just nu"):
            store(world, PDF, scanner=Clamd(address, timeout=2))
    silent.listening.close()
    assert list(folder.iterdir()) == []


def test_a_real_server_without_scanner_takes_no_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MEDSKICK_CLAMD", raising=False)
    assert configured_scanner(demonstration=True).finds([b"x"]) == ""
    with pytest.raises(ScannerDown):
        configured_scanner(demonstration=False)
    monkeypatch.setenv("MEDSKICK_CLAMD", "127.0.0.1:3310")
    assert isinstance(configured_scanner(demonstration=False), Clamd)


def test_a_file_that_is_too_large_is_refused_before_it_is_read(world: World) -> None:
    upload = SimpleUploadedFile("stor.pdf", PDF)
    upload.size = LARGEST + 1
    with world.acting(world.owner), pytest.raises(ValidationError, match="större än 20 MB"):
        store_file(upload, by=world.owner)


def test_a_full_disk_leaves_no_half_file(world: World, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        store(world, PDF)
    assert list(folder.iterdir()) == []


def test_what_a_crash_left_half_written_is_swept_and_whole_files_stay(world: World, folder: Path) -> None:
    stored = store(world, PDF)
    old, young = folder / "half-gammal", folder / "half-ny"
    for half in (old, young):
        half.write_bytes(b"ha")
    two_days_ago = time.time() - timedelta(days=2).total_seconds()
    os.utime(old, (two_days_ago, two_days_ago))
    os.utime(path_of(stored.sha256), (two_days_ago, two_days_ago))
    assert sweep_half_files() == 1
    assert (old.exists(), young.exists(), path_of(stored.sha256).exists()) == (False, True, True)


def test_a_file_is_read_by_those_who_read_its_item(world: World) -> None:
    stored = store(world, PDF, readers=[world.resident.person])
    seen = {}
    for name in ("owner", "colleague", "stranger", "resident"):
        with world.acting(getattr(world, name)):
            seen[name] = StoredFile.objects.filter(id=stored.id).exists()
    assert seen == {"owner": True, "colleague": True, "stranger": False, "resident": True}
