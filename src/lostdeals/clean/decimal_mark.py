"""Learn from a whole column whether its numbers have a decimal point or a decimal comma."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Self


class DecimalMark:
    """Learned: ``decimal_`` is ``.`` or ``,``; the point where a column does not tell (1,234 alone is 1234).

    >>> DecimalMark().fit(["1.234", "2.900,00"]).decimal_, DecimalMark().fit(["1,234"]).decimal_
    (',', '.')
    """

    def fit(self, texts: Iterable[str]) -> Self:
        """Count the numbers that only one of the two marks explains.

        10,000 speaks for the point, too: a decimal comma hardly ever has just three digits behind it, so a column of such
        numbers is not turned by one 2.900,00 among them.
        """
        points = commas = 0
        for text in texts:
            for number in MARKED.findall(text):
                points += bool(ONLY_POINT.fullmatch(number) or GROUPS_OF_THREE.fullmatch(number))
                commas += bool(ONLY_COMMA.fullmatch(number))
        self.decimal_ = "," if commas > points else "."
        return self


def plain_number(digits: str, decimal: str) -> float | None:
    """A number without unit or sign; None where its groups make no sense.

    >>> [plain_number(text, ".") for text in ("1,234.50", "1'234", "12,5", "1,00,000", "1.234.567", "1,2,3")]
    [1234.5, 1234.0, 12.5, 100000.0, 1234567.0, None]
    >>> plain_number("2.900", ","), plain_number("1 234 567,5", ","), plain_number("2000 500", ".")
    (2900.0, 1234567.5, None)
    """
    digits = AROUND_MARKS.sub(r"\1", digits.strip())
    if SPACES.search(digits) and not SPACED_GROUPS.fullmatch(digits):
        return None
    digits = SPACES.sub("", digits)
    points, commas = digits.count("."), digits.count(",")
    if points and commas:
        decimal = "." if digits.rfind(".") > digits.rfind(",") else ","
    elif points + commas == 1 and not (THOUSAND if points or decimal == "," else GROUPED).fullmatch(digits):
        decimal = "." if points else ","
    elif points + commas > 1:
        decimal = "," if points else "."
    thousands = "," if decimal == "." else "."
    whole, _, fraction = digits.partition(decimal)
    groups = (whole or "0").split(thousands)
    if decimal in fraction or thousands in fraction or not all(groups) or any(not 2 <= len(g) <= 4 for g in groups[1:]):
        return None
    return float(f"{''.join(groups)}.{fraction or 0}")


MARKED = re.compile(r"\d[\d.,]*[.,]\d+")
ONLY_POINT = re.compile(r"\d{1,3}(?:,\d{3})+\.\d+|\d{1,3}(?:,\d{3}){2,}|\d+\.(?:\d{1,2}|\d{4,})|0\.\d+")
ONLY_COMMA = re.compile(r"\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:\.\d{3}){2,}|\d+,\d{1,2}|0,\d+")
GROUPS_OF_THREE = re.compile(r"[1-9]\d{0,2},\d{3}")
THOUSAND = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")
GROUPED = re.compile(r"[1-9]\d{0,2},\d{3,4}")  # 1,0000 groups by 万
AROUND_MARKS = re.compile(r"\s*([.,])\s*")
SPACED_GROUPS = re.compile(r"\d{1,3}(?:['’\s]\d{3})+(?:[.,]\d+)?")
SPACES = re.compile(r"['’\s]")
