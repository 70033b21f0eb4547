"""Find many phrases in many short texts at once, the longest one first."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import ahocorasick_rs


@dataclass(frozen=True)
class Hit:
    """A phrase found in a text."""

    category: str
    phrase: str
    start: int
    """Position in the normalised text."""


@lru_cache(maxsize=200_000)
def normalise(text: str) -> str:
    """The form in which words are compared: full-width folded, lower case, white space collapsed.

    >>> normalise(" Closed－Won　ＡＢＣ ")
    'closed-won abc'
    """
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


class Phrases:
    """Phrases of several categories, searched together.

    The longest phrase wins where two overlap, so 未成交 is never read as 成交 and “not too expensive” cancels
    “too expensive”: give cancelling phrases the empty category. Latin phrases match whole words only.

    >>> Phrases({"won": ["成交"], "lost": ["未成交"], "price": ["too expensive"], "": ["not too expensive"]}).find("未成交")
    [Hit(category='lost', phrase='未成交', start=0)]
    """

    def __init__(self, categories: Mapping[str, Iterable[str]]) -> None:
        table: dict[str, str] = {}
        for category, phrases in categories.items():
            for phrase in phrases:
                table.setdefault(normalise(phrase), category)
        table.pop("", None)
        self._phrases = list(table)
        self._categories = [table[phrase] for phrase in self._phrases]
        self._automaton = ahocorasick_rs.AhoCorasick(self._phrases)
        self._whole = dict(table)

    def whole(self, text: str) -> str | None:
        """The category of a text that is a phrase from end to end, None otherwise."""
        return self._whole.get(normalise(text))

    def find(self, text: str) -> list[Hit]:
        """All phrases of a text, leftmost and longest, without overlaps and without the cancelling ones."""
        text = normalise(text)
        found = [
            (start, -(end - start), index)
            for index, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True)
            if _stands_alone(text, start, end)
        ]
        hits: list[Hit] = []
        position = 0
        for start, minus_length, index in sorted(found):
            if start < position:
                continue
            position = start - minus_length
            if self._categories[index]:
                hits.append(Hit(self._categories[index], self._phrases[index], start))
        return hits


def _stands_alone(text: str, start: int, end: int) -> bool:
    """A Latin phrase must not be a piece of a longer word; a Chinese one may stand anywhere."""
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    return not (_latin(text[start]) and _latin(before)) and not (_latin(text[end - 1]) and _latin(after))


def _latin(character: str) -> bool:
    return character.isalnum() and character < "\u2000"
