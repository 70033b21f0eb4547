"""The cleaned sheet as a file: a workbook with its log and its data quality, or a CSV; and a sheet after undoing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from lostdeals.model import CleanReport, Finding, Sheet
from lostdeals.package.cells import held, printable
from lostdeals.package.guard import guarded
from lostdeals.write.table import Column, as_text, sheet_columns, write_columns

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from lostdeals.model import Layout
    from lostdeals.package.rows import Block
    from lostdeals.package.styles import Styles
    from lostdeals.vocab import Words
    from lostdeals.write.pages import Page

DIGITS = ("id", "phone", "wechat")
"""Roles whose cells are text whatever is typed into them."""
WRITTEN = "written"
"""The rule of a text that the file cannot or must not hold as it is."""
TYPED = {".xlsx": True, ".csv": False}
"""Endings of a cleaned file; whether it keeps dates and numbers apart from text."""


def as_written(report: CleanReport, ending: str, *, raw: bool = False) -> CleanReport:
    """The report with the texts as its file will hold them, each difference a line of the log (rule ``written``).

    A workbook holds no control characters and 32,767 characters a cell; in a CSV no text may start like a formula,
    unless `raw`.
    """
    hold: Callable[[str], str] = held if TYPED[ending] else printable if raw else _safe
    cells, lines = report.cleaned.cells.copy(deep=False), []
    leads = {row: lead for lead, row in enumerate(report.layout.rows)}
    headers = {column.letter: column.header for column in report.layout.columns}
    for letter in map(str, cells.columns):
        column = cells[letter].loc[list(leads)]
        other = {text: new for text in column.unique() if isinstance(text, str) and (new := hold(text)) != text}
        if not other:
            continue
        places = column.index[column.isin(list(other))]
        before = column.loc[places]
        after = pd.Series([other[text] or None for text in before], index=places, dtype=object)
        cells[letter] = cells[letter].where(~cells.index.isin(places), after)
        lines.append(
            pd.DataFrame(
                {
                    "lead": [leads[row] for row in places],
                    "row": places,
                    "letter": letter,
                    "header": headers.get(letter, ""),
                    "rule": WRITTEN,
                    "before": before.to_numpy(),
                    "after": after.to_numpy(),
                    "was": "text",
                    "now": [None if text is None else "text" for text in after],
                }
            )
        )
    if not lines:
        return report
    log = pd.concat([report.log, *lines], ignore_index=True)
    order = {str(letter): place for place, letter in enumerate(cells.columns)}
    at = pd.DataFrame({"row": log["row"], "place": log["letter"].map(order)}).sort_values(
        ["row", "place"], kind="stable"
    )
    return replace(report, cleaned=replace(report.cleaned, cells=cells), log=log.loc[at.index].reset_index(drop=True))


def write_cleaned(
    report: CleanReport, words: Words, path: Path, *, encoding: str = "utf-8-sig", raw: bool = False
) -> tuple[Finding, ...]:
    """Write the cleaned sheet and say what could not be written as it is.

    A workbook has every row and column where they were, the file's other sheets, and the pages 数据质量, 修改记录,
    问题单元格 and 重复客户; a CSV the header and the customers.
    Raises LostDealsError ``cannot-write``, ``unknown-encoding``, ``cannot-encode``.
    """
    sheet, layout = report.cleaned, report.layout
    if not TYPED[path.suffix.lower()]:
        return write_columns(sheet_columns(sheet, layout), path, encoding=encoding, raw=raw)
    from lostdeals.write.clean_pages import clean_pages
    from lostdeals.write.customers import dress_theirs

    book = _Book(words)
    worksheet = book.add(sheet.name, _rows(sheet, layout, book.styles))
    dress_theirs(worksheet, sheet, layout, str(sheet.cells.columns[-1]))
    for other in report.sheets:
        if other.name != sheet.name:
            book.add_as_found(other)
    for page in clean_pages(report, words):
        book.add_page(page)
    return book.write(path, report.today)


def write_sheets(
    sheets: Sequence[Sheet],
    main: Sheet,
    words: Words,
    path: Path,
    today: date,
    *,
    encoding: str = "utf-8-sig",
    raw: bool = False,
) -> tuple[Finding, ...]:
    """Write sheets as they are: all of them into a workbook, the main one into a CSV; errors as `write_cleaned`."""
    if TYPED[path.suffix.lower()]:
        book = _Book(words)
        for sheet in sheets:
            book.add_as_found(sheet)
        return book.write(path, today)
    head, body = main.cells.iloc[0], main.cells.iloc[1:]
    columns = [Column(as_text(head[letter]), body[letter], f"{main.name}!{letter}") for letter in main.cells.columns]
    return write_columns(columns, path, encoding=encoding, raw=raw)


def _safe(value: str) -> str:
    return guarded(printable(value))


def output_rows(report: CleanReport, ending: str) -> dict[int, int] | None:
    """The sheet's row -> its row in the cleaned file; None where they are the same."""
    if TYPED[ending]:
        return None
    rows = {row: place for place, row in enumerate(report.layout.rows, start=2)}
    return {**dict.fromkeys(report.layout.header_rows[-1:], 1), **rows}


class _Book:
    """A new workbook, sheet by sheet."""

    def __init__(self, words: Words) -> None:
        from openpyxl import Workbook

        from lostdeals.package.styles import Styles
        from lostdeals.write.names import SheetNames

        self._words = words
        self._book = Workbook()
        self._blank = self._book.active
        self._names = SheetNames()
        self._rows: dict[str, Sequence[Block]] = {}
        self.styles = Styles(self._book, words.say("workbook.font"), float(words.say("workbook.size")))

    def add(self, name: str, rows: Sequence[Block]) -> Worksheet:
        worksheet = self._book.create_sheet(self._names.take(name))
        self._rows[worksheet.title] = rows
        return worksheet

    def add_as_found(self, sheet: Sheet) -> None:
        from lostdeals.write.customers import as_found, widths
        from lostdeals.write.dress import widen

        worksheet = self.add(sheet.name, as_found(sheet, self.styles))
        worksheet.sheet_state = "hidden" if sheet.hidden else "visible"
        widen(worksheet, widths(sheet))

    def add_page(self, page: Page) -> None:
        from lostdeals.write.pages import lay_out
        from lostdeals.write.sheets import CLEANED, mark

        worksheet = self.add(self._words.say(f"sheet.{page.key}"), ())
        mark(self._book, {f"{CLEANED}{page.key}": worksheet.title})
        self._rows[worksheet.title], _ = lay_out(worksheet, page, self.styles)

    def write(self, path: Path, today: date) -> tuple[Finding, ...]:
        from lostdeals.package.fill import fill
        from lostdeals.write.atomic import replacing
        from lostdeals.write.new_workbook import did_not_fit, keep_edited

        self._book.remove(self._blank)
        kept = keep_edited(path)
        with replacing(path) as file:
            written = fill(self._book, self._rows, file, today)
        return (*kept, *did_not_fit(written))


def _rows(sheet: Sheet, layout: Layout, styles: Styles) -> list[Block]:
    """The cells of the customer sheet: its header set off, phones and ids as text."""
    from lostdeals.package.rows import Block
    from lostdeals.package.rows import Column as Cells

    cells, headers = sheet.cells, layout.header_rows
    top, last = (headers[0], headers[-1]) if headers else (0, 0)
    moments = styles.moments()
    looks = {column.letter: styles.number("digits") for column in layout.columns if column.role in DIGITS}
    parts: tuple[tuple[pd.DataFrame, dict[str, int], int, dict[str, int]], ...] = (
        (cells[cells.index < top], {}, 0, moments),
        (cells.loc[top:last], {}, styles.number("header"), {}),
        (cells[cells.index > last], looks, 0, moments),
    )
    return [
        Block(
            [int(row) for row in part.index],
            [Cells(str(letter), part[letter], own.get(letter, style), dates) for letter in part.columns],
        )
        for part, own, style, dates in parts
        if len(part)
    ]
