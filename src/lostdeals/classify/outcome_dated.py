"""Read who bought where no column says it: from the day of the sale, which only customers have, or from the number of orders."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from lostdeals import schema
from lostdeals.classify.outcome_reader import outcome_reader
from lostdeals.model import Layout, Outcome, OutcomeReading
from lostdeals.vocab import Vocabulary

DAYS = ("closed_at", "stage_date")
"""Roles whose columns may hold the day of the sale."""
ORDERS = "purchase_count"
SHARE = (0.005, 0.95)
"""Share of the rows that have a date; with more, the day is one that everybody has."""
LEAST = 5
"""Rows with a date, with fewer of which nothing is read from it."""
USUAL = 0.9
"""Share of the sales that were made within the time after which a row without a date counts as lost."""
BORN = ("created_at", "first_contact_at")


def dated_outcome(
    leads: pd.DataFrame, layout: Layout, vocabulary: Vocabulary, asked: str | None = None
) -> tuple[OutcomeReading, list[str]] | None:
    """The day of the sale or the number of orders as outcome column, and what each row has; None where there is neither.

    The header of the day has to speak of a sale (won date, 成交日期), unless the user has asked for this column: a close
    date may be that of a loss, or a plan. Orders tell where some rows have none, and no column names a stage.
    """
    key = asked if asked is not None else _day_of_sale(leads, layout, vocabulary) or _orders(leads)
    if key is None:
        return None
    words = vocabulary.section("outcomes")["counted" if key == ORDERS else "dated"]
    said = {state: words[state]["zh" if layout.language == "zh" else "en"] for state in ("filled", "blank")}
    values: dict[str, Outcome] = {said["filled"]: "won", said["blank"]: "lost"}
    texts = [said["filled"] if has else said["blank"] for has in _bought(leads, key)]
    return OutcomeReading(key, layout.header(key), values, dated=True), texts


def is_day(key: str | None) -> bool:
    """Whether a column, or a role, may hold the day of the sale or the number of orders."""
    return key is not None and schema.role_of(key) in (*DAYS, ORDERS)


def _bought(leads: pd.DataFrame, key: str) -> pd.Series[bool]:
    return pd.to_numeric(leads[key], errors="coerce") > 0 if key == ORDERS else leads[key].notna()


def _some(bought: pd.Series[bool]) -> bool:
    return bool(bought.sum() >= LEAST and SHARE[0] <= bought.mean() <= SHARE[1])


def _orders(leads: pd.DataFrame) -> str | None:
    """The number of orders, where some rows say that it is none."""
    if ORDERS not in leads or "stage" in leads:
        return None
    none = pd.to_numeric(leads[ORDERS], errors="coerce") == 0
    return ORDERS if none.sum() >= LEAST and _some(_bought(leads, ORDERS)) else None


def _day_of_sale(leads: pd.DataFrame, layout: Layout, vocabulary: Vocabulary) -> str | None:
    """The first column of such days that enough rows have, and not all of them."""
    reader = outcome_reader(vocabulary)
    for key in (key for role in DAYS for key in schema.columns_of(leads, role)):
        if reader.of_won(layout.header(key)) and _some(leads[key].notna()):
            return key
    return None


def by_date(leads: pd.DataFrame, key: str, today: pd.Timestamp) -> pd.Series[Any]:
    """Won with a day up to today, or an order; lost without one, but open where that is still to be decided.

    A row without a date is open where it came in so lately that a tenth of the sales took longer, and where the sheet has
    loss reasons and this row has none. A day that lies ahead is a plan.
    """
    if key == ORDERS:
        return pd.Series("lost", index=leads.index, dtype=object).mask(_bought(leads, key), "won")
    day = leads[key]
    outcome = pd.Series("lost", index=leads.index, dtype=object).mask(day.notna(), "won").mask(day > today, "open")
    undecided = _young(leads, day)
    reasons = leads[schema.columns_of(leads, "loss_reason")].notna().any(axis=1)
    if reasons.any():
        undecided |= ~reasons
    return outcome.mask(day.isna() & undecided, "open")


def _young(leads: pd.DataFrame, day: pd.Series[Any]) -> pd.Series[bool]:
    """Rows that came in so shortly before the sheet ends that they may yet become a sale."""
    for role in _held(leads, BORN):
        born = leads[role]
        took = (day - born)[day >= born]
        if len(took) >= LEAST:
            end = max(born.max(), day.max())
            young: pd.Series[bool] = born > end - took.quantile(USUAL)
            return young
    return pd.Series(False, index=leads.index)


def _held(leads: pd.DataFrame, roles: Sequence[str]) -> list[str]:
    return [role for role in roles if role in leads and leads[role].notna().any()]
