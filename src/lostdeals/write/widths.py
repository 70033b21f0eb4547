"""How much room a text takes, a Chinese character counting double."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from math import ceil

NARROWEST, WIDEST = 6.0, 42.0
"""Of guessed columns, in characters of the default font."""

NARROW, WIDE = 0.93, 2.05
"""Digits that a letter and a Chinese character take in a line of the default font, on the average."""


@lru_cache(maxsize=100_000)
def length(text: str) -> int:
    """Characters of the default font that a line of text is long.

    >>> length("ABC"), length("王小明")
    (3, 6)
    """
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def width_of(values: Iterable[object]) -> float:
    """A column width that shows these values.

    >>> width_of(["客户姓名", "王小明", None]), width_of(["no"])
    (10.0, 6.0)
    """
    longest = max((_length(value) for value in values if value is not None), default=0)
    return min(WIDEST, max(NARROWEST, longest + 2.0))


def lines_in(text: object, width: float) -> int:
    """Lines that a text takes in a column which wraps it.

    A width counts digits; letters are narrower on the average, and Chinese characters a little wider than two.

    >>> lines_in("电话回访，说明分期方案，并约一次上门演示", 22), lines_in(None, 22)
    (2, 1)
    >>> lines_in("For: high intent; at the final decision; high value", 44)
    2
    """
    if not isinstance(text, str) or not text:
        return 1
    return sum(max(1, ceil(_room(line) / (width - 1))) for line in text[:2000].split("\n"))


def _room(text: str) -> float:
    wide = length(text) - len(text)
    return NARROW * (len(text) - wide) + WIDE * wide


def _length(value: object) -> int:
    return 10 if isinstance(value, date) else length(str(value).split("\n", 1)[0][: int(WIDEST)])
