"""A funnel from a stage log: one row each time a customer enters a stage."""

from __future__ import annotations

import pandas as pd

from lostdeals.analyse.funnel import by_dimension, sales_funnel
from lostdeals.model import Funnel
from lostdeals.vocab import Vocabulary

LOG_UNIQUE = 0.7
"""Fewer distinct ids than this share of the rows: a customer has several rows, so the sheet is a log."""


def is_log(leads: pd.DataFrame) -> bool:
    """Whether the sheet holds stage changes instead of customers."""
    if "id" not in leads or "stage" not in leads:
        return False
    ids = leads["id"].dropna()
    return len(ids) > 0 and ids.nunique() < LOG_UNIQUE * len(ids)


def log_funnel(leads: pd.DataFrame, vocabulary: Vocabulary, by: str | None = None) -> Funnel:
    """The sales funnel with semantics ``history``: a customer reached a stage if the log says so, or says a later one.

    `by` takes each customer's first known value.
    """
    order = {key: entry["order"] for key, entry in vocabulary.section("stages").items()}
    known = leads[leads["id"].notna()]
    last = len(vocabulary.section("funnels")["sales"]["steps"])
    reached = known["stage_class"].map(order).astype(float)
    reached = reached.where(known["outcome_class"] != "won", last)
    depth = reached.fillna(1).groupby(known["id"]).max().astype(int)
    first = known.groupby("id").first()
    people = pd.DataFrame(
        {
            "outcome_class": (depth >= last).map({True: "won", False: "open"}),
            "stage_class": depth.map({place: key for key, place in order.items()}),
            "duplicate_of": float("nan"),
        },
        index=depth.index,
    )
    plain = sales_funnel(people, vocabulary)
    funnel = Funnel("sales", "history", plain.steps, notes=plain.notes)
    if by is None:
        return funnel
    nobody = pd.Series(False, index=depth.index)
    smallest = vocabulary.section("funnels")["settings"]["smallest_group"]
    return by_dimension(funnel, first[by].reindex(depth.index), depth, nobody, smallest, by)
