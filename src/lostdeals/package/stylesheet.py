"""Looks of our own behind the looks of the user's ``styles.xml``, which keep their numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lostdeals.package.book import MAIN, STYLES_TYPE, Book, reprefixed
from lostdeals.package.outline import Element, Part, with_attributes

ORDER = (
    "numFmts",
    "fonts",
    "fills",
    "borders",
    "cellStyleXfs",
    "cellXfs",
    "cellStyles",
    "dxfs",
    "tableStyles",
    "colors",
    "extLst",
)
"""Of the children of ``<styleSheet>`` (ECMA-376 part 1, 18.8.39)."""
FIRST_FORMAT = 164
"""The first number of a number format that is not built in."""
MOST_LOOKS = 65_000
"""Cell formats that Excel takes; it says 65,490."""
FONT, SIZE = "Calibri", 11.0
_EMPTY = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<styleSheet xmlns="{MAIN}"></styleSheet>'.encode()
_PARTS = ("fonts", "fills", "borders")


@dataclass(frozen=True)
class Shift:
    """How far our numbers move when they stand behind the user's."""

    looks: int
    """Of cells: ``s="…"``."""
    rules: int
    """Of conditional formats: ``dxfId="…"``."""


class StyleSheet:
    """The user's ``styles.xml``; what is appended comes from a workbook that openpyxl wrote."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._name = next((one.part for one in book.relations(book.main) if one.kind == "styles"), "")
        self._part = book.outline(self._name, 3) if book.has(self._name) else Part(_EMPTY, 3)
        self.shift = Shift(len(self._items("cellXfs")), len(self._items("dxfs")))

    def font(self) -> tuple[str, float]:
        """Name and size of the font that the user's cells have by default."""
        fonts = self._items("fonts")
        said = {one.name: one.attributes.get("val", "") for one in fonts[0].children} if fonts else {}
        try:
            size = float(said.get("sz", SIZE))
        except ValueError:
            size = SIZE
        return said.get("name") or FONT, size

    def append(self, ours: bytes) -> None:
        """Put the looks of another ``styles.xml`` behind these."""
        mine = Part(ours, 3)
        shifts = {name: len(self._items(name)) for name in _PARTS}
        for name in _PARTS:
            self._extend(name, [mine.source(one) for one in _children(mine, name)])
        formats = self._formats(mine)
        based = "0" if self._items("cellStyleXfs") else None
        looks = []
        for one in _children(mine, "cellXfs"):
            said = one.attributes
            new = {"numFmtId": formats.get(said.get("numFmtId", "0"), said.get("numFmtId", "0")), "xfId": based}
            for name, key in zip(_PARTS, ("fontId", "fillId", "borderId"), strict=True):
                new[key] = str(int(said.get(key, "0")) + shifts[name])
            tag = re.sub(rb'\s(?:xfId|pivotButton|quotePrefix)="\d*"', b"", mine.xml[one.start : one.inside])
            known = {key: value for key, value in new.items() if value is not None}
            marks = {"applyNumberFormat": "1", "applyFont": "1", "applyFill": "1", "applyBorder": "1"}
            looks.append(with_attributes(tag, known | marks) + mine.xml[one.inside : one.end])
        self._extend("cellXfs", looks)
        rules = [mine.source(one) for one in _children(mine, "dxfs")]
        if rules:
            self._extend("dxfs", rules)

    def save(self) -> None:
        """Hand the part back to the book, made new where the book had none."""
        if not self._book.has(self._name):
            self._name = self._book.free(lambda number: f"xl/styles{'' if number == 1 else number}.xml")
            self._book.add_part(self._name, STYLES_TYPE)
            self._book.relate("styles", self._name)
        self._book.changed[self._name] = self._part.edited()

    def _items(self, name: str) -> tuple[Element, ...]:
        return _children(self._part, name)

    def _extend(self, name: str, items: list[bytes]) -> None:
        new = reprefixed(b"".join(items), self._part.prefix)
        there = self._part.root.child(name)
        if there is not None:
            self._part.append(there, new, count=len(items))
        else:
            self._part.insert_in_order(self._part.tag(name, {"count": len(items)}, new), name, ORDER)

    def _formats(self, mine: Part) -> dict[str, str]:
        """Our number formats appended; gives their old numbers -> the new ones."""
        taken = [int(one.attributes.get("numFmtId", "0")) for one in self._items("numFmts")]
        number, found, new = max([*taken, FIRST_FORMAT - 1]) + 1, {}, []
        for one in _children(mine, "numFmts"):
            new.append(with_attributes(mine.source(one), {"numFmtId": str(number)}))
            found[one.attributes["numFmtId"]] = str(number)
            number += 1
        if new:
            self._extend("numFmts", new)
        return found


def shifted(xml: bytes, shift: Shift) -> bytes:
    """A sheet that openpyxl wrote, with the numbers its looks have in the user's workbook.

    >>> shifted(b'<col min="1" style="2"/><row r="1" s="1"><c r="A1" s="3" t="n"/><c r="B1"/></row>', Shift(10, 0))
    b'<col min="1" style="12"/><row r="1" s="11"><c r="A1" s="13" t="n"/><c r="B1"/></row>'
    """

    def moved(found: re.Match[bytes]) -> bytes:
        by = shift.rules if found[2] == b"dxfId" else shift.looks
        return found[1] + b'%s="%d"' % (found[2], int(found[3]) + by)

    return re.sub(rb'(<(?:c|row|col|cfRule)\s(?:[^>]*?\s)?)(s|style|dxfId)="(\d+)"', moved, xml)


def _children(part: Part, name: str) -> tuple[Element, ...]:
    found = part.root.child(name)
    return found.children if found is not None else ()
