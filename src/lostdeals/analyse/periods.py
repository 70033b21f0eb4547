"""Days, weeks, months, quarters and years, as they are named and shown."""

from __future__ import annotations

from typing import Any

import pandas as pd

from lostdeals.vocab import Vocabulary, normalise

PERIODS = ("day", "week", "month", "quarter", "year")
_CODES = {"day": "D", "week": "W-SUN", "month": "M", "quarter": "Q", "year": "Y"}


def period_named(text: str, vocabulary: Vocabulary) -> str | None:
    """The period that a word means, None for any other word.

    >>> from lostdeals.vocab import load
    >>> period_named("按周", load()), period_named("source", load())
    ('week', None)
    """
    names = vocabulary.section("funnels")["periods"]
    wanted = normalise(text)
    return next((period for period in PERIODS if wanted in (period, *map(normalise, names[period]))), None)


def period_of(times: pd.Series[Any], period: str) -> pd.Series[Any]:
    """Times as the period they lie in, so written that they sort; a week by its Monday. None where there is no time.

    >>> times = pd.Series(pd.to_datetime(["2026-01-04", "2026-05-31", None]))
    >>> period_of(times, "week").tolist(), period_of(times, "quarter").tolist()
    (['2025-12-29', '2026-05-25', None], ['2026-Q1', '2026-Q2', None])
    """
    spans = times.dt.to_period(_CODES[period])
    if period == "week":
        said = spans.dt.start_time.dt.strftime("%Y-%m-%d")
    elif period == "quarter":
        said = spans.dt.strftime("%Y-Q%q")
    else:
        said = spans.dt.strftime({"day": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y"}[period])
    named: pd.Series[Any] = said.astype(object).where(times.notna(), None)
    return named


def period_end(label: str, period: str) -> pd.Timestamp:
    """The first moment after a period that `period_of` has named.

    >>> period_end("2026-Q1", "quarter"), period_end("2025-12-29", "week")
    (Timestamp('2026-04-01 00:00:00'), Timestamp('2026-01-05 00:00:00'))
    """
    text = label.replace("-Q", "Q") if period == "quarter" else label
    return pd.Period(text, _CODES[period]).end_time.normalize() + pd.Timedelta(days=1)


def periods_between(times: pd.Series[Any], period: str) -> list[str]:
    """Every period from the first to the last of some times, also those in which nothing happened.

    >>> periods_between(pd.Series(pd.to_datetime(["2026-03-05", "2026-01-04"])), "month")
    ['2026-01', '2026-02', '2026-03']
    """
    spans = times.dropna().dt.to_period(_CODES[period])
    every = pd.period_range(spans.min(), spans.max(), freq=_CODES[period])
    return [str(label) for label in period_of(pd.Series(every.start_time), period)]
