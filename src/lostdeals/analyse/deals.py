"""Customers as a forecast sees them on any day: who was in play, where, since when, and what came of it later."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from lostdeals.analyse.funnel_reach import DAY, NEVER
from lostdeals.analyse.journeys import Journeys, nanoseconds

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

FOREVER = np.inf


@dataclass(frozen=True)
class Deals:
    """All times in days since the first customer came in; ``FOREVER`` for what has not happened."""

    born: Floats
    closed: Floats
    """When it was won or lost."""
    won: npt.NDArray[np.bool_]
    """It was won in the end."""
    amount: Floats
    owner: Ints
    """Of each stay at a step, its customer."""
    step: Ints
    start: Floats
    end: Floats
    """When the customer left that step, for another or for good."""
    steps: tuple[str, ...]
    now: float
    """The last day the sheet tells of."""
    zero: pd.Timestamp
    left_out: int
    """Customers without the days that are needed."""
    lost_left_out: int
    """Of these, those who were lost."""
    by_last_seen: int
    """Lost customers without a closing day, for which the day of their last contact stands."""
    rows: Ints
    """Place of each in the people frame."""
    timed: bool
    """The steps are dated; otherwise there is one state, open, and its age is counted from coming in."""


def deals_of(journeys: Journeys) -> Deals | None:
    """The customers with dates; None where there are none."""
    people = journeys.people
    if journeys.as_of is None or people["born"].notna().sum() == 0:
        return None
    zero = people["born"].min().normalize()
    now = float((journeys.as_of - zero) / pd.Timedelta(days=1))
    won, lost = (people["outcome"] == "won").to_numpy(), (people["outcome"] == "lost").to_numpy()
    closed = _days(people["closed"], zero)
    born = _days(people["born"], zero)
    if journeys.moves is not None:
        finish = _finish(journeys, zero)
        closed = np.where(won & ~np.isfinite(closed), finish, closed)
        if journeys.input == "events":
            closed = np.where(won, finish, FOREVER)
    seen = _days(people["seen"], zero) if "seen" in people else np.full(len(people), FOREVER)
    silent = lost & ~np.isfinite(closed) & np.isfinite(seen) & (seen <= now)
    closed = np.where(silent, seen, closed)
    closed = np.where(won | lost, closed, FOREVER)
    kept = np.isfinite(born) & (born <= now) & (np.isfinite(closed) | ~(won | lost))
    closed = np.maximum(closed, born)
    place = np.full(len(people), -1)
    place[kept] = np.arange(int(kept.sum()))
    owner, step, start, end = _stays(journeys, zero, place, closed)
    return Deals(
        born[kept],
        closed[kept],
        won[kept],
        people["amount"].to_numpy(dtype=float)[kept],
        owner,
        step,
        start,
        end,
        journeys.steps,
        now,
        zero,
        int((~kept).sum()),
        int((~kept & lost).sum()),
        int((kept & silent).sum()),
        np.flatnonzero(kept),
        journeys.moves is not None,
    )


def _stays(journeys: Journeys, zero: pd.Timestamp, place: Ints, closed: Floats) -> tuple[Ints, Ints, Floats, Floats]:
    """Each stay at a step: customer, step, from, until."""
    if journeys.moves is None:
        rows = np.flatnonzero(place >= 0)
        born = _days(journeys.people["born"], zero)[rows]
        return place[rows], np.zeros(len(rows), dtype=np.int64), born, closed[rows]
    moves = journeys.moves
    known = (moves.step >= 0) & (moves.time != NEVER) & (place[moves.person] >= 0)
    person, step = moves.person[known], moves.step[known]
    time = (moves.time[known] - zero.as_unit("ns").value) / DAY
    order = np.lexsort((step, time, person))
    person, step, time = person[order], step[order], time[order]
    again = np.zeros(len(person), dtype=bool)
    again[1:] = (person[1:] == person[:-1]) & (step[1:] == step[:-1])
    person, step, time = person[~again], step[~again], time[~again]
    end = closed[person].copy()
    same = person[1:] == person[:-1]
    end[:-1][same] = np.minimum(time[1:][same], end[:-1][same])
    return place[person], step, time, np.maximum(end, time)


def _finish(journeys: Journeys, zero: pd.Timestamp) -> Floats:
    from lostdeals.analyse.funnel_reach import first_times

    assert journeys.moves is not None
    first = first_times(journeys.moves)[:, -1]
    return np.where(first == NEVER, FOREVER, (np.where(first == NEVER, 0, first) - zero.as_unit("ns").value) / DAY)


def _days(times: pd.Series[Any], zero: pd.Timestamp) -> Floats:
    stamps = nanoseconds(times)
    known = stamps != NEVER
    return np.where(known, (np.where(known, stamps, 0) - zero.as_unit("ns").value) / DAY, FOREVER)
