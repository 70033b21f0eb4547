"""What ``funnel --json`` prints, as the contract fixes it; fields are added, never renamed."""

from __future__ import annotations

from typing import Any

from lostdeals.funnels import Ageing, Dropped, Funnel, Segment, Step, StepTest, Times
from lostdeals.vocab import Words
from lostdeals.write.json import finding_object, rounded
from lostdeals.write.mask import mask


def funnel_object(funnel: Funnel, words: Words) -> dict[str, Any]:
    """The whole funnel."""
    loss, rate = funnel.largest_loss, funnel.lowest_rate
    return {
        "funnel": funnel.name,
        "semantics": funnel.semantics,
        "input": funnel.input,
        "order": funnel.order,
        "by": funnel.by,
        "baseline": funnel.baseline,
        "window_days": funnel.window_days,
        "window_per_step": funnel.per_step,
        "as_of": funnel.as_of.isoformat() if funnel.as_of else None,
        "total": {"steps": [step_object(step) for step in funnel.steps]},
        "segments": [_segment_object(segment, funnel.by or "") for segment in funnel.segments],
        "bottlenecks": {
            "largest_loss": {"step": loss[0].key, "lost": loss[1]} if loss else None,
            "lowest_rate": {"step": rate[0].key, "rate": rounded(rate[1])} if rate else None,
        },
        "skipped": funnel.skipped,
        "backward": funnel.backward,
        "dropped": [_dropped_object(one) for one in funnel.dropped],
        "ageing": [_ageing_object(one, funnel.called) for one in funnel.ageing],
        "unplaced": list(funnel.unplaced),
        "findings": [finding_object(note, words) for note in funnel.notes],
    }


def step_object(step: Step) -> dict[str, Any]:
    """One step; ``low`` and ``high`` are the band of n, ``ci_…`` the 95 % intervals of the rates."""
    took = step.took
    return {
        "step": step.key,
        "n": step.n,
        "from_first": rounded(step.from_first, 6),
        "from_previous": rounded(step.from_previous, 6),
        "low": step.low,
        "high": step.high,
        "median_days": rounded(took.median) if took else None,
        "p75_days": rounded(took.p75) if took else None,
        "p90_days": rounded(took.p90) if took else None,
        "timed": took.n if took else 0,
        "ci_first": _pair(step.ci_first),
        "ci_previous": _pair(step.ci_previous),
        "entered": step.entered,
        "skipped": step.n - step.entered if step.entered is not None else None,
    }


def _segment_object(segment: Segment, by: str) -> dict[str, Any]:
    dimensions = by.split(",")
    values = [mask(value, one) for value, one in zip(segment.values, dimensions, strict=False)]
    steps = [step_object(step) for step in segment.steps]
    for step, test in zip(steps[1:], segment.tests or [StepTest(None, None)] * len(steps), strict=False):
        step.update(p=test.p, q=test.q)
    return {
        "value": " × ".join(map(str, values)) if values else mask(segment.value, by),
        "values": values or [mask(segment.value, by)],
        "steps": steps,
        "final_rate": rounded(segment.final_rate, 6),
        "ci": _pair(segment.ci),
        "p": segment.p,
        "q": segment.q,
        "enough": segment.enough,
        "rank": segment.rank,
    }


def times_object(times: Times | None) -> dict[str, Any] | None:
    """Days that something took."""
    if times is None:
        return None
    return {
        "n": times.n,
        "median_days": rounded(times.median),
        "p75_days": rounded(times.p75),
        "p90_days": rounded(times.p90),
    }


def _dropped_object(one: Dropped) -> dict[str, Any]:
    return {"step": one.step, "n": one.n, "waited": times_object(one.took)}


def _ageing_object(one: Ageing, called: str) -> dict[str, Any]:
    return {
        "step": one.step,
        "open": one.n,
        "median_days": rounded(one.median),
        "moved_on": one.moved,
        "limit_days": rounded(one.limit),
        "stuck": len(one.stuck),
        "customers": [
            {"customer": mask(name, called), "row": row if row >= 0 else None, "days": rounded(days, 2)}
            for name, row, days in one.stuck
        ],
    }


def _pair(ci: tuple[float, float] | None) -> list[float | None] | None:
    return [rounded(bound, 6) for bound in ci] if ci else None
