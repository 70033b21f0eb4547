"""Where our columns can go in the user's workbook: beside their own, so that a sort moves both, or on a sheet of their own."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lostdeals.package.book import Book, SheetEntry
from lostdeals.package.letters import LAST_COLUMN
from lostdeals.package.names import area
from lostdeals.package.outline import Part
from lostdeals.package.parts import check_encoding
from lostdeals.package.refusal import Refused, refusing
from lostdeals.package.scan import Scan, filled_columns, scan
from lostdeals.package.tables import Table, fits, tables_of


@dataclass(frozen=True)
class Wanted:
    """What is to be put beside the customers."""

    sheet: str
    header_row: int | None
    first_row: int
    last_row: int
    headers: Mapping[str, str]
    """Our columns in their order: key -> header."""
    earlier: Mapping[str, int]
    """Those that an earlier run left on the sheet, under their own headers: key -> column."""
    right: int = 0
    """The last column of the customers' table; 0 where that is not known."""

    @property
    def rows(self) -> tuple[int, int]:
        """The first and the last row that gets cells."""
        return self.header_row or self.first_row, self.last_row


@dataclass(frozen=True)
class Site:
    """The customers' sheet, and what is possible there."""

    entry: SheetEntry
    index: int
    """Its place in the workbook, from 0."""
    scan: Scan
    frame: Part
    """The sheet without its rows, to be edited."""
    columns: Mapping[str, int]
    """Our columns: key -> column; empty where they cannot stand here."""
    new: tuple[str, ...]
    """Those of them that the sheet does not have yet, side by side at the right edge."""
    tables: tuple[Table, ...]
    """To be widened over them."""
    edge: int
    """The last column that is the user's."""
    filtered: bool = False
    """The sheet's filter is over the customers."""
    why: str = ""
    """Why they cannot stand here: a code ``apart.<why>`` of the messages."""

    @property
    def span(self) -> tuple[int, int]:
        """The first and the last of our columns."""
        return min(self.columns.values()), max(self.columns.values())


def find(book: Book, wanted: Wanted) -> Site:
    """Look at the customers' sheet. Refused where it must not be touched or cannot be read for sure."""
    index, entry = next(
        ((place, one) for place, one in enumerate(book.sheets) if one.name == wanted.sheet and one.part), (-1, None)
    )
    if entry is None:
        raise Refused("missing-relations", wanted.sheet)
    part = entry.part
    check_encoding(next(book.pieces(part), b""), part)
    looked = scan(book.pieces(part), part, wanted.rows)
    with refusing(part):
        frame = Part(looked.frame, 3)
    protection = frame.root.child("sheetProtection")
    if protection is not None and protection.attributes.get("sheet", "0") in ("1", "true", "on"):
        raise Refused("protected-sheet", wanted.sheet)
    tables = tables_of(book, part)
    over = [one for one in tables if one.area.top <= wanted.last_row and one.area.bottom >= wanted.first_row]
    merged, filtered = _edges(frame, wanted.rows)
    beside = max([looked.edge, *merged, *filtered, *(one.area.right for one in over)])
    edge = max([wanted.right, *filtered, *(one.area.right for one in over)]) if wanted.right else beside
    if edge < beside:  # columns without a header that hold something are theirs as long as no empty one parts them
        filled = filled_columns(book.pieces(part), part, edge, wanted.rows)
        while edge + 1 in filled:
            edge += 1
    earlier = dict(wanted.earlier)
    new = tuple(key for key in wanted.headers if key not in earlier)
    places = earlier | {key: edge + number for number, key in enumerate(new, start=1)}
    columns = {key: places[key] for key in wanted.headers}
    why = _against(wanted, over, edge, [wanted.headers[key] for key in new]) if new else ""
    if new and not why and edge < beside:
        why = "gap"
    theirs = max([looked.last_column, *merged, *filtered])
    theirs = min([theirs, *(column - 1 for column in earlier.values())]) if earlier else theirs
    if why:
        return Site(entry, index, looked, frame, {}, (), (), theirs, why=why)
    return Site(entry, index, looked, frame, columns, new, tuple(over) if new else (), theirs, filtered=bool(filtered))


def _against(wanted: Wanted, over: Sequence[Table], edge: int, headers: Sequence[str]) -> str:
    """Why columns behind `edge` would not do; empty where they would."""
    if edge + len(headers) > LAST_COLUMN:
        return "no-columns"
    if len(over) > 1 or any(not fits(one, wanted.header_row, edge + 1, headers) for one in over):
        return "table"
    return ""


def _edges(frame: Part, rows: tuple[int, int]) -> tuple[list[int], list[int]]:
    """The right edges of merged cells and of the filter, where they meet the rows."""
    merged, filtered = frame.root.child("mergeCells"), frame.root.child("autoFilter")
    cells = [one.attributes.get("ref", "") for one in merged.children] if merged else []
    return _right(cells, rows), _right([filtered.attributes.get("ref", "")] if filtered else [], rows)


def _right(areas: Sequence[str], rows: tuple[int, int]) -> list[int]:
    found = (place for one in areas if (place := area(one)) is not None)
    return [place.right for place in found if place.top <= rows[1] and place.bottom >= rows[0]]


def free_priority(frame: Part) -> int:
    """The highest priority that a conditional format of the sheet has; ours come after it."""
    return max((int(found) for found in re.findall(rb'\spriority="(\d+)"', frame.xml)), default=0)
