"""Excel's column letters and the addresses of cells."""

from __future__ import annotations

from functools import cache
from string import ascii_uppercase

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
"""The largest sheet Excel knows (ECMA-376 part 1, 18.3.1.73 and 18.3.1.13)."""


@cache
def letters(column: int) -> str:
    """The letters of a 1-based column number.

    >>> letters(1), letters(27), letters(16_384)
    ('A', 'AA', 'XFD')
    """
    text = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        text = ascii_uppercase[rest] + text
    return text


@cache
def number(column: str) -> int:
    """The 1-based column number of Excel letters, of either case; 0 for text that is no column.

    >>> number("A"), number("xfd"), number("客户")
    (1, 16384, 0)
    """
    total = 0
    for letter in column.upper():
        if letter not in ascii_uppercase:
            return 0
        total = total * 26 + ascii_uppercase.index(letter) + 1
    return total


def address(sheet: str, row: int, column: int) -> str:
    """Where a cell is, as the user would say it.

    >>> address("客户", 12, 6)
    '客户!F12'
    """
    return f"{sheet}!{letters(column)}{row}"
