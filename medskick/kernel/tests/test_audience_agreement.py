"""One sentence says who may read (kernel.md D), and stands in three places: row policy, search, trace. They agree."""

from uuid import UUID, uuid4

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from medskick.kernel.organisations.scope import Scope, scope
from medskick.kernel.records.actions import create_item, link
from medskick.kernel.records.models import Item, Level, Relation
from medskick.kernel.search.queries import search
from medskick.kernel.tests.world import World
from medskick.kernel.trace.queries import steps_after, steps_before

WIDE = {"region", "shared", "organisation"}
TOKENS = [UUID(int=number) for number in range(1, 6)]
some_tokens = st.frozensets(st.sampled_from(TOKENS), max_size=3)


@pytest.fixture
def public_neighbours(world: World) -> tuple[Item, Item]:
    """Two items that everyone reads, to walk from and to."""
    with world.acting(world.owner):
        made = [
            create_item(by=world.owner, kind="kernel.document", title=f"Öppen {word}", level=Level.PUBLIC)
            for word in ("före", "efter")
        ]
    return made[0], made[1]


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    level=st.sampled_from(Level.values), readers=some_tokens, reach=some_tokens, own=st.sets(st.sampled_from([0, 1]))
)
def test_row_policy_search_and_trace_agree(
    world: World,
    public_neighbours: tuple[Item, Item],
    level: str,
    readers: frozenset[UUID],
    reach: frozenset[UUID],
    own: set[int],
) -> None:
    before, after = public_neighbours
    word = f"zq{uuid4().hex[:10]}"
    # The writer must read what she links; her token is in no reader's reach below.
    writer = world.owner.person
    with world.acting(world.owner):
        item = create_item(by=world.owner, kind="kernel.document", title=word, level=level, readers=[*readers, writer])
        link(by=world.owner, from_item=before, to_item=item, relation=Relation.GAVE_RISE_TO)
        link(by=world.owner, from_item=item, to_item=after, relation=Relation.GAVE_RISE_TO)
    owns = frozenset([world.tanum.id, world.sotenas.id][number] for number in own)
    expected = level == "public" or (level in WIDE and world.tanum.id in owns) or bool(readers & reach)
    with scope(Scope(None, own=owns, reach=reach)):
        with connection.cursor() as cursor:
            cursor.execute("select count(*) from kernel_item where id = %s", [item.id])
            by_policy = cursor.fetchone() == (1,)
        by_search = [found.id for found in search(word).items] == [item.id]
        onwards = {step.item: step for step in steps_after(before)}
        back = {step.item: step for step in steps_before(after)}
        starts = bool(steps_after(item))
    assert (by_policy, by_search, starts) == (expected, expected, expected)
    told = level != "sealed" or expected
    for steps in (onwards, back):
        assert (item.id in steps) == told
        if told:
            assert steps[item.id].readable == expected
            assert (steps[item.id].title == word, bool(steps[item.id].number)) == (expected, expected)
