"""How many customers will be won within a horizon, how sure that is, and how the same method would have done before."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from lostdeals.analyse.deals import Deals, deals_of
from lostdeals.analyse.journeys import Journeys
from lostdeals.analyse.outlook import LEAST_AT_AGE, Outlook, outlook_from
from lostdeals.findings import Finding
from lostdeals.trends import Backtest, Forecast, StageForecast, Velocity

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

LEAST_WON = 10
"""Won customers with days, below which nothing is forecast."""
DRAWS, DRAWS_BACK = 400, 100
"""Bootstrap resamples of the forecast, and of one made for an earlier day."""
WINDOWS = 6
"""Earlier days that the forecast is tried on."""
MOST_LEFT_OUT = 0.2
"""Share of the lost without any day, above which the others would make winning look far too likely."""
QUIET = 14
"""Days without anybody new that are worth a word."""
LOW, HIGH, Z90 = 0.05, 0.95, 1.6448536269514722
"""Ends of the interval of 90 %, and half of it in standard deviations: the usual ones."""


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
    lost = ~deals.won & np.isfinite(deals.closed)
    if deals.lost_left_out > MOST_LEFT_OUT * (lost.sum() + deals.lost_left_out):
        return replace(empty, verdict="lost-undated", notes=tuple(notes))
    if deals.now < 2 * horizon:
        return replace(empty, verdict="short-history", notes=tuple(notes))
    if deals.by_last_seen:
        notes.append(Finding("forecast-by-last-contact", deals.by_last_seen))
    quiet = int(deals.now - deals.born.max())
    if quiet > QUIET:
        notes.append(Finding("forecast-no-new", quiet))
    generator = np.random.default_rng(seed)
    outlook = outlook_from(deals, deals.now, horizon, generator, DRAWS)
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
        lost=int(lost.sum()),
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


def _backtest(deals: Deals, horizon: int, generator: np.random.Generator) -> tuple[Backtest, ...]:
    """The same forecast on earlier days, one horizon apart, the latest first, as far as there was enough to go by."""
    out = []
    for back in range(1, WINDOWS + 1):
        day = deals.now - back * horizon
        known = deals.won & (deals.closed <= day)
        if day < horizon or known.sum() < LEAST_WON:
            break
        outlook = outlook_from(deals, day, horizon, generator, DRAWS_BACK)
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


def _stages(deals: Deals, journeys: Journeys, outlook: Outlook) -> tuple[StageForecast, ...]:
    """Open customers per step with what is expected of them."""
    per_customer = _per_customer(outlook)
    if deals.timed:
        where = outlook.group_step[outlook.group_of] if len(outlook.who) else np.zeros(0, dtype=np.int64)
        furthest = np.zeros(len(deals.born), dtype=np.int64)
        np.maximum.at(furthest, deals.owner, deals.step)
        known = np.ones(len(deals.born), dtype=bool)
    else:
        kept = deals.rows
        depth = journeys.depth if journeys.depth is not None else np.ones(len(journeys.people), dtype=np.int64)
        furthest = depth[kept] - 1
        known = ~journeys.could[kept] if journeys.could is not None else np.ones(len(kept), dtype=bool)
        where = furthest[outlook.who]
    closed = np.isfinite(deals.closed) & (deals.closed <= deals.now)
    sure = bool((known | ~closed).all()) and not deals.won[closed].all()  # where nobody is lost, no share won is known
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


def _per_customer(outlook: Outlook) -> Floats:
    sizes = np.bincount(outlook.group_of, minlength=len(outlook.expected_open))
    rates = np.divide(outlook.expected_open, sizes, out=np.zeros(len(sizes)), where=sizes > 0)
    return rates[outlook.group_of] if len(outlook.group_of) else np.zeros(0)


def _weighted(stages: tuple[StageForecast, ...]) -> float | None:
    if not stages or any(one.rate_ever is None for one in stages):
        return None
    return round(sum(one.n * (one.rate_ever or 0.0) for one in stages), 3)


def _velocity(deals: Deals, n: int) -> Velocity | None:
    closed = np.isfinite(deals.closed) & (deals.closed <= deals.now)
    won = closed & deals.won
    if won.sum() == closed.sum():  # nobody is on record as lost
        return None
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


def _with_amounts(found: Forecast, deals: Deals, outlook: Outlook, generator: np.random.Generator) -> Forecast:
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
        amount_low=round(max(0.0, expected - (expected - low) * found.widened), 2) if found.low else 0.0,
        amount_high=round(expected + (high - expected) * found.widened, 2),
        amount_from="own" if len(said) and said.mean() > 0.5 else "mean",
        by_stage=stages,
    )


def _at(deals: Deals, outlook: Outlook, step: str) -> npt.NDArray[np.bool_]:
    return np.equal(outlook.group_step[outlook.group_of], deals.steps.index(step))
