"""Read who bought, who did not, and who has not decided yet."""

from __future__ import annotations

from typing import Any

import pandas as pd

from lostdeals import schema
from lostdeals.classify.outcome_coloured import coloured_outcome
from lostdeals.classify.outcome_dated import by_date, dated_outcome, is_day
from lostdeals.classify.outcome_noted import noted_outcome
from lostdeals.classify.outcome_reader import OutcomeReader, outcome_reader
from lostdeals.classify.outcome_told import missing_values
from lostdeals.classify.texts import unknown
from lostdeals.errors import LostDealsError, likest
from lostdeals.model import Layout, Options, OutcomeReading
from lostdeals.vocab import Vocabulary, normalise

BLANK_MEANS_OPEN = 0.05
"""With at least this share of blanks, a yes/no column leaves its open rows blank, so that “no” was meant as lost."""

PAIR = 2
"""Values of a plain yes and no."""


def read_outcome(
    leads: pd.DataFrame, layout: Layout, vocabulary: Vocabulary, options: Options
) -> tuple[OutcomeReading, pd.Series[Any]]:
    """The reading of the outcome column, and won / lost / open / invalid per row.

    The column is the one the user names, else the one with the role ``outcome``, else a ``stage`` column that has won or
    lost among its values; a yes or no that only repeats what the stages say is left to them. Without any, the day of the sale
    tells where only customers have one; then the colours of the rows where a legend explains them, or how the notes end where
    the sheet has no loss reasons; else a row with a loss reason is lost and every other row is open.
    A blank is what the stage says, else open. “No” is lost where the column has a word for open, too. Otherwise it is open
    where the next contact lies ahead; and where the row's stage is an open one, no loss reason stands there and the column
    does not leave its open rows blank.

    Raises LostDealsError ``unknown-column`` where ``options.outcome`` names a header the sheet does not have.
    """
    reader = outcome_reader(vocabulary)
    reading, texts = find_outcome(leads, layout, vocabulary, options)
    stages = _stage_outcomes(leads, reader)
    if reading.key is None:
        outcome = pd.Series("open", index=leads.index, dtype=object).where(~_has_reason(leads), "lost")
        return reading, outcome.where(stages != "invalid", "invalid")
    values, distinct = reading.values, list(texts.dropna().unique())
    outcome = texts.map(values).astype(object)
    if reading.dated and reading.key is not None:
        outcome = by_date(leads, reading.key, pd.Timestamp(options.today))
        outcome = _undecided(
            outcome,
            outcome == "lost",
            leads,
            stages,
            has_open=False,
            blank_is_open=False,
            today=pd.Timestamp(options.today),
        )
    elif not reading.inverted:
        given = {normalise(value) for value in options.outcome_values}
        bare = [text for text in distinct if reader.says_no(text) and normalise(text) not in given]
        has_open = layout.from_template or "open" in values.values()
        outcome = _undecided(
            outcome,
            texts.isin(bare),
            leads,
            stages,
            has_open=has_open,
            blank_is_open=texts.isna().mean() >= BLANK_MEANS_OPEN,
            today=pd.Timestamp(options.today),
        )
    if reading.key != "stage" and not reading.dated:
        outcome = outcome.where(outcome.notna(), stages)
    return reading, outcome.where(outcome.notna(), "open")


def find_outcome(
    leads: pd.DataFrame, layout: Layout, vocabulary: Vocabulary, options: Options
) -> tuple[OutcomeReading, pd.Series[Any]]:
    """Which column says who bought and what its values mean; and the column as text.

    leads: at least the columns that may say it. The row's own stage, reason and dates are left to `read_outcome`.
    """
    reader = outcome_reader(vocabulary)
    key = _column(leads, layout, reader, options)
    if key is None or (is_day(key) and not options.outcome_values):
        dated = dated_outcome(leads, layout, vocabulary, asked=key)
        if dated is not None:
            return dated[0], pd.Series(dated[1], index=leads.index, dtype=object)
    if key is None:
        noted = coloured_outcome(layout, vocabulary) if len(layout.rows) == len(leads) else None
        noted = noted or noted_outcome(leads, layout, vocabulary)
        if noted is not None:
            return noted[0], pd.Series(noted[1], index=leads.index, dtype=object)
        return OutcomeReading(None, None, {}), unknown(leads.index)
    header, texts = layout.header(key) or layout.letter(key), _texts(leads[key])
    distinct = list(texts.dropna().unique())
    values = reader.read(distinct, header, options.outcome_values)
    unread = tuple(text for text in distinct if text not in values)
    given = {normalise(value) for value in options.outcome_values}
    guessed = tuple(
        text
        for text, outcome in values.items()
        if outcome in ("lost", "invalid") and normalise(text) not in given and reader.guesses(text)
    )
    inverted = reader.inverted(header) and reader.has_yes_no(distinct)
    missing = missing_values(options.outcome_values, distinct)
    return OutcomeReading(key, header, values, unread, inverted, guessed=guessed, missing=missing), texts


def _texts(cells: pd.Series[Any]) -> pd.Series[Any]:
    """A column as text, each distinct value once; True, 1 and 1.0 are the same text."""
    values = cells.tolist()
    texts = {value: _as_text(value) for value in set(values)}
    return pd.Series([texts[value] for value in values], index=cells.index, name=cells.name, dtype=object)


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
        near = likest(options.outcome, [column.header for column in layout.columns])
        raise LostDealsError("unknown-column", where="--outcome", usage=True, column=options.outcome, near=near)
    if options.outcome_values:
        return _holding(leads, layout, options)
    said = leads["outcome"].notna().any() if "outcome" in leads else False
    stages = _stage_outcomes(leads, reader)
    ends = {"won", "lost"} & set(stages.dropna())
    if said and not (len(ends) == 2 and _only_repeats(leads, stages, layout, reader)):
        return "outcome"
    return "stage" if ends else None


def _only_repeats(leads: pd.DataFrame, stages: pd.Series[Any], layout: Layout, reader: OutcomeReader) -> bool:
    """Whether a yes or no (Is Closed Won) says of every row no more than that its stage is won, or is lost.

    Such a column tells the open rows and those of the other end as little apart as no column would. Where a row of an open
    stage has a loss reason, it is lost by its “no”, and the column says more.
    """
    texts = _texts(leads["outcome"])
    distinct = list(texts.dropna().unique())
    if len(distinct) > PAIR or not reader.has_yes_no(distinct) or stages.isna().any():
        return False
    if len(distinct) == PAIR and texts.isna().mean() >= BLANK_MEANS_OPEN:
        return False
    yes = "lost" if reader.inverted(layout.header("outcome")) else "won"
    values = reader.read(distinct, layout.header("outcome"), {})
    repeats = ((texts.map(values) == yes) == (stages == yes)).all()
    return bool(repeats and not (_has_reason(leads) & (stages == "open")).any())


def _holding(leads: pd.DataFrame, layout: Layout, options: Options) -> str:
    """The column that holds the values the user has listed: outcome or stage, else the one with most of them."""
    wanted = {normalise(value) for value in options.outcome_values}
    keys = [column.key for column in layout.columns if column.key in leads]
    held = {
        key: len(wanted & {normalise(str(_as_text(value))) for value in leads[key].dropna().unique()}) for key in keys
    }
    preferred = [key for key in ("outcome", "stage") if held.get(key)]
    best = preferred[0] if preferred else max(held, key=lambda key: held[key], default="")
    if not held.get(best):
        listed = tuple(options.outcome_values)
        raise LostDealsError("no-such-values", where="--won --lost --open --invalid", usage=True, values=listed)
    return best


def _stage_outcomes(leads: pd.DataFrame, reader: OutcomeReader) -> pd.Series[Any]:
    """What the stage column says about the outcome, None where there is none."""
    if "stage" not in leads:
        return unknown(leads.index)
    texts = _texts(leads["stage"])
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
    has_open: bool,
    blank_is_open: bool,
    today: pd.Timestamp,
) -> pd.Series[Any]:
    """“No” that has not been decided yet is open, “no” on a junk row is invalid.

    has_open: the column has a word for open; blank_is_open: it leaves its open rows blank.
    """
    still_open = pd.Series(False, index=leads.index)
    if "next_contact_at" in leads and not has_open:
        still_open |= leads["next_contact_at"] >= today
    if not has_open and not blank_is_open:
        still_open |= (stages == "open") & ~_has_reason(leads)
    outcome = outcome.where(~(no & still_open), "open")
    return outcome.where(~(no & (stages == "invalid")), "invalid")
