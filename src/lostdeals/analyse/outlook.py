"""What is expected from one day on, from what was known on that day: of the open customers, and of those yet to come."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lostdeals.analyse.deals import FOREVER, Deals

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

CELLS = 60
"""Steps of time that a horizon is cut into."""
AGES = 12
"""Ages per step at which it is asked what became of those who were as old: their stays in twelve equal parts."""
LEAST_AT_AGE = 20
"""Customers who were at a step at an age, so that a rate can be counted; with fewer a younger age stands in."""
MANY = 2_000_000
"""Pairs of stays and ages beyond which fewer resamples have to do."""
WEEKS = 26
"""Weeks whose numbers of new customers the future's are drawn from."""


@dataclass(frozen=True)
class Outlook:
    """What is expected from one day on; the first axis of the frames is the resample."""

    open_wins: Floats
    new_wins: Floats
    rates: Floats
    """Per draw and group of open customers (a step and an age)."""
    group_step: Ints
    group_of: Ints
    """Per open customer."""
    who: Ints
    """The open customers."""
    expected_open: Floats
    """Per group, without resampling."""
    expected_new: float


def outlook_from(deals: Deals, day: float, horizon: float, generator: np.random.Generator, draws: int) -> Outlook:
    """What is expected from a day on, from what was known on that day."""
    started = (deals.start <= day) & (deals.born[deals.owner] <= day)
    owner, step, start = deals.owner[started], deals.step[started], deals.start[started]
    end = np.where(deals.end[started] <= day, deals.end[started], FOREVER)
    closed = np.where(deals.closed <= day, deals.closed, FOREVER)
    won = deals.won & np.isfinite(closed)
    here = np.flatnonzero(~np.isfinite(end) & ~np.isfinite(closed[owner]))
    who, where, age = owner[here], step[here], day - start[here]
    ages, group_step, group_of = _groups(where, age, step, start, np.minimum(end, day))
    pairs: list[tuple[Ints, Ints, Floats]] = []
    stayed = np.minimum(end, day) - start
    for number, (at, since) in enumerate(zip(group_step, ages, strict=True)):
        members = np.flatnonzero((step == at) & (stayed >= since))
        pairs.append((np.full(len(members), number), owner[members], start[members] + since))
    everybody = np.flatnonzero(deals.born <= day)
    pairs.append((np.full(len(everybody), len(ages)), everybody, deals.born[everybody]))
    group: Ints = np.concatenate([pair[0] for pair in pairs])
    person = np.concatenate([pair[1] for pair in pairs])
    since_day = np.concatenate([pair[2] for pair in pairs])
    happened = won[person]
    residual = np.where(happened, closed[person], day) - since_day
    cell = np.clip(residual / horizon * CELLS, 0, CELLS)
    cell = np.where(happened, np.ceil(cell - 1e-9), np.floor(cell + 1e-9)).astype(np.int64)
    happened = happened & (residual <= horizon)
    slot = (group * 2 + happened) * (CELLS + 1) + cell
    shape = (len(ages) + 1, 2, CELLS + 1)
    curves = _curves(np.bincount(slot, minlength=int(np.prod(shape))).reshape(shape).astype(float))
    sizes = np.bincount(group_of, minlength=len(ages)) if len(ages) else np.zeros(0, dtype=np.int64)
    weekly = _weekly(deals.born[everybody], day)
    if len(group) > MANY:
        draws = max(draws // 8, 20)
    open_wins, new_wins, rates = np.zeros(draws), np.zeros(draws), np.zeros((draws, len(ages)))
    for draw in range(draws):
        weights = generator.poisson(1.0, len(deals.born)).astype(float)
        drawn = _curves(np.bincount(slot, weights[person], minlength=int(np.prod(shape))).reshape(shape).astype(float))
        rates[draw] = drawn[:-1, -1]
        open_wins[draw] = generator.binomial(sizes, np.clip(drawn[:-1, -1], 0, 1)).sum()
        coming = generator.choice(weekly, size=_weeks(horizon)).mean() / 7
        new_wins[draw] = generator.poisson(_from_new(coming, drawn[-1], horizon))
    expected_new = _from_new(float(weekly.mean()) / 7, curves[-1], horizon)
    return Outlook(open_wins, new_wins, rates, group_step, group_of, who, sizes * curves[:-1, -1], float(expected_new))


def _groups(where: Ints, age: Floats, step: Ints, start: Floats, until: Floats) -> tuple[Floats, Ints, Ints]:
    """Ages per step that stand for the open customers there: the age, its step, and the group of each customer."""
    ages: list[float] = []
    steps: list[int] = []
    group_of = np.zeros(len(where), dtype=np.int64)
    stayed = until - start
    for at in np.unique(where):
        mine = np.flatnonzero(where == at)
        past = np.sort(stayed[step == at])
        edges = np.unique(np.quantile(past, np.linspace(0, 1, AGES + 1)[1:-1]))
        oldest = float(past[-LEAST_AT_AGE]) if len(past) >= LEAST_AT_AGE else 0.0
        bins = np.searchsorted(edges, age[mine], side="right")
        for one in np.unique(bins):
            inside = bins == one
            group_of[mine[inside]] = len(ages)
            ages.append(min(float(np.median(age[mine[inside]])), oldest))
            steps.append(int(at))
    return np.array(ages), np.array(steps, dtype=np.int64), group_of


def _curves(cells: Floats) -> Floats:
    """Share won by each cell of time, by Kaplan-Meier; cells: groups × (ended, won) × time."""
    wins = cells[:, 1]
    at_risk = np.cumsum(cells.sum(axis=1)[:, ::-1], axis=1)[:, ::-1]
    share = np.divide(wins, at_risk, out=np.zeros_like(wins), where=at_risk > 0)
    return 1 - np.cumprod(1 - share, axis=1)


def _from_new(per_day: float, curve: Floats, horizon: float) -> float:
    """Won of those who come in during the horizon, each with what is left of it."""
    return float(per_day * horizon * curve.mean())


def _weekly(born: Floats, day: float) -> Floats:
    """New customers per week, in the weeks before a day."""
    weeks = min(WEEKS, max(int(day // 7), 1))
    back = np.floor((day - born) / 7).astype(int)
    return np.bincount(back[back < weeks], minlength=weeks).astype(float)


def _weeks(horizon: float) -> int:
    return max(1, round(horizon / 7))
