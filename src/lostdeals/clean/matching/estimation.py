"""Learn the weights from the sheet itself: expectation maximisation (Winkler 1988) around what is expected of each field."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from lostdeals.clean.matching.blocking import distinct
from lostdeals.clean.matching.comparison import Comparer
from lostdeals.clean.matching.fields import SHARED_BY, Field
from lostdeals.clean.matching.levels import LEVELS, SAME, Array, Levels
from lostdeals.clean.matching.priors import PRIORS, SHARE, expected_chance, expected_levels
from lostdeals.clean.matching.together import cautious, pairs_that_agree, with_limits
from lostdeals.clean.matching.weights import Kinds, Weights

ROUNDS, LIMITS_EVERY = 25, 4
"""Turns of the estimation; every few of them what goes together is measured anew."""
SAMPLE = 100_000
"""Random pairs that show how often two customers are alike by chance."""
STRENGTH = 20.0
"""Pairs that the expected levels of one customer's rows weigh as much as (a project default)."""
CHANCE_STRENGTH, CHANCE_SHARE = 40.0, 0.1
"""Pairs that the expected share of chance agreement weighs as much as: so many and so large a share of all that agree."""
EXPECTED_WEIGHT = 0.1
"""What the expected number of pairs counts beside the number found."""
LEAST_DIFFERENT, MOST_DIFFERENT = 0.25, 2.0
"""Rows of one customer differ in a field so many times as often as expected, at least and at most (project defaults).

Without the upper bound the larger class of pairs wins: the branches of one firm, not the two records of one branch.
"""


@dataclass(frozen=True)
class _Chance:
    """How often the rows of the sheet agree in all; a row per field, a column per level."""

    agreeing: Array
    """Pairs of rows that agree exactly."""
    filled: Array
    """Pairs of rows that both have a value, per field."""
    sampled: Array
    """Random pairs by level."""
    candidates: Array
    """Candidate pairs by level."""
    expected: Array
    """Of the exactly agreeing pairs the share expected to be two customers."""
    expected_near: Array
    """The expected share of pairs of two customers at each of the levels below exact agreement."""

    def u(self, matched: Array) -> Array:
        """How often two customers reach each level, when so many pairs of each level are one customer."""
        apart = np.maximum(self.filled - matched.sum(axis=1), 1.0)[:, None]
        strength = CHANCE_STRENGTH + CHANCE_SHARE * self.agreeing
        share = np.maximum(self.agreeing - matched, 0) + strength * self.expected
        exact = np.maximum(self.agreeing * share / (self.agreeing + strength), 0.3 * self.expected) / apart
        drawn = self.sampled.sum(axis=1, keepdims=True)
        strength = np.clip(drawn, 1, 300)
        near = (self.sampled[:, :SAME] + strength * self.expected_near) / (drawn + strength)
        seen = (np.maximum(self.candidates - matched, 0)[:, :SAME] + 0.3) / apart
        out = np.c_[np.maximum(near, seen), exact[:, SAME:]]
        out[:, 0] = 1 - np.minimum(out[:, 1:].sum(axis=1), 0.9)
        return np.asarray(np.maximum(out, 1e-12))


def estimate(levels: Levels, comparer: Comparer, seed: int = 7) -> Weights:
    """The weights of a sheet.

    levels: those of the candidate pairs (`Comparer.levels`). Every pair of the sheet, candidate or not, counts in the
    share of chance agreement; common values have levels, and so weights, of their own (term frequency).
    """
    fields, n = comparer.fields, comparer.rows
    every, rng = n * (n - 1) / 2, np.random.default_rng(seed)
    patterns, counts = _patterns(levels)
    reached = np.stack([(patterns == level).astype(np.float32) for level in range(LEVELS)])
    chance = _chances(fields, comparer, np.einsum("lpf,p->fl", reached, counts), rng)
    agreeing = [comparer.levels(pairs_that_agree(one, n, rng)) for one in fields]
    m = first_m = np.array([expected_levels(one) for one in fields])
    different = np.array([PRIORS[one.role].m[0] for one in fields])
    most_bits = np.array([[PRIORS[one.role].most_bits] for one in fields])
    pairs, matched = SHARE * n, chance.agreeing * (1 - chance.expected)
    unlimited = np.full((len(fields), len(fields)), np.inf)
    now = Weights(np.empty(0), unlimited, unlimited, 0.0, Kinds.of(comparer))
    for turn in range(ROUNDS):
        u = chance.u(matched)
        bits = np.c_[np.minimum(np.log2(m / u), most_bits), np.zeros(len(fields))]
        now = replace(now, bits=bits, prior=float(np.log2(pairs / max(every - pairs, 1.0))))
        if turn % LIMITS_EVERY == 0:
            now = with_limits(now, now if turn else cautious(now), agreeing, m, u, fields)
        p = counts * now.probability(patterns)
        matched = np.einsum("lpf,p->fl", reached, p)
        m = (matched + STRENGTH * first_m) / (matched.sum(axis=1, keepdims=True) + STRENGTH)
        m = _bounded(m, LEAST_DIFFERENT * different, MOST_DIFFERENT * different)
        pairs = (p.sum() + EXPECTED_WEIGHT * SHARE * n) / (1 + EXPECTED_WEIGHT)
    return now


def _bounded(m: Array, least: Array, most: Array) -> Array:
    """The levels of one customer's rows, with a share of differing ones between the bounds."""
    different = np.clip(m[:, 0], least, most)
    return np.asarray(np.c_[different, m[:, 1:] * ((1 - different) / m[:, 1:].sum(axis=1))[:, None]])


def _patterns(levels: Levels) -> tuple[Levels, Array]:
    """The distinct rows of levels, and how many pairs have each."""
    code = np.zeros(len(levels), dtype=np.int64)
    for column in levels.T:
        code = code * (LEVELS + 1) + (column + 1)
    order = np.argsort(code)
    first = np.flatnonzero(np.r_[True, code[order][1:] != code[order][:-1]])
    return levels[order[first]], np.diff(np.r_[first, len(code)]).astype(np.float64)


def _chances(fields: list[Field], comparer: Comparer, candidates: Array, rng: np.random.Generator) -> _Chance:
    n = comparer.rows
    if n * (n - 1) / 2 <= SAMPLE:
        a, b = np.triu_indices(n, 1)
    else:
        a, b = rng.integers(0, n, (2, SAMPLE))
        a, b = np.minimum(a, b)[a != b], np.maximum(a, b)[a != b]
    levels = comparer.levels(distinct(a.astype(np.int64) * n + b))
    sampled = [np.bincount(column[column >= 0], minlength=LEVELS) for column in levels.T]
    return _Chance(
        agreeing=np.array([_agreeing(one) for one in fields]),
        filled=np.array([max((one.codes >= 0).mean() ** 2, 1e-9) for one in fields]) * n * (n - 1) / 2,
        sampled=np.array(sampled, dtype=np.float64),
        candidates=candidates,
        expected=np.array([expected_chance(one) for one in fields]),
        expected_near=np.array([(0.0, *PRIORS[one.role].u) for one in fields]),
    )


def _agreeing(one: Field) -> Array:
    """Pairs of the whole sheet that agree exactly, by level; a switchboard's do not count."""
    pairs = one.sizes * (one.sizes - 1) / 2
    if one.kind == "contact":
        pairs = np.where(one.sizes <= SHARED_BY, pairs, 0)
    return np.asarray(np.bincount(one.bands, weights=pairs, minlength=LEVELS), dtype=np.float64)
