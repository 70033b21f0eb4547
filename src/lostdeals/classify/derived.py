"""Figures that rules and scorecards ask for and no sheet has as a column."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from lostdeals import schema
from lostdeals.distinct import each_of, factorized, repeated, with_columns
from lostdeals.model import Rates
from lostdeals.stats.money import currencies_of, in_one_currency
from lostdeals.vocab import Names, Vocabulary

DERIVED = (
    *("days_since_contact", "days_since_purchase", "age_years", "feedback_share", "amount_base"),
    *("amount_rank", "purchase_rank", "income_rank", "name_party", "main_reason"),
)
"""What this module and the reason reader add beside ``schema.CLASSES``."""

CONTACT_DATES = ("last_contact_at", "updated_at", "last_purchase_at", "first_contact_at", "created_at")
"""Which date tells of the last contact, the best one first."""


def with_derived(
    leads: pd.DataFrame,
    vocabulary: Vocabulary,
    today: date,
    rates: Rates | None = None,
    changes: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """The leads with the figures of ``DERIVED`` but for the reason: days (0 and up), years, shares and ranks (0-1).

    rates: turn the amounts of several currencies into one; without them each is ranked within its own.
    changes: ``schema.CHANGES``; where a last contact is written that no date could be read from, no earlier date stands for it.
    """
    settings = vocabulary.section("dimensions")["derived"]
    least = settings["min_for_rank"]
    out: dict[str, pd.Series[Any]] = {}
    last = pd.Series(pd.NaT, index=leads.index, dtype="datetime64[ns]")
    for column in CONTACT_DATES:
        if column in leads:
            last = last.where(last.notna(), leads[column])
    if changes is not None:
        unread = (changes["rule"] == "dates") & (changes["column"] == CONTACT_DATES[0]) & changes["after"].isna()
        last = last.mask(last.index.isin(changes["lead"][unread]))
    out["days_since_contact"] = _days(last, today)
    if "last_purchase_at" in leads:
        out["days_since_purchase"] = _days(leads["last_purchase_at"], today)
    out["age_years"] = _ages(leads, today)
    out["feedback_share"] = _on_scale(leads, settings["scales"], settings["rating_units"])
    amounts = _first_known(leads, ("amount", "budget"))
    out["amount_base"] = in_one_currency(leads, _first_known(leads, ("amount",)), rates)
    out["amount_rank"] = _rank(leads, amounts, rates, least)
    filled = [
        column for column in ("purchase_amount", "purchase_count") if column in leads and leads[column].gt(0).any()
    ]
    purchases = _first_known(leads, tuple(filled[:1]))
    out["purchase_rank"] = _rank(leads, purchases.where(purchases > 0), rates, least)
    if "income" in leads:
        out["income_rank"] = _rank(leads, leads["income"], rates, least)
    out["name_party"] = _parties(leads, vocabulary)
    return with_columns(leads, out)


def _days(dates: pd.Series[Any], today: date) -> pd.Series[Any]:
    """Whole days from each date to today; NaN for a date ahead."""
    days: pd.Series[Any] = (pd.Timestamp(today) - dates.dt.normalize()).dt.days.astype(float)
    return days.where(days >= 0)


def _ages(leads: pd.DataFrame, today: date) -> pd.Series[Any]:
    """The age given, else whole years since the birthday; NaN where neither is known."""
    nothing = pd.Series(float("nan"), index=leads.index)
    ages: pd.Series[Any] = leads.get("age", nothing)
    if "birthday" not in leads:
        return ages
    born, now = leads["birthday"], pd.Timestamp(today)
    early = (born.dt.month * 100 + born.dt.day) > now.month * 100 + now.day
    years = (now.year - born.dt.year - early).astype(float).where(born.notna())
    return ages.where(ages.notna(), years.where(years >= 0))


def _on_scale(leads: pd.DataFrame, scales: list[int], units: list[str]) -> pd.Series[Any]:
    """The place of a rating (4, 4.5分, 8/10) on its column's scale, 0-1: 1-5 has its middle at 3, 0-10 at 5; else NaN."""
    rating = rf"^\s*(\d{{1,3}}(?:\.\d+)?)\s*(?:{'|'.join(units)}|/\s*\d{{1,3}})?\s*$"
    share = pd.Series(float("nan"), index=leads.index)
    for column in schema.columns_of(leads, "feedback"):
        ratings = leads[column].astype("string").str.extract(rating, expand=False).astype(float)
        largest = ratings.max()
        scale = next((scale for scale in scales if largest <= scale), None)
        if scale is not None:
            lowest = 1 if scale == min(scales) else 0
            share = share.where(share.notna(), ((ratings - lowest) / (scale - lowest)).clip(lower=0))
    return share


def _parties(leads: pd.DataFrame, vocabulary: Vocabulary) -> pd.Series[Any]:
    """``business`` where a company stands beside the name or the name is a firm's, ``consumer`` where it is a person's."""
    names = Names(vocabulary)
    found = repeated(None, len(leads))
    if "company" in leads:
        codes, firms = factorized(leads["company"])
        found = each_of(firms, lambda text: names.party(text) or BUSINESS)[codes]
    if "name" in leads and not (known := found != None).all():  # noqa: E711 - by element
        codes, called = factorized(leads["name"])
        found = np.where(known, found, each_of(called, names.party)[codes])
    return pd.Series(found, index=leads.index, dtype=object)


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
