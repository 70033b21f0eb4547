"""Read who bought, who did not, and who has not decided yet."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

import pandas as pd

from lostdeals import schema
from lostdeals.classify.stage import StageReader
from lostdeals.classify.texts import spellings, unknown
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
    A blank is what the stage says, else open. “No” is lost, but open where the next contact lies ahead; and open, too,
    where the row's stage is an open one, no loss reason stands there and the column has no other way to say so.

    Raises LostDealsError ``unknown-column`` where ``options.outcome`` names a header the sheet does not have.
    """
    reader = OutcomeReader(vocabulary)
    key = _column(leads, layout, reader, options)
    stages = _stage_outcomes(leads, reader)
    if key is None:
        outcome = pd.Series("open", index=leads.index, dtype=object).where(~_has_reason(leads), "lost")
        return OutcomeReading(None, None, {}), outcome.where(stages != "invalid", "invalid")
    header = layout.header(key)
    texts = leads[key].map(_as_text).astype(object)
    distinct = list(texts.dropna().unique())
    values = reader.read(distinct, header, options.outcome_values)
    outcome = texts.map(values).astype(object)
    turned = reader.inverted(header) and reader.has_yes_no(distinct)
    if not turned:
        no = texts.map({text: reader.says_no(text) and values.get(text) == "lost" for text in distinct})
        told = "open" in values.values() or texts.isna().mean() >= BLANK_MEANS_OPEN
        outcome = _undecided(outcome, no.eq(True), leads, stages, told=told, today=pd.Timestamp(options.today))
    if key != "stage":
        outcome = outcome.where(outcome.notna(), stages)
    unread = tuple(text for text in distinct if text not in values)
    return OutcomeReading(key, header, values, unread, turned), outcome.where(outcome.notna(), "open")


class OutcomeReader:
    """What a value says about the outcome, by the vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        section = vocabulary.section("outcomes")
        self._whole = Phrases({key: section[key]["values"] + section[key]["words"] for key in OUTCOMES})
        self._words = Phrases({key: section[key]["words"] for key in OUTCOMES})
        self._yes = {normalise(word) for word in section["yes"]["words"]}
        self._no = {normalise(word) for word in section["no"]["words"]}
        self._not_yet = self._no | {normalise(word) for word in section["no"]["also"]}
        self._lost_headers = Phrases({"lost": section["polarity"]["lost"]})
        self._stages = StageReader(vocabulary)

    def has_yes_no(self, distinct: list[str]) -> bool:
        """Whether a column says yes or no and nothing that cannot be read; 0 1 2 3 is a code, no yes or no."""
        bare = [text for text in distinct if normalise(text) in self._yes | self._no]
        return bool(bare) and all(text in bare or self.one(text) is not None for text in distinct)

    def says_no(self, text: str) -> bool:
        """Whether a value says no more than “not bought”, which may mean not yet: 否, 0, 未成交."""
        return normalise(text) in self._not_yet

    def inverted(self, header: str) -> bool:
        """Whether “yes” under this header means lost: 是否流失, Churn Label."""
        return bool(self._lost_headers.find(re.sub(r"[_\-]", " ", header)))

    def read(self, distinct: list[str], header: str, given: Mapping[str, Outcome]) -> dict[str, Outcome]:
        """Each distinct value and its outcome; values that nothing covers are left out."""
        told = {normalise(value): outcome for value, outcome in given.items()}
        yes_no = self.has_yes_no([text for text in distinct if normalise(text) not in told])
        yes, no = ("lost", "won") if self.inverted(header) else ("won", "lost")
        out: dict[str, Outcome] = {}
        for text in distinct:
            plain = normalise(text)
            if plain in told:
                out[text] = told[plain]
            elif yes_no and plain in self._yes:
                out[text] = _outcome(yes)
            elif yes_no and plain in self._no:
                out[text] = _outcome(no)
            elif (outcome := self.one(text)) is not None:
                out[text] = outcome
        return out

    def one(self, text: str) -> Outcome | None:
        """The outcome that one value means, None where no word says; the name of a stage is open.

        >>> from lostdeals.vocab import load
        >>> reader = OutcomeReader(load())
        >>> reader.one("报价未成"), reader.one("7-已回款"), reader.one("Closed Lost - Price"), reader.one("银牌")
        ('lost', 'won', 'lost', None)
        """
        for spelling in spellings(text):
            whole = self._whole.whole(spelling)
            if whole is not None:
                return _outcome(whole)
        hits = self._words.find(text)
        if hits:
            best = max(hits, key=lambda hit: (hit.size, -OUTCOMES.index(_outcome(hit.category))))
            return _outcome(best.category)
        return "open" if self._stages.one(text) is not None else None


def _outcome(category: str) -> Outcome:
    return next(outcome for outcome in OUTCOMES if outcome == category)


def _as_text(value: object) -> str | None:
    """A cell as the vocabulary knows it: 1.0 and True as 1."""
    if isinstance(value, bool | int | float):
        whole = value == value and float(value).is_integer()
        return str(int(value)) if whole else None if value != value else str(value)
    return (str(value).strip() or None) if value is not None else None


def _column(leads: pd.DataFrame, layout: Layout, reader: OutcomeReader, options: Options) -> str | None:
    if options.outcome is not None:
        wanted = normalise(options.outcome)
        for column in layout.columns:
            if wanted in (normalise(column.header), normalise(column.letter)) and column.key in leads:
                return column.key
        headers = [column.header for column in layout.columns]
        near = ", ".join(get_close_matches(options.outcome, headers, n=3, cutoff=0.4) or headers[:8])
        raise LostDealsError("unknown-column", where="--outcome", usage=True, column=options.outcome, near=near)
    if "outcome" in leads and leads["outcome"].notna().any():
        return "outcome"
    if "stage" in leads and {"won", "lost"} & set(_stage_outcomes(leads, reader)):
        return "stage"
    return None


def _stage_outcomes(leads: pd.DataFrame, reader: OutcomeReader) -> pd.Series[Any]:
    """What the stage column says about the outcome, None where there is none."""
    if "stage" not in leads:
        return unknown(leads.index)
    texts = leads["stage"].map(_as_text).astype(object)
    known = {text: reader.one(text) for text in texts.dropna().unique()}
    return pd.Series([known.get(text) for text in texts], index=leads.index, dtype=object)


def _has_reason(leads: pd.DataFrame) -> pd.Series[bool]:
    return leads[schema.columns_of(leads, "loss_reason")].notna().any(axis=1)


def _undecided(
    outcome: pd.Series[Any],
    no: pd.Series[bool],
    leads: pd.DataFrame,
    stages: pd.Series[Any],
    *,
    told: bool,
    today: pd.Timestamp,
) -> pd.Series[Any]:
    """“No” that has not been decided yet is open, “no” on a junk row is invalid; `told`: the column itself says what is open."""
    still_open = pd.Series(False, index=leads.index)
    if "next_contact_at" in leads:
        still_open |= leads["next_contact_at"] >= today
    if not told:
        still_open |= (stages == "open") & ~_has_reason(leads)
    outcome = outcome.where(~(no & still_open), "open")
    return outcome.where(~(no & (stages == "invalid")), "invalid")
