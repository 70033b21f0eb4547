"""The summary sheets put into a workbook, one after the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from lostdeals.package.names import MARK, SHEET_MARK, quoted_sheet
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


def mark(book: Workbook, titles: Mapping[str, str], place: Place | None = None) -> None:
    """Hidden names by which the next run finds our sheets (key -> title) and columns again."""
    from openpyxl.workbook.defined_name import DefinedName

    places = {f"{SHEET_MARK}{key}": f"{quoted_sheet(title)}!$A$1" for key, title in titles.items()}
    if place is not None and place.sheet:
        row = place.header_row or place.first_row
        for key, letter in place.letters.items():
            places[f"{MARK}{key}"] = f"{quoted_sheet(place.sheet)}!${letter}${row}"
    for name, text in places.items():
        book.defined_names[name] = DefinedName(name, attr_text=text, hidden=True)
