"""What the words of a header are about: nudge, chase and ping are a follow-up, 顾虑 and 卡点 an obstacle."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations, pairwise
from typing import Any

from lostdeals.vocab import Vocabulary

NOTHING = "nothing"
"""The concept of words that say nothing; they are passed over."""
UNKNOWN = "?"
"""Stands where words are that the lexicon does not have."""
ASIDE = "("
"""Before a word that stood in brackets, or a mark."""
LONGEST = 6
"""Words of the longest phrase, and characters of the longest Chinese word."""
SHORT = 4
"""Concepts of a header that is told as a whole."""
ENDINGS = (("ying", "y"), ("ing", ""), ("ied", "y"), ("ies", "y"), ("ed", ""), ("s", ""))
AGAIN = re.compile(r"\bre-(?=[a-z]{3})")
"""re-quote is to quote again."""
PARTS = re.compile(r"[\u3400-\u9fff]+|[^\s\u3400-\u9fff]+")


class Concepts:
    """The lexicon ``vocab/header_concepts.toml``: words and phrases, and the concepts they stand for.

    >>> from lostdeals.vocab import load
    >>> concepts = Concepts(load())
    >>> [concepts.sequence(header) for header in ("nudged on", "why they walked", "卡在哪了", "zorg by")]
    [[('followup',), ('when',)], [('why',), ('theirs',), ('lose',)], [('obstacle',), ('what',)], [('?',), ('by',)]]
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._known: dict[str | tuple[str, ...], list[str]] = {}  # Chinese words, and the stems of English ones
        self._aside: dict[str, list[str]] = {}
        for concept, entry in vocabulary.section("header_concepts").items():
            for word in entry.get("en", []):
                if word.startswith(ASIDE):
                    self._aside.setdefault(word, []).append(concept)
                else:
                    _put(self._known, tuple(_stems(word)), concept)
            for word in entry.get("zh", []):
                _put(self._known, word, concept)

    def sequence(self, header: str) -> list[tuple[str, ...]]:
        """The concepts of a header's words in their order, each with all it may be; ``?`` for words that are not known.

        header: as `Aliases.asked` gives it.
        """
        own = " ".join(word for word in header.split() if word[0] != ASIDE)
        out: list[tuple[str, ...]] = []
        latin: list[str] = []
        for part in PARTS.findall(own):
            if part[0] < "\u3400":
                latin += _stems(part)
                continue
            out += [*self._in(tuple(latin)), *self._in(part)]
            latin = []
        out += self._in(tuple(latin))
        return [found for place, found in enumerate(out) if found != (UNKNOWN,) or out[place - 1 : place] != [found]]

    def features(self, header: str) -> list[str]:
        """What the role model is told of a header's concepts: each, the first and the last, pairs, and the whole.

        >>> from lostdeals.vocab import load
        >>> Concepts(load()).features("nudge on")
        ['@followup', '@when', '^@followup', '@when$', '@followup@when', '@followup&when', '@=followup when']
        """
        steps = self.sequence(header)
        out = [f"@{concept}" for step in steps for concept in step]
        if steps:
            out += [f"^@{concept}" for concept in steps[0]] + [f"@{concept}$" for concept in steps[-1]]
        out += [f"@{a}@{b}" for first, second in pairwise(steps) for a in first for b in second]
        every = sorted({concept for step in steps for concept in step if concept != UNKNOWN})
        out += [f"@{a}&{b}" for a, b in combinations(every, 2)]
        if 0 < len(steps) <= SHORT:
            out.append("@=" + " ".join("|".join(step) for step in steps))
        for word in header.split():
            if word[0] == ASIDE:
                out += [f"(@{concept}" for concept in self._bracketed(word)]
        return out

    def _bracketed(self, word: str) -> list[str]:
        return self._aside.get(word) or [
            concept for step in self.sequence(word[1:]) for concept in step if concept != UNKNOWN
        ]

    def _in(self, text: str | tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        """The concepts of Chinese characters, or of English stems, the longest word first."""
        start = 0
        while start < len(text):
            for length in range(min(LONGEST, len(text) - start), 0, -1):
                found = self._known.get(text[start : start + length])
                if found:
                    start += length
                    if found != [NOTHING]:
                        yield tuple(concept for concept in found if concept != NOTHING)
                    break
            else:
                start += 1
                yield (UNKNOWN,)


def _stems(text: str) -> list[str]:
    """The words of a text without their endings: chased, chasing and chase are one."""
    again = AGAIN.sub("again ", text.casefold())
    return [_stem(word) for word in re.sub(r"[^\w#/%&]+|_", " ", again).split()]


def _stem(word: str) -> str:
    for ending, instead in ENDINGS:
        if word.endswith(ending) and len(word) >= len(ending) + 3 and not word.endswith("ss"):
            word = word.removesuffix(ending) + instead
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeiousl":
        word = word[:-1]
    return word.removesuffix("e") if len(word) > 3 else word


def _put(index: dict[Any, list[str]], key: object, concept: str) -> None:
    if key and concept not in index.setdefault(key, []):
        index[key].append(concept)
