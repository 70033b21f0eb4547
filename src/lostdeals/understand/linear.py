"""A multinomial logistic regression as plain arrays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Linear:
    """Chances of classes by named features.

    words: the features known; weights: (features, classes) in steps of ``step``; intercept: (classes,).
    """

    def __init__(
        self, words: Iterable[str], weights: NDArray[np.int8], step: float, intercept: NDArray[np.float32]
    ) -> None:
        self.place = {word: place for place, word in enumerate(words)}
        self._weights, self._step, self._intercept = weights, step, intercept

    @classmethod
    def of(cls, arrays: Mapping[str, Any], part: str) -> Linear:
        """The model whose arrays have names that begin with the part."""
        return cls(
            words=bytes(arrays[f"{part}words"]).decode().split("\n"),
            weights=arrays[f"{part}weights"],
            step=float(arrays[f"{part}step"]),
            intercept=arrays[f"{part}intercept"],
        )

    def logs(self, features: Mapping[str, float]) -> NDArray[np.float64] | None:
        """Logarithms of the classes' probabilities by weighted features; None where no feature is known."""
        known = [(self.place[word], weight) for word, weight in features.items() if word in self.place]
        if not known:
            return None
        places, weights = zip(*known, strict=True)
        scores = np.array(weights) @ self._weights[list(places)].astype(np.float64) * self._step + self._intercept
        scores -= scores.max()
        return np.asarray(scores - np.log(np.exp(scores).sum()))
