"""One word for what the values of a column look like."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from statistics import median

from lostdeals.understand.profile import Profile
from lostdeals.understand.verdicts import verdicts
from lostdeals.vocab import Vocabulary

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


class Shapes:
    """What columns look like.

    >>> import pandas as pd
    >>> from lostdeals.understand.profile import profile_of
    >>> from lostdeals.understand.values import values_of
    >>> from lostdeals.vocab import load
    >>> column = pd.Series([8700, 5200, 11900, 6400], dtype=object)
    >>> shapes_of(load()).of(profile_of(column, values_of(load())))
    'number large'
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.judge = verdicts(vocabulary)

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
        if not gaps and profile.reaches("source", SOME):
            return "sources"
        if gaps and profile.reaches("reason", HALF):
            return "reasons gaps"
        kind = "words" if not profile.reaches("person", MOST) else "names"
        if profile.distinct <= SOME * profile.count:
            return f"{kind} again{gaps}"
        full = kind == "names" and _share(profile, lambda text: len(text.split()) in (2, 3)) >= MOST
        return f"{'full ' if full else ''}{kind}{gaps}"

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
        if profile.reaches("address", HALF):
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
