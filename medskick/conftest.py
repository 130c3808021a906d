"""Fixtures for the tests beside the code. Imports stand inside, since pytest reads this before Django is set up."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from medskick.kernel.tests.world import World


@pytest.fixture
def world(db: None) -> "Iterator[World]":
    """A region with Tanum and Sotenäs, and the three known people: owner, colleague, stranger."""
    from medskick.kernel.organisations import places
    from medskick.kernel.tests.world import make_world

    yield make_world()
    places.forget()
