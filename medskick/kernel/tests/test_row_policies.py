"""What the declarations come to in SQL, where reading and writing must differ."""

import pytest

from medskick.kernel.organisations.row_policies import ACTING, ByParent, Unscoped
from medskick.kernel.records.models import Item, Share


def test_a_part_is_read_with_its_parent_and_written_by_the_parents_owner() -> None:
    policy, parent = ByParent("item"), Item.row_policy.write(Item)
    assert "owner_id" not in policy.read(Share)
    assert policy.write(Share) == (
        f"exists (select 1 from kernel_item where kernel_item.id = kernel_share.item_id and ({parent}))"
    )
    assert ACTING in policy.write(Share)


def test_a_part_of_an_unscoped_parent_must_say_who_writes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Item, "row_policy", Unscoped("for this test"))
    with pytest.raises(TypeError):
        ByParent("item").write(Share)
