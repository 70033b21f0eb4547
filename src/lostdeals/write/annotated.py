"""The user's own workbook with the scored columns beside their customers and the summary sheets behind their sheets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from openpyxl import Workbook

from lostdeals.model import Finding
from lostdeals.package import names as marks
from lostdeals.package.annotate import Ours, annotate
from lostdeals.package.book import Book
from lostdeals.package.floating import floating_over
from lostdeals.package.letters import letters, number
from lostdeals.package.names import Area
from lostdeals.package.refusal import Refused
from lostdeals.package.site import Site, Wanted, find
from lostdeals.package.styles import Styles
from lostdeals.package.stylesheet import StyleSheet
from lostdeals.schema import OVERRIDE
from lostdeals.vocab.pages import is_page
from lostdeals.write import customers
from lostdeals.write.columns import added
from lostdeals.write.moved import left_alone, moved
from lostdeals.write.names import SheetNames
from lostdeals.write.new_workbook import did_not_fit
from lostdeals.write.pages import results
from lostdeals.write.placing import Written, placing
from lostdeals.write.sheets import plant_pages

if TYPE_CHECKING:
    from lostdeals.model import Report
    from lostdeals.package.rows import Block
    from lostdeals.vocab import Words
    from lostdeals.write.columns import Added
    from lostdeals.write.customers import Place

DRESS = "_"
"""Title of the sheet that only shows what our columns wear."""


def write_annotated(report: Report, words: Words, path: Path) -> Written:
    """Write the user's workbook with ours in it. Raises Refused where that could do harm."""
    with Book(report.source) as book:
        if book.macros != (path.suffix.lower() == ".xlsm"):
            raise Refused("macros", path.name)
        new = added(report, words)
        site = find(book, _wanted(report, new))
        styles_part = StyleSheet(book)
        columns = {key: letters(column) for key, column in site.columns.items()}
        place = customers.place_of(report, columns, report.sheet.name, annotated=True)
        over = _floating(book, site, place)
        place = replace(place, covered=bool(over))
        made = Workbook()
        dress = made.active
        dress.title = DRESS
        styles = Styles(made, *styles_part.font())
        earlier_columns, earlier_sheets = marks.marks(book)
        replaced = [title for key, title in earlier_sheets.items() if is_page(words.vocabulary, key, title)]
        if not earlier_sheets:  # another program has dropped the hidden names
            replaced = list(report.layout.own_pages)
        taken = SheetNames()
        taken.take(DRESS)
        for sheet in book.sheets:
            if sheet.name not in replaced:
                taken.take(sheet.name)
        kept = frozenset({OVERRIDE} if OVERRIDE in report.layout.own else ())
        cells: Sequence[Block] = ()
        more = []
        if columns:
            customers.dress_ours(dress, new, place, words)
            cells = customers.beside(report, [one for one in new if one.key not in kept], place, styles)
        else:
            more.append(results(report, words, new))
        titles, rows = plant_pages(made, report, words, styles, place, taken, more)
        ours = Ours(
            made=made,
            dress=DRESS,
            cells=cells,
            rows=rows,
            titles=titles,
            headers={one.key: one.header for one in new},
            kept=kept,
            replaced=tuple(replaced),
            header_row=place.header_row,
            first_row=place.first_row,
        )
        with placing(path) as (file, written):
            fitted = annotate(book, site, styles_part, ours, file, report.today)
            renamed = [*left_alone(report, earlier_columns), *moved(report, earlier_columns)]
            said = Finding(
                "annotated" if columns else "annotated-apart",
                len(site.new),
                values={"columns": len(site.columns), "sheets": len(titles)},
            )
            covered = [Finding("covered", len(over), f"{site.entry.name}!{over[0]}")] if over else []
            apart = [_apart(words, titles["results"], site.why)] if site.why else []
            written.notes = (said, *apart, *covered, *renamed, *did_not_fit(fitted))
    return written


def _wanted(report: Report, new: Sequence[Added]) -> Wanted:
    place = customers.place_of(report, {}, report.sheet.name)
    return Wanted(
        report.sheet.name,
        place.header_row,
        place.first_row,
        place.last_row,
        {one.key: one.header for one in new},
        {key: number(letter) for key, letter in report.layout.own.items()},
        _right(report),
    )


def _right(report: Report) -> int:
    """The last column that holds something of a customer, with those that only have a header and stand next to it."""
    first, last = (report.layout.rows or (1,))[0], (report.layout.rows or (0,))[-1]
    cells = report.sheet.cells
    theirs = {number(column.letter): column.header for column in report.layout.columns}
    from_the_right = (at for at in sorted(theirs, reverse=True) if letters(at) in cells)
    right = next(
        (at for at in from_the_right if cells[letters(at)].loc[first:last].notna().any()), max(theirs, default=0)
    )
    while theirs.get(right + 1):
        right += 1
    return max([right, *map(number, report.layout.own.values())])


def _floating(book: Book, site: Site, place: Place) -> list[str]:
    """Pictures and charts of the user's that lie over our cells: they stay where they are, because they are theirs."""
    if not site.columns:
        return []
    left, right = site.span
    cells = Area(place.header_row or place.first_row, left, place.last_row, right)
    return sorted(floating_over(book, site.entry.part, cells), key=lambda at: (len(at), at))


def _apart(words: Words, title: str, why: str) -> Finding:
    return Finding("columns-apart", first=title, values={"why": words.say(f"apart.{why}")})
