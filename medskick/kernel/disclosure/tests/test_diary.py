"""The open diary tells all that is registered, and of what is not public no more than it may."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from medskick.kernel.disclosure import diary_actions
from medskick.kernel.disclosure.actions import DisclosureRefused, ask_for_record
from medskick.kernel.disclosure.models import DiaryRevision, DisclosureRequest
from medskick.kernel.disclosure.queries import COUNTED, DiaryLine, DiarySearch, due_for_disposal, parse_diary_number
from medskick.kernel.disclosure.rules import retention_schedule
from medskick.kernel.organisations.actor import role_token
from medskick.kernel.organisations.scope import Scope, scope
from medskick.kernel.records.actions import create_item, register
from medskick.kernel.records.models import Item, Level, Record, VoidedNumber
from medskick.kernel.tests.world import World, page_queries
from medskick.lib.dates import say_date

NOBODY = Scope(None)


def entered(world: World, *, title: str = "En handling", public_title: str = "", **more: object) -> Record:
    """A registered record of Tanum that its registrars read."""
    level = more.pop("level", Level.PARTIES)
    party = more.pop("party", "invånare")
    readers = [role_token(world.tanum.id, "registrar")]
    with world.acting(world.owner):
        item = create_item(
            by=world.owner, kind="kernel.document", title=title, summary=f"{title} igen", level=level, readers=readers
        )
        register(item, by=world.owner, party=str(party), public_title=public_title, **more)
    with world.acting(world.owner):
        return Record.objects.select_related("item").get(item_id=item.id)


def lines(world: World, words: str = "", **span: date) -> list[DiaryLine]:
    with scope(NOBODY):
        return DiarySearch(world.tanum.id, words, **span).page(skip=0, most=100)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    level=st.sampled_from(Level.values),
    public_title=st.sampled_from(["", "En öppen rubrik"]),
    withheld=st.booleans(),
    asker=st.sampled_from(["nobody", "stranger", "resident", "owner"]),
)
def test_nothing_more_is_told_than_the_registrar_wrote(
    world: World, level: str, public_title: str, withheld: bool, asker: str
) -> None:
    title, party = f"hemlig{uuid4().hex[:10]}", f"part{uuid4().hex[:10]}"
    record = entered(world, title=title, public_title=public_title, level=level, party=party)
    with world.acting(world.owner):
        Record.objects.filter(pk=record.pk).update(party_withheld=withheld)
    reader = NOBODY if asker == "nobody" else getattr(world, asker).scope()
    with scope(reader):
        (line,) = DiarySearch(world.tanum.id, record.diary_number).page(skip=0, most=5)
        by_title = DiarySearch(world.tanum.id, title).page(skip=0, most=5)
        by_summary = DiarySearch(world.tanum.id, f"{title} igen").page(skip=0, most=5)
        by_party = DiarySearch(world.tanum.id, party).page(skip=0, most=5)
    told = repr(line)
    public, sealed = level == Level.PUBLIC, level == Level.SEALED
    written = bool(public_title) and not sealed
    assert (title in told) == (public and not public_title)
    assert (party in told) == ((public or written) and not withheld)
    assert [len(by_title), len(by_summary), len(by_party)] == [title in told, 0, party in told]
    assert (line.number == record.item.number) == public
    assert line.state == ("sealed" if sealed else "public" if public else "told" if public_title else "kind")
    if sealed:
        assert (line.kind, line.subject, line.party, line.secrecy, line.number) == ("", "", "", "", "")


def test_all_that_is_registered_is_told_the_latest_first(world: World) -> None:
    made = [entered(world, level=level) for level in Level.values]
    assert [one.serial for one in lines(world)] == sorted((one.serial for one in made), reverse=True)
    with scope(NOBODY):
        assert DiarySearch(world.sotenas.id).page(skip=0, most=5) == []


def test_a_voided_number_stays_and_tells_nothing(world: World) -> None:
    record = entered(world, title="Fel", public_title="En rubrik", level=Level.PUBLIC)
    with world.acting(world.owner):
        diary_actions.void_diary_number(record, by=world.owner, reason="Registrerad två gånger")
        with pytest.raises(DisclosureRefused):
            diary_actions.void_diary_number(record, by=world.owner, reason="En gång till")
    (line,) = lines(world)
    assert (line.state, line.subject, line.party, line.number) == ("voided", "", "", "")
    page = world.client().get("/tanum/diarium").content.decode()
    assert "Makulerat nummer" in page and "två gånger" not in page
    with world.acting(world.owner):
        assert VoidedNumber.objects.count() == 1


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("brygga", {"Bryggan i hamnen"}),
        ("HAMNEN brygg", {"Bryggan i hamnen"}),
        ("skolan", {"Om 100 % av skolan"}),
        ("100 %", {"Om 100 % av skolan"}),
        ("%", {"Om 100 % av skolan"}),
        ("_", set()),
        ("dokument", {"Bryggan i hamnen", "Om 100 % av skolan"}),
        ("finns inte", set()),
    ],
)
def test_words_are_looked_for_in_what_is_told(world: World, words: str, found: set[str]) -> None:
    for title in ("Bryggan i hamnen", "Om 100 % av skolan"):
        entered(world, title="x", public_title=title)
    assert {one.subject for one in lines(world, words)} == found
    with scope(NOBODY):
        assert DiarySearch(world.tanum.id, words).count() == len(found)


def test_days_are_both_included(world: World) -> None:
    noon = timezone.make_aware(timezone.datetime(2026, 3, 5, 12))
    for days in range(3):
        entered(world, public_title=str(days), registered_at=noon + timedelta(days=days))
    first, last = date(2026, 3, 5), date(2026, 3, 6)
    assert [one.subject for one in lines(world, since=first, until=last)] == ["1", "0"]
    assert [one.subject for one in lines(world, since=last)] == ["2", "1"]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("TA 2026-00012", (2026, 12)),
        (" ta2026-12 ", (2026, 12)),
        ("2026/7", (2026, 7)),
        ("TA 2026-00012 bryggan", None),
        ("99999-1", None),
        ("2026-999999999999", None),
        ("", None),
    ],
)
def test_a_diary_number_is_read_as_people_write_it(text: str, number: tuple[int, int] | None) -> None:
    assert parse_diary_number(text) == number


def test_the_diary_always_says_the_year(world: World) -> None:
    entered(world, title="Hamnplanen")
    year = timezone.localdate().year
    day = say_date(timezone.localdate(), weekday=False, year=True)
    assert day.endswith(f" {year}")
    assert day in world.client().get("/tanum/diarium").content.decode()
    assert day in world.client(world.owner).get("/arbete/diarium").content.decode()


def test_the_diary_page_costs_the_same_with_more_rows(world: World) -> None:
    browser = world.client()
    entered(world)
    page_queries(browser, "/tanum/diarium")
    one = page_queries(browser, "/tanum/diarium?ord=handling")
    for _ in range(3):
        entered(world)
    three = page_queries(browser, "/tanum/diarium?ord=handling")
    assert len(one) <= 8 and len(one) == len(three)


@pytest.mark.parametrize("address", ["?fran=igar", "?ord=%00x", "?till=2026-13-40", "?ord=" + "x" * 500])
def test_what_cannot_be_searched_for_is_said_plainly(world: World, address: str) -> None:
    assert world.client().get(f"/tanum/diarium{address}").status_code == 422


def test_the_staff_diary_costs_the_same_with_more_rows(world: World) -> None:
    browser = world.client(world.owner)
    entered(world)
    page_queries(browser, "/arbete/diarium")
    one = page_queries(browser, "/arbete/diarium")
    for _ in range(3):
        entered(world)
    three = page_queries(browser, "/arbete/diarium")
    assert len(one) <= 8 and len(one) == len(three)


def test_a_registrar_writes_what_everybody_reads(world: World) -> None:
    record = entered(world, title="Anmälan om granne")
    browser = world.client(world.owner)
    page = f"/arbete/diarium/{record.item_id}"
    typed = {"public_title": "Anmälan", "party": "invånare", "party_withheld": "on", "secrecy": "21 kap. 7 § OSL"}
    levels = {"confidentiality": "3", "integrity": "2", "availability": "0"}
    for view in ("alla", "utan-rubrik", "oklassade"):
        assert page in browser.get(f"/arbete/diarium?visa={view}").content.decode()
    assert browser.post(page, typed | levels).status_code == 302
    for view, listed in (("alla", True), ("utan-rubrik", False), ("oklassade", False), ("sekretess", True)):
        assert (page in browser.get(f"/arbete/diarium?visa={view}").content.decode()) == listed, view
    assert page in browser.get(f"/arbete/diarium?ord={record.diary_number.replace('-', chr(0x2011))}").content.decode()
    (line,) = lines(world)
    assert (line.subject, line.party, line.secrecy) == ("Anmälan", "", "21 kap. 7 § OSL")
    with world.acting(world.owner):
        changed = Record.objects.get(pk=record.pk)
        (revision,) = DiaryRevision.objects.filter(record=record)
    assert (changed.confidentiality, changed.integrity, changed.availability, changed.party) == (3, 2, 0, "invånare")
    assert (revision.by_name, revision.confidentiality) == ("Olle Ägare", 3)
    # Nobody's number ends up in a diary that everybody reads.
    refused = browser.post(page, typed | levels | {"public_title": "Anmälan om 19850709-4386"})
    assert refused.status_code == 422 and "Diariet läses av alla" in refused.content.decode()
    with world.acting(world.owner), pytest.raises(DisclosureRefused):
        diary_actions.revise_diary(
            record, by=world.owner, public_title="Ring 070-174 06 05", party="", party_withheld=False
        )


def test_the_diary_as_a_file_is_safe_to_open(world: World) -> None:
    entered(world, title="=HYPERLINK(1)", public_title="@import")
    file = world.client(world.owner).get("/arbete/diarium.csv").content.decode("utf-8-sig")
    assert len(file.splitlines()) == 2
    assert ";=HYPERLINK" not in file and ";@import" not in file and "HYPERLINK" in file


def test_another_authority_gets_nowhere(world: World) -> None:
    record = entered(world)
    browser = world.client(world.stranger)
    for page in ("", "/makulering", "/stopp"):
        assert browser.get(f"/arbete/diarium/{record.item_id}{page}").status_code == 404
    assert str(record.item_id) not in browser.get("/arbete/diarium").content.decode()
    with world.acting(world.stranger):
        for verb in (
            lambda: diary_actions.void_diary_number(record, by=world.stranger, reason="x"),
            lambda: diary_actions.hold(record, by=world.stranger, reason="x"),
            lambda: diary_actions.dispose(record, by=world.stranger, decision="x"),
        ):
            with pytest.raises(PermissionDenied):
                verb()


def old_request(world: World, years: int = 3) -> Record:
    """A request that was answered long ago: the kind that there is a way to dispose of."""
    then = timezone.now() - timedelta(days=366 * years)
    with world.acting(world.phone(world.tanum)) as nobody:
        asked = ask_for_record(by=nobody, organisation=world.tanum.id, wanted="Allt om bryggan", at=then)
    with world.acting(world.owner):
        return Record.objects.select_related("item").get(item_id=asked.request.item_id)


def test_a_record_is_disposed_of_when_its_time_is_over_and_its_line_stays(world: World) -> None:
    record, today = old_request(world), timezone.localdate()
    browser = world.client(world.owner)
    assert record.diary_number in browser.get("/arbete/diarium/gallring").content.decode()
    page = f"/arbete/diarium/gallring/{record.item_id}"
    assert browser.post(page, {"decision": ""}).status_code == 422
    assert browser.post(page, {"decision": "KS 2026 § 12"}).status_code == 302
    with world.acting(world.owner):
        assert DisclosureRequest.objects.get(item=record.item_id).wanted == ""
        assert Item.objects.get(id=record.item_id).title == "Begäran om handling, gallrad"
        assert not due_for_disposal(world.tanum.id, today).exists()
        with pytest.raises(DisclosureRefused, match="redan gallrad"):
            diary_actions.dispose(record, by=world.owner, decision="igen")
    assert "KS 2026 § 12" in browser.get("/arbete/diarium/gallring/logg").content.decode()
    assert [one.serial for one in lines(world)] == [record.serial]


def test_a_hold_keeps_a_record_until_it_is_ended(world: World) -> None:
    record, today = old_request(world), timezone.localdate()
    browser = world.client(world.owner)
    page = f"/arbete/diarium/{record.item_id}"
    assert browser.post(f"{page}/stopp", {"reason": "Överklagat"}).status_code == 302
    assert browser.post(f"{page}/stopp", {"reason": "Överklagat"}).status_code == 422
    with world.acting(world.owner):
        assert not due_for_disposal(world.tanum.id, today).exists()
        with pytest.raises(DisclosureRefused):
            diary_actions.dispose(record, by=world.owner, decision="KS § 1")
    assert "Överklagat" in browser.get(page).content.decode()
    assert browser.post(f"{page}/stopp/slut").status_code == 302
    with world.acting(world.owner):
        assert due_for_disposal(world.tanum.id, today).get() == record


def test_what_is_not_due_or_has_no_way_is_not_disposed_of(world: World) -> None:
    early = old_request(world, years=1)
    then = timezone.now() - timedelta(days=366 * 3)
    without_way = entered(world, title="Utan sätt", retention="gallras efter 2 år", registered_at=then)
    kept = entered(world, title="För gott", registered_at=then)
    page = world.client(world.owner).get("/arbete/diarium/gallring").content.decode()
    assert "går inte att gallra här än" in page and without_way.diary_number in page
    assert early.diary_number not in page and kept.diary_number not in page
    with world.acting(world.owner):
        for record in (early, without_way, kept):
            with pytest.raises(DisclosureRefused):
                diary_actions.dispose(record, by=world.owner, decision="KS § 1")


@given(st.dates(date(2000, 1, 1), date(2026, 12, 31)), st.sampled_from([2, 5, 10]))
def test_a_record_is_never_due_before_its_years_have_passed(registered: date, years: int) -> None:
    rule = retention_schedule(date(2026, 6, 1)).rules[f"gallras efter {years} år"]
    due = rule.due(registered)
    assert due is not None
    assert due.year - registered.year == years
    assert (due.month, due.day) in {(registered.month, registered.day), (3, 1)}
    assert due - registered >= timedelta(days=365 * years)


@pytest.mark.parametrize("day", [date(2026, 3, 1), date(2026, 11, 24), date(2028, 2, 29)])
def test_the_list_and_the_schedule_agree_on_the_day(world: World, day: date) -> None:
    rule = retention_schedule(day).rules["gallras efter 2 år"]
    for off in range(-2, 3):
        registered = day.replace(year=day.year - 2, day=min(day.day, 28)) + timedelta(days=off)
        noon = timezone.make_aware(timezone.datetime(registered.year, registered.month, registered.day, 12))
        record = entered(world, retention=rule.retention, registered_at=noon)
        with world.acting(world.owner):
            listed = due_for_disposal(world.tanum.id, day).filter(pk=record.pk).exists()
        due = rule.due(registered)
        assert due is not None
        assert listed == (due <= day), (day, registered)


def test_the_count_stops(world: World) -> None:
    assert COUNTED == 1000
    entered(world)
    with scope(NOBODY):
        assert DiarySearch(world.tanum.id).count() == 1
