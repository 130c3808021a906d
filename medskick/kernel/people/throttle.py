"""Slowing down whoever guesses: failed tries are counted by where they come from, and too many are refused for a while.

Only failures count: three hundred people behind one address who type the right code are never slowed down. The count
is a leaking bucket in a table that all processes share, under a keyed hash that changes every day, so that no address
is stored. It is written when the request's own transaction is over, for that one is rolled back with the failure.

    with throttle.guard(request, "join_code"):
        session = get_object_or_404(...)  # a 404 counts as a failed try
"""

import math
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network
from types import TracebackType
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.http import Http404, HttpRequest
from django.utils import timezone

from medskick.kernel.people.encryption import keyed_digest


@dataclass(frozen=True, slots=True)
class Limit:
    """`burst` failures at once, and after that one more for every `seconds`."""

    burst: int
    seconds: float


USUAL = Limit(burst=30, seconds=10)
LIMITS = {
    # A hall of people who type a code from a screen get it wrong now and then, all from one address.
    "join_code": Limit(burst=120, seconds=5),
    "trace": Limit(burst=60, seconds=10),
    # Counted by address only where the browser did not begin here. A log-in that this browser began is counted by its own
    # state, which nobody can make up: a guesser in the hall does not lock the hall out.
    "log_in": Limit(burst=20, seconds=30),
    # Every request for a record counts, not only what fails: a library's computers may send some, a machine may not.
    "ask": Limit(burst=30, seconds=60),
    # Every asking counts, not only failures: the first by whom it comes from, where a hall may ask at once, the second
    # by the address it goes to, whoever asks, so that nobody can fill another's inbox with mails to confirm.
    "mail_origin": Limit(burst=400, seconds=5),
    "mail_address": Limit(burst=3, seconds=3600),
}


class TooManyTries(Exception):
    """This origin has failed too often; `seconds` says how long until the next try. Shown as the 429 page."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"too many failed tries, wait {seconds} s")
        self.seconds = seconds


class Attempt:
    """One try. It fails by failed(), or by a 404 inside `with`; else nothing is counted."""

    def __init__(self, request: HttpRequest, bucket: UUID, limit: Limit) -> None:
        self.request, self.bucket, self.limit = request, bucket, limit

    def failed(self) -> None:
        self.request.__dict__.setdefault("failed_tries", []).append(self)

    def __enter__(self) -> "Attempt":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(problem, Http404):
            self.failed()


def guard(request: HttpRequest, purpose: str, key: str = "") -> Attempt:
    """Refuse another try where this origin has failed too often at this purpose. One query.

    key: whose tries are counted together, where it is not the network address that the request comes from.
    Raises TooManyTries, which becomes the 429 page by itself.
    """
    limit = LIMITS.get(purpose, USUAL)
    bucket = _bucket(purpose, key or _origin(request))
    with connection.cursor() as cursor:
        cursor.execute(
            "select failures - extract(epoch from now() - at) / %s from kernel_failedtries where bucket = %s",
            [limit.seconds, bucket],
        )
        row = cursor.fetchone()
    over = float(row[0]) - limit.burst + 1 if row else 0
    if over > 0:
        raise TooManyTries(math.ceil(over * limit.seconds))
    return Attempt(request, bucket, limit)


def count_failures(request: HttpRequest) -> None:
    """Write down what failed in this request; called when its own transaction is over."""
    for attempt in request.__dict__.pop("failed_tries", []):
        with connection.cursor() as cursor:
            cursor.execute(
                "insert into kernel_failedtries as f (bucket, failures, at) values (%s, 1, now())"
                " on conflict (bucket) do update set at = now(),"
                " failures = greatest(0, f.failures - extract(epoch from now() - f.at) / %s) + 1",
                [attempt.bucket, attempt.limit.seconds],
            )


def _bucket(purpose: str, key: str) -> UUID:
    return UUID(bytes=keyed_digest(b"throttle", f"{timezone.localdate()} {purpose} {key}")[:16])


def _origin(request: HttpRequest) -> str:
    """The network that the request comes from: one address, or with IPv6 the /64 that one subscriber has."""
    stated = request.META.get("REMOTE_ADDR", "")
    if settings.SECURE_PROXY_SSL_HEADER:
        # Only what our own proxy wrote, which is the last; what stands before it the visitor may have made up.
        stated = request.META.get("HTTP_X_FORWARDED_FOR", stated).rpartition(",")[2].strip()
    try:
        address = ip_address(stated)
    except ValueError:
        return stated
    return str(ip_network(f"{address}/64", strict=False)) if isinstance(address, IPv6Address) else str(address)
