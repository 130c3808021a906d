"""Two residents who can log in. Imports stand inside, since pytest reads this before Django is set up."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from medskick.kernel.assistance.tests.people import Neighbours


@pytest.fixture
def neighbours(monkeypatch: pytest.MonkeyPatch) -> "Neighbours":
    from medskick.kernel.assistance.tests.people import make_neighbours

    return make_neighbours(monkeypatch)
