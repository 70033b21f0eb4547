"""Rows of one customer: the same phone, e-mail address or id. They are marked, never dropped."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from lostdeals.clean.columns import keys_of_roles
from lostdeals.clean.emails import Emails
from lostdeals.clean.phones import Phones
from lostdeals.schema import CLEANED
from lostdeals.vocab import Vocabulary, load, normalise

IDENTITIES = ("phone", "email", "id")
"""Roles that tell one customer; the first of them is named in ``duplicate_by``."""
SHARED_BY = 10
"""A phone, address or id of more rows than this is a switchboard, a shared mailbox or a default (a project default)."""
UNIQUE_SHARE = 0.5
"""An id column with fewer distinct values is a foreign key or a log, not an identity (a project default)."""
RECENT = ("updated_at", "last_contact_at", "created_at")


def links(leads: pd.DataFrame, phones: Phones, emails: Emails) -> pd.DataFrame:
    """Who shares what: role, column, key (the number or address), row (position), rows (how many share it); sorted by role.

    Placeholders and damaged numbers are no keys, nor are the values of an id column that repeats in most rows.
    """
    read: dict[str, Callable[[Any], tuple[str, ...]]] = {
        "phone": lambda cell: phones.read(cell).numbers,
        "email": lambda cell: emails.read(cell).addresses,
        "id": lambda cell: (normalise(str(cell)),),
    }
    parts = [_keys(leads[key], read[role], role) for role in IDENTITIES for key in keys_of_roles(leads, role)]
    parts = [part for part in parts if part["role"].ne("id").all() or part["key"].nunique() >= UNIQUE_SHARE * len(part)]
    if not parts:
        return _keys(pd.Series([], dtype=object), str.split, "id").assign(rows=0)
    every = pd.concat(parts, ignore_index=True).drop_duplicates(["role", "key", "row"])
    every["rows"] = every.groupby(["role", "key"])["row"].transform("size")
    return every[every["rows"] > 1]


def mark_duplicates(leads: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    """The leads with ``duplicate_of`` (index of the row that is kept, NaN otherwise) and ``duplicate_by`` (the role).

    The kept row of a group is the most complete one, then the most recent, then the first.
    """
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    telling = links[links["rows"] <= SHARED_BY]
    row = telling["row"].to_numpy()
    first = telling.groupby(["role", "key"])["row"].transform("first").to_numpy(dtype=np.intp)
    graph = coo_matrix((np.ones(len(row)), (first, row)), shape=(len(leads), len(leads)))
    groups = connected_components(graph, directed=False)[1]
    order = _best_first(leads)
    kept = order[np.unique(groups[order], return_index=True)[1]][groups]
    copies = kept != np.arange(len(leads))
    by = np.full(len(leads), None, dtype=object)
    by[row[::-1]] = telling["role"].to_numpy(dtype=object)[::-1]
    by[~copies] = None
    return leads.assign(
        duplicate_of=np.where(copies, leads.index.to_numpy()[kept], np.nan),
        duplicate_by=pd.Series(by, index=leads.index, dtype=object),
    )


def pairs(leads: pd.DataFrame, vocabulary: Vocabulary | None = None) -> pd.DataFrame:
    """Every two rows that share an identity: row_a, row_b (the file's own row numbers), score 0-1, why (the roles).

    >>> people = {"src_row": [2, 3, 4], "phone": ["13800000001", "13800000001", "1.38E+10"], "email": [None, None, "x"]}
    >>> pairs(pd.DataFrame(people)).to_dict("records")
    [{'row_a': 2, 'row_b': 3, 'score': 1.0, 'why': 'phone'}]
    """
    vocabulary = vocabulary or load()
    found = links(leads, Phones(vocabulary), Emails(vocabulary))
    found = found.loc[found["rows"] <= SHARED_BY, ["role", "key", "row"]]
    both = found.merge(found, on=["role", "key"], suffixes=("_a", "_b"))
    both = both[both["row_a"] < both["row_b"]].drop_duplicates(["row_a", "row_b", "role"])
    why = both.groupby(["row_a", "row_b"], sort=True)["role"].agg("; ".join).reset_index()
    numbers = leads["src_row"].to_numpy()
    return pd.DataFrame(
        {
            "row_a": numbers[why["row_a"].to_numpy(dtype=np.intp)],
            "row_b": numbers[why["row_b"].to_numpy(dtype=np.intp)],
            "score": np.ones(len(why)),
            "why": why["role"].astype(object),
        }
    )


def _keys(cells: pd.Series[Any], read: Callable[[Any], tuple[str, ...] | list[str]], role: str) -> pd.DataFrame:
    """One line per row and number of a column."""
    codes, distinct = pd.factorize(cells)
    numbers = [tuple(read(value)) for value in distinct]
    rows = np.flatnonzero(codes >= 0)
    counts = np.array([len(found) for found in numbers], dtype=np.intp)[codes[rows]]
    keys = [key for code in codes[rows] for key in numbers[code]]
    return pd.DataFrame(
        {"role": role, "column": cells.name, "key": pd.Series(keys, dtype=object), "row": np.repeat(rows, counts)}
    )


def _best_first(leads: pd.DataFrame) -> np.ndarray[Any, Any]:
    """Positions of the rows: the fullest first, then the most recent, then the sheet's order."""
    filled = leads.drop(columns=[column for column in CLEANED if column in leads]).notna().sum(axis=1)
    recent = leads[[column for column in RECENT if column in leads]].max(axis=1)
    order = pd.DataFrame({"filled": filled, "recent": recent}).reset_index(drop=True)
    return order.sort_values(["filled", "recent"], ascending=False, kind="stable").index.to_numpy()
