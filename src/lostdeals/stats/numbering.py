"""The numbers that a team writes before the names of its steps: 1-初步, ①, S1线索, Stage 2: Demo, 第三步."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from unicodedata import normalize

from lostdeals.vocab import Vocabulary
from lostdeals.vocab.numerals import Numerals

MOST = 0.6
"""A numbering that stands before this share of the names orders them."""
DIFFERENT = 0.8
"""Share of the numbers that have to be different; a step may be written in two ways."""
LEAST = 2
"""Names that have to be numbered."""
SHARED = 3
"""Numbered names of which all have the same behind the number, from which that belongs to the number: 第一步, 第二步, 第三步."""
STOP = r"[-.、:：)\]_】]"
MOST_NAMES = 120
"""More names than this have no numbers of one or two digits of their own."""


@dataclass(frozen=True)
class Numbered:
    """A name with a number before it."""

    number: float
    name: str
    """Without the number, and without what stands behind every number: 第一步：, Stage 1 -."""


def numbered(names: Sequence[str], vocabulary: Vocabulary) -> dict[str, Numbered]:
    """Name -> its number; empty unless most names have one in the same manner and (nearly) no two the same.

    >>> from lostdeals.vocab import load
    >>> found = numbered(["S2需求", "S10签约", "S1线索"], load())
    >>> [(one.number, one.name) for one in found.values()]
    [(2.0, '需求'), (10.0, '签约'), (1.0, '线索')]
    >>> [(one.number, one.name) for one in numbered(["第二步：报价", "第一步：初谈", "第三步：签约", "成交"], load()).values()]
    [(2.0, '报价'), (1.0, '初谈'), (3.0, '签约')]
    >>> numbered(["初谈", "二次报价", "成交"], load())
    {}
    """
    if len(names) > MOST_NAMES:
        return {}
    manners: dict[str, dict[str, tuple[float, str]]] = {}
    for name in names:
        for manner, number, rest in _read(name, vocabulary):
            manners.setdefault(manner, {}).setdefault(name, (number, rest))
    enough = [
        found
        for found in manners.values()
        if len(found) >= max(LEAST, MOST * len(names))
        and len({number for number, _ in found.values()}) >= DIFFERENT * len(found)
    ]
    if not enough:
        return {}
    best = max(enough, key=len)
    behind = _shared([rest for _, rest in best.values()]) if len(best) >= SHARED else ""
    return {
        name: Numbered(number, re.sub(rf"^(?:{STOP}|\s)+", "", rest[len(behind) :]))
        for name, (number, rest) in best.items()
    }


def _shared(texts: Sequence[str]) -> str:
    """What all of several texts begin with, no Latin word being cut in two."""
    first, last = min(texts), max(texts)  # between which all others lie
    size = next((at for at, (one, other) in enumerate(zip(first, last, strict=False)) if one != other), len(first))
    return re.sub(r"[A-Za-z]+$", "", first[:size])


def _read(name: str, vocabulary: Vocabulary) -> list[tuple[str, float, str]]:
    """The manners in which a name can be numbered: what stands before the number, the number, what stands behind it."""
    text = normalize("NFKC", name).strip()
    plain, letter, behind, words = _patterns(vocabulary)
    found = []
    if match := plain.match(text):
        found.append(("", float(match[1]), text[match.end() :]))
    if match := letter.match(text):
        found.append(("a", float(ord(match[1].lower())), text[match.end() :]))
    if match := behind.match(text):
        found.append((f"{match[1].lower()}1", float(match[2]), text[match.end() :]))
    if (match := words.match(text)) and (match[1] or re.match(STOP, text[match.end() :])):
        number = Numerals(vocabulary).read(match[2])
        if number is not None:
            found.append((f"{match[1].lower()}1" if match[1] else "", float(number), text[match.end() :]))
    return found


@lru_cache(maxsize=4)
def _patterns(vocabulary: Vocabulary) -> tuple[re.Pattern[str], ...]:
    """A number first, a letter first, a number behind letters, and one in words behind letters or before a stop."""
    start, numerals = r"[(\[【]?\s*", Numerals(vocabulary).pattern
    ends = rf"(?:\s*{STOP}\s*|\s+|(?=[\u4e00-\u9fff]))"
    return tuple(
        re.compile(pattern, re.IGNORECASE)
        for pattern in (
            rf"{start}(\d{{1,2}})(?:{ends}|(?=[^\W\d_]))",
            rf"{start}([a-z]){ends}",
            rf"{start}([^\W\d_]{{1,12}}?)[\s\-_#.]*(\d{{1,2}})(?!\.?\d)",
            rf"{start}([^\W\d_]{{0,12}}?)({numerals})",
        )
    )
