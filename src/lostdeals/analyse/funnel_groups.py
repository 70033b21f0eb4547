"""A funnel per group: final and step rates, each tested against the others, with many comparisons paid for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from lostdeals.analyse.funnel_reach import Bools
from lostdeals.errors import LostDealsError
from lostdeals.funnels import Segment, Step, StepTest
from lostdeals.stats.rates import benjamini_hochberg, fisher, wilson
from lostdeals.vocab.words import UNKNOWN

MOST_SEGMENTS = 30
"""Values shown of one dimension; the rest are added up."""
REST = "…"
BETWEEN = " × "
"""Stands between the values of two dimensions."""


@dataclass(frozen=True)
class Grouping:
    """A dimension, or two at once, with its value per customer."""

    name: str
    """``source``, or ``source,owner``."""
    values: tuple[pd.Series[Any], ...]
    """One column per dimension, None where it is not known."""
    levels: tuple[str, ...] | None = None
    """The order of values that follow one another (ranges); empty for values in their own order (months); None by size."""


def segments_of(
    by: Grouping,
    reached: Bools,
    steps_for: Callable[[Bools], tuple[Step, ...]],
    smallest: int,
    baseline: str | None = None,
) -> tuple[Segment, ...]:
    """One segment per value; p of the final rate and of each step's rate against all others or the baseline.

    reached: people × steps. smallest: groups with fewer customers are marked, not tested and not ranked.
    Raises LostDealsError (usage) ``no-such-baseline``.
    """
    codes, names = _grouped(by)
    counts = np.stack(
        [np.bincount(codes[reached[:, place]], minlength=len(names)) for place in range(reached.shape[1])], axis=1
    )
    base = _baseline(baseline, names) if baseline is not None else None
    tested = counts[:, 0] >= smallest
    others = counts[base][None, :] - 0 * counts if base is not None else counts.sum(axis=0)[None, :] - counts
    if base is not None:
        tested &= np.arange(len(names)) != base
    final = [_p(counts[g, -1], counts[g, 0], others[g, -1], others[g, 0], bool(tested[g])) for g in range(len(names))]
    steps = range(1, counts.shape[1])
    step_p = [
        _p(counts[g, s], counts[g, s - 1], others[g, s], others[g, s - 1], bool(tested[g]))
        for g in range(len(names))
        for s in steps
    ]
    q, step_q = benjamini_hochberg(final), benjamini_hochberg(step_p)
    width = len(steps)
    segments = [
        Segment(
            value=BETWEEN.join(name),
            steps=steps_for(codes == g),
            final_rate=int(counts[g, -1]) / int(counts[g, 0]) if counts[g, 0] else None,
            ci=wilson(int(counts[g, -1]), int(counts[g, 0])) if counts[g, -1] <= counts[g, 0] else None,
            p=final[g],
            q=q[g],
            enough=bool(counts[g, 0] >= smallest),
            values=name if len(name) > 1 else (),
            tests=tuple(
                StepTest(*pair) for pair in zip(step_p[g * width :][:width], step_q[g * width :], strict=False)
            ),
        )
        for g, name in enumerate(names)
    ]
    if by.levels is not None:
        place = {level: number for number, level in enumerate(by.levels)}
        segments.sort(key=lambda one: (one.value in (UNKNOWN, REST), place.get(one.value, 0), one.value))
    else:
        segments.sort(key=lambda one: (one.value in (UNKNOWN, REST), -one.steps[0].n, one.value))
    return ranked(segments)


def ranked(segments: Sequence[Segment]) -> tuple[Segment, ...]:
    """The same with a rank by final rate for each group that is large enough; equal rates share one."""
    rates = sorted(
        (
            one.final_rate
            for one in segments
            if one.enough and one.final_rate is not None and one.value not in (UNKNOWN, REST)
        ),
        reverse=True,
    )
    return tuple(
        replace(one, rank=rates.index(one.final_rate) + 1)
        if one.enough and one.final_rate is not None and one.value not in (UNKNOWN, REST)
        else one
        for one in segments
    )


def _grouped(by: Grouping) -> tuple[np.ndarray[Any, Any], list[tuple[str, ...]]]:
    """A code per customer and the values of each code; beyond the largest ones all share one."""
    coded = [_coded(column, sort=by.levels is not None) for column in by.values]
    mixed = coded[0][0].astype(np.int64)
    for codes, levels in coded[1:]:
        mixed = mixed * len(levels) + codes
    codes, found = pd.factorize(mixed, sort=True)
    names: list[tuple[str, ...]] = []
    for value in found.tolist():
        parts = []
        for _, levels in reversed(coded):
            value, part = divmod(value, len(levels))
            parts.append(str(levels[part]))
        names.append(tuple(reversed(parts)))
    if len(names) <= MOST_SEGMENTS or by.levels is not None:
        return codes, names
    sizes = np.bincount(codes, minlength=len(names))
    kept = np.sort(np.argsort(-sizes, kind="stable")[:MOST_SEGMENTS])
    place = np.full(len(names), MOST_SEGMENTS)
    place[kept] = np.arange(MOST_SEGMENTS)
    return place[codes], [*(names[g] for g in kept), (REST,)]


def _coded(column: pd.Series[Any], *, sort: bool) -> tuple[np.ndarray[Any, Any], list[str]]:
    """A code per customer and the values as text, unknown ones as such."""
    codes, levels = pd.factorize(column)
    texts = np.array([*(str(level) for level in levels), UNKNOWN], dtype=object)
    used = np.unique(codes)  # -1 is the last of the texts, unknown
    of_text, names = pd.factorize(texts[used], sort=sort)  # 7 and "7" are one
    place = np.zeros(len(texts), dtype=np.int64)
    place[used] = of_text
    return place[codes], [str(name) for name in names]


def _baseline(asked: str, names: Sequence[tuple[str, ...]]) -> int:
    joined = [BETWEEN.join(name) for name in names]
    wanted = asked.casefold().strip()
    for place, name in enumerate(joined):
        if name.casefold() == wanted:
            return place
    raise LostDealsError(
        "no-such-baseline",
        where="--baseline",
        usage=True,
        value=asked,
        known=tuple(name for name in joined if name != UNKNOWN and name != REST),
    )


def _p(won: int, n: int, won_elsewhere: int, n_elsewhere: int, wanted: bool) -> float | None:
    if not wanted or won > n or won_elsewhere > n_elsewhere:
        return None
    return fisher(int(won), int(n), int(won_elsewhere), int(n_elsewhere))
