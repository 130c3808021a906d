"""Migrations, run as the owner role by one process at a time."""

import contextlib
import hashlib
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from medskick.project.places import PACKAGE_DIR

_LOCK = 4_729_001  # any fixed number: PostgreSQL's name for "somebody is migrating Medskick"


def pending() -> list[str]:
    """The migrations that are left to run, as `app.name`."""
    executor = MigrationExecutor(connections["owner"])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def migrate() -> None:
    """Run what is left, and renew the row policies (the kernel does that after every migrate)."""
    with _alone():
        call_command("migrate", database="owner", verbosity=0, interactive=False, skip_checks=True)
        _stamp().write_text(_sources_hash())


def migrate_if_needed() -> bool:
    """Quickly nothing when neither tables nor row policies changed since last time; else True."""
    stamp = _stamp()
    if stamp.exists() and stamp.read_text() == _sources_hash() and not pending():
        return False
    migrate()
    return True


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
    try:
        yield
    finally:
        if connections["owner"].connection is not None:
            with connections["owner"].cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def _stamp() -> Path:
    return Path(settings.VAR_DIR) / "migrated"


def _sources_hash() -> str:
    """Of everything that the row policies are made from: models, who registers them, and the policies themselves."""
    total = hashlib.sha256()
    for pattern in ("**/models.py", "**/apps.py", "**/row_policies.py", "**/sql_*.py", "**/migrations/*.py"):
        for path in sorted(PACKAGE_DIR.glob(pattern)):
            total.update(str(path).encode() + path.read_bytes())
    return total.hexdigest()
