"""What several stages ask of duplicates: whose record a lead is, and which customers have several owners."""

from __future__ import annotations

from typing import Any

import pandas as pd

CLASHES = ["kept", "records", "rows", "customer", "owners"]


def customer_of(leads: pd.DataFrame) -> pd.Series[Any]:
    """Of every lead the index of the record that stands for its customer, its own where it is no copy."""
    own = pd.Series(leads.index, index=leads.index)
    return leads["duplicate_of"].fillna(own).astype(own.dtype)


def clashes(leads: pd.DataFrame) -> pd.DataFrame:
    """Customers with several records and several owners: kept, records, rows, customer, owners.

    kept: index of the record that is kept; rows: the file's own row numbers; customer: the name it is known by, None
    where there is none.

    >>> rows = {"src_row": [2, 3, 4], "name": ["王芳", None, "王芳"], "owner": ["甲", "乙", "甲"]}
    >>> clashes(pd.DataFrame({**rows, "duplicate_of": [float("nan"), 0, 0]})).to_dict("records")
    [{'kept': 0, 'records': 3, 'rows': '2; 3; 4', 'customer': '王芳', 'owners': '甲; 乙'}]
    """
    if "owner" not in leads:
        return pd.DataFrame(columns=CLASHES)
    kept = customer_of(leads)
    several = leads["owner"].groupby(kept).nunique()
    groups = leads[kept.isin(several.index[several > 1])]
    names = pd.Series(None, index=groups.index, dtype=object)
    for column in ("name", "company"):
        names = names.fillna(groups[column]) if column in leads else names
    lines = [
        (of, len(rows), _joined(rows["src_row"]), next(iter(names[rows.index].dropna()), None), _joined(rows["owner"]))
        for of, rows in groups.groupby(kept[groups.index], sort=True)
    ]
    return pd.DataFrame(lines, columns=CLASHES).astype({"customer": object})


def _joined(values: pd.Series[Any]) -> str:
    return "; ".join(map(str, values.dropna().unique()))
