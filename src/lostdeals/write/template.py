"""Write an empty customer sheet that is well laid out: groups of columns, drop-down lists, one example, and what it all means."""

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
from lostdeals.package.fill import fill
from lostdeals.package.rows import LAST_ROW
from lostdeals.package.styles import QUIET, Styles, header_of
from lostdeals.vocab.template import TemplateColumn, template_choices, template_columns
from lostdeals.write.atomic import replacing
from lostdeals.write.dress import fit_width, widen
from lostdeals.write.fields import Field, Table
from lostdeals.write.pages import Page, lay_out

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from lostdeals.package.rows import Block
    from lostdeals.vocab import Words

GROUP_ROW, HEADER_ROW, FIRST_ROW = 1, 2, 3
"""Names of the groups, headers, and the first customer, who is the example."""
FILTERED = 2_000
"""Customers that the filter covers before Excel extends it by itself."""
PAGE_WIDTH = 200
"""Characters that stay readable side by side on A4 landscape."""
LISTS_FROM = 3
"""The row of the first choice on the sheet of lists."""


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
    table, places = _lists(words, columns)
    rows: dict[str, Sequence[Block]] = {
        guide.title: lay_out(guide, Page("guide", (_guide(words), _columns(words, columns))), styles)[0],
        lists.title: lay_out(lists, Page("lists", (table,)), styles)[0],
    }
    _customers(customers, words, columns, styles, today)
    for letter, column in _lettered(columns):
        area = f"{quote_sheetname(lists.title)}!{places[column.list]}" if column.list else ""
        _validate(customers, words, letter, column, area)
    with replacing(path) as file:
        fill(book, rows, file, today)
    return columns


def _lettered(columns: Sequence[TemplateColumn]) -> list[tuple[str, TemplateColumn]]:
    return [(get_column_letter(number), column) for number, column in enumerate(columns, start=1)]


def _customers(
    sheet: Worksheet, words: Words, columns: Sequence[TemplateColumn], styles: Styles, today: date
) -> None:
    """Group names, headers and the example; the columns have their formats down to the last row."""
    section = words.vocabulary.section("template")
    number = 0
    for place, (group, members) in enumerate(groupby(columns, key=lambda column: column.group)):
        for first, _ in enumerate(members):
            number += 1
            cell = sheet.cell(GROUP_ROW, number, None if first else words.pick(section["groups"][group]))
            cell._style = styles["band" if place % 2 == 0 else "other band"]
    for letter, column in _lettered(columns):
        look = LOOKS.get(column.kind, "plain")
        sheet.column_dimensions[letter]._style = styles[look]
        sheet[f"{letter}{HEADER_ROW}"] = column.header
        sheet[f"{letter}{HEADER_ROW}"]._style = styles[_header(column, look)]
        cell = sheet[f"{letter}{FIRST_ROW}"]
        cell.value = _example(words, column, today)
        cell._style = styles[look]
    widen(sheet, {letter: column.width for letter, column in _lettered(columns)})
    sheet.row_dimensions[GROUP_ROW].height, sheet.row_dimensions[HEADER_ROW].height = 20, 34
    last = get_column_letter(len(columns))
    _mark_example(sheet, words, last)
    sheet.freeze_panes = f"B{FIRST_ROW}"
    sheet.auto_filter.ref = f"A{HEADER_ROW}:{last}{HEADER_ROW + FILTERED}"
    sheet.print_title_rows, sheet.print_title_cols = f"{GROUP_ROW}:{HEADER_ROW}", "A:A"
    fit_width(sheet, pages=ceil(sum(column.width for column in columns) / PAGE_WIDTH))


def _header(column: TemplateColumn, look: str) -> str:
    """The columns that matter most have a header of another colour."""
    plain = header_of(look)
    return plain.replace("header", "new header") if column.need == "must" else plain


def _mark_example(sheet: Worksheet, words: Words, last: str) -> None:
    """The example stands back as long as its name is marked; written over, it looks like every other customer."""
    mark = words.pick(words.vocabulary.section("template")["names"]["mark"]).strip()
    rule = FormulaRule(
        formula=[f'LEFT($A{FIRST_ROW},{len(mark)})="{mark}"'],
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
        promptTitle=column.header,
        prompt=column.what,
        errorTitle=column.header,
        error=words.pick(words.vocabulary.section("template")["kinds"][column.kind]),
    )
    validation.add(f"{letter}{FIRST_ROW}:{letter}{LAST_ROW}")
    sheet.add_data_validation(validation)


def _guide(words: Words) -> Table:
    section = words.vocabulary.section("template")
    topics = section["guide"]
    return Table(
        words.pick(section["headings"]["guide"]),
        (
            Field("", range(1, len(topics) + 1), "centre", 6),
            Field(words.pick(section["table"]["topic"]), [words.pick(one["topic"]) for one in topics], width=24),
            Field(words.pick(section["table"]["text"]), [words.pick(one["text"]) for one in topics], "wrapped", 72),
        ),
    )


def _columns(words: Words, columns: Sequence[TemplateColumn]) -> Table:
    """One line per column."""
    section = words.vocabulary.section("template")
    heads = {key: words.pick(section["table"][key]) for key in ("letter", "header", "what", "why", "need")}
    return Table(
        words.pick(section["headings"]["columns"]),
        (
            Field(heads["letter"], [letter for letter, _ in _lettered(columns)], "centre", 6),
            Field(heads["header"], [column.header for column in columns], width=24),
            Field(heads["what"], [column.what for column in columns], "wrapped", 72),
            Field(heads["why"], [column.why for column in columns], "wrapped", 64),
            Field(heads["need"], [words.pick(section["need"][column.need]) for column in columns], width=12),
        ),
    )


def _lists(words: Words, columns: Sequence[TemplateColumn]) -> tuple[Table, dict[str, str]]:
    """Every choice of every list with its meaning, and the cells in which each list stands."""
    section = words.vocabulary.section("template")
    lines: list[tuple[str, str, str]] = []
    places = {}
    for column in columns:
        if column.list and column.list not in places:
            first = LISTS_FROM + len(lines)
            entries = section["choices"][column.list]
            for key, label in template_choices(words, column.list).items():
                meaning = entries[key].get("meaning")
                lines.append((column.header, label, words.pick(meaning) if meaning else ""))
            places[column.list] = f"$B${first}:$B${LISTS_FROM + len(lines) - 1}"
    heads = [words.pick(section["table"][key]) for key in ("list", "choice", "meaning")]
    used, labels, meanings = (list(column) for column in zip(*lines, strict=True))
    fields = (
        Field(heads[0], used, "quiet", width=18),
        Field(heads[1], labels, width=30),
        Field(heads[2], meanings, "wrapped", 70),
    )
    return Table(words.pick(section["headings"]["lists"]), fields), places
