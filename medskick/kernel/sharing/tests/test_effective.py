"""The rules of the effective text and of what a new version changes, without a database but for the last story."""

from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from medskick.kernel.documents.actions.versions import create_version_item
from medskick.kernel.documents.models import DocumentVersion
from medskick.kernel.records.models import Item, Level
from medskick.kernel.sharing.actions.adopting import adopt
from medskick.kernel.sharing.actions.following import adopt_new_version, override
from medskick.kernel.sharing.effective import Own, changes, effective
from medskick.kernel.sharing.models import Override
from medskick.kernel.sharing.queries import effective_text
from medskick.kernel.sharing.tests.story import shared_guideline
from medskick.kernel.tests.world import World

words = st.text(alphabet="ab \n", max_size=6)
modes = st.sampled_from(("locked", "default", "free", "unknown"))
KEYS = ("k1", "k2", "k3", "k4")


@st.composite
def fields(draw: Any) -> list[dict[str, str]]:
    keys = draw(st.lists(st.sampled_from(KEYS), unique=True))
    return [{"key": key, "label": key.upper(), "mode": draw(modes), "value": draw(words)} for key in keys]


overrides = st.dictionaries(st.sampled_from(KEYS), st.builds(Own, words, words))


@given(fields(), overrides)
def test_a_field_says_what_the_source_or_the_override_says_and_a_locked_one_the_source(
    version: list[dict[str, str]], own: dict[str, Own]
) -> None:
    said = effective(version, own)
    assert [one.key for one in said] == [one["key"] for one in version]
    for one, field in zip(said, version, strict=True):
        free = field["mode"] in ("default", "free")
        assert one.value == (own[one.key].value if free and one.key in own else field["value"])
        assert (one.own is not None) == (free and one.key in own)
        assert one.locked == (not free), "what is not known is locked"


@given(fields(), fields(), overrides)
def test_every_field_of_both_versions_is_told_once_and_its_pieces_make_both_texts(
    pinned: list[dict[str, str]], new: list[dict[str, str]], own: dict[str, Own]
) -> None:
    told = changes(pinned, new, own)
    before, after = {one["key"]: one for one in pinned}, {one["key"]: one for one in new}
    assert sorted(one.key for one in told) == sorted(before.keys() | after.keys())
    for one in told:
        was, now = before.get(one.key), after.get(one.key)
        assert (one.state == "new", one.state == "gone") == (was is None, now is None)
        if was and now:
            same = was["value"] == now["value"] and one.mode_before == one.mode_after
            assert (one.state == "same") == same
        assert "".join(piece.text for piece in one.pieces if piece.kind != "added") == one.before
        assert "".join(piece.text for piece in one.pieces if piece.kind != "removed") == one.after
        assert one.may_keep == (one.key in own and now is not None and now["mode"] in ("default", "free"))


def test_an_own_wording_goes_when_the_source_locks_its_field_or_takes_it_away(world: World) -> None:
    item, version = shared_guideline(world, world.sotenas.id)
    by = world.stranger
    with world.acting(by):
        adoption = adopt(Item.objects.get(id=item.id), by=by)
        for field in ("covers", "local", "responsible"):
            override(adoption, by=by, field=field, value="Vårt eget.", reason="Vi vill")
    with world.acting(world.owner):
        kept = [one for one in version.fields if one["key"] != "local"]
        its_item = create_version_item(
            version.document,
            by=world.owner,
            title="Riktlinje",
            number="2.0",
            level=Level.SHARED,
            readers=[world.sotenas.id],
        )
        second = DocumentVersion(
            item=its_item,
            owner_id=world.tanum.id,
            document_id=version.document_id,
            major=2,
            minor=0,
            title=version.title,
            fields=[{**one, "mode": "locked" if one["key"] == "covers" else one["mode"]} for one in kept],
            by_name="Olle Ägare",
            fixed_at=timezone.now(),
        )
        second.save(force_insert=True)
    with world.acting(by):
        for refused in ("covers", "local"):
            with pytest.raises(ValueError, match="egen lydelse"):
                adopt_new_version(adoption, by=by, version=second, kept={refused: "Vi vill", "responsible": "Ja"})
        adopt_new_version(adoption, by=by, version=second, kept={"responsible": "Fortfarande"})
        said = {one.key: one.value for one in effective_text(adoption, second)}
        assert (said["covers"], said["responsible"], "local" in said) == ("Alla förvaltningar.", "Vårt eget.", False)
        assert [one.field for one in Override.objects.filter(ended_at__isnull=True)] == ["responsible"]
