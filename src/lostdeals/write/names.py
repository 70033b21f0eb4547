"""Names of worksheets: what Excel allows, and no name twice."""

from __future__ import annotations

import re

LONGEST = 31
"""Characters in the name of a worksheet."""
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_RESERVED = "history"


class SheetNames:
    """Hands out names; the first to ask keeps a name, the next gets a number behind it.

    >>> names = SheetNames()
    >>> names.take("概览"), names.take("概览"), names.take("2024/09 [all]"), names.take("客户" * 20)
    ('概览', '概览 (2)', '2024 09  all', '客户客户客户客户客户客户客户客户客户客户客户客户客户客户客户客')
    """

    def __init__(self) -> None:
        self._taken = {_RESERVED}

    def take(self, wanted: str) -> str:
        """The wanted name as Excel allows it, unlike any before it."""
        base = _FORBIDDEN.sub(" ", wanted).strip(" '")[:LONGEST].strip(" '") or "Sheet"
        name, number = base, 1
        while name.casefold() in self._taken:
            number += 1
            ending = f" ({number})"
            name = base[: LONGEST - len(ending)].rstrip() + ending
        self._taken.add(name.casefold())
        return name
