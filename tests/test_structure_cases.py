"""Where the customers are on sheets that nobody prepared; the sheets are drawn in cases/structures.toml."""

import tomllib
from datetime import date
from pathlib import Path

import pytest

from lostdeals.errors import LostDealsError
from lostdeals.model import Options
from lostdeals.read import read_book
from lostdeals.understand import understand
from lostdeals.vocab import load
from structure_books import rows_of, text_file, workbook

CASES = tomllib.loads((Path(__file__).parent / "cases" / "structures.toml").read_text(encoding="utf-8"))["case"]
OPTIONS = Options(today=date(2026, 5, 1))


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_customers_of_a_sheet_are_where_a_person_sees_them(case, tmp_path):
    expected = {key: value for key, value in case.items() if key in SAID}
    assert expected == seen(case, workbook(case, tmp_path / "book.xlsx"))


PLAIN = [case for case in CASES if "cells" in case and not {"merged", "left", "top", "hidden_rows"} & case.keys()]


@pytest.mark.parametrize("case", PLAIN, ids=[case["name"] for case in PLAIN])
def test_a_text_file_is_read_like_the_workbook(case, tmp_path):
    expected = {key: value for key, value in case.items() if key in SAID}
    assert expected == seen(case, text_file(case, tmp_path / "Sheet1.csv"))


SAID = ("sheet", "header", "rows", "columns", "roles", "filled", "findings", "doubt")


def seen(case, path):
    """What the case asks about, as it was understood."""
    try:
        sheet, layout = understand(read_book(path), load(), OPTIONS)
    except LostDealsError as error:
        return {"doubt": error.code}
    codes = [finding.code for finding in (*sheet.findings, *layout.findings)]
    named = {column.letter: column for column in layout.columns}
    found = {
        "sheet": sheet.name,
        "header": case.get("header")
        if rows_of(case.get("header", "")) == layout.header_rows
        else list(layout.header_rows),
        "rows": case.get("rows") if rows_of(case.get("rows", "")) == layout.rows else list(layout.rows),
        "columns": [column.header for column in layout.columns],
        "roles": {letter: named[letter].role for letter in case.get("roles", {}) if letter in named},
        "filled": {
            letter: round(named[letter].filled * len(layout.rows))
            for letter in case.get("filled", {})
            if letter in named
        },
        "findings": [code for code in case.get("findings", []) if code in codes],
        "doubt": None,
    }
    return {key: found[key] for key in SAID if key in case}
