"""The header once more: exports pasted one under another, and the titles above each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from lostdeals.understand.cell_text import as_text
from lostdeals.understand.grid import Grid, Places
from lostdeals.vocab import normalise

ALIKE = 0.6
"""Share of a header's cells that a repeated header has, too."""


def repeated_headers(grid: Grid, lines: Sequence[int], rows: Places) -> list[int]:
    """Rows that are the header once more, however its capitals and blanks are written."""
    out: list[int] = []
    for line in lines:
        names = [normalise(text) for text in grid.texts(line)]
        named = [column for column, name in enumerate(names) if name]
        least = max(2, int(np.ceil(ALIKE * len(named))))
        if len(named) < 2 or not rows.size:
            continue
        # Who has enough cells alike has one among any so many, and numbers are compared faster than texts;
        # spelled otherwise, the first one tells
        places: set[int] = set()
        quick = sorted(named, key=lambda column: _slowness(grid.cells[rows[0], column]))
        for column in quick[: len(named) - least + 1]:
            places |= _places(grid.cells[rows[0] :, column].tolist(), grid.cells[line, column])
        own = as_text(grid.cells[line, named[0]])
        if _may_spell(grid.lines(named[0]), names[named[0]], own):
            places |= _spelled(grid.cells[rows[0] :, named[0]].tolist(), names[named[0]])
        below = [int(rows[0]) + place for place in sorted(places)]
        maybe = [row for row in below if rows[min(int(rows.searchsorted(row)), rows.size - 1)] == row]
        out += [
            row
            for row in maybe
            if sum(normalise(text) == names[column] for column, text in enumerate(grid.texts(row)) if text) >= least
        ]
    return out


def titles_above(grid: Grid, repeated: Sequence[int], lines: Sequence[int]) -> Iterator[int]:
    """Lines right above a header that comes again, of one cell or begun like the line above the first one: 客户名单 第2页."""
    known = set(repeated)
    above = grid.texts(lines[0] - 1) if lines and lines[0] else []
    first = next(filter(None, above), "")
    for row in repeated:
        while row - 1 in known:
            row -= 1
        if row and (grid.widths[row - 1] == 1 or (first and first == next(filter(None, grid.texts(row - 1)), ""))):
            yield row - 1


def _places(values: list[object], wanted: object) -> set[int]:
    """Where a value stands; a list looks for it without a step of Python."""
    out: set[int] = set()
    start = 0
    while True:
        try:
            start = values.index(wanted, start) + 1
        except ValueError:
            return out
        out.add(start - 1)


def _slowness(value: object) -> int:
    """How long it takes to tell that a value is not some text; dates take longest."""
    return 0 if isinstance(value, int | float) else 1 if value is None or isinstance(value, str) else 2


def _may_spell(lines: str, wanted: str, own: str) -> bool:
    """A name stands in a column in any capitals, other than where the header itself says it."""
    if wanted.upper() == wanted:  # Chinese has no capitals
        return lines.count(wanted) > own.count(wanted)
    return lines.casefold().count(wanted) > own.casefold().count(wanted)


def _spelled(values: list[object], wanted: str) -> set[int]:
    """Where a text stands in any capitals, with blanks around it."""
    return {
        place
        for place, text in enumerate(values)
        if type(text) is str and (wanted == text or text.strip().casefold() == wanted)
    }
