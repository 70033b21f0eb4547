"""What became of the columns of an earlier run that the user renamed or moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from lostdeals.model import Finding
from lostdeals.package.letters import letters, number
from lostdeals.schema import ADDED

if TYPE_CHECKING:
    from lostdeals.model import Report

Marked = Mapping[str, tuple[str, int]]
"""Columns as an earlier run marked them: key -> sheet and column."""


def left_alone(report: Report, earlier: Marked) -> list[Finding]:
    """Columns of an earlier run that the user has given another header: theirs now."""
    own = {number(letter) for letter in report.layout.own.values()}
    found = [column for sheet, column in earlier.values() if sheet == report.sheet.name and column not in own]
    return [Finding("renamed-left-alone", len(found), f"{report.sheet.name}!{letters(found[0])}")] if found else []


def moved(report: Report, earlier: Marked) -> list[Finding]:
    """Columns of ours that stand apart from the others or in another order: made anew where they stand."""
    own = {key: number(letter) for key, letter in report.layout.own.items()}
    placed = [own[key] for key in ADDED if key in own]
    ours = {column for _, column in earlier.values()}  # among them those that now have another header
    runs: list[list[int]] = []
    for column in _longest_rising(placed):
        between = set(range(runs[-1][-1] + 1, column)) - set(placed) if runs else set()
        if runs and (not ours or between <= ours):
            runs[-1].append(column)
        else:
            runs.append([column])
    most = max(runs, key=len, default=[])
    found = sorted(column for column in placed if column not in most)
    return [Finding("moved-left-there", len(found), f"{report.sheet.name}!{letters(found[0])}")] if found else []


def _longest_rising(numbers: Sequence[int]) -> list[int]:
    """The most of them that rise, in their order.

    >>> _longest_rising([7, 8, 9, 25, 11, 12])
    [7, 8, 9, 11, 12]
    """
    best: list[list[int]] = []
    for one in numbers:
        before = max((line for line in best if line[-1] < one), key=len, default=[])
        best.append([*before, one])
    return max(best, key=len, default=[])
