"""Text that no spreadsheet program takes for a formula, and the way back where it must be exact."""

from __future__ import annotations

import re

MARK = "'"

_STARTS_LIKE_A_FORMULA = re.compile(r"[=@\t\r+-]")
_NUMBER_OR_PHONE = re.compile(r"[+-](?=\D*\d)[\s\d().,/%-]*(?:[eE][+-]?\d+)?")


def guarded(value: str) -> str:
    """Text that no spreadsheet takes for a formula; numbers and phones keep their sign.

    >>> guarded("=1+1"), guarded("+86 138-0000-0001"), guarded("-0.5"), guarded("+cmd|x"), guarded("王小明")
    ("'=1+1", '+86 138-0000-0001', '-0.5', "'+cmd|x", '王小明')
    """
    if not _STARTS_LIKE_A_FORMULA.match(value) or _NUMBER_OR_PHONE.fullmatch(value):
        return value
    return MARK + value


def marked(value: str) -> str:
    """Text guarded so that `unmarked` gives it back exactly.

    One that starts with the mark gets another; so does one that starts with a blank, which some readers of CSV drop.

    >>> marked("=1+1"), marked("'=1+1"), unmarked("''=1+1"), marked(" a")
    ("'=1+1", "''=1+1", "'=1+1", "' a")
    """
    return MARK + value if value.startswith((MARK, " ")) else guarded(value)


def unmarked(value: str) -> str:
    """What `marked` was given."""
    return value.removeprefix(MARK)
