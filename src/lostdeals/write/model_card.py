"""The model card: everything that is known about how far a score can be trusted, as topics and sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lostdeals.write.columns import header
from lostdeals.write.facts import SHOWN_GAIN, fine_percent, next_step, sensitive_line
from lostdeals.write.fields import Field, Table

if TYPE_CHECKING:
    from lostdeals.evaluation import Evaluation
    from lostdeals.model import Report
    from lostdeals.vocab import Words

LARGE_DRIFT = 0.25
SAME = 0.005
"""A Brier gain this near to nothing is none."""
SMALL = 0.01
"""A Brier score below this has more digits."""


def card_lines(report: Report, words: Words, most: int | None = None) -> list[tuple[str, str]]:
    """Topic and sentence, in the order a sales director asks: how made, how good, how calibrated, what was left out, by whom.

    most: used columns that are named, all where None.
    """
    scoring = report.evaluation
    say = words.say
    lines: list[tuple[str, str]] = [("method", say(f"scoring.{scoring.why}", **scoring.values, card=report.card))]
    if scoring.step:
        said = say(f"model.step.{scoring.step}", m=scoring.rarer)
        lines.append(("method", said))
    if scoring.next_step and scoring.step:
        lines.append(("method", next_step(report, words)))
    lines.append(("rule", say(f"model.rule.{_rule(scoring)}", card=report.card)))
    if scoring.auc is not None:
        how = say(f"validation.{scoring.validation.replace(' ', '-')}")
        values = {"auc": scoring.auc, "low": scoring.auc_low, "high": scoring.auc_high, "how": how, "n": scoring.tested}
        lines.append(("quality", say("model.auc", **values)))
        if scoring.folds_auc is not None:
            lines.append(("quality", say("model.folds", auc=scoring.folds_auc)))
        elif scoring.validation == "grouped 5-fold":
            lines.append(("quality", say(f"model.untimed.{scoring.untimed or 'no-dates'}")))
    if scoring.twins:
        lines.append(("quality", say("model.twins", n=scoring.twins)))
    if scoring.top_rate is not None and scoring.brier_gain is not None and scoring.ece_floor is not None:
        base = fine_percent(scoring.base_rate or 0.0)
        lines.append(
            ("quality", say("model.top", rate=fine_percent(scoring.top_rate), base=base, lift=scoring.top_decile_lift))
        )
        lines.append(("calibration", _brier(scoring.brier or 0.0, scoring.brier_gain, words)))
        lines.append(("calibration", say("model.ece", ece=scoring.ece, floor=scoring.ece_floor)))
    if scoring.recentred is not None:
        lines.append(("calibration", say("scoring.recentred", rate=fine_percent(scoring.recentred))))
    lines += [
        ("left_out", f"{left.column}{say('terminal.colon')}{say(f'leak.{left.why}', **left.values)}")
        for left in scoring.leaky_columns
    ]
    if scoring.guarded is not None:
        both = scoring.guarded
        lines.append(("left_out", say("model.guarded", auc_with=both.auc_with, auc_without=both.auc_without)))
    for asked in scoring.questions:
        why = say(f"leak.{asked.why}", **asked.values)
        now, without = float(str(asked.values["now"])), float(str(asked.values["without"]))
        key = "question-effect" if abs(now - without) >= SHOWN_GAIN else "question-same"
        effect = say(f"scoring.{key}", column=asked.column, now=now, without=without)
        lines.append(("questions", f"{effect} · {why}"))
    if scoring.used_columns:
        named = scoring.used_columns[: most or None]
        rest = len(scoring.used_columns) - len(named)
        lines.append(("used", say("terminal.comma").join(named) + (say("model.more", n=rest) if rest else "")))
    lines += [("used", say("model.repeats", column=one.column, first=one.first)) for one in scoring.repeats[:most]]
    lines += [
        ("together", words.say(f"together.{both.how}", first=both.columns[0], other=both.columns[1:]))
        for both in scoring.together
    ]
    lines += _sensitive(report, words)
    for drift in scoring.drift:
        key = "large" if drift.psi > LARGE_DRIFT else "some"
        lines.append(("drift", say(f"model.drift-{key}", column=drift.column, psi=drift.psi)))
    return [(say(f"model.topic.{topic}"), text) for topic, text in lines]


def _rule(scoring: Evaluation) -> str:
    return scoring.why if scoring.why == "saved-model" else scoring.method


def _brier(brier: float, gain: float, words: Words) -> str:
    """The Brier score with enough digits for rare outcomes, and what it is worth against the average rate."""
    key = "same" if abs(gain) < SAME else "better" if gain > 0 else "worse"
    return words.say(f"model.brier-{key}", brier=f"{brier:.3f}" if brier >= SMALL else f"{brier:.5f}", gain=abs(gain))


def calibration_heading(report: Report) -> str:
    """The message above the groups; those of a saved model are of the sheet it was learned from."""
    return "model.calibration-saved" if report.evaluation.why == "saved-model" else "model.calibration"


def _sensitive(report: Report, words: Words) -> list[tuple[str, str]]:
    traits = report.evaluation.sensitive
    if traits is None or report.evaluation.method != "learned":
        return []
    lines = [sensitive_line(traits, words)]
    lines += [
        words.say(
            "model.selected" if traits.exact else "model.selected-quick",
            who=words.say(
                "why.range" if group.value.startswith(("<", "≥")) else "why.factor",
                header=group.column,
                level=group.value,
            ),
            n=group.n,
            rate=group.selected / group.n,
            without=group.selected_without / group.n,
        )
        for group in traits.groups
    ]
    return [("sensitive", line) for line in lines]


def model_tables(report: Report, words: Words) -> tuple[Table, ...]:
    """The page 模型卡: the card, then the calibration in five groups where there is one."""
    lines = card_lines(report, words)
    first = Table(
        words.say("model.heading"),
        (
            Field(header(words, "topic"), once([topic for topic, _ in lines]), width=16),
            Field(header(words, "text"), [text for _, text in lines], "wrapped", 110),
        ),
    )
    groups = report.evaluation.calibration
    if not groups:
        return (first,)
    names = [words.say("model.fifth", number=number) for number in range(1, len(groups) + 1)]
    second = Table(
        words.say(calibration_heading(report)),
        (
            Field(words.say("model.group"), names, width=16),
            Field(
                words.say("model.said"),
                [
                    words.say(
                        "model.group_line",
                        n=g.n,
                        expected=fine_percent(g.expected),
                        won=g.won,
                        rate=fine_percent(g.won / g.n),
                    )
                    for g in groups
                ],
                "wrapped",
                110,
            ),
        ),
    )
    return (first, second)


def once(topics: list[str]) -> list[str]:
    """A topic only on its first line."""
    return [topic if place == 0 or topics[place - 1] != topic else "" for place, topic in enumerate(topics)]
