"""The site rests on order: a plain page, nothing saved, what was typed given back; and read-only lets reading be."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.test import Client, override_settings
from django.utils import timezone

from medskick.kernel.tests.world import make_world
from medskick.project import maintenance
from medskick.project.commands import maintenance as command

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


@pytest.fixture(autouse=True)
def serving_afterwards(settings: Any, tmp_path: Path) -> Iterator[None]:
    """In a folder of its own: the tests beside this one would rest with it."""
    settings.VAR_DIR = tmp_path
    yield
    maintenance.end()


def test_every_page_rests_and_says_when_to_come_back() -> None:
    until = timezone.now() + timedelta(minutes=40)
    maintenance.begin(message="Vi byter databas.", until=until)
    answer = Client().get("/")
    page = answer.content.decode()
    assert answer.status_code == 503
    assert 2300 <= int(answer["Retry-After"]) <= 2400
    assert "Vi byter databas." in page
    assert timezone.localtime(until).strftime("%H.%M") in page
    assert Client().get("/halsa").status_code == 200
    assert maintenance.end()
    make_world()
    assert Client().get("/").status_code == 200


def test_what_was_typed_comes_back_and_nothing_reaches_the_view() -> None:
    maintenance.begin()
    answer = Client().post("/sok", {"text": "Mormor kan inte boka färdtjänst"})
    assert answer.status_code == 503
    assert "Mormor kan inte boka färdtjänst</textarea>" in answer.content.decode()


def test_read_only_lets_reading_be_and_refuses_what_is_sent() -> None:
    make_world()
    maintenance.begin(read_only=True)
    assert Client().get("/").status_code == 200
    answer = Client().post("/sprak", {"language": "en"})
    assert answer.status_code == 503
    assert "Just nu går det bara att läsa" in answer.content.decode()


def test_an_operator_passes_with_the_secret_and_nobody_with_another() -> None:
    make_world()
    secret = maintenance.begin().passing
    assert Client().get("/", headers={"X-Medskick-Pass": secret}).status_code == 200
    for wrong in ("", "fel", secret[:-1]):
        assert Client().get("/", headers={"X-Medskick-Pass": wrong}).status_code == 503


def test_it_is_seen_without_a_database_and_without_the_file() -> None:
    """The file is for the machine itself, also when the database is down; the row is for the other machines."""
    begun = maintenance.begin()
    assert maintenance.in_file() == begun
    maintenance._path().unlink()
    assert maintenance.in_file() is None
    with connections["owner"].cursor() as cursor:
        cursor.execute("select content ->> 'passing' from kernel_maintenancenotice where ended_at is null")
        assert cursor.fetchall() == [(begun.passing,)]


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_another_machine_sees_it_and_its_end() -> None:
    """There is no file there; the database is asked anew every few seconds."""
    make_world()
    begun = maintenance.begin(message="Vi byter databas.")
    maintenance._path().unlink()
    with override_settings(MAINTENANCE_ASKS_DATABASE=5):
        elsewhere = maintenance.MaintenanceMiddleware(lambda request: None)  # type: ignore[arg-type,return-value]
        assert elsewhere._elsewhere() == begun
        maintenance.end()
        assert elsewhere._elsewhere() == begun  # asked a moment ago
        elsewhere.asked_at = float("-inf")
        assert elsewhere._elsewhere() is None


def test_a_file_that_cannot_be_read_counts_as_rest() -> None:
    maintenance._path().write_text("{half")
    assert Client().get("/").status_code == 503


def test_a_time_that_has_passed_is_refused() -> None:
    with pytest.raises(command.CommandProblem):
        command._in_future(timezone.now() - timedelta(minutes=1))
