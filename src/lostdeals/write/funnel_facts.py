"""What a funnel, its groups, its cohorts and its curve say, as sentences with their n."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lostdeals.vocab.words import UNKNOWN
from lostdeals.write.facts import Fact, drop_said, share
from lostdeals.write.funnel_names import percent, segment_label, span_text, step_name

if TYPE_CHECKING:
    from lostdeals.funnels import Funnel
    from lostdeals.trends import Trend
    from lostdeals.vocab import Words

REST = "…"
WHOLE_PERCENT = 0.1
"""Rates from here on need no digit after the point in a title."""
SURE = 0.025
"""p below which periods are said to differ, and to rise or fall: two questions that share 5 % of false alarms."""


def loss_fact(funnel: Funnel, words: Words) -> Fact:
    """The step before which most are lost."""
    n = funnel.steps[0].n
    if funnel.largest_loss is None or funnel.largest_loss[1] <= 0:
        return Fact(n=n)
    step, lost = funnel.largest_loss
    before = funnel.steps[funnel.steps.index(step) - 1]
    said = drop_said(step_name(before.key, funnel, words), step_name(step.key, funnel, words), lost, step, words)
    return Fact(said, step.key, n)


def groups_fact(funnel: Funnel, words: Words) -> Fact:
    """Which group stands out beyond chance, or that none does."""
    n = funnel.steps[0].n
    tested = [one for one in funnel.segments if one.q is not None and one.value not in (UNKNOWN, REST)]
    if not tested or nobody_finished(funnel):
        return Fact(n=n)
    odd = [one for one in tested if (one.q or 0) < 0.05]
    if not odd:
        return Fact(words.say("funnel.chart.alike", n=len(tested)), n=n)
    whole = (funnel.steps[-1].n / n) if n else 0.0
    top = max(odd, key=lambda one: abs((one.final_rate or 0) - whole))
    key = "funnel.chart.above" if (top.final_rate or 0) > whole else "funnel.chart.below"
    said = words.say(
        key,
        value=segment_label(top.value, funnel.by, words),
        share=share(top.steps[-1].n, top.steps[0].n),
        whole=f"{whole:.0%}" if whole >= WHOLE_PERCENT else percent(whole),
    )
    return Fact(said, top.value, n)


def nobody_finished(funnel: Funnel) -> bool:
    """Whether no group but that without a value has anybody at the end: nobody who bought has a loss reason."""
    named = [one for one in funnel.segments if one.value not in (UNKNOWN, REST)]
    return bool(named) and not any(one.final_rate for one in named)


def cohorts_fact(trend: Trend, words: Words) -> Fact:
    """The best and the worst of the cohorts that are old enough."""
    n = sum(one.n for one in trend.cohorts)
    ranked = sorted((one for one in trend.cohorts if one.rank is not None), key=lambda one: one.rank or 0)
    if len(ranked) < 2:
        return Fact(n=n)
    best, worst = ranked[0], ranked[-1]
    if drifts(trend):
        best, worst = (one for one in sorted(ranked, key=lambda one: one.period)[:: len(ranked) - 1])
        key = "funnel.chart.falling" if trend.falling else "funnel.chart.rising"
        said = words.say(
            key,
            first=best.period,
            first_share=share(best.won, best.n),
            last=worst.period,
            last_share=share(worst.won, worst.n),
        )
        return Fact(said, worst.period, n)
    said = words.say(
        "funnel.chart.cohorts" if differ(trend) else "funnel.chart.cohorts_alike",
        n=len(ranked),
        best=best.period,
        best_share=share(best.won, best.n),
        worst=worst.period,
        worst_share=share(worst.won, worst.n),
    )
    return Fact(said, best.period, n)


def drifts(trend: Trend) -> bool:
    """Whether the ranked cohorts rise or fall by more than chance would make them."""
    return trend.drift is not None and trend.drift < SURE


def differ(trend: Trend) -> bool:
    """Whether the ranked cohorts differ by more than chance would make them."""
    return trend.alike is not None and trend.alike < SURE


def curve_fact(trend: Trend, words: Words) -> Fact:
    """How long nine in ten of those who finished took."""
    n = sum(one.n for one in trend.cohorts)
    if trend.horizon is None or not trend.curve:
        return Fact(n=n)
    return Fact(
        words.say(
            "funnel.chart.curve",
            span=span_text(trend.horizon, words),
            share=percent(trend.curve[-1][1]),
            day=trend.curve[-1][0],
        ),
        n=n,
    )
