"""Workbooks as people and programs leave them, made to order: what one sees in Excel is what is read."""

import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.chart import BarChart
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from lostdeals.model import Options
from lostdeals.read import read_book
from lostdeals.understand import understand
from lostdeals.vocab import load

ROWS = [
    ["姓名", "手机", "来源", "阶段", "备注"],
    ["王晓明", "19900000001", "抖音", "意向表达", "价格偏高，再看看"],
    ["李文静", "19900000002", "官网", "初步接触", "等预算"],
    ["张一鸣", "19900000003", "展会", "深入沟通", "没人接"],
    ["刘多多", "19900000004", "抖音", "意向表达", "约下周"],
]


def a_chart_sheet_first(book, _):
    book.create_chartsheet("图", 0).add_chart(BarChart())


def an_empty_sheet_and_a_cover_first(book, _):
    book.create_sheet("空", 0)
    book.create_sheet("封面", 1)["B5"] = "2026年客户分析"


def a_very_hidden_sheet_of_the_same_layout(book, _):
    other = book.create_sheet("配置")
    other.sheet_state = "veryHidden"
    for row in ROWS * 5:
        other.append(row)


def read_from_right_to_left_and_protected(book, sheet):
    sheet.sheet_view.rightToLeft = True
    sheet.protection.set_password("x")
    book.security.lockStructure = True


def frozen_filtered_and_grouped(_, sheet):
    sheet.freeze_panes, sheet.auto_filter.ref = "B2", "A1:E5"
    sheet.row_dimensions.group(3, 4, hidden=True)


def rich_text(_, sheet):
    sheet["A2"] = CellRichText("王", TextBlock(InlineFont(b=True), "晓"), "明")


def very_long_text(_, sheet):
    sheet["E2"] = "很长" * 16_000


@pytest.mark.parametrize(
    "change",
    [
        a_chart_sheet_first,
        an_empty_sheet_and_a_cover_first,
        a_very_hidden_sheet_of_the_same_layout,
        read_from_right_to_left_and_protected,
        frozen_filtered_and_grouped,
        rich_text,
        very_long_text,
    ],
)
def test_the_customers_are_read_whatever_else_is_in_the_workbook(change, tmp_path):
    sheet, layout = read(made(tmp_path / "book.xlsx", change))
    assert (sheet.name, layout.header_rows, layout.rows) == ("客户", (1,), (2, 3, 4, 5))
    assert sheet.cells["A"].tolist() == [row[0] for row in ROWS]


def test_how_a_name_is_pronounced_is_no_part_of_it(tmp_path):
    plain = made(tmp_path / "plain.xlsx", lambda book, sheet: None)
    spoken = '<t>王晓明</t><rPh sb="0" eb="1"><t>ワン</t></rPh><phoneticPr fontId="1"/>'.encode()
    path = tmp_path / "spoken.xlsx"
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name).replace("<t>王晓明</t>".encode(), spoken))
    assert read(path)[0].cells.at[2, "A"] == "王晓明"


def test_dates_that_count_from_1904_are_right(tmp_path):
    def counted_from_1904(book, sheet):
        book.epoch = CALENDAR_MAC_1904
        sheet["F1"] = "下次联系"
        for row in range(2, 6):
            sheet.cell(row, 6, date(2026, 3, row))

    cells = read(made(tmp_path / "book.xlsx", counted_from_1904))[0].cells
    assert [getattr(value, "date", lambda value=value: value)() for value in cells.loc[2:, "F"]] == [
        date(2026, 3, row) for row in range(2, 6)
    ]


def made(path: Path, change) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "客户"
    for row in ROWS:
        sheet.append(row)
    change(book, sheet)
    book.save(path)
    return path


def read(path: Path):
    return understand(read_book(path), load(), Options(today=date(2026, 5, 1)))
