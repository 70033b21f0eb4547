"""Recognise a table that is a funnel already: a step and a count per row."""

from __future__ import annotations

from lostdeals.analyse.funnel import counted_funnel
from lostdeals.model import Funnel, Sheet
from lostdeals.vocab import Vocabulary, normalise

MOST_STEPS = 40


def read_counts(sheet: Sheet, vocabulary: Vocabulary) -> tuple[Funnel, bool] | None:
    """The funnel of a two-column sheet of steps and counts, and whether its headers say so; None for anything else.

    A header is optional. Without the header words of ``funnels.toml`` the counts must not rise, so that a list of names and
    ages is not taken for a funnel.
    """
    cells = sheet.cells.dropna(how="all").dropna(axis=1, how="all")
    if cells.shape[1] != 2 or not 2 <= len(cells) <= MOST_STEPS + 1:
        return None
    rows = [(row[0], _count(row[1])) for row in cells.itertuples(index=False, name=None)]
    words = {normalise(word) for word in vocabulary.section("funnels")["counts"]["headers"]}
    named = all(isinstance(value, str) and normalise(value) in words for value in cells.iloc[0])
    if rows[0][1] is None:
        rows = rows[1:]
    steps = [(str(step).strip(), n) for step, n in rows if isinstance(step, str) and n is not None]
    counts = [n for _, n in steps]
    if len(steps) < 2 or len(steps) != len(rows) or len({step for step, _ in steps}) != len(steps):
        return None
    if not named and counts != sorted(counts, reverse=True):
        return None
    return counted_funnel(sheet.name, steps), named


def _count(value: object) -> int | None:
    """A whole number of 0 and up, also as text with thousands separators."""
    if isinstance(value, str):
        text = value.replace(",", "").strip()
        return int(text) if text.isdecimal() else None
    if isinstance(value, bool) or not isinstance(value, int | float) or value != int(value) or value < 0:
        return None
    return int(value)
