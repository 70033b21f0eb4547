"""The scored CSV: the user's columns as they were, ours behind them."""

import csv
import dataclasses
from datetime import datetime

import pytest

from lostdeals.errors import LostDealsError
from lostdeals.model import Finding
from lostdeals.write.table import write_table
from made_up import COLUMNS, FIRST_ROW, report, words


def rows(path, encoding="utf-8-sig"):
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.reader(file))


def with_notes(made, *notes):
    """The report with these texts in the notes of its first customers."""
    cells = made.sheet.cells.copy()
    cells.loc[FIRST_ROW : FIRST_ROW + len(notes) - 1, "J"] = list(notes)
    return dataclasses.replace(made, sheet=dataclasses.replace(made.sheet, cells=cells))


def test_header_and_customers_come_in_the_sheets_order_without_titles_and_totals(tmp_path):
    made = report("zh", 20)
    write_table(made, words("zh"), tmp_path / "out.csv")
    header, *customers = rows(tmp_path / "out.csv")
    assert [*COLUMNS["zh"], "评分", "成交概率"] == header[:14]
    assert made.leads["name"].tolist() == [row[0] for row in customers]
    assert made.leads["phone"].tolist() == [row[2] for row in customers]


def test_values_are_written_as_a_person_would(tmp_path):
    made = report("en", 5)
    cells = made.sheet.cells.copy()
    cells.loc[4, ["H", "J", "K", "L"]] = [3000.0, None, datetime(2026, 3, 5), datetime(2026, 3, 5, 9, 30)]  # noqa: DTZ001
    made = dataclasses.replace(made, sheet=dataclasses.replace(made.sheet, cells=cells))
    write_table(made, words("en"), tmp_path / "out.csv")
    assert [rows(tmp_path / "out.csv")[1][place] for place in (7, 9, 10, 11)] == [
        "3000",
        "",
        "2026-03-05",
        "2026-03-05 09:30:00",
    ]


def test_excel_and_wps_find_the_bom(tmp_path):
    write_table(report("zh", 5), words("zh"), tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_bytes()[:3] == b"\xef\xbb\xbf"


def test_text_that_would_become_a_formula_is_guarded_and_counted(tmp_path):
    notes = ["=1+1", "@SUM(A1)", "\tx", "\rx", "+cmd|' /C calc'!A0", "-2+3+cmd", "+86 138-0000-0001", "-0.5", "王"]
    made = with_notes(report("zh", 20), *notes)
    findings = write_table(made, words("zh"), tmp_path / "out.csv")
    expected = [
        "'=1+1",
        "'@SUM(A1)",
        "'\tx",
        "'\rx",
        "'+cmd|' /C calc'!A0",
        "'-2+3+cmd",
        "+86 138-0000-0001",
        "-0.5",
        "王",
    ]
    assert expected == [row[9] for row in rows(tmp_path / "out.csv")[1:10]]
    assert (Finding("text-guarded", 6, "客户跟进表!J4"),) == findings


def test_raw_leaves_everything_as_it_is(tmp_path):
    made = with_notes(report("zh", 5), "=1+1")
    assert write_table(made, words("zh"), tmp_path / "out.csv", raw=True) == ()
    assert rows(tmp_path / "out.csv")[1][9] == "=1+1"


def test_control_characters_are_dropped_but_line_ends_stay(tmp_path):
    write_table(with_notes(report("zh", 5), "两行\r\n文字\x00"), words("zh"), tmp_path / "out.csv")
    assert rows(tmp_path / "out.csv")[1][9] == "两行\r\n文字"


def test_old_tools_get_gb18030(tmp_path):
    write_table(report("zh", 5), words("zh"), tmp_path / "out.csv", encoding="gb18030")
    assert rows(tmp_path / "out.csv", "gb18030")[0][0] == "客户姓名"


@pytest.mark.parametrize(("encoding", "code"), [("gb2312", "cannot-encode"), ("utf-99", "unknown-encoding")])
def test_an_encoding_that_does_not_do_is_an_error_and_leaves_no_file(tmp_path, encoding, code):
    with pytest.raises(LostDealsError) as error:
        write_table(with_notes(report("zh", 5), "€ 🙂"), words("zh"), tmp_path / "out.csv", encoding=encoding)
    assert code == error.value.code
    assert words("zh").error(error.value)["try"]
    assert list(tmp_path.iterdir()) == []


def test_a_long_text_is_whole_in_a_csv(tmp_path):
    write_table(with_notes(report("zh", 5), "字" * 40_000), words("zh"), tmp_path / "out.csv")
    assert len(rows(tmp_path / "out.csv")[1][9]) == 40_000
