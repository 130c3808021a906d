from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import set_script_prefix

from medskick.kernel.organisations.places import resolve


class PlaceMiddleware:
    """Sets request.place, and moves a municipality's slug from the path to the script name so that links stay right."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        place, rest = resolve(request.get_host().partition(":")[0], request.path_info)
        request.place = place
        if place is not None and place.prefix:
            request.path_info = rest
            request.META["PATH_INFO"] = rest
            request.META["SCRIPT_NAME"] = place.prefix
            set_script_prefix(f"{place.prefix}/")
        return self.get_response(request)
