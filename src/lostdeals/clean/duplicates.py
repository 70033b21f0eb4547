"""Which rows are one customer: marked around a kept record, listed as pairs, merged on request. Nothing is dropped."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from lostdeals.clean.emails import Emails
from lostdeals.clean.matching.fields import SHARED_BY, contacts
from lostdeals.clean.matching.groups import kept_records, levels_between, recency
from lostdeals.clean.matching.reasons import reasons, telling
from lostdeals.clean.matching.search import Found, search
from lostdeals.clean.phones import Phones
from lostdeals.distinct import repeated, with_columns
from lostdeals.model import Finding
from lostdeals.schema import CLEANED
from lostdeals.stats.copies import clashes, customer_of
from lostdeals.vocab import Vocabulary, Words, load

__all__ = [
    "MARKED",
    "OFFERED",
    "SHARED_BY",
    "contacts",
    "find",
    "listed",
    "mark_duplicates",
    "merged",
    "owner_clashes",
    "pairs",
]

MARKED, OFFERED = 0.8, 0.5
"""The chance from which a pair is marked as one customer, and from which it is listed for somebody to look at."""


def find(leads: pd.DataFrame, known: pd.DataFrame, vocabulary: Vocabulary, emails: Emails) -> Found:
    """The pairs of a cleaned LEADS frame that are listed, each with its chance to be one customer.

    known: the `contacts` of the leads.
    """
    return search(leads, known, vocabulary, emails).at_least(OFFERED)


def mark_duplicates(leads: pd.DataFrame, found: Found) -> pd.DataFrame:
    """The leads with ``duplicate_of`` (index of the row that is kept, NaN otherwise) and ``duplicate_by`` (what gave it away).

    The kept row of a group is the most complete one, then the most recent, then the first. ``duplicate_by`` names roles,
    or columns without one, the weightiest first.
    """
    marked = found.at_least(MARKED).well_founded()
    kept = kept_records(leads, marked)
    copies = np.flatnonzero(kept != np.arange(len(leads)))
    by = repeated(None, len(leads))
    by[copies] = telling(levels_between(marked, copies, kept[copies]), marked)
    through = copies[by[copies] == ""]
    if len(through):
        by[through] = _best_link(marked, len(leads))[through]
    of = np.full(len(leads), np.nan)
    of[copies] = leads.index.to_numpy()[kept[copies]]
    found_of = {
        "duplicate_of": pd.Series(of, index=leads.index),
        "duplicate_by": pd.Series(by, index=leads.index, dtype=object),
    }
    return with_columns(leads, found_of)


def pairs(
    leads: pd.DataFrame, vocabulary: Vocabulary | None = None, lang: str = "en", found: Found | None = None
) -> pd.DataFrame:
    """Every two rows that may be one customer: row_a, row_b (the file's own row numbers), score 0-1, why in words.

    found: what `find` gave, where it has run already.

    >>> people = {"src_row": [2, 3, 4], "phone": ["13800000021", "13800000021", "1.38E+10"], "name": ["王芳", "王 芳", "李雷"]}
    >>> pairs(pd.DataFrame(people)).drop(columns="score").to_dict("records")
    [{'row_a': 2, 'row_b': 3, 'why': 'same phone; same name'}]
    """
    vocabulary = vocabulary or load()
    if found is None:
        emails = Emails(vocabulary)
        found = find(leads, contacts(leads, Phones(vocabulary, lang), emails), vocabulary, emails)
    return listed(leads, found, Words(vocabulary, lang))


def listed(leads: pd.DataFrame, found: Found, words: Words) -> pd.DataFrame:
    """What was found as `pairs` tells it."""
    first, second = found.rows
    numbers = leads["src_row"].to_numpy()
    return pd.DataFrame(
        {
            "row_a": numbers[first],
            "row_b": numbers[second],
            "score": np.round(found.chances, 4),
            "why": pd.Series(reasons(found, words), dtype=object),
        }
    )


def merged(leads: pd.DataFrame) -> pd.DataFrame:
    """One row per customer: the kept record, its blanks filled from its copies, the latest first.

    Whoever must not be contacted by one record must not be by the merged one.

    >>> rows = {"src_row": [2, 3], "phone": ["13800000021", None], "email": [None, "a@example.com"]}
    >>> merged(pd.DataFrame({**rows, "duplicate_of": [float("nan"), 0.0]}))[["src_row", "phone", "email"]].to_dict("records")
    [{'src_row': 2, 'phone': '13800000021', 'email': 'a@example.com'}]
    """
    kept = customer_of(leads)
    is_copy = leads["duplicate_of"].notna()
    order = pd.DataFrame({"kept": kept, "copy": is_copy, "recent": recency(leads)})
    order = order.sort_values(["kept", "copy", "recent"], ascending=[True, True, False], kind="stable")
    own = [column for column in leads if column in CLEANED or column == "tier_override"]
    filled = leads.drop(columns=own).loc[order.index].groupby(order["kept"].to_numpy(), sort=False).first()
    if "do_not_contact" in leads:
        filled["do_not_contact"] = (
            leads["do_not_contact"].eq(True).groupby(kept).any().where(lambda asked: asked, filled["do_not_contact"])
        )
    out = leads[~is_copy].copy()
    for column in filled:
        out[column] = filled[column].reindex(out.index).astype(leads[column].dtype)
    return out


def owner_clashes(leads: pd.DataFrame, address: Callable[[int, str], str]) -> list[Finding]:
    """One finding for the customers that two salespeople work on; the list is `stats.copies.clashes`."""
    found = clashes(leads)
    if found.empty:
        return []
    first = found.iloc[0]
    return [Finding("owner-clash", len(found), address(int(first["kept"]), "owner"), {"sample": first["owners"]})]


def _best_link(found: Found, n: int) -> np.ndarray[Any, Any]:
    """Of each row what ties it most closely to any other: it may share nothing with the kept record itself."""
    by = repeated(None, n)
    order = np.argsort(found.chances, kind="stable")
    texts = np.array(telling(found.levels[order], found), dtype=object)
    for rows in found.rows:
        by[rows[order]] = texts
    return by
