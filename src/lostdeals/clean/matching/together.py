"""Which fields say one thing twice: where postcode and suburb go together, the second is no further evidence.

Fellegi and Sunter's sum of weights holds only for fields that agree by chance independently of each other. How far they
do not is measured on pairs that agree on one field and are two customers.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from lostdeals.clean.matching.blocking import distinct
from lostdeals.clean.matching.fields import Field
from lostdeals.clean.matching.levels import LEVELS, PARTLY, SAME, Array, Levels, Pairs
from lostdeals.clean.matching.weights import Weights

AGREEING = 3000
"""Pairs looked at for each field (a project default)."""
FEWEST_APART = 0.25
"""A field says nothing of others where fewer of the pairs that agree on it are two customers: it is nearly an identity."""
MISTAKEN = 0.05
"""The share of one customer's pairs that are taken for two: it is subtracted (a project default)."""
REPEATS = 0.5
"""From this share of agreement on, a field repeats another."""
PSEUDO = 20.0
"""Pairs that chance agreement as everywhere weighs as much as."""


def pairs_that_agree(one: Field, n: int, rng: np.random.Generator) -> Pairs:
    """Random pairs of rows with the same value, every such pair as likely as any other."""
    order = np.argsort(one.codes, kind="stable")
    order = order[one.codes[order] >= 0]
    codes = one.codes[order]
    start = np.searchsorted(codes, codes)
    partners = np.searchsorted(codes, codes, side="right") - start - 1
    several = np.flatnonzero(partners > 0)
    if not len(several):
        return np.empty(0, dtype=np.int64)
    chosen = rng.choice(several, AGREEING, p=partners[several] / partners[several].sum())
    a, b = order[chosen], order[start[chosen] + rng.integers(0, partners[chosen] + 1)]
    return distinct((np.minimum(a, b) * n + np.maximum(a, b))[a != b])


def cautious(weights: Weights) -> Weights:
    """The weights as long as nothing is known of what goes together.

    Only names, contacts, birthdays and addresses speak for one customer, what a whole firm shares counts once, and a
    difference counts twice: the two children of a household and two branches of a firm are told apart.
    """
    kinds = weights.kinds
    bits = weights.bits.copy()
    silent = [place for place in range(len(bits)) if place not in (*kinds.who, *kinds.exactly, *kinds.addresses)]
    bits[silent] = np.minimum(bits[silent], 0)
    return replace(weights, bits=np.where(bits < 0, 2 * bits, bits), once=kinds.firm)


def with_limits(
    weights: Weights, judge: Weights, agreeing: list[Levels], m: Array, u: Array, fields: list[Field]
) -> Weights:
    """The weights, limited to what each field still says where another agrees already.

    judge: says which of the agreeing pairs are two customers; agreeing: of each field the levels of pairs that agree on it.
    """
    strongest = np.where(m[:, SAME:] > 1e-5, judge.bits[:, SAME:-1], -np.inf).max(axis=1)
    exact, near = np.full((2, len(fields), len(fields)), np.inf)
    repeats = np.zeros((len(fields), len(fields)), dtype=bool)
    for other, levels in enumerate(agreeing):
        apart = 1 - judge.probability(levels)
        if not len(levels) or apart.mean() < FEWEST_APART:
            continue
        for place in range(len(fields)):
            if place == other:
                continue
            known = levels[:, place] >= 0
            for limits, low, high in ((exact, SAME, LEVELS), (near, PARTLY, SAME)):
                if limits is exact and (strongest[place], -place) > (strongest[other], -other):
                    continue
                ours, base = m[place, low:high].sum(), u[place, low:high].sum()
                hit = (levels[:, place] >= low) & (levels[:, place] < high) & known
                both = max(apart[hit].sum() - MISTAKEN * (1 - apart[known]).sum() * ours, 0.0)
                share = (both + PSEUDO * base) / (apart[known].sum() + PSEUDO)
                repeats[place, other] |= limits is exact and share >= REPEATS
                if share > 1.5 * base:
                    limits[place, other] = np.log2(ours / share)
    return replace(weights, given=exact, near_given=near, places=weights.places or _places(fields, repeats))


def _places(fields: list[Field], repeats: np.ndarray[Any, Any]) -> tuple[int, ...]:
    """The fields of an address: by their role, or because they repeat what one of those says."""
    known = {place for place, one in enumerate(fields) if one.role in ("address", "region")}
    extras = [place for place, one in enumerate(fields) if one.role == "extra"]
    more = {place for place in extras if any(repeats[place, other] or repeats[other, place] for other in known)}
    return tuple(sorted(known | more))
