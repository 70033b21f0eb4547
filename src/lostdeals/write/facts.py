"""What the counts say, as sentences: the titles of charts and the lines of the overview."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lostdeals.stats.rates import wilson
from lostdeals.vocab.words import UNKNOWN
from lostdeals.write.screen import quoted

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from lostdeals.evaluation import Sensitive
    from lostdeals.funnels import Step
    from lostdeals.model import Report
    from lostdeals.vocab import Words

ENOUGH = 5
"""Fewer customers than this make no chart."""
TOP_SCORE = 80
"""From this score on a customer counts as promising in the title of the score chart; the project's own choice."""


@dataclass(frozen=True)
class Fact:
    """One thing that a table says."""

    sentence: str = ""
    """Empty where the table says nothing."""
    about: str | None = None
    """The category it is about, which a chart sets off."""
    n: int = 0
    """Customers it speaks of."""


def share(n: int, of: int) -> str:
    """A rate that never stands without its n.

    >>> share(11, 38), share(0, 0)
    ('11 / 38 (29%)', '0 / 0')
    """
    return f"{n:,} / {of:,} ({percent(n, of)})" if of else f"{n:,} / {of:,}"


def percent(n: int, of: int) -> str:
    """A rate in whole percent, halves rounded up as Excel does it.

    >>> percent(1, 8)
    '13%'
    """
    return f"{(200 * n + of) // (2 * of)}%"


def fine_percent(rate: float) -> str:
    """A rate in whole percent, small ones with the digits that tell them apart.

    >>> fine_percent(0.35), fine_percent(0.0231), fine_percent(0.00291), fine_percent(0.0)
    ('35%', '2.3%', '0.29%', '0%')
    """
    digits = 0 if rate == 0 or rate >= 0.0995 else 1 if rate >= 0.00995 else 2
    return f"{rate:.{digits}%}"


def step_label(words: Words, key: str) -> str:
    """A funnel step in words: a stage, an outcome, or the sheet's own wording."""
    from lostdeals.write.funnel_names import step_label as named

    return named(words, key)


def counted(report: Report, dimension: str) -> dict[str, int]:
    """Customers per category of a dimension, without those of whom nothing is known."""
    counts: Mapping[str, int] = report.analysis.counts.get(dimension, {})
    return {key: n for key, n in counts.items() if key != UNKNOWN and n}


def lines(report: Report, words: Words) -> list[str]:
    """The sentences of the overview: reasons, funnel, how the score was made, what was left out of it, who is not called."""
    said = [reasons(report, words).sentence, funnel(report, words).sentence, *scoring_lines(report, words)]
    said += [words.finding(one) for one in report.findings if one.code == "do-not-contact"]
    return [line[0].upper() + line[1:] for line in said if line]


def reasons(report: Report, words: Words) -> Fact:
    """The reason given most often; 其他 names nothing, so it only leads where there is nothing else."""
    table = report.analysis.reasons
    known = table[table["reason"] != UNKNOWN]
    if known.empty:
        return Fact()
    named = known[known["reason"] != "other"]
    top = (named if len(named) else known).sort_values("n", ascending=False, kind="stable").iloc[0]
    label, total = words.label("loss_reason", top["reason"]), int(table["n"].sum())
    said = words.say("chart.reasons", reason=label, share=share(int(top["n"]), total))
    return Fact(said, str(top["reason"]), total)


def funnel(report: Report, words: Words) -> Fact:
    """The step before which most customers stay behind."""
    chain = report.analysis.funnel
    if chain is None or chain.largest_loss is None or chain.largest_loss[1] <= 0:
        return Fact(n=chain.steps[0].n if chain else 0)
    step, lost = chain.largest_loss
    if lost + step.n < ENOUGH:
        return Fact(n=chain.steps[0].n)
    before = chain.steps[chain.steps.index(step) - 1]
    said = drop_said(step_label(words, before.key), step_label(words, step.key), lost, step, words)
    return Fact(said, step.key, chain.steps[0].n)


def drop_said(before: str, after: str, lost: int, step: Step, words: Words) -> str:
    """How many customers the largest drop loses, and that customers of an unknown stage are left out where there are any."""
    known = words.say("funnel.known_only") if step.hidden else ""
    return words.say("chart.funnel", before=before, after=after, share=share(lost, lost + step.n), known=known)


def sources(report: Report, words: Words) -> Fact:
    """Which source closes best, or that the differences are within chance."""
    table = closed_sources(report)
    if len(table) < 2:
        return Fact()
    ranked = table.sort_values("rate", ascending=False, kind="stable")
    best, worst, closed = ranked.iloc[0], ranked.iloc[-1], int(table["closed"].sum())
    if best["low"] <= worst["high"]:
        return Fact(words.say("chart.sources-alike", n=closed), n=closed)
    said = words.say(
        "chart.sources",
        best=words.label("source", best["source"]),
        best_share=share(int(best["won"]), int(best["closed"])),
        worst=words.label("source", worst["source"]),
        worst_share=share(int(worst["won"]), int(worst["closed"])),
    )
    return Fact(said, str(best["source"]), closed)


def closed_sources(report: Report) -> pd.DataFrame:
    """Sources with closed deals: ``closed`` and the 95 % interval ``low``-``high`` beside the rate, largest first."""
    table = report.analysis.sources
    table = table.assign(closed=table["won"] + table["lost"])
    table = table[(table["closed"] > 0) & (table["source"] != UNKNOWN)]
    bounds = [wilson(int(won), int(n)) or (0.0, 1.0) for won, n in zip(table["won"], table["closed"], strict=True)]
    table = table.assign(rate=table["won"] / table["closed"], low=[b[0] for b in bounds], high=[b[1] for b in bounds])
    return table.sort_values("closed", ascending=False, kind="stable")


def stages(report: Report, words: Words) -> Fact:
    """The stage most customers are on."""
    counts = counted(report, "stage")
    if not counts:
        return Fact()
    top = max(counts, key=lambda key: counts[key])
    total = sum(counts.values())
    return Fact(words.say("chart.stages", label=words.label("stage", top), share=share(counts[top], total)), top, total)


def tiers(report: Report, words: Words) -> Fact:
    """How many customers the best tier has."""
    counts = counted(report, "tier")
    best = next(iter(words.vocabulary.section("dimensions")["tier"]["categories"]))
    label, total = words.label("tier", best), sum(counts.values())
    return (
        Fact(words.say("chart.tiers", tier=label, share=share(counts.get(best, 0), total)), best, total)
        if counts
        else Fact()
    )


def scores(report: Report, words: Words) -> Fact:
    """How many customers have a promising score."""
    known = report.leads["score"].dropna()
    if known.empty:
        return Fact()
    good = int((known >= TOP_SCORE).sum())
    said = words.say("chart.scores", floor=TOP_SCORE, share=share(good, len(known)), middle=known.median())
    return Fact(said, n=len(known))


def months(report: Report, words: Words) -> Fact:
    """The month that brought most customers."""
    table = report.analysis.months
    if len(table) < 2:
        return Fact()
    top = table.sort_values("n", ascending=False, kind="stable").iloc[0]
    said = words.say("chart.months", month=top["month"], n=int(top["n"]), won=int(top["won"]))
    return Fact(said, str(top["month"]), int(table["n"].sum()))


def scoring_lines(report: Report, words: Words) -> list[str]:
    """How the score was made, what was left out and what only the user can decide, in a few sentences."""
    scoring = report.evaluation
    few = scoring.why == "no-signal" and scoring.rarer < ENOUGH_TO_TELL
    why = "no-signal-few" if few else scoring.why
    lines = [words.say(f"scoring.{why}", **scoring.values, card=report.card, enough=ENOUGH_TO_TELL)]
    if scoring.auc is not None and not few:
        how = words.say(f"validation.{scoring.validation.replace(' ', '-')}")
        said = words.say("terminal.auc", auc=scoring.auc, low=scoring.auc_low, high=scoring.auc_high, how=how)
        if scoring.method == "learned":
            said += words.say("terminal.lift", lift=scoring.top_decile_lift)
        lines[0] += words.say("terminal.colon") + said
    if scoring.method == "scorecard" and scoring.why != "asked-for":
        lines.append(words.say("terminal.card", card=report.card))
    left = [leak.column for leak in scoring.leaky_columns if leak.why not in NO_LEAKS]
    if left:
        shown = words.say("terminal.comma").join(left[:6]) + (" …" if len(left) > 6 else "")
        said = words.say("terminal.left_out", n=len(left), columns=shown)
        both = scoring.guarded
        if both is not None and not few and both.auc_with - both.auc_without >= SHOWN_GAIN:
            said += words.say("scoring.guarded", auc_with=both.auc_with)
        lines.append(said)
    if scoring.questions:
        lines.append(question_line(report, words))
    if scoring.method == "learned" and scoring.next_step:
        lines.append(next_step(report, words))
    if scoring.recentred is not None:
        lines.append(words.say("scoring.recentred", rate=fine_percent(scoring.recentred)))
    if scoring.sensitive is not None and scoring.method == "learned":
        lines.append(sensitive_line(scoring.sensitive, words))
    return lines


def sensitive_line(traits: Sensitive, words: Words) -> str:
    """Which sensitive traits were used, and what the score is worth without them."""
    key = "sensitive" if traits.used else "sensitive-out"
    if traits.auc_with - traits.auc_without < SHOWN_GAIN:
        key += "-same"
    elif not traits.exact:
        key += "-quick"
    named = words.say("terminal.comma").join(traits.columns)
    return words.say(f"scoring.{key}", columns=named, with_=traits.auc_with, without=traits.auc_without)


def next_step(report: Report, words: Words) -> str:
    """How many customers of which outcome a fuller model needs."""
    scoring = report.evaluation
    side = "won" if int(str(scoring.values["won"])) <= int(str(scoring.values["lost"])) else "lost"
    label = words.label("outcome", side)
    return words.say("scoring.next-step", n=scoring.next_step, have=scoring.rarer, side=label)


ENOUGH_TO_TELL = 20
"""Won and lost customers of each kind below which a score without a signal says nothing: the figure is chance."""
NO_LEAKS = ("asked-out", "sensitive", "role-status")
"""Why a column may be left out that is no leak: the user's wish, or that it is the outcome itself."""
SHOWN_GAIN = 0.005
"""A difference in AUC below this is not worth a word."""


def question_line(report: Report, words: Words) -> str:
    """Which columns may have been filled in afterwards, what they are worth together, and the options that answer."""
    scoring = report.evaluation
    asked = sorted(scoring.questions, key=lambda one: -float(str(one.values["auc"])))
    named = words.say("terminal.comma").join(one.column for one in asked)
    said = words.say("scoring.questions", n=len(asked), columns=named)
    worth = asked[0].values
    now, without = float(str(worth["now"])), float(str(worth["all_out"]))
    key = "questions-effect" if abs(now - without) >= SHOWN_GAIN else "questions-same"
    said += words.say(f"scoring.{key}", now=now, without=without)
    options = " ".join(f"--drop {quoted(one.column)}" for one in asked)
    return said + words.say("terminal.stop") + words.say("scoring.question-do", drop=options, keep="--keep")
