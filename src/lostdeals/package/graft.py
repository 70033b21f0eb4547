"""Sheets that openpyxl made, planted behind the user's own, and those of an earlier run taken out."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from zipfile import ZipFile

from lostdeals.package.book import Book
from lostdeals.package.names import Names
from lostdeals.package.outline import Part
from lostdeals.package.parts import RELATIONS, SHEET_TYPE, namespaces, rels_of
from lostdeals.package.quiet import quiet
from lostdeals.package.rows import Block, RowWriter, extent
from lostdeals.package.stylesheet import Numbers, renumbered

KINDS = {
    "drawings": "application/vnd.openxmlformats-officedocument.drawing+xml",
    "charts": "application/vnd.openxmlformats-officedocument.drawingml.chart+xml",
}
"""Folder -> type of the parts that a sheet of ours brings along."""
CALC_CHAIN = "calcChain"

_EMPTY_ROWS = re.compile(rb"<sheetData\s*/>|<sheetData>\s*</sheetData>")
_DIMENSION = re.compile(rb'(<dimension ref=")[^"]*')


class Graft:
    """The sheets of a workbook in memory, on their way into the user's."""

    def __init__(self, book: Book, made: ZipFile, numbers: Numbers, names: Names) -> None:
        self._book, self._made, self._numbers, self._names = book, made, numbers, names
        self._id = max(one.id for one in book.sheets)
        self._listed: list[bytes] = []
        listed = book.workbook.root.child("sheets")
        assert listed is not None
        self._list = listed
        known = {**namespaces(book.workbook.root), **namespaces(listed)}
        prefix = next((key for key, value in known.items() if value == RELATIONS and key), "")
        self._declared, self._prefix = bool(prefix), prefix or "r"
        self._taken = set(book.names())

    def plant(self, part: str, title: str, blocks: Sequence[Block]) -> RowWriter:
        """One sheet, with its drawing and charts, behind the last one."""
        name = self._free(lambda number: f"xl/worksheets/sheet{number}.xml")
        xml = quiet(renumbered(self._made.read(part), self._numbers)).replace(b' tabSelected="1"', b"")
        xml = xml.replace(b' tabSelected="true"', b"")
        self._carry(part, name)
        writer = RowWriter(edges=False, looks=self._numbers.looks)
        if blocks:
            self._book.streamed[name] = _filled(xml, blocks, writer)
        else:
            self._book.changed[name] = xml
        self._book.add_part(name, SHEET_TYPE)
        relation = self._book.relate("worksheet", name)
        self._id += 1
        declared = {} if self._declared else {f"xmlns:{self._prefix}": RELATIONS}
        said = {**declared, "name": title, "sheetId": self._id, f"{self._prefix}:id": relation}
        self._listed.append(self._book.workbook.tag("sheet", said))
        return writer

    def take_over_names(self, place: Callable[[int], int | None]) -> None:
        """The print titles and filters of the sheets planted; `place`: their new place by the old one."""
        root = Part(self._made.read("xl/workbook.xml"), 2)
        listed = root.root.child("definedNames")
        for one in listed.children if listed is not None else ():
            sheet = place(int(one.attributes.get("localSheetId", "-1")))
            if sheet is not None:
                hidden = one.attributes.get("hidden") == "1"
                self._names.define(one.attributes["name"], root.text(one), sheet=sheet, hidden=hidden)

    def save(self) -> None:
        """List the sheets planted."""
        self._book.workbook.append(self._list, b"".join(self._listed))

    def _carry(self, part: str, name: str) -> None:
        """What a part refers to, under free names, and the relations to it."""
        if rels_of(part) not in self._made.namelist():
            return
        rels = Part(self._made.read(rels_of(part)), 1)
        for one in rels.root.all("Relationship"):
            target = posixpath.normpath(posixpath.join("/", posixpath.dirname(part), one.attributes["Target"]))[1:]
            folder, stem = posixpath.basename(posixpath.dirname(target)), re.sub(r"\d*\.xml$", "", target)
            free = self._free(lambda number, stem=stem: f"{stem}{number}.xml")  # type: ignore[misc]
            rels.set(one, {"Target": f"/{free}"})
            self._book.add_part(free, KINDS[folder])
            self._book.changed[free] = self._made.read(target)
            self._carry(target, free)
        self._book.changed[rels_of(name)] = rels.edited()

    def _free(self, name: Callable[[int], str]) -> str:
        number, taken = 1, {one.casefold() for one in self._taken}
        while name(number).casefold() in taken:
            number += 1
        self._taken.add(name(number))
        return name(number)


def _filled(xml: bytes, blocks: Sequence[Block], writer: RowWriter) -> Callable[[], Iterator[bytes]]:
    head, tail = _EMPTY_ROWS.split(xml, maxsplit=1)

    def pieces() -> Iterator[bytes]:
        yield _DIMENSION.sub(rb"\g<1>" + extent(blocks).encode(), head, count=1) + b"<sheetData>"
        yield from writer.xml(blocks)
        yield b"</sheetData>" + tail

    return pieces


def uproot(book: Book, titles: Sequence[str]) -> dict[int, int | None]:
    """Take sheets out, with what only they refer to; gives old place -> new place, None for those gone."""
    gone = [one for one in book.sheets if one.name in titles and one.part]
    left = [one for one in book.sheets if one not in gone]
    for one in gone:
        book.workbook.remove(one.element)
        for relation in book.rels.root.all("Relationship"):
            if relation.attributes.get("Id") == one.relation:
                book.rels.remove(relation)
    kept = _reached(book, [book.main], without={one.part for one in gone})
    for name in _reached(book, [one.part for one in gone], without=set()) - kept:
        if book.has(name):
            book.drop(name)
    if gone:
        drop_calc_chain(book)
        _show_another(book, gone[0].name, len(left))
    places = {one.element.start: place for place, one in enumerate(left)}
    return {place: places.get(one.element.start) for place, one in enumerate(book.sheets)}


def drop_calc_chain(book: Book) -> None:
    """Without the list of formulas, which names cells by their sheet; Excel makes it anew and says nothing."""
    for relation in book.relations(book.main):
        if relation.kind == CALC_CHAIN and book.has(relation.part):
            book.drop(relation.part)
            for one in book.rels.root.all("Relationship"):
                if one.attributes.get("Id") == relation.id:
                    book.rels.remove(one)


def _show_another(book: Book, _: str, count: int) -> None:
    """Let the window show a sheet that is still there."""
    views = book.workbook.root.child("bookViews")
    for view in views.children if views is not None else ():
        new = {key: "0" for key in ("activeTab", "firstSheet") if int(view.attributes.get(key, "0")) >= count}
        if new:
            book.workbook.set(view, new)


def _reached(book: Book, starts: Sequence[str], without: set[str]) -> set[str]:
    """Every part that these refer to, however far."""
    found: set[str] = set()
    todo = list(starts)
    while todo:
        part = todo.pop()
        if part in found or part in without or not part:
            continue
        found.add(part)
        todo += [one.part for one in book.relations(part) if one.part]
    return found


def sheet_parts(made: ZipFile) -> Mapping[str, str]:
    """Title -> part of a workbook that openpyxl wrote."""
    rels = {
        one.attributes["Id"]: one.attributes["Target"].lstrip("/")
        for one in Part(made.read("xl/_rels/workbook.xml.rels"), 1).root.children
    }
    listed = Part(made.read("xl/workbook.xml"), 2).root.child("sheets")
    assert listed is not None
    return {one.attributes["name"]: rels[one.attributes["r:id"]] for one in listed.children}
