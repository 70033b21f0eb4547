"""Figures that rules and scorecards ask for and no sheet has as a column."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from lostdeals.model import Rates
from lostdeals.stats.money import currencies_of, in_one_currency
from lostdeals.vocab import Names, Vocabulary

DERIVED = ("days_since_contact", "amount_base", "amount_rank", "purchase_rank", "name_party", "main_reason")
"""What this module and the reason reader add beside ``schema.CLASSES``."""

CONTACT_DATES = ("last_contact_at", "updated_at", "last_purchase_at", "first_contact_at", "created_at")
"""Which date tells of the last contact, the best one first."""


def with_derived(leads: pd.DataFrame, vocabulary: Vocabulary, today: date, rates: Rates | None = None) -> pd.DataFrame:
    """The leads with days since the last contact (0 and up), their amount in one currency, whether they are a firm or a person, and their rank by amount and purchases (0-1).

    rates: turn the amounts of several currencies into one; without them each is ranked within its own.
    """
    least = vocabulary.section("dimensions")["derived"]["min_for_rank"]
    out = leads.copy()
    last = pd.Series(pd.NaT, index=leads.index, dtype="datetime64[ns]")
    for column in CONTACT_DATES:
        if column in leads:
            last = last.where(last.notna(), leads[column])
    days = (pd.Timestamp(today) - last.dt.normalize()).dt.days.astype(float)
    out["days_since_contact"] = days.where(days >= 0)
    amounts = _first_known(leads, ("amount", "budget"))
    out["amount_base"] = in_one_currency(leads, _first_known(leads, ("amount",)), rates)
    out["amount_rank"] = _rank(leads, amounts, rates, least)
    filled = [
        column for column in ("purchase_amount", "purchase_count") if column in leads and leads[column].gt(0).any()
    ]
    purchases = _first_known(leads, tuple(filled[:1]))
    out["purchase_rank"] = _rank(leads, purchases.where(purchases > 0), rates, least)
    out["name_party"] = _parties(leads, vocabulary)
    return out


def _parties(leads: pd.DataFrame, vocabulary: Vocabulary) -> pd.Series[Any]:
    """``business`` where a company stands beside the name or the name is a firm's, ``consumer`` where it is a person's."""
    names = Names(vocabulary)
    found = pd.Series(None, index=leads.index, dtype=object)
    if "company" in leads:
        own = {text: names.party(text) or BUSINESS for text in leads["company"].dropna().unique()}
        found = leads["company"].map(own).astype(object)
    if "name" in leads:
        known = {text: names.party(text) for text in leads["name"].dropna().unique()}
        found = found.where(found.notna(), leads["name"].map(known)).astype(object)
    return found.where(found.notna(), None)


BUSINESS = "business"


def _first_known(leads: pd.DataFrame, columns: tuple[str, ...]) -> pd.Series[Any]:
    values = pd.Series(float("nan"), index=leads.index)
    for column in columns:
        if column in leads:
            values = values.where(values.notna(), leads[column])
    return values


def _rank(leads: pd.DataFrame, values: pd.Series[Any], rates: Rates | None, least: int) -> pd.Series[Any]:
    """Place among the known values of one currency, 0-1, ties sharing the average; NaN where too few are known."""
    one = in_one_currency(leads, values, rates)
    if one.notna().any():
        groups = one.groupby(pd.Series(0, index=one.index))
    else:
        groups = values.groupby(currencies_of(leads, values).fillna(""))
    ranks = groups.rank(pct=True)
    return ranks.where(groups.transform("count") >= least)
