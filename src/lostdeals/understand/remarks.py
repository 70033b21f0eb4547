"""Lines to the reader among and below the customers: remarks, pages, signatures, dashes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from lostdeals.understand.cell_text import as_text, width_of
from lostdeals.understand.grid import Grid, Places
from lostdeals.understand.row_words import RowWords

SPARSE = 4
"""A table of at least so many columns has no customer in one lonely cell below a blank line at its end."""
FOOT = 10
"""Rows at the end of a table that may be signatures."""
SIGNED = 0.5
"""Share of a row's cells that are remarks, from which on it is one: 制表：周敏 | 审核：吴昊."""
LABELLED = re.compile(r"[^:：]{1,8}[:：].*", re.DOTALL)
"""日期：2026-05-01, and the label alone."""
LONG, SEEN = 16, 1_000
"""Width of the shortest line that is a sentence, and rows that tell how long values of its column are."""
STRANGE = re.compile(r"\n(?:[^\w\n]|_)")
"""A line that begins with no letter and no digit."""


def remarks(grid: Grid, rows: Places, words: RowWords) -> Iterator[int]:
    """Single cells that say a remark or a page, the signatures below a table, and single cells after its end."""
    widths = grid.widths[rows]
    said = set()
    for row in rows[widths == 1]:
        value = grid.cells[row, grid.filled[row].argmax()]
        text = as_text(value)
        if words.is_remark(value) or grid.words.page(text) or not any(sign.isalnum() for sign in text):
            said.add(int(row))
    said.update(_sentences(grid, rows))
    for row in rows[-FOOT:][widths[-FOOT:] > 1]:
        texts = [text for text in grid.texts(int(row)) if text]
        signed = [words.is_remark(text) for text in texts]
        labelled = [one or bool(LABELLED.fullmatch(text)) for one, text in zip(signed, texts, strict=True)]
        begun = any(signed) or int(row) - 1 in said or all(text.endswith((":", "：")) for text in texts)
        if grid.words.page("".join(texts)) or (begun and sum(labelled) >= SIGNED * len(texts)):
            said.add(int(row))
    said.update(_crossed_out(grid, rows))
    wide = [row for row in rows[widths > 1].tolist() if row not in said]
    if wide and np.percentile(grid.widths[wide], 75) >= SPARSE:
        after = rows[rows > wide[-1]].tolist()
        ended = next(
            (
                place
                for place, (before, row) in enumerate(pairwise([wide[-1], *after]))
                if row in said or row - before > 1 or _links(grid, row)
            ),
            len(after),
        )
        said.update(after[ended:])
    yield from sorted(said)


def _sentences(grid: Grid, rows: Places) -> Iterator[int]:
    """Lines of one cell that is far longer than what else stands in its column: a word to the reader between customers."""
    widths = grid.widths[rows]
    wide = rows[widths > 1]
    if not wide.size or np.percentile(grid.widths[wide], 75) < SPARSE:
        return
    alone = rows[widths == 1]
    columns = grid.filled[alone].argmax(axis=1)
    for column in np.unique(columns):
        usual = [width_of(as_text(value)) for value in grid.cells[wide[:SEEN], column] if value is not None]
        longest = max(LONG, 2 * max(usual, default=0))
        for row in alone[columns == column]:
            if usual and width_of(as_text(grid.cells[row, column])) >= longest:
                yield int(row)


def _links(grid: Grid, row: int) -> bool:
    """The row's only cell has a link in it, or a label before a colon."""
    text = as_text(grid.cells[row, grid.filled[row].argmax()])
    return "://" in text or bool(LABELLED.fullmatch(text))


def _crossed_out(grid: Grid, rows: Places) -> Iterator[int]:
    """Rows of nothing but dashes and the like."""
    if not rows.size:
        return
    first = int(grid.filled[rows].any(axis=0).argmax())
    if not STRANGE.search(f"\n{grid.lines(first)}"):
        return
    for row, value in enumerate(grid.cells[:, first].tolist()):
        if type(value) is str and not value[:1].isalnum() and row >= rows[0]:
            said = grid.cells[row][grid.filled[row]]
            if all(isinstance(one, str) and not any(map(str.isalnum, one)) for one in said):
                yield row
