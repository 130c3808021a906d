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
