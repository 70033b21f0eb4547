"""When a customer came in, as every stage takes it."""

from __future__ import annotations

from typing import Any

import pandas as pd

ENTRY = ("created_at", "first_contact_at")
"""Roles that tell, the better one first."""


def entry_dates(leads: pd.DataFrame) -> pd.Series[Any]:
    """The day each customer came in, NaT where no column says so."""
    dates = pd.Series(pd.NaT, index=leads.index, dtype="datetime64[ns]")
    for column in ENTRY:
        if column in leads:
            dates = dates.where(dates.notna(), leads[column])
    return dates
