"""What each source or campaign brought and cost: customers, won, worth, cost per win."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lostdeals.analyse.journeys import Journeys
from lostdeals.errors import LostDealsError
from lostdeals.findings import Finding
from lostdeals.stats.rates import benjamini_hochberg, fisher, wilson
from lostdeals.trends import Channel, Channels
from lostdeals.vocab import Vocabulary, normalise
from lostdeals.vocab.words import UNKNOWN


@dataclass(frozen=True)
class Spend:
    """What was spent, as a sheet of its own says it."""

    rows: pd.DataFrame
    """``source`` and ``campaign`` (None where the sheet does not say), ``start`` and ``end`` (NaT without a day), ``cost``."""
    by: tuple[str, ...]
    """Which of source and campaign it names."""

    @property
    def dated(self) -> bool:
        """It says when."""
        return bool(self.rows["start"].notna().any())


def channels_of(
    journeys: Journeys,
    values: dict[str, pd.Series[Any]],
    costs: pd.Series[Any] | None,
    spend: Spend | None,
    vocabulary: Vocabulary,
    by: str | None = None,
) -> Channels:
    """The table of channels.

    values: ``source`` and ``campaign`` per customer, what there is of them. costs: the sheet's own cost per customer. spend:
    a sheet of costs, which goes before. by: which of the two; None takes what the spend names, else the source.
    Spending and customers are compared over the days that both cover, where both say when; nothing is spread over others.
    Raises LostDealsError (usage) ``no-channel`` where the sheet has neither, or not what the spend names.
    """
    by = by or next((one for one in (spend.by if spend else ("source", "campaign")) if one in values), None)
    if by is None or by not in values or (spend is not None and by not in spend.by):
        raise LostDealsError("no-channel", usage=True, named=tuple(spend.by) if spend else "source, campaign")
    people = journeys.people.assign(channel=values[by].reset_index(drop=True))
    people["own_cost"] = costs.astype(float).reset_index(drop=True) if costs is not None else np.nan
    notes: list[Finding] = []
    period, paid = None, None
    if spend is not None:
        rows = spend.rows
        if spend.dated and people["born"].notna().any():
            people, rows, period, more = _same_days(people, rows)
            notes += more
        paid = _paid(rows, by)
    names = {normalise(str(name)): str(name) for name in people["channel"].dropna().unique()[::-1]}
    people["key"] = people["channel"].map(lambda name: normalise(str(name)), na_action="ignore")
    people["key"] = people["key"].where(people["key"].notna(), UNKNOWN)
    keys = list(people["key"].value_counts().index)
    if paid is not None:
        strangers = [key for key in paid if key not in set(keys)]
        if strangers:
            amount = sum(paid[key][1] for key in strangers)
            shown = ", ".join(paid[key][0] for key in strangers[:5])
            notes.append(Finding("spend-without-customers", len(strangers), shown, {"amount": f"{amount:,.0f}"}))
        keys += strangers
        free = [names.get(key, key) for key in keys if key not in paid and key != UNKNOWN]
        if free:
            notes.append(Finding("customers-without-spend", len(free), ", ".join(free[:5])))
    smallest = vocabulary.section("funnels")["settings"]["smallest_group"]
    rows_out = [_channel(key, people[people["key"] == key], names, paid, costs is not None, smallest) for key in keys]
    return Channels(
        by,
        tuple(_tested(rows_out)),
        "spend" if spend is not None else "sheet" if costs is not None else "none",
        period,
        tuple(notes),
    )


def _channel(
    key: str,
    people: pd.DataFrame,
    names: dict[str, str],
    paid: dict[str, tuple[str, float]] | None,
    own: bool,
    smallest: int,
) -> Channel:
    counts = people["outcome"].value_counts()
    n, won, lost = len(people), int(counts.get("won", 0)), int(counts.get("lost", 0))
    amounts = people.loc[people["outcome"] == "won", "amount"]
    cost: float | None = None
    if paid is not None:
        cost = paid[key][1] if key in paid else None
    elif own and people["own_cost"].notna().any():
        cost = float(people["own_cost"].sum())
    ci = wilson(won, n)
    worth = float(amounts.sum()) if amounts.notna().any() else None
    interval = None
    if cost is not None and ci is not None and ci[1] > 0:
        interval = (cost / (n * ci[1]), cost / (n * ci[0]) if ci[0] * n >= 1e-9 else None)
    return Channel(
        value=names.get(key, paid[key][0] if paid and key in paid else key),
        n=n,
        won=won,
        lost=lost,
        open=n - won - lost,
        rate=won / n if n else None,
        ci=ci,
        q=None,
        closed_rate=won / (won + lost) if won + lost else None,
        worth=worth,
        cost=cost,
        per_lead=cost / n if cost is not None and n else None,
        per_win=cost / won if cost is not None and won else None,
        per_win_ci=interval,
        returned=worth / cost if cost and worth is not None else None,
        enough=n >= smallest,
    )


def _tested(rows: Sequence[Channel]) -> list[Channel]:
    from dataclasses import replace

    n, won = sum(row.n for row in rows), sum(row.won for row in rows)
    p = [fisher(row.won, row.n, won - row.won, n - row.n) if row.enough else None for row in rows]
    ordered = [replace(row, q=q) for row, q in zip(rows, benjamini_hochberg(p), strict=True)]
    return sorted(ordered, key=lambda row: (row.value == UNKNOWN, -row.n, -(row.cost or 0), row.value))


def _same_days(
    people: pd.DataFrame, rows: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame, tuple[Any, Any] | None, list[Finding]]:
    """Customers and spending of the days that both cover, and how much of either was left out."""
    dated = rows[rows["start"].notna()]
    born = people["born"]
    start = max(dated["start"].min(), born.min().normalize())
    end = min(dated["end"].max(), born.max().normalize() + pd.Timedelta(days=1))
    if start >= end:
        return people.iloc[:0], rows.iloc[:0], None, [Finding("spend-other-days", len(rows))]
    inside = (born >= start) & (born < end)
    touches = (rows["start"] < end) & (rows["end"] > start)
    notes = []
    outside = rows[~touches.fillna(False)]
    if len(outside):
        notes.append(Finding("spend-outside", len(outside), values={"amount": f"{outside['cost'].sum():,.0f}"}))
    if (~inside).any():
        notes.append(Finding("customers-outside", int((~inside).sum())))
    period = (start.date(), (end - pd.Timedelta(days=1)).date())
    return people[inside].reset_index(drop=True), rows[touches.fillna(False)], period, notes


def _paid(rows: pd.DataFrame, by: str) -> dict[str, tuple[str, float]]:
    """Channel as it is compared -> as it is written, and what was spent on it."""
    out: dict[str, tuple[str, float]] = {}
    for name, cost in zip(rows[by], rows["cost"], strict=True):
        if cost != cost:
            continue
        known = name is not None and name == name and str(name).strip()
        key = normalise(str(name)) if known else UNKNOWN
        before = out.get(key, (str(name).strip() if known else UNKNOWN, 0.0))
        out[key] = (before[0], before[1] + float(cost))
    return out
