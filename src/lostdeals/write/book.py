"""A new workbook, sheet by sheet: the sheets of a file as they were found, and summary pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from lostdeals.model import Finding, Sheet
    from lostdeals.package.rows import Block
    from lostdeals.vocab import Words
    from lostdeals.write.pages import Page


class Book:
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
        """A sheet of these rows, under a name that Excel allows."""
        worksheet = self._book.create_sheet(self._names.take(name))
        self._rows[worksheet.title] = rows
        return worksheet

    def add_as_found(self, sheet: Sheet) -> None:
        """A sheet of the user's: its values, where they were."""
        from lostdeals.write.customers import as_found, widths
        from lostdeals.write.dress import widen

        worksheet = self.add(sheet.name, as_found(sheet, self.styles))
        worksheet.sheet_state = "hidden" if sheet.hidden else "visible"
        widen(worksheet, widths(sheet))

    def add_page(self, page: Page) -> None:
        """A summary sheet."""
        from lostdeals.vocab.pages import CLEANED
        from lostdeals.write.pages import lay_out
        from lostdeals.write.sheets import mark

        worksheet = self.add(self._words.say(f"sheet.{page.key}"), ())
        mark(self._book, {f"{CLEANED}{page.key}": worksheet.title})
        self._rows[worksheet.title], _ = lay_out(worksheet, page, self.styles)

    def write(self, path: Path, today: date) -> tuple[Finding, ...]:
        """Write the workbook beside its place and rename it; gives what did not fit, and what was set aside."""
        from lostdeals.package.fill import fill
        from lostdeals.write.atomic import replacing
        from lostdeals.write.new_workbook import did_not_fit, keep_edited

        self._book.remove(self._blank)
        kept = keep_edited(path)
        with replacing(path) as file:
            written = fill(self._book, self._rows, file, today)
        return (*kept, *did_not_fit(written))
