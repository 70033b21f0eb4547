"""Readings that serve counting and are no better way to write a cell: the middle of a range, the age of those born in the nineties."""

from __future__ import annotations

import re

from lostdeals.vocab import Vocabulary, normalise
from lostdeals.vocab.wordlists import any_of

BANDS = frozenset({"age", "income", "company_size"})
"""Roles whose values are often classes (26-35岁, 50-99人); a column with one class stays as it is written."""


class Rough:
    """Tells a range and a class from a plain number.

    >>> from lostdeals.vocab import load
    >>> rough = Rough(load())
    >>> [rough.is_range(text) for text in ("5k-8k", "10万至20万", "-5", "1.2万", "1e-5")]
    [True, True, False, False, False]
    >>> [rough.is_class(text, number) for text, number in (("50-99人", 74.5), ("200多人", 200), ("1990", 34), ("35岁", 35))]
    [True, True, True, False]
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        words = vocabulary.section("money")["words"]
        self._range = re.compile(rf"(?<=\S)\s*(?:{any_of(words['range'])}|(?<!\de)-)\s*(?=\S)")
        about = [*words["about"], *words["at_least"], *words["at_most"], *words["generation"]]
        self._about = re.compile(any_of(about))

    def is_range(self, text: str) -> bool:
        """Whether a text that was read as a number names two."""
        return bool(self._range.search(normalise(text)))

    def is_class(self, text: str, number: float) -> bool:
        """Whether a text that was read as a number stands for several, or for another one than it shows."""
        if self.is_range(text) or self._about.search(normalise(text)):
            return True
        shown = NUMBERS.findall(text)
        return len(shown) != 1 or (float(shown[0]) != number and float(shown[0]) >= FIRST_YEAR > number)


NUMBERS = re.compile(r"\d+(?:\.\d+)?")
FIRST_YEAR = 1900
"""A number from here on that was read as a smaller one is a year of birth."""
