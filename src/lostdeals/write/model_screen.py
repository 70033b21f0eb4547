"""The report of ``score --report-model`` on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.text import Text

from lostdeals.write.card_check import check_lines
from lostdeals.write.facts import fine_percent
from lostdeals.write.model_card import calibration_heading, card_lines
from lostdeals.write.screen import Column, fitted, labelled

if TYPE_CHECKING:
    from lostdeals.model import Report
    from lostdeals.vocab import Words

MOST_NAMED = 30
"""Used columns named on the screen."""


def model_screen(report: Report, words: Words) -> RenderableType:
    """How far the score can be trusted: the model card, calibration in five groups, the scorecard's check-up."""
    parts: list[RenderableType] = [
        Text(words.say("model.heading"), style="bold"),
        labelled(*_labelled(card_lines(report, words, MOST_NAMED))),
    ]
    groups = report.evaluation.calibration
    if groups:
        columns = [
            Column(words.say("model.group"), 16, False),
            Column(words.say("model.n"), 8, True),
            Column(words.say("model.expected"), 10, True),
            Column(words.say("model.observed"), 10, True),
        ]
        rows = [
            [words.say("model.fifth", number=number), f"{g.n:,}", fine_percent(g.expected), fine_percent(g.won / g.n)]
            for number, g in enumerate(groups, 1)
        ]
        parts += [Text(), Text.assemble("  ", (words.say(calibration_heading(report)), "bold")), fitted(columns, rows)]
    checked = check_lines(report, words)
    if checked:
        parts += [Text(), Text.assemble("  ", (words.say("doctor.heading"), "bold")), labelled(*_labelled(checked))]
    return Group(*parts, Text())


def _labelled(lines: list[tuple[str, str]]) -> tuple[list[tuple[str, str]], list[bool]]:
    shown = [
        (topic if place == 0 or lines[place - 1][0] != topic else "", text) for place, (topic, text) in enumerate(lines)
    ]
    return shown, [False] * len(shown)
