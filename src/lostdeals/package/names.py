"""The names that a workbook defines: areas to print and to filter, and hidden marks by which our columns and sheets are found again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape

from lostdeals.package.book import Book
from lostdeals.package.letters import letters, number
from lostdeals.package.outline import Element, with_attributes

ORDER = (
    "fileVersion",
    "fileSharing",
    "workbookPr",
    "workbookProtection",
    "bookViews",
    "sheets",
    "functionGroups",
    "externalReferences",
    "definedNames",
    "calcPr",
    "oleSize",
    "customWorkbookViews",
    "pivotCaches",
    "smartTagPr",
    "smartTagTypes",
    "webPublishing",
    "fileRecoveryPr",
    "webPublishObjects",
    "extLst",
)
"""Of the children of ``<workbook>`` (ECMA-376 part 1, 18.2.27)."""
MARK, SHEET_MARK = "_lostdeals.", "_lostdeals.sheet."
FILTER, PRINT_AREA, PRINT_TITLES = "_xlnm._FilterDatabase", "_xlnm.Print_Area", "_xlnm.Print_Titles"

_PLACE = re.compile(r"(?:'((?:[^']|'')*)'|([^'!]+))!\$([A-Z]{1,3})\$?(\d*)(?::\$([A-Z]{1,3})\$?(\d*))?")
_AREA = re.compile(r"\$?([A-Z]{1,3})\$?(\d+)(?::\$?([A-Z]{1,3})\$?(\d+))?")


@dataclass(frozen=True)
class Area:
    """Cells from one corner to the other, 1-based and inclusive."""

    top: int
    left: int
    bottom: int
    right: int

    def __str__(self) -> str:
        return f"{letters(self.left)}{self.top}:{letters(self.right)}{self.bottom}"


def area(reference: str) -> Area | None:
    """What ``A1:T9`` means; None for anything else.

    >>> area("B2:D9"), area("$C$3"), area("A:B")
    (Area(top=2, left=2, bottom=9, right=4), Area(top=3, left=3, bottom=3, right=3), None)
    """
    found = _AREA.fullmatch(reference.strip())
    if not found:
        return None
    left, top = number(found[1]), int(found[2])
    return Area(top, left, int(found[4] or top), number(found[3]) if found[3] else left)


def quoted_sheet(name: str) -> str:
    """A sheet's name as a formula has it.

    >>> quoted_sheet("Wei's 客户")
    "'Wei''s 客户'"
    """
    return "'" + name.replace("'", "''") + "'"


def marks(book: Book) -> tuple[dict[str, tuple[str, int]], dict[str, str]]:
    """What an earlier run marked: key -> (sheet, column) of our columns, and key -> name of our sheets."""
    columns: dict[str, tuple[str, int]] = {}
    sheets: dict[str, str] = {}
    for element in _defined(book):
        name = element.attributes.get("name", "")
        place = _PLACE.match(book.workbook.text(element)) if name.startswith(MARK) else None
        if place is None:
            continue
        sheet = (place[1] or place[2] or "").replace("''", "'")
        if name.startswith(SHEET_MARK):
            sheets[name.removeprefix(SHEET_MARK)] = sheet
        else:
            columns[name.removeprefix(MARK)] = (sheet, number(place[3]))
    return columns, sheets


class Names:
    """Edits the defined names of a workbook."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._new: list[bytes] = []
        self._moved: dict[int, int | None] = {}
        self._forget: set[int] = set()
        self._texts: dict[int, str] = {}

    def define(self, name: str, text: str, *, sheet: int | None = None, hidden: bool = False) -> None:
        """A new name; `sheet`: place in the workbook of the only sheet that knows it."""
        attributes = {"name": name, "localSheetId": sheet, "hidden": "1" if hidden else None}
        self._new.append(self._book.workbook.tag("definedName", attributes, _escaped(text)))

    def has(self, name: str, sheet: int) -> bool:
        """Whether a sheet has such a name."""
        return any(_is(one, name, sheet) for one in _defined(self._book))

    def widen_filter(self, sheet: int, right: int) -> None:
        """Let the hidden name of a sheet's filter reach to a column."""
        for one in _defined(self._book):
            if _is(one, FILTER, sheet):
                text = self._book.workbook.text(one)
                name, bang, reference = text.rpartition("!")
                found = area(reference)
                if found and bang and found.right < right:
                    to = f"${letters(found.left)}${found.top}:${letters(right)}${found.bottom}"
                    self._texts[one.start] = f"{name}!{to}"

    def forget_marks(self) -> None:
        """Drop the marks of an earlier run."""
        self._forget |= {one.start for one in _defined(self._book) if one.attributes.get("name", "").startswith(MARK)}

    def renumber(self, places: Mapping[int, int | None]) -> None:
        """Old place of a sheet -> its new one; None where it is gone, and its names with it."""
        self._moved = dict(places)

    def save(self) -> None:
        """Hand the edits to the book."""
        workbook = self._book.workbook
        for one in _defined(self._book):
            local = one.attributes.get("localSheetId")
            place = self._moved.get(int(local), int(local)) if local is not None else None
            if one.start in self._forget or (local is not None and place is None):
                workbook.remove(one)
                continue
            tag = workbook.xml[one.start : one.inside]
            changed = False
            if local is not None and place != int(local):
                tag, changed = with_attributes(tag, {"localSheetId": str(place)}), True
            if one.start in self._texts:
                inner, changed = _escaped(self._texts[one.start]), True
            else:
                inner = workbook.xml[one.inside : one.close]
            if changed:
                workbook.replace(one.start, one.end, tag + inner + workbook.xml[one.close : one.end])
        if not self._new:
            return
        listed = workbook.root.child("definedNames")
        if listed is not None:
            workbook.append(listed, b"".join(self._new))
        else:
            workbook.insert_in_order(workbook.tag("definedNames", {}, b"".join(self._new)), "definedNames", ORDER)


def _defined(book: Book) -> tuple[Element, ...]:
    listed = book.workbook.root.child("definedNames")
    return listed.children if listed is not None else ()


def _is(element: Element, name: str, sheet: int) -> bool:
    return element.attributes.get("name") == name and element.attributes.get("localSheetId") == str(sheet)


def _escaped(text: str) -> bytes:
    return escape(text).encode()
