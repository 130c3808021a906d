"""What a phone has to fetch to see its first page: at most 100 kB as transferred, charts and maps apart."""

import gzip
from pathlib import Path

from django.contrib.staticfiles import finders

from medskick.design.tests.pages import Reader, shell_page, style_page
from medskick.design.vendor import VENDOR

KB = 1024


def compressed(content: bytes) -> int:
    return len(gzip.compress(content, 6))


def files_of(page: str) -> dict[str, bytes]:
    read = Reader(page)
    addresses = [script["src"] for script in read.all("script") if "src" in script]
    addresses += [link["href"] for link in read.all("link")]
    paths = {address: finders.find(address.removeprefix("/static/")) for address in addresses}
    assert [address for address, path in paths.items() if path is None] == []
    return {address: Path(str(path)).read_bytes() for address, path in paths.items()}


def weight(page: str, ending: str) -> int:
    files = {address: content for address, content in files_of(page).items() if address.endswith(ending)}
    return sum(len(content) if ending == ".woff2" else compressed(content) for content in files.values())


def test_the_first_load_is_at_most_100_kb() -> None:
    for page in (shell_page("resident"), shell_page("staff"), shell_page("phone"), style_page()):
        parts = {ending: weight(page, ending) for ending in (".css", ".js", ".woff2", ".svg")}
        assert parts[".css"] <= 35 * KB
        assert parts[".js"] <= 20 * KB
        assert parts[".woff2"] <= 35 * KB
        assert sum(parts.values()) + compressed(page.encode()) <= 100 * KB


def test_there_is_one_text_face_of_at_most_35_kb() -> None:
    faces = list(VENDOR.rglob("*.woff2"))
    assert len(faces) == 1
    assert faces[0].stat().st_size <= 35 * KB


def test_style_sheets_fetch_nothing_from_elsewhere() -> None:
    for address, content in files_of(style_page()).items():
        if address.endswith(".css"):
            assert b"url(http" not in content
            assert b"@import" not in content
