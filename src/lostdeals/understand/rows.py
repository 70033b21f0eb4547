"""Tell the customers from repeated headers, totals, section titles and remarks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lostdeals.model import Finding
from lostdeals.understand.aliases import aliases
from lostdeals.understand.beside import hints, said_again
from lostdeals.understand.foot import foot
from lostdeals.understand.grid import Grid, Places, is_whole
from lostdeals.understand.remarks import remarks
from lostdeals.understand.repeated import repeated_headers, titles_above
from lostdeals.understand.row_words import RowWords
from lostdeals.understand.totals import totals
from lostdeals.vocab import Vocabulary

WIDE = 0.5
"""A cell merged over more of the table than this is the title of what follows."""
SPARSE = 4
"""A table of at least so many columns has titles of sections in one cell, and lines with a number and nothing else."""


def customer_rows(
    grid: Grid, lines: Sequence[int], rows: Places, vocabulary: Vocabulary
) -> tuple[Places, list[Finding]]:
    """The rows that are customers, and what the others are."""
    words = RowWords(vocabulary)
    repeated = repeated_headers(grid, lines, rows)
    sections = {*_sections(grid, rows, words), *titles_above(grid, repeated, lines)}
    found = {
        "repeated-header": sorted({*repeated, *said_again(grid, lines, rows, aliases(vocabulary))}),
        "totals-row": sorted({*totals(grid, rows, words)}),
        "section-row": sorted(sections),
        "numbered-row": _onlynumbered(grid, lines, rows, vocabulary),
        "remark-row": [*remarks(grid, rows, words), *hints(grid, lines, rows, vocabulary)],
    }
    known = {row for places in found.values() for row in places}
    found["remark-row"] = sorted({*found["remark-row"], *foot(grid, rows, known, words)})
    findings = []
    for code, places in found.items():
        if places:
            letter = grid.sheet.cells.columns[int(grid.filled[places[0]].argmax())]
            findings.append(
                Finding(code, len(places), f"{grid.sheet.name}!{letter}{grid.sheet.cells.index[places[0]]}")
            )
    others = [row for places in found.values() for row in places]
    return np.setdiff1d(rows, others) if others else rows, findings


def _sections(grid: Grid, rows: Places, words: RowWords) -> list[int]:
    """Rows of one cell that is the title of the customers below: merged over most of the table, or a word such as 一组."""
    width = int(grid.filled[rows].any(axis=0).sum()) if rows.size else 0
    merged = {row for row, _, down, across in grid.merged if not down and across + 1 > max(WIDE * width, 1)}
    alone = [int(row) for row in rows[grid.widths[rows] == 1]]
    titled = [row for row in alone if width >= SPARSE and words.is_section(grid.cells[row, grid.filled[row].argmax()])]
    return sorted({row for row in alone if row in merged} | set(titled if len(titled) > 1 else []))


def _onlynumbered(grid: Grid, lines: Sequence[int], rows: Places, vocabulary: Vocabulary) -> list[int]:
    """Lines that were numbered beforehand and are still empty."""
    if not lines:
        return []
    alone = rows[grid.widths[rows] == 1]
    first = int(grid.filled[lines[-1]].argmax())
    named = aliases(vocabulary).read(grid.texts(lines[-1])[first])
    if not alone.size or grid.widths[lines[-1]] < SPARSE or not any(one.role == "ignore" for one in named):
        return []
    return [int(row) for row in alone if is_whole(grid.cells[row, first])]
