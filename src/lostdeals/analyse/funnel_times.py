"""How long steps take, how long those who dropped out had waited, and who sits too long where they are."""

from __future__ import annotations

import numpy as np

from lostdeals.analyse.funnel_reach import DAY, NEVER, Floats, Ints, Reach
from lostdeals.analyse.journeys import Journeys, nanoseconds
from lostdeals.funnels import Ageing, Dropped, Times

OPEN = "open"
"""Stands for all steps where these have no times."""
SECONDS = 86_400
LONG = 0.9
"""Longer than this share of those who moved on is too long."""


def times_of(days: Floats) -> Times | None:
    """Median, upper quartile and 90th percentile of some days (linear between order statistics); None without any.

    >>> times_of(np.array([1.0, 2.0, 3.0, 4.0]))
    Times(n=4, median=2.5, p75=3.25, p90=3.7)
    """
    if len(days) == 0:
        return None
    median, upper, long = np.quantile(days, [0.5, 0.75, LONG])
    return Times(len(days), round(float(median), 6), round(float(upper), 6), round(float(long), 6))


def dropped(journeys: Journeys, found: Reach) -> tuple[Dropped, ...]:
    """Lost customers by the last step they are known to have reached, and how long they had been there when lost."""
    lost = (journeys.people["outcome"] == "lost").to_numpy()
    if journeys.could is not None:
        lost = lost & ~journeys.could
    depth = found.reached.sum(axis=1)
    entered = last_entry(journeys)
    left = (
        nanoseconds(journeys.left.reindex(journeys.people.index)) if len(journeys.left) else np.full(len(lost), NEVER)
    )
    out = []
    for place, key in enumerate(journeys.steps):
        here = lost & (depth == place + 1)
        if not here.any():
            continue
        dated = here & (entered != NEVER) & (left != NEVER)
        days = (left[dated] - entered[dated]) / DAY
        out.append(Dropped(key, int(here.sum()), times_of(days[days >= 0])))
    return tuple(out)


def last_entry(journeys: Journeys) -> Ints:
    """When each customer came to the furthest step it has a time for; ``NEVER`` where it has none."""
    if journeys.moves is None:
        return np.full(len(journeys.people), NEVER)
    moves = journeys.moves
    known = (moves.step >= 0) & (moves.time != NEVER)
    person, step, time = moves.person[known], moves.step[known], moves.time[known]
    order = np.lexsort((-time, step, person))  # of several times at the furthest step the first counts
    person, time = person[order], time[order]
    out = np.full(moves.people, NEVER)
    out[person] = time
    return out


def ageing(journeys: Journeys, least: int) -> tuple[Ageing, ...]:
    """Open customers per step: how long they have been there, and who longer than nine in ten of those who moved on.

    What counts is the step a customer stands at now, so one who went back is counted from then. least: fewer who moved on
    say nothing. Where the steps have no times, all open customers are taken together, from coming in on, against the won.
    """
    if journeys.as_of is None:
        return ()
    if journeys.moves is None:
        return _since_coming_in(journeys, least)
    moves, steps = journeys.moves, len(journeys.steps)
    known = (moves.step >= 0) & (moves.time != NEVER)
    person, step, time = moves.person[known], moves.step[known], moves.time[known]
    order = np.lexsort((step, time, person))
    person, step, time = person[order], step[order], time[order]
    again = np.zeros(len(person), dtype=bool)
    again[1:] = (person[1:] == person[:-1]) & (step[1:] == step[:-1])
    person, step, time = person[~again], step[~again], time[~again]
    goes_on = np.zeros(len(person), dtype=bool)
    goes_on[:-1] = person[1:] == person[:-1]
    forward = np.flatnonzero(goes_on)
    forward = forward[step[forward + 1] > step[forward]]
    stays = (time[forward + 1] - time[forward]) / DAY
    is_open = (journeys.people["outcome"] == "open").to_numpy()
    standing = np.flatnonzero(~goes_on & is_open[person])
    now = journeys.as_of.as_unit("ns").value
    out = []
    for place in range(steps):
        here = standing[step[standing] == place]
        days = (now - time[here]) / DAY
        moved = stays[step[forward] == place]
        if len(here) == 0 or place == steps - 1:
            continue
        limit = float(np.quantile(moved, LONG)) if len(moved) >= least else None
        stuck = here[days > limit] if limit is not None else here[:0]
        people = journeys.people
        called, rows = people["called"].tolist(), people["row"].tolist()
        lines = sorted(
            zip(person[stuck].tolist(), ((now - time[stuck]) / DAY).tolist(), strict=True),
            key=lambda one: (-one[1], one[0]),
        )
        out.append(
            Ageing(
                journeys.steps[place],
                len(here),
                round(float(np.median(days)), 6),
                len(moved),
                None if limit is None else round(limit, 6),
                tuple((str(called[who]), int(rows[who]), round(age, 6)) for who, age in lines),
            )
        )
    return tuple(out)


def _since_coming_in(journeys: Journeys, least: int) -> tuple[Ageing, ...]:
    """Open customers of a sheet that only has the present stage, against the time that the won took from coming in."""
    people = journeys.people
    assert journeys.as_of is not None
    took = (people["closed"] - people["born"]).dt.total_seconds()[people["outcome"] == "won"].dropna() / SECONDS
    took = took[took >= 0]
    age = (journeys.as_of - people["born"]).dt.total_seconds() / SECONDS
    age = age[(people["outcome"] == "open") & (age >= 0)]
    if len(age) == 0 or len(took) == 0:
        return ()
    limit = float(took.quantile(LONG)) if len(took) >= least else None
    long = age[age > limit].sort_values(ascending=False, kind="stable") if limit is not None else age.iloc[:0]
    stuck = tuple(
        (str(people["called"].iat[int(place)]), int(str(people["row"].iat[int(place)])), round(float(days), 6))
        for place, days in zip(long.index, long, strict=True)
    )
    middle = round(float(age.median()), 6)
    return (Ageing(OPEN, len(age), middle, len(took), None if limit is None else round(limit, 6), stuck),)
