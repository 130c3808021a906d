"""The token in the cookie of a phone or browser, put aside while somebody else is helped on it."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

DEVICE_COOKIE = "medskick_telefon"
PUT_ASIDE_COOKIE = "medskick_telefon_egen"
KEPT_SECONDS = 400 * 24 * 60 * 60


def put_aside(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The browser begins as a new one: what is answered from now on is not its owner's, nor the other way round."""
    own = request.COOKIES.get(DEVICE_COOKIE, "")
    if own:
        _set(response, PUT_ASIDE_COOKIE, own)
        response.delete_cookie(DEVICE_COOKIE, samesite="Lax")
    return response


def take_back(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The browser is its owner's again, and has forgotten the one who was helped."""
    own = request.COOKIES.get(PUT_ASIDE_COOKIE, "")
    if own:
        _set(response, DEVICE_COOKIE, own)
        response.delete_cookie(PUT_ASIDE_COOKIE, samesite="Lax")
    elif DEVICE_COOKIE in request.COOKIES:
        response.delete_cookie(DEVICE_COOKIE, samesite="Lax")
    response["Clear-Site-Data"] = '"cache"'
    return response


def _set(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name,
        value,
        max_age=KEPT_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
