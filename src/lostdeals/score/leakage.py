"""Find the columns that were filled in because of the outcome, so that the score does not learn from the answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from lostdeals import schema
from lostdeals.errors import LostDealsError
from lostdeals.model import Layout, LeftOut
from lostdeals.stats.folds import grouped_folds
from lostdeals.stats.roc import auc
from lostdeals.vocab import Phrases, Vocabulary, normalise

MOST_LEVELS = 30
"""Numbers with more distinct values are not looked at value by value."""


def find_leaks(
    features: pd.DataFrame,
    outcome: pd.Series[Any],
    layout: Layout,
    outcome_header: str,
    vocabulary: Vocabulary,
    keep: tuple[str, ...] = (),
    groups: npt.NDArray[np.int64] | None = None,
    seed: int = 0,
) -> dict[str, LeftOut]:
    """The columns to leave out, each with the reason; `keep` names headers that stay whatever the tests say.

    features: candidate columns of all rows; outcome: won / lost / open / invalid of the same rows;
    groups: which closed rows are one customer.
    Raises LostDealsError ``unknown-column`` where `keep` names a header that the sheet does not have.
    """
    rules = vocabulary.section("leaks")["rules"]
    late = Phrases({"late": vocabulary.section("leaks")["late"]["words"]})
    closed = outcome.isin(["won", "lost"])
    won = (outcome[closed] == "won").to_numpy()
    headers = {normalise(column.header): column.header for column in layout.columns}
    kept = {normalise(header) for header in keep}
    for header in keep:
        if normalise(header) not in headers:
            near = ", ".join(list(headers.values())[:8])
            raise LostDealsError("unknown-column", where="--keep", usage=True, column=header, near=near)
    half = grouped_folds(won, np.arange(len(won)) if groups is None else groups, 2, seed)
    telling = _telling_words(outcome_header, [column.header for column in layout.columns])
    out: dict[str, LeftOut] = {}
    for key in features:
        header = layout.header(str(key))
        if normalise(header) in kept:
            continue
        values = features[key]
        area = single_auc(values[closed], won, half)
        why, told = _verdict(values, closed, won, area, header, telling, late, rules)
        if why:
            out[str(key)] = LeftOut(header, why, told)
    return out


def role_leaks(leads: pd.DataFrame, layout: Layout, vocabulary: Vocabulary) -> dict[str, LeftOut]:
    """LEADS columns whose role alone says that they hold the outcome or come after it."""
    roles: Mapping[str, list[str]] = vocabulary.section("leaks")["roles"]
    return {
        column: LeftOut(layout.header(column), f"role-{why}")
        for why, names in roles.items()
        for role in names
        for column in schema.columns_of(leads, role)
    }


def pure_levels(features: pd.DataFrame, outcome: pd.Series[Any], vocabulary: Vocabulary) -> dict[str, str]:
    """Columns with a value that all but decides the outcome, and that value: worth a question, not a verdict.

    A real predictor can have such a value, so nothing is left out because of it.
    """
    rules = vocabulary.section("leaks")["rules"]
    closed = outcome.isin(["won", "lost"])
    won = (outcome[closed] == "won").to_numpy()
    found = {}
    for key in features:
        values = features[key][closed]
        if values.dtype.kind in "fiu" and values.nunique() > MOST_LEVELS:
            continue
        for level, rows in values.groupby(values).groups.items():
            if _one_sided(values.index.isin(rows), won, rules, sides=1):
                found[str(key)] = str(level)
                break
    return found


def single_auc(values: pd.Series[Any], won: npt.NDArray[np.bool_], half: npt.NDArray[np.int64]) -> float:
    """How well one column alone ranks won before lost: rates by level (or bin) of one half tried on the other, 0.5-1."""
    levels = values
    if values.dtype.kind in "fiu" and values.nunique() > 20:
        levels = pd.qcut(values, 20, duplicates="drop").astype(str).where(values.notna())
    codes = pd.factorize(levels.astype(object).where(levels.notna(), "").astype(str))[0]
    size = int(codes.max()) + 1 if len(codes) else 1
    areas = []
    for side in (0, 1):
        learn, test = half == side, half != side
        if not learn.any() or not test.any():
            continue
        n = np.bincount(codes[learn], minlength=size)
        wins = np.bincount(codes[learn], weights=won[learn], minlength=size)
        rate = (wins + won[learn].mean()) / (n + 1)
        areas.append(auc(won[test], rate[codes[test]]))
    area = float(np.mean(areas)) if areas else 0.5
    return max(area, 1 - area)


def _verdict(
    values: pd.Series[Any],
    closed: pd.Series[bool],
    won: npt.NDArray[np.bool_],
    area: float,
    header: str,
    telling: set[str],
    late: Phrases,
    rules: Mapping[str, float],
) -> tuple[str, dict[str, object]]:
    if area >= rules["single_auc"]:
        return "alone", {"auc": area}
    filled = values.notna()
    open_rows = ~closed
    in_closed = float(filled[closed].mean())
    in_open = float(filled[open_rows].mean()) if int(open_rows.sum()) >= 10 else 1.0
    if in_closed >= rules["filled_closed"] and 1 - in_open >= rules["empty_open"]:
        return "filled-when-closed", {"closed": in_closed, "open": in_open}
    one_sided = _one_sided(filled[closed].to_numpy(), won, rules)
    if one_sided:
        return one_sided, {}
    words = re.sub(r"[_\-/]", " ", header)
    if area >= rules["named_auc"] and late.find(words):
        return "late-name", {"auc": area}
    if area >= rules["related_auc"] and telling & _latin_words(words):
        return "related-name", {"auc": area}
    return "", {}


def _one_sided(
    filled: npt.NDArray[np.bool_], won: npt.NDArray[np.bool_], rules: Mapping[str, float], sides: int = 2
) -> str:
    """Whether having a value (or, with two sides, having none) all but decides the outcome."""
    from scipy.special import bdtrc

    for rows, why in ((filled, "filled-one-sided"), (~filled, "empty-one-sided"))[:sides]:
        n = int(rows.sum())
        if n < rules["one_sided_rows"] or n == len(won):
            continue
        wins = int(won[rows].sum())
        for hits, base in ((wins, won.mean()), (n - wins, 1 - won.mean())):
            by_chance = float(bdtrc(hits - 1, n, base))
            if hits / n >= rules["one_sided"] and by_chance < rules["one_sided_p"]:
                return why
    return ""


def _telling_words(outcome_header: str, headers: list[str]) -> set[str]:
    """Words of the outcome's header that at most one other header has; a prefix such as “Deal -” tells nothing."""
    return {
        word for word in _latin_words(outcome_header) if sum(word in _latin_words(header) for header in headers) <= 2
    }


def _latin_words(header: str) -> set[str]:
    return set(re.findall(r"[a-z]{4,}", normalise(header)))
