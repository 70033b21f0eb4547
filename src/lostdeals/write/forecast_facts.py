"""What a forecast says, as sentences with their interval and n."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lostdeals.write.facts import Fact
from lostdeals.write.funnel_names import step_label

if TYPE_CHECKING:
    from lostdeals.trends import Forecast
    from lostdeals.vocab import Words


SEEN = 0.05
"""Fewer expected wins are shown as 0.0."""


def forecast_fact(found: Forecast, words: Words) -> Fact:
    """So many won within the horizon, and the interval."""
    if found.expected is None:
        return Fact()
    n = sum(one.n for one in found.by_stage)
    said = words.say(
        "forecast.chart.expected", days=found.horizon_days, expected=found.expected, low=found.low, high=found.high
    )
    rough = "" if found.verdict == "proven" else words.say("forecast.chart.rough")
    return Fact(said + rough, None, n)


def stages_fact(found: Forecast, words: Words, funnel: str) -> Fact:
    """The step that most of the expected wins come from."""
    n = sum(one.n for one in found.by_stage)
    best = max(found.by_stage, key=lambda one: one.expected, default=None)
    if best is None or best.expected < SEEN:
        return Fact(n=n)
    step = step_label(words, best.step, funnel)
    said = words.say("forecast.chart.stages", step=step, expected=best.expected, n=best.n)
    return Fact(said, best.step, n)
