"""Read who bought where only the notes say it: 9.22打电话，嫌远，没成."""

from __future__ import annotations

import re
from functools import lru_cache

import pandas as pd

from lostdeals import schema
from lostdeals.classify.outcome_reader import outcome_reader
from lostdeals.model import Layout, Outcome, OutcomeReading
from lostdeals.vocab import Phrases, Vocabulary

LEAST = 3
"""Rows whose notes end with a sale or a loss, with fewer of which nothing is read from notes."""
LAST, LONGEST = 4, 16
"""Pieces at the end of a note that are looked at, and characters of one; a longer one tells a story."""
_BREAKS = re.compile(r"[\s，,。；;！!：:、】\]|]+")


def noted_outcome(
    leads: pd.DataFrame, layout: Layout, vocabulary: Vocabulary
) -> tuple[OutcomeReading, list[str | None]] | None:
    """The notes as outcome column, and the words of each row that say how it ended; None where too few notes do.

    Only of a sheet without loss reasons, and where some notes tell of a sale and some of a loss: a list of lost customers, or
    of old ones and how they paid, stays one.
    """
    keys = schema.columns_of(leads, "notes")
    if not keys or any(leads[key].notna().any() for key in schema.columns_of(leads, "loss_reason")):
        return None
    reader = _reader(vocabulary)
    ends = [_last(row, reader) for row in zip(*(leads[key].tolist() for key in keys), strict=True)]
    values: dict[str, Outcome] = {end[0]: end[1] for end in ends if end is not None}
    if len(ends) - ends.count(None) < LEAST or not {"won", "lost"} <= set(values.values()):
        return None
    return OutcomeReading(keys[-1], layout.header(keys[-1]), values, noted=True), [end and end[0] for end in ends]


def _last(notes: tuple[object, ...], reader: NoteEnds) -> tuple[str, Outcome] | None:
    """How the last of a row's notes that says anything ends."""
    said = next((note for note in reversed(notes) if isinstance(note, str) and note.strip()), None)
    return reader.end(said) if said is not None else None


class NoteEnds:
    """What the last words of a note say about the outcome."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        noted = vocabulary.section("outcomes")["noted"]
        self._ends = Phrases({"won": noted["won"], "lost": noted["lost"]})
        self._reader = outcome_reader(vocabulary)

    def end(self, note: str) -> tuple[str, Outcome] | None:
        """The words and the outcome, None where the note leaves it open or says nothing of it.

        >>> from lostdeals.vocab import load
        >>> ends = NoteEnds(load())
        >>> ends.end("9.22打电话，嫌远，没成"), ends.end("7.26 小杨：签了 收款1800"), ends.end("黄了；10.3又来问，在考虑")
        (('没成', 'lost'), ('收款1800', 'won'), None)
        """
        pieces = [piece for piece in _BREAKS.split(note) if piece]
        for piece in reversed(pieces[-LAST:]):
            outcome = self._reader.one(piece) if len(piece) <= LONGEST else None
            if outcome == "open":
                return None
            if outcome == "invalid" or (outcome in self._said(piece)):
                return piece, outcome
        return None

    def _said(self, piece: str) -> set[str]:
        return {hit.category for hit in self._ends.find(piece)}


@lru_cache(maxsize=4)
def _reader(vocabulary: Vocabulary) -> NoteEnds:
    return NoteEnds(vocabulary)
