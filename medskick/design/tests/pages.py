"""Reads finished pages as a strict reader would: ids, labels, headings, and what the content policy forbids."""

from collections import Counter
from html.parser import HTMLParser

from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from medskick.design import views

VOID = {"meta", "link", "input", "br", "hr", "img", "path", "circle", "rect", "line", "polyline", "polygon", "source"}


class Reader(HTMLParser):
    """Collects the elements of a page; complains of tags that are closed in the wrong order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.wrongly_closed: list[str] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.wrongly_closed.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]

    def ids(self) -> Counter[str]:
        return Counter(attributes["id"] for _, attributes in self.elements if "id" in attributes)


def faults(page: str) -> list[str]:
    """Everything a page of ours may never have; an empty list is a good page."""
    read = Reader(page)
    ids = read.ids()
    found = [f"id {name} stands {count} times" for name, count in ids.items() if count > 1]
    found += [f"</{tag}> closes in the wrong order" for tag in read.wrongly_closed]
    if len(read.all("h1")) != 1:
        found.append(f"{len(read.all('h1'))} h1")
    for tag, attributes in read.elements:
        found += [f"<{tag} {name}>" for name in attributes if name == "style" or name.startswith("on")]
        for name in ("aria-labelledby", "aria-describedby", "for"):
            found += [f"{name}={one} leads nowhere" for one in attributes.get(name, "").split() if one not in ids]
        if tag == "script" and "nonce" not in attributes:
            found.append("a script without nonce")
    labelled = {attributes.get("for") for attributes in read.all("label")}
    for tag in ("input", "select", "textarea"):
        for attributes in read.all(tag):
            if attributes.get("type") != "hidden" and attributes.get("id") not in labelled:
                found.append(f"<{tag} name={attributes.get('name')}> has no label")
    return found


def get(path: str = "/stil", **extra: object) -> HttpRequest:
    """A request as the middleware leaves it, without database."""
    request = RequestFactory().get(path)
    request.__dict__.update(extra)
    return request


def style_page(query: str = "") -> str:
    return text_of(views.style(get("/stil" + query)))


def shell_page(name: str) -> str:
    return text_of(views.style_shell(get(f"/stil/{name}"), name))


def text_of(response: HttpResponse) -> str:
    return response.content.decode()
