"""The foot of a table: whose it is, when it was printed, who made it; no customer, however many cells it fills."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

import numpy as np

from lostdeals.understand.grid import Grid, Places
from lostdeals.understand.row_words import RowWords
from lostdeals.understand.values import CHINESE, Values, as_text

TAIL = 10
"""Rows at the end that may be the foot."""
BODY = 3
"""Rows above it that tell what the columns hold."""
SEEN = 200
"""So many of them, evenly taken."""
GAPS = 2
"""With more blank lines than this between its rows, a table puts them between customers."""
MOST, HARDLY_ANY = 0.8, 0.2
TESTS = ("email", "strict_phone", "url", "date")
"""Shapes that tell by themselves that a cell is in another column than its own."""
LENIENT = {"strict_phone": "phone"}
"""What is still one where the column holds them."""


def foot(grid: Grid, rows: Places, others: Collection[int], words: RowWords) -> list[int]:
    """The last rows that are no customers because their cells are not what the columns hold.

    A row is one of the foot if it begins as such a line does (制表人, Printed on) and none of its cells is what its column
    holds; below a blank line already if more of its cells are out of place than in it. From the end upwards, the first row
    that is a customer ends it. others: rows that are known to be no customers, which end nothing.
    """
    tail = rows[-TAIL:][-max(rows.size - BODY, 0) :] if rows.size > BODY else rows[:0]
    gaps = np.flatnonzero(np.diff(rows) > 1)
    apart = set(rows[gaps[0] + 1 :].tolist() if 0 < gaps.size <= GAPS else ())
    texts = {int(row): [text for text in grid.texts(int(row)) if text] for row in tail}
    begun = {row for row, said in texts.items() if said and words.is_foot(said)}
    if not begun and not apart.intersection(texts):
        return []
    body = rows[: -tail.size]
    body = body[:: -(-body.size // SEEN)]
    usual = float(np.median(grid.widths[body]))
    columns = [
        _Column(grid.cells[body[grid.filled[body, place]], place].tolist(), grid.words)
        for place in range(grid.cells.shape[1])
    ]
    out: list[int] = []
    lonely: list[int] = []
    for row in reversed([row for row in texts if row not in others]):
        cells = zip(columns, grid.cells[row], grid.filled[row], strict=True)
        places = [column.place(value) for column, value, full in cells if full]
        inside, outside = places.count(1), places.count(-1)
        strange = outside > inside and (len(places) < usual or outside > 1)
        if (row in begun and not inside) or (row in apart and strange):
            out += [row, *lonely]
            lonely = []
        elif len(places) == 1 < usual and (not inside or {row - 1, row - 2} <= begun):
            lonely.append(row)
        else:
            break
    return out


class _Column:
    """What the cells of a column are, and whether another one is of them."""

    def __init__(self, cells: Sequence[object], words: Values) -> None:
        self._words = words
        said = [(cell, as_text(cell)) for cell in dict.fromkeys(cells) if not words.is_blank(cell)]
        self._shares = {test: self._share(said, test) for test in (*TESTS, "number", "person", "company")}
        enough = len(cells) >= BODY
        self._kind = next((test for test in (*TESTS, "number") if enough and self._shares[test] >= MOST), "")
        chinese = sum(bool(CHINESE.search(text)) for _, text in said) >= len(said) / 2
        people = chinese or self._share(said, "given") >= 1 / 2
        if (
            not self._kind
            and enough
            and self._shares["person"] >= MOST
            and people
            and self._shares["company"] < HARDLY_ANY
        ):
            self._kind = "person"

    def place(self, value: object) -> int:
        """1 for a cell of what the column holds, -1 for one of what it does not, 0 where that cannot be told."""
        text = as_text(value)
        if self._kind == "person":
            return 1 if self._is("person", value, text) and not self._is("company", value, text) else -1
        if self._kind:
            return 1 if self._is(LENIENT.get(self._kind, self._kind), value, text) else -1
        strange = any(self._is(test, value, text) for test in TESTS if self._shares[test] < HARDLY_ANY)
        return -1 if strange else 0

    def _share(self, said: Sequence[tuple[object, str]], test: str) -> float:
        return sum(self._is(test, value, text) for value, text in said) / max(len(said), 1)

    def _is(self, test: str, value: object, text: str) -> bool:
        found: Callable[[object, str], bool] = getattr(self._words, test)
        return found(value, text)
