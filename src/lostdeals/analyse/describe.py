"""Describe the customers of a sheet by their classes: which tables are worth making, and what stands in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from lostdeals import schema
from lostdeals.analyse.crosstabs import crosstab, described, rates, shares
from lostdeals.analyse.dimension import resolve_dimension
from lostdeals.model import Crosstab, Layout
from lostdeals.vocab import Vocabulary

COVERAGE = ["dimension", "n", "share", "commonest", "commonest_n"]
PHRASES = ["value", "reason", "n"]
UNCLOSED = "unclosed"
"""What a table of rates counts: customers who have not bought, won and invalid ones aside."""
FOLLOWS_OUTCOME = ("stage",)
"""A dimension that a closed deal has lost, or that decides the intent: it says nothing about who buys."""
REASONS = ("loss_reason",)
"""Dimensions that only who has not bought has."""
CALLED = {"reason": "loss_reason"}
"""Classes that are called as their role."""
LONGEST_LIST = 20
"""Pain points that are listed."""


def coverage(leads: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """``COVERAGE``: of each dimension that anybody has, how many customers are known, and its commonest category."""
    found = []
    for name in names:
        values = leads.get(schema.main_column(name))
        if values is None or values.notna().sum() == 0:
            continue
        counts = values.dropna().astype(str).str.split("; ").explode().value_counts()
        found.append(
            (name, int(values.notna().sum()), float(values.notna().mean()), counts.index[0], int(counts.iloc[0]))
        )
    return pd.DataFrame(found, columns=COVERAGE)


def describe(
    leads: pd.DataFrame, layout: Layout, vocabulary: Vocabulary, by: Sequence[str] = ()
) -> tuple[Crosstab, ...]:
    """The tables that the sheet has enough for; with `by` only those of the dimensions named.

    by: headers, roles, their labels or dimensions; two joined with a comma are crossed.
    Raises LostDealsError ``unknown-dimension`` for a name that is nothing.

    Rates and reasons leave out invalid leads; reasons are those of lost customers, or of open ones where nobody was lost.
    """
    settings = vocabulary.section("dimensions")["describe"]
    people = leads[leads["outcome_class"] != "invalid"]
    if by:
        groups = [_named(one, people, layout, vocabulary) for one in by]
    else:
        groups = [(name, people[schema.main_column(name)]) for name in described(people, settings["traits"])]
    won = people["outcome_class"] == "won"
    rated = [(name, values) for name, values in groups if won.any() and not _tells_outcome(name)]
    tables = [Crosstab("rates", name, UNCLOSED, rates(values, ~won)) for name, values in rated]
    missed = people[people["outcome_class"] == ("lost" if (people["outcome_class"] == "lost").any() else "open")]
    against = [("intent", people), ("loss_reason", missed), ("need", people)]
    for name, values in groups:
        for other, among in against:
            cells = crosstab(values.reindex(among.index), among[schema.main_column(other)])
            given = other in [CALLED.get(part, part) for part in name.split(schema.CROSSED)] or (
                other == "intent" and name in FOLLOWS_OUTCOME
            )
            if len(cells) and not given and cells["column"].nunique() > 1:
                tables.append(Crosstab("cells", name, other, cells))
    if by:
        amounts = people.get("amount_base")
        tables += [Crosstab("shares", name, "", shares(values, amounts)) for name, values in groups]
        return tuple(_in_order(one, vocabulary) for one in tables)
    three = _three_way(missed, settings["three_way"])
    ranked = _ranked(people, missed, described(people, settings["segments"]))
    return tuple(_in_order(one, vocabulary) for one in (*tables, *three, *ranked))


def _tells_outcome(name: str) -> bool:
    """Whether a dimension, or one of those crossed, is known by who bought: who has a reason is lost, of course."""
    return bool({*FOLLOWS_OUTCOME, *REASONS} & set(name.split(schema.CROSSED)))


def _in_order(one: Crosstab, vocabulary: Vocabulary) -> Crosstab:
    """Bands and stages in their own order; everything else stays by size."""
    dimensions = vocabulary.section("dimensions")
    if one.rows == "stage":
        order = list(vocabulary.section("stages"))
    elif "bands" in dimensions.get(one.rows, {}):
        order = list(dimensions[one.rows]["categories"])
    else:
        return one
    column = "row" if one.kind == "cells" else "value"
    places = one.table[column].map(lambda value: order.index(value) if value in order else len(order))
    ordered = one.table.assign(_place=places).sort_values("_place", kind="stable", ignore_index=True)
    return replace(one, table=ordered.drop(columns="_place"))


def _named(by: str, people: pd.DataFrame, layout: Layout, vocabulary: Vocabulary) -> tuple[str, pd.Series[Any]]:
    """One dimension, or two crossed, with the category of each customer."""
    parts = [resolve_dimension(one.strip(), people, layout, vocabulary) for one in by.replace("，", ",").split(",")]
    parts = [(CALLED.get(name, name), values) for name, values in parts]
    name, values = parts[0]
    for other, more in parts[1:]:
        name = f"{name}{schema.CROSSED}{other}"
        both = values.astype(object) + schema.CROSSED + more.astype(object)
        values = both.where(values.notna() & more.notna(), None)
    return name, values


def _three_way(missed: pd.DataFrame, names: Sequence[str]) -> list[Crosstab]:
    """Reasons by stage and by the first trait that is known."""
    trait = next(iter(described(missed, names)), None)
    if trait is None or "stage" not in described(missed, ["stage"]):
        return []
    values = missed["stage_class"] + schema.CROSSED + missed[schema.main_column(trait)]
    return [Crosstab("cells", f"stage{schema.CROSSED}{trait}", "loss_reason", crosstab(values, missed["main_reason"]))]


def _ranked(people: pd.DataFrame, missed: pd.DataFrame, segments: Sequence[str]) -> list[Crosstab]:
    """Needs and pain points, and what part of the customers and of the amount each segment is."""
    amounts = people.get("amount_base")
    out = [Crosstab("shares", name, "", shares(people[schema.main_column(name)], amounts)) for name in segments]
    for name in ("need", "topic"):
        values = people.get(schema.main_column(name))
        if values is not None and values.notna().any():
            out.append(Crosstab("shares", name, "", shares(values, amounts)))
    told = missed[["reason_evidence", "main_reason"]].dropna()
    if len(told):
        words = told.assign(value=told["reason_evidence"].str.split("、")).explode("value")
        counts = words.groupby(["value", "main_reason"]).size().sort_values(ascending=False, kind="stable")
        listed = counts.head(LONGEST_LIST).rename_axis(["value", "reason"]).reset_index(name="n")
        out.append(Crosstab("phrases", "pain_point", "loss_reason", listed[PHRASES]))
    return out
