"""What a cell's text is at a glance: the number, date or address by which a row is known to be read rightly."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

ALIKE = 0.8
"""Share of a column's filled cells that must be of one kind for the column to have it."""

_AMOUNT = r"[-+]?(?:[0-9]{1,3}(?:[,. ][0-9]{3})+|[0-9]+)(?:[.,][0-9]+)?"
_CLOCK = r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:\s?[APap][Mm])?(?:Z|[-+][0-9]{2}:?[0-9]{2})?"
_DAY = r"[0-9]{4}[-/.\u5e74][0-9]{1,2}(?:[-/.\u6708][0-9]{1,2}\u65e5?|\u6708)|[0-9]{1,2}[-/.][0-9]{1,2}[-/.](?:[0-9]{4}|[0-9]{2})"
_KIND = re.compile(
    rf"(?P<date>(?:{_DAY})(?:[ T]{_CLOCK})?)"
    rf"|(?P<time>{_CLOCK})"
    rf"|(?P<number>\(?[$\u20ac\u00a3\u00a5\uffe5]?\s?{_AMOUNT}\s?(?:[%\u4e07\u4ebf\u5143]|[kKwW])?\)?)"
    r"|(?P<phone>\+?[0-9(][0-9 ()/-]{4,18}[0-9])"
    r"|(?P<email>[^\s@,;|]+@[^\s@,;|]+\.[A-Za-z]{2,})"
    r"|(?P<link>(?:https?://|www\.)[^\s\"]+)"
    r"|(?P<code>(?=[A-Za-z0-9_-]*[0-9])[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)+)"
)


def kind(cell: str) -> str:
    """``date``, ``time``, ``number``, ``email``, ``link`` or ``code``; empty for words and for nothing.

    >>> [kind(cell) for cell in ("1.234,50", "2026年3月5日", "10:30", "MG-8769", "wang@example.com", "太贵,再说", "")]
    ['number', 'date', 'time', 'code', 'email', '', '']
    """
    found = _KIND.fullmatch(cell.strip())
    if not found:
        return ""
    return "number" if found.lastgroup == "phone" else found.lastgroup or ""


def column_kinds(records: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """What most of the cells below the first record are, column by column; empty where they are words or differ.

    >>> column_kinds([["姓名", "报价"], ["王女士", "1,5"], ["李先生", ""], ["赵女士", "2"]])
    ('', 'number')
    """
    kinds = []
    for column in zip(*records[1:], strict=True):
        counts = Counter(kind(cell) for cell in column if re.search(r"\w", cell))
        best, count = counts.most_common(1)[0] if counts else ("", 0)
        kinds.append(best if count >= ALIKE * counts.total() else "")
    return tuple(kinds)


def agreeing(record: Sequence[str], kinds: Sequence[str]) -> int:
    """Cells of the kind their column has; -1 where one is of another kind. Nothing, or a dash, is of none.

    >>> agreeing(["王女士", "2,5", "2026-03-05"], ("", "number", "date")), agreeing(["2", "王女士"], ("", "number"))
    (2, -1)
    """
    filled = [(cell, wanted) for cell, wanted in zip(record, kinds, strict=True) if wanted and re.search(r"\w", cell)]
    known = [kind(cell) == wanted for cell, wanted in filled]
    return len(known) if all(known) else -1


def agrees(record: Sequence[str], kinds: Sequence[str]) -> bool:
    """A record has something in a column of a known kind, and nothing of another kind in any of them.

    Where no column has a kind, nothing speaks against the record.

    >>> agrees(["王女士", "2,5"], ("", "number")), agrees(["2", "王女士"], ("", "number")), agrees(["a", ""], ("", "number"))
    (True, False, False)
    """
    return not any(kinds) or agreeing(record, kinds) > 0
