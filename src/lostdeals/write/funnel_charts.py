"""The charts of a funnel as PNG files: the steps, the groups with intervals, cohorts as a heat map, time to the end."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from lostdeals.errors import LostDealsError
from lostdeals.write.atomic import replacing
from lostdeals.write.canvas import (
    ACCENT,
    LINE,
    QUIET,
    Bar,
    Interval,
    Picture,
    intervals,
    lying_bars,
    paint,
    style,
)
from lostdeals.write.facts import ENOUGH, percent, share
from lostdeals.write.fonts import drawable
from lostdeals.write.funnel_facts import cohorts_fact, curve_fact, groups_fact, loss_fact
from lostdeals.write.funnel_names import segment_label, step_name

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from lostdeals.funnels import Funnel
    from lostdeals.trends import Cohort, FunnelReport, Trend
    from lostdeals.vocab import Words

NAMES = ("funnel", "groups", "cohorts", "curve")
"""What the charts are called; one of an earlier run that is not drawn any more is removed."""
MOST_STEPS, MOST_GROUPS, MOST_COHORTS = 14, 14, 16
"""Bars, dots and rows of one chart."""
PALE = "#F2F5F9"


def write_funnel_charts(report: FunnelReport, words: Words, folder: Path) -> list[Path]:
    """Write the charts that have something to show, none about fewer than five customers; gives their paths.

    Raises LostDealsError ``cannot-write``.
    """
    return write_pictures(funnel_pictures(report, words), NAMES, folder)


def write_pictures(wanted: Sequence[Picture], names: Collection[str], folder: Path) -> list[Path]:
    """Write pictures with their number and name; those of an earlier run under these names go.

    Raises LostDealsError ``cannot-write``.
    """
    if not wanted:
        return []
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise LostDealsError("cannot-write", where=str(folder), reason=reason) from None
    paths = []
    with style():
        for number, picture in enumerate(wanted, start=1):
            path = folder / f"{number:02d}_{picture.name}.png"
            with replacing(path) as file:
                file.write(paint(picture))
            paths.append(path)
    for old in folder.glob("[0-9][0-9]_*.png"):
        if old not in paths and old.stem[3:] in names:
            old.unlink(missing_ok=True)
    return paths


def funnel_pictures(report: FunnelReport, words: Words) -> list[Picture]:
    """The charts of a funnel, still to be drawn."""
    if report.funnel.steps[0].n < ENOUGH:
        return []
    made = [_steps(report.funnel, words), _groups(report.funnel, words)]
    if report.trend is not None:
        made += [_cohorts(report.trend, words), _curve(report.trend, words)]
    return [picture for picture in made if picture is not None]


def _steps(funnel: Funnel, words: Words) -> Picture | None:
    fact = loss_fact(funnel, words)
    steps = funnel.steps[:MOST_STEPS]
    before = [None, *(step.n for step in steps)]
    bars = [
        Bar(
            step_name(step.key, funnel, words),
            step.n,
            f"{step.n:,} ({percent(step.n, last)})" if last and step.n <= last else f"{step.n:,}",
            step.key == fact.about,
            None if step.high is None or step.high == step.n else (step.low or step.n, step.high),
        )
        for step, last in zip(steps, before, strict=False)
    ]
    note = "funnel-band" if any(bar.band for bar in bars) else "funnel"
    title = fact.sentence or words.say("heading.funnel")
    return Picture("funnel", title, words.say(f"chart-note.{note}", n=fact.n), partial(lying_bars, bars))


def _groups(funnel: Funnel, words: Words) -> Picture | None:
    fact, n = groups_fact(funnel, words), funnel.steps[0].n
    shown = [one for one in funnel.segments if one.ci is not None and one.final_rate is not None and one.enough]
    if len(shown) < 2:
        return None
    dots = [
        Interval(
            segment_label(one.value, funnel.by, words),
            one.final_rate or 0.0,
            one.ci[0],
            one.ci[1],
            share(one.steps[-1].n, one.steps[0].n),
            one.value == fact.about,
        )
        for one in shown[:MOST_GROUPS]
        if one.ci is not None
    ]
    title = fact.sentence or words.say("funnel.chart.groups")
    note = words.say("chart-note.groups", n=n)
    return Picture("groups", title, note, partial(intervals, dots, funnel.steps[-1].n / n if n else 0.0))


def _cohorts(trend: Trend, words: Words) -> Picture | None:
    fact = cohorts_fact(trend, words)
    shown = [one for one in trend.cohorts if one.n][-MOST_COHORTS:]
    if len(shown) < 2 or not any(share is not None for one in shown for share in one.by_age):
        return None
    title = fact.sentence or words.say("funnel.chart.cohorts_title")
    over = words.pick(words.vocabulary.section("messages")["funnel"]["by_word"][trend.over])
    note = words.say("chart-note.cohorts", n=fact.n, over=over)
    return Picture("cohorts", title, note, partial(heat, shown))


def _curve(trend: Trend, words: Words) -> Picture | None:
    fact = curve_fact(trend, words)
    if len(trend.curve) < 2:
        return None
    title = fact.sentence or words.say("funnel.chart.curve_title")
    return Picture("curve", title, words.say("chart-note.curve", n=fact.n), partial(curve, trend.curve, trend.horizon))


def heat(cohorts: Sequence[Cohort], axes: Axes) -> None:
    """A row per cohort, a column per age; the darker, the more have come to the end by then. Blank is not known yet."""
    ages = max((place + 1 for one in cohorts for place, value in enumerate(one.by_age) if value is not None), default=1)
    most = max((value for one in cohorts for value in one.by_age if value is not None), default=0.0) or 1.0
    for row, one in enumerate(cohorts):
        for age in range(ages):
            value = one.by_age[age] if age < len(one.by_age) else None
            if value is None:
                continue
            strength = value / most
            axes.add_patch(_cell(age, row, _mixed(strength)))
            ink = "white" if strength > 0.55 else "#262B33"
            axes.text(age + 0.5, row + 0.5, f"{value:.0%}", ha="center", va="center", fontsize=8, color=ink)
    labels = [drawable(f"{one.period}  n={one.n:,}") for one in cohorts]
    axes.set_position((0.19, 0.05, 0.77, 0.70))
    axes.set_xlim(0, ages)
    axes.set_ylim(len(cohorts), 0)
    axes.set_yticks([row + 0.5 for row in range(len(cohorts))], labels)
    axes.xaxis.tick_top()
    axes.set_xticks([age + 0.5 for age in range(ages)], [str(age + 1) for age in range(ages)])
    axes.tick_params(labelcolor=QUIET, labelsize=8.5)
    for side in axes.spines.values():
        side.set_visible(False)


def curve(points: Sequence[tuple[float, float, float, float]], horizon: float | None, axes: Axes) -> None:
    """A step line of the share that has come to the end by each day, with its interval."""
    days = [0.0, *(point[0] for point in points)]
    shares, lows, highs = ([0.0, *(point[place] for point in points)] for place in (1, 2, 3))
    axes.fill_between(days, lows, highs, step="post", color=LINE, alpha=0.6, linewidth=0)
    axes.step(days, shares, where="post", color=ACCENT, linewidth=2)
    axes.set_position((0.07, 0.11, 0.89, 0.66))
    if horizon is not None and horizon <= days[-1]:
        axes.axvline(horizon, color=QUIET, linewidth=1, linestyle=(0, (3, 3)))
        axes.text(
            horizon,
            max(highs) * 1.03,
            f"{horizon:.0f}",
            ha="center",
            va="bottom",
            fontsize=8.5,
            color=QUIET,
            backgroundcolor="white",
        )
    axes.set_xlim(0, days[-1] * 1.02)
    axes.set_ylim(0, max(highs) * 1.1 or 1)
    axes.yaxis.grid(visible=True)
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
    axes.tick_params(labelcolor=QUIET)


def _cell(column: int, row: int, colour: str):  # type: ignore[no-untyped-def]  # matplotlib is imported where it draws
    from matplotlib.patches import Rectangle

    return Rectangle((column + 0.03, row + 0.05), 0.94, 0.9, facecolor=colour, edgecolor="none")


def _mixed(strength: float) -> str:
    """A colour between pale and the accent."""
    pale, full = (tuple(int(text[place : place + 2], 16) for place in (1, 3, 5)) for text in (PALE, ACCENT))
    parts = [round(a + (b - a) * min(max(strength, 0.0), 1.0)) for a, b in zip(pale, full, strict=True)]
    return "#" + "".join(f"{part:02X}" for part in parts)
