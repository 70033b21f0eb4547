"""Pictures and charts that float over a sheet, and which of them lie over given cells."""

from __future__ import annotations

from collections.abc import Sequence

from lostdeals.package.book import Book
from lostdeals.package.letters import letters
from lostdeals.package.names import Area
from lostdeals.package.outline import Element, Part

PER_COLUMN, PER_ROW = 609_600, 190_500
"""English Metric Units of a usual column (64 pixels) and row (20 pixels): only some anchors say where they end."""


def floating_over(book: Book, sheet: str, over: Area) -> list[str]:
    """Where the pictures and charts begin that cover a part of an area, as addresses: ``N2``.

    sheet: its part. A drawing that says no cells (``absoluteAnchor``) is placed by usual column widths and row heights.
    """
    found = []
    for relation in book.relations(sheet):
        if relation.kind != "drawing" or not book.has(relation.part):
            continue
        drawing = book.outline(relation.part, 3)
        for anchor in drawing.root.children:
            place = _place(drawing, anchor)
            if place is not None and _meet(place, over):
                found.append(f"{letters(place.left)}{place.top}")
    return found


def _place(drawing: Part, anchor: Element) -> Area | None:
    start, end = anchor.child("from"), anchor.child("to")
    top, left = (_number(drawing, start, name) for name in ("row", "col")) if start else (0, 0)
    if end is not None:
        return Area(top + 1, left + 1, _number(drawing, end, "row") + 1, _number(drawing, end, "col") + 1)
    size = anchor.child("ext")
    if size is None:
        return None
    if start is None:
        at = anchor.child("pos")
        left, top = _units(at, "x") // PER_COLUMN, _units(at, "y") // PER_ROW
    wide, high = _units(size, "cx") // PER_COLUMN, _units(size, "cy") // PER_ROW
    return Area(top + 1, left + 1, top + 1 + high, left + 1 + wide)


def _meet(one: Area, other: Area) -> bool:
    return one.left <= other.right and other.left <= one.right and one.top <= other.bottom and other.top <= one.bottom


def _number(drawing: Part, marker: Element, name: str) -> int:
    found: Sequence[Element] = marker.all(name)
    text = drawing.text(found[0]).strip() if found else ""
    return int(text) if text.isdigit() else 0


def _units(element: Element | None, name: str) -> int:
    said = element.attributes.get(name, "0") if element is not None else "0"
    return int(said) if said.lstrip("-").isdigit() else 0
