"""Which known header is a header most like, by the pieces of words they share."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from math import log, sqrt

ENDING = 0.25
"""What an alias gains that stands at the end of the header: heads stand last in Chinese and in English."""
WHOLE_WORD = "="


class Near:
    """Aliases to compare headers with: cosine of rarity-weighted pieces of words (Salton and Buckley 1988).

    A piece that few roles have counts more, so 购房动机 is nearer to 购买动机 than to 购房预算.

    >>> near = Near([("need", "购买动机"), ("budget", "购房预算"), ("competitor", "main competitor")])
    >>> near.roles("购房动机")[0][0], near.roles("competitor mentioned")[0][0]
    ('need', 'competitor')
    """

    def __init__(self, aliases: Iterable[tuple[str, str]]) -> None:
        self._aliases = list(dict.fromkeys(aliases))
        having: defaultdict[str, set[str]] = defaultdict(set)
        counted = [_pieces(alias) for _, alias in self._aliases]
        for (role, _), pieces in zip(self._aliases, counted, strict=True):
            for piece in pieces:
                having[piece].add(role)
        most = log(1 + len({role for role, _ in self._aliases}))
        self._unseen = most
        self._weights = {piece: most - log(len(roles)) + 0.3 for piece, roles in having.items()}
        self._index: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, pieces in enumerate(counted):
            for piece, weight in self._vector(pieces).items():
                self._index[piece].append((number, weight))

    def roles(self, header: str) -> list[tuple[str, float, str]]:
        """Roles, likeness (0 to 1.25) and the alias that is most like the header, the best first."""
        scores: defaultdict[int, float] = defaultdict(float)
        for piece, weight in self._vector(_pieces(header)).items():
            for number, other in self._index.get(piece, ()):
                scores[number] += weight * other
        found = []
        for number, score in scores.items():
            role, alias = self._aliases[number]
            if header.endswith(alias) and (alias[0] > "\u3400" or header[: -len(alias)].endswith(" ")):
                score += ENDING
            found.append((role, score, alias))
        return sorted(found, key=lambda item: -item[1])[:40]

    def _vector(self, pieces: Mapping[str, int]) -> dict[str, float]:
        weights = {piece: self._weights.get(piece, self._unseen) * (1 + log(count)) for piece, count in pieces.items()}
        length = sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        return {piece: weight / length for piece, weight in weights.items()}


def _pieces(text: str) -> Counter[str]:
    """Pieces of one and two Chinese characters, or of four letters and the whole Latin word."""
    pieces: list[str] = []
    for word in text.split():
        framed = f"^{word}$"
        if word.isascii():
            pieces.append(WHOLE_WORD + word)
            pieces += [framed[start : start + 4] for start in range(len(framed) - 3)]
        else:
            pieces += word
            pieces += [framed[start : start + 2] for start in range(len(framed) - 1)]
    return Counter(pieces)
