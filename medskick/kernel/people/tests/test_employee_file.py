"""A file of employees: what it would do is shown row by row; then that happens, all of it or nothing."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from medskick.kernel.organisations.scope import Scope, scope
from medskick.kernel.people.actions import (
    ChangedMeanwhile,
    Plan,
    Refused,
    add_employee,
    carry_out_import,
    end_employment,
    make_known,
    plan_import,
)
from medskick.kernel.people.employee_file import read_employee_file
from medskick.kernel.people.models import Employment, RoleAssignment
from medskick.kernel.people.queries import employees
from medskick.kernel.people.roles import ANALYST, REGISTRAR, roles_in_swedish
from medskick.kernel.tests.world import World
from medskick.lib.csv_rows import CsvError
from medskick.lib.personal_number import example_number

NUMBER = example_number(date(1971, 7, 6), 238).long
HEADER = "namn;titel;e-post;personnummer;enhet;roller\n"
PAGE = "/arbete/administration/medarbetare/fil"
FRIDA = "Frida Alm;Handläggare;frida@x.example;;Samhällsbyggnad;analytiker, registrator\n"
ROLES = {"analytiker": ANALYST, "registrator": REGISTRAR}


def file(*rows: str, header: str = HEADER, encoding: str = "utf-8") -> bytes:
    return (header + "".join(rows)).encode(encoding)


def planned(world: World, data: bytes) -> Plan:
    with world.acting(world.owner):
        return plan_import(data, by=world.owner)


def carried_out(world: World, data: bytes, **more: Any) -> Plan:
    with world.acting(world.owner):
        return carry_out_import(data, by=world.owner, seen=plan_import(data, by=world.owner).state, **more)


def here(world: World) -> dict[str, tuple[str, str, set[str]]]:
    with world.acting(world.owner):
        return {
            one.person.name: (one.title, one.unit.name if one.unit else "", {given.role for given in one.given})
            for one in employees(world.tanum.id)
        }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1252"])
@pytest.mark.parametrize("comma", [False, True])
def test_a_new_row_a_dry_run_and_the_same_for_real(world: World, encoding: str, comma: bool) -> None:
    data = file(FRIDA, encoding=encoding)
    if comma:
        row = 'Frida Alm,Handläggare,frida@x.example,,Samhällsbyggnad,"analytiker, registrator"\n'
        data = file(row, header=HEADER.replace(";", ","), encoding=encoding)
    plan = planned(world, data)
    assert [(one.row.line, one.state) for one in plan.rows] == [(2, "new")]
    assert "Frida Alm" not in here(world)
    carried_out(world, data)
    assert here(world)["Frida Alm"] == ("Handläggare", "Samhällsbyggnad", {ANALYST, REGISTRAR})
    assert [one.state for one in planned(world, data).rows] == ["unchanged"]


def test_a_changed_row_says_from_what_to_what_and_keeps_the_person(world: World) -> None:
    carried_out(world, file(FRIDA))
    data = file("Frida Alm;Chef;FRIDA@x.example;;;registrator\n")
    (row,) = planned(world, data).rows
    assert (row.state, row.what) == (
        "changed",
        ("Handläggare; Samhällsbyggnad; analytiker, registrator", "Chef; registrator"),
    )
    carried_out(world, data)
    assert here(world)["Frida Alm"] == ("Chef", "", {REGISTRAR})
    with world.acting(world.owner):
        assert RoleAssignment.objects.filter(employment=row.employment, ended_at__isnull=False).count() == 1
        assert Employment.objects.count() == 3


def test_a_person_is_found_by_her_number_also_where_she_is_known_as_a_resident(world: World) -> None:
    with scope(Scope(world.sotenas.id)):
        known = make_known(name="Birgit Olsson", number=NUMBER.replace("-", ""))
    data = file(f"Birgit;Kanslichef;;{NUMBER};;\n")
    carried_out(world, data)
    assert here(world)["Birgit Olsson"] == ("Kanslichef", "", set())
    (row,) = planned(world, data).rows
    assert (row.state, row.employment and row.employment.person_id) == ("unchanged", known.id)


def test_those_who_are_missing_are_told_and_stay_unless_ticked(world: World) -> None:
    carried_out(world, file(FRIDA))
    data = file("Ny Person;Handläggare;ny@x.example;;;\n")
    plan = planned(world, data)
    missing = {one.person.name: one.id for one in plan.missing}
    assert set(missing) == {"Frida Alm", "Karin Kollega", "Olle Ägare"}
    carried_out(world, data)
    assert set(here(world)) == {"Frida Alm", "Karin Kollega", "Olle Ägare", "Ny Person"}
    carried_out(world, data, end=[missing["Frida Alm"], missing["Olle Ägare"]])
    assert set(here(world)) == {"Karin Kollega", "Olle Ägare", "Ny Person"}  # the one who imports does not end herself


def test_ending_somebody_else_s_or_an_unknown_employment_by_a_tick_does_nothing(world: World) -> None:
    carried_out(world, file(FRIDA), end=[world.stranger.employment])
    with world.acting(world.stranger):
        assert Employment.objects.get(id=world.stranger.employment).ended_at is None


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (";Chef;a@x.example;;;\n", "namn saknas."),
        ("A;;a@x.example;;;\n", "titel saknas."),
        ("A;Chef;;;;\n", "personnummer eller e-post saknas."),
        ("A;Chef;a.x.example;;;\n", "e-postadressen går inte att läsa."),
        ("A;Chef;;19850709-2381;;\n", "stämmer inte med varandra"),
        ("A;Chef;a@x.example;;Rymdfart;\n", "enheten ”Rymdfart” finns inte här."),
        ("A;Chef;a@x.example;;;kung\n", "rollen ”kung” finns inte."),
        (f"{'A' * 121};Chef;a@x.example;;;\n", "namn är längre än 120 tecken."),
    ],
)
def test_a_wrong_row_is_told_with_its_number_and_stops_the_whole_file(world: World, row: str, words: str) -> None:
    data = file(FRIDA, row)
    plan = planned(world, data)
    assert [(one.row.line, one.state) for one in plan.rows] == [(2, "new"), (3, "fault")]
    assert any(words.casefold() in fault.casefold() for fault in plan.rows[1].what), plan.rows[1].what
    with pytest.raises(Refused):
        carried_out(world, data)
    assert "Frida Alm" not in here(world)


def test_the_same_person_twice_is_told_with_both_rows(world: World) -> None:
    double = planned(world, file(FRIDA, FRIDA, f"B;C;;{NUMBER};;\n", f"B;C;;{NUMBER[2:]};;\n"))
    assert [one.state for one in double.rows] == ["new", "fault", "new", "fault"]
    assert "Samma person står redan på rad 2." in double.rows[1].what
    assert "Samma person står redan på rad 4." in double.rows[3].what


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("namn;titel\n", "”e-post” eller ”personnummer”"),
        ("e-post;titel\n", "Kolumnen ”namn” saknas."),
        ("namn;titel;e-post;lön\n", "Kolumnen ”lön” känner vi inte till."),
    ],
)
def test_wrong_columns_are_told_before_anything_else(world: World, header: str, words: str) -> None:
    plan = planned(world, file("a;b;c;d\n", header=header))
    assert any(words in one for one in plan.problems)
    assert (plan.rows, plan.missing, plan.can_be_carried_out) == ((), (), False)


def test_what_was_shown_is_what_happens_or_nothing(world: World) -> None:
    data = file(FRIDA)
    seen = planned(world, data).state
    with world.acting(world.colleague):
        add_employee(by=world.colleague, name="Frida", email="frida@x.example", title="Annat")
    with world.acting(world.owner), pytest.raises(ChangedMeanwhile):
        carry_out_import(data, by=world.owner, seen=seen)
    assert here(world)["Frida"] == ("Annat", "", set())


def test_a_refusal_in_the_middle_undoes_what_came_before(world: World) -> None:
    """The last administrator cannot be ended: then the new one is not added either."""
    with world.acting(world.owner):
        end_employment(Employment.objects.get(id=world.colleague.employment), by=world.owner)
    data, alone = file(FRIDA), [world.owner.employment]
    other = replace(world.owner, employment=world.colleague.employment)
    with world.acting(other), pytest.raises(Refused, match="sista administratören"):
        carry_out_import(data, by=other, seen=plan_import(data, by=other).state, end=alone)
    assert set(here(world)) == {"Olle Ägare"}


def test_the_pages_from_file_to_done(world: World) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    browser = world.client(world.owner)
    assert "Hämta en exempelfil" in browser.get(PAGE).content.decode()
    answer = browser.post(PAGE, {"file": SimpleUploadedFile("m.csv", file(FRIDA))})
    page = answer.content.decode()
    assert "Det här skulle hända" in page
    assert "1 ny." in page
    assert "Karin Kollega" in page
    assert "Frida Alm" not in here(world)
    form = {name: answer.context["form"][name].value() for name in ("fil", "plan")}
    done = browser.post(f"{PAGE}/klart", {**form, "avsluta": [str(world.colleague.employment)]})
    assert done.status_code == 302
    assert set(here(world)) == {"Frida Alm", "Olle Ägare"}
    again = browser.post(f"{PAGE}/klart", form)
    assert (again.status_code, "Något har ändrats" in again.content.decode()) == (422, True)
    assert browser.post(f"{PAGE}/klart", {**form, "fil": "gissad"})["Location"] == PAGE
    assert browser.post(f"{PAGE}/klart", {**form, "avsluta": ["trasig"]}).status_code == 422


def test_a_file_that_cannot_be_read_is_said_beside_the_field(world: World) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    answer = world.client(world.owner).post(PAGE, {"file": SimpleUploadedFile("m.csv", b'namn;titel\n"aldrig slut')})
    assert (answer.status_code, "citattecken" in answer.content.decode()) == (422, True)


def test_the_example_file_is_one_that_can_be_taken_in(world: World) -> None:
    example = world.client(world.owner).get(f"{PAGE}/exempel").content
    assert [one.state for one in planned(world, example).rows] == ["new", "new"]


def test_an_import_costs_the_same_number_of_queries_to_plan_however_long(world: World) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for rows in (2, 40):
        data = file(*[f"N{n};A;n{n}@x.example;;;\n" for n in range(rows)], f"B;C;;{NUMBER};;\n")
        with world.acting(world.owner), CaptureQueriesContext(connection) as asked:
            plan_import(data, by=world.owner)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 5


@given(some.binary(max_size=300) | some.text(max_size=300).map(lambda text: (HEADER + text).encode()))
def test_no_file_breaks_the_reading(data: bytes) -> None:
    try:
        read = read_employee_file(data, units=frozenset({"Samhällsbyggnad"}), roles=ROLES)
    except CsvError:
        return
    assert all(row.faults or (row.name and row.title and (row.email or row.number)) for row in read.rows)


def test_the_page_lists_the_units_and_roles_that_can_be_written(world: World) -> None:
    browser = world.client(world.owner)
    page = browser.get(PAGE).content.decode()
    assert "<li>Samhällsbyggnad</li>" in page
    for word in roles_in_swedish():
        assert f"<li>{word[0]}</li>" in page
    browser.cookies["django_language"] = "en"
    english = browser.get(PAGE).content.decode()
    assert "<li>handläggare (case officer)</li>" in english
