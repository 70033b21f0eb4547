"""Word lists of the vocabulary as parts of regular expressions."""

from __future__ import annotations

import re
from collections.abc import Iterable


def any_of(words: Iterable[str]) -> str:
    """A pattern for one of these words, the longest first; a Latin word must not be a piece of a longer one.

    >>> bool(re.search(any_of(["元", "usd"]), "usd100")), bool(re.search(any_of(["元", "usd"]), "abusd"))
    (True, False)
    """
    return "|".join(_alone(word) for word in sorted(words, key=len, reverse=True))


def _alone(word: str) -> str:
    before = r"(?<![a-z])" if _latin(word[0]) else ""
    after = r"(?![a-z])" if _latin(word[-1]) else ""
    return before + re.escape(word) + after


def _latin(character: str) -> bool:
    return character.isascii() and character.isalpha()
