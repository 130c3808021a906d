"""A private address: whoever holds it reads what was sent, without log-in, and nobody else can.

It is derived from the form's own key and content with a secret of the server: the same form sent twice gives the same
address, and the database, which holds only the hash of each, gives it to nobody.
"""

import hashlib
from collections.abc import Callable
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from medskick.kernel.organisations.scope import reader_token, widen_scope
from medskick.kernel.people import throttle
from medskick.kernel.people.encryption import keyed_digest
from medskick.lib.codes import CROCKFORD, TRACE_LENGTH, parse_trace_address


def key_of(submission_key: UUID | str, content: str) -> str:
    """One value for one form with this content; changed content in the same form is something new."""
    return hashlib.sha256(f"{submission_key}\n{content}".encode()).hexdigest()


def stored_key(purpose: str, key: str) -> UUID:
    """What is stored of the key: enough to know it again, not enough to make the address of it."""
    return reader_token(f"{purpose} submission {key}")


def address_of(purpose: str, key: str) -> str:
    """The 16 characters, 80 bits, that the sender keeps."""
    bits = int.from_bytes(keyed_digest(f"{purpose} address".encode(), key)[:10])
    return "".join(CROCKFORD[bits >> shift & 31] for shift in range(0, 5 * TRACE_LENGTH, 5)).lower()


_pages: list[Callable[[UUID, str], str]] = []


def register_address_page(find: Callable[[UUID, str], str]) -> None:
    """An engine gives out private addresses: `find(token, address)` is its page at one, empty where it gave out none.

    It is asked with the scope widened by the token.
    """
    _pages.append(find)


def page_at(typed: str) -> str:
    """The page at an address as somebody types or pastes it, alone or as a whole link; empty where there is none.

    Call it under guarded(): whoever tries many is slowed down.
    """
    last = typed.strip().partition("?")[0].rstrip("/").rpartition("/")[2]
    try:
        address = parse_trace_address(last)
    except ValueError:
        return ""
    token = reader_token(address)
    widen_scope([token])
    return next(filter(None, (find(token, address) for find in _pages)), "")


def holder_at(request: HttpRequest, address: str) -> UUID:
    """The token of a typed address, which the rest of the request may read by. Call it under throttle.guard.

    Raise Http404 for what cannot be an address.
    """
    try:
        token = reader_token(parse_trace_address(address))
    except ValueError:
        raise Http404 from None
    widen_scope([token])
    return token


def guarded(request: HttpRequest) -> throttle.Attempt:
    """Whoever tries many addresses is slowed down: a 404 inside `with` counts as a failed try."""
    return throttle.guard(request, "trace")


def private(response: HttpResponse) -> HttpResponse:
    """Kept by no cache and found by no search engine. The Referer stays on this site by the site's own policy."""
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
