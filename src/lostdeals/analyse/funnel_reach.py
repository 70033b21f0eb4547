"""Which customer reached which step, when, by the order and the window that were asked for: arrays in, arrays out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lostdeals.funnels import Order

NEVER = np.iinfo(np.int64).max
"""The time of what has not happened."""
DAY = 86_400 * 10**9
"""Nanoseconds."""
UNITS = (10**9, 10**6, 10**3, 1)
"""A second, a millisecond, a microsecond, a nanosecond."""
MICROSECOND, SECOND = 10**3, 10**6
"""Nanoseconds in a microsecond, microseconds in a second."""

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Moves:
    """One entry each time somebody came to a step."""

    person: Ints
    """0 … people - 1."""
    step: Ints
    """0 … steps - 1; -1 for what is no step of this funnel."""
    time: Ints
    """Nanoseconds since 1970; ``NEVER`` where it is not known."""
    people: int
    steps: int


@dataclass(frozen=True)
class Reach:
    """Who reached what; all arrays are people × steps."""

    reached: Bools
    own: Bools
    """There is a record of this very step."""
    took: Floats
    """Days from the step before; NaN where not known."""


def reach(moves: Moves, order: Order, window: float | None = None, *, per_step: bool = False) -> Reach:
    """How far each person came.

    order: ``reached`` counts a step for everybody who came to it or to a later one; ``ordered`` wants each step after the
    one before, whatever happened in between; ``strict`` wants it next, with nothing in between (of one moment, events are taken
    in the funnel's order, and the same one twice is one); ``any`` wants all steps so
    far, in any order. window: days within which all steps must follow the first one (for ``any``: lie together), or with
    `per_step` each the one before. Of several ways through, the one that comes furthest counts.

    >>> two = np.array([0, 1, 0]), np.array([0, 0, 1]), np.array([0, 0, 3 * DAY])
    >>> reach(Moves(*two, people=2, steps=2), "ordered").reached.tolist()
    [[True, True], [True, False]]
    >>> reach(Moves(*two, people=2, steps=2), "ordered", 1.0).reached.tolist()
    [[True, False], [True, False]]
    """
    limit = None if window is None else round(window * DAY)
    own = np.zeros((moves.people, moves.steps), dtype=bool)
    placed = moves.step >= 0
    own[moves.person[placed], moves.step[placed]] = True
    if order == "any":
        return _any_order(moves, own, limit)
    if order == "strict":
        return _strict(moves, own, limit, per_step)
    if order == "ordered":
        return _ordered(moves, own) if limit is None else _ordered_within(moves, own, limit, per_step)
    return _implied(moves, own, limit, per_step)


def first_times(moves: Moves) -> Ints:
    """When each person first came to each step; ``NEVER`` where it did not or nobody knows."""
    first = np.full((moves.people, moves.steps), NEVER)
    placed = moves.step >= 0
    np.minimum.at(first, (moves.person[placed], moves.step[placed]), moves.time[placed])
    return first


def in_order(moves: Moves) -> tuple[Ints, Ints, Ints]:
    """Person, step and time of all entries by person, then time, then step: steps of one moment in the funnel's order.

    Where the three fit into one whole number of 63 bits, times in the coarsest unit that they are all whole in, that number
    is sorted, which takes a fifth of the time of sorting by three keys. Entries without a time come last.

    >>> moves = Moves(np.array([1, 0, 0]), np.array([0, 1, 0]), np.array([5, 7, 7]), people=2, steps=2)
    >>> [part.tolist() for part in in_order(moves)]
    [[0, 0, 1], [0, 1, 0], [7, 7, 5]]
    """
    known = moves.time != NEVER
    times = moves.time if known.all() else moves.time[known]
    if len(times) == 0:
        base, unit, span = 0, 1, 2
    else:
        base = int(times.min())
        unit = next(unit for unit in UNITS if unit == 1 or not ((times - base) % unit).any())
        span = (int(times.max()) - base) // unit + 2
    kinds = moves.steps + 1
    if max(moves.people, 1) * span * kinds >= NEVER:
        order = np.lexsort((moves.step, moves.time, moves.person))
        return moves.person[order], moves.step[order], moves.time[order]
    since = (moves.time - base) // unit if known.all() else np.where(known, (moves.time - base) // unit, span - 1)
    key = np.sort((moves.person * span + since) * kinds + (moves.step + 1))
    rest, step = np.divmod(key, kinds)
    person, since = np.divmod(rest, span)
    time = since * unit + base
    return person, step - 1, time if known.all() else np.where(since == span - 1, NEVER, time)


def backward(moves: Moves) -> Bools:
    """Per person, whether it ever went back to an earlier step; steps of one moment are taken in the funnel's order."""
    kept = (moves.step >= 0) & (moves.time != NEVER)
    known = Moves(moves.person[kept], moves.step[kept], moves.time[kept], moves.people, moves.steps)
    person, step, _ = in_order(known)
    back = (person[1:] == person[:-1]) & (step[1:] < step[:-1])
    out = np.zeros(moves.people, dtype=bool)
    out[person[1:][back]] = True
    return out


def _implied(moves: Moves, own: Bools, limit: int | None, per_step: bool) -> Reach:
    first = first_times(moves)
    reached = np.logical_or.accumulate(own[:, ::-1], axis=1)[:, ::-1]
    if limit is not None:
        at = np.minimum.accumulate(first[:, ::-1], axis=1)[:, ::-1]
        known = at != NEVER
        since = at[:, :-1] if per_step else np.repeat(at[:, :1], moves.steps - 1, axis=1)
        near = known[:, 1:] & (at[:, 1:] - np.where(known[:, 1:], since, 0) <= limit)
        reached = reached.copy()
        reached[:, 1:] &= np.logical_and.accumulate(near, axis=1)
    took = _days(first[:, :-1], first[:, 1:])
    took[took < 0] = np.nan
    took[~reached[:, 1:]] = np.nan
    return Reach(reached, own, _from_second(took))


def _ordered(moves: Moves, own: Bools) -> Reach:
    """The first time of each step that is not before the first time of the one before; no better way can be missed."""
    at = np.full((moves.people, moves.steps), NEVER)
    known = moves.time != NEVER
    for place in range(moves.steps):
        here = np.flatnonzero((moves.step == place) & known)
        person, time = moves.person[here], moves.time[here]
        if place:
            after = time >= at[person, place - 1]  # nothing is after NEVER but NEVER itself
            person, time = person[after], time[after]
        column = np.full(moves.people, NEVER)
        np.minimum.at(column, person, time)
        at[:, place] = column
    return Reach(at != NEVER, own, _from_second(_days(at[:, :-1], at[:, 1:])))


def _ordered_within(moves: Moves, own: Bools, limit: int, per_step: bool) -> Reach:
    """Step by step, every event that ends a way keeps the latest start of such a way, which no other start can beat."""
    reached = np.zeros((moves.people, moves.steps), dtype=bool)
    took = np.full((moves.people, moves.steps), np.nan)
    before_key = before_time = before_start = np.zeros(0, dtype=np.int64)
    kept = moves.time != NEVER
    times, unit = np.where(kept, moves.time // MICROSECOND, 0), DAY // MICROSECOND
    limit //= MICROSECOND
    base = int(times[kept].min()) if kept.any() else 0
    span = (int(times[kept].max()) - base if kept.any() else 0) + limit + 2
    if moves.people * span >= NEVER:  # the person and the moment must fit into one number
        times, unit, limit, base = times // SECOND, unit // SECOND, limit // SECOND, base // SECOND
        span = span // SECOND + 2
    for place in range(moves.steps):
        here = kept & (moves.step == place)
        person, time = moves.person[here], times[here] - base
        key = person * span + time
        order = np.argsort(key, kind="stable")
        person, time, key = person[order], time[order], key[order]
        start = time
        if place:
            last = np.searchsorted(before_key, key, side="right") - 1
            same = last >= 0
            same[same] = before_key[last[same]] >= person[same] * span
            start = np.where(same, before_start[np.maximum(last, 0)], 0) if len(before_key) else np.zeros_like(time)
            since = np.where(same, before_time[np.maximum(last, 0)], 0) if len(before_key) else start
            fits = same & (time - (since if per_step else start) <= limit)
            person, time, key, start = person[fits], time[fits], key[fits], start[fits]
            _, firsts = np.unique(person, return_index=True)
            floor = person[firsts] * span + np.maximum(time[firsts] - limit, 0)
            starts = before_key if per_step else before_key - before_time + before_start
            earliest = np.searchsorted(starts, floor, side="left")
            took[person[firsts], place] = (time[firsts] - before_time[earliest]) / unit if len(before_key) else np.nan
        reached[person, place] = True
        before_key, before_time, before_start = key, time, start
    return Reach(reached, own, took)


def _strict(moves: Moves, own: Bools, limit: int | None, per_step: bool) -> Reach:
    """Runs of events without anything in between; a way through is a run from the first step on."""
    person, step, time = in_order(moves)
    again = np.zeros(len(step), dtype=bool)
    again[1:] = (person[1:] == person[:-1]) & (step[1:] == step[:-1]) & (time[1:] == time[:-1]) & (time[1:] != NEVER)
    if again.any():  # the same event twice at one moment is one event
        person, step, time = person[~again], step[~again], time[~again]
    goes_on = np.zeros(len(step), dtype=bool)
    goes_on[1:] = (person[1:] == person[:-1]) & (step[1:] == step[:-1] + 1) & (step[:-1] >= 0) & (time[1:] != NEVER)
    if limit is not None and per_step:
        goes_on[1:] &= time[1:] - time[:-1] <= limit
    run = np.cumsum(~goes_on) - 1
    heads = np.flatnonzero(~goes_on)
    fits = (step[heads][run] == 0) if len(heads) else np.zeros(0, dtype=bool)
    if limit is not None and not per_step and len(heads):
        fits &= time - time[heads][run] <= limit
    reached = np.zeros((moves.people, moves.steps), dtype=bool)
    reached[person[fits], step[fits]] = True
    took = np.full((moves.people, moves.steps), np.nan)
    pairs = np.flatnonzero(fits & goes_on)[::-1]  # the first run of a person is written last
    took[person[pairs], step[pairs]] = (time[pairs] - time[pairs - 1]) / DAY
    return Reach(reached, own, took)


def _any_order(moves: Moves, own: Bools, limit: int | None) -> Reach:
    took = np.full((moves.people, moves.steps), np.nan)
    if limit is None:
        return Reach(np.logical_and.accumulate(own, axis=1), own, took)
    kept = (moves.step >= 0) & (moves.time != NEVER)
    known = Moves(moves.person[kept], moves.step[kept], moves.time[kept], moves.people, moves.steps)
    person, step, time = in_order(known)
    together = np.ones(len(person), dtype=bool)
    reached = np.zeros((moves.people, moves.steps), dtype=bool)
    for place in range(moves.steps):  # from every event on: does each step so far come within the window
        upcoming = np.where(step == place, np.arange(len(step)), len(step))
        upcoming = np.minimum.accumulate(upcoming[::-1])[::-1]
        found = np.minimum(upcoming, max(len(step) - 1, 0))
        together &= (upcoming < len(step)) & (person[found] == person) & (time[found] - time <= limit)
        reached[person[together], place] = True
    return Reach(reached, own, took)


def _days(before: Ints, after: Ints) -> Floats:
    known = (before != NEVER) & (after != NEVER)
    return np.where(known, (after - np.where(known, before, 0)) / DAY, np.nan)


def _from_second(took: Floats) -> Floats:
    """Days per step with an empty first column: nothing comes before the first step."""
    return np.concatenate([np.full((len(took), 1), np.nan), took], axis=1)
