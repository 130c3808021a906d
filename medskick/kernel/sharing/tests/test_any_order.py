"""Whatever is done in whatever order: the effective text is the pinned one with the overrides, a locked field is the
source's, and the adopter reads what is shared with it now, and what it has pinned. Against a model that is plain dicts."""

from dataclasses import dataclass, field
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import F
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from medskick.kernel.documents.models import DocumentVersion
from medskick.kernel.records.models import Item, Share
from medskick.kernel.sharing.actions.adopting import adopt, consider, decline, end_adoption
from medskick.kernel.sharing.actions.following import (
    adopt_new_version,
    back_to_source,
    decline_new_version,
    override,
)
from medskick.kernel.sharing.actions.sharing import end_sharing, share_document
from medskick.kernel.sharing.models import Adoption, AdoptionStatus, Override
from medskick.kernel.sharing.queries import effective_text, latest_version, newer_version, pinned
from medskick.kernel.sharing.tests.story import TEXT, guideline, next_version
from medskick.kernel.tests.world import World

MODES = {"purpose": "locked", "rules": "locked", "covers": "default", "responsible": "default", "local": "free"}
FIELDS, WORDS = sorted(MODES), ("ett", "två", "tre", "")

step = st.one_of(
    st.tuples(
        st.just("share"), st.sampled_from(("own", "circle", "other")), st.sampled_from((Share.READ, Share.ADOPT))
    ),
    st.tuples(st.just("end"), st.integers(0, 5)),
    st.tuples(st.sampled_from(("adopt", "consider", "decline", "leave", "stay"))),
    st.tuples(st.just("override"), st.sampled_from(FIELDS), st.sampled_from(WORDS)),
    st.tuples(st.just("back"), st.sampled_from(FIELDS)),
    st.tuples(st.just("fix"), st.sampled_from(FIELDS), st.sampled_from(WORDS)),
    st.tuples(st.just("follow"), st.booleans()),
)


@dataclass
class Model:
    """What ought to be, kept apart from what is."""

    versions: list[DocumentVersion]
    texts: dict[UUID, dict[str, str]]
    shares: dict[UUID, tuple[str, str]] = field(default_factory=dict)
    status: str | None = None
    pin: DocumentVersion | None = None
    ever: set[UUID] = field(default_factory=set)
    own: dict[str, str] = field(default_factory=dict)

    @property
    def reads(self) -> bool:
        return any(whom != "other" for whom, _may in self.shares.values())

    @property
    def may_adopt(self) -> bool:
        return any(whom != "other" and may == Share.ADOPT for whom, may in self.shares.values())

    @property
    def readable(self) -> set[UUID]:
        return {one.id for one in self.versions} | self.ever if self.reads else self.ever

    @property
    def effective(self) -> dict[str, str]:
        assert self.pin is not None
        return {**self.texts[self.pin.id], **self.own}


@given(steps=st.lists(step, min_size=6, max_size=18))
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_in_any_order(world: World, steps: list[tuple[str, ...]]) -> None:
    with world.acting(world.owner):
        first = guideline(world.owner)
    model = Model([first], {first.id: dict(TEXT)})
    for name, *given_values in [("share", "own", Share.ADOPT), *steps]:
        globals()[f"do_{name}"](world, model, *given_values)
        look(world, model)


def look(world: World, model: Model) -> None:
    source = model.versions[0].document_id
    ids = [one.id for one in model.versions]
    with world.acting(world.stranger):
        assert set(DocumentVersion.objects.filter(document_id=source).values_list("id", flat=True)) == model.readable
        assert Item.objects.filter(id=source).exists() == model.reads
        adoption = Adoption.objects.filter(source_id=source).first()
        assert (adoption.status if adoption else None) == model.status
        if model.status == AdoptionStatus.ADOPTED:
            version = pinned(adoption)
            assert version == model.pin
            assert {one.key: one.value for one in effective_text(adoption, version)} == model.effective
            locked = {one.key for one in effective_text(adoption, version) if one.locked}
            assert all(model.effective[key] == model.texts[version.id][key] for key in locked)
            newest = model.versions[-1] if model.reads and model.versions[-1] != model.pin else None
            assert newer_version(adoption) == newest
        assert Override.objects.filter(value=F("field")).count() == 0
        assert ids[-1] == model.versions[-1].id
    with world.acting(world.resident):
        assert not DocumentVersion.objects.filter(document_id=source).exists()


def do_share(world: World, model: Model, whom: str, may: str) -> None:
    token = {"own": world.sotenas.id, "circle": world.region.circle, "other": world.region.id}[whom]
    with world.acting(world.owner):
        made = share_document(_item(model), by=world.owner, with_token=token, may=may)
    model.shares[made.id] = (whom, may)


def do_end(world: World, model: Model, which: int) -> None:
    if model.shares:
        key = sorted(model.shares)[which % len(model.shares)]
        with world.acting(world.owner):
            end_sharing(Share.objects.select_related("item").get(id=key), by=world.owner, reason="Slut")
        del model.shares[key]


def do_fix(world: World, model: Model, key: str, word: str) -> None:
    with world.acting(world.owner):
        made = next_version(model.versions[-1], world.owner, {key: word})
    model.texts[made.id] = {**model.texts[model.versions[-1].id], key: word}
    model.versions.append(made)


def do_adopt(world: World, model: Model) -> None:
    _stand(world, model, AdoptionStatus.ADOPTED)


def do_consider(world: World, model: Model) -> None:
    _stand(world, model, AdoptionStatus.CONSIDERED)


def do_decline(world: World, model: Model) -> None:
    _stand(world, model, AdoptionStatus.DECLINED)


MAY = {
    None: {"considered", "adopted", "declined"},
    "considered": {"adopted", "declined"},
    "declined": {"considered", "adopted"},
    "adopted": set(),
    "ended": {"considered", "adopted"},
}


def _stand(world: World, model: Model, status: str) -> None:
    by = world.stranger
    verb = {"adopted": adopt, "considered": consider, "declined": decline}[status]
    with world.acting(by):
        source = Item.objects.filter(id=model.versions[0].document_id).first()
        assert (source is not None) == model.reads
        if source is None:
            return
        try:
            verb(source, by=by, reason="Därför")
        except PermissionDenied:
            assert not model.may_adopt or status not in MAY[model.status]
            return
    assert model.may_adopt
    assert status in MAY[model.status]
    model.status = status
    if status == "adopted":
        model.pin = model.versions[-1]
        model.ever.add(model.pin.id)


def do_leave(world: World, model: Model) -> None:
    adoption = _adoption(world, model)
    if adoption is not None and model.status == "adopted":
        with world.acting(world.stranger):
            end_adoption(adoption, by=world.stranger, reason="Slut")
        model.status, model.own = "ended", {}


def do_stay(world: World, model: Model) -> None:
    adoption = _adoption(world, model)
    if adoption is None or model.status != "adopted":
        return
    with world.acting(world.stranger):
        newest = latest_version(adoption.source_id)
        try:
            decline_new_version(adoption, by=world.stranger, version=newest, reason="Vi stannar")
        except PermissionDenied:
            assert not (model.may_adopt and model.versions[-1] != model.pin)


def do_override(world: World, model: Model, key: str, word: str) -> None:
    adoption = _adoption(world, model)
    if adoption is None:
        return
    with world.acting(world.stranger):
        try:
            override(adoption, by=world.stranger, field=key, value=word, reason="Vi vill")
        except PermissionDenied:
            assert model.status != "adopted" or MODES[key] == "locked"
            return
        except ValueError:
            assert model.pin is not None
            assert word == model.texts[model.pin.id][key]
            return
    assert MODES[key] != "locked"
    model.own[key] = word


def do_back(world: World, model: Model, key: str) -> None:
    adoption = _adoption(world, model)
    if adoption is not None and model.status == "adopted":
        with world.acting(world.stranger):
            back_to_source(adoption, by=world.stranger, field=key)
        model.own.pop(key, None)


def do_follow(world: World, model: Model, keep: bool) -> None:
    adoption = _adoption(world, model)
    if adoption is None or model.status != "adopted":
        return
    kept = dict.fromkeys(model.own, "Fortfarande") if keep else {}
    with world.acting(world.stranger):
        newest = latest_version(adoption.source_id) or model.versions[-1]
        try:
            adopt_new_version(adoption, by=world.stranger, version=newest, kept=kept)
        except PermissionDenied:
            assert not (model.may_adopt and model.versions[-1] != model.pin)
            return
    model.pin = model.versions[-1]
    model.ever.add(model.pin.id)
    model.own = model.own if keep else {}
    _only_what_may_be_own(model)


def _only_what_may_be_own(model: Model) -> None:
    """What the source says itself by now is no wording of one's own."""
    assert model.pin is not None
    text = model.texts[model.pin.id]
    model.own = {key: word for key, word in model.own.items() if word != text[key]}


def _item(model: Model) -> Item:
    return Item.objects.get(id=model.versions[0].document_id)


def _adoption(world: World, model: Model) -> Adoption | None:
    with world.acting(world.stranger):
        found = Adoption.objects.select_related("item").filter(source_id=model.versions[0].document_id)
        return found.first()
