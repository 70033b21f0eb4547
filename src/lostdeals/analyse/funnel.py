"""How many customers reach each step, where they are lost, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from lostdeals.analyse.funnel_groups import Grouping, segments_of
from lostdeals.analyse.funnel_input import read_journeys
from lostdeals.analyse.funnel_reach import Bools, Floats, Reach, backward, reach
from lostdeals.analyse.funnel_times import ageing, dropped, times_of
from lostdeals.analyse.journeys import Journeys
from lostdeals.errors import LostDealsError
from lostdeals.findings import Finding
from lostdeals.funnels import Asked, Funnel, Order, Step
from lostdeals.model import Layout
from lostdeals.stats.rates import wilson
from lostdeals.vocab import Vocabulary

FAR = date(2200, 1, 1)
"""Today, where nobody says it: no date is a plan."""


def funnel_of(journeys: Journeys, vocabulary: Vocabulary, asked: Asked, by: Grouping | None = None) -> Funnel:
    """The funnel of these journeys, split by `by` where it is given.

    Raises LostDealsError (usage) ``funnel-needs-moments`` where an order or a window is asked for and the sheet only has
    the present stage; ``steps-not-in-sheet`` where none of the steps asked for stands in the sheet.
    """
    settings = vocabulary.section("funnels")["settings"]
    if asked.steps and journeys.strangers:
        known = tuple(journeys.unplaced[:10])
        raise LostDealsError("steps-not-in-sheet", where="--steps", usage=True, steps=tuple(asked.steps), known=known)
    order, found = reached_by(journeys, asked)
    could = journeys.could if journeys.could is not None else np.zeros(len(journeys.people), dtype=bool)
    exact = journeys.moves is not None
    steps = steps_of(journeys.steps, found, could, exact=exact)
    notes = list(journeys.notes)
    if exact:
        nobody = [key for key, step in zip(journeys.steps, steps, strict=True) if step.n == 0]
        if nobody:
            notes.append(Finding("funnel-nobody-at", len(nobody), ", ".join(nobody[:6])))
    if journeys.unplaced:
        notes.append(Finding("funnel-unplaced", len(journeys.unplaced), ", ".join(journeys.unplaced[:6])))
    went_past = (found.reached & ~found.own).any(axis=1)
    funnel = Funnel(
        journeys.name,
        "history" if exact else "reached-at-least",
        steps,
        notes=tuple(notes),
        input=journeys.input,
        order=order,
        window_days=asked.window_days,
        per_step=asked.per_step and asked.window_days is not None,
        as_of=journeys.as_of.date() if journeys.as_of is not None else None,
        skipped=int(went_past.sum()) if exact and order == "reached" else None,
        backward=int(backward(journeys.moves).sum())
        if journeys.moves is not None and journeys.input != "events"
        else None,
        dropped=dropped(journeys, found) if journeys.input != "events" else (),
        ageing=ageing(journeys, settings["least_moved"]) if journeys.input != "events" else (),
        unplaced=journeys.unplaced,
        called=str(journeys.people["called_role"].iat[0]) if len(journeys.people) else "",
    )
    if by is None:
        return funnel

    def steps_for(rows: Bools) -> tuple[Step, ...]:
        part = Reach(found.reached[rows], found.own[rows], found.took[rows])
        return steps_of(journeys.steps, part, could[rows], exact=exact)

    segments = segments_of(by, found.reached, steps_for, settings["smallest_group"], asked.baseline)
    return replace(funnel, by=by.name, segments=segments, baseline=asked.baseline)


def reached_by(journeys: Journeys, asked: Asked) -> tuple[Order, Reach]:
    """The order in force and who reached what."""
    order = asked.order or ("ordered" if journeys.input == "events" else "reached")
    if journeys.moves is not None:
        timeless = journeys.as_of is None
        if timeless and asked.order is None and journeys.input == "events":
            order = "any"
        if timeless and (asked.window_days is not None or order in ("ordered", "strict")):
            raise LostDealsError("funnel-needs-moments", usage=True)
        if order == "any" and asked.per_step:
            raise LostDealsError("bad-option", usage=True, option="--per-step", value="any", wanted="--order ordered")
        return order, reach(journeys.moves, order, asked.window_days, per_step=asked.per_step)
    if asked.window_days is not None or order != "reached":
        raise LostDealsError("funnel-needs-moments", usage=True)
    assert journeys.depth is not None
    places = np.arange(len(journeys.steps))
    reached = journeys.depth[:, None] > places[None, :]
    return order, Reach(reached, reached, np.full(reached.shape, np.nan))


def steps_of(keys: Sequence[str], found: Reach, could: Bools, *, exact: bool) -> tuple[Step, ...]:
    """The counts of some customers with their rates, intervals and times."""
    counts = found.reached.sum(axis=0).tolist()
    own = (found.reached & found.own).sum(axis=0).tolist()
    unsure = int(could.sum())
    out = []
    for place, (key, n) in enumerate(zip(keys, counts, strict=True)):
        open_band = unsure > 0 and 0 < place < len(keys) - 1
        step = _step(key, n, counts[0], counts[place - 1] if place else None)
        out.append(
            replace(
                step,
                low=n if open_band else None,
                high=n + unsure if open_band else None,
                entered=own[place] if exact else None,
                took=times_of(_took(found.took, place)) if exact else None,
            )
        )
    return tuple(out)


def counted_funnel(name: str, steps: Sequence[tuple[str, int]]) -> Funnel:
    """A funnel from counts that somebody else made.

    >>> [step.from_first for step in counted_funnel("web", [("a", 520), ("b", 230)]).steps]
    [1.0, 0.4423076923076923]
    """
    return Funnel(name, "counts", counted_steps(steps), input="counts")


def counted_steps(steps: Sequence[tuple[str, int]]) -> tuple[Step, ...]:
    """Steps with their rates from given counts; an interval only where a count does not rise."""
    counts = [n for _, n in steps]
    return tuple(_step(key, n, counts[0], counts[place - 1] if place else None) for place, (key, n) in enumerate(steps))


def sales_funnel(
    leads: pd.DataFrame,
    vocabulary: Vocabulary,
    layout: Layout | None = None,
    today: date | None = None,
    outcome: str | None = None,
) -> Funnel:
    """The funnel of a whole scored sheet: its log or dated stages where it has them, else the four stages and won.

    semantics ``reached-at-least``: a customer counts for its stage and all before it; won counts for every step. A customer
    whose stage is unknown counts for the first step only, and opens the band ``low``-``high`` of the later ones if it was
    lost. Invalid rows and the second row of a duplicate do not count.
    """
    asked = Asked()
    day = pd.Timestamp(today or FAR)
    return funnel_of(read_journeys(leads, layout, vocabulary, asked, day, outcome), vocabulary, asked)


def _step(key: str, n: int, first: int, before: int | None) -> Step:
    return Step(
        key=key,
        n=n,
        from_first=n / first if first else None,
        from_previous=(n / before if before else None) if before is not None else (1.0 if n else None),
        ci_first=wilson(n, first) if n <= first else None,
        ci_previous=(wilson(n, before) if n <= before else None) if before is not None else None,
    )


def _took(took: Floats, place: int) -> Floats:
    days = took[:, place]
    return days[~np.isnan(days)]
