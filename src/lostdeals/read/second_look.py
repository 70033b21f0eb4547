"""What the fast reader does not tell about a sheet, whatever the format: errors, zeros shown, hidden rows, stray cells."""

from __future__ import annotations

import struct
from array import array
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from lostdeals.model import ErrorCell
from lostdeals.package.letters import LAST_COLUMN, letters

Place = tuple[int, int]
"""Row and column, both counted from 1."""
Area = tuple[int, int, int, int]
"""First row, first column, last row, last column; counted from 1."""
Numbers = np.ndarray[tuple[int], np.dtype[np.int64]]

ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}
"""What the binary formats call an error by number ([MS-XLS] 2.5.10 and [MS-XLSB] 2.5.97.2)."""
UNKNOWN = "#UNKNOWN!"
ROOMY = 2_000_000
"""Cells up to which a sheet may be as empty as it likes."""
ROOMY_ACROSS = 50_000
"""The same where columns could be cut off, because every column is looked at by itself."""
MOST = 1 << 24
"""Cells of a nearly empty area that still fit into memory (0.8 GiB): as many as a sheet of an .xls has."""
GAP_ROWS, GAP_COLUMNS = 1_000, 100
"""Empty rows or columns behind which a cell is no part of the table any more (project defaults)."""


@dataclass(frozen=True)
class SecondLook:
    """What was found beside the values, by place where it concerns one cell."""

    errors: Mapping[Place, ErrorCell] = field(default_factory=dict)
    shown: Mapping[Place, str] = field(default_factory=dict)
    """Numbers whose format shows zeros before them, as shown."""
    unvalued: tuple[Place, ...] = ()
    """Formulas without the value they had."""
    merged: tuple[Area, ...] = ()
    """Merged areas, where the fast reader does not tell them."""
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: tuple[int, ...] = ()
    """Counted from 1."""
    widths: Mapping[str, float] = field(default_factory=dict)
    """In characters, by letter."""
    formats: Mapping[str, str] = field(default_factory=dict)
    """The number format that most numbers of a column's first rows have, by letter; General is left out."""
    end: Place = (0, 0)
    """The last row and column that may hold a value; (0, 0) where nobody looked."""
    strays: tuple[Place, ...] = ()
    """Cells beyond `end`, far from the table, that were left out."""
    size: int = 0
    """Bytes of the part."""
    hollow: bool = False
    """Most of the part is cells without a value."""


FORMATTED, GENERAL = 300, "GENERAL"
"""Rows that tell the number format of a column, and the format that says nothing."""


class Notes:
    """What a walk through a sheet notes down, to become a look."""

    def __init__(self) -> None:
        self.errors: dict[Place, ErrorCell] = {}
        self.shown: dict[Place, str] = {}
        self.unvalued: list[Place] = []
        self.merged: list[Area] = []
        self.hidden_rows: set[int] = set()
        self._hidden_columns: list[int] = []
        self._widths: dict[str, float] = {}
        self._styles: Counter[tuple[int, int]] = Counter()
        self._rows = array("q")
        self._columns = array("q")

    def value(self, row: int, column: int) -> None:
        """A cell holds something."""
        self._rows.append(row)
        self._columns.append(column)

    def values(self, row: int, columns: Collection[int]) -> None:
        """Several cells of a row hold something."""
        self._rows.extend([row] * len(columns))
        self._columns.extend(columns)

    def span(self, first: int, last: int, width: float | None, *, hidden: bool) -> None:
        """Columns of one width, in characters."""
        for column in range(first, min(last, LAST_COLUMN) + 1):
            if width is not None:
                self._widths[letters(column)] = width
            if hidden:
                self._hidden_columns.append(column)

    def number(self, row: int, column: int, style: int) -> None:
        """A cell holds a number in one of the file's cell styles; only the first rows tell the format of a column."""
        if row <= FORMATTED:
            self._styles[column, style] += 1

    def formats(self, codes: Sequence[str]) -> dict[str, str]:
        """The usual number format of each column by its letter; codes: of each cell style."""
        usual: dict[int, int] = {}
        for (column, style), _ in self._styles.most_common():
            usual.setdefault(column, style)
        known = {column: codes[style] for column, style in usual.items() if style < len(codes)}
        return {letters(column): code for column, code in known.items() if code and code.upper() != GENERAL}

    def look(self, size: int, codes: Sequence[str] = ()) -> SecondLook:
        """The look; size: bytes of the part; codes: number formats of the cell styles."""
        rows, columns = np.frombuffer(self._rows, dtype=np.int64), np.frombuffer(self._columns, dtype=np.int64)
        row, column = end_of_table(rows, columns, size)
        far = np.flatnonzero((rows > row) | (columns > column))
        return SecondLook(
            errors=self.errors,
            shown=self.shown,
            unvalued=tuple(self.unvalued),
            merged=tuple(self.merged),
            hidden_rows=frozenset(self.hidden_rows),
            hidden_columns=tuple(self._hidden_columns),
            widths=self._widths,
            formats=self.formats(codes),
            end=(row, column),
            strays=tuple((int(rows[index]), int(columns[index])) for index in far),
            size=size,
        )


def sparse(rows: int, columns: int, size: int, roomy: int = ROOMY) -> bool:
    """An area is large, and nearly empty for a part of `size` bytes.

    The reader keeps every cell of the used area and would run out of memory over next to nothing. A cell that holds
    something takes more than 20 bytes of XML, so an area of more cells than bytes is nearly empty.

    >>> sparse(1_048_576, 16_384, 2_000), sparse(1_048_576, 20, 800_000_000)
    (True, False)
    """
    return rows * columns > max(roomy, size)


def end_of_table(rows: Numbers, columns: Numbers, size: int) -> Place:
    """The last row and column of the table, without the few cells that lie far from it.

    rows, columns: of every cell that holds a value. What lies behind the widest empty band is cut off, the fewest cells
    first, until the area is not nearly empty any more; nothing is cut where that would cost more than half of the cells.

    >>> near, far = np.arange(1, 100), np.array([1_048_576])
    >>> end_of_table(np.append(near, far), np.append(near % 9 + 1, np.array([16_384])), 3_000)
    (99, 9)
    """
    if not len(rows):
        return 0, 0
    everything = int(rows.max()), int(columns.max())
    least = len(rows) / 2
    while True:
        row, column = int(rows.max()), int(columns.max())
        last_row, last_column = _before_gap(rows, GAP_ROWS), _before_gap(columns, GAP_COLUMNS)
        cuts = []
        if last_row < row and sparse(row, column, size):
            cuts.append(rows <= last_row)
        if last_column < column and sparse(row, column, size, ROOMY_ACROSS):
            cuts.append(columns <= last_column)
        if not cuts:
            return row, column
        near = max(cuts, key=np.count_nonzero)
        if np.count_nonzero(near) < least:
            return everything
        rows, columns = rows[near], columns[near]


def _before_gap(numbers: Numbers, gap: int) -> int:
    """The last number before the widest gap; the largest of all where no gap is wide enough."""
    used = np.unique(numbers)
    steps = np.diff(used)
    if not len(steps) or steps.max() <= gap:
        return int(used[-1])
    return int(used[steps.argmax()])


def compressed_number(number: int) -> float:
    """The number that the binary formats keep in 32 bits ([MS-XLS] 2.5.217).

    >>> compressed_number(0x40240000), compressed_number(0x002DB66A), compressed_number(0x002DB66B)
    (10.0, 748954.0, 7489.54)
    """
    if number & 2:
        value = float((number - (1 << 32) if number >= 1 << 31 else number) >> 2)
    else:
        (value,) = struct.unpack("<d", struct.pack("<II", 0, number & ~3))
    return value / 100 if number & 1 else value
