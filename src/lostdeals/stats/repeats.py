"""Columns that say what another one says already."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from lostdeals.schema import role_of

ROUNDED = 0.01
"""A number repeats another where no row is farther than this share of the middle half from one straight line: cents are rounded."""
FEWEST = 20
"""Rows with a value below which nothing is called a repetition."""
STRAIGHT = 0.999
"""Correlation from which a pair is looked at row by row."""


def repeats(frame: pd.DataFrame) -> dict[str, str]:
    """Feature -> the feature that it repeats, which is none itself.

    Two numbers repeat each other where they are empty in the same rows and all others lie on one straight line (net and gross,
    minutes and their price), two texts where each value of one goes with one value of the other (code and name of a city).
    Of two the one that has a role stays, else the first.

    >>> deals = pd.DataFrame({"amount": range(40), "extra.gross": [1.19 * n for n in range(40)], "extra.day": [n % 7 for n in range(40)]})
    >>> repeats(deals.astype(float))
    {'extra.gross': 'amount'}
    """
    names = sorted(map(str, frame), key=lambda name: role_of(name) == "extra")
    found: dict[str, str] = {}
    numbers = [name for name in names if frame[name].dtype.kind == "f"]
    filled: dict[bytes, list[str]] = {}
    for name in numbers:
        known = frame[name].notna().to_numpy()
        if known.sum() >= FEWEST:
            filled.setdefault(known.tobytes(), []).append(name)
    for alike in filled.values():
        found |= _straight(frame[alike])
    seen: dict[bytes, str] = {}
    for name in names:
        if name not in numbers and int(frame[name].notna().sum()) >= FEWEST:
            codes, _ = pd.factorize(frame[name])
            first = seen.setdefault(codes.tobytes(), name)
            found |= {name: first} if first != name else {}
    return found


def _straight(frame: pd.DataFrame) -> dict[str, str]:
    """Repetitions among numbers that have values in the same rows."""
    names = list(map(str, frame))
    values = frame.dropna().to_numpy(dtype=float)
    if len(names) < 2:
        return {}
    middle = np.subtract(*np.quantile(values, [0.75, 0.25], axis=0))
    spread = values.std(axis=0)
    scaled = (values - values.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    near = np.abs(scaled.T @ scaled) / len(values) >= STRAIGHT
    found: dict[str, str] = {}
    for later in range(1, len(names)):
        for first in np.flatnonzero(near[later, :later]):
            if names[first] not in found and _on_a_line(values[:, first], values[:, later], middle[later]):
                found[names[later]] = names[first]
                break
    return found


def _on_a_line(first: npt.NDArray[Any], later: npt.NDArray[Any], middle: float) -> bool:
    if middle <= 0:
        return False
    slope, start = np.polyfit(first, later, 1)
    return bool(np.abs(later - slope * first - start).max() <= ROUNDED * middle)


def needless(same: Mapping[str, str], needed: Collection[str]) -> dict[str, str]:
    """Of `repeats`, what need not be looked at, with what stands for it: the one that is not `needed` elsewhere.

    >>> needless({"gross": "net", "fee": "minutes"}, {"fee"}), needless({"fee": "minutes"}, {"fee", "minutes"})
    ({'gross': 'net', 'minutes': 'fee'}, {})
    """
    out: dict[str, str] = {}
    for later, first in same.items():
        if later not in needed:
            out[later] = first
        elif first not in needed:
            out.setdefault(first, later)
    return {gone: out.get(kept, kept) for gone, kept in out.items()}
