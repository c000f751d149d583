"""Reading a table of people: encodings, delimiters, quotation marks, and which column holds what."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients import tables

PEOPLE = "name,email\nLinh Đặng,linh@example.org\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_is_read_whatever_its_encoding(encoding):
    assert tables.decoded(PEOPLE.encode(encoding)) == PEOPLE


def test_what_is_no_utf8_is_latin_1_as_windows_writes_it():
    assert tables.decoded("Zoë Müller – €".encode("cp1252")) == "Zoë Müller – €"
    assert tables.decoded("José".encode("latin-1")) == "José"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_commas_semicolons_and_tabs_part_cells_and_any_line_end_ends_one(delimiter, end):
    text = end.join([f"name{delimiter}email", f'"Diaz{delimiter} Dora"{delimiter}dora@example.org', ""])

    table = tables.read(text)

    assert table.header == ("name", "email")
    assert [(row.line, row.cells) for row in table.rows] == [
        (2, (" ".join(f"Diaz{delimiter} Dora".split()), "dora@example.org"))
    ]


def test_a_mark_in_front_empty_lines_and_the_word_of_a_spreadsheet_about_itself_are_passed_over():
    table = tables.read("\ufeffsep=;\r\nname;email\r\n\r\n;\r\nDora;dora@example.org")

    assert [(row.line, row.cells) for row in table.rows] == [(5, ("Dora", "dora@example.org"))]


def test_a_cell_over_several_lines_counts_them_and_is_one_line_of_words():
    table = tables.read('name,email\n"Dora\nDiaz",dora@example.org\nEmil,emil@example.org\n')

    assert [(row.line, row.cells[0]) for row in table.rows] == [(2, "Dora Diaz"), (4, "Emil")]


def test_a_formula_is_text():
    assert tables.read("name,email\n=1+1,dora@example.org").rows[0].cells == ("=1+1", "dora@example.org")


def test_a_table_without_a_header_begins_with_somebody():
    table = tables.read("Dora Diaz,dora@example.org\nEmil Fox,emil@example.org")

    assert (table.header, table.columns, len(table.rows)) == ((), ["column 1", "column 2"], 2)


def test_the_lines_that_are_left_stand_below_their_header_as_they_were_written():
    table = tables.read('name;email\n"Diaz; Dora";nobody\nEmil;emil@example.org\nMina;mina@')

    assert table.only([2, 4]) == 'name;email\n"Diaz; Dora";nobody\nMina;mina@\n'


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "There is nobody in this table. Paste a line for each person."),
        ("name,email\n", "There is nobody in this table. Paste a line for each person."),
        (
            'name,email\nEmil,emil@example.org\n"Dora,dora@example.org\nMina,mina@example.org',
            "The quotation marks from line 3 on do not fit together. Close the one that is open, or take it away.",
        ),
        (
            "email\n" + "a@example.org\n" * 5001,
            "At most 5000 people at once; this has 5001. Split it, and bring one part after the other.",
        ),
        ("x" * 900_001, "This is too much for one table. Split it, and bring one part after the other."),
    ],
)
def test_what_cannot_be_read_says_what_to_do(text, sentence):
    with pytest.raises(tables.CannotRead) as refusal:
        tables.read(text)

    assert refusal.value.messages == [sentence]


@pytest.mark.parametrize(
    ("header", "columns"),
    [
        ("name,email,time_zone,cohort,external_id",
         {"name": 0, "email": 1, "time_zone": 2, "cohort": 3, "external_id": 4}),
        ("E-Mail;Vorname;Nachname;Zeitzone;Gruppe", {
            "email": 0, "name": 1, "family_name": 2, "time_zone": 3, "cohort": 4}),
        ("Employee ID\tE-mail address\tFull name", {"external_id": 0, "email": 1, "name": 2}),
        ("Nonsense,Other", {"name": 0}),
    ],
)  # fmt: skip
def test_columns_are_guessed_by_their_names(header, columns):
    assert tables.guessed(tables.read(header + "\nx,y,z")) == columns


def test_columns_without_names_are_guessed_by_what_stands_in_them():
    table = tables.read("17,Dora Diaz,Europe/Madrid,dora@example.org\n18,Emil Fox,Asia/Manila,emil@example.org")

    assert tables.guessed(table) == {"name": 1, "time_zone": 2, "email": 3}


@pytest.mark.parametrize(
    ("columns", "code"),
    [({}, "table.no_addresses"), ({"email": 2}, "table.no_column"), ({"email": 0, "name": 0}, "table.column_twice"),
     ({"email": -1}, "table.no_column")],
)  # fmt: skip
def test_a_mapping_that_cannot_be_is_refused(columns, code):
    assert tables.columns_refusal(tables.read("a,b\nc,d"), columns).code == code


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=200))
def test_whatever_is_pasted_is_read_or_refused_in_words(text):
    try:
        table = tables.read(text)
    except tables.CannotRead as refusal:
        assert refusal.messages[0].endswith(".")
    else:
        assert table.rows
        tables.guessed(table)


@given(st.binary(max_size=200))
def test_whatever_is_uploaded_becomes_text(raw):
    assert isinstance(tables.decoded(raw), str)
