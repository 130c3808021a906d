"""Import of Kolada values: lines counted, missing kept as missing, revisions kept, twice is once, all or nothing."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied

from medskick.kernel.tests.world import World
from medskick.lib.csv_rows import CsvError
from medskick.measure import api
from medskick.measure.indicators.importing import unit_in_title
from medskick.measure.indicators.models import Indicator, Value

HEADER = "kpi,municipality_id,municipality,municipality_type,period,gender,count,status,value,retrieved"
FINSPANG = api.About(code="0562", name="Finspång")


def file_of(*lines: str) -> bytes:
    return "\n".join([HEADER, *lines]).encode()


def test_the_real_file(world: World, shared: Path) -> None:
    folder = shared / "data" / "kolada"
    parsed = api.read_kolada_values((folder / "values_sample.csv").read_bytes())
    catalogue = api.read_kolada_catalogue((folder / "kpi_2026-03-23_v3.jsonl").read_bytes())
    assert (parsed.rows, parsed.missing, parsed.problems) == (2205, 964, ())
    by = world.regional.through("import")
    with world.acting(by):
        tried = api.import_values(by=by, parsed=parsed, catalogue=catalogue, dry_run=True)
        assert Value.objects.count() == Indicator.objects.count() == 0
        done = api.import_values(by=by, parsed=parsed, catalogue=catalogue)
        counts = (done.rows, done.missing, done.indicators, done.new, done.revised, done.unchanged)
        assert counts == (2205, 964, 47, 1679, 10, 516)
        assert (
            tried.line()
            == done.line()
            == ("2205 rader: 1679 nya, 10 ändrade, 516 redan kända, 0 fel. 964 rader saknar värde. 47 nya nyckeltal.")
        )
        again = api.import_values(by=by, parsed=parsed, catalogue=catalogue)
        assert (again.new, again.revised, again.unchanged, again.indicators) == (0, 0, 2205, 0)
        _check_a_revision_and_the_attribution()


def _check_a_revision_and_the_attribution() -> None:
    indicator = api.find_indicator("n03703")
    assert indicator.source_note == "Källa: Kolada"
    assert not indicator.invented
    assert [api.value(indicator, "2021", FINSPANG, known=day).value for day in (date(2026, 3, 3), None)] == [
        Decimal(1153),
        Decimal(1089),
    ]
    # Every cell of the file is there, and what is missing is missing with a reason, not zero.
    assert Value.objects.current().count() == 1679
    assert not Value.objects.filter(value=None, missing="").exists()


def test_a_missing_value_is_kept_as_missing(world: World) -> None:
    parsed = api.read_kolada_values(file_of("N00300,0562,Finspång,K,2022,T,0,,,2026-03-04"))
    with world.acting(world.owner):
        api.import_values(by=world.owner, parsed=parsed)
        kept = api.value(api.find_indicator("n00300"), "2022", FINSPANG)
        assert (kept.value, kept.missing) == (None, "not_collected")


def test_a_code_of_the_region_s_own_municipality_is_about_that_organisation(world: World) -> None:
    world.tanum.code = "1435"
    world.tanum.save()
    parsed = api.read_kolada_values(file_of("N00300,1435,Tanum,K,2022,T,1,,54.5,2026-03-04"))
    with world.acting(world.owner):
        api.import_values(by=world.owner, parsed=parsed)
        assert api.value(api.find_indicator("n00300"), "2022", world.tanum.id).value == Decimal("54.5")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("N00300,562,Finspång,K,2022,T,1,,5,2026-03-04", "fyra siffror"),
        ("N00300,0562,,K,2022,T,1,,5,2026-03-04", "municipality saknas"),
        (",0562,Finspång,K,2022,T,1,,5,2026-03-04", "kpi saknas"),
        ("N00300,0562,Finspång,K,2022,F,1,,5,2026-03-04", "gender"),
        ("N00300,0562,Finspång,K,22,T,1,,5,2026-03-04", "varken ett år"),
        ("N00300,0562,Finspång,K,2022,T,1,,fem,2026-03-04", "inte ett tal"),
        ("N00300,0562,Finspång,K,2022,T,1,,NaN,2026-03-04", "inte ett tal"),
        ("N00300,0562,Finspång,K,2022,T,1,,1e40,2026-03-04", "inte ett tal som går att spara"),
        ("N00300,0562,Finspång,K,2022,T,1,,5,i går", "retrieved"),
        ("N00300,0562,Finspång,K,2022,T,1,,5,2199-01-01", "framtiden"),
        ("N00300,0562,Finspång", "har 3 celler"),
        ("N00300,0319,Älvkarleby,K,2022,T,1,,7,2026-03-04", "något annat om samma sak"),
    ],
)
def test_a_faulty_line_is_told_by_its_number_and_nothing_is_saved(world: World, line: str, words: str) -> None:
    parsed = api.read_kolada_values(file_of("N00300,0319,Älvkarleby,K,2022,T,1,,5,2026-03-04", line))
    assert [problem.line for problem in parsed.problems] == [3]
    assert words in parsed.problems[0].message
    with world.acting(world.owner):
        result = api.import_values(by=world.owner, parsed=parsed)
        assert len(result.problems) == 1
        assert Indicator.objects.count() == Value.objects.count() == 0


def test_a_line_that_contradicts_what_is_saved_is_told_and_nothing_is_saved(world: World) -> None:
    with world.acting(world.owner):
        first = api.read_kolada_values(file_of("N00300,0562,Finspång,K,2022,T,1,,5,2026-03-04"))
        api.import_values(by=world.owner, parsed=first)
        lines = ["N00301,0562,Finspång,K,2022,T,1,,6,2026-03-04", "N00300,0562,Finspång,K,2022,T,1,,7,2026-03-04"]
        result = api.import_values(by=world.owner, parsed=api.read_kolada_values(file_of(*lines)))
        assert [problem.line for problem in result.problems] == [3]
        assert (Indicator.objects.count(), Value.objects.count()) == (1, 1)


def test_a_file_without_the_columns_is_refused(world: World) -> None:
    with pytest.raises(CsvError, match="municipality_id"):
        api.read_kolada_values(b"kpi;varde\nN00300;5\n")


def test_only_those_who_keep_indicators_import(world: World) -> None:
    parsed = api.read_kolada_values(file_of("N00300,0562,Finspång,K,2022,T,1,,5,2026-03-04"))
    with world.acting(world.resident), pytest.raises(PermissionDenied):
        api.import_values(by=world.resident, parsed=parsed)


@pytest.mark.parametrize(
    ("title", "unit"),
    [
        ("Personalkostnader, kr/inv", "kr/inv"),
        ("Behöriga elever, andel (%)", "%"),
        ("Lärare, heltid", ""),
        ("Skatt", ""),
    ],
)
def test_the_unit_stands_at_the_end_of_a_title(title: str, unit: str) -> None:
    assert unit_in_title(title) == unit
