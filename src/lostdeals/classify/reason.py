"""Read why a customer did not buy, from the reason column and from what the salesperson wrote."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from lostdeals import schema
from lostdeals.classify.texts import spellings
from lostdeals.vocab import Hit, Phrases, Vocabulary, normalise

UNSPECIFIC = "other"
"""A pick-list answer that says nothing; a note may say more."""
SURE_OF_CONFLICT = 0.7
"""A note contradicts the reason column only where it was read at least this surely."""
AT_MOST = 3
"""Reasons of one text."""
LONG = 5
"""A cue of more Chinese characters is not surer still."""
COLUMNS = ["reason_class", "reason_from", "reason_confidence", "reason_evidence", "main_reason"]


@dataclass(frozen=True)
class Reading:
    """The reasons of one text."""

    reasons: tuple[str, ...] = ()
    """The main one first."""
    confidence: float = 0.0
    """0-1, of the main one."""
    evidence: str = ""
    """The words it was read from, in lower case."""


NOTHING = Reading()


def read_reasons(leads: pd.DataFrame, vocabulary: Vocabulary) -> tuple[pd.DataFrame, pd.Series[bool]]:
    """``COLUMNS`` for every row, and where the reason column and a note contradict each other.

    The reason column decides where it says something; the notes (and feedback) speak where it is empty or says 其他, and
    add further reasons. Won rows have no reason; weak cues in a note count only where the customer was lost.
    ``reason_from`` is the LEADS column, or ``none``.
    Every distinct combination of texts is read once: 10,000 different notes of 60 characters take half a CPU second.
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


class ReasonReader:
    """What a text says about the reason, by the vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        section = dict(vocabulary.section("reasons"))
        self._sure = section.pop("reading")
        self._typed = Phrases(self._sure["typing"])
        self._weights = {key: entry.get("weight", 1.0) for key, entry in section.items()}
        values = {key: entry["values"] for key, entry in section.items()}
        self._whole = Phrases({**values, "nothing": self._sure["nothing"]})
        strong = {key: map(self._plain, entry["words"]) for key, entry in section.items()}
        weak = {f"{key}?": map(self._plain, entry.get("weak", [])) for key, entry in section.items()}
        cancel = (self._plain(phrase) for entry in [self._sure, *section.values()] for phrase in entry.get("not", []))
        self._cues = Phrases({**strong, **weak, "": cancel})
        self._topics = Phrases({key: entry.get("topics", []) for key, entry in section.items()})

    def column(self, text: object) -> Reading:
        """A cell of a reason column: a known option, else the cues in it, else ``other``; nothing for a blank.

        >>> from lostdeals.vocab import load
        >>> ReasonReader(load()).column("客户选择竞品").reasons
        ('competitor',)
        """
        if not isinstance(text, str):
            return NOTHING
        for spelling in spellings(text):
            whole = self._whole.whole(spelling)
            if whole is not None:
                return NOTHING if whole == "nothing" else Reading((whole,), self._sure["pick_list"], normalise(text))
        found = self._by_cues(text, in_note=False, weak=True)
        if found.reasons:
            return found
        topics = self._topics.find(text)
        if topics:
            return Reading((topics[0].category,), self._sure["topic"], topics[0].phrase)
        return Reading((UNSPECIFIC,), self._sure["unread"], normalise(text)[:40])

    def note(self, text: object, *, lost: bool) -> Reading:
        """What a note about a customer (lost, or not decided yet) says; nothing where no cue reaches the floor.

        >>> from lostdeals.vocab import load
        >>> ReasonReader(load()).note("客户说不贵，但老板不同意", lost=True).reasons
        ('decision_maker',)
        """
        found = self._by_cues(text, in_note=True, weak=lost) if isinstance(text, str) else NOTHING
        return found if found.confidence >= self._sure["floor"] else NOTHING

    def _by_cues(self, text: str, *, in_note: bool, weak: bool) -> Reading:
        sure = self._sure["note_words" if in_note else "column_words"]
        plain = self._plain(text)
        hits = self._cues.find(plain)
        cues = [hit for hit in hits if not hit.category.endswith("?")]
        if not cues:
            if not hits or not weak:
                return NOTHING
            last = hits[-1]
            return Reading((last.category.removesuffix("?"),), round(sure - self._sure["weak"], 2), last.phrase)
        found: dict[str, dict[str, float]] = {}
        for hit in cues:
            later = 1 + self._sure["newest"] * hit.start / len(plain)
            found.setdefault(hit.category, {})[hit.phrase] = _weight(hit) * later * self._weights[hit.category]
        ranked = sorted(found, key=lambda reason: -sum(found[reason].values()))
        main, *others = ranked
        rivals = [sum(found[reason].values()) for reason in others if self._weights[reason] == 1]
        confidence = sure
        if len(found[main]) > 1:
            confidence += self._sure["second_cue"]
        elif in_note and _short(cues, main):
            confidence -= self._sure["short_cue"]
        if max(rivals, default=0) > 0.7 * sum(found[main].values()):
            confidence -= self._sure["contest"]
        return Reading(tuple(ranked[:AT_MOST]), round(min(confidence, 0.95), 2), "、".join(found[main]))

    def _plain(self, text: str) -> str:
        """A text as it was meant: 占时 is 暂时, don't is do not."""
        text = normalise(text)
        for hit in reversed(self._typed.find(text)):
            text = text[: hit.start] + hit.category + text[hit.start + len(hit.phrase) :]
        return text


def _weight(hit: Hit) -> float:
    """Longer cues are surer: two Chinese characters weigh 0.7, four 1.1; a Latin word of nine letters 0.9."""
    return 0.3 + 0.2 * min(_size(hit.phrase, hit.size), LONG)


def _size(phrase: str, letters: int) -> float:
    """Letters as Chinese characters, three Latin ones for one."""
    return letters if any(character > "\u2e80" for character in phrase) else letters / 3


def _short(cues: list[Hit], main: str) -> bool:
    """Whether the main reason has nothing but a cue of two or three characters."""
    phrases = [hit.phrase for hit in cues if hit.category == main]
    return max(map(_size, phrases, map(len, phrases))) <= 3
