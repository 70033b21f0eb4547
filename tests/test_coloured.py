"""Rows whose colours say who bought."""

import json

import openpyxl
import pytest
from openpyxl.styles import PatternFill

from lostdeals.cli import main
from lostdeals.read.fills import cell_fills, hue

GREEN, RED, YELLOW = "FF92D050", "FFFFC7CE", "FFFFEB9C"
HEADERS = ["姓名", "电话", "来源", "沟通记录"]


def filled(cell, colour):
    cell.fill = PatternFill("solid", fgColor=colour)


def book(path, colours, above=(), whole=True):
    """Customers in these colours, with cells above the header: text and colour."""
    made = openpyxl.Workbook()
    page = made.active
    for place, (text, colour) in enumerate(above, 1):
        page.cell(1, place, text)
        if colour:
            filled(page.cell(1, place), colour)
    first = 3 if above else 1
    for place, header in enumerate(HEADERS, 1):
        page.cell(first, place, header)
    for n, colour in enumerate(colours, 1):
        values = [f"王{n}", f"1990000{n:04}", "抖音" if n % 2 else "介绍", "8.1 发资料"]
        for place, value in enumerate(values, 1):
            page.cell(first + n, place, value)
            if colour and (whole or place == 1):
                filled(page.cell(first + n, place), colour)
    made.save(path)
    return path


def outcome(path, capsys):
    assert (
        main(["score", str(path), "--no-charts", "--no-remember", "--json", "-o", str(path.with_suffix(".csv"))]) == 0
    )
    said = json.loads(capsys.readouterr().out)
    counts = said["outcome"]
    return (counts["won"], counts["lost"], counts["open"]), [finding["code"] for finding in said["findings"]]


COLOURS = [GREEN, RED, YELLOW, None, RED, RED, GREEN, None, YELLOW, RED]


@pytest.mark.parametrize(
    "legend",
    [
        [("颜色说明：", None), ("已签", GREEN), ("流失", RED), ("跟进中", YELLOW)],
        [(None, GREEN), ("已签", None), (None, RED), ("流失", None), (None, YELLOW), ("重点", None)],
        [("绿色=已签   红色=流失   黄色=重点", None)],
        [("注：绿色代表成交，红色代表放弃", None)],
    ],
)
@pytest.mark.parametrize("whole", [True, False])
def test_the_legend_says_what_the_rows_colours_mean(tmp_path, capsys, legend, whole):
    counts, codes = outcome(book(tmp_path / "客户.xlsx", COLOURS, legend, whole), capsys)
    assert counts == (2, 4, 4)
    assert "outcome-coloured" in codes


def test_colours_that_nobody_explains_are_not_read_but_said(tmp_path, capsys):
    counts, codes = outcome(book(tmp_path / "客户.xlsx", COLOURS), capsys)
    assert counts == (0, 0, 10)
    assert "colours-unread" in codes


def test_stripes_are_no_colours(tmp_path, capsys):
    _, codes = outcome(book(tmp_path / "客户.xlsx", [GREEN, YELLOW] * 5), capsys)
    assert "colours-unread" not in codes


def test_a_column_that_says_who_bought_comes_before_the_colours(tmp_path, capsys):
    path = book(tmp_path / "客户.xlsx", COLOURS, [("已签", GREEN), ("流失", RED)])
    made = openpyxl.load_workbook(path)
    page = made.active
    page.cell(3, 5, "是否成交")
    for row in range(4, 14):
        page.cell(row, 5, "是" if row < 9 else "否")
    made.save(path)
    assert outcome(path, capsys)[0][:2] == (5, 5)


def test_a_text_file_has_no_colours(tmp_path):
    path = tmp_path / "客户.csv"
    path.write_text("姓名\n王1\n", encoding="utf-8")
    assert cell_fills(path, "客户") == {}
    assert [hue("FF0000"), hue("808080")] == [0.0, None]
