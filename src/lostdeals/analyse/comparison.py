"""Two funnels of the same steps side by side, and how much of the difference is mix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from lostdeals.analyse.funnel import funnel_of, reached_by, steps_of
from lostdeals.analyse.funnel_groups import BETWEEN, Grouping
from lostdeals.analyse.funnel_reach import Bools, Reach
from lostdeals.analyse.journeys import Journeys
from lostdeals.analyse.trend import horizon_of, waits_of
from lostdeals.errors import LostDealsError
from lostdeals.findings import Finding
from lostdeals.funnels import Asked, Funnel, Step
from lostdeals.stats.mix import shift_share
from lostdeals.stats.rates import benjamini_hochberg, fisher, newcombe
from lostdeals.trends import Change, Comparison, Mix, MixPart
from lostdeals.vocab import Vocabulary
from lostdeals.vocab.words import UNKNOWN

LEAST = 10
"""Customers on either side, below which nothing is compared."""


def compare_funnels(
    before: Funnel,
    after: Funnel,
    names: tuple[str, str],
    mix: Mix | None = None,
    within: float | None = None,
    notes: Sequence[Finding] = (),
) -> Comparison:
    """Each step's rate in both, with the interval of the difference, p and q; the funnels have the same steps."""
    pairs = list(zip(before.steps, after.steps, strict=True))
    changes = [_change(pairs[0][0].key, None, pairs[0][0].n, None, pairs[0][1].n)]
    changes += [
        _change(one.key, before.steps[place].n, one.n, after.steps[place].n, two.n)
        for place, (one, two) in enumerate(pairs[1:])
    ]
    q = benjamini_hochberg([change.p for change in changes])
    changes = [replace(change, q=found) for change, found in zip(changes, q, strict=True)]
    first, last = pairs[0], pairs[-1]
    final = _change(last[0].key, first[0].n, last[0].n, first[1].n, last[1].n)
    return Comparison(before, after, names, tuple(changes), final, mix, within, tuple(notes))


def since(journeys: Journeys, vocabulary: Vocabulary, asked: Asked, by: Grouping | None) -> Comparison:
    """Those who came in before a day against those from it on, both followed for equally long.

    Only what happened within so many days of coming in counts, and only of customers who have been watched so long: the time
    that nine in ten of those who won needed, less where the day is too near. Raises LostDealsError ``trend-needs-dates`` and
    ``nothing-to-compare``.
    """
    assert asked.since is not None
    waits = waits_of(journeys, asked)
    day = pd.Timestamp(asked.since)
    early = (waits.born < day).to_numpy()
    assert journeys.as_of is not None
    room = (journeys.as_of - day) / pd.Timedelta(days=1)
    usual = horizon_of(waits)
    within = None if usual is None else min(usual, max(room / 2, 0.0))
    watched = np.ones(len(waits.rows), dtype=bool) if within is None else waits.watched >= within
    _, found = reached_by(journeys, asked)
    notes = []
    if within is not None:
        found = _within(journeys, asked, waits.rows, waits.days, found, within)
    else:
        notes.append(Finding("compare-unequal-time", len(waits.rows)))
    if journeys.moves is None and within is not None and len(journeys.steps) > 2:
        notes.append(Finding("compare-present-stage", len(waits.rows)))
        ends = [0, len(journeys.steps) - 1]
        found = Reach(found.reached[:, ends], found.own[:, ends], found.took[:, ends])
        journeys = replace(
            journeys,
            steps=(journeys.steps[0], journeys.steps[-1]),
            depth=np.where(found.reached[:, 1], 2, 1),
            could=None,
            notes=(),
        )
    left_out = int((~watched).sum())
    if left_out:
        notes.append(Finding("compare-too-young", left_out))
    sides = [waits.rows[early & watched], waits.rows[~early & watched]]
    names = (f"< {asked.since.isoformat()}", f"≥ {asked.since.isoformat()}")
    return _sides(journeys, vocabulary, asked, found, sides, names, by, within, notes)


@dataclass(frozen=True)
class Side:
    """One of two files, followed for as long as the other."""

    steps: tuple[Step, ...]
    reached: Bools
    """Customers × steps."""
    rows: npt.NDArray[np.int64]
    """Their places in the people frame."""


def followed_alike(old: Journeys, new: Journeys, asked: tuple[Asked, Asked]) -> tuple[Side, Side, float] | None:
    """Two files with dated steps, their customers followed for equally long, and the days.

    An older file has had less time to win the same customers, and would look worse for that alone. None where the steps have
    no times, nobody knows how long winning takes, or too few have been watched for it.
    """
    pair = (old, new)
    if any(journeys.moves is None or journeys.as_of is None for journeys in pair):
        return None
    try:
        waits = [waits_of(journeys, one) for journeys, one in zip(pair, asked, strict=True)]
    except LostDealsError:
        return None
    usual = horizon_of(waits[1])
    if usual is None or len(waits[0].rows) == 0:
        return None
    within = min(usual, *(float(np.median(one.watched)) for one in waits))
    sides = []
    for journeys, one, wait in zip(pair, asked, waits, strict=True):
        rows = wait.rows[wait.watched >= within]
        if len(rows) < LEAST:
            return None
        found = _within(journeys, one, wait.rows, wait.days, reached_by(journeys, one)[1], within)
        part = Reach(found.reached[rows], found.own[rows], found.took[rows])
        nobody = np.zeros(len(rows), dtype=bool)
        sides.append(Side(steps_of(journeys.steps, part, nobody, exact=True), part.reached, rows))
    return sides[0], sides[1], within


def between(
    journeys: Journeys, vocabulary: Vocabulary, asked: Asked, values: pd.Series[Any], by: Grouping | None
) -> Comparison:
    """Two values of a dimension against each other. Raises LostDealsError ``nothing-to-compare``."""
    assert asked.between is not None
    _, one, two = asked.between
    _, found = reached_by(journeys, asked)
    said = values.map(lambda value: str(value).casefold().strip(), na_action="ignore")
    sides = [np.flatnonzero((said == name.casefold().strip()).to_numpy() & found.reached[:, 0]) for name in (one, two)]
    return _sides(journeys, vocabulary, asked, found, sides, (one, two), by, None, [])


def mix_of(reached: tuple[Bools, Bools], groups: tuple[pd.Series[Any], pd.Series[Any]], name: str) -> Mix:
    """How much of the difference of the two final rates is mix; groups: a value per customer, on either side."""
    values = sorted({*groups[0].unique(), *groups[1].unique()})
    n, won = [], []
    for side, group in zip(reached, groups, strict=True):
        codes = pd.Categorical(group, categories=values).codes
        n.append(np.bincount(codes[side[:, 0]], minlength=len(values)))
        won.append(np.bincount(codes[side[:, -1]], minlength=len(values)))
    split = shift_share(n[0], won[0], n[1], won[1])
    rates = [np.divide(w, k, out=np.full(len(k), np.nan), where=k > 0) for w, k in zip(won, n, strict=True)]
    difference = float(won[1].sum() / max(n[1].sum(), 1) - won[0].sum() / max(n[0].sum(), 1))
    parts = [
        MixPart(
            value,
            int(n[0][place]),
            int(n[1][place]),
            _known(rates[0][place]),
            _known(rates[1][place]),
            round(float(split.mix[place]), 9),
            round(float(split.rate[place]), 9),
        )
        for place, value in enumerate(values)
    ]
    parts.sort(key=lambda part: (-abs(part.mix + part.rate), part.value))
    steps = [
        part.rate_after - part.rate_before
        for part in parts
        if part.rate_before is not None and part.rate_after is not None
    ]
    simpson = len(steps) > 1 and difference != 0 and all(step * difference <= 0 for step in steps) and any(steps)
    return Mix(
        name,
        round(difference, 9),
        round(float(split.mix.sum()), 9),
        round(float(split.rate.sum()), 9),
        split.mix_ci,
        split.rate_ci,
        tuple(parts),
        simpson,
    )


def groups_of(by: Grouping, rows: Any) -> pd.Series[Any]:
    """The value of some customers, two dimensions as one."""
    columns = [values.astype(object).where(values.notna(), UNKNOWN).astype(str) for values in by.values]
    joined = columns[0] if len(columns) == 1 else columns[0] + BETWEEN + columns[1]
    picked: pd.Series[Any] = joined.iloc[rows].reset_index(drop=True)
    return picked


def _sides(
    journeys: Journeys,
    vocabulary: Vocabulary,
    asked: Asked,
    found: Reach,
    sides: list[Any],
    names: tuple[str, str],
    by: Grouping | None,
    within: float | None,
    notes: Sequence[Finding],
) -> Comparison:
    for rows, name in zip(sides, names, strict=True):
        if len(rows) < LEAST:
            raise LostDealsError("nothing-to-compare", usage=True, name=name, n=len(rows), least=LEAST)
    whole = replace(
        funnel_of(journeys, vocabulary, asked), ageing=(), dropped=(), skipped=None, backward=None, notes=()
    )
    nobody = np.zeros(len(journeys.people), dtype=bool)
    could = journeys.could if journeys.could is not None else nobody
    funnels = [
        replace(
            whole,
            steps=steps_of(
                journeys.steps,
                Reach(found.reached[rows], found.own[rows], found.took[rows]),
                could[rows],
                exact=journeys.moves is not None,
            ),
        )
        for rows in sides
    ]
    mix = None
    if by is not None:
        mix = mix_of(
            (found.reached[sides[0]], found.reached[sides[1]]),
            (groups_of(by, sides[0]), groups_of(by, sides[1])),
            by.name,
        )
    return compare_funnels(funnels[0], funnels[1], names, mix, within, notes)


def _within(journeys: Journeys, asked: Asked, rows: Any, days: Any, found: Reach, within: float) -> Reach:
    """Only what was reached within so many days of coming in."""
    if journeys.moves is not None:
        if asked.window_days is None or asked.window_days > within:
            narrower = replace(asked, window_days=within, per_step=False)
            return reached_by(journeys, narrower)[1]
        return found
    reached = found.reached.copy()
    late = np.zeros(len(reached), dtype=bool)
    late[rows] = ~(days <= within)
    reached[late, -1] = False
    return Reach(reached, reached, found.took)


def _change(key: str, base0: int | None, n0: int, base1: int | None, n1: int) -> Change:
    if base0 is None or base1 is None:
        return Change(key, n0, n1, None, None, None, None, None, None)
    before, after = n0 / base0 if base0 else None, n1 / base1 if base1 else None
    fits = n0 <= base0 and n1 <= base1
    return Change(
        key,
        n0,
        n1,
        before,
        after,
        after - before if before is not None and after is not None else None,
        newcombe(n0, base0, n1, base1) if fits else None,
        fisher(n1, base1, n0, base0) if fits and min(base0, base1) >= LEAST else None,
        None,
    )


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
