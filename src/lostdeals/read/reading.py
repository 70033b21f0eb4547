"""The first records of a text file read in one way, and how much speaks for it.

A reading is as good as its records are of one width and its cells look like whole cells, which is the idea of
van den Burg, Nazábal & Sutton, "Wrangling messy CSV files by detecting row and type patterns" (Data Mining and
Knowledge Discovery 33, 2019).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from lostdeals.read.dialect import Dialect
from lostdeals.read.kinds import agrees, column_kinds, kind

USUAL = ",;\t|"
"""Delimiters that are tried first, and that a careful person would not wonder at."""
RARE = "^~\uff5c\xa6\xa7\xac\x01\x02\x07\x1c\x1d\x1e\x1f"
"""Characters that hardly stand in a text, so that records of one width prove them."""
WEAK = ("\uff0c", "\uff1b", "\u3001", "\u3000", ":", " ", "  ", ", ", "\\t")
"""What also stands in sentences, times and addresses, and has to show more."""
QUOTES = ("'", "`", "“”", "‘’", "「」", "«»")
"""Quotation marks beside the usual one."""
CELLS = 4_000
"""Cells of them that are looked at, ten records at least."""
SURE = 0.9
"""Share of the records that must be of one width where a delimiter is weak, or where a second one has to be heard."""
TIDY = 0.75
"""Ordinary cells are tidier than this."""
NOBODYS = 0.3
"""What the cells of a column without any value count for: they come from a delimiter that was cut in two."""

_MARKS = '"' + "".join(QUOTES)


@dataclass(frozen=True)
class Reading:
    """The first records of a file, read in one way."""

    dialect: Dialect
    records: Sequence[Sequence[str]]
    """As they come, blank ones included."""
    misfits: int = 0
    """Records whose quotes are closed in the middle of a cell or never."""

    @cached_property
    def _body(self) -> tuple[int, float]:
        """The usual number of cells, 1 where most records are not parted, and the share of the records that have it."""
        widths = [len(record) for record in self.records]
        counts = Counter(width for width in widths if width)
        most = counts.total()
        best = (0.0, 1)
        for width, count in counts.items():
            if width > 1:
                titles = self._titles(widths.index(width), width) if count > 1 else 0
                if count > counts[1] - titles or (count == counts[1] - titles and width > 2):
                    best = max(best, (count / (most - titles), width))
        return best[1], best[0]

    def _titles(self, first: int, width: int) -> int:
        """Records above a table that are narrower: its titles, where the table is wide or stands apart.

        What another delimiter would part is no title but a header that this delimiter leaves whole.
        """
        above = [record for record in self.records[:first] if record]
        apart = width > 2 or len(above) < first
        narrower = all(len(record) < width for record in above)
        others = max((cell.count(mark) for record in above for cell in record for mark in USUAL), default=0)
        return len(above) if apart and narrower and others < 3 else 0

    @property
    def width(self) -> int:
        """Cells of most records; 1 where none of the delimiters parts them."""
        return self._body[0]

    @property
    def share(self) -> float:
        """Share of the records that have the usual width, blank ones and titles aside."""
        return self._body[1]

    @cached_property
    def usual(self) -> list[Sequence[str]]:
        """The first records of the usual width."""
        found = (record for record in self.records if len(record) == self.width)
        return list(islice(found, max(10, CELLS // self.width)))

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """What each column holds below the header; none for a single column."""
        return column_kinds(self.usual) if self.width > 1 else ()

    @property
    def begins_with_values(self) -> bool:
        """The first record of the usual width is no header, as when the header is parted in another way."""
        return bool(self.usual) and any(self.kinds) and agrees(self.usual[0], self.kinds)

    @cached_property
    def tidiness(self) -> float:
        """Mean over the cells: 1 for a number, date or address, .9 for words, less for what has marks of a wrong cut."""
        columns = list(zip(*self.usual, strict=True))
        nobodys = [_is_nobodys(column) for column in columns[:-1]]  # behind a last delimiter nothing has to stand
        marks = [
            NOBODYS if nobody else _tidy(cell)
            for column, nobody in zip(columns, [*nobodys, False], strict=bool(columns))
            for cell in column
        ]
        return sum(marks) / max(len(marks), 1)

    @property
    def score(self) -> float:
        """0-1; what speaks for this reading, together."""
        correct = 1 - self.misfits / max(len(self.records), 1)
        return self.share * self.tidiness * correct * _liking(self.dialect)

    @property
    def is_credible(self) -> bool:
        """It parts the records, and not only some of the sentences in a single column.

        Two columns need a kind in one of them, or a header of two; a delimiter that also stands in sentences needs a
        kind or three columns, in nearly all records and in the first.
        """
        if self.width < 2:
            return False
        filled = [len(record) for record in self.records if record]
        whole = filled[0] == self.width
        if set(self.dialect.delimiter) <= {*USUAL, *RARE}:
            named = any(self.kinds) and not self.begins_with_values
            parted = whole or self.width > 2 or named or 1 not in filled[filled.index(self.width) :]
            return parted and (self.dialect.quote == '"' or self.share >= SURE)
        return whole and self.share >= SURE and (self.width > 2 or any(self.kinds))

    @property
    def is_doubtful(self) -> bool:
        """Ragged, with stray or other quotes, or with columns that nobody filled."""
        if self.share < 1 or self.misfits:
            return True
        if self.tidiness < TIDY or any(_is_nobodys(column) for column in list(zip(*self.usual, strict=True))[:-1]):
            return True
        cells = [cell for record in self.usual for cell in record if cell]
        return sum(cell[0] in _MARKS or cell[-1] in _MARKS for cell in cells) > 0.1 * len(cells)


def _liking(dialect: Dialect) -> float:
    """How much a way of writing is to be expected before anything is read, 0-1."""
    liking = 1.0 if dialect.delimiter in (*USUAL, *RARE) else 0.85 if dialect.delimiter in WEAK else 0.97
    return liking * (1 if dialect.quote == '"' else 0.95) * (0.99 if dialect.escaped else 1)


def _is_nobodys(column: Sequence[str]) -> bool:
    """Nothing stands in a column, or the same mark in every cell."""
    return not any(column) or (len(set(column)) == 1 and len(column) > 1 and not any(map(str.isalnum, column[0])))


def _tidy(cell: str) -> float:
    text = cell.strip()
    if not text:
        return 0.9
    if kind(text):
        return 1.0
    first, last = text[0], text[-1]
    if first in _MARKS or last in _MARKS:
        return 0.5 if first in _MARKS and last in _MARKS else 0.2
    if first in USUAL or last in USUAL:
        return 0.3
    if re.search(r'\\"|[;|\t]|,[^\s0-9]', text):
        return 0.7
    return 0.9
