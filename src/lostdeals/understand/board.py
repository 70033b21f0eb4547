"""A board: every column is a step of a deal, and its cards stand one under another, so that a row is nobody."""

from __future__ import annotations

from lostdeals.errors import LostDealsError
from lostdeals.understand.aliases import aliases
from lostdeals.understand.cell_text import as_text
from lostdeals.understand.grid import Grid
from lostdeals.understand.header import Table
from lostdeals.understand.leads import cells_at
from lostdeals.understand.telling import telling
from lostdeals.vocab import Vocabulary

LEAST, MOST_COLUMNS = 3, 15
"""Steps of a board."""
KNOWN = 0.6
"""Share of its headers that are known steps or ends of deals; the rest is the team's own."""
TEXTS = 0.9
"""Share of its cells that have letters in them."""
UNLIKE = 0.9
"""Share of its cards that are there once: a card is in one column."""
WIDTH = 3
"""Mean characters of a card at least; ticks and grades are shorter."""


def board(table: Table, grid: Grid, vocabulary: Vocabulary) -> LostDealsError | None:
    """``board`` where the columns are called by steps of a deal and hold names of deals or customers."""
    headers = {letter: name for letter, name in table.headers.items() if name}
    if not table.header_rows or not LEAST <= len(headers) <= MOST_COLUMNS or not table.rows:
        return None
    told = telling(vocabulary)
    steps = [name for name in headers.values() if told.is_step(name)]
    others = [name for name in headers.values() if name not in steps]
    if len(steps) < max(LEAST, KNOWN * len(headers)) or any(map(aliases(vocabulary).read, others)):
        return None
    data = cells_at(grid.sheet, table.rows, list(headers))
    cells = [(value, as_text(value)) for value in data.to_numpy().ravel().tolist() if value is not None]
    texts = [text for value, text in cells if isinstance(value, str)]
    words = grid.words
    cards = [text for text in texts if not words.flag(text, text) and not words.date(text, text)]
    if len(cards) < TEXTS * len(cells) or not cards or len(set(cards)) < UNLIKE * len(cards):
        return None
    lettered = sum(any(map(str.isalpha, text)) for text in cards)
    if lettered < TEXTS * len(cards) or sum(map(len, cards)) < WIDTH * len(cards):
        return None
    where = f"{grid.sheet.path.name} › {grid.sheet.name}!A{table.header_rows[-1]}"
    return LostDealsError("board", where=where, cards=len(cards), steps=tuple(steps[:6]))
