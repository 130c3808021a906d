"""Maintenance: the site rests, or is only read, and says so; nothing is half saved meanwhile.

It stands in a file under `var`, which every process of the machine sees without a database, and in a row of the
database, which processes on other machines see within seconds. Either is enough.
"""

import contextlib
import json
import os
import secrets
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from medskick.lib.codes import new_id, same_secret
from medskick.project import errors

PASS_HEADER = "X-Medskick-Pass"  # noqa: S105 - the header's name, not what stands in it
READS = frozenset({"GET", "HEAD", "OPTIONS"})
ALWAYS = ("/halsa",)
USUAL_RETRY, LONGEST_RETRY = 120, 24 * 3600


@dataclass(frozen=True, slots=True)
class Maintenance:
    """That the site rests: since when, until when (where that is known), what people are told, and who may pass."""

    since: str
    message: str = ""
    until: str = ""
    read_only: bool = False
    passing: str = ""

    def retry_after(self, now: datetime) -> int:
        """Seconds for the Retry-After header: until the promised moment, else a usual wait."""
        if not self.until:
            return USUAL_RETRY
        left = int((datetime.fromisoformat(self.until) - now).total_seconds())
        return min(max(left, 30), LONGEST_RETRY)

    def refuses(self, request: HttpRequest) -> bool:
        if request.path_info.startswith(ALWAYS):
            return False
        if self.passing and same_secret(request.headers.get(PASS_HEADER, ""), self.passing):
            return False
        return not (self.read_only and request.method in READS)


def begin(*, message: str = "", until: datetime | None = None, read_only: bool = False) -> Maintenance:
    """Let the site rest from now on, everywhere. In the database too, where that can be written."""
    now = Maintenance(
        since=timezone.now().isoformat(),
        message=message[:500],
        until=until.isoformat() if until else "",
        read_only=read_only,
        passing=secrets.token_urlsafe(24),
    )
    path = _path()
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{os.getpid()}")
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps(asdict(now), ensure_ascii=False))
    fresh.replace(path)
    _in_database(now)
    return now


def end() -> bool:
    """Let the site serve again. False where it did not rest."""
    rested = _path().exists()
    _path().unlink(missing_ok=True)
    return _in_database(None) or rested


def in_file() -> Maintenance | None:
    """What the file says; a file that cannot be read counts as maintenance, for somebody meant something by it."""
    try:
        return Maintenance(**json.loads(_path().read_text()))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, OSError):
        return Maintenance(since="")


def rests() -> bool:
    """Whether nothing may be written now, for what stands beside the pages and their middleware."""
    return in_file() is not None or in_database() is not None


def in_database() -> Maintenance | None:
    """What the database says; nothing where it does not answer, for then the page about that is shown."""
    with contextlib.suppress(DatabaseError, InterfaceError, TypeError), connection.cursor() as cursor:
        cursor.execute("select content from kernel_maintenancenotice where ended_at is null order by id desc limit 1")
        row = cursor.fetchone()
        if row is not None:
            return Maintenance(**(row[0] if isinstance(row[0], dict) else json.loads(row[0])))
    return None


def _in_database(now: Maintenance | None) -> bool:
    """Note the beginning or the end there, as the owner. False where there is none or nothing was open."""
    from django.db import connections

    with contextlib.suppress(DatabaseError, InterfaceError), connections["owner"].cursor() as cursor:
        cursor.execute("update kernel_maintenancenotice set ended_at = now() where ended_at is null")
        ended = bool(cursor.rowcount)
        if now is None:
            return ended
        cursor.execute(
            "insert into kernel_maintenancenotice (id, content, begun_at) values (%s, %s, now())",
            [new_id(), json.dumps(asdict(now))],
        )
        return True
    return False


def _path() -> Path:
    return Path(settings.VAR_DIR) / "maintenance.json"


class MaintenanceMiddleware:
    """Answers 503, with what was typed, while the site rests. The file is asked at every request: one stat."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.asked_at = float("-inf")
        self.told: Maintenance | None = None

    def __call__(self, request: HttpRequest) -> HttpResponse:
        rests = in_file() or self._elsewhere()
        if rests is None or not rests.refuses(request):
            return self.get_response(request)
        return errors.resting(
            request,
            seconds=rests.retry_after(timezone.now()),
            message=rests.message,
            until=datetime.fromisoformat(rests.until) if rests.until else None,
            read_only=rests.read_only,
        )

    def _elsewhere(self) -> Maintenance | None:
        """What was said on another machine, asked anew every few seconds; never where all runs on one."""
        every = settings.MAINTENANCE_ASKS_DATABASE
        if every and time.monotonic() - self.asked_at > every:
            self.asked_at, self.told = time.monotonic(), in_database()
        return self.told
