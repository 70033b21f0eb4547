"""How many customers will be won within a horizon, how sure that is, and how the same method would have done before."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from lostdeals.analyse.deals import FOREVER, Deals, deals_of
from lostdeals.analyse.journeys import Journeys
from lostdeals.findings import Finding
from lostdeals.funnels import Backtest, Forecast, StageForecast, Velocity

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

CELLS = 60
"""Steps of time that a horizon is cut into."""
AGES = 12
"""Ages per step at which it is asked what became of those who were as old: their stays in twelve equal parts."""
LEAST_AT_AGE = 20
"""Customers who were at a step at an age, so that a rate can be counted; with fewer a younger age stands in."""
LEAST_WON = 10
"""Won customers with days, below which nothing is forecast."""
DRAWS, DRAWS_BACK = 400, 100
"""Bootstrap resamples of the forecast, and of one made for an earlier day."""
MANY = 2_000_000
"""Pairs of stays and ages beyond which fewer resamples have to do."""
WINDOWS = 6
"""Earlier days that the forecast is tried on."""
QUIET = 14
"""Days without anybody new that are worth a word."""
WEEKS = 26
"""Weeks whose numbers of new customers the future's are drawn from."""
LOW, HIGH, Z90 = 0.05, 0.95, 1.6448536269514722
"""Ends of the interval of 90 %, and half of it in standard deviations: the usual ones."""


@dataclass(frozen=True)
class _Outlook:
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


def forecast_of(journeys: Journeys, horizon: int, seed: int = 7) -> Forecast:
    """The forecast from the last day that the sheet tells of.

    Of those who were at the same step for as long, how many won within the horizon (Kaplan-Meier from that age on; whoever
    was lost stays among those who have not won). New customers come in as in the weeks before. The interval is a bootstrap of
    customers, with the chance of the draw itself. The same is done for up to six earlier days, knowing only what was known
    then, and the interval is widened where those missed.
    """
    deals = deals_of(journeys)
    empty = Forecast(
        horizon, journeys.as_of.date() if journeys.as_of is not None else None, "no-dates", input=journeys.input
    )
    if deals is None:
        return empty
    won = deals.won & (deals.closed <= deals.now)
    notes = [Finding("forecast-undated", deals.left_out)] if deals.left_out else []
    if won.sum() < LEAST_WON:
        code = "no-closing-days" if (journeys.people["outcome"] == "won").sum() >= LEAST_WON else "few-won"
        return replace(empty, verdict=code, notes=tuple(notes))
    if deals.now < 2 * horizon:
        return replace(empty, verdict="short-history", notes=tuple(notes))
    quiet = int(deals.now - deals.born.max())
    if quiet > QUIET:
        notes.append(Finding("forecast-no-new", quiet))
    generator = np.random.default_rng(seed)
    outlook = _outlook(deals, deals.now, horizon, generator, DRAWS)
    total = outlook.open_wins + outlook.new_wins
    expected = float(outlook.expected_open.sum() + outlook.expected_new)
    low, high = (float(bound) for bound in np.quantile(total, [LOW, HIGH]))
    past = _backtest(deals, horizon, generator)
    widened = _widening(past, expected, (high - low) / 2)
    low, high = max(0.0, expected - (expected - low) * widened), expected + (high - expected) * widened
    error = _error([(one.expected, one.actual) for one in past])
    naive = _error([(one.naive, one.actual) for one in past])
    stages = _stages(deals, journeys, outlook)
    found = Forecast(
        horizon,
        empty.as_of,
        _verdict(past, error, naive, expected, low, high),
        round(expected, 3),
        round(low, 3),
        round(high, 3),
        from_open=round(float(outlook.expected_open.sum()), 3),
        from_new=round(outlook.expected_new, 3),
        stage_weighted=_weighted(stages),
        by_stage=stages,
        velocity=_velocity(deals, len(outlook.who)),
        backtest=past,
        error=None if error is None else round(error, 4),
        naive_error=None if naive is None else round(naive, 4),
        covered=sum(one.low <= one.actual <= one.high for one in past),
        widened=round(widened, 3),
        notes=tuple(notes),
        input=journeys.input,
    )
    return _with_amounts(found, deals, outlook, generator)


def _outlook(deals: Deals, day: float, horizon: float, generator: np.random.Generator, draws: int) -> _Outlook:
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
    return _Outlook(open_wins, new_wins, rates, group_step, group_of, who, sizes * curves[:-1, -1], float(expected_new))


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


def _backtest(deals: Deals, horizon: int, generator: np.random.Generator) -> tuple[Backtest, ...]:
    """The same forecast on earlier days, one horizon apart, the latest first, as far as there was enough to go by."""
    out = []
    for back in range(1, WINDOWS + 1):
        day = deals.now - back * horizon
        known = deals.won & (deals.closed <= day)
        if day < horizon or known.sum() < LEAST_WON:
            break
        outlook = _outlook(deals, day, horizon, generator, DRAWS_BACK)
        low, high = np.quantile(outlook.open_wins + outlook.new_wins, [LOW, HIGH])
        actual = deals.won & (deals.closed > day) & (deals.closed <= day + horizon)
        naive = deals.won & (deals.closed > day - horizon) & (deals.closed <= day)
        out.append(
            Backtest(
                (deals.zero + pd.Timedelta(days=day)).date(),
                round(float(outlook.expected_open.sum() + outlook.expected_new), 3),
                round(float(low), 3),
                round(float(high), 3),
                int(actual.sum()),
                int(naive.sum()),
            )
        )
    return tuple(out)


def _beyond_chance(past: tuple[Backtest, ...]) -> float:
    """The spread of the past misses relative to the forecast, beyond what their intervals allow for; 0 where there is none."""
    if not past:
        return 0.0
    miss = sum((one.actual - one.expected) ** 2 for one in past)
    chance = sum(((one.high - one.low) / (2 * Z90)) ** 2 for one in past)
    return float(np.sqrt(max(0.0, miss - chance) / max(sum(one.expected**2 for one in past), 1e-9)))


def _widening(past: tuple[Backtest, ...], expected: float, half: float) -> float:
    """How many times wider the interval is with what the past windows missed; Student's t for so few of them."""
    if not past or half <= 0:
        return 1.0
    from scipy.stats import t as student

    spread = np.hypot(half / Z90, _beyond_chance(past) * expected)
    reach = float(student.ppf(HIGH, len(past))) if spread > half / Z90 else Z90
    return max(1.0, float(reach * spread / half))


def _error(pairs: list[tuple[float, int]]) -> float | None:
    actual = sum(one for _, one in pairs)
    return sum(abs(said - one) for said, one in pairs) / actual if actual else None


def _verdict(
    past: tuple[Backtest, ...], error: float | None, naive: float | None, expected: float, low: float, high: float
) -> str:
    if not past:
        return "unproven"
    if error is None or high - low > 3 * max(expected, 1.0):
        return "too-wide"
    if naive is not None and error > naive:
        return "no-better"
    return "proven" if len(past) >= 3 else "hardly-proven"


def _stages(deals: Deals, journeys: Journeys, outlook: _Outlook) -> tuple[StageForecast, ...]:
    """Open customers per step with what is expected of them."""
    per_customer = _per_customer(outlook)
    if deals.timed:
        where = outlook.group_step[outlook.group_of] if len(outlook.who) else np.zeros(0, dtype=np.int64)
        furthest = np.zeros(len(deals.born), dtype=np.int64)
        np.maximum.at(furthest, deals.owner, deals.step)
        known = np.ones(len(deals.born), dtype=bool)
    else:
        kept = _kept(journeys, deals)
        depth = journeys.depth if journeys.depth is not None else np.ones(len(journeys.people), dtype=np.int64)
        furthest = depth[kept] - 1
        known = ~journeys.could[kept] if journeys.could is not None else np.ones(len(kept), dtype=bool)
        where = furthest[outlook.who]
    closed = np.isfinite(deals.closed) & (deals.closed <= deals.now)
    sure = bool((known | ~closed).all())
    out = []
    for place, key in enumerate(deals.steps[:-1] if len(deals.steps) > 1 else deals.steps):
        mine = where == place
        reached = closed & (furthest >= place)
        if not mine.any():
            continue
        rate = float(deals.won[reached].mean()) if sure and reached.sum() >= LEAST_AT_AGE else None
        out.append(
            StageForecast(
                key,
                int(mine.sum()),
                round(float(per_customer[mine].sum()), 3),
                rate,
                int(reached.sum()) if sure else 0,
                None,
            )
        )
    return tuple(out)


def _per_customer(outlook: _Outlook) -> Floats:
    sizes = np.bincount(outlook.group_of, minlength=len(outlook.expected_open))
    rates = np.divide(outlook.expected_open, sizes, out=np.zeros(len(sizes)), where=sizes > 0)
    return rates[outlook.group_of] if len(outlook.group_of) else np.zeros(0)


def _kept(journeys: Journeys, deals: Deals) -> Ints:
    """Places in the people frame of the customers that have dates."""
    people = journeys.people
    born = people["born"].notna().to_numpy() & (people["born"] <= journeys.as_of).to_numpy()
    ended = people["outcome"].isin(["won", "lost"]).to_numpy()
    return np.flatnonzero(born & (~ended | people["closed"].notna().to_numpy()))


def _weighted(stages: tuple[StageForecast, ...]) -> float | None:
    if not stages or any(one.rate_ever is None for one in stages):
        return None
    return round(sum(one.n * (one.rate_ever or 0.0) for one in stages), 3)


def _velocity(deals: Deals, n: int) -> Velocity | None:
    closed = np.isfinite(deals.closed) & (deals.closed <= deals.now)
    won = closed & deals.won
    days = float((deals.closed[won] - deals.born[won]).mean())
    if days <= 0:
        return None
    worth = deals.amount[won]
    value = float(np.nanmean(worth)) if np.isfinite(worth).any() else None
    rate = float(won.sum() / closed.sum())
    per_day = n * rate / days
    return Velocity(
        n,
        None if value is None else round(value, 2),
        round(rate, 6),
        round(days, 3),
        None if value is None else round(per_day * value, 2),
        round(per_day, 6),
    )


def _with_amounts(found: Forecast, deals: Deals, outlook: _Outlook, generator: np.random.Generator) -> Forecast:
    """The same in money, where the won say what they were worth."""
    won = deals.won & (deals.closed <= deals.now) & np.isfinite(deals.amount)
    if won.sum() < LEAST_WON:
        return found
    pool = deals.amount[won]
    mean = float(pool.mean())
    own = deals.amount[outlook.who]
    said = np.isfinite(own)
    worth = np.where(said, own, mean)
    per_customer = _per_customer(outlook)
    expected = float((per_customer * worth).sum()) + outlook.expected_new * mean
    sums = np.zeros(len(outlook.rates))
    for draw, rates in enumerate(outlook.rates):
        wins = generator.random(len(outlook.who)) < (rates[outlook.group_of] if len(outlook.who) else 0)
        drawn = np.where(said[wins], own[wins], generator.choice(pool, size=int(wins.sum())))
        sums[draw] = drawn.sum() + generator.choice(pool, size=int(outlook.new_wins[draw])).sum()
    low, high = (float(bound) for bound in np.quantile(sums, [LOW, HIGH]))
    stages = tuple(
        replace(one, amount=round(float((per_customer * worth)[_at(deals, outlook, one.step)].sum()), 2))
        if deals.timed
        else one
        for one in found.by_stage
    )
    return replace(
        found,
        expected_amount=round(expected, 2),
        amount_low=round(max(0.0, expected - (expected - low) * found.widened), 2),
        amount_high=round(expected + (high - expected) * found.widened, 2),
        amount_from="own" if len(said) and said.mean() > 0.5 else "mean",
        by_stage=stages,
    )


def _at(deals: Deals, outlook: _Outlook, step: str) -> npt.NDArray[np.bool_]:
    return np.equal(outlook.group_step[outlook.group_of], deals.steps.index(step))
