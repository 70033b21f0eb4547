"""Guess the role of a header that nobody listed, from the pieces of its words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise
from math import log
from pathlib import Path

import numpy as np

from lostdeals.understand.linear import Linear
from lostdeals.vocab.loading import HERE

FILE = HERE / "role-model.npz"
"""Written by ``scripts/train_roles.py``: arrays only, nothing that could be run."""
ASIDE = "("
"""Before a word that stood in brackets, or a mark."""
LATIN, CHINESE = (3, 4, 5), (1, 2, 3)
"""Lengths of the pieces of a word in either script."""
PARTS = ("", "concept_")
"""Before the names of the arrays of either model in the file."""
UNSEEN, MEANT = 0.2, 0.4
"""Weight of the pieces where no word was seen before, and of the concepts where all were; by the sheets of `tests/cases`."""


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
    """What the words of a header make likely: by their pieces, and by what they are about.

    Two models look at a header: one sees its pieces, which knows again what is written much like a known header; one sees its
    concepts (`concepts.Concepts`), which understands a word that no known header has. Their probabilities are multiplied
    (a logarithmic pool, Genest and Zidek 1986); the fewer of the words the first has seen whole, the less it has to say.

    >>> from lostdeals.understand.concepts import Concepts
    >>> from lostdeals.vocab import load
    >>> model, concepts = RoleModel.load(), Concepts(load())
    >>> [model.roles(header, concepts.features(header))[0][0] for header in ("跟单业务员", "reason not booked", "hitch")]
    ['owner', 'loss_reason', 'loss_reason']
    """

    def __init__(
        self, roles: Sequence[str], by_pieces: Linear, by_concepts: Linear, rarities: Sequence[Mapping[str, float]]
    ) -> None:
        self._roles = list(roles)
        self._by_pieces, self._by_concepts = by_pieces, by_concepts
        self._rarity, self._rarity_meant = rarities
        self._rarest = max(self._rarity.values())

    @classmethod
    def load(cls, path: Path = FILE) -> RoleModel:
        """The shipped model."""
        return _load(path)

    def roles(self, header: str, concepts: Sequence[str] = ()) -> list[tuple[str, float]]:
        """Roles and their probabilities (0-1, together 1), the likeliest first; none for a header with nothing known.

        header: as `Aliases.asked` gives it; concepts: its `Concepts.features`.
        """
        spelled = self._by_pieces.logs(vector(pieces(header), self._rarity))
        meant = self._by_concepts.logs(vector(dict.fromkeys(concepts, 1), self._rarity_meant))
        if spelled is None and meant is None:
            return []
        if spelled is None or meant is None:
            pooled = spelled if meant is None else meant
        else:
            seen = self._seen(header)
            pooled = spelled * (UNSEEN + (1 - UNSEEN) * seen) + meant * (1 - (1 - MEANT) * seen)
        assert pooled is not None
        odds = np.exp(pooled - pooled.max())
        chances = odds / odds.sum()
        return [(self._roles[place], float(chances[place])) for place in np.argsort(-chances)]

    def _seen(self, header: str) -> float:
        """Share of a header that the known headers have, whole Latin words and pairs of characters; rare ones count more."""
        known = asked = 0.0
        for word in header.split():
            if word[0] == ASIDE:
                continue
            framed = f"^{word}$"
            for part in (f"={word}",) if word.isascii() else map("".join, pairwise(framed)):
                known += self._rarity.get(part, 0.0)
                asked += self._rarity.get(part, self._rarest)
        return known / asked if asked else 1.0


@cache
def _load(path: Path) -> RoleModel:
    with np.load(path, allow_pickle=False) as arrays:
        by_pieces, by_concepts = (Linear.of(arrays, part) for part in PARTS)
        rarities = [
            dict(zip(model.place, arrays[f"{part}rarity"].tolist(), strict=True))
            for part, model in zip(PARTS, (by_pieces, by_concepts), strict=True)
        ]
        return RoleModel(arrays["roles"].tolist(), by_pieces, by_concepts, rarities)
