"""What ``--by`` means: one dimension or two, numbers in ranges, dates by period, a value per customer."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from lostdeals.analyse.dimension import resolve_dimension, role_labels, unknown_dimension
from lostdeals.analyse.funnel_groups import Grouping
from lostdeals.analyse.journeys import Journeys
from lostdeals.analyse.periods import PERIODS, period_named, period_of
from lostdeals.errors import LostDealsError, Named
from lostdeals.model import Layout
from lostdeals.vocab import Vocabulary, normalise

MOST_VALUES = 12
"""A column of numbers with more values than this is shown in ranges."""
RANGES = 4
"""Ranges of about the same number of customers, where the user gives no edges."""

Find: TypeAlias = "Callable[[str], tuple[str, pd.Series[Any]]]"


def grouping(
    by: Sequence[str],
    journeys: Journeys,
    find: Find,
    vocabulary: Vocabulary,
    bins: Sequence[float] = (),
) -> Grouping:
    """The dimensions the user names, as a value per customer.

    find: a name -> what it is called, and its value per row of the sheet. ``month``, ``week`` and the like are of the day a
    customer came in. bins: edges of a dimension of numbers; the lower edge belongs to the range.
    """
    names, columns, levels = [], [], []
    for one in by:
        name, values, order = _one(one, journeys, find, vocabulary, bins)
        names.append(name)
        columns.append(values)
        levels.append(order)
    return Grouping(",".join(names), tuple(columns), levels[0] if len(levels) == 1 else None)


def split_names(text: str, known: Callable[[str], bool]) -> tuple[str, ...]:
    """The names in ``--by source,owner``; a header with a comma in it is one name.

    >>> split_names("source，owner", lambda name: False), split_names("City, State", lambda name: name == "City, State")
    (('source', 'owner'), ('City, State',))
    """
    if known(text):
        return (text,)
    return tuple(part.strip() for part in re.split("[,，、]", text) if part.strip())


def by_leads(leads: pd.DataFrame, layout: Layout, vocabulary: Vocabulary) -> Find:
    """Finds the dimensions of a customer sheet."""
    return lambda by: resolve_dimension(by, leads, layout, vocabulary)


def by_headers(cells: pd.DataFrame, vocabulary: Vocabulary) -> Find:
    """Finds the columns of a table of events by their headers, or by the role that a header usually has."""
    roles = role_labels(vocabulary)

    def find(by: str) -> tuple[str, pd.Series[Any]]:
        for known in (lambda text: text, lambda text: roles.get(text, text)):
            for header in cells:
                if known(normalise(str(header))) == known(normalise(by)):
                    return roles.get(normalise(str(header)), str(header)), cells[header]
        words = vocabulary.section("messages")["funnel"]["by_word"]
        raise unknown_dimension(by, [*map(str, cells.columns), *(Named(period, words[period]) for period in PERIODS)])

    return find


def _one(
    by: str, journeys: Journeys, find: Find, vocabulary: Vocabulary, bins: Sequence[float]
) -> tuple[str, pd.Series[Any], tuple[str, ...] | None]:
    period = period_named(by, vocabulary)
    try:
        name, values = find(by)
    except LostDealsError:
        if period is None:
            raise
        name, values = period, pd.Series(dtype=object)
    if period is not None and name in (period, "month"):
        return period, period_of(journeys.people["born"], period), ()
    per_person = journeys.per_person(values)
    kind = pd.api.types.infer_dtype(per_person, skipna=True)
    if bins or kind in ("floating", "integer", "mixed-integer-float"):
        numbers = pd.to_numeric(per_person, errors="coerce")
        if numbers.notna().sum() < per_person.notna().sum():
            raise LostDealsError("bad-option", usage=True, option="--bins", value=by, wanted="--by amount")
        if bins or numbers.nunique() > MOST_VALUES:
            edges = sorted(set(bins)) or _edges(numbers.dropna().to_numpy(dtype=float))
            labels = ranges(edges)
            place = np.searchsorted(edges, numbers.to_numpy(dtype=float), side="right")
            named = pd.Series([labels[at] for at in place], index=numbers.index, dtype=object)
            return name, named.where(numbers.notna(), None), labels
        return name, per_person.map(_plain, na_action="ignore"), None
    return name, per_person, None


def ranges(edges: Sequence[float]) -> tuple[str, ...]:
    """The ranges between edges, in words.

    >>> ranges([1000, 5000])
    ('<1,000', '1,000–<5,000', '≥5,000')
    """
    said = [f"{edge:,.10g}" for edge in edges]
    inner = [f"{a}–<{b}" for a, b in itertools.pairwise(said)]
    return (f"<{said[0]}", *inner, f"≥{said[-1]}")


def _edges(numbers: np.ndarray[Any, Any]) -> list[float]:
    """Quartiles, rounded to two digits so that they can be said."""
    found = np.quantile(numbers, [part / RANGES for part in range(1, RANGES)])
    return sorted({_round(float(edge)) for edge in found})


def _round(number: float) -> float:
    return number if number == 0 else round(number, 1 - math.floor(math.log10(abs(number))))


def _plain(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
