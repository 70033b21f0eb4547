"""Texts as weighted words, so that rare words count for more than common ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from lostdeals.clean.matching.levels import Codes

COMMON = 200
"""A word of more texts than this is no key: it would make a block, not a pair."""


@dataclass(frozen=True)
class Tokens:
    """The words of each distinct text, of Chinese ones every two neighbouring characters."""

    ends: Codes
    """Where the words of each text end among those of all, a 0 before them."""
    word: Codes
    """The words of all texts, rising within each."""
    weight: np.ndarray[Any, Any]
    """How much each counts in its text, after Salton & Buckley (1988): the squares of a text's add up to 1."""
    texts_with: np.ndarray[Any, Any]
    """In how many texts each word stands."""

    @classmethod
    def of(cls, texts: np.ndarray[Any, Any]) -> Tokens:
        """Count the words of the texts.

        >>> Tokens.of(np.array(["acme north", "acme south", "样例科技"], dtype=object)).texts_with.tolist()
        [2, 1, 1, 1, 1, 1]
        """
        place, columns, words = _words(texts)
        ends = np.r_[0, np.cumsum(np.bincount(place, minlength=len(texts)))]
        texts_with = np.bincount(columns, minlength=words)
        weight = np.log1p(len(texts) / np.maximum(texts_with, 1))[columns]
        length = np.sqrt(np.add.reduceat(np.r_[weight**2, 0.0], np.minimum(ends[:-1], len(columns))))
        weight /= np.repeat(np.where(np.diff(ends) > 0, length, 1.0), np.diff(ends))
        order = np.argsort(place * words + columns)
        return cls(ends, columns[order].astype(np.int64), weight[order], texts_with)

    @property
    def wordy(self) -> bool:
        """Whether the texts have several words, so that a shared one tells something."""
        return bool(len(self.word) >= WORDS * (len(self.ends) - 1))

    def alike(self, first: np.ndarray[Any, Any], second: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """The cosine of two texts each, 0-1."""
        of_first, at_first = self._words_of(first)
        of_second, at_second = self._words_of(second)
        known, asked = of_first * len(self.texts_with), of_second * len(self.texts_with)
        known, asked = known + self.word[at_first], asked + self.word[at_second]  # both rise
        found = np.minimum(np.searchsorted(known, asked), max(len(known) - 1, 0))
        both = np.flatnonzero(known[found] == asked) if len(known) else found[:0]
        shared = self.weight[at_first[found[both]]] * self.weight[at_second[both]]
        cosine = np.zeros(len(first))
        pair, begin = np.unique(of_second[both], return_index=True)
        cosine[pair] = np.add.reduceat(shared, begin) if len(begin) else 0.0
        return cosine

    def _words_of(self, texts: Codes) -> tuple[Codes, Codes]:
        """The words of some texts: of which of them each is, and its place among all."""
        sizes = np.diff(self.ends)[texts]
        return np.repeat(np.arange(len(texts)), sizes), np.repeat(self.ends[texts], sizes) + _counted(sizes)

    def rarest(self, count: int) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
        """Text and word, for the rarest words of each text that stand in others too and are not common."""
        text, word = np.repeat(np.arange(len(self.ends) - 1), np.diff(self.ends)), self.word
        known = self.texts_with[word]
        keep = (known > 1) & (known <= COMMON)
        text, word, known = text[keep], word[keep], known[keep]
        order = np.lexsort((known, text))
        text, word = text[order], word[order]
        first = np.searchsorted(text, text)
        few = np.arange(len(text)) - first < count
        return text[few], word[few]


def _words(texts: np.ndarray[Any, Any]) -> tuple[Codes, npt.NDArray[np.int32], int]:
    """Text and word of each word of each text, each once a text, and how many words there are, numbered as they appear."""
    joined = "\n".join([*texts, ""])
    signs = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.int64)
    ends_text = signs == END
    blank = ends_text | (signs == SPACE)
    begin = np.flatnonzero(~blank & np.r_[True, blank[:-1]])
    end = np.flatnonzero(~blank & np.r_[blank[1:], True]) + 1
    size = end - begin
    han = np.r_[0, np.cumsum((signs >= HAN_FROM) & (signs <= HAN_TO))]
    several = (han[end] > han[begin]) & (size > 1)
    # A pair of signs is its own number; any other word gets one beyond them
    pairs = np.repeat(begin[several], size[several] - 1) + _counted(size[several] - 1)
    whole, sizes = begin[~several], size[~several]
    known: dict[str, int] = {}
    numbers = np.array(
        [
            known.setdefault(joined[start:stop], len(known))
            for start, stop in zip(whole.tolist(), (whole + sizes).tolist(), strict=True)
        ],
        dtype=np.int64,
    )
    of_pairs = signs[pairs] << SIGN_BITS | signs[np.minimum(pairs + 1, len(signs) - 1)]
    two = sizes == 2  # the same two signs may be a pair elsewhere
    of_whole = np.where(two, signs[whole] << SIGN_BITS | signs[np.minimum(whole + 1, len(signs) - 1)], BEYOND + numbers)
    at = np.concatenate([pairs, whole])
    order = np.argsort(at, kind="stable")
    columns, distinct = pd.factorize(np.concatenate([of_pairs, of_whole])[order])
    place = np.cumsum(ends_text)[at[order]]
    first = ~pd.Series(place * len(distinct) + columns).duplicated().to_numpy()
    return place[first].astype(np.int64), columns[first].astype(np.int32), len(distinct)


def _counted(sizes: Codes) -> Codes:
    """0, 1 … for each of several stretches."""
    return np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)


SPACE, END = 32, 10
HAN_FROM, HAN_TO = 0x3400, 0x9FFF
"""As ``forms.HAN``."""
SIGN_BITS, BEYOND = 21, 1 << 42
WORDS = 1.7
