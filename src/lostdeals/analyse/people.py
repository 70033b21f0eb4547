"""The customers of a sheet as journeys need them, and how its wordings are placed on steps."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd

from lostdeals.analyse.funnel_steps import Steps
from lostdeals.distinct import any_filled, filled
from lostdeals.model import Layout
from lostdeals.schema import columns_of
from lostdeals.stats.dates import entry_dates
from lostdeals.stats.stage_order import moments
from lostdeals.vocab import Vocabulary, normalise

CALLED = ("company", "name", "deal", "id")
"""By what a customer is known in a list, the first that the sheet has."""


def people_of(rows: pd.DataFrame, layout: Layout | None, vocabulary: Vocabulary) -> pd.DataFrame:
    """One line per customer of a sheet that has one row each."""
    called = next((role for role in CALLED if role in rows and any_filled(rows[role])), None)
    return pd.DataFrame(
        {
            "outcome": rows["outcome_class"].where(rows["outcome_class"].isin(["won", "lost"]), "open"),
            "born": entry_dates(rows),
            "closed": closing_days(rows, layout, vocabulary),
            "seen": last_seen(rows),
            "amount": amounts_of(rows),
            "row": rows["src_row"] if "src_row" in rows else range(len(rows)),
            "called": _called(rows, called),
            "called_role": called or "",
        }
    )


def closing_days(rows: pd.DataFrame, layout: Layout | None, vocabulary: Vocabulary) -> pd.Series[Any]:
    """When each customer was won or lost: by the column with that role, else by further ones whose headers say so.

    Systems with a day of winning and another of losing have two columns, of which one only can hold the role.
    """
    closed = rows.get("closed_at", pd.Series(pd.NaT, index=rows.index, dtype="datetime64[ns]"))
    words = [normalise(word) for word in vocabulary.section("funnels")["closing"]["day"]]
    for key in columns_of(rows, "extra") if layout else []:
        assert layout is not None
        header = normalise(layout.header(key).replace("_", " "))
        if any(holds(header, word) for word in words):
            closed = closed.where(closed.notna(), moments(rows[key]))
    return closed


def last_seen(rows: pd.DataFrame) -> pd.Series[Any]:
    """When each customer was last contacted or updated; NaT where no column says so."""
    columns = [rows[key] for key in ("updated_at", "last_contact_at") if key in rows and rows[key].dtype.kind == "M"]
    if not columns:
        return pd.Series(pd.NaT, index=rows.index, dtype="datetime64[ns]")
    return pd.concat(columns, axis=1).max(axis=1)


def _called(rows: pd.DataFrame, role: str | None) -> pd.Series[Any]:
    """What each customer is called; by its id where the column is empty, a dash without one."""
    dashes = pd.Series("–", index=rows.index, dtype=object)
    if role is None:
        return dashes
    called, known = rows[role].astype(object), filled(rows[role])
    if "id" in rows and not known.all():
        called, known = called.where(known, rows["id"]), known | filled(rows["id"])
    return called if known.all() else called.where(known, dashes)


def amounts_of(rows: pd.DataFrame) -> pd.Series[Any]:
    """Amounts that may be added: in one currency, else none."""
    if "amount_base" in rows:
        return rows["amount_base"].astype(float)
    if "amount" in rows and ("currency" not in rows or rows["currency"].nunique() <= 1):
        return rows["amount"].astype(float)
    return pd.Series(np.nan, index=rows.index)


def happened(rows: pd.DataFrame) -> list[pd.Series[Any]]:
    """The columns that say when something happened."""
    roles = ("created_at", "first_contact_at", "updated_at", "last_contact_at", "closed_at")
    return [rows[role] for role in roles if role in rows and rows[role].dtype.kind == "M"]


def place_of(steps: Steps, text: str) -> int:
    """The step of a wording, -1 where it is none."""
    place = steps.place(text)
    return -1 if place is None else place


def unplaced(texts: pd.Series[Any], steps: Steps) -> tuple[str, ...]:
    """Wordings that belong to no step, the commonest first."""
    return tuple(str(text) for text in texts.value_counts().index if steps.place(str(text)) is None)


def holds(text: str, word: str) -> bool:
    """Whether a header has a word, a Latin one as a whole."""
    return word in text if not word.isascii() else re.search(rf"\b{re.escape(word)}\b", text) is not None
