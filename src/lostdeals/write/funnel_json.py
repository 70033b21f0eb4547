"""What ``funnel --json`` prints, as the contract fixes it; fields are added, never renamed."""

from __future__ import annotations

from typing import Any

from lostdeals.funnels import Ageing, Dropped, Funnel, Segment, Step, StepTest, Times
from lostdeals.trends import Change, Channels, Comparison, FunnelReport, Trend
from lostdeals.vocab import Words
from lostdeals.write.json import finding_object, rounded
from lostdeals.write.mask import mask


def report_object(report: FunnelReport, words: Words) -> dict[str, Any]:
    """The funnel with its trend, comparison and channels, null where they were not asked for."""
    return {
        **funnel_object(report.funnel, words),
        "trend": _trend_object(report.trend, words) if report.trend else None,
        "comparison": _comparison_object(report.comparison, words) if report.comparison else None,
        "channels": _channels_object(report.channels, words) if report.channels else None,
    }


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


def _trend_object(trend: Trend, words: Words) -> dict[str, Any]:
    return {
        "over": trend.over,
        "horizon_days": rounded(trend.horizon),
        "false_alarm": trend.false_alarm,
        "tested": trend.tested,
        "alike_p": trend.alike,
        "drift_p": trend.drift,
        "falling": trend.falling if trend.drift is not None else None,
        "cohorts": [
            {
                "period": one.period,
                "n": one.n,
                "finished": one.won,
                "rate": rounded(one.rate, 6),
                "ci": _pair(one.ci),
                "young": one.young,
                "estimate": rounded(one.estimate, 6),
                "estimate_ci": _pair(one.estimate_ci),
                "watched_days": rounded(one.watched),
                "rank": one.rank,
                "by_age": list(one.by_age),
                "odd": one.odd,
                "usual": _pair(one.usual),
                "odd_n": one.odd_n,
                "usual_n": _pair(one.usual_n),
            }
            for one in trend.cohorts
        ],
        "curve": [dict(zip(("days", "share", "low", "high"), point, strict=True)) for point in trend.curve],
        "findings": [finding_object(note, words) for note in trend.notes],
    }


def _comparison_object(found: Comparison, words: Words) -> dict[str, Any]:
    mix = found.mix
    return {
        "before": found.names[0],
        "after": found.names[1],
        "within_days": rounded(found.within_days),
        "steps": [_change_object(change) for change in found.changes],
        "first_to_last": _change_object(found.final),
        "mix": None
        if mix is None
        else {
            "by": mix.by,
            "difference": rounded(mix.difference, 6),
            "mix": rounded(mix.mix, 6),
            "rate": rounded(mix.rate, 6),
            "mix_ci": _pair(mix.mix_ci),
            "rate_ci": _pair(mix.rate_ci),
            "simpson": mix.simpson,
            "parts": [
                {
                    "value": mask(part.value, mix.by),
                    "n_before": part.n_before,
                    "n_after": part.n_after,
                    "rate_before": rounded(part.rate_before, 6),
                    "rate_after": rounded(part.rate_after, 6),
                    "mix": rounded(part.mix, 6),
                    "rate": rounded(part.rate, 6),
                }
                for part in mix.parts
            ],
        },
        "findings": [finding_object(note, words) for note in found.notes],
    }


def _change_object(change: Change) -> dict[str, Any]:
    return {
        "step": change.step,
        "n_before": change.n_before,
        "n_after": change.n_after,
        "before": rounded(change.before, 6),
        "after": rounded(change.after, 6),
        "difference": rounded(change.difference, 6),
        "ci": _pair(change.ci),
        "p": change.p,
        "q": change.q,
    }


def _channels_object(found: Channels, words: Words) -> dict[str, Any]:
    return {
        "by": found.by,
        "cost_from": found.cost_from,
        "period": [day.isoformat() for day in found.period] if found.period else None,
        "rows": [
            {
                "value": mask(row.value, found.by),
                "n": row.n,
                "won": row.won,
                "lost": row.lost,
                "open": row.open,
                "rate": rounded(row.rate, 6),
                "ci": _pair(row.ci),
                "q": row.q,
                "closed_rate": rounded(row.closed_rate, 6),
                "worth": rounded(row.worth, 2),
                "cost": rounded(row.cost, 2),
                "cost_per_lead": rounded(row.per_lead, 2),
                "cost_per_win": rounded(row.per_win, 2),
                "cost_per_win_ci": [rounded(bound, 2) for bound in row.per_win_ci] if row.per_win_ci else None,
                "return": rounded(row.returned, 4),
                "enough": row.enough,
            }
            for row in found.rows
        ],
        "findings": [finding_object(note, words) for note in found.notes],
    }
