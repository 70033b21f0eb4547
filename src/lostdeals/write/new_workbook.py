"""A new workbook: the values of the user's sheets with our columns, then the summary sheets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from openpyxl import Workbook

from lostdeals.errors import LostDealsError
from lostdeals.model import Finding
from lostdeals.package.fill import fill, untouched
from lostdeals.package.rows import RowWriter
from lostdeals.package.styles import Styles
from lostdeals.write import customers
from lostdeals.write.columns import added
from lostdeals.write.dress import widen
from lostdeals.write.names import SheetNames
from lostdeals.write.placing import Written, placing
from lostdeals.write.sheets import mark, plant_pages

if TYPE_CHECKING:
    from lostdeals.model import Report
    from lostdeals.package.rows import Block
    from lostdeals.vocab import Words


def write_new(report: Report, words: Words, path: Path) -> Written:
    """Write a new workbook, and say what of the report Excel could not hold.

    The user's file is not opened: their values come from the report, at their own rows and letters, dates as dates and
    text as text. The same report gives the same bytes.

    Raises LostDealsError ``cannot-write``, ``too-many-columns``.
    """
    book = Workbook()
    book.remove(book.active)
    names = SheetNames()
    new = added(report, words)
    place = customers.locate(report, new)
    sheet = book.create_sheet(names.take(report.sheet.name))
    place = replace(place, sheet=sheet.title)
    styles = Styles(book, words.say("workbook.font"), float(words.say("workbook.size")))
    customers.dress(sheet, report, new, place, words)
    rows: dict[str, Sequence[Block]] = {sheet.title: customers.annotated(report, new, place, styles)}
    for other in report.sheets:
        if other.name != report.sheet.name:
            sheet = book.create_sheet(names.take(other.name))
            sheet.sheet_state = "hidden" if other.hidden else "visible"
            widen(sheet, customers.widths(other))
            rows[sheet.title] = customers.as_found(other, styles)
    titles, ours = plant_pages(book, report, words, styles, place, names)
    mark(book, titles, place)
    with placing(path) as (file, written):
        written.notes = did_not_fit(fill(book, rows | ours, file, report.today))
    return written


def keep_edited(path: Path) -> tuple[Finding, ...]:
    """Set aside what stands at the place of the output if somebody has worked in it: ``x.scored.edited.xlsx``.

    Raises LostDealsError ``cannot-write``.
    """
    if not path.is_file() or untouched(path):
        return ()
    names = (path.with_name(f"{path.stem}.edited{number}{path.suffix}") for number in ("", *range(2, 10_000)))
    aside = next(name for name in names if not name.exists())
    try:
        path.rename(aside)
    except OSError as error:
        raise LostDealsError("cannot-write", where=str(path), reason=error.strerror or "") from None
    return (Finding("kept-edited", first=aside.name),)


def did_not_fit(written: Mapping[str, RowWriter]) -> tuple[Finding, ...]:
    """What was shortened or left out, as findings."""
    cut = [(f"{title}!{rows.first_cut}", rows.cut) for title, rows in written.items() if rows.cut]
    left_out = [(title, rows.rows_left_out) for title, rows in written.items() if rows.rows_left_out]
    found = []
    for code, places in (("cells-cut", cut), ("rows-left-out", left_out)):
        if places:
            found.append(Finding(code, sum(count for _, count in places), places[0][0]))
    return tuple(found)
