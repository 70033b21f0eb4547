"""Rows of a worksheet as XML, column by column and in chunks, so that a million rows need no more memory than a thousand."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, repeat
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np

from lostdeals.distinct import alike
from lostdeals.package.cells import ROW, Fragments, too_long
from lostdeals.package.formulas import Formula

if TYPE_CHECKING:
    import pandas as pd

LAST_ROW = 1_048_576
"""The last row Excel has."""
LAST_COLUMN = 16_384
"""The last column Excel has."""
CHUNK = 500
"""Rows written at a time."""
REMEMBERED = 20_000
"""Distinct values of a column that are kept at hand between chunks."""


Pieces = Sequence[bytes | Sequence[bytes] | None]
"""What rows are strung together from: the same for all of them, or one for each; None is where their numbers stand."""
FEW = 0.5
"""A column whose first chunk has no more distinct values than this share of its cells is one whose values come again."""
_ROW = ROW.encode()


@dataclass(frozen=True)
class Column:
    """The cells of one column in one block."""

    letter: str
    values: Sequence[Any] | pd.Series[Any]
    """One per row of the block; None, NaN and NaT are empty cells."""
    style: int = 0
    """Cell style, by its number in ``styles.xml``."""
    styles: Mapping[str, int] | None = None
    """Other styles for dates, times and so on, by kind (``cells.DATE`` …); None where `style` serves all."""
    blanks: bool = False
    """Empty cells are written, too, for the sake of their style."""


@dataclass(frozen=True)
class Block:
    """Rows that have the same columns; the blocks of a sheet follow one another downwards."""

    rows: Sequence[int]
    """The sheet's row numbers, rising."""
    columns: Sequence[Column]
    """From left to right."""
    heights: Sequence[float] | None = None
    """Of the rows, in points; None leaves them to Excel."""


class RowWriter:
    """Turns blocks into what stands inside ``<sheetData>``, and remembers what did not fit into Excel.

    >>> b"".join(RowWriter().xml([Block([3], [Column("A", ["李 & 王"]), Column("C", [2.0])])])).decode()
    '<row r="3"><c r="A3" t="inlineStr"><is><t>李 &amp; 王</t></is></c><c r="C3"><v>2</v></c></row>'
    """

    def __init__(self, prefix: str = "", *, edges: bool = True, looks: Sequence[int] = ()) -> None:
        """`prefix` and `edges`: see ``cells.Fragments``; `looks`: the styles' numbers where these cells end, if others."""
        self._prefix, self._edges, self._looks = prefix, edges, looks
        self.cut = 0
        """Texts that were longer than a cell may be."""
        self.first_cut = ""
        """Address of the first of them: ``C17``."""
        self.rows_left_out = 0
        """Rows beyond the last one that Excel has."""

    def xml(self, blocks: Iterable[Block]) -> Iterator[bytes]:
        """The rows of all blocks, a chunk at a time."""
        for block in blocks:
            count = bisect_right(block.rows, LAST_ROW)
            self.rows_left_out += len(block.rows) - count
            memos = [self._memo(column) for column in block.columns]
            for start in range(0, count, CHUNK):
                yield self._chunk(block, memos, slice(start, min(start + CHUNK, count)))

    def cells(self, blocks: Iterable[Block]) -> Iterator[tuple[int, bytes]]:
        """The cells of each row that has any, without the row around them: for rows that are somebody else's.

        >>> list(RowWriter("x:").cells([Block([3, 4], [Column("B", [None, True])])]))
        [(4, b'<x:c r="B4" t="b"><x:v>1</x:v></x:c>')]
        """
        for block in blocks:
            count = bisect_right(block.rows, LAST_ROW)
            self.rows_left_out += len(block.rows) - count
            memos = [self._memo(column, self._prefix) for column in block.columns]
            for start in range(0, count, CHUNK):
                part = slice(start, min(start + CHUNK, count))
                if memos:
                    strung = self._strung(block, memos, part)
                    rows = map(b"".join, zip(*map(_each, strung), strict=False))
                    yield from filter(_has_cells, zip(map(int, block.rows[part]), rows, strict=False))

    def _memo(self, column: Column, prefix: str = "") -> _Memo:
        if self._looks:
            kinds = {kind: self._looks[style] for kind, style in (column.styles or {}).items()}
            column = replace(column, style=column.style and self._looks[column.style], styles=kinds)
        return _Memo(column, prefix, self._edges)

    def _chunk(self, block: Block, memos: Sequence[_Memo], part: slice) -> bytes:
        count, heights = len(block.rows[part]), block.heights
        if not count:
            return b""
        tag: Pieces = [b'<row r="', None, b'">' if heights is None else _row_tags(heights[part])]
        strung = self._strung(block, memos, part, tag, [b"</row>"])
        every = [
            piece if isinstance(piece, bytes) else b"" for piece in strung
        ] * count  # row by row, to be joined at once
        for place, piece in enumerate(strung):
            if not isinstance(piece, bytes):
                every[place :: len(strung)] = piece
        return b"".join(every)

    def _strung(
        self, block: Block, memos: Sequence[_Memo], part: slice, before: Pieces = (), after: Pieces = ()
    ) -> list[bytes | Sequence[bytes]]:
        """What each row of a chunk is strung together from, what stands around the cells included."""
        rows = [b"%d" % row for row in block.rows[part]]
        cells = [piece for memo in memos for piece in self._cells(memo, rows, part)]
        return _together([*before, *cells, *after], rows)

    def _cells(self, memo: _Memo, rows: Sequence[bytes], part: slice) -> Pieces:
        pieces = memo.pieces(part, rows)
        cut = memo.take_cuts()
        if cut and not self.first_cut:
            row = next(row for row, value in zip(rows, memo.part(part), strict=True) if too_long(value))
            self.first_cut = memo.letter + row.decode()
        self.cut += cut
        return pieces


def _together(pieces: Pieces, rows: Sequence[bytes]) -> list[bytes | Sequence[bytes]]:
    """What is the same in all rows and stands side by side as one piece."""
    strung: list[bytes | Sequence[bytes]] = []
    for same, group in groupby(pieces, lambda piece: isinstance(piece, bytes)):
        if same:
            strung.append(b"".join(piece for piece in group if isinstance(piece, bytes)))
        else:
            strung += [rows if piece is None else piece for piece in group]
    return strung


_has_cells = itemgetter(1)
"""Of a row's number and cells the cells, which are empty where it has none."""


def _each(piece: bytes | Sequence[bytes]) -> Iterable[bytes]:
    return repeat(piece) if isinstance(piece, bytes) else piece


def extent(blocks: Sequence[Block]) -> str:
    """The area that blocks fill, as ``<dimension>`` wants it.

    >>> extent([Block([2, 3], [Column("B", [1, 2]), Column("AA", [1, 2])])])
    'A1:AA3'
    """
    letters = [column.letter for block in blocks for column in block.columns]
    rows = [row for block in blocks for row in block.rows[-1:]]
    return (
        f"A1:{max(letters, key=lambda letter: (len(letter), letter))}{min(rows[-1], LAST_ROW)}"
        if rows and letters
        else "A1"
    )


def _row_tags(heights: Sequence[float]) -> list[bytes]:
    """The tags of rows, behind their numbers."""
    tags = {height: f'" ht="{height:g}" customHeight="1">'.encode() for height in set(heights)}
    return [tags[height] for height in heights]


class _Memo:
    """A column, and the XML of its values by type, because 1, 1.0 and True are equal."""

    def __init__(self, column: Column, prefix: str, edges: bool) -> None:
        self.letter = column.letter
        self._values = _compact(column.values)
        self._opening = f'<{prefix}c r="{column.letter}'.encode()
        self._comes_again: bool | None = None
        self._types: defaultdict[type, Fragments] = defaultdict(
            lambda: Fragments('"', column.style, column.styles or {}, blanks=column.blanks, prefix=prefix, edges=edges)
        )
        self._few = self._of_few()

    def _of_few(self) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]] | None:
        """A number per cell and the XML of each, where few objects come again and again and none is too long."""
        values = self._values
        if len(values) <= CHUNK:
            return None
        found = alike(
            values if isinstance(values, np.ndarray) else np.fromiter(values, dtype=object, count=len(values))
        )
        if found is None or len(found[1]) > REMEMBERED:
            return None
        shown = np.empty(len(found[1]), dtype=object)
        shown[:] = self._each(found[1].tolist())
        return None if self.take_cuts() else (found[0], shown)

    def part(self, part: slice) -> Sequence[Any]:
        """A slice of the values as plain Python objects."""
        values = self._values[part]
        if not isinstance(values, np.ndarray):
            return values
        cells: list[Any] = values.tolist()
        if values.dtype.kind == "f":
            for place in np.flatnonzero(np.isnan(values)).tolist():
                cells[place] = None
        return cells

    def pieces(self, part: slice, rows: Sequence[bytes]) -> Pieces:
        """What the cells of a slice are strung together from."""
        before, after = b"", b""
        if self._few is not None:
            codes, each = self._few
            shown: Sequence[bytes] = each[codes[part]].tolist()
        else:
            before, shown, after = self._cells(self.part(part))
        if Formula in self._types:  # may name its row in more than its address
            shown = [cell.replace(_ROW, row) for cell, row in zip(shown, rows, strict=True)]
        opening = self._opening
        if before or all(shown):
            return [opening, None, before, shown, after]
        if not any(shown):
            return []
        return [[opening + row + cell if cell else b"" for row, cell in zip(rows, shown, strict=True)]]

    def _cells(self, values: Sequence[Any]) -> tuple[bytes, Sequence[bytes], bytes]:
        """The cells of some values: what stands before each, each, what stands behind it."""
        types = self._types
        kinds = set(map(type, values)) - {type(None)}
        # Most columns are of one kind; an empty cell is no other kind's equal
        if len(kinds) != 1:
            shown: tuple[bytes, Sequence[bytes], bytes] = b"", self._each(values), b""
        elif self._again(values):
            shown = b"", types[kinds.pop()].each(values), b""
        else:
            shown = types[kinds.pop()].around(values)
        for kind in [kind for kind, memo in types.items() if len(memo) > REMEMBERED]:
            types[kind].clear()
        return shown

    def _each(self, values: Sequence[Any]) -> list[bytes]:
        types = self._types
        return [types[type(value)][value] for value in values]

    def _again(self, values: Sequence[object]) -> bool:
        """Whether the column's values come again and again, so that a look for each pays, by its first chunk."""
        if self._comes_again is None:
            self._comes_again = len(set(values)) <= FEW * len(values)
        return self._comes_again

    def take_cuts(self) -> int:
        total = 0
        for memo in self._types.values():
            total, memo.cut = total + memo.cut, 0
        return total


def _compact(values: Sequence[Any] | pd.Series[Any]) -> Sequence[Any] | np.ndarray[Any, Any]:
    """A column of pandas as the array it holds, which gives plain objects many times faster."""
    if isinstance(values, Sequence):
        return values
    array: np.ndarray[Any, Any] = values.to_numpy()
    return array.astype("datetime64[us]") if array.dtype.kind == "M" else array
