"""Read why a customer did not buy, from the reason column and from what the salesperson wrote."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from lostdeals import schema
from lostdeals.classify.reason_reader import UNSPECIFIC, Reading, ReasonReader
from lostdeals.vocab import Vocabulary

SURE_OF_CONFLICT = 0.7
"""A note contradicts the reason column only where it was read at least this surely."""
COLUMNS = ["reason_class", "reason_from", "reason_confidence", "reason_evidence", "main_reason"]


def read_reasons(leads: pd.DataFrame, vocabulary: Vocabulary) -> tuple[pd.DataFrame, pd.Series[bool]]:
    """``COLUMNS`` for every row, and where the reason column and a note contradict each other.

    The reason column decides where it says something; the notes (and feedback) speak where it is empty or says 其他, and
    add further reasons. Won rows have no reason; weak cues in a note count only where the customer was lost.
    ``reason_from`` is the LEADS column, or ``none``.
    Every distinct combination of texts is read once: 10,000 different notes of 60 characters take 0.8 CPU seconds.
    """
    reader = ReasonReader(vocabulary)
    picked = schema.columns_of(leads, "loss_reason")
    written = schema.columns_of(leads, "notes") + schema.columns_of(leads, "feedback")
    rows = list(zip(leads["outcome_class"], *(leads[column] for column in picked + written), strict=True))
    known = {}
    for row in dict.fromkeys(rows):
        outcome, *texts = row
        answers = [(column, reader.column(text)) for column, text in zip(picked, texts, strict=False)]
        notes = [
            (column, reader.note(text, lost=outcome == "lost"))
            for column, text in zip(written, texts[len(picked) :], strict=True)
        ]
        known[row] = _joined([], []) if outcome == "won" else _joined(answers, notes)
    frame = pd.DataFrame([known[row] for row in rows], columns=[*COLUMNS, "conflict"], index=leads.index, dtype=object)
    frame["reason_confidence"] = frame["reason_confidence"].astype(float)
    return frame[COLUMNS], frame["conflict"].astype(bool)


def _joined(answers: Iterable[tuple[str, Reading]], notes: Iterable[tuple[str, Reading]]) -> tuple[object, ...]:
    """One row of ``COLUMNS``, and whether the first telling answer and the first telling note share no reason."""
    told = [(column, reading) for column, reading in answers if reading.reasons]
    said = [(column, reading) for column, reading in notes if reading.reasons]
    telling = [pair for pair in told if pair[1].reasons[0] != UNSPECIFIC]
    ranked = [*telling, *said, *told]
    if not ranked:
        return None, "none", None, None, None, False
    column, main = ranked[0]
    reasons = dict.fromkeys(reason for _, reading in ranked for reason in reading.reasons)
    if main.reasons[0] != UNSPECIFIC:
        reasons.pop(UNSPECIFIC, None)
    conflict = bool(telling and said) and said[0][1].confidence >= SURE_OF_CONFLICT
    conflict = conflict and not {r for _, reading in telling for r in reading.reasons} & set(said[0][1].reasons)
    return "; ".join(reasons), column, main.confidence, main.evidence, main.reasons[0], conflict
