"""The operator's watch: what is wrong is said, and nothing about anybody."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.utils import timezone

from medskick.kernel.log.actions import log
from medskick.kernel.log.models import LogEntry
from medskick.kernel.organisations.models import Organisation
from medskick.kernel.tests.world import make_world
from medskick.project import health

pytestmark = pytest.mark.django_db
TOKEN = "t" * 40


def deep(token: str = TOKEN) -> Any:
    with override_settings(HEALTH_TOKEN=TOKEN):
        return Client().get("/halsa/djup", headers={"Authorization": f"Bearer {token}"})


def test_without_the_token_there_is_no_such_page() -> None:
    for answer in (Client().get("/halsa/djup"), deep(""), deep("annan"), deep(TOKEN + "t")):
        assert answer.status_code == 404
    with override_settings(HEALTH_TOKEN=""):
        assert Client().get("/halsa/djup", headers={"Authorization": "Bearer "}).status_code == 404


def test_a_sound_server_says_so_in_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "LEAST_FREE_BYTES", 0)
    monkeypatch.setattr(health, "LEAST_FREE_SHARE", 0)
    make_world()
    answer = deep()
    found = answer.json()
    assert answer.status_code == 200, found
    assert found["wrong"] == []
    assert found["database"]["ms"] > 0
    assert found["migrations"] == {"ok": True, "left": []}
    assert found["queue"]["oldest_due_seconds"] == 0


def test_an_old_job_and_an_old_unsealed_row_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "LEAST_FREE_BYTES", 0)
    monkeypatch.setattr(health, "LEAST_FREE_SHARE", 0)
    world = make_world()
    with world.acting(world.owner):
        log("document.read", by=world.owner)
        entry = LogEntry(owner_id=world.tanum.id, verb="a.b", actor_kind="person", channel="web")
        entry.at = timezone.now() - timedelta(hours=3)
        entry.save(force_insert=True)
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into procrastinate_jobs (queue_name, task_name, args, scheduled_at)"
            " values ('default', 'x', '{}', now() - interval '2 hours')"
        )
    answer = deep()
    found = answer.json()
    assert answer.status_code == 503
    assert found["wrong"] == ["queue", "seals"]
    assert 7000 < found["queue"]["oldest_due_seconds"] < 7400
    assert 10700 < found["seals"]["oldest_unsealed_seconds"] < 11000


def test_a_full_disk_and_a_silent_scanner_are_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(health, "LEAST_FREE_SHARE", 2)
    monkeypatch.setenv("MEDSKICK_CLAMD", str(tmp_path / "nobody"))
    answer = deep()
    assert answer.status_code == 503
    assert {"disk", "scanner"} <= set(answer.json()["wrong"])


def test_a_migration_that_is_left_is_told() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from django_migrations")
    from django.db.migrations import loader

    class Fewer(loader.MigrationLoader):
        def build_graph(self) -> None:
            super().build_graph()
            self.applied_migrations.pop(("kernel", "0002_failed_tries"))

    kept, health.MigrationLoader = health.MigrationLoader, Fewer  # type: ignore[misc]
    try:
        assert deep().json()["migrations"] == {"ok": False, "left": ["kernel.0002_failed_tries"]}
    finally:
        health.MigrationLoader = kept  # type: ignore[misc]


def test_no_name_is_in_it() -> None:
    world = make_world()
    told = json.dumps(deep().json(), ensure_ascii=False)
    for secret in (*Organisation.objects.values_list("short_name", flat=True), world.owner.name, str(world.tanum.id)):
        assert secret not in told
