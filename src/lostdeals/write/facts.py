"""What the counts say, as sentences: the titles of charts and the lines of the overview."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lostdeals.stats.rates import wilson
from lostdeals.vocab.words import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from lostdeals.model import Report, Step
    from lostdeals.vocab import Words

ENOUGH = 5
"""Fewer customers than this make no chart."""
TOP_SCORE = 80
"""From this score on a customer counts as promising in the title of the score chart; the project's own choice."""


def share(n: int, of: int) -> str:
    """A rate that never stands without its n.

    >>> share(11, 38), share(0, 0)
    ('11 / 38 (29%)', '0 / 0')
    """
    return f"{n:,} / {of:,} ({n / of:.0%})" if of else f"{n:,} / {of:,}"


def step_label(words: Words, key: str) -> str:
    """A funnel step in words: a stage, an outcome, or the sheet's own wording."""
    label = words.label("stage", key)
    return label if label != key else words.label("outcome", key)


def counted(report: Report, dimension: str) -> dict[str, int]:
    """Customers per category of a dimension, without those of whom nothing is known."""
    counts: Mapping[str, int] = report.analysis.counts.get(dimension, {})
    return {key: n for key, n in counts.items() if key != UNKNOWN and n}


def lines(report: Report, words: Words) -> list[str]:
    """The sentences of the overview, the most useful first: reasons, funnel, how the score was made, what was left out."""
    said = [reasons(report, words), funnel(report, words), method(report, words), left_out(report, words)]
    return [line for line in said if line]


def method(report: Report, words: Words) -> str:
    """How the score was made and how far to trust it."""
    how = report.evaluation
    said = words.say(f"scoring.{how.why}", **how.values)
    if how.auc is None or how.auc_low is None or how.auc_high is None:
        return said
    quality = words.say("overview.auc", auc=how.auc, low=how.auc_low, high=how.auc_high)
    if how.top_decile_lift:
        quality += words.say("overview.lift", lift=how.top_decile_lift)
    return said.rstrip() + (" " if words.lang == "en" else "") + quality


def left_out(report: Report, words: Words) -> str:
    """The columns the score must not look at, because they were filled in afterwards."""
    columns = [leak.column for leak in report.evaluation.leaky_columns]
    if not columns:
        return ""
    return words.say("overview.left-out", count=len(columns), columns=words.say("phrase.comma").join(columns))


def reasons(report: Report, words: Words) -> str:
    """The reason given most often; 其他 names nothing, so it only leads where there is nothing else."""
    table = report.analysis.reasons
    if table.empty:
        return ""
    named = table[~table["reason"].isin(["other", UNKNOWN])]
    top = (named if len(named) else table).sort_values("n", ascending=False, kind="stable").iloc[0]
    label = words.label("loss_reason", top["reason"])
    return words.say("chart.reasons", reason=label, share=share(int(top["n"]), int(table["n"].sum())))


def funnel(report: Report, words: Words) -> str:
    """The step where most customers stay behind."""
    steps = report.analysis.funnel.steps if report.analysis.funnel else ()
    pairs: list[tuple[Step, Step]] = [(a, b) for a, b in zip(steps, steps[1:], strict=False) if a.n]
    if not pairs:
        return ""
    before, after = max(pairs, key=lambda pair: pair[0].n - pair[1].n)
    names = {"before": step_label(words, before.key), "after": step_label(words, after.key)}
    return words.say("chart.funnel", **names, lost=before.n - after.n, share=share(before.n - after.n, before.n))


def sources(report: Report, words: Words) -> str:
    """Which source closes best, or that the differences are within chance."""
    table = closed_sources(report)
    if len(table) < 2:
        return ""
    ranked = table.sort_values("rate", ascending=False, kind="stable")
    best, worst = ranked.iloc[0], ranked.iloc[-1]
    if best["low"] <= worst["high"]:
        return words.say("chart.sources-alike", n=int(table["closed"].sum()))
    return words.say(
        "chart.sources",
        best=words.label("source", best["source"]),
        best_share=share(int(best["won"]), int(best["closed"])),
        worst=words.label("source", worst["source"]),
        worst_share=share(int(worst["won"]), int(worst["closed"])),
    )


def closed_sources(report: Report) -> pd.DataFrame:
    """Sources with closed deals: ``closed`` and the 95 % interval ``low``-``high`` beside the rate, largest first."""
    table = report.analysis.sources
    table = table.assign(closed=table["won"] + table["lost"])
    table = table[(table["closed"] > 0) & (table["source"] != UNKNOWN)]
    bounds = [wilson(int(won), int(n)) or (0.0, 1.0) for won, n in zip(table["won"], table["closed"], strict=True)]
    table = table.assign(rate=table["won"] / table["closed"], low=[b[0] for b in bounds], high=[b[1] for b in bounds])
    return table.sort_values("closed", ascending=False, kind="stable")


def stages(report: Report, words: Words) -> str:
    """The stage most customers are on."""
    return _largest(counted(report, "stage"), "chart.stages", words, "stage")


def tiers(report: Report, words: Words) -> str:
    """How many customers the best tier has."""
    counts = counted(report, "tier")
    best = next(iter(words.vocabulary.section("dimensions")["tier"]["categories"]))
    label, total = words.label("tier", best), sum(counts.values())
    return words.say("chart.tiers", tier=label, share=share(counts.get(best, 0), total)) if counts else ""


def scores(report: Report, words: Words) -> str:
    """How many customers have a promising score."""
    known = report.leads["score"].dropna()
    if known.empty:
        return ""
    good = int((known >= TOP_SCORE).sum())
    return words.say("chart.scores", floor=TOP_SCORE, share=share(good, len(known)), middle=known.median())


def months(report: Report, words: Words) -> str:
    """The month that brought most customers."""
    table = report.analysis.months
    if len(table) < 2:
        return ""
    top: Any = table.loc[table["n"].idxmax()]
    return words.say("chart.months", month=top["month"], n=int(top["n"]), won=int(top["won"]))


def _largest(counts: Mapping[str, int], sentence: str, words: Words, dimension: str) -> str:
    if not counts:
        return ""
    top = max(counts, key=lambda key: counts[key])
    return words.say(sentence, label=words.label(dimension, top), share=share(counts[top], sum(counts.values())))
