from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medskick.lib.csv_rows import CsvError, Problem, Row, csv_safe, read_rows, write_rows

TEXT = "namn;ort\nÅsa;Färgelanda\nBjörn;Öckerö\n"
ROWS = (Row(2, ("Åsa", "Färgelanda")), Row(3, ("Björn", "Öckerö")))


@pytest.mark.parametrize(
    ("python_name", "mark", "told"),
    [
        ("utf-8", b"", "utf-8"),
        ("utf-8-sig", b"", "utf-8"),
        ("utf-16", b"", "utf-16"),
        ("utf-16-le", b"", "utf-16-le"),
        ("utf-16-be", b"", "utf-16-be"),
        ("utf-16-be", b"\xfe\xff", "utf-16"),
        ("windows-1252", b"", "windows-1252"),
    ],
)
def test_each_encoding_that_offices_use(python_name, mark, told):
    table = read_rows(mark + TEXT.encode(python_name))
    assert (table.header, table.rows, table.problems, table.encoding) == (("namn", "ort"), ROWS, (), told)


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_each_delimiter_and_line_ending(delimiter, ending):
    table = read_rows(TEXT.replace(";", delimiter).replace("\n", ending).encode())
    assert (table.rows, table.delimiter) == (ROWS, delimiter)


def test_the_delimiter_is_found_outside_quotes_and_may_be_declared():
    assert read_rows(b'"a,b,c";d\n1;2\n').header == ("a,b,c", "d")
    table = read_rows(b"sep=,\r\na;b,c\r\n1,2\r\n")
    assert (table.header, table.rows) == (("a;b", "c"), (Row(3, ("1", "2")),))


def test_quoted_lines_and_blank_lines_keep_the_count_of_lines():
    table = read_rows(b'\na,b\n"one\ntwo",x\n\n" ""q"" ",y\n')
    assert table.rows == (Row(3, ("one\ntwo", "x")), Row(6, ('"q"', "y")))


def test_rows_that_do_not_fit_are_told_with_their_lines_and_the_others_are_read():
    table = read_rows(b"a;b\n1\n1;2\n1;2;3\n1;2;;\n1;\x01\n")
    assert table.rows == (Row(3, ("1", "2")), Row(5, ("1", "2")))
    assert [str(problem) for problem in table.problems] == [
        "Rad 2: har 1 cell men rubrikraden har 2. Kontrollera semikolon och citattecken.",
        "Rad 4: har 3 celler men rubrikraden har 2. Kontrollera semikolon och citattecken.",
        "Rad 6: har ett osynligt styrtecken. Skriv om texten för hand.",
    ]


def test_cells_are_found_by_column_whatever_the_case():
    table = read_rows(b"Name , Place\nx,y\n")
    assert (table.cell(table.rows[0], "place"), table.cell(table.rows[0], "date")) == ("y", "")
    assert table.missing_columns("name", "date") == ["date"]


@pytest.mark.parametrize(
    ("data", "line", "reason"),
    [
        (b"", 0, "Filen är tom"),
        (b"\n ; \n", 0, "Filen är tom"),
        (b'a;b\n1;2\n"3;4\n5;6\n', 3, "aldrig slutar"),
        (b'a;b\n"1"2;3\n', 2, "direkt efter ett citattecken"),
        (b"a;;c\n1;2;3\n", 1, "kolumn 2 saknar rubrik"),
        (b"Ort;ort\n1;2\n", 1, "på mer än ett ställe"),
        (b"a\x00;b\n1;2\n", 1, "osynligt styrtecken"),
        (b"a;b\nx;\x81\xe5\n", 2, "inte går att läsa"),
        (b"a;b\n" + b"1" * 140_000 + b";2\n", 2, "för lång"),
    ],
)
def test_a_file_that_cannot_be_read_says_where_and_why(data, line, reason):
    with pytest.raises(CsvError, match=reason) as caught:
        read_rows(data)
    assert caught.value.problems[0].line == line


def test_limits_protect_the_server():
    with pytest.raises(CsvError, match="högst 0,0 MB"):
        read_rows(b"a;b\n1;2\n", max_bytes=5)
    with pytest.raises(CsvError, match="har 2 rader men får ha högst 1"):
        read_rows(b"a;b\n1;2\n3;4\n", max_rows=1)
    assert str(Problem(0, "Filen är tom.")) == "Filen är tom."


@given(st.binary(max_size=300))
def test_any_bytes_are_a_table_or_an_explained_error(data):
    try:
        table = read_rows(data)
        assert all(len(row.cells) == len(table.header) for row in table.rows)
    except CsvError as error:
        assert error.problems


cells = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=12).map(str.strip)


@given(st.lists(st.tuples(cells, cells), max_size=6), st.sampled_from(";,\t"))
def test_what_is_written_is_read_back(rows, delimiter):
    table = read_rows(write_rows(("a", "b"), rows, delimiter=delimiter))
    told = [row for row in rows if any(cell for cell in row)]
    assert [row.cells for row in table.rows] == [tuple(csv_safe(cell) for cell in row) for row in told]
    assert table.problems == ()


@pytest.mark.parametrize(
    "formula", ["=1+1", "+SUM(A1)", "-2+3", "@x", "\t=1", "\r=1", " =1", "＝1", "=cmd|' /C calc'!A0"]
)
def test_no_cell_runs_as_a_formula(formula):
    assert csv_safe(formula) == "'" + formula


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        (-5, "-5"),
        ("-5,2", "-5,2"),
        ("+46 12", "+46 12"),
        (1.5, "1,5"),
        (Decimal("-0.50"), "-0,50"),
        ("vanlig = text", "vanlig = text"),
    ],
)
def test_plain_values_are_left_alone(value, cell):
    assert csv_safe(value) == cell


def test_written_files_open_rightly_in_a_spreadsheet():
    assert write_rows(("å", "b"), [("x;y", -1)]) == '\ufeffå;b\r\n"x;y";-1\r\n'.encode()
