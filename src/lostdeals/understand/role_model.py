"""Guess the role of a header that nobody listed, from the pieces of its words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import pairwise
from math import log
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from lostdeals.vocab.loading import HERE

if TYPE_CHECKING:
    from numpy.typing import NDArray

FILE = HERE / "role-model.npz"
"""Written by ``scripts/train_roles.py``: arrays only, nothing that could be run."""
ASIDE = "("
"""Before a word that stood in brackets, or a mark."""
LATIN, CHINESE = (3, 4, 5), (1, 2, 3)
"""Lengths of the pieces of a word in either script."""


def pieces(header: str) -> Counter[str]:
    """What a header's words are made of: whole Latin words and pairs of them, pieces of 3-5 letters or 1-3 characters.

    ``^`` and ``$`` stand for the ends of a word.

    >>> sorted(pieces("电话")), sorted(pieces("fax"))
    (['^电', '^电话', '电', '电话', '电话$', '话', '话$'], ['=fax', '^fa', '^fax', '^fax$', 'ax$', 'fax', 'fax$'])
    """
    words = header.split()
    own = [word for word in words if word[0] != ASIDE]
    out = [f"{first} {second}" for first, second in pairwise(own)]
    for word in own:
        out += _pieces(word)
    for word in words[len(own) :]:
        out += [ASIDE + piece for piece in _pieces(word[1:])]
    return Counter(out)


def _pieces(word: str) -> list[str]:
    framed = f"^{word}$"
    out = [f"={word}"] if word.isascii() else []
    for length in LATIN if word.isascii() else CHINESE:
        out += [framed[start : start + length] for start in range(len(framed) - length + 1)]
    return [piece for piece in out if piece not in ("^", "$")]


def vector(counts: Mapping[str, int], rarity: Mapping[str, float]) -> dict[str, float]:
    """Weights of the pieces that are known: 1 + ln n times the piece's rarity, of length 1 (Salton and Buckley 1988)."""
    weights = {piece: (1 + log(n)) * rarity[piece] for piece, n in counts.items() if piece in rarity}
    length = sum(weight * weight for weight in weights.values()) ** 0.5
    return {piece: weight / length for piece, weight in weights.items()} if length else {}


class RoleModel:
    """A multinomial logistic regression over pieces of headers, as arrays.

    words, rarity: the pieces known and their inverse document frequency; weights: (pieces, roles) in steps of ``step``;
    intercept: (roles,).

    >>> model = RoleModel.load()
    >>> model.roles("跟单业务员")[0][0], model.roles("reason not booked")[0][0]
    ('owner', 'loss_reason')
    """

    def __init__(
        self,
        roles: Sequence[str],
        words: Iterable[str],
        rarity: NDArray[np.float32],
        weights: NDArray[np.int8],
        step: float,
        intercept: NDArray[np.float32],
    ) -> None:
        self._roles = list(roles)
        self._place = {piece: place for place, piece in enumerate(words)}
        self._rarity = dict(zip(self._place, rarity.tolist(), strict=True))
        self._weights, self._step, self._intercept = weights, step, intercept

    @classmethod
    def load(cls, path: Path = FILE) -> RoleModel:
        """The shipped model."""
        return _load(path)

    def roles(self, header: str) -> list[tuple[str, float]]:
        """Roles and their probabilities (0-1, together 1), the likeliest first; none for a header with no known piece."""
        weights = vector(pieces(header), self._rarity)
        if not weights:
            return []
        rows = self._weights[[self._place[piece] for piece in weights]].astype(np.float64)
        scores = np.array(list(weights.values())) @ rows * self._step + self._intercept
        odds = np.exp(scores - scores.max())
        chances = odds / odds.sum()
        return [(self._roles[place], float(chances[place])) for place in np.argsort(-chances)]


@cache
def _load(path: Path) -> RoleModel:
    with np.load(path, allow_pickle=False) as arrays:
        return RoleModel(
            roles=arrays["roles"].tolist(),
            words=bytes(arrays["words"]).decode().split("\n"),
            rarity=arrays["rarity"],
            weights=arrays["weights"],
            step=float(arrays["step"]),
            intercept=arrays["intercept"],
        )
