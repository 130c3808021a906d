"""Fixtures of services. Imports stand inside, since pytest reads this before Django is set up."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from medskick.services.cases.tests.officers import Office


@pytest.fixture
def office(db: None) -> "Iterator[Office]":
    """Tanum with three units, and the people around a case."""
    from medskick.kernel.organisations import places
    from medskick.services.cases.tests.officers import make_office

    yield make_office()
    places.forget()


@pytest.fixture(autouse=True)
def at_no_municipality() -> None:
    """The test client, unlike a server, keeps the script prefix of the request before."""
    from django.urls import clear_script_prefix

    clear_script_prefix()
