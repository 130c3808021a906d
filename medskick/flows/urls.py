"""Each flow's own urls, found by its folder, under /arbete/flode/."""

from importlib import import_module
from pathlib import Path

from django.urls import URLPattern, URLResolver, include, path

FLOWS = sorted(folder.parent.name for folder in Path(__file__).parent.glob("*/urls.py"))

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(import_module(f"medskick.flows.{flow}.urls"))) for flow in FLOWS
]
