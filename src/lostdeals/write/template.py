"""Write a customer sheet to fill in: groups of columns, drop-down lists, checked entries, and one example."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from math import ceil
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation

from lostdeals.errors import LostDealsError
from lostdeals.package.cells import text
from lostdeals.package.fill import fill
from lostdeals.package.rows import LAST_ROW
from lostdeals.package.styles import QUIET, Styles, header_of
from lostdeals.vocab.template import TemplateColumn, template_choices, template_columns
from lostdeals.write.atomic import replacing
from lostdeals.write.customers import PAGE_WIDTH
from lostdeals.write.dress import fit_width, widen
from lostdeals.write.pages import Page, lay_out
from lostdeals.write.template_guide import columns_table, guide_table, lists_table

if TYPE_CHECKING:
    from openpyxl.styles.cell_style import StyleArray
    from openpyxl.worksheet.worksheet import Worksheet

    from lostdeals.package.rows import Block
    from lostdeals.vocab import Words

GROUP_ROW, HEADER_ROW, FIRST_ROW = 1, 2, 3
"""Names of the groups, headers, and the first customer, who is the example."""
FILTERED = 2_000
"""Customers that the filter covers before Excel extends it by itself."""
LONGEST_TITLE, LONGEST_MESSAGE = 32, 225
"""Characters that Excel takes in the title and the text of a prompt or a message."""


@dataclass(frozen=True)
class Rule:
    """What Excel lets in; `{cell}` is the cell itself."""

    type: str
    operator: str | None = None
    low: str | None = None
    high: str | None = None
    style: str = "stop"
    """``stop`` refuses, ``warning`` asks."""


RULES: Mapping[str, Rule] = MappingProxyType(
    {
        "phone": Rule("textLength", "between", "5", "40", "warning"),
        "email": Rule("custom", None, 'ISNUMBER(FIND("@",{cell}))', None, "warning"),
        "day": Rule("date", "between", "DATE(2000,1,1)", "DATE(2089,12,31)"),
        "past-day": Rule("date", "between", "DATE(2000,1,1)", "TODAY()"),
        "whole": Rule("whole", "greaterThanOrEqual", "0"),
        "age": Rule("whole", "between", "0", "120"),
        "money": Rule("decimal", "greaterThanOrEqual", "0"),
        "share": Rule("decimal", "between", "0", "1"),
        "list": Rule("list"),
        "open-list": Rule("list", style="warning"),
    }
)
"""Kinds of columns that do not take everything."""

LOOKS: Mapping[str, str] = MappingProxyType(
    {
        "code": "text",
        "phone": "text",
        "note": "wrapped",
        "day": "day",
        "past-day": "day",
        "whole": "centre",
        "age": "centre",
        "money": "number",
        "share": "percent",
    }
)
"""How the kinds look, where not plain."""


def write_template(words: Words, path: Path, today: date) -> tuple[TemplateColumn, ...]:
    """Write a new workbook with three sheets, none hidden: the customers, how to fill them in, and the lists; gives its columns.

    today: the dates of the example customer lie around it. The same day gives the same bytes.

    Raises LostDealsError ``file-exists`` rather than replacing a file, and ``cannot-write``.
    """
    if path.exists():
        raise LostDealsError("file-exists", where=str(path))
    columns = template_columns(words.vocabulary, words.lang)
    section = words.vocabulary.section("template")
    book = Workbook()
    book.remove(book.active)
    customers, guide, lists = (
        book.create_sheet(words.pick(section["sheets"][key])) for key in ("customers", "guide", "lists")
    )
    styles = Styles(book, words.say("workbook.font"), float(words.say("workbook.size")))
    table, places = lists_table(words, columns)
    rows: dict[str, Sequence[Block]] = {
        guide.title: lay_out(guide, Page("guide", (guide_table(words), columns_table(words, columns))), styles)[0],
        lists.title: lay_out(lists, Page("lists", (table,)), styles)[0],
    }
    lists.auto_filter.ref = None  # sorted, the drop-down lists would offer what belongs to others
    _customers(customers, words, columns, styles, today)
    for letter, column in _lettered(columns):
        area = f"{quote_sheetname(lists.title)}!{places[column.list]}" if column.list else ""
        _validate(customers, words, letter, column, area)
    with replacing(path) as file:
        fill(book, rows, file, today)
    return columns


def _lettered(columns: Sequence[TemplateColumn]) -> list[tuple[str, TemplateColumn]]:
    return [(get_column_letter(number), column) for number, column in enumerate(columns, start=1)]


def _customers(sheet: Worksheet, words: Words, columns: Sequence[TemplateColumn], styles: Styles, today: date) -> None:
    """Group names, headers and the example; the columns have their formats down to the last row."""
    section = words.vocabulary.section("template")
    number = 0
    for place, (group, members) in enumerate(groupby(columns, key=lambda column: column.group)):
        for first, _ in enumerate(members):
            number += 1
            name = None if first else words.pick(section["groups"][group])
            band = styles["band" if place % 2 == 0 else "other band"]
            _put(sheet, f"{get_column_letter(number)}{GROUP_ROW}", name, band)
    for letter, column in _lettered(columns):
        look = LOOKS.get(column.kind, "plain")
        sheet.column_dimensions[letter]._style = styles[look]
        _put(sheet, f"{letter}{HEADER_ROW}", column.header, styles[_header(column, look)])
        _put(sheet, f"{letter}{FIRST_ROW}", _example(words, column, today), styles[look])
    widen(sheet, {letter: column.width for letter, column in _lettered(columns)})
    sheet.row_dimensions[GROUP_ROW].height, sheet.row_dimensions[HEADER_ROW].height = 20, 34
    last = get_column_letter(len(columns))
    _mark_example(sheet, words, last)
    sheet.freeze_panes = f"B{FIRST_ROW}"
    sheet.auto_filter.ref = f"A{HEADER_ROW}:{last}{HEADER_ROW + FILTERED}"
    sheet.print_title_rows, sheet.print_title_cols = f"{GROUP_ROW}:{HEADER_ROW}", "A:A"
    fit_width(sheet, pages=ceil(sum(column.width for column in columns) / PAGE_WIDTH))


def _put(sheet: Worksheet, place: str, value: object, style: StyleArray) -> None:
    """A cell; text stays text, whatever it begins with."""
    cell = sheet[place]
    cell.value = text(value) if isinstance(value, str) else value
    if isinstance(value, str):
        cell.data_type = "s"
    cell._style = style


def _header(column: TemplateColumn, look: str) -> str:
    """The columns that matter most have a header of another colour."""
    plain = header_of(look)
    return plain.replace("header", "new header") if column.need == "must" else plain


def _mark_example(sheet: Worksheet, words: Words, last: str) -> None:
    """The example stands back as long as its name is marked; written over, it looks like every other customer."""
    mark = words.pick(words.vocabulary.section("template")["names"]["mark"]).strip()
    quoted = mark.replace('"', '""')
    rule = FormulaRule(
        formula=[f'LEFT($A{FIRST_ROW},{len(mark)})="{quoted}"'],
        font=Font(color=QUIET, italic=True),
        fill=PatternFill(bgColor="FFFBEF"),
    )
    sheet.conditional_formatting.add(f"A{FIRST_ROW}:{last}{LAST_ROW}", rule)


def _example(words: Words, column: TemplateColumn, today: date) -> object:
    value = column.example
    if column.list:
        return template_choices(words, column.list)[str(value)]
    if column.kind in ("day", "past-day"):
        return today + timedelta(days=int(str(value)))
    if column.role == "name":
        return words.pick(words.vocabulary.section("template")["names"]["mark"]) + str(value)
    return value


def _validate(sheet: Worksheet, words: Words, letter: str, column: TemplateColumn, choices: str) -> None:
    """Say what belongs into a column when a cell is chosen, and what is wrong when something else is typed."""
    rule = RULES.get(column.kind)
    if rule is None:
        return
    validation = DataValidation(
        type=rule.type,
        operator=rule.operator,
        formula1=choices or (rule.low or "").format(cell=f"{letter}{FIRST_ROW}"),
        formula2=rule.high,
        errorStyle=rule.style,
        allow_blank=True,
        showInputMessage=True,
        showErrorMessage=True,
        promptTitle=column.header[:LONGEST_TITLE],
        prompt=column.what[:LONGEST_MESSAGE],
        errorTitle=column.header[:LONGEST_TITLE],
        error=words.pick(words.vocabulary.section("template")["kinds"][column.kind])[:LONGEST_MESSAGE],
    )
    validation.add(f"{letter}{FIRST_ROW}:{letter}{LAST_ROW}")
    sheet.add_data_validation(validation)
