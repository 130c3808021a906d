"""Menus and start-page parts: engines register what they have, the pages compose, the kernel knows no engine."""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.cache import cache
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from medskick.kernel.organisations.actor import Actor
from medskick.kernel.typing import Text


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One word of the menu. `url_name` is reversed; `prefix` marks it as current; staff entries may ask for roles."""

    label: Text
    url_name: str
    prefix: str
    order: int
    staff: bool
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MenuLink:
    label: Text
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of a page that is put together from several engines.

    page: "start" (resident start page), "my_day" (staff), "mine" (the resident's own pages), "account" (beside them: what
        concerns her log-in), "nothing_found" (search).
    load: on "start" it may depend on the place only, and show only what is public: what it gives is kept for all.
    template: rendered with the dict that `load` returns; None leaves the panel out.
    """

    page: str
    name: str
    template: str
    load: Callable[[HttpRequest], dict[str, object] | None]
    order: int = 50


@dataclass(frozen=True, slots=True)
class AdministrationLink:
    """One row of the page Administration: what is looked after there, for those who have one of the roles.

    waiting: how many wait there for somebody to do something; told beside the row where there are any.
    """

    label: Text
    explained: Text
    url_name: str
    roles: tuple[str, ...]
    order: int = 50
    waiting: Callable[[Actor], int] | None = None


KEPT_FOR_SECONDS = 10

_administration: list[AdministrationLink] = []
_entries: list[MenuEntry] = []
_panels: dict[str, list[Panel]] = {}


def register_menu(entry: MenuEntry) -> None:
    _entries.append(entry)
    _entries.sort(key=lambda one: one.order)


def register_panel(panel: Panel) -> None:
    panels = _panels.setdefault(panel.page, [])
    panels.append(panel)
    panels.sort(key=lambda one: one.order)


def register_administration(link: AdministrationLink) -> None:
    _administration.append(link)
    _administration.sort(key=lambda one: one.order)


def administration_for(actor: Actor) -> list[tuple[AdministrationLink, int]]:
    """What this actor may look after, in order, and how many wait at each."""
    mine = [one for one in _administration if actor.has(*one.roles)]
    return [(one, one.waiting(actor) if one.waiting else 0) for one in mine]


def administration_crumbs(*way: tuple[str, str]) -> list[tuple[str, str]]:
    """The way to a page of the administration: pairs of label and address, the page itself last."""
    return [(gettext("Administration"), reverse("administration")), *way]


def menu_for(actor: Actor, path: str) -> list[MenuLink]:
    """The menu of the side that the path is on: /arbete is the staff side."""
    at_work = actor.staff and path.startswith("/arbete")
    shown = [one for one in _entries if one.staff == at_work and (not one.roles or actor.has(*one.roles))]
    here = max((one.prefix for one in shown if f"{path}/".startswith(f"{one.prefix}/")), key=len, default=None)
    return [MenuLink(one.label, reverse(one.url_name), one.prefix == here) for one in shown]


def panels_for(page: str, request: HttpRequest) -> list[tuple[str, dict[str, object]]]:
    """(template, context) of each panel of the page that has something to show, in order."""
    shown = []
    for panel in _panels.get(page, []):
        context = panel.load(request)
        if context is not None:
            shown.append((panel.template, context))
    return shown


def panels_for_all(page: str, request: HttpRequest) -> SafeString:
    """The panels of a page that looks the same to everybody at the place, as HTML; made anew every ten seconds."""
    key = f"panels:{page}:{request.place.id if request.place else ''}:{get_language()}"
    html: str | None = cache.get(key)
    if html is None:
        shown = panels_for(page, request)
        html = "".join(render_to_string(template, {"panel": panel}, request) for template, panel in shown)
        cache.set(key, html, KEPT_FOR_SECONDS)
    return mark_safe(html)  # noqa: S308  our own templates made it
