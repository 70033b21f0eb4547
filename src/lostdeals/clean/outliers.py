"""Numbers far outside what the rest of their column says: flagged, and brought in only when asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from lostdeals.clean.columns import keys_of_kind
from lostdeals.clean.rules import lines
from lostdeals.clean.setting import Setting
from lostdeals.distinct import with_columns
from lostdeals.schema import NUMBER, role_of

UNBOUNDED = frozenset({"amount", "budget", "income", "cost", "purchase_amount", "company_size", "contact_count"}) | {
    *("visit_count", "page_views", "time_on_site", "purchase_count")
}
"""Roles without a highest value of their own; ages and probabilities have one."""


def outliers(leads: pd.DataFrame, setting: Setting) -> Iterator[pd.DataFrame]:
    """One line per far-out cell; amounts are compared within their currency."""
    limits = setting.vocabulary.section("invalid")["outliers"]
    currency = leads["currency"].fillna("") if "currency" in leads else pd.Series("", index=leads.index)
    for key in keys_of_kind(leads, NUMBER):
        if role_of(key) in UNBOUNDED:
            for _, cells in leads[key].groupby(currency, sort=False):
                yield lines(cells[far_out(cells, limits["least"], limits["fence"])], "outlier")


def far_out(numbers: pd.Series[Any], least: int, fence: float) -> pd.Series[bool]:
    """Where a number lies more than ``fence`` interquartile ranges outside the quartiles (Tukey 1977: 3 is far out).

    On the logarithm where that makes the positive numbers less skewed. Nothing is far out among fewer than ``least``
    numbers, or where half of them are equal.

    >>> amounts = pd.Series([8_000, 9_500, 12_000, 15_000, 20_000, 30_000] * 5 + [90_000, 150_000_000.0])
    >>> amounts[far_out(amounts, 20, 3.0)].tolist()
    [150000000.0]
    """
    known = _compared(numbers, least)
    low, high = fences(numbers, least, fence)
    return numbers.isin(known) & ((numbers < low) | (numbers > high))


def fences(numbers: pd.Series[Any], least: int, fence: float) -> tuple[float, float]:
    """The lowest and the highest number that is not `far_out`; infinite where nothing is."""
    known = _compared(numbers, least)
    if len(known) < least or known.nunique() < FEWEST_VALUES:
        return -np.inf, np.inf
    on_log = bool(known.gt(0).all()) and _skew(np.log(known)) < _skew(known)
    low, high = (np.log(known) if on_log else known).quantile([0.25, 0.75])
    if high <= low:
        return -np.inf, np.inf
    ends = low - fence * (high - low), high + fence * (high - low)
    return (float(np.exp(ends[0])), float(np.exp(ends[1]))) if on_log else (float(ends[0]), float(ends[1]))


def winsorised(leads: pd.DataFrame, setting: Setting) -> pd.DataFrame:
    """Far-out numbers brought in to the fence they lie beyond (Tukey and McLaughlin 1963), within their currency."""
    limits = setting.vocabulary.section("invalid")["outliers"]
    currency = leads["currency"].fillna("") if "currency" in leads else pd.Series("", index=leads.index)
    new = {}
    for key in keys_of_kind(leads, NUMBER):
        if role_of(key) in UNBOUNDED:
            new[key] = leads[key].groupby(currency, sort=False).transform(_brought_in, limits["least"], limits["fence"])
    return with_columns(leads, new)


def _brought_in(numbers: pd.Series[Any], least: int, fence: float) -> pd.Series[Any]:
    low, high = fences(numbers, least, fence)
    far = far_out(numbers, least, fence)
    return numbers.where(~far, numbers.clip(round(low, 2), round(high, 2)))


def _compared(numbers: pd.Series[Any], least: int) -> pd.Series[Any]:
    """The numbers that the quartiles are taken of: the positive ones where there are enough, else all."""
    return numbers[numbers > 0] if (numbers > 0).sum() >= least else numbers.dropna()


def _skew(numbers: pd.Series[Any]) -> float:
    """How far from symmetric, whichever way: the third standardised moment."""
    values = numbers.to_numpy(dtype=float)
    spread = values.std()
    return abs(float((((values - values.mean()) / spread) ** 3).mean())) if spread else 0.0


FEWEST_VALUES = 8
"""A column of fewer different numbers is a scale, not a measurement."""
