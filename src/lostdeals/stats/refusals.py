"""Who is not to be contacted."""

from __future__ import annotations

from typing import Any

import pandas as pd

from lostdeals.schema import columns_of

ROLE = "do_not_contact"


def person(leads: pd.DataFrame) -> pd.Series[Any]:
    """One number per customer: that of the row its duplicates point to."""
    own = pd.Series(leads.index, index=leads.index, dtype=float)
    return leads["duplicate_of"].fillna(own)


def refusals(leads: pd.DataFrame) -> pd.DataFrame:
    """A column per column of the sheet that says whom not to contact: whether it does, on any of the customer's rows.

    >>> leads = pd.DataFrame({"do_not_contact": [False, True, None], "duplicate_of": [None, 0.0, None]})
    >>> refusals(leads)["do_not_contact"].tolist()
    [True, True, False]
    """
    columns = columns_of(leads, ROLE)
    if not columns:
        return pd.DataFrame(index=leads.index)
    return leads[columns].eq(True).groupby(person(leads)).transform("any")
