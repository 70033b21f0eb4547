"""Cohorts over time: how those who came in together did, what is too young to say, and what is unusual."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from lostdeals.analyse.funnel import reached_by
from lostdeals.analyse.funnel_reach import NEVER, Bools, Floats, first_times
from lostdeals.analyse.journeys import Journeys, nanoseconds
from lostdeals.analyse.periods import period_end, period_of, periods_between
from lostdeals.errors import LostDealsError
from lostdeals.findings import Finding
from lostdeals.funnels import Asked
from lostdeals.stats.rates import drift, unlike, wilson
from lostdeals.stats.series import FALSE_ALARM, usual_counts, usual_rates
from lostdeals.stats.survival import kaplan_meier
from lostdeals.trends import Cohort, Trend
from lostdeals.vocab import Vocabulary

LENGTHS = {"day": 1.0, "week": 7.0, "month": 365.25 / 12, "quarter": 365.25 / 4, "year": 365.25}
"""Days of a period, for ages."""
AGES = 12
"""Periods of age that a cohort is followed for."""
MOST_OPEN = 0.1
"""Where nobody says how long it takes, a cohort with more open customers than this is young."""
LEAST_AT_RISK = 10
"""Customers still watched without having won, below which the curve says nothing."""
POINTS = 60
"""Points of the curve that are kept."""
LONG = 0.9


@dataclass(frozen=True)
class Waits:
    """Per customer who came in at a known time: whether and when it came to the last step."""

    rows: npt.NDArray[np.int64]
    """Places in the people frame."""
    born: pd.Series[Any]
    won: Bools
    days: Floats
    """From coming in to the last step; NaN where it was not reached or the day is not known."""
    watched: Floats
    """From coming in to the last day the sheet tells of."""


def trend_of(journeys: Journeys, vocabulary: Vocabulary, asked: Asked) -> Trend:
    """Cohorts by the period that customers came in.

    Raises LostDealsError ``trend-needs-dates`` where no customer has a day of coming in.
    """
    assert asked.over is not None
    settings = vocabulary.section("funnels")["settings"]
    waits = waits_of(journeys, asked)
    horizon = horizon_of(waits)
    labels = period_of(waits.born, asked.over)
    periods = periods_between(waits.born, asked.over)
    codes = pd.Categorical(labels, categories=periods).codes
    n = np.bincount(codes, minlength=len(periods))
    won = np.bincount(codes[waits.won], minlength=len(periods))
    ends = [period_end(period, asked.over) for period in periods]
    as_of = journeys.as_of
    assert as_of is not None
    young = np.array([horizon is not None and end + pd.Timedelta(days=horizon) > as_of for end in ends])
    if horizon is None:  # nobody says how long it takes: as long as many are open, the rate may still change
        still = (journeys.people["outcome"] == "open").to_numpy()[waits.rows]
        open_n = np.bincount(codes[still], minlength=len(periods))
        young = open_n > MOST_OPEN * n
    whole = np.array([end <= as_of + pd.Timedelta(days=1) for end in ends])
    smallest, least = settings["smallest_group"], settings["least_history"]
    odd_rates = _against_past(n, won, ~young & (n > 0), least)
    odd_counts = _counts_against_past(n, whole, least)
    order = sorted(_ranked_rates(n, won, young, smallest), reverse=True)
    cohorts = []
    for place, period in enumerate(periods):
        mine = codes == place
        rate = float(won[place] / n[place]) if n[place] else None
        estimate = _estimate(waits, mine, horizon)
        band, band_n = odd_rates[place], odd_counts[place]
        cohorts.append(
            Cohort(
                period=period,
                n=int(n[place]),
                won=int(won[place]),
                rate=rate,
                ci=wilson(int(won[place]), int(n[place])),
                young=bool(young[place]),
                estimate=estimate[0] if estimate else None,
                estimate_ci=(estimate[1], estimate[2]) if estimate else None,
                watched=round(float(waits.watched[mine].min()), 6) if mine.any() else None,
                rank=order.index(rate) + 1 if rate is not None and not young[place] and n[place] >= smallest else None,
                by_age=_by_age(waits, mine, LENGTHS[asked.over]),
                usual=band,
                odd=band is not None and rate is not None and not band[0] <= rate <= band[1],
                usual_n=band_n,
                odd_n=band_n is not None and not band_n[0] <= n[place] <= band_n[1],
            )
        )
    undated = int(len(journeys.people) - len(waits.rows))
    notes = [Finding("trend-undated", undated)] if undated else []
    if horizon is None and won.any():
        notes.append(Finding("trend-no-days", int(won.sum()), values={"share": f"{MOST_OPEN:.0%}"}))
    ranked = [place for place, one in enumerate(cohorts) if one.rank is not None]
    alike_n, alike_won = n[ranked].tolist(), _won_within(waits, codes, horizon, won)[ranked].tolist()
    lean = drift(alike_won, alike_n, ranked)
    return Trend(
        asked.over,
        horizon,
        tuple(cohorts),
        curve_of(waits),
        FALSE_ALARM,
        sum(band is not None for band in odd_rates),
        unlike(alike_won, alike_n),
        None if lean is None else round(lean[1], 6),
        lean is not None and lean[0] < 0,
        tuple(notes),
    )


def _won_within(waits: Waits, codes: Any, horizon: float | None, won: Any) -> Any:
    """Won per period within the usual time, so that an older period has no head start; all won where no time is known."""
    if horizon is None:
        return won
    quick = waits.won & ~(waits.days > horizon)
    return np.bincount(codes[quick], minlength=len(won))


def waits_of(journeys: Journeys, asked: Asked) -> Waits:
    """Who came in when, and when each came to the last step."""
    born = journeys.people["born"]
    as_of = journeys.as_of
    if as_of is None or born.notna().sum() == 0:
        raise LostDealsError("trend-needs-dates")
    _, found = reached_by(journeys, asked)
    ahead = as_of + pd.Timedelta(days=1)
    rows = np.flatnonzero((born.notna() & (born < ahead)).to_numpy() & found.reached[:, 0])
    won = found.reached[rows, -1]
    if journeys.moves is not None:
        finish = first_times(journeys.moves)[rows, -1]
    else:
        finish = nanoseconds(journeys.people["closed"])[rows]
    start = nanoseconds(born)[rows]
    day = 86_400e9
    days = np.where(won & (finish != NEVER), (finish - start) / day, np.nan)
    days = np.where(days < 0, 0.0, days)
    watched = np.maximum((as_of.as_unit("ns").value - start) / day, np.nan_to_num(days))
    return Waits(rows, born.iloc[rows].reset_index(drop=True), won, days, watched)


def horizon_of(waits: Waits) -> float | None:
    """Days within which nine in ten of those who won had won; None where their days are not known."""
    known = waits.days[~np.isnan(waits.days)]
    if len(known) == 0 or len(known) < 0.5 * waits.won.sum():
        return None
    return round(float(np.quantile(known, LONG)), 6)


def curve_of(waits: Waits) -> tuple[tuple[float, float, float, float], ...]:
    """Share won by each day after coming in, by Kaplan-Meier; whoever was lost stays among those who have not won.

    It ends where fewer than ``LEAST_AT_RISK`` have been watched for so long: one late win among them would be half of all.
    """
    known = ~(waits.won & np.isnan(waits.days))
    if not known.any():
        return ()
    happened = waits.won[known]
    curve = kaplan_meier(np.where(happened, waits.days[known], waits.watched[known]), happened)
    sure = int((curve.at_risk >= min(LEAST_AT_RISK, int(known.sum()))).sum())  # they only ever become fewer
    kept = np.unique(np.linspace(0, sure - 1, min(POINTS, sure)).astype(int))
    return tuple(
        (
            round(float(curve.times[place]), 4),
            round(float(1 - curve.survival[place]), 6),
            round(float(1 - curve.high[place]), 6),
            round(float(1 - curve.low[place]), 6),
        )
        for place in (kept if sure else [])
    )


def _estimate(waits: Waits, mine: Bools, horizon: float | None) -> tuple[float, float, float] | None:
    """Share of a cohort won within the horizon; None where nobody has been watched so long."""
    known = mine & ~(waits.won & np.isnan(waits.days))
    if horizon is None or not known.any() or waits.watched[known].max() < horizon:
        return None
    happened = waits.won[known]
    curve = kaplan_meier(np.where(happened, waits.days[known], waits.watched[known]), happened)
    share, low, high = curve.happened(horizon)
    return round(share, 6), round(low, 6), round(high, 6)


def _by_age(waits: Waits, mine: Bools, length: float) -> tuple[float | None, ...]:
    if not mine.any() or (waits.won & np.isnan(waits.days)).any():
        return ()
    youngest = waits.watched[mine].min()
    return tuple(
        round(float((waits.days[mine] <= age * length).mean()), 6) if youngest >= age * length else None
        for age in range(1, AGES + 1)
    )


def _ranked_rates(n: Any, won: Any, young: Bools, smallest: int) -> list[float]:
    return [float(w / k) for w, k, y in zip(won, n, young, strict=True) if k >= smallest and not y]


def _against_past(n: Any, won: Any, judged: Bools, least: int) -> list[tuple[float, float] | None]:
    out: list[tuple[float, float] | None] = [None] * len(n)
    places = np.flatnonzero(judged)
    for place, band in zip(places, usual_rates(n[places].astype(float), won[places].astype(float), least), strict=True):
        out[place] = band
    return out


def _counts_against_past(n: Any, whole: Bools, least: int) -> list[tuple[float, float] | None]:
    out: list[tuple[float, float] | None] = [None] * len(n)
    places = np.flatnonzero(whole)
    for place, band in zip(places, usual_counts(n[places].astype(float), least), strict=True):
        out[place] = band
    return out
