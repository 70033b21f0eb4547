"""Read who bought where only the colours of the rows say it, by their legend."""

from __future__ import annotations

from lostdeals.classify.outcome_reader import outcome_reader
from lostdeals.model import Layout, OutcomeReading
from lostdeals.vocab import Vocabulary

LEAST = 3
"""Customers whose colour tells a sale or a loss, with fewer of which nothing is read from colours."""
KEY = "row_colour"


def coloured_outcome(layout: Layout, vocabulary: Vocabulary) -> tuple[OutcomeReading, list[str | None]] | None:
    """The colours as outcome column, and what each customer's means; None where no legend tells a sale and anything else."""
    texts = [layout.colours.get(row) for row in layout.rows]
    values = outcome_reader(vocabulary).read(list(dict.fromkeys(filter(None, texts))), "", {})
    ended = sum(values.get(text) in ("won", "lost") for text in texts if text)
    if ended < LEAST or "won" not in values.values() or len(set(values.values())) < 2:
        return None
    unread = tuple(text for text in dict.fromkeys(filter(None, texts)) if text not in values)
    called = vocabulary.section("outcomes")["coloured"]["called"]["zh" if layout.language == "zh" else "en"]
    return OutcomeReading(KEY, called, values, unread, noted=True), texts
