"""Read why a customer did not buy, from the reason column and from what the salesperson wrote."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from lostdeals import schema
from lostdeals.classify.own_reasons import LEAST_NOTES, OwnReasons, learn_reasons
from lostdeals.classify.reason_reader import NOTHING, SHOWN, UNSPECIFIC, Reading, ReasonReader
from lostdeals.classify.reason_trust import SURE
from lostdeals.distinct import combined, made_of, repeated
from lostdeals.vocab import Vocabulary
from lostdeals.vocab.wordings import Wordings

Rows = npt.NDArray[np.bool_]
Reader = Callable[[Sequence[str], Sequence[str]], list[Reading]]

SURE_OF_CONFLICT = 0.7
"""A note contradicts the reason column only where it was read at least this surely."""
ANY_TIME = "unresponsive"
"""A call that nobody took contradicts no reason: another call told it."""
NOBODY = "invalid"
"""The reason that there was no customer."""
COLUMNS = ["reason_class", "reason_from", "reason_confidence", "reason_evidence", "main_reason"]


def read_reasons(
    leads: pd.DataFrame, vocabulary: Vocabulary
) -> tuple[pd.DataFrame, pd.Series[bool], pd.Series[bool], OwnReasons | None]:
    """``COLUMNS`` per row, where reason and note contradict each other, where surely nobody was there, what the sheet taught.

    The reason column decides where it says something; the notes (and feedback) speak where it is empty or says 其他, and
    add further reasons. Won rows have no reason. Where a sheet has notes and coded reasons enough, the notes without a
    reason are read by what those teach, if that is right more often (`own_reasons`).
    ``reason_from`` is the LEADS column, or ``none``. Every distinct text is read once.
    """
    reader = ReasonReader(vocabulary)
    picked = schema.columns_of(leads, "loss_reason")
    written = schema.columns_of(leads, "notes") + schema.columns_of(leads, "feedback")
    outcome = leads["outcome_class"].to_numpy()
    bought, lost = outcome == "won", outcome == "lost"
    answers = [_each(leads[column], [(~bought, reader.columns)]) for column in picked]
    sides = [(lost, partial(_of_side, reader, True)), (~bought & ~lost, partial(_of_side, reader, False))]
    notes = [_each(leads[column], sides) for column in written]
    own = _taught(leads[written[0]].tolist(), outcome, answers[0], notes[0], reader) if picked and written else None
    frame = _each_row(answers, notes, (*picked, *written), leads.index)
    frame["reason_confidence"] = frame["reason_confidence"].astype(float)
    return frame[COLUMNS], frame["conflict"].astype(bool), frame["nobody"].astype(bool), own


def _each_row(
    answers: Sequence[Sequence[Reading]],
    notes: Sequence[Sequence[Reading]],
    columns: Sequence[str],
    index: pd.Index[Any],
) -> pd.DataFrame:
    """``COLUMNS``, the conflict and the nobody of every row; rows with the same readings are joined once."""
    every = [*answers, *notes]
    alike = [np.fromiter(map(id, readings), dtype=np.int64, count=len(index)) for readings in every]
    codes, first = combined(alike, len(index))
    joined: list[tuple[object, ...]] = []
    for place in first.tolist():
        pairs = [(column, readings[place]) for column, readings in zip(columns, every, strict=True)]
        joined.append(_joined(pairs[: len(answers)], pairs[len(answers) :]))
    values = np.empty((len(joined), len(COLUMNS) + 2), dtype=object)
    values[:] = joined or values
    names = [*COLUMNS, "conflict", "nobody"]
    return pd.DataFrame({name: values[:, place][codes] for place, name in enumerate(names)}, index=index, dtype=object)


def _each(cells: pd.Series[Any], sides: Sequence[tuple[Rows, Reader]]) -> list[Reading]:
    """A reading per cell, by the side of the sheet that its row is on, each distinct text of a side read once.

    sides: which rows, and what reads their texts, given these and the same normalised.
    """
    codes, said = made_of(cells, Wordings.of)
    out = repeated(NOTHING, len(cells))
    for rows, read in sides:
        own = np.flatnonzero(rows & (codes >= 0))
        numbers, places = np.unique(codes[own], return_index=True)
        wanted = [number for number in numbers[np.argsort(places)].tolist() if said.texts[number]]
        known = repeated(NOTHING, len(said.texts))
        known[wanted] = read([said.texts[number] for number in wanted], [said.written[number] for number in wanted])
        out[own] = known[codes[own]]
    readings: list[Reading] = out.tolist()
    return readings


def _of_side(reader: ReasonReader, lost: bool, texts: Sequence[str], written: Sequence[str]) -> list[Reading]:
    """Notes about customers who were lost, or who have not decided yet and of whom a note says less."""
    return reader.notes(texts, [lost] * len(texts), written)


def _taught(
    cells: Sequence[object],
    outcome: npt.NDArray[Any],
    answers: Sequence[Reading],
    notes: list[Reading],
    reader: ReasonReader,
) -> OwnReasons | None:
    """What the coded notes teach; readings of lost customers without a code are replaced where that is surer."""
    texts = {place: cell for place, cell in enumerate(cells) if isinstance(cell, str) and outcome[place] != "won"}
    coded = [place for place in texts if _tells(answers[place])]
    if len(coded) < LEAST_NOTES:
        return None
    wanted = [place for place in texts if outcome[place] == "lost" and not _tells(answers[place])]
    different = list(dict.fromkeys(texts.values()))
    plain = dict(zip(different, reader.plain_each(different), strict=True))
    own = learn_reasons(
        [plain[texts[place]] for place in coded],
        [answers[place].reasons[0] for place in coded],
        [notes[place].reasons[0] if notes[place].reasons else "" for place in coded],
        [plain[texts[place]] for place in wanted],
        reader.model,
    )
    for place, reason, sure in zip(wanted, own.reasons, own.chances, strict=True) if own else ():
        before = notes[place]
        if sure > before.confidence:
            evidence = before.evidence if reason in before.reasons[:1] else plain[texts[place]][:SHOWN]
            notes[place] = Reading((reason,), round(sure, 2), evidence)
    return own


def _tells(reading: Reading) -> bool:
    return bool(reading.reasons) and reading.reasons[0] != UNSPECIFIC


def _joined(answers: Iterable[tuple[str, Reading]], notes: Iterable[tuple[str, Reading]]) -> tuple[object, ...]:
    """One row of ``COLUMNS``, whether the first telling answer and the first telling note share no reason, and whether nobody was there.

    An answer says that there was no customer by an option or a cue, or so surely that of such guesses hardly one is wrong.
    """
    told = [(column, reading) for column, reading in answers if reading.reasons]
    said = [(column, reading) for column, reading in notes if reading.reasons]
    telling = [pair for pair in told if pair[1].reasons[0] != UNSPECIFIC]
    ranked = [*telling, *said, *told]
    if not ranked:
        return None, "none", None, None, None, False, False
    column, main = ranked[0]
    reasons = dict.fromkeys(reason for _, reading in ranked for reason in reading.reasons)
    if main.reasons[0] != UNSPECIFIC:
        reasons.pop(UNSPECIFIC, None)
    nobody = main.reasons[0] == NOBODY and bool(telling) and (main.ruled or main.confidence >= SURE)
    conflict = False
    if telling and said:
        first = said[0][1]
        coded = {reason for _, reading in telling for reason in reading.reasons}
        sure = first.confidence >= SURE_OF_CONFLICT and first.reasons[0] != ANY_TIME
        conflict = sure and not coded & set(first.reasons)
    return "; ".join(reasons), column, main.confidence, main.evidence, main.reasons[0], conflict, nobody
