"""The deep look for the operator's watch: what works and what does not, without a word about anybody."""

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from medskick.kernel.files.scanner import ScannerDown, configured_scanner
from medskick.kernel.people.audience import PUBLIC, audience
from medskick.lib.codes import same_secret
from medskick.project import maintenance

MOST_QUEUE_SECONDS = 15 * 60
MOST_SEAL_SECONDS = 60 * 60
MOST_MAIL_SECONDS = 60 * 60
LEAST_FREE_BYTES = 2 * 1024**3
LEAST_FREE_SHARE = 0.05
_PROBE = UUID(int=0)  # a row of its own among the counts of failed tries, renewed at every look


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: in order or not, with a figure where there is one."""

    ok: bool
    figures: dict[str, Any]


def look() -> dict[str, Finding]:
    """Look at everything. What cannot be looked at is not in order."""
    return {name: _safely(check) for name, check in CHECKS.items()}


def _safely(check: Callable[[], Finding]) -> Finding:
    try:
        with transaction.atomic():
            return check()
    except (DatabaseError, InterfaceError, OSError, ScannerDown) as problem:
        return Finding(False, {"error": type(problem).__name__})


def _database() -> Finding:
    """A write that the pages' own role makes, in a table that every process may write."""
    begun = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into kernel_failedtries (bucket, failures, at) values (%s, 0, now())"
            " on conflict (bucket) do update set at = now()",
            [_PROBE],
        )
    return Finding(True, {"ms": round((time.perf_counter() - begun) * 1000, 1)})


def _queue() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*), coalesce(extract(epoch from now() - min(coalesce(j.scheduled_at, e.at))), 0)::float,"
            " (select count(*) from procrastinate_jobs where status = 'failed')"
            " from procrastinate_jobs j left join lateral (select min(at) as at from procrastinate_events"
            "  where job_id = j.id and type = 'deferred') e on true"
            " where j.status = 'todo' and coalesce(j.scheduled_at, now()) <= now()"
        )
        due, oldest, failed = cursor.fetchone()
    return Finding(
        oldest <= MOST_QUEUE_SECONDS, {"due": due, "oldest_due_seconds": round(oldest), "failed_jobs": failed}
    )


def _seals() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("select coalesce(extract(epoch from now() - oldest_unsealed()), 0)::float")
        (oldest,) = cursor.fetchone()
    return Finding(oldest <= MOST_SEAL_SECONDS, {"oldest_unsealed_seconds": round(oldest)})


def _disk() -> Finding:
    folder = Path(settings.FILES_DIR)
    while not folder.exists():
        folder = folder.parent
    room = shutil.disk_usage(folder)
    enough = room.free >= LEAST_FREE_BYTES and room.free >= room.total * LEAST_FREE_SHARE
    return Finding(enough, {"free_bytes": room.free, "total_bytes": room.total})


def _mail() -> Finding:
    """The queue of mails, where this version sends any."""
    with connection.cursor() as cursor:
        cursor.execute("select waiting, coalesce(extract(epoch from now() - since), 0)::float from mail_due()")
        found = cursor.fetchone()
    if found is None:
        return Finding(True, {"sends_mail": False})
    waiting, oldest = found
    return Finding(oldest <= MOST_MAIL_SECONDS, {"waiting": waiting, "oldest_seconds": round(oldest)})


def _migrations() -> Finding:
    loader = MigrationLoader(connection)
    left = set(loader.graph.nodes) - set(loader.applied_migrations)
    return Finding(not left, {"left": sorted(f"{app}.{name}" for app, name in left)})


def _scanner() -> Finding:
    configured_scanner(settings.DEMONSTRATION).finds([b"medskick"])
    return Finding(True, {})


def _maintenance() -> Finding:
    now = maintenance.in_file() or maintenance.in_database()
    return Finding(True, {"rests": now is not None and not now.read_only, "read_only": bool(now and now.read_only)})


CHECKS: dict[str, Callable[[], Finding]] = {
    "database": _database,
    "migrations": _migrations,
    "queue": _queue,
    "seals": _seals,
    "mail": _mail,
    "disk": _disk,
    "scanner": _scanner,
    "maintenance": _maintenance,
}


@audience(PUBLIC)
@require_safe
def health_deep(request: HttpRequest) -> HttpResponse:
    """200 with figures, or 503 with what is wrong. Without the right token there is no such page."""
    token = settings.HEALTH_TOKEN
    if not token or not same_secret(request.headers.get("Authorization", ""), f"Bearer {token}"):
        raise Http404
    found = look()
    wrong = [name for name, one in found.items() if not one.ok]
    body = {"ok": not wrong, "wrong": wrong} | {name: {"ok": one.ok, **one.figures} for name, one in found.items()}
    answer = JsonResponse(body, status=503 if wrong else 200)
    answer["Cache-Control"] = "no-store"
    return answer
