"""A name that stands in two columns."""

from datetime import date
from pathlib import Path

import pandas as pd

from lostdeals.cli import main
from lostdeals.model import Options, Sheet
from lostdeals.package.letters import letters
from lostdeals.read import read_book
from lostdeals.understand import to_leads, understand
from lostdeals.vocab import load

PEOPLE = [
    ["First Name", "Last Name", "Phone", "Status"],
    ["Ann", "Reed", "020 7946 0001", "Open"],
    ["Bob", "Stone", "020 7946 0002", "Lost"],
    ["Carol", None, "020 7946 0003", "Won"],
    [None, "Marsh", "020 7946 0004", "Lost"],
]


def read(rows, **options):
    columns = [letters(place) for place in range(1, len(rows[0]) + 1)]
    cells = pd.DataFrame(rows, index=range(1, len(rows) + 1), columns=columns, dtype=object)
    sheet = Sheet(Path("a.xlsx"), "People", cells)
    layout = understand([sheet], load(), Options(today=date(2026, 5, 1), **options))[1]
    return layout, to_leads(sheet, layout)


def test_first_and_last_name_are_one_name_and_it_is_said():
    layout, leads = read(PEOPLE)
    assert leads["name"].tolist() == ["Ann Reed", "Bob Stone", "Carol", "Marsh"]
    assert [(column.letter, column.role, column.why) for column in layout.columns[:2]] == [
        ("A", "extra", "joined"),
        ("B", "name", ""),
    ]
    assert [(found.code, found.values) for found in layout.findings] == [
        ("name-in-two-columns", {"given": "First Name", "family": "Last Name"})
    ]


def test_the_family_name_stands_first_in_chinese_wherever_its_column_is():
    rows = [
        ["名", "姓", "手机"],
        ["晓明", "王", "19900000001"],
        ["文静", "李", "19900000002"],
        ["敏", "陈", "19900000003"],
    ]
    assert read(rows)[1]["name"].tolist() == ["王晓明", "李文静", "陈敏"]


def test_a_column_with_the_whole_name_needs_no_other():
    whole = ["Ann Reed", "Bob Stone", "Carol Hill", "Dan Marsh"]
    layout, leads = read(
        [[*PEOPLE[0], "Full Name"], *([*row, name] for row, name in zip(PEOPLE[1:], whole, strict=True))]
    )
    assert leads["name"].tolist() == whole
    assert "name-in-two-columns" not in [found.code for found in layout.findings]


def test_what_the_user_says_of_the_other_column_stays():
    layout, leads = read(PEOPLE, mapping={"Last Name": "company"})
    assert leads["name"].tolist() == ["Ann", "Bob", "Carol", None]
    assert leads["company"].tolist() == ["Reed", "Stone", None, "Marsh"]
    assert layout.name_parts is None


def test_cleaning_writes_the_whole_name_into_neither_cell(tmp_path):
    path = tmp_path / "people.csv"
    path.write_text(
        "First Name,Last Name,Phone,Status\n ann ,Reed,+44 20 7946 0001,Open\nBob,Stone,+44 20 7946 0002,Lost\n"
    )
    assert main(["clean", str(path), "-o", str(tmp_path / "out.csv"), "--quiet"]) == 0
    cells = read_book(tmp_path / "out.csv")[0].cells
    assert cells[["A", "B"]].iloc[1:].map(str.strip).to_numpy().tolist() == [["ann", "Reed"], ["Bob", "Stone"]]
