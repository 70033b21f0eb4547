"""What the values of a column look like, whatever its header says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any, TypeVar

import pandas as pd

from lostdeals.understand.cell_text import CHINESE, as_text
from lostdeals.understand.grid import filled as filled_cells
from lostdeals.understand.values import Values

Answer = TypeVar("Answer")

SAMPLE_ROWS, SAMPLE_VALUES = 4_000, 150
"""Enough to tell what a column is: the rows are taken evenly over the sheet, then their distinct values."""
IN_ALL, FEWEST = 30_000, 50
"""In a sheet of many columns fewer values of each, so many of all together, but no fewer of one than these."""

PEOPLE, HALF = 0.8, 0.5
ENOUGH, REPEATED = 4, 0.6
"""With so many cells that say something, and no larger a share of them unlike, values repeat."""

MANY, UNLIKE = 8, 0.95
"""The same for values that do not repeat."""


@dataclass(frozen=True)
class Profile:
    """A column in numbers; shares are of its distinct values and lie between 0 and 1."""

    filled: float
    """Share of the rows that say something."""
    placeholders: int
    """Rows with a placeholder; in a large sheet as far as the sample tells."""
    count: int
    """Sampled cells that say something."""
    distinct: int
    alike: float
    """Chance that two of them are the same (Simpson 1949)."""
    values: tuple[object, ...]
    """Some of the distinct values that say something, evenly taken."""
    words: Values = field(repr=False, compare=False)

    def share(self, kind: str) -> float:
        """Share of the values that pass a test of `Values`, by its name."""
        if not self.values:
            return 0.0
        if kind not in self._shares:
            test: Callable[[object, str], bool] = getattr(self.words, kind)
            self._shares[kind] = sum(map(test, self.values, self.texts)) / len(self.values)
        return self._shares[kind]

    def reaches(self, kind: str, least: float) -> bool:
        """Whether `share` is at least that much; no longer looked at than until it cannot be."""
        if kind in self._shares or not self.values:
            return self.share(kind) >= least
        if self._below.get(kind, 2.0) <= least:
            return False
        share = share_from(least, map(getattr(self.words, kind), self.values, self.texts), len(self.values))
        if share is None:
            self._below[kind] = least
            return False
        self._shares[kind] = share
        return True

    def once(self, question: tuple[object, ...], answer: Callable[[], Answer]) -> Answer:
        """An answer about the values, worked out when the question comes for the first time."""
        if question not in self._answers:
            self._answers[question] = answer()
        return self._answers[question]  # type: ignore[no-any-return]

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The values as text, whole floats without their point."""
        return tuple(as_text(value) for value in self.values)

    @cached_property
    def length(self) -> float:
        """Mean number of characters; a Chinese one counts as two."""
        return sum(len(text) + len(CHINESE.findall(text)) for text in self.texts) / max(len(self.texts), 1)

    @cached_property
    def chinese(self) -> float:
        """Share of the values with Chinese characters."""
        return sum(bool(CHINESE.search(text)) for text in self.texts) / max(len(self.texts), 1)

    @cached_property
    def people(self) -> bool:
        """Nearly all are names of persons; Latin ones begin with usual first names, because any title looks like a name."""
        return self.reaches("person", PEOPLE) and (self.chinese >= HALF or self.reaches("given", HALF))

    @cached_property
    def repeated(self) -> bool:
        """The same few values come again and again."""
        return self.count >= ENOUGH and self.distinct <= REPEATED * self.count

    @cached_property
    def unlike(self) -> bool:
        """Hardly a value comes twice, in enough rows to tell."""
        return self.count >= MANY and self.distinct >= UNLIKE * self.count

    @cached_property
    def counts_up(self) -> bool:
        """The column only numbers its rows."""
        numbers = [value for value in self.values if isinstance(value, int | float) and not isinstance(value, bool)]
        numbers = numbers or [int(text) for text in self.texts if text.isascii() and text.isdigit() and len(text) < 8]
        steps = {b - a for a, b in pairwise(numbers)}
        return len(numbers) == len(self.values) and numbers[:1] in ([0], [1]) and len(steps) <= 1

    @cached_property
    def _shares(self) -> dict[str, float]:
        return {}

    @cached_property
    def _below(self) -> dict[str, float]:
        """What shares are known not to reach."""
        return {}

    @cached_property
    def _answers(self) -> dict[tuple[object, ...], Any]:
        return {}


def share_from(least: float, passed: Iterable[object], count: int) -> float | None:
    """The share of those that passed, of so many; None as soon as it cannot be as much as the least.

    >>> share_from(0.5, [True, True, False, True], 4), share_from(0.5, iter([False, False, False]), 4)
    (0.75, None)
    """
    missed = 0
    for one in passed:
        if not one:
            missed += 1
            if (count - missed) / count < least:
                return None
    return (count - missed) / count


def values_of_each(columns: int) -> int:
    """How many distinct values of each of so many columns are looked at.

    >>> values_of_each(20), values_of_each(300), values_of_each(1_000)
    (150, 100, 50)
    """
    return min(SAMPLE_VALUES, max(FEWEST, IN_ALL // max(columns, 1)))


def profile_of(column: pd.Series[Any], words: Values, most: int = SAMPLE_VALUES) -> Profile:
    """A column's cells, None where empty, summed up; most: distinct values looked at.

    >>> from lostdeals.vocab import load
    >>> column = profile_of(pd.Series(["13800000001", "１３８ 0000 0002", None, "暂无"], dtype=object), Values(load()))
    >>> column.count, column.share("phone"), column.filled
    (2, 1.0, 0.5)
    """
    step = max(1, -(-len(column) // SAMPLE_ROWS))
    sample = column.iloc[::step]
    counts = Counter(sample.tolist())
    said = {value: n for value, n in counts.items() if not words.is_blank(value)}
    if not said and step > 1 and column.notna().any():
        return profile_of(column.dropna().iloc[:SAMPLE_ROWS], words, most)
    values = tuple(said)[:: -(-len(said) // most) or 1]
    empty = sum(n for value, n in counts.items() if value is None)
    silent = counts.total() - sum(said.values()) - empty
    whole = len(column) - int(filled_cells(column.to_numpy(dtype=object)).sum()) if step > 1 else empty
    share = 1 - whole / max(len(column), 1)
    placeholders = silent if step == 1 else round(silent / max(len(sample) - empty, 1) * share * len(column))
    filled = max(share - placeholders / max(len(column), 1), 0.0)
    count = sum(said.values())
    alike = sum(n * (n - 1) for n in said.values()) / max(count * (count - 1), 1)
    return Profile(filled, placeholders, count, len(said), alike, values, words)
