"""The living style page: every component in every state, and the four shells."""

from types import SimpleNamespace

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from medskick.design import samples
from medskick.design.themes import ENGINES, PLACES

SHELLS = ("resident", "staff", "presenter", "phone")
ERRORS = ("403", "404", "429", "500", "maintenance")


def style(request: HttpRequest) -> HttpResponse:
    """All components on one page; ``?tema=`` shows it in another place's colours."""
    theme = request.GET.get("tema", "")
    extra = {"place": SimpleNamespace(name=theme.capitalize(), theme=theme)} if theme in PLACES else {}
    shown = {"title": "Stil", "themes": PLACES, "engines": ENGINES, "shells": SHELLS, "errors": ERRORS}
    return render(request, "design/style.html", {**samples.context(), **shown, **extra})


def style_shell(request: HttpRequest, name: str) -> HttpResponse:
    """One shell, or one error page, with example content."""
    if name in ERRORS:
        return render(request, f"design/errors/{name}.html", {"title": name})
    if name not in SHELLS:
        raise Http404
    return render(request, f"design/style_{name}.html", samples.context())
