"""Live pages: a ticket to listen, and the call that tells those who listen.

A page that wants live updates renders `live_url(channel)`; the stream is served outside Django (project.live), which
checks the ticket's signature and age and asks no database. Whoever may see the page may hold its ticket, so decide
access before making one, and send no personal data: an event says that something changed, the page fetches what.
Numbers that everybody in the channel may know can go along.
"""

import json
import time
from dataclasses import dataclass

from django.core import signing
from django.db import connection

LISTEN_ON = "medskick_live"  # PostgreSQL's name for the one channel that all live events share
TICKET_SECONDS = 12 * 60 * 60  # a browser reconnects with the same address all through a long meeting
DATA_LIMIT = 6000  # bytes; PostgreSQL refuses a notification above 8,000
_SALT = "medskick.live"


@dataclass(frozen=True)
class Ticket:
    """What a valid ticket says: the channel, and when the page that carries it was made (seconds since 1970)."""

    channel: str
    made_at: float


def live_ticket(channel: str, *, seconds: int = TICKET_SECONDS) -> str:
    """A signed ticket to listen on one channel for that many seconds. A channel is a short name like `session:4729`."""
    now = time.time()
    return signing.dumps([channel, round(now, 3), round(now + seconds)], salt=_SALT)


def live_url(channel: str, *, seconds: int = TICKET_SECONDS) -> str:
    """The stream's address, the same at every municipality, for htmx's or the browser's EventSource."""
    return f"/live/{live_ticket(channel, seconds=seconds)}"


def read_ticket(ticket: str) -> Ticket | None:
    """None when the ticket is forged, damaged or too old. Asks no database."""
    try:
        channel, made_at, expires = signing.loads(ticket, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Ticket(channel, made_at) if time.time() < expires else None


def publish(channel: str, event: str = "changed", data: str = "", *, pace: float = 0) -> None:
    """Tell everyone who listens on the channel, when and only if the running transaction commits.

    Of several events with one name within a quarter of a second, listeners get the last.
    pace: seconds between two events of that name, where a quarter is more often than many listeners need.
    Raises ValueError when the data is too large: send a reference instead and let the page fetch.
    """
    if len(data.encode()) > DATA_LIMIT or not event.isidentifier():
        raise ValueError(f"A live event carries at most {DATA_LIMIT} bytes, under a name of letters and underscores.")
    payload = json.dumps([channel, event, data, pace], ensure_ascii=False)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [LISTEN_ON, payload])
