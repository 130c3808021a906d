"""Whatever is done with a document, and in whatever order: outside are read the versions that are open, and no others."""

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from medskick.kernel.documents.actions import change_draft, classify, fix_version, share_working_paper
from medskick.kernel.documents.models import DocumentVersion, VersionEvent
from medskick.kernel.documents.tests.making import make_draft
from medskick.kernel.records.actions import share
from medskick.kernel.records.classes import Classes
from medskick.kernel.records.models import Item, Record
from medskick.kernel.search.queries import search
from medskick.kernel.tests.world import World

STEPS = ["write", "publish", "withhold", "keep", "lend", "raise", "share"]
HIGH = Classes(3, 2, 1)


class Outside:
    """What a resident and a neighbour who was let in must see: kept by simple rules, beside the code."""

    def __init__(self) -> None:
        self.public: set[str] = set()
        self.lent: set[str] = set()
        self.kept: set[str] = set()
        self.shared = False


def do(world: World, step: str, latest: DocumentVersion, seen: Outside) -> DocumentVersion:
    by = world.owner
    if step == "write" or (latest.fixed and step in ("publish", "withhold", "keep", "lend")):
        return change_draft(latest, by=by, title="Badplatser", values={"rules": f"hemlig{latest.minor}"})
    if step == "publish":
        fixed = fix_version(latest, by=by, reason="Klar")
        seen.public.add(fixed.number)
        return fixed
    if step == "withhold":
        return fix_version(latest, by=by, reason="Klar", openness="withheld", why_not="Larm", secrecy="OSL 18 kap. 8 §")
    if step == "keep":
        fixed = fix_version(latest, by=by, reason="Klar", openness="readers", why_not="Bara vi")
        seen.kept.add(fixed.number)
        return fixed
    if step == "lend":
        share_working_paper(latest, by=by, with_organisations=[world.sotenas.id], reason="Titta")
        seen.lent.add(latest.number)
    document = Item.objects.get(pk=latest.document_id)
    if step == "share" and document.level != "public":
        share(document, by=by, with_token=world.sotenas.id)
        seen.shared = True
    if step == "raise" and latest.fixed and latest.item is not None:
        classify(Item.objects.get(pk=latest.item_id), by=by, classes=HIGH, reason="Larm")
        seen.public.discard(latest.number)
        seen.kept.discard(latest.number)
    return latest


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.lists(st.sampled_from(STEPS), max_size=7))
@example(["publish", "raise", "share"])
def test_outside_are_read_the_open_versions_and_no_others(world: World, steps: list[str]) -> None:
    seen = Outside()
    latest = make_draft(world)
    with world.acting(world.owner):
        for step in steps:
            latest = do(world, step, latest, seen)
        registered = Record.objects.filter(item__document_version__document=latest.document_id).count()
        assert registered == DocumentVersion.objects.fixed().filter(document=latest.document_id).count()
    with world.acting(world.resident):
        read = DocumentVersion.objects.filter(document=latest.document_id)
        assert {version.number for version in read} == seen.public
        assert {event.version.number for event in VersionEvent.objects.filter(version__in=read)} == seen.public
        if not seen.public:
            assert not [item for item in search("badplatser").items if item.id == latest.document_id]
    with world.acting(world.stranger):
        read = {version.number for version in DocumentVersion.objects.filter(document=latest.document_id)}
        # What was kept to the readers is read by those whom the document was shared with, at most.
        assert read - seen.kept == seen.public | seen.lent
        assert seen.shared or not read & seen.kept
