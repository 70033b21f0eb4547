"""What tells one customer from all others, the same from one run to the next."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Hashable, Iterable, Iterator
from typing import Any

import numpy as np
import pandas as pd

from lostdeals.distinct import factorized

KEYS = ("id", "phone", "email", "wechat")
"""Roles that are one customer's own, the surest first; then name and company together, then either."""
TOGETHER = (("name", "company"), ("name",), ("company",), ("deal",))
KNOWN_BY = (*KEYS, "name", "company", "deal")
"""All roles that a key may be made of."""
LENGTH = 16
"""Characters of a key that may stand in a file: it names nobody, and two customers never share it."""


def candidates(leads: pd.DataFrame) -> list[pd.Series[Any]]:
    """Keys of every lead, the surest column first; empty where the cell is empty or not the lead's alone.

    >>> leads = pd.DataFrame({"phone": ["13800000001", "13800000002", "13800000002"], "name": ["王芳", "李伟", "李娜"]})
    >>> [column.tolist() for column in candidates(leads)]
    [['phone:13800000001', None, None], ['name:王芳', 'name:李伟', 'name:李娜']]
    """
    return list(_candidates(leads))


def _candidates(leads: pd.DataFrame) -> Iterator[pd.Series[Any]]:
    for roles in [*((role,) for role in KEYS), *TOGETHER]:
        if not all(role in leads for role in roles):
            continue
        parts = [_plain_column(leads[role]) for role in roles]
        known = pd.concat(parts, axis=1).notna().all(axis=1)
        text = parts[0]
        for more in parts[1:]:
            text = text + "|" + more
        text = ("+".join(roles) + ":" + text).astype(object)
        yield text.where(known & ~text.duplicated(keep=False), None)


def by_key(leads: pd.DataFrame) -> dict[str, Hashable]:
    """Key -> lead, for all keys of all leads."""
    return {key: lead for column in candidates(leads) for lead, key in column.dropna().items()}


def keys_of(leads: pd.DataFrame) -> pd.Series[Any]:
    """One key a lead, its surest; None where nothing tells it from the others."""
    best = pd.Series(None, index=leads.index, dtype=object)
    for column in _candidates(leads):
        best = best.where(best.notna(), column)
        if best.notna().all():
            break
    return best


def secret(keys: Iterable[Any]) -> list[str | None]:
    """Keys as they may stand in a file that is passed on: alike for the same customer, readable by nobody.

    >>> secret(["phone:13800000001", None])
    ['fdd99de978e4b0f1', None]
    """
    return [hashlib.sha256(key.encode()).hexdigest()[:LENGTH] if isinstance(key, str) else None for key in keys]


def _plain_column(cells: pd.Series[Any]) -> pd.Series[Any]:
    """`_plain` of every cell; ids, phones and addresses are folded all at once."""
    codes, distinct = factorized(cells)
    joined = "\0".join(distinct) if all(value.__class__ is str for value in distinct) else ""
    if distinct and joined.isascii() and joined.count("\0") == len(distinct) - 1:
        plain: list[str | None] = [text or None for text in "".join(joined.split()).casefold().split("\0")]
    else:
        plain = list(map(_plain, distinct))
    return pd.Series(np.array([*plain, None], dtype=object)[codes], index=cells.index, dtype=object)


def _plain(value: object) -> str | None:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(value)
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return "".join(text.split()).casefold() or None
