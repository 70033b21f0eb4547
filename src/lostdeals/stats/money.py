"""Amounts of several currencies: never added or compared as they stand, only by rates the user gives."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from lostdeals.model import Rates


def currencies_of(leads: pd.DataFrame, amounts: pd.Series[Any]) -> pd.Series[Any]:
    """The ISO code of each amount, ``""`` where the sheet names none; a sheet that names only one means it everywhere.

    >>> leads = pd.DataFrame({"currency": ["USD", None, None]})
    >>> currencies_of(leads, pd.Series([5.0, 7.0, float("nan")])).tolist()
    ['USD', 'USD', None]
    """
    codes = leads["currency"] if "currency" in leads else pd.Series(None, index=leads.index, dtype=object)
    named = codes[amounts.notna()].dropna().unique()
    filled = codes.fillna(named[0] if len(named) == 1 else "").astype(object)
    return filled.where(amounts.notna(), None)


def in_one_currency(leads: pd.DataFrame, amounts: pd.Series[Any], rates: Rates | None) -> pd.Series[Any]:
    """The amounts in one currency: as they are where there is only one, by the rates where there are several.

    NaN where that cannot be done: without rates for all of them, with rates for a currency that has none. An amount
    without a currency is in the base one.

    >>> from datetime import date
    >>> leads, amounts = pd.DataFrame({"currency": ["USD", "CNY", None]}), pd.Series([5.0, 7.0, 9.0])
    >>> in_one_currency(leads, amounts, Rates("CNY", date(2024, 6, 1), {"USD": 7.0, "CNY": 1.0})).tolist()
    [35.0, 7.0, 9.0]
    >>> in_one_currency(leads, amounts, None).tolist()
    [nan, nan, nan]
    """
    codes = currencies_of(leads, amounts)
    if codes.nunique() <= 1:
        return amounts
    if rates is None:
        return pd.Series(np.nan, index=amounts.index)
    return amounts * codes.replace("", rates.base).map(dict(rates.per)).astype("float64")


def in_main_currency(leads: pd.DataFrame, amounts: pd.Series[Any], rates: Rates | None) -> pd.Series[Any]:
    """As `in_one_currency`, but without rates the amounts of the commonest currency stay and the others are NaN."""
    codes = currencies_of(leads, amounts)
    if rates is not None or codes.nunique() <= 1:
        return in_one_currency(leads, amounts, rates)
    return amounts.where(codes == codes.value_counts().index[0])
