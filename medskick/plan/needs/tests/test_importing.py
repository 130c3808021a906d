"""Importing needs from a file: what is read, what is refused line by line, and that a second time changes nothing."""

import time
from datetime import date
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from hypothesis import given, settings
from hypothesis import strategies as st

from medskick.kernel.organisations.actor import system
from medskick.kernel.organisations.models import Network
from medskick.kernel.records.actions import create_item
from medskick.kernel.tests.world import World
from medskick.kernel.trace.queries import steps_before
from medskick.lib.csv_rows import write_rows
from medskick.plan import api as plan
from medskick.plan.models import Need
from medskick.plan.needs.importing import fingerprint, say_result
from medskick.plan.tests.factories import need

TODAY = date(2026, 11, 24)
HEADER = "network,date,heading,text,section,kind"


def parsed(*lines: str, header: str = HEADER) -> plan.ParsedNeeds:
    return plan.read_needs_file("\n".join([header, *lines]).encode(), today=TODAY)


def problems(*lines: str) -> list[tuple[int, str]]:
    return [(one.line, one.message.split(".")[0]) for one in parsed(*lines).problems]


def test_columns_may_have_swedish_names_and_any_order() -> None:
    read = plan.read_needs_file(
        "behov;typ;datum;nätverk\nLära av varandra;tillsammans;17/9 2019;E-nätverket\n".encode("windows-1252"),
        today=TODAY,
    )
    assert read.problems == ()
    assert read.needs == (
        plan.ParsedNeed(2, "E-nätverket", date(2019, 9, 17), "", "Lära av varandra", "", "joint_action"),
    )


def test_everything_wrong_is_told_line_by_line() -> None:
    assert problems(
        "E-nätverket,2019-09-17,Mod,,9,need",
        "E-nätverket,2019-02-30,Mod,Ett behov,9,need",
        "E-nätverket,i fjol,Mod,Ett behov,9,önskan",
        "E-nätverket,2027-01-01,Mod,Ett behov,9,need",
        "E-nätverket,2019-09-17,Mod,Ett behov",
        f"{'x' * 121},2019-09-17,Mod,Ett behov,9,need",
        "E-nätverket,2019-09-17,Mod,Ett riktigt behov,9,need",
    ) == [
        (2, "texten är tom"),
        (3, "datumet: ”2019-02-30” finns inte i kalendern"),
        (4, "datumet: ”i fjol” är inte ett datum som vi förstår"),
        (4, "typen ”önskan” känner vi inte igen"),
        (5, "datumet 2027-01-01 har inte varit än"),
        (6, "har 4 celler men rubrikraden har 6"),
        (7, "nätverket är 121 tecken men får vara högst 120"),
    ]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "Filen är tom"),
        (b"\xff\xfe\x00", "inte går att läsa"),
        (HEADER.encode(), "inga behov"),
        ("nätverk;rubrik\nE;Mod\n".encode(), "saknas"),
        (b'network,date,text\nE,2019-09-17,"aldrig slut', ""),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", ""),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_as_a_whole(data: bytes, said: str) -> None:
    read = plan.read_needs_file(data, today=TODAY)
    assert read.needs == ()
    assert said in " ".join(problem.message for problem in read.problems)
    assert read.problems


def test_a_formula_is_kept_as_the_words_it_is(world: World) -> None:
    with world.acting(world.owner):
        plan.import_needs(by=world.owner, parsed=parsed('E-nätverket,2019-09-17,Mod,"=HYPERLINK(""http://x"")",9,need'))
        assert Need.objects.get().text == '=HYPERLINK("http://x")'


def test_one_wrong_line_and_nothing_is_saved(world: World) -> None:
    with world.acting(world.owner):
        result = plan.import_needs(
            by=world.owner, parsed=parsed("Nytt nätverk,2019-09-17,Mod,Ett behov,9,need", "E,2019-09-17,Mod,,9,need")
        )
        assert str(result) == "2 rader: 0 nya, 0 dubbletter, 1 fel"
        assert Need.objects.count() == 0
        assert not Network.objects.filter(proposed=True).exists()


def test_a_dry_run_says_what_would_happen_and_does_nothing(world: World) -> None:
    with world.acting(world.owner):
        lines = parsed(
            "Okänt,2019-09-17,Digital kompetens,Ett,9,need", "Okänt,2019-09-17,Mod,Ett,9,need", ",2019-09-18,,Två,,"
        )
        checked = plan.check_import(by=world.owner, parsed=lines)
        assert str(checked) == "3 rader: 2 nya, 1 dubbletter, 0 fel"
        assert (checked.proposed_networks, checked.unmapped) == (("Okänt",), 1)
        assert checked.new_meetings == (("Okänt", date(2019, 9, 17)), ("", date(2019, 9, 18)))
        assert Need.objects.count() == 0
        assert not Network.objects.filter(proposed=True).exists()


def test_networks_are_known_by_name_or_alias_exactly_and_never_by_likeness(world: World) -> None:
    world.network.aliases = ["Socialchefsnätverket"]
    world.network.save()
    with world.acting(world.owner):
        plan.import_needs(
            by=world.owner,
            parsed=parsed(
                "Socialnätverket,2019-09-17,,Ett,,",
                "Socialchefsnätverket,2019-09-17,,Två,,",
                "Socialnätverk,2019-09-17,,Tre,,",
            ),
        )
        named = list(Need.objects.order_by("text").values_list("text", "network__name", "network__proposed"))
        assert named == [
            ("Ett", "Socialnätverket", False),
            ("Tre", "Socialnätverk", True),
            ("Två", "Socialnätverket", False),
        ]


def test_each_need_comes_from_the_meeting_that_the_flow_gives(world: World) -> None:
    with world.acting(world.owner):
        met = create_item(by=world.owner, kind="kernel.document", title="Mötet")
        sources = {("E-nätverket", date(2019, 9, 17)): met}
        lines = parsed("E-nätverket,2019-09-17,,Ett,,", "E-nätverket,2019-09-18,,Två,,")
        plan.import_needs(by=world.owner, parsed=lines, source_items=sources)
        came_from = {one.text: [step.item for step in steps_before(one.item)] for one in Need.objects.all()}
        assert came_from == {"Ett": [met.id], "Två": []}


def test_a_need_that_was_written_by_hand_is_not_imported_again(world: World) -> None:
    with world.acting(world.owner):
        need(world.owner, "Bussen går inte", network=world.network, said_on=date(2026, 9, 17))
        result = plan.import_needs(by=world.owner, parsed=parsed("Socialnätverket,2026-09-17,Annat,bussen  går inte,,"))
        assert str(result) == "1 rader: 0 nya, 1 dubbletter, 0 fel"


def test_only_those_who_lead_or_the_system_import(world: World) -> None:
    lines = parsed("E,2019-09-17,,Ett,,")
    with world.acting(world.resident), pytest.raises(PermissionDenied):
        plan.import_needs(by=world.resident, parsed=lines)
    machine = system(world.tanum.id, channel="import")
    with world.acting(machine):
        assert plan.import_needs(by=machine, parsed=lines).new == 1


def test_the_real_file_comes_in_once_and_what_is_not_a_goal_area_waits_to_be_sorted(world: World, shared: Path) -> None:
    read = plan.read_needs_file((shared / "data/fyrbodal/needs.csv").read_bytes())
    with world.acting(world.regional):
        began = time.monotonic()
        result = plan.import_needs(by=world.regional, parsed=read)
        took = time.monotonic() - began
        assert str(result) == "108 rader: 108 nya, 0 dubbletter, 0 fel"
        assert result.unmapped == Need.objects.unmapped().count() == 85
        assert Need.objects.unmapped().filter(network__name="E-nätverket").count() == 85
        assert Need.objects.filter(need_kind=Need.JOINT_ACTION).count() == 29
        assert set(Network.objects.filter(proposed=True).values_list("name", flat=True)) == {
            "Näringslivsutvecklarnätverket",
            "Utbildningschefsnätverket",
            "E-nätverket",
        }
        again = plan.import_needs(by=world.regional, parsed=read)
        assert str(again) == "108 rader: 0 nya, 108 dubbletter, 0 fel"
        assert Need.objects.count() == 108
    assert took < 6, "a busy machine; on a quiet one it is under 2 s"


WORDS = st.text(alphabet="abcåäö ,;\"'=\n", min_size=1, max_size=30).filter(str.strip)
LINES = st.lists(
    st.tuples(st.sampled_from(["E-nätverket", "", "Mod"]), st.dates(date(2000, 1, 1), TODAY), WORDS), min_size=1
)


@given(LINES)
@settings(max_examples=60, deadline=None)
def test_what_is_written_is_read_back_and_counted_once(lines: list[tuple[str, date, str]]) -> None:
    data = write_rows(["network", "date", "text"], [(network, day.isoformat(), text) for network, day, text in lines])
    read = plan.read_needs_file(data, today=TODAY)
    assert read.problems == ()
    assert len(read.needs) == read.lines == len(lines)
    assert {one.meeting for one in read.needs} == {(network, day) for network, day, _ in lines}
    # A formula-like text is written with an apostrophe before it: it is still the same text in two readings.
    keys = [fingerprint(one.network, one.date, one.text) for one in read.needs]
    assert keys == [
        fingerprint(one.network, one.date, one.text) for one in plan.read_needs_file(data, today=TODAY).needs
    ]


@given(st.binary(max_size=300))
@settings(max_examples=100, deadline=None)
def test_no_bytes_at_all_make_the_reader_fall(data: bytes) -> None:
    read = plan.read_needs_file(data, today=TODAY)
    assert read.problems or read.needs


def test_the_last_line_is_said_exactly_so() -> None:
    assert say_result(108, 0, 108, 0) == "108 rader: 0 nya, 108 dubbletter, 0 fel"
