"""Read who bought, who did not, and who has not decided yet."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from difflib import get_close_matches
from typing import Any

import pandas as pd

from lostdeals.errors import LostDealsError
from lostdeals.model import Layout, Options, Outcome, OutcomeReading
from lostdeals.vocab import Phrases, Vocabulary, normalise

OUTCOMES: tuple[Outcome, ...] = ("lost", "invalid", "won", "open")
"""In the order that decides between phrases of one length."""
BLANK_MEANS_OPEN = 0.05
"""With at least this share of blanks, a yes/no column leaves its open rows blank, so that “no” was meant as lost."""


def read_outcome(
    leads: pd.DataFrame, layout: Layout, vocabulary: Vocabulary, options: Options
) -> tuple[OutcomeReading, pd.Series[Any]]:
    """The reading of the outcome column, and won / lost / open / invalid per row.

    The column is the one the user names, else the one with the role ``outcome``, else a ``stage`` column that has won or
    lost among its values. Without any, a row with a loss reason is lost and every other row is open.
    “No” in a yes/no column is lost, unless the row's stage is an open one (and no loss reason stands there) or its next
    contact lies ahead.
    """
    reader = OutcomeReader(vocabulary)
    key = _column(leads, layout, reader, options)
    stages = _stage_outcomes(leads, reader)
    if key is None:
        outcome = pd.Series("open", index=leads.index, dtype=object).where(~_has_reason(leads), "lost")
        if stages is not None:
            outcome = outcome.where(~(stages == "invalid"), "invalid")
        return OutcomeReading(None, None, {}), outcome
    header = layout.header(key)
    texts = leads[key].map(_as_text)
    distinct = [text for text in texts.dropna().unique()]
    inverted = reader.inverted(header) and reader.is_yes_no(distinct)
    values = reader.read(distinct, header, options.outcome_values)
    outcome = texts.map(values).astype(object)
    if reader.is_yes_no(distinct):
        outcome = _undecided(outcome, texts, leads, stages, options.today)
    unread = tuple(text for text in distinct if text not in values)
    if stages is not None and key != "stage":
        outcome = outcome.where(outcome.notna() | stages.isna(), stages)
    outcome = outcome.where(outcome.notna(), "open")
    return OutcomeReading(key, header, values, unread, inverted), outcome


class OutcomeReader:
    """What a value says about the outcome, by the vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        section = vocabulary.section("outcomes")
        self._whole = Phrases({key: section[key]["values"] + section[key]["words"] for key in OUTCOMES})
        self._words = Phrases({key: section[key]["words"] for key in OUTCOMES})
        self._yes = {normalise(word) for word in section["yes"]["words"]}
        self._no = {normalise(word) for word in section["no"]["words"]}
        self._lost_headers = Phrases({"lost": section["polarity"]["lost"]})

    def is_yes_no(self, distinct: list[str]) -> bool:
        """Whether a column's values are all a yes or a no."""
        seen = {normalise(text) for text in distinct}
        return bool(seen) and seen <= (self._yes | self._no | {"未成交", "成交", "已成交"})

    def inverted(self, header: str) -> bool:
        """Whether “yes” under this header means lost: 是否流失, Churn; 未成交 and 是否成交 tell by themselves."""
        return bool(self._lost_headers.find(re.sub(r"[_\-]", " ", header)))

    def read(self, distinct: list[str], header: str, given: Mapping[str, Outcome]) -> dict[str, Outcome]:
        """Each distinct value and its outcome; values that nothing covers are left out."""
        told = {normalise(value): outcome for value, outcome in given.items()}
        yes_no = self.is_yes_no(distinct)
        turned = self.inverted(header)
        out: dict[str, Outcome] = {}
        for text in distinct:
            plain = normalise(text)
            if plain in told:
                out[text] = told[plain]
            elif yes_no and plain in self._yes:
                out[text] = "lost" if turned else "won"
            elif yes_no and plain in self._no:
                out[text] = "won" if turned else "lost"
            elif (outcome := self.one(text)) is not None:
                out[text] = outcome
        return out

    def one(self, text: str) -> Outcome | None:
        """The outcome that one value means, None where no word says.

        >>> from lostdeals.vocab import load
        >>> reader = OutcomeReader(load())
        >>> reader.one("报价未成"), reader.one("7-已回款"), reader.one("Closed Lost - Price"), reader.one("银牌")
        ('lost', 'won', 'lost', None)
        """
        for candidate in (text, re.sub(r"^\s*\d+\s*[-.、:：)]*\s*", "", text)):
            whole = self._whole.whole(candidate)
            if whole is not None:
                return _outcome(whole)
        hits = self._words.find(text)
        if not hits:
            return None
        best = max(hits, key=lambda hit: (len(hit.phrase), -OUTCOMES.index(_outcome(hit.category))))
        return _outcome(best.category)


def _outcome(category: str) -> Outcome:
    return next(outcome for outcome in OUTCOMES if outcome == category)


def _as_text(value: object) -> str | None:
    """A cell as the vocabulary knows it: 1.0 and True as 1."""
    if value is None or (isinstance(value, float) and value != value):
        return None
    if isinstance(value, bool | int | float) and value == int(value):
        return str(int(value))
    return str(value).strip() or None


def _column(leads: pd.DataFrame, layout: Layout, reader: OutcomeReader, options: Options) -> str | None:
    if options.outcome is not None:
        wanted = normalise(options.outcome)
        for column in layout.columns:
            if wanted in (normalise(column.header), normalise(column.letter)) and column.key in leads:
                return column.key
        headers = [column.header for column in layout.columns]
        near = get_close_matches(options.outcome, headers, n=3, cutoff=0.4) or headers[:8]
        raise LostDealsError("unknown-column", where="--outcome", usage=True, column=options.outcome, near=", ".join(near))
    if "outcome" in leads and leads["outcome"].notna().any():
        return "outcome"
    if "stage" in leads:
        found = {reader.one(text) for text in leads["stage"].map(_as_text).dropna().unique()}
        if found & {"won", "lost"}:
            return "stage"
    return None


def _stage_outcomes(leads: pd.DataFrame, reader: OutcomeReader) -> pd.Series[Any] | None:
    """What the stage column says about the outcome, where there is one."""
    if "stage" not in leads:
        return None
    texts = leads["stage"].map(_as_text)
    return texts.map({text: reader.one(text) for text in texts.dropna().unique()}).astype(object)


def _has_reason(leads: pd.DataFrame) -> pd.Series[bool]:
    columns = [column for column in leads if str(column).split(".")[0] == "loss_reason"]
    return leads[columns].notna().any(axis=1) if columns else pd.Series(False, index=leads.index)


def _undecided(
    outcome: pd.Series[Any],
    texts: pd.Series[Any],
    leads: pd.DataFrame,
    stages: pd.Series[Any] | None,
    today: date,
) -> pd.Series[Any]:
    """“No” that has not been decided yet is open; “no” on a junk row is invalid."""
    no = outcome == "lost"
    still_open = pd.Series(False, index=leads.index)
    if "next_contact_at" in leads:
        still_open |= leads["next_contact_at"] >= pd.Timestamp(today)
    if stages is not None:
        if texts.isna().mean() < BLANK_MEANS_OPEN:
            still_open |= (stages == "open") & ~_has_reason(leads)
        outcome = outcome.where(~(no & (stages == "invalid")), "invalid")
    return outcome.where(~(no & still_open & (outcome == "lost")), "open")
