"""Recognise a table that is a funnel already: a step and a count per row, or a count per period or group."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from lostdeals.analyse.funnel import counted_funnel, counted_steps
from lostdeals.analyse.funnel_groups import ranked
from lostdeals.funnels import Funnel, Segment, StepTest
from lostdeals.model import Sheet
from lostdeals.stats.rates import benjamini_hochberg, fisher, wilson
from lostdeals.vocab import Vocabulary, normalise

MOST_STEPS = 40


def read_counts(sheet: Sheet, vocabulary: Vocabulary) -> tuple[Funnel, bool] | None:
    """The funnel of a sheet of steps and counts, and whether its headers say so; None for anything else.

    A header is optional for two columns. Without the header words of ``funnels.toml`` the counts must not rise, so that a
    list of names and ages is not taken for a funnel. With a column of counts per day, source … (its header says which) or a
    third column that names it, each is a segment, and the whole is their sum.
    """
    cells = sheet.cells.dropna(how="all").dropna(axis=1, how="all")
    words = vocabulary.section("funnels")["counts"]
    rows = [list(row) for row in cells.itertuples(index=False, name=None)]
    if len(rows) < 2 or cells.shape[1] < 2:
        return None
    if cells.shape[1] == 2 and len(rows) <= MOST_STEPS + 1:
        return _two_columns(sheet.name, rows, {normalise(word) for word in words["headers"]})
    header = [_text(cell) for cell in rows[0]]
    steps = _place(header, words["steps"])
    if steps is None or not all(header):
        return None
    numbers = _place(header, words["numbers"])
    if len(header) == 3 and numbers is not None and numbers != steps:
        return _three_columns(sheet.name, rows[1:], header, steps, numbers, vocabulary)
    return _wide(sheet.name, rows[1:], header, steps, vocabulary)


def _two_columns(name: str, rows: list[list[Any]], words: set[str]) -> tuple[Funnel, bool] | None:
    named = all(isinstance(value, str) and normalise(value) in words for value in rows[0])
    pairs = [(row[0], _count(row[1])) for row in rows]
    if pairs[0][1] is None:
        pairs = pairs[1:]
    steps = [(str(step).strip(), n) for step, n in pairs if isinstance(step, str) and n is not None]
    counts = [n for _, n in steps]
    if len(steps) < 2 or len(steps) != len(pairs) or len({step for step, _ in steps}) != len(steps):
        return None
    if not named and counts != sorted(counts, reverse=True):
        return None
    return counted_funnel(name, steps), named


def _wide(
    name: str, rows: list[list[Any]], header: list[str], steps: int, vocabulary: Vocabulary
) -> tuple[Funnel, bool] | None:
    """A column of steps, then one of counts per period or group."""
    keys = [_text(row[steps]) for row in rows]
    columns = [place for place in range(len(header)) if place != steps]
    counts = {header[place]: [_count(row[place]) for row in rows] for place in columns}
    if not 2 <= len(rows) <= MOST_STEPS or len(set(keys)) < len(keys) or len(counts) < len(columns):
        return None
    if any(n is None for column in counts.values() for n in column):
        return None
    whole = {value: [n or 0 for n in column] for value, column in counts.items()}
    words = vocabulary.section("funnels")["counts"]["period_words"]
    by = "period" if all(_is_period(value, words) for value in whole) else "column"
    return _segmented(name, keys, whole, by, vocabulary), True


def _three_columns(
    name: str, rows: list[list[Any]], header: list[str], steps: int, numbers: int, vocabulary: Vocabulary
) -> tuple[Funnel, bool] | None:
    """A step, a count, and what the count is of."""
    of = ({0, 1, 2} - {steps, numbers}).pop()
    keys = list(dict.fromkeys(_text(row[steps]) for row in rows))
    counts: dict[str, list[int]] = {}
    for row in rows:
        n = _count(row[numbers])
        if n is None or not _text(row[of]) or not _text(row[steps]):
            return None
        counts.setdefault(_text(row[of]), [0] * len(keys))[keys.index(_text(row[steps]))] += n
    if not 2 <= len(keys) <= MOST_STEPS:
        return None
    return _segmented(name, keys, counts, header[of], vocabulary), True


def _segmented(name: str, keys: Sequence[str], counts: dict[str, list[int]], by: str, vocabulary: Vocabulary) -> Funnel:
    total = [sum(column[place] for column in counts.values()) for place in range(len(keys))]
    smallest = vocabulary.section("funnels")["settings"]["smallest_group"]
    falls = all(a >= b for column in counts.values() for a, b in itertools.pairwise(column))

    def against(column: list[int], last: int, first: int) -> float | None:
        if column[0] < smallest or not falls:
            return None
        return fisher(column[last], column[first], total[last] - column[last], total[first] - column[first])

    final = [against(column, -1, 0) for column in counts.values()]
    places = range(1, len(keys))
    step_p = [against(column, place, place - 1) for column in counts.values() for place in places]
    q, step_q = benjamini_hochberg(final), benjamini_hochberg(step_p)
    segments = [
        Segment(
            value=value,
            steps=counted_steps(list(zip(keys, column, strict=True))),
            final_rate=column[-1] / column[0] if column[0] else None,
            ci=wilson(column[-1], column[0]) if column[-1] <= column[0] else None,
            p=final[g],
            q=q[g],
            enough=column[0] >= smallest,
            tests=tuple(
                StepTest(step_p[g * len(places) + place], step_q[g * len(places) + place])
                for place in range(len(places))
            ),
        )
        for g, (value, column) in enumerate(counts.items())
    ]
    funnel = counted_funnel(name, list(zip(keys, total, strict=True)))
    return replace(funnel, by=by, segments=ranked(segments))


def _is_period(header: str, words: Sequence[str]) -> bool:
    text = normalise(header)
    return re.search(r"\d", text) is not None or any(word in text for word in words)


def _place(header: Sequence[str], words: Sequence[str]) -> int | None:
    known = {normalise(word) for word in words}
    return next((place for place, text in enumerate(header) if normalise(text) in known), None)


def _text(cell: Any) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == datetime.min.time() else cell.isoformat(" ")
    if isinstance(cell, date):
        return cell.isoformat()
    return "" if cell is None else str(cell).strip()


def _count(value: object) -> int | None:
    """A whole number of 0 and up, also as text with thousands separators."""
    if isinstance(value, str):
        text = value.replace(",", "").strip()
        return int(text) if text.isdecimal() else None
    if isinstance(value, bool) or not isinstance(value, int | float) or value != int(value) or value < 0:
        return None
    return int(value)
