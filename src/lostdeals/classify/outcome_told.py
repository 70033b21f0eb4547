"""What the user has said of values that the outcome column does not have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lostdeals.errors import NAMED, likest
from lostdeals.model import Finding, Outcome, OutcomeReading
from lostdeals.vocab import normalise

NOT_THERE = NONE_WON, OTHERS = "outcome-none-told-won", "outcome-value-missing"
"""Findings that values told are not there; every command that reads an outcome says them."""
LONGEST = 24
"""Characters of a value of the column that are shown."""


def missing_values(told: Mapping[str, Outcome], distinct: Sequence[str]) -> dict[str, Outcome]:
    """The values that were told and that no cell of the column has, with what they were told to mean.

    >>> missing_values({"赢单": "won", "丢单": "lost"}, ["丢单 ", "跟进"])
    {'赢单': 'won'}
    """
    there = {normalise(value) for value in distinct}
    return {value: outcome for value, outcome in told.items() if normalise(value) not in there}


def missing_findings(reading: OutcomeReading, told: Mapping[str, Outcome]) -> list[Finding]:
    """That none of the values told as won is there, and which other told values are not; with those that may be meant.

    It is no error: a month without a sale has no cell that says so. Values that nobody knows come first among those meant,
    because a value that was mistyped is one of them.
    """
    missing = reading.missing
    asked = [value for value, outcome in told.items() if outcome == "won"]
    none_won = bool(asked) and all(value in missing for value in asked)
    others = [value for value, outcome in missing.items() if not (none_won and outcome == "won")]
    there = [*reading.unread, *(value for value in reading.values if value not in reading.unread)]
    groups = {NONE_WON: asked if none_won else [], OTHERS: others}
    return [
        Finding(code, len(values), values[0], _said(reading, values, there))
        for code, values in groups.items()
        if values
    ]


def _said(reading: OutcomeReading, values: Sequence[str], there: Sequence[str]) -> dict[str, object]:
    near = list(dict.fromkeys(meant for value in values for meant in likest(value, there)))
    if len(values) > 1:  # first what is like each of them
        firsts = [likest(value, there)[:1] for value in values]
        near = list(dict.fromkeys([*(one for first in firsts for one in first), *near]))
    shown = tuple(" ".join(value.split())[:LONGEST] for value in near[:NAMED])
    return {"column": reading.header, "values": tuple(values[:NAMED]), "meant": shown or ("–",), "role": reading.key}
