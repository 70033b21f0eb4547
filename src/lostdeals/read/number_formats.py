"""Number formats that files only call by number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

YEAR, MONTH, DAY = "\u5e74", "\u6708", "\u65e5"
"""The signs in a Chinese date, which belong to the file format."""
BUILT_IN: Mapping[int, str] = MappingProxyType(
    {
        1: "0",
        2: "0.00",
        3: "#,##0",
        4: "#,##0.00",
        9: "0%",
        10: "0.00%",
        11: "0.00E+00",
        12: "# ?/?",
        13: "# ??/??",
        14: "mm-dd-yy",
        15: "d-mmm-yy",
        16: "d-mmm",
        17: "mmm-yy",
        18: "h:mm AM/PM",
        19: "h:mm:ss AM/PM",
        20: "h:mm",
        21: "h:mm:ss",
        22: "m/d/yy h:mm",
        27: f'yyyy"{YEAR}"m"{MONTH}"',
        28: f'm"{MONTH}"d"{DAY}"',
        31: f'yyyy"{YEAR}"m"{MONTH}"d"{DAY}"',
        37: "#,##0_);(#,##0)",
        38: "#,##0_);[Red](#,##0)",
        39: "#,##0.00_);(#,##0.00)",
        40: "#,##0.00_);[Red](#,##0.00)",
        45: "mm:ss",
        46: "[h]:mm:ss",
        47: "mm:ss.0",
        48: "##0.0E+0",
        49: "@",
        57: f'yyyy"{YEAR}"m"{MONTH}"',
        58: f'm"{MONTH}"d"{DAY}"',
    }
)
"""ECMA-376 part 1, 18.8.30, the Chinese ones among them."""


def number_formats(numbers: Iterable[int], own: Mapping[int, str]) -> list[str]:
    """The format of each cell style, by its number; `own`: those that the file spells out. Empty for none.

    >>> number_formats([0, 14, 180], {180: "0.0"})
    ['', 'mm-dd-yy', '0.0']
    """
    return [own.get(number) or BUILT_IN.get(number, "") for number in numbers]
