"""Count customers by category, source, reason and month."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from lostdeals.analyse.funnel import sales_funnel
from lostdeals.distinct import by_distinct, factorized
from lostdeals.model import Analysis, Layout
from lostdeals.stats.dates import entry_dates
from lostdeals.stats.money import currencies_of, in_one_currency
from lostdeals.vocab import Vocabulary
from lostdeals.vocab.words import UNKNOWN

COUNTED = {
    "tier": "tier",
    "grade": "grade",
    "stage": "stage_class",
    "need": "need_class",
    "intent": "intent_class",
    "value": "value_class",
    "behaviour": "behaviour_class",
    "source": "source_class",
    "region": "region_class",
}
"""Dimension -> LEADS column; several categories of one customer count once each."""


SHOWN = 5
"""So many currencies have a column of their own."""


def analyse(
    leads: pd.DataFrame, vocabulary: Vocabulary, layout: Layout | None = None, today: date | None = None
) -> Analysis:
    """Everything the summary needs, from a scored frame."""
    counts = {dimension: count_categories(leads[column]) for dimension, column in COUNTED.items()}
    counts["loss_reason"] = count_categories(_without_success(leads[["outcome_class", "main_reason"]])["main_reason"])
    funnel = sales_funnel(leads, vocabulary, layout, today)
    return Analysis(
        counts=counts,
        funnel=funnel if funnel.steps and funnel.steps[0].n else None,
        sources=_sources(leads),
        reasons=_reasons(leads),
        months=_months(leads),
    )


def count_categories(values: pd.Series[Any]) -> dict[str, int]:
    """Customers per category, the largest first, unknown ones as ``unknown`` at the end.

    >>> count_categories(pd.Series(["price; timing", "price", None]))
    {'price': 2, 'timing': 1, 'unknown': 1}
    """
    codes, distinct = factorized(values)
    counts: dict[str, int] = {}
    for text, n in zip(distinct, np.bincount(codes[codes >= 0], minlength=len(distinct)).tolist(), strict=True):
        for key in text.split("; "):
            counts[key] = counts.get(key, 0) + n
    counts = dict(sorted(counts.items(), key=lambda pair: -pair[1]))
    missing = int((codes < 0).sum())
    return {**counts, **({UNKNOWN: missing} if missing else {})}


def _without_success(leads: pd.DataFrame) -> pd.DataFrame:
    """The lost customers, or the open ones where nobody was lost: those whose reason is asked for."""
    result = leads["outcome_class"]
    return leads[(result == "lost") if (result == "lost").any() else (result == "open")]


def _sources(leads: pd.DataFrame) -> pd.DataFrame:
    """source, n, won, lost, open, rate (won of closed; NaN where none is closed), the largest first."""
    columns = ["source", "n", "won", "lost", "open", "rate"]
    if "source" not in leads:
        return pd.DataFrame(columns=columns)
    counted = leads[leads["outcome_class"] != "invalid"]
    names = counted["source"].where(counted["source"].notna(), UNKNOWN)
    table = pd.crosstab(names, counted["outcome_class"])
    table = table.reindex(columns=["won", "lost", "open"], fill_value=0)
    table["n"] = table.sum(axis=1)
    closed = table["won"] + table["lost"]
    table["rate"] = table["won"] / closed.where(closed > 0)
    ordered = table.sort_values("n", ascending=False, kind="stable").rename_axis("source").reset_index()
    return ordered[columns].rename_axis(None, axis=1)


def _reasons(leads: pd.DataFrame) -> pd.DataFrame:
    """reason, n, share, amount, read_from_text; amounts of several currencies without rates have a column each, ``amount.USD``."""
    people = _without_success(leads)
    reason = people["main_reason"].where(people["main_reason"].notna(), UNKNOWN)
    text = by_distinct(people["reason_from"], lambda column: str(column).split(".")[0] in ("notes", "feedback")).eq(
        True
    )
    frame = pd.DataFrame({"reason": reason, "text": text, **_amounts(people)})
    groups = frame.groupby("reason")
    table = groups.agg(n=("reason", "size"), read_from_text=("text", "sum"))
    sums = groups[[column for column in frame if column not in ("reason", "text")]].sum(min_count=1)
    table = table.join(sums)
    table["share"] = table["n"] / max(len(people), 1)
    table["last"] = table.index == UNKNOWN
    ordered = table.sort_values(["last", "n"], ascending=[True, False], kind="stable").reset_index()
    return ordered[["reason", "n", "share", *sums.columns, "read_from_text"]]


def _amounts(people: pd.DataFrame) -> dict[str, pd.Series[Any]]:
    """``amount`` in one currency; where there are several and no rates it is empty, and each of the commonest has its own."""
    nothing = pd.Series(float("nan"), index=people.index)
    amount = people.get("amount", nothing)
    one = people["amount_base"] if "amount_base" in people else in_one_currency(people, amount, None)
    if one.notna().any() or amount.isna().all():
        return {"amount": one}
    codes = currencies_of(people, amount)
    return {
        "amount": nothing,
        **{f"amount.{code}": amount.where(codes == code) for code in codes.value_counts().index[:SHOWN]},
    }


def _months(leads: pd.DataFrame) -> pd.DataFrame:
    """month, n, won, lost by the month customers came in; empty where no date says so."""
    dates = entry_dates(leads)
    known = dates.notna()
    if not known.any():
        return pd.DataFrame(columns=["month", "n", "won", "lost"])
    numbers, different = pd.factorize(dates[known].to_numpy().astype("datetime64[M]").astype(np.int64))
    months = np.datetime_as_string(different.astype("datetime64[M]"))[numbers]
    result = leads["outcome_class"][known]
    table = pd.DataFrame({"month": months, "won": result == "won", "lost": result == "lost"})
    return table.groupby("month").agg(n=("won", "size"), won=("won", "sum"), lost=("lost", "sum")).reset_index()
