"""Texts as weighted words, so that rare words count for more than common ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from lostdeals.clean.matching.forms import HAN

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

COMMON = 200
"""A word of more texts than this is no key: it would make a block, not a pair."""


@dataclass(frozen=True)
class Tokens:
    """The words of each distinct text, of Chinese ones every two neighbouring characters."""

    matrix: csr_matrix
    """A row per text, a column per word: weights after Salton & Buckley (1988), each row of length 1."""
    texts_with: np.ndarray[Any, Any]
    """In how many texts each word stands."""

    @classmethod
    def of(cls, texts: np.ndarray[Any, Any]) -> Tokens:
        """Count the words of the texts.

        >>> Tokens.of(np.array(["acme north", "acme south", "样例科技"], dtype=object)).texts_with.tolist()
        [2, 1, 1, 1, 1, 1]
        """
        from scipy.sparse import csr_matrix

        number: dict[str, int] = {}
        places: list[int] = []
        ends = np.zeros(len(texts) + 1, dtype=np.int64)
        for place, text in enumerate(texts):
            words = text.split() if text.isascii() else _pieces(text)
            places += [number.setdefault(word, len(number)) for word in dict.fromkeys(words)]
            ends[place + 1] = len(places)
        columns = np.array(places, dtype=np.int32)
        texts_with = np.bincount(columns, minlength=len(number))
        weight = np.log1p(len(texts) / np.maximum(texts_with, 1))
        matrix = csr_matrix((weight[columns], columns, ends), shape=(len(texts), len(number)))
        length = np.sqrt(np.add.reduceat(np.r_[matrix.data**2, 0.0], np.minimum(ends[:-1], len(columns))))
        matrix.data /= np.repeat(np.where(np.diff(ends) > 0, length, 1.0), np.diff(ends))
        matrix.sort_indices()
        return cls(matrix, texts_with)

    @property
    def wordy(self) -> bool:
        """Whether the texts have several words, so that a shared one tells something."""
        return bool(self.matrix.nnz >= WORDS * self.matrix.shape[0])

    def alike(self, first: np.ndarray[Any, Any], second: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """The cosine of two texts each, 0-1."""
        return np.asarray(self.matrix[first].multiply(self.matrix[second]).sum(axis=1)).ravel()

    def rarest(self, count: int) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
        """Text and word, for the rarest words of each text that stand in others too and are not common."""
        text = np.repeat(np.arange(self.matrix.shape[0]), np.diff(self.matrix.indptr))
        word = self.matrix.indices.astype(np.int64)
        known = self.texts_with[word]
        keep = (known > 1) & (known <= COMMON)
        text, word, known = text[keep], word[keep], known[keep]
        order = np.lexsort((known, text))
        text, word = text[order], word[order]
        first = np.searchsorted(text, text)
        few = np.arange(len(text)) - first < count
        return text[few], word[few]


def _pieces(text: str) -> list[str]:
    out: list[str] = []
    for part in text.split():
        out += [part[at : at + 2] for at in range(len(part) - 1)] if HAN.search(part) and len(part) > 1 else [part]
    return out


WORDS = 1.7
