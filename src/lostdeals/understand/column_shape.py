"""One word for what the values of a column look like, and how often the columns of each role look so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from functools import lru_cache
from statistics import median

from lostdeals.understand.evidence import weights
from lostdeals.understand.profile import Profile
from lostdeals.understand.verdicts import verdicts
from lostdeals.vocab import Vocabulary

NONE = "extra"
"""Stands for “no role” in the counts."""
MOST, SOME, HALF = 0.8, 0.6, 0.5
FULL = 0.85
"""Share of filled rows from which on a column has no gaps to speak of."""
LONG = 30
"""Mean width of values from which on they are texts."""
SHORT_CODE = 20
FEW_ENDS = 12
LARGE, HUNDREDS = 1000, 100
SPREAD = 0.3
"""Numbers that differ by less than this share of their median, and all of them, count something up."""
STRENGTH = 0.6
"""What a likelihood counts for: shapes and headers are not independent of each other (an idiot's Bayes tempered)."""
PSEUDO = 3.0
"""Columns of no role in particular that every role's counts begin with."""


class Shapes:
    """What columns look like, with the counts of ``vocab/shapes.toml``: shape -> role -> columns of labelled sheets.

    >>> import pandas as pd
    >>> from lostdeals.understand.profile import profile_of
    >>> from lostdeals.understand.values import values_of
    >>> from lostdeals.vocab import load
    >>> shapes = shapes_of(load())
    >>> shape = shapes.of(profile_of(pd.Series([8700, 5200, 11900, 6400], dtype=object), values_of(load())))
    >>> shape, shapes.likelihood("amount", shape) > 4, shapes.likelihood("source", shape) < 0.5
    ('number large', True, True)
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.judge, self.evidence = verdicts(vocabulary), weights(vocabulary)
        self._counts: Mapping[str, Mapping[str, int]] = vocabulary.section("shapes")
        self._totals: Counter[str] = Counter()
        for roles in self._counts.values():
            self._totals.update(roles)
        self._all = max(self._totals.total(), 1)

    def of(self, profile: Profile) -> str:
        """The shape of a column; an empty text where it is empty."""
        if not profile.values:
            return ""
        plain = self._plain(profile)
        if plain:
            return plain
        gaps = "" if profile.filled >= FULL else " gaps"
        if profile.reaches("sentence", SOME / 2) or profile.length > LONG:
            return f"text{gaps}"
        if not gaps and self.evidence.sources(profile) >= SOME:
            return "sources"
        if gaps and self.evidence.reasons(profile) >= HALF:
            return "reasons gaps"
        kind = "words" if not profile.reaches("person", MOST) else "names"
        if profile.distinct <= SOME * profile.count:
            return f"{kind} again{gaps}"
        full = kind == "names" and _share(profile, lambda text: len(text.split()) in (2, 3)) >= MOST
        return f"{'full ' if full else ''}{kind}{gaps}"

    def likelihood(self, role: str, shape: str) -> float:
        """How many times likelier a shape is in columns of a role than in all; about 1 for roles with few columns."""
        if not shape:
            return 1.0
        seen = self._counts.get(shape, {})
        usual = max(sum(seen.values()), 1) / self._all
        share = (seen.get(role or NONE, 0) + PSEUDO * usual) / (self._totals[role or NONE] + PSEUDO)
        return float((share / usual) ** STRENGTH)

    def _plain(self, profile: Profile) -> str:
        """What shows itself by its letters and figures."""
        for test in ("email", "strict_phone", "url", "date"):
            if profile.reaches(test, MOST):
                return test
        if self.judge.answers(profile):
            return "yes or no"
        if profile.distinct <= FEW_ENDS and self.judge.tells_ends(profile):
            return "ends"
        if profile.reaches("digits", MOST):
            return _numbers(profile)
        if profile.reaches("datelike", MOST):
            return "day"
        if profile.reaches("number", MOST):
            return "number with unit"
        if profile.people:
            return "people again" if profile.repeated else "people"
        if self.evidence.addresses(profile) >= HALF:
            return "address"
        unlike = profile.distinct / profile.count
        if profile.reaches("numbered", MOST) and unlike >= MOST and profile.length <= SHORT_CODE:
            return "code"
        if profile.reaches("company", HALF) and unlike >= MOST:
            return "firms"
        return "jobs" if profile.reaches("job", SOME) and profile.distinct > 1 else ""


def _numbers(profile: Profile) -> str:
    numbers = [float(text) for text in profile.texts if profile.words.digits(text, text)]
    middle = median(map(abs, numbers))
    if middle < HUNDREDS:
        return "number small"
    close = max(numbers) - min(numbers) < SPREAD * middle and profile.distinct >= 0.95 * profile.count
    if middle >= LARGE and close and all(number.is_integer() for number in numbers):
        return "number close"
    return "number large" if middle >= LARGE else "number hundreds"


def _share(profile: Profile, test: Callable[[str], bool]) -> float:
    return sum(map(test, profile.texts)) / len(profile.texts)


@lru_cache(maxsize=4)
def shapes_of(vocabulary: Vocabulary) -> Shapes:
    """The shapes of a vocabulary, made once."""
    return Shapes(vocabulary)
