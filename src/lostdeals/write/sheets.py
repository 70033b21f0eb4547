"""The summary sheets put into a workbook, one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lostdeals.write import overview
from lostdeals.write.pages import Page, lay_out, pages

if TYPE_CHECKING:
    from openpyxl import Workbook

    from lostdeals.model import Report
    from lostdeals.package.rows import Block
    from lostdeals.package.styles import Styles
    from lostdeals.vocab import Words
    from lostdeals.write.customers import Place
    from lostdeals.write.names import SheetNames
    from lostdeals.write.native import Bars

OVERVIEW = "overview"


def plant_pages(
    book: Workbook,
    report: Report,
    words: Words,
    styles: Styles,
    place: Place,
    names: SheetNames,
    more: Sequence[Page] = (),
) -> tuple[dict[str, str], dict[str, Sequence[Block]]]:
    """Add the overview, `more`, and every summary sheet that has a row; gives their titles by key, and their rows by title."""
    titles = {OVERVIEW: names.take(words.say(f"sheet.{OVERVIEW}"))}
    first = book.create_sheet(titles[OVERVIEW])
    rows: dict[str, Sequence[Block]] = {}
    charts: dict[str, Bars] = {}
    for page in [*more, *pages(report, words, place)]:
        title = titles[page.key] = names.take(words.say(f"sheet.{page.key}"))
        sheet = book.create_sheet(title)
        rows[title], drawn = lay_out(sheet, page, styles)
        charts |= drawn
    overview.build(first, report, words, styles, charts)
    return titles, rows
