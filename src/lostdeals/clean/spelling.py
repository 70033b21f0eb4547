"""One spelling per value: variants that differ only in case, width, spaces or hyphens become the commonest of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from lostdeals.clean.columns import keys_of_roles, mapped
from lostdeals.clean.setting import Setting
from lostdeals.distinct import factorized
from lostdeals.vocab import normalise

ROLES = (
    *("stage", "outcome", "source", "campaign", "owner", "team", "intent", "urgency", "region", "industry", "level"),
    *("customer_type", "product", "competitor", "gender", "education", "occupation", "job_title", "personality"),
)
"""Roles whose values are chosen from a few, not written freely."""
FEW, FEW_SHARE = 200, 0.5
"""A column is left alone when it has more distinct values than 200 and than half its cells (project defaults)."""


def merge_spellings(frame: pd.DataFrame, setting: Setting) -> pd.DataFrame:
    """Columns of few values with one spelling each; ties go to the spelling that comes first."""
    return mapped(frame, {key: _speller(spellings(frame[key])) for key in keys_of_roles(frame, *ROLES)})


def spellings(cells: pd.Series[Any]) -> dict[str, str]:
    """Every value of a column -> the spelling it takes.

    >>> spellings(pd.Series(["Closed Won", "closed-won", "Closed Won", "A", "A-"], dtype=object))["closed-won"]
    'Closed Won'
    """
    codes, distinct = factorized(cells)
    filled = codes[codes >= 0]
    if len(distinct) > max(FEW, FEW_SHARE * len(filled)):
        return {}
    counts = Counter(dict(zip(distinct, np.bincount(filled, minlength=len(distinct)).tolist(), strict=True)))
    commonest: dict[str, str] = {}
    for value, _ in counts.most_common():
        commonest.setdefault(folded(value), value)
    return {value: commonest[folded(value)] for value in counts}


def folded(value: str) -> str:
    """What two spellings of one value have in common; A- and A, 1-10 and 110 stay apart.

    >>> folded("Closed－Won") == folded("closed won"), folded("A-") == folded("A"), folded("1-10") == folded("110")
    (True, False, False)
    """
    return BETWEEN.sub("", normalise(value))


def _speller(known: dict[str, str]) -> Callable[[Any], object]:
    return lambda cell: known.get(cell, cell)


BETWEEN = re.compile(r"(?<=[^\W\d])[\s\-_‐-―·.]+(?=\w)|(?<=\w)[\s\-_‐-―·.]+(?=[^\W\d])")
