"""What is expected of each field before the sheet is looked at; the sheet then corrects it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lostdeals.clean.matching.fields import Field
from lostdeals.clean.matching.levels import BANDS, LEVELS, SAME, Array


@dataclass(frozen=True)
class Prior:
    """Expected shares of pairs of rows that both have a value; levels as in `comparison`."""

    m: tuple[float, float, float, float, float]
    """Of one customer's rows: the share that differ, are partly, nearly, almost and exactly alike."""
    u: tuple[float, float, float]
    """Of two customers' rows: the share that are partly, nearly and almost alike."""
    chance: float
    """Of the pairs that agree on a value of two or three rows: the share that are two customers."""
    most_bits: float = 60.0
    """What the field can say for one customer at most, in bits."""


PRIORS: dict[str, Prior] = {
    "phone": Prior((0.25, 0.01, 0.01, 0.08, 0.65), (0.02, 0.002, 0.0005), 0.004),
    "email": Prior((0.22, 0.03, 0.03, 0.12, 0.60), (0.002, 0.001, 0.0002), 0.004),
    "wechat": Prior((0.20, 0.01, 0.01, 0.03, 0.75), (0.01, 0.005, 0.001), 0.004),
    "website": Prior((0.12, 0.05, 0.05, 0.08, 0.70), (0.01, 0.005, 0.001), 0.10),
    "id": Prior((0.60, 0.05, 0.05, 0.10, 0.20), (0.10, 0.05, 0.02), 0.004),
    "name": Prior((0.12, 0.06, 0.07, 0.12, 0.63), (0.03, 0.003, 0.0005), 0.20),
    "company": Prior((0.08, 0.08, 0.07, 0.12, 0.65), (0.03, 0.004, 0.001), 0.20),
    "deal": Prior((0.20, 0.10, 0.10, 0.10, 0.50), (0.05, 0.005, 0.001), 0.20),
    "address": Prior((0.18, 0.14, 0.10, 0.13, 0.45), (0.08, 0.01, 0.002), 0.30),
    "region": Prior((0.12, 0.06, 0.03, 0.04, 0.75), (0.05, 0.01, 0.005), 0.90, 6.0),
    "gender": Prior((0.04, 0.0, 0.0, 0.0, 0.96), (0.0, 0.0, 0.0), 0.99, 1.0),
    "birthday": Prior((0.06, 0.02, 0.06, 0.10, 0.76), (0.003, 0.02, 0.003), 0.30),
    "extra": Prior((0.30, 0.06, 0.06, 0.08, 0.50), (0.05, 0.01, 0.002), 0.50, 7.0),
}
"""By role: project defaults of the orders of magnitude in Winkler (1990) and Herzog, Scheuren & Winkler (2007)."""
SHARE = 0.03
"""Second records per row expected (a project default)."""


def expected_levels(one: Field) -> Array:
    """The share of each level among one customer's rows; exact agreement is spread as the rows that repeat are."""
    prior = PRIORS[one.role]
    repeated = one.sizes > 1
    rows = np.bincount(one.bands[repeated], weights=one.sizes[repeated], minlength=LEVELS) + 1e-9
    rows[:SAME] = 0
    out = prior.m[SAME] * rows / rows.sum()
    out[:SAME] = prior.m[:SAME]
    return np.asarray(np.maximum(out, 1e-6))


def expected_chance(one: Field) -> Array:
    """Of the pairs that agree exactly, by level, the share that are two customers: four times the odds per doubling."""
    first = PRIORS[one.role].chance
    odds = first / (1 - first) * 4.0 ** np.arange(BANDS)
    return np.asarray(np.r_[np.ones(SAME), odds / (1 + odds)])
