"""Tables that describe customers: rates and shares per category, two dimensions against each other, what is wanted most."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from lostdeals import schema
from lostdeals.stats.rates import benjamini_hochberg, fisher, wilson
from lostdeals.vocab.words import UNKNOWN

ENOUGH = 5
"""Fewer customers than this in a category are shown, and not compared."""
MOST = 12
"""Categories of a dimension that a table keeps; the rest stand together as ``rest``."""
NAMED = 0.1
"""A dimension is described where this share of the customers, and two categories, are known."""
RATES = ["value", "n", "k", "rate", "low", "high", "q", "enough"]
SHARES = ["value", "n", "share", "low", "high", "amount", "amount_share"]
CELLS = ["row", "column", "n", "row_n", "share", "low", "high", "rest_share", "q"]


def rates(groups: pd.Series[Any], event: pd.Series[bool]) -> pd.DataFrame:
    """``RATES``: of the customers in each category, how many the event befell; unknown last.

    groups: a category per customer, several joined with ``; `` count once each; event: the same index.
    rate is k/n with its 95 % Wilson interval; q is Fisher's exact p against all other known customers, corrected for the
    number of categories (Benjamini and Hochberg 1995), None where a category has fewer than ``ENOUGH`` customers.

    >>> groups = pd.Series(["young"] * 6 + ["old"] * 6 + [None])
    >>> rates(groups, pd.Series([True] * 6 + [False] * 7))[["value", "n", "k"]].values.tolist()
    [['young', 6, 6], ['old', 6, 0], ['unknown', 1, 0]]
    """
    pairs = _exploded(groups).to_frame("value").join(event.rename("event"))
    table = pairs.groupby("value", sort=False)["event"].agg(n="size", k="sum").reset_index()
    known, n, k = table["value"] != UNKNOWN, int(groups.notna().sum()), int(event[groups.notna()].sum())
    table = table.assign(last=~known).sort_values(["last", "n"], ascending=[True, False], kind="stable")
    enough = (table["n"] >= ENOUGH) & (table["value"] != UNKNOWN)
    p = [
        fisher(int(own_k), int(own_n), k - int(own_k), n - int(own_n)) if compared else None
        for own_k, own_n, compared in zip(table["k"], table["n"], enough, strict=True)
    ]
    bounds = [
        wilson(int(own_k), int(own_n)) or (None, None) for own_k, own_n in zip(table["k"], table["n"], strict=True)
    ]
    return pd.DataFrame(
        {
            "value": table["value"].to_numpy(dtype=object),
            "n": table["n"].to_numpy(),
            "k": table["k"].astype("int64").to_numpy(),
            "rate": (table["k"] / table["n"]).to_numpy(dtype=float),
            "low": [low for low, _ in bounds],
            "high": [high for _, high in bounds],
            "q": benjamini_hochberg(p),
            "enough": enough.to_numpy(),
        },
        columns=RATES,
    )


def shares(groups: pd.Series[Any], amounts: pd.Series[Any] | None) -> pd.DataFrame:
    """``SHARES``: each category's share of the customers (with its Wilson interval) and of the amount, unknown last.

    A customer with several categories counts in each. amounts: in one currency; NaN in the table where there is none.
    """
    money = pd.Series(float("nan"), index=groups.index) if amounts is None else amounts
    pairs = _exploded(groups).to_frame("value").join(money.rename("amount"))
    counted = pairs.groupby("value")["amount"]
    table = pd.DataFrame({"n": counted.size(), "amount": counted.sum(min_count=1)}).reset_index()
    table = table.assign(last=table["value"] == UNKNOWN).sort_values(
        ["last", "n"], ascending=[True, False], kind="stable"
    )
    total, whole = max(len(groups), 1), money.sum(min_count=1)
    bounds = [wilson(int(n), total) or (None, None) for n in table["n"]]
    sums = table["amount"].to_numpy(dtype=float)
    return pd.DataFrame(
        {
            "value": table["value"].to_numpy(dtype=object),
            "n": table["n"].to_numpy(),
            "share": table["n"].to_numpy() / total,
            "low": [low for low, _ in bounds],
            "high": [high for _, high in bounds],
            "amount": sums,
            "amount_share": sums / whole if whole else sums,
        },
        columns=SHARES,
    )


def crosstab(rows: pd.Series[Any], columns: pd.Series[Any]) -> pd.DataFrame:
    """``CELLS``: of the customers in each row category, the share in each column category; both known.

    Categories beyond the ``MOST`` commonest of either side stand together as ``rest``. A cell is compared with the same
    column among all other rows (Fisher's exact test, Benjamini-Hochberg over the whole table).

    >>> cells = crosstab(pd.Series(["young"] * 8 + ["old"] * 8), pd.Series(["price"] * 8 + ["timing"] * 8))
    >>> cells[["row", "column", "n", "row_n", "share"]].values.tolist()[0]
    ['young', 'price', 8, 8, 1.0]
    """
    pairs = _exploded(rows).to_frame("row").join(_exploded(columns).rename("column"))
    pairs = pairs[(pairs["row"] != UNKNOWN) & (pairs["column"] != UNKNOWN)]
    if pairs.empty:
        return pd.DataFrame(columns=CELLS)
    pairs = pairs.assign(row=_kept(pairs["row"]), column=_kept(pairs["column"]))
    counts = pd.crosstab(pairs["row"], pairs["column"])
    order = pairs["row"].value_counts().index, pairs["column"].value_counts().index
    counts = counts.reindex(index=_last(order[0]), columns=_last(order[1]))
    sizes = pairs.reset_index().drop_duplicates(["index", "row"])["row"].value_counts()
    total, people = counts.sum(), int(pairs.index.nunique())
    cells, p = [], []
    for row in counts.index:
        n = int(sizes[row])
        for column in counts.columns:
            k, others = int(counts.loc[row, column]), int(total[column]) - int(counts.loc[row, column])
            low, high = wilson(k, n) or (None, None)
            elsewhere = max(people - n, others)
            p.append(fisher(k, n, others, elsewhere) if n >= ENOUGH and elsewhere >= ENOUGH else None)
            cells.append((row, column, k, n, k / n, low, high, others / elsewhere if elsewhere else None))
    frame = pd.DataFrame(cells, columns=CELLS[:-1])
    return frame.assign(q=pd.Series(benjamini_hochberg(p), dtype=float))[CELLS]


def described(leads: pd.DataFrame, names: Sequence[str]) -> list[str]:
    """The dimensions of these that the sheet says enough about: two categories, and ``NAMED`` of the customers."""
    columns = {name: schema.class_column(name) for name in names}
    return [
        name
        for name, column in columns.items()
        if column in leads and leads[column].nunique() > 1 and leads[column].notna().mean() >= NAMED
    ]


def _exploded(groups: pd.Series[Any]) -> pd.Series[Any]:
    """One line per customer and category, on the customer's index; unknown ones as ``unknown``."""
    texts = groups.astype(object).where(groups.notna(), UNKNOWN)
    return texts.map(lambda value: list(dict.fromkeys(str(value).split("; ")))).explode()


def _kept(values: pd.Series[Any]) -> pd.Series[Any]:
    common = values.value_counts().index[:MOST]
    return values.where(values.isin(common), schema.REST)


def _last(index: pd.Index[Any]) -> list[Any]:
    """The rest behind all others."""
    return sorted(index, key=lambda value: value == schema.REST)
