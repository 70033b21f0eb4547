"""Looks of our own behind the looks of the user's ``styles.xml``, which keep their numbers; what is there already is used."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lostdeals.package.book import Book
from lostdeals.package.outline import Element, Part, with_attributes
from lostdeals.package.parts import MAIN, STYLES_TYPE, reprefixed
from lostdeals.package.refusal import Refused

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
_PARTS: Mapping[str, str] = {"fonts": "fontId", "fills": "fillId", "borders": "borderId"}
"""What a cell format puts together -> its attribute for that."""
_MARKS = dict.fromkeys(("applyNumberFormat", "applyFont", "applyFill", "applyBorder"), "1")
_UNSAID = frozenset({("pivotButton", "0"), ("quotePrefix", "0")})
"""Attributes that say what holds without them, too; some programs write them out."""


@dataclass(frozen=True)
class Numbers:
    """What the numbers of our looks are in the user's workbook."""

    looks: Sequence[int]
    """Of cells: ``s="…"``."""
    rules: Sequence[int]
    """Of conditional formats: ``dxfId="…"``."""


class StyleSheet:
    """The user's ``styles.xml``; what is appended comes from a workbook that openpyxl wrote."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._name = next((one.part for one in book.relations(book.main) if one.kind == "styles"), "")
        self._part = book.outline(self._name, 3) if book.has(self._name) else Part(_EMPTY, 3)

    def font(self) -> tuple[str, float]:
        """Name and size of the font that the user's cells have by default."""
        fonts = self._items("fonts")
        said = {one.name: one.attributes.get("val", "") for one in fonts[0].children} if fonts else {}
        try:
            size = float(said.get("sz", SIZE))
        except ValueError:
            size = SIZE
        return said.get("name") or FONT, size

    def append(self, ours: bytes) -> Numbers:
        """Put the looks of another ``styles.xml`` behind these, those aside that are there already.

        Refused where the user's workbook has as many as Excel takes.
        """
        mine = Part(ours, 3)
        formats = self._formats(mine)
        places = {key: self._placed(name, _sources(mine, name)) for name, key in _PARTS.items()}
        based = {"xfId": "0"} if self._items("cellStyleXfs") else {}
        looks = []
        for one in _children(mine, "cellXfs"):
            said = one.attributes
            new = {"numFmtId": formats.get(said.get("numFmtId", "0"), said.get("numFmtId", "0"))} | based | _MARKS
            new |= {key: str(known[int(said.get(key, "0"))]) for key, known in places.items()}
            tag = re.sub(rb'\s(?:xfId|pivotButton|quotePrefix)="\d*"', b"", mine.xml[one.start : one.inside])
            looks.append(with_attributes(tag, new) + mine.xml[one.inside : one.end])
        numbers = Numbers(self._placed("cellXfs", looks), self._placed("dxfs", _sources(mine, "dxfs")))
        if max(numbers.looks, default=0) >= MOST_LOOKS:
            raise Refused("many-looks", self._name)
        return numbers

    def save(self) -> None:
        """Hand the part back to the book, made new where the book had none."""
        if not self._book.has(self._name):
            self._name = self._book.free(lambda number: f"xl/styles{'' if number == 1 else number}.xml")
            self._book.add_part(self._name, STYLES_TYPE)
            self._book.relate("styles", self._name)
        self._book.changed[self._name] = self._part.edited()

    def _items(self, name: str) -> tuple[Element, ...]:
        return _children(self._part, name)

    def _placed(self, name: str, wanted: Sequence[bytes]) -> list[int]:
        """The place of each item in a list of the user's, which gets those that it does not have."""
        known: dict[object, int] = {}
        for place, one in enumerate(self._items(name)):
            known.setdefault(_key(self._part, one), place)
        count = len(self._items(name))
        new: list[bytes] = []
        places = []
        for source in (reprefixed(one, self._part.prefix) for one in wanted):
            item = Part(source, 0)
            place = known.setdefault(_key(item, item.root), count + len(new))
            if place == count + len(new):
                new.append(source)
            places.append(place)
        if new:
            self._extend(name, new)
        return places

    def _extend(self, name: str, items: Sequence[bytes]) -> None:
        new = b"".join(items)
        there = self._part.root.child(name)
        if there is not None:
            self._part.append(there, new, count=len(items))
        else:
            self._part.insert_in_order(self._part.tag(name, {"count": len(items)}, new), name, ORDER)

    def _formats(self, mine: Part) -> dict[str, str]:
        """Our number formats appended; gives their old numbers -> the new ones."""
        there = self._items("numFmts")
        known = {one.attributes.get("formatCode", ""): one.attributes.get("numFmtId", "") for one in reversed(there)}
        number = max([*(int(one.attributes.get("numFmtId", "0")) for one in there), FIRST_FORMAT - 1]) + 1
        found: dict[str, str] = {}
        new: list[bytes] = []
        for one in _children(mine, "numFmts"):
            code = one.attributes["formatCode"]
            if code not in known:
                known[code] = str(number + len(new))
                new.append(reprefixed(with_attributes(mine.source(one), {"numFmtId": known[code]}), self._part.prefix))
            found[one.attributes["numFmtId"]] = known[code]
        if new:
            self._extend("numFmts", new)
        return found


def renumbered(xml: bytes, numbers: Numbers) -> bytes:
    """A sheet that openpyxl wrote, with the numbers its looks have in the user's workbook.

    >>> renumbered(b'<col min="1" style="2"/><row r="1" s="1"><c r="A1" s="2"/><c r="B1"/></row>', Numbers([0, 7, 9], []))
    b'<col min="1" style="9"/><row r="1" s="7"><c r="A1" s="9"/><c r="B1"/></row>'
    """

    def moved(found: re.Match[bytes]) -> bytes:
        known = numbers.rules if found[2] == b"dxfId" else numbers.looks
        return found[1] + b'%s="%d"' % (found[2], known[int(found[3])])

    return re.sub(rb'(<(?:c|row|col|cfRule)\s(?:[^>]*?\s)?)(s|style|dxfId)="(\d+)"', moved, xml)


def _key(part: Part, item: Element) -> object:
    """What makes two items the same look, in whatever order its attributes stand."""
    said = {key: value for key, value in item.attributes.items() if (key, value) not in _UNSAID}
    return frozenset(said.items()), part.xml[item.inside : item.close]


def _sources(part: Part, name: str) -> list[bytes]:
    return [part.source(one) for one in _children(part, name)]


def _children(part: Part, name: str) -> tuple[Element, ...]:
    found = part.root.child(name)
    return found.children if found is not None else ()
