"""Cells as text: how a person reads them, how wide they are, many at once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

CHINESE = re.compile(r"[\u3400-\u9fff]")


def numbered(word: str) -> str:
    """The pattern of a phrase in which # is a number."""
    return re.escape(word).replace(r"\#", r"\s*\d+\s*")


def width_of(text: str) -> int:
    """Characters, of which a Chinese one counts as two.

    >>> width_of("王 Ann")
    6
    """
    return len(text) + len(CHINESE.findall(text))


def in_lines(values: Sequence[object]) -> str:
    r"""Texts, a line each; a blank line for everything else.

    >>> in_lines(["王伟", None, 7, "李娜"])
    '王伟\n\n\n李娜'
    """
    try:
        return "\n".join(values)  # type: ignore[arg-type]
    except TypeError:
        return "\n".join([value if type(value) is str else "" for value in values])


def as_text(value: object) -> str:
    """A cell as a person reads it: 13800000001.0 is a phone, not a fraction.

    >>> as_text(13800000001.0), as_text(" Ａ级 "), as_text(0.5)
    ('13800000001', 'A级', '0.5')
    """
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return " ".join(unicodedata.normalize("NFKC", str(value)).split())
