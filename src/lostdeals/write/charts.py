"""The charts as PNG files: reasons, funnel, sources, stages, tiers, scores and months, each with what it says as its title."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from lostdeals.errors import LostDealsError
from lostdeals.vocab.words import UNKNOWN
from lostdeals.write import facts
from lostdeals.write.atomic import replacing
from lostdeals.write.canvas import (
    Bar,
    Interval,
    Picture,
    columns,
    histogram,
    intervals,
    lying_bars,
    paint,
    stacked,
    style,
)

if TYPE_CHECKING:
    from lostdeals.model import Report
    from lostdeals.vocab import Words

MOST = 12
"""Bars of one chart; the tables are sorted, so what is left out is small (of months, the oldest)."""
STEP = 10
"""Points of the score per bar of the histogram."""


NAMES = ("reasons", "funnel", "sources", "stages", "tiers", "scores", "months")
"""What the charts are called; one of an earlier run that is not drawn any more is removed."""


def write_charts(report: Report, words: Words, folder: Path) -> list[Path]:
    """Write the charts that have something to show, none of them about fewer than five customers; gives their paths.

    1200 × 700 pixels, Chinese on any machine, the same bytes for the same report. The folder is made where it is missing.
    Raises LostDealsError ``cannot-write``.
    """
    wanted = pictures(report, words)
    paths = []
    with style():
        for number, picture in enumerate(wanted, start=1):
            path = folder / f"{number:02d}_{picture.name}.png"
            _make(folder)
            with replacing(path) as file:
                file.write(paint(picture))
            paths.append(path)
    for old in folder.glob("[0-9][0-9]_*.png"):
        if old not in paths and old.stem[3:] in NAMES:
            old.unlink(missing_ok=True)
    return paths


def pictures(report: Report, words: Words) -> list[Picture]:
    """The charts of a report, still to be drawn."""
    every = [_reasons, _funnel, _sources, _stages, _tiers, _scores, _months]
    return [picture for make in every if (picture := make(report, words))]


def _reasons(report: Report, words: Words) -> Picture | None:
    table, fact = report.analysis.reasons, facts.reasons(report, words)
    rows = table[table["reason"] != UNKNOWN].head(MOST)
    bars = [
        Bar(words.label("loss_reason", reason), n, f"{n:,} ({facts.percent(n, fact.n)})", reason == fact.about)
        for reason, n in zip(rows["reason"], rows["n"].tolist(), strict=True)
    ]
    return _picture("reasons", fact, words, bars, partial(lying_bars, bars))


def _funnel(report: Report, words: Words) -> Picture | None:
    fact = facts.funnel(report, words)
    steps = report.analysis.funnel.steps if report.analysis.funnel else ()
    before = [None, *(step.n for step in steps)]
    bars = [
        Bar(
            facts.step_label(words, step.key),
            step.n,
            f"{step.n:,} ({facts.percent(step.n, last)})" if last else f"{step.n:,}",
            step.key == fact.about,
            None if step.high is None or step.high == step.n else (step.low or step.n, step.high),
        )
        for step, last in zip(steps, before, strict=False)
    ]
    note = "funnel-band" if any(bar.band for bar in bars) else "funnel"
    return _picture("funnel", fact, words, bars, partial(lying_bars, bars), note)


def _sources(report: Report, words: Words) -> Picture | None:
    fact, table = facts.sources(report, words), facts.closed_sources(report).head(MOST)
    rows = zip(
        table["source"], table["won"].tolist(), table["closed"].tolist(), table["low"], table["high"], strict=True
    )
    dots = [
        Interval(words.label("source", source), won / n, low, high, facts.share(won, n), source == fact.about)
        for source, won, n, low, high in rows
    ]
    overall = table["won"].sum() / table["closed"].sum() if fact.n else 0.0
    return _picture("sources", fact, words, dots, partial(intervals, dots, overall), "sources")


def _stages(report: Report, words: Words) -> Picture | None:
    counts = facts.counted(report, "stage")
    return _counted(report, words, "stage", [key for key in words.vocabulary.section("stages") if key in counts])


def _tiers(report: Report, words: Words) -> Picture | None:
    return _counted(report, words, "tier", list(words.vocabulary.section("dimensions")["tier"]["categories"]))


def _counted(report: Report, words: Words, dimension: str, order: Sequence[str]) -> Picture | None:
    """Customers per category of a dimension that has an order."""
    counts = facts.counted(report, dimension)
    if not counts:
        return None
    fact = facts.stages(report, words) if dimension == "stage" else facts.tiers(report, words)
    bars = [
        Bar(words.label(dimension, key), n, f"{n:,} ({facts.percent(n, fact.n)})", key == fact.about)
        for key in [*order, *(key for key in counts if key not in order)]
        if (n := counts.get(key, 0)) or key in order
    ]
    return _picture(f"{dimension}s", fact, words, bars, partial(columns, bars))


def _scores(report: Report, words: Words) -> Picture | None:
    fact, scores = facts.scores(report, words), report.leads["score"].dropna().clip(0, 100)
    groups = (scores // STEP).clip(upper=100 // STEP - 1).value_counts()
    bars = [
        Bar(
            f"{start}–{100 if start + STEP == 100 else start + STEP - 1}",
            n,
            f"{n:,}" if n else "",
            start >= facts.TOP_SCORE,
        )
        for start in range(0, 100, STEP)
        for n in [int(groups.get(start // STEP, 0))]
    ]
    return _picture("scores", fact, words, bars, partial(histogram, bars), "scores")


def _months(report: Report, words: Words) -> Picture | None:
    fact, table = facts.months(report, words), report.analysis.months.tail(MOST)
    rows = zip(table["month"], table["n"].tolist(), table["won"].tolist(), strict=True)
    bars = [Bar(month, n, f"{won:,} / {n:,}", inner=won) for month, n, won in rows]
    return _picture("months", fact, words, bars, partial(stacked, bars), "months")


def _picture(
    name: str, fact: facts.Fact, words: Words, drawn: Sequence[object], draw: partial[None], note: str = "customers"
) -> Picture | None:
    if fact.n < facts.ENOUGH or len(drawn) < 2:
        return None
    title = fact.sentence or words.say(f"heading.{name}")
    return Picture(name, title, words.say(f"chart-note.{note}", n=fact.n), draw)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LostDealsError("cannot-write", where=str(folder), reason=error.strerror or type(error).__name__) from None
