"""Tables inside the table: the sub-items of a customer with a header of their own, as task boards export them."""

from __future__ import annotations

from collections.abc import Sequence

from lostdeals.understand.aliases import Aliases
from lostdeals.understand.grid import Grid, Places
from lostdeals.vocab import normalise

KNOWN = 0.6
"""Share of its cells that are names of columns."""
NAMES = 3
"""Cells of such a header at least."""


def _may_begin(sign: str, begin: set[str]) -> bool:
    """Whether a text that begins so may be one of those, folded, that begin so: told without folding all of it."""
    return not sign.isalnum() or not sign.isascii() or sign.lower() in begin


def inner_tables(grid: Grid, lines: Sequence[int], rows: Places, words: Aliases) -> list[int]:
    """The headers of sub-items and the rows below them that leave the customers' first column empty.

    Such a header begins in the first column with the name of another column of the table: Subitems | Name | Owner | Date.
    """
    if not lines or not rows.size:
        return []
    names = {normalise(text) for text in grid.texts(lines[-1]) if text}
    first = int(grid.filled[lines[-1]].argmax())
    others = names - {normalise(grid.texts(lines[-1])[first])}
    begin = {name[0] for name in others}
    below = grid.cells[rows, first].tolist()
    maybe = [
        place
        for place, value in enumerate(below)
        if type(value) is str and _may_begin(value[:1], begin) and normalise(value) in others
    ]
    out: list[int] = []
    for place in maybe:
        said = [text for text in grid.texts(int(rows[place])) if text]
        known = sum(normalise(text) in names or bool(words.read(text)) for text in said)
        if len(said) < NAMES or known < KNOWN * len(said):
            continue
        out.append(int(rows[place]))
        for row in rows[place + 1 :].tolist():
            if grid.filled[row, first]:
                break
            out.append(row)
    return out
