"""Figures that rules and scorecards ask for and no sheet has as a column."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from lostdeals.vocab import Vocabulary

DERIVED = ("days_since_contact", "amount_rank", "purchase_rank", "main_reason")
"""What this module and the reason reader add beside ``schema.CLASSES``."""

CONTACT_DATES = ("last_contact_at", "updated_at", "last_purchase_at", "first_contact_at", "created_at")
"""Which date tells of the last contact, the best one first."""


def with_derived(leads: pd.DataFrame, vocabulary: Vocabulary, today: date) -> pd.DataFrame:
    """The leads with days since the last contact (0 and up) and their rank by amount and purchases (0-1)."""
    least = vocabulary.section("dimensions")["derived"]["min_for_rank"]
    out = leads.copy()
    last = pd.Series(pd.NaT, index=leads.index, dtype="datetime64[ns]")
    for column in CONTACT_DATES:
        if column in leads:
            last = last.where(last.notna(), leads[column])
    days = (pd.Timestamp(today) - last.dt.normalize()).dt.days.astype(float)
    out["days_since_contact"] = days.where(days >= 0)
    currency = leads["currency"] if "currency" in leads else pd.Series("", index=leads.index, dtype=object)
    out["amount_rank"] = _rank(_first_known(leads, ("amount", "budget")), currency, least)
    filled = [
        column for column in ("purchase_amount", "purchase_count") if column in leads and leads[column].gt(0).any()
    ]
    purchases = _first_known(leads, tuple(filled[:1]))
    out["purchase_rank"] = _rank(purchases.where(purchases > 0), currency, least)
    return out


def _first_known(leads: pd.DataFrame, columns: tuple[str, ...]) -> pd.Series[Any]:
    values = pd.Series(float("nan"), index=leads.index)
    for column in columns:
        if column in leads:
            values = values.where(values.notna(), leads[column])
    return values


def _rank(values: pd.Series[Any], currency: pd.Series[Any], least: int) -> pd.Series[Any]:
    """Place among the known values of one currency, 0-1, ties sharing the average; NaN where too few are known."""
    groups = values.groupby(currency.fillna(""))
    ranks = groups.rank(pct=True)
    return ranks.where(groups.transform("count") >= least)
