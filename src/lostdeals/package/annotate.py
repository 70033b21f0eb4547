"""The user's workbook with our columns and sheets in it, and everything else as it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import IO, TYPE_CHECKING
from zipfile import ZipFile

from lostdeals.package.beside import put_beside
from lostdeals.package.book import Book
from lostdeals.package.fill import SEAL, skeleton
from lostdeals.package.graft import Graft, sheet_parts, uproot
from lostdeals.package.letters import letters
from lostdeals.package.names import MARK, PRINT_AREA, SHEET_MARK, Names, quoted_sheet
from lostdeals.package.stylesheet import StyleSheet

if TYPE_CHECKING:
    from openpyxl import Workbook

    from lostdeals.package.rows import Block, RowWriter
    from lostdeals.package.site import Site


@dataclass(frozen=True)
class Ours:
    """What is put into the user's workbook."""

    made: Workbook
    """By openpyxl: the sheets that are planted, without their large rows."""
    dress: str
    """The sheet of `made` whose widths, formats and drop-downs our columns wear; it is not planted."""
    cells: Sequence[Block]
    """Of our columns on the customers' sheet; none where they have a sheet of their own."""
    rows: Mapping[str, Sequence[Block]]
    """Large rows of the planted sheets, by title."""
    titles: Mapping[str, str]
    """Planted sheets: key -> title, in their order."""
    headers: Mapping[str, str]
    """Our columns: key -> header."""
    kept: frozenset[str] = frozenset()
    """Columns of an earlier run whose cells stay as the user left them."""
    replaced: tuple[str, ...] = ()
    """Titles of the sheets of an earlier run that these take the place of."""
    header_row: int | None = None
    first_row: int = 1


def annotate(
    book: Book, site: Site, styles: StyleSheet, ours: Ours, out: IO[bytes], when: date
) -> dict[str, RowWriter]:
    """Write the user's workbook with what is ours; gives what did not fit, by sheet.

    The file that was read is never opened for writing.
    """
    names = Names(book)
    names.forget_marks()
    places = uproot(book, ours.replaced)
    names.renumber(places)
    writers: dict[str, RowWriter] = {}
    with ZipFile(skeleton(ours.made, when)) as made:
        parts = sheet_parts(made)
        numbers = styles.append(made.read("xl/styles.xml"))
        if ours.cells:
            writers[site.entry.name] = put_beside(
                book,
                site,
                ours.cells,
                made.read(parts[ours.dress]),
                numbers,
                names,
                headers=ours.headers,
                kept=ours.kept,
                header_row=ours.header_row,
            )
            _mark_columns(site, ours, names)
            _print_as_before(site, places, names)
        graft = Graft(book, made, numbers, names)
        titles = list(ours.titles.values())
        for key, title in ours.titles.items():
            writers[title] = graft.plant(parts[title], title, ours.rows.get(title, ()))
            names.define(f"{SHEET_MARK}{key}", f"{quoted_sheet(title)}!$A$1", hidden=True)
        old, count = list(parts), sum(place is not None for place in places.values())
        graft.take_over_names(
            lambda place: count + titles.index(old[place]) if 0 <= place < len(old) and old[place] in titles else None
        )
        graft.save()
        names.save()
        styles.save()
        book.check_copied()
        book.write(out, SEAL)
    return writers


def _mark_columns(site: Site, ours: Ours, names: Names) -> None:
    row = ours.header_row or ours.first_row
    for key, column in site.columns.items():
        names.define(f"{MARK}{key}", f"{quoted_sheet(site.entry.name)}!${letters(column)}${row}", hidden=True)


def _print_as_before(site: Site, places: Mapping[int, int | None], names: Names) -> None:
    """Print the user's own columns only, where they have not said what to print and nothing floats beside them."""
    place = places.get(site.index)
    if place is None or not site.edge or site.frame.root.child("drawing") is not None:
        return
    if not names.has(PRINT_AREA, site.index):
        text = f"{quoted_sheet(site.entry.name)}!$A$1:${letters(site.edge)}${max(site.scan.last_row, 1)}"
        names.define(PRINT_AREA, text, sheet=place)
