"""Read why a customer did not buy, from the reason column and from what the salesperson wrote."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import pandas as pd

from lostdeals import schema
from lostdeals.vocab import Hit, Phrases, Vocabulary, normalise

UNSPECIFIC = ("other",)
"""A pick-list answer that says nothing; a note may say more."""


@dataclass(frozen=True)
class Reading:
    """The reasons of one text."""

    reasons: tuple[str, ...]
    """The main one first."""
    confidence: float
    """0-1, of the main one."""
    evidence: str
    """The words it was read from, as written in lower case."""


NOTHING = Reading((), 0.0, "")


def read_reasons(leads: pd.DataFrame, vocabulary: Vocabulary) -> tuple[pd.DataFrame, pd.Series[bool]]:
    """``reason_class``, ``reason_from``, ``reason_confidence``, ``reason_evidence``, ``main_reason``; and where column and note clash.

    The reason column decides where it says something; the notes (and feedback) speak where it is empty or says 其他, and add
    further reasons. Won rows have no reason. ``reason_from`` is the LEADS column, or ``none``.
    """
    reader = ReasonReader(vocabulary)
    column_reading, column_from = _first_reading(leads, schema.columns_of(leads, "loss_reason"), reader.column)
    notes = schema.columns_of(leads, "notes") + schema.columns_of(leads, "feedback")
    note_reading, note_from = _first_reading(leads, notes, reader.note)
    won = leads["outcome_class"] == "won"
    rows = []
    for by_column, in_column, by_note, in_note, skip in zip(
        column_reading, column_from, note_reading, note_from, won, strict=True
    ):
        rows.append(_joined(by_column, in_column, by_note, in_note, skip=bool(skip)))
    names = ["reason_class", "reason_from", "reason_confidence", "reason_evidence", "main_reason", "conflict"]
    frame = pd.DataFrame(rows, columns=names, index=leads.index, dtype=object)
    frame["reason_confidence"] = frame["reason_confidence"].astype(float)
    return frame.drop(columns="conflict"), frame["conflict"].astype(bool)


def _first_reading(leads: pd.DataFrame, columns: list[str], read: Any) -> tuple[list[Reading], list[str]]:
    """Per row the readings of several columns joined, and the column of the main reason."""
    readings: list[Reading] = [NOTHING] * len(leads)
    origin = ["none"] * len(leads)
    for column in columns:
        texts = leads[column].where(leads[column].map(lambda value: isinstance(value, str)))
        known = {text: read(text) for text in texts.dropna().unique()}
        for position, text in enumerate(texts):
            reading = known.get(text, NOTHING)
            if not reading.reasons:
                continue
            before = readings[position]
            if not before.reasons or (before.reasons[0] in UNSPECIFIC and reading.reasons[0] not in UNSPECIFIC):
                readings[position], origin[position] = reading, column
            else:
                more = tuple(reason for reason in reading.reasons if reason not in before.reasons)
                readings[position] = Reading(before.reasons + more, before.confidence, before.evidence)
    return readings, origin


def _joined(column: Reading, in_column: str, note: Reading, in_note: str, *, skip: bool) -> tuple[Any, ...]:
    """One row's reasons from its column and its notes."""
    if skip or not (column.reasons or note.reasons):
        return None, "none", None, None, None, False
    main, origin, second = (column, in_column, note)
    if note.reasons and (not column.reasons or column.reasons[0] in UNSPECIFIC):
        main, origin, second = (note, in_note, column)
    reasons = main.reasons + tuple(r for r in second.reasons if r not in main.reasons and r not in UNSPECIFIC)
    clash = bool(
        column.reasons
        and note.reasons
        and column.reasons[0] not in UNSPECIFIC
        and not set(column.reasons) & set(note.reasons)
        and note.confidence >= 0.7
    )
    return "; ".join(reasons), origin, main.confidence, main.evidence, reasons[0], clash


class ReasonReader:
    """What a text says about the reason, by the vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        section = dict(vocabulary.section("reasons"))
        self._sure = section.pop("reading")
        self._whole = Phrases({key: entry["values"] for key, entry in section.items()})
        cues = {key: entry["words"] for key, entry in section.items()}
        cancel = [phrase for entry in section.values() for phrase in entry.get("not", [])]
        self._cues = Phrases({"": cancel, **cues})

    def column(self, text: str) -> Reading:
        """A cell of a reason column: a known option, else the cues in it, else ``other``.

        >>> from lostdeals.vocab import load
        >>> ReasonReader(load()).column("客户选择竞品").reasons
        ('competitor',)
        """
        whole = self._whole.whole(text)
        if whole is not None:
            return Reading((whole,), self._sure["pick_list"], normalise(text))
        found = self._by_cues(text, self._sure["column_words"])
        return found if found.reasons else Reading(("other",), self._sure["floor"], normalise(text)[:40])

    def note(self, text: str) -> Reading:
        """What a note says; nothing where no cue reaches the floor.

        >>> from lostdeals.vocab import load
        >>> ReasonReader(load()).note("客户说不贵，但老板不同意").reasons
        ('decision_maker',)
        """
        found = self._by_cues(text, self._sure["note_words"])
        return found if found.confidence >= self._sure["floor"] else NOTHING

    def _by_cues(self, text: str, sure: float) -> Reading:
        hits = self._cues.find(text)
        if not hits:
            return NOTHING
        weights: dict[str, float] = defaultdict(float)
        first: dict[str, list[Hit]] = defaultdict(list)
        for hit in hits:
            if hit.phrase not in {other.phrase for other in first[hit.category]}:
                weights[hit.category] += _weight(hit.phrase)
                first[hit.category].append(hit)
        ranked = sorted(weights, key=lambda reason: (-weights[reason], first[reason][0].start))
        main = ranked[0]
        confidence = sure
        if weights[main] < 1.0:
            confidence = min(confidence, self._sure["note_only_weak"] + 0.1)
        if len(first[main]) > 1:
            confidence = min(confidence + 0.1, 0.95)
        if len(ranked) > 1 and weights[ranked[1]] > 0.7 * weights[main]:
            confidence -= 0.15
        evidence = "、".join(hit.phrase for hit in first[main])
        return Reading(tuple(ranked[:3]), round(confidence, 2), evidence)


def _weight(phrase: str) -> float:
    """Longer cues are surer: two Chinese characters weigh 0.7, four 1.1; a Latin word of eight letters 1."""
    size = len(phrase) if any(character > "\u2e80" for character in phrase) else len(phrase) / 3
    return 0.3 + 0.2 * size
