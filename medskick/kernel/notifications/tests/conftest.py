from typing import Any

import pytest


@pytest.fixture
def town(world: Any) -> Any:
    from medskick.kernel.notifications.tests.mailing import Town

    return Town(world)


@pytest.fixture
def post() -> Any:
    from medskick.kernel.notifications.tests.mailing import Post

    return Post()
