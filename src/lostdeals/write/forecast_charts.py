"""The charts of a forecast as PNG files: it and its earlier self against what happened, and the steps it comes from."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from lostdeals.write.canvas import ACCENT, DOT, INK, LINE, QUIET, Bar, Picture, lying_bars
from lostdeals.write.fonts import drawable
from lostdeals.write.forecast_facts import forecast_fact, stages_fact
from lostdeals.write.funnel_charts import write_pictures
from lostdeals.write.funnel_names import step_label

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from lostdeals.trends import Backtest, Forecast
    from lostdeals.vocab import Words

NAMES = ("forecast", "forecast_steps")
"""What the charts are called; one of an earlier run that is not drawn any more is removed."""


def write_forecast_charts(found: Forecast, words: Words, funnel: str, folder: Path) -> list[Path]:
    """Write the charts that have something to show; gives their paths. Raises LostDealsError ``cannot-write``."""
    return write_pictures(forecast_pictures(found, words, funnel), NAMES, folder)


def forecast_pictures(found: Forecast, words: Words, funnel: str) -> list[Picture]:
    """The charts of a forecast, still to be drawn; none where nothing can be forecast."""
    if found.expected is None:
        return []
    title = forecast_fact(found, words).sentence
    key = "forecast" if found.backtest else "forecast-unproven"
    note = words.say(f"chart-note.{key}", days=found.horizon_days)
    made = [Picture("forecast", title, note, partial(windows, list(found.backtest)[::-1], found))]
    if len(found.by_stage) > 1 and stages_fact(found, words, funnel).sentence:
        made.append(_stages(found, words, funnel))
    return made


def windows(past: Sequence[Backtest], found: Forecast, axes: Axes) -> None:
    """A line and a dot per window, the earliest first, with a diamond for what happened; this forecast is the last."""
    assert found.expected is not None
    assert found.low is not None
    assert found.high is not None
    top = max([found.high, *(max(one.high, one.actual) for one in past)]) or 1.0
    for place, one in enumerate(past):
        axes.plot([place, place], [one.low, one.high], color=DOT, linewidth=2, solid_capstyle="round")
        axes.plot([place], [one.expected], "o", color=DOT, markersize=7)
        axes.plot([place], [one.actual], "D", color=INK, markersize=6)
        axes.text(place + 0.12, one.actual, f"{one.actual:,}", va="center", fontsize=9)
    here = len(past)
    axes.plot([here, here], [found.low, found.high], color=ACCENT, linewidth=2.4, solid_capstyle="round")
    axes.plot([here], [found.expected], "o", color=ACCENT, markersize=8)
    text = f"{found.expected:,.0f} ({found.low:,.0f}–{found.high:,.0f})"
    axes.text(here + 0.12, found.expected, text, va="center", fontsize=9.5, color=ACCENT)
    days = [*(one.day.isoformat() for one in past), found.as_of.isoformat() if found.as_of else ""]
    axes.set_position((0.07, 0.09, 0.89, 0.69))
    axes.set_xticks(range(len(days)), [drawable(f"{day} →") for day in days])
    axes.set_xlim(-0.5, here + 0.9)
    axes.set_ylim(0, top * 1.08)
    axes.locator_params(axis="y", integer=True, nbins=7)
    axes.yaxis.grid(visible=True)
    axes.spines["left"].set_visible(False)
    axes.spines["bottom"].set_color(LINE)
    axes.tick_params(labelcolor=QUIET, labelsize=9)


def _stages(found: Forecast, words: Words, funnel: str) -> Picture:
    fact = stages_fact(found, words, funnel)
    bars = [
        Bar(
            step_label(words, one.step, funnel),
            one.expected,
            f"{one.expected:,.1f} / {one.n:,}",
            one.step == fact.about,
        )
        for one in found.by_stage
    ]
    title = fact.sentence or words.say("forecast.by_stage")
    note = words.say("chart-note.forecast_steps", n=fact.n, days=found.horizon_days)
    return Picture("forecast_steps", title, note, partial(lying_bars, bars))
