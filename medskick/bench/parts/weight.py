"""What a first visit transfers: the page and everything that its HTML and style sheets name, compressed as sent."""

import http.client
import re
from collections.abc import Mapping
from urllib.parse import urljoin, urlsplit

TYPES = {"text/html": "html", "text/css": "css", "text/javascript": "js", "application/javascript": "js"}
_SCRIPT = re.compile(rb'<script[^>]+src="([^"]+)"')
_LINK = re.compile(rb"<link[^>]+>")
_HREF = re.compile(rb'href="([^"]+)"')
_IMAGE = re.compile(rb'<img[^>]+src="([^"]+)"')
_IN_CSS = re.compile(rb"url\([\"']?([^)\"']+)[\"']?\)|@import\s+[\"']([^\"']+)")
_LOADED_LINKS = (b'rel="stylesheet"', b'rel="preload"', b'rel="icon"', b'rel="modulepreload"')


def weigh(port: int, path: str, headers: Mapping[str, str]) -> dict[str, float]:
    """kB (1,000 bytes of body) by type, and `total`. Fonts count though a browser may need fewer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    weights: dict[str, int] = {}
    seen, waiting = set[str](), [path]
    while waiting:
        address = waiting.pop(0)
        if address in seen:
            continue
        seen.add(address)
        kind, size, body = _fetch(connection, address, headers)
        weights[kind] = weights.get(kind, 0) + size
        waiting += [one for one in _named(address, kind, body, first=address == path) if one not in seen]
    connection.close()
    told = {kind: round(size / 1000, 1) for kind, size in sorted(weights.items())}
    return {**told, "total": round(sum(weights.values()) / 1000, 1)}


def _fetch(connection: http.client.HTTPConnection, address: str, headers: Mapping[str, str]) -> tuple[str, int, bytes]:
    import gzip

    connection.request("GET", address, headers={**headers, "Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{address} answered {answer.status}")
    size = len(body)
    if answer.getheader("Content-Encoding") == "gzip":
        body = gzip.decompress(body)
    content_type = (answer.getheader("Content-Type") or "").partition(";")[0]
    kind = TYPES.get(content_type, content_type.partition("/")[0] or "other")
    return kind, size, body


def _named(address: str, kind: str, body: bytes, *, first: bool) -> list[str]:
    if kind == "html" and first:
        links = [_HREF.search(tag) for tag in _LINK.findall(body) if any(rel in tag for rel in _LOADED_LINKS)]
        found = [link[1] for link in links if link] + _SCRIPT.findall(body) + _IMAGE.findall(body)
    elif kind == "css":
        found = [one or other for one, other in _IN_CSS.findall(body)]
    else:
        return []
    places = [urljoin(address, one.decode()) for one in found if not one.startswith((b"data:", b"#"))]
    return [urlsplit(place).path for place in places if not urlsplit(place).netloc]
