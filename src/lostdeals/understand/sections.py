"""The titles of sections among the customers: 一组, merged 华东区, 2024年, ▼ Quoted (3)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lostdeals.understand.cell_text import as_text
from lostdeals.understand.column_kind import ColumnKind
from lostdeals.understand.grid import Grid, Places, is_whole
from lostdeals.understand.row_words import RowWords

WIDE = 0.5
"""A cell merged over more of the table than this is the title of what follows."""
SPARSE = 4
"""A table of at least so many columns has titles of sections in one cell."""
SEEN = 200
"""Customers that tell what a column holds."""
COUNTED = re.compile(r".+[(（]\s*\d+\s*\w?\s*[)）]\W*")
"""West (12), 华东区（3 家）."""
MARKED = re.compile(r"[▼▶►▸▾■□●○★☆◆◇※➤→].+")
YEARS = (1990, 2100)
WIDEST_DAY = 20
"""Characters of a month or a day that is a title: Jan 2026, 3月5日."""


def section_titles(grid: Grid, rows: Places, words: RowWords) -> list[int]:
    """Rows of one cell that is the title of the customers below: merged over most of the table, or as titles are written.

    What is only written so has to come at least twice.
    """
    width = int(grid.filled[rows].any(axis=0).sum()) if rows.size else 0
    merged = {row for row, _, down, across in grid.merged if not down and across + 1 > max(WIDE * width, 1)}
    alone = [int(row) for row in rows[grid.widths[rows] == 1]]
    titled = []
    if width >= SPARSE and len(alone) > 1:
        values = {row: grid.cells[row, grid.filled[row].argmax()] for row in alone}
        titled = [row for row, value in values.items() if words.is_section(value)]
        maybe = [row for row, value in values.items() if row not in titled and _written_as_title(grid, value)]
        titled += [row for row in maybe if _followed(grid, rows, row)] if maybe else []
        titled = [row for row in titled if words.is_section(values[row]) or not _in_place(grid, rows, row)]
    return sorted({row for row in alone if row in merged} | set(titled if len(titled) > 1 else []))


def _written_as_title(grid: Grid, value: object) -> bool:
    text = as_text(value)
    year = is_whole(value) and YEARS[0] <= int(text) <= YEARS[1]
    return (
        year
        or bool(COUNTED.fullmatch(text) or MARKED.fullmatch(text))
        or (not text.isdecimal() and len(text) < WIDEST_DAY and grid.words.datelike(value, text))
    )


def _followed(grid: Grid, rows: Places, row: int) -> bool:
    """A customer stands right below."""
    after = rows[rows > row][:1]
    return bool(after.size and grid.widths[after[0]] > 1)


def _in_place(grid: Grid, rows: Places, row: int) -> bool:
    """The cell is one of its column's, as a customer's would be."""
    column = int(grid.filled[row].argmax())
    others: Sequence[int] = rows[(grid.widths[rows] > 1) & grid.filled[rows, column]][:SEEN].tolist()
    return ColumnKind(grid.cells[others, column].tolist(), grid.words).place(grid.cells[row, column]) == 1
