"""How each kind of cell looks, and its number in a workbook's ``styles.xml``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from lostdeals.package.cells import DATE, DATETIME, DURATION, TIME

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.styles.cell_style import StyleArray

ACCENT, QUIET, LINE, PALE, WASH, BAR = "2F5D8A", "7A828E", "D5DAE1", "E6EDF5", "F5F7FA", "B4C9DF"
"""One colour that speaks, text that steps back, lines, the new columns' header, tiles, bars."""
TIERS: Mapping[str, str] = MappingProxyType(
    {"high_value": "CFE5D6", "potential": "D9E6F5", "general": "ECEEF1", "low_value": "F6E6D8"}
)
"""Fill of the four tiers, quiet enough to read black text on."""

FORMATTED = "format "
"""Before a number format of the user's, as the name of its look."""
LINED = " lined"
"""After the name of a look: the same with a light line below, for rows of several lines."""


@dataclass(frozen=True)
class Look:
    """How one kind of cell looks."""

    number_format: str = "General"
    bold: bool = False
    size: float | None = None
    """In points; None takes the workbook's own."""
    color: str = ""
    """Of the text; empty is black."""
    fill: str = ""
    left: str = ""
    bottom: str = ""
    """Colour of the line on that side."""
    align: str = ""
    """``left``, ``center``, ``right``; empty leaves it to the value."""
    vertical: str = ""
    wrap: bool = False
    indent: int = 0
    """Room between the text and the edge it is aligned to, so that a number does not touch the text beside it."""


_HEADER = Look(bold=True, fill=WASH, bottom=QUIET, vertical="center", wrap=True)
_BAND = Look(bold=True, color="FFFFFF", vertical="center")
_CELL = Look(vertical="center")
_TO_FILL_IN = Look(fill="FFFBEF", bottom=LINE, vertical="center")
_TILE = Look(fill=WASH, align="center", vertical="center")
_LIST = Look(bottom=LINE, vertical="center", size=9)
_LIST_HEADER = Look(color=QUIET, size=9, bottom=QUIET, vertical="center")

LOOKS: Mapping[str, Look] = MappingProxyType(
    {
        # the user's own values
        DATE: Look("yyyy-mm-dd"),
        DATETIME: Look("yyyy-mm-dd hh:mm"),
        TIME: Look("hh:mm"),
        DURATION: Look("[h]:mm:ss"),
        # headers
        "header": _HEADER,
        "centre header": replace(_HEADER, align="center"),
        "right header": replace(_HEADER, align="right", indent=1),
        "new header": replace(_HEADER, fill=PALE, color=ACCENT),
        "centre new header": replace(_HEADER, fill=PALE, color=ACCENT, align="center"),
        "right new header": replace(_HEADER, fill=PALE, color=ACCENT, align="right", indent=1),
        "first new header": replace(_HEADER, fill=PALE, color=ACCENT, left=ACCENT, align="right", indent=1),
        "band": replace(_BAND, fill=ACCENT),
        "other band": replace(_BAND, fill="6C8EB0"),
        # what stands below them
        "plain": _CELL,
        "digits": Look("@"),  # phones and ids: what is typed into such a cell stays text
        "quiet": replace(_CELL, color=QUIET),
        "text": replace(_CELL, number_format="@", align="left"),
        "wrapped": replace(_CELL, wrap=True),
        "cut": replace(_CELL, align="fill"),  # ends at its own cell, however long it is
        "centre": replace(_CELL, number_format="0", align="center"),
        "link": replace(_CELL, number_format="0", align="center", color=ACCENT),
        "day": replace(_CELL, number_format="yyyy-mm-dd", align="center"),
        "number": replace(_CELL, number_format="#,##0", align="right", indent=1),
        "decimal": replace(_CELL, number_format="#,##0.0", align="right", indent=1),
        "chance": replace(_CELL, number_format='[<0.001]"<0.001";0.000', align="right", indent=1),
        "points": replace(_CELL, number_format="+0.0;-0.0;0.0", align="center"),
        "percent": replace(_CELL, number_format="0%", align="center"),
        "exact percent": replace(_CELL, number_format="0.0%", align="center"),
        "first number": replace(_CELL, number_format="0", left=ACCENT, align="right", indent=1),
        "to fill in": _TO_FILL_IN,
        "day to fill in": replace(_TO_FILL_IN, number_format="yyyy-mm-dd", align="center"),
        # headings
        "title": Look(bold=True, size=16, vertical="center"),
        "heading": Look(bold=True, size=12, color=ACCENT, vertical="center"),
        "subtitle": Look(color=QUIET, vertical="center"),
        "sentence": Look(vertical="center", wrap=True),
        # the overview
        "tile label": replace(_TILE, color=QUIET, size=9),
        "tile value": replace(_TILE, bold=True, size=18),
        "tile accent": replace(_TILE, bold=True, size=18, color=ACCENT),
        "tile note": replace(_TILE, color=QUIET, size=8),
        "list header": _LIST_HEADER,
        "list centre header": replace(_LIST_HEADER, align="center"),
        "list": _LIST,
        "list wrapped": replace(_LIST, wrap=True),
        "list centre": replace(_LIST, number_format="0", align="center"),
        "list strong": replace(_LIST, number_format="0", align="center", bold=True, color=ACCENT),
        "list day": replace(_LIST, number_format="mm-dd", align="center"),
    }
)
"""Every kind of cell that we write, by what it is for."""


def header_of(look: str) -> str:
    """The header that goes with a kind of cell: aligned as its values are.

    >>> header_of("number"), header_of("day"), header_of("wrapped")
    ('right header', 'centre header', 'header')
    """
    align = LOOKS[look].align or ("right" if LOOKS[look].number_format != "General" else "")
    return {"center": "centre header", "right": "right header"}.get(align, "header")


def moment_kinds(code: str) -> tuple[str, ...]:
    """The kinds of moments that a number format shows; none where it shows a number.

    >>> moment_kinds('yyyy"年"m"月"'), moment_kinds("[h]:mm"), moment_kinds('"¥"#,##0;[Red]-0')
    (('date', 'datetime'), ('time', 'duration'), ())
    """
    shown = re.sub(r'"[^"]*"|\[(?![hms])[^\]]*\]|\\.|_.|\*.', "", code.lower()).replace("general", "")
    if "y" in shown or "d" in shown:
        return DATE, DATETIME
    return (TIME, DURATION) if "h" in shown or "s" in shown else ()


class Styles:
    """The looks of one workbook: its default font set, each look registered when it is first asked for."""

    def __init__(self, book: Workbook, font: str, size: float) -> None:
        from openpyxl.styles import Font
        from openpyxl.utils.indexed_list import IndexedList

        self.font = font
        """Its name, for charts, too."""
        self._book, self._size = book, size
        self._arrays: dict[str, StyleArray] = {}
        normal = Font(name=font, sz=size, family=2)
        book._fonts = IndexedList([normal])  # the first font is what empty cells and row heights go by
        book._named_styles["Normal"].font = normal

    def __getitem__(self, look: str) -> StyleArray:
        """What an openpyxl cell takes as its ``_style``."""
        if look not in self._arrays:
            lined = look.endswith(LINED)
            plain = LOOKS[look.removesuffix(LINED)]
            self._arrays[look] = self._array(replace(plain, bottom=LINE) if lined else plain)
        return self._arrays[look]

    def number(self, look: str) -> int:
        """What a cell's ``s`` attribute says."""
        return int(self._book._cell_styles.add(self[look]))

    def moments(self) -> dict[str, int]:
        """The style numbers of dates, times and durations, by kind."""
        return {kind: self.number(kind) for kind in (DATE, DATETIME, TIME, DURATION)}

    def formatted(self, code: str) -> tuple[int, dict[str, int]]:
        """The style numbers of a column with a number format of the user's: of its numbers, and of its moments by kind."""
        name = f"{FORMATTED}{code}"
        self._arrays.setdefault(name, self._array(Look(code)))
        style, kinds = int(self._book._cell_styles.add(self._arrays[name])), moment_kinds(code)
        return 0 if kinds else style, self.moments() | dict.fromkeys(kinds, style)

    def _array(self, look: Look) -> StyleArray:
        from openpyxl.cell import Cell
        from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

        cell = Cell(self._book.worksheets[0], row=1, column=1)  # not put on the sheet
        cell.font = Font(name=self.font, sz=look.size or self._size, family=2, b=look.bold, color=look.color or None)
        cell.number_format = look.number_format
        if look.fill:
            cell.fill = PatternFill("solid", fgColor=look.fill)
        if look.left or look.bottom:
            left = Side("medium", color=look.left) if look.left else None
            cell.border = Border(left=left, bottom=Side("thin", color=look.bottom) if look.bottom else None)
        if look.align or look.vertical or look.wrap:
            cell.alignment = Alignment(
                look.align or None, look.vertical or None, wrap_text=look.wrap or None, indent=look.indent
            )
        return cell._style
