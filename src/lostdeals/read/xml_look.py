"""A second look at the sheets of an .xlsx, and a lean copy of those that are mostly nothing.

The XML is searched as bytes in pieces of whole rows and never built into a tree; a piece without a sign of what is
looked for costs only the search for that sign.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from html import unescape
from typing import IO
from zipfile import ZipFile

import numpy as np

from lostdeals.model import ErrorCell
from lostdeals.package.letters import number
from lostdeals.package.opening import open_unchecked, relations, sheet_parts
from lostdeals.read.masks import Mask, masks, shown
from lostdeals.read.number_formats import number_formats
from lostdeals.read.second_look import ROOMY, ROOMY_ACROSS, Notes, SecondLook, end_of_table, sparse
from lostdeals.read.tags import PIECE, Tags

HOLLOW = 1 << 25
"""Bytes of XML without any value from which a lean copy is read faster than the sheet."""
FIRST_ROWS = 1 << 18
"""Bytes of XML whose cells tell the number formats of the columns."""
TWO_LETTERS = 702
"""Columns from A to ZZ."""
OPTIONAL = ("sharedStrings.xml", "styles.xml")
"""Parts that some programs leave empty, which says no more than none at all."""

_FORMAT = re.compile(rb"<(?:\w+:)?numFmt\s[^<>]*>")
_STYLES = re.compile(rb"<(?:\w+:)?cellXfs\b[^<>]*>(.*?)</(?:\w+:)?cellXfs>", re.DOTALL)
_STYLE = re.compile(rb"<(?:\w+:)?xf\s[^<>]*>")
_SAID = re.compile(rb"""(\w+)=["']([^<>]*?)["'](?=[\s/>])""")
_WIDTH = re.compile(rb"[0-9]+(?:\.[0-9]+)?")
_ERROR = re.compile(rb"""t=["']e["']""")
_NUMBER = re.compile(rb"""<(?:\w+:)?c r="([A-Z]+)([0-9]+)" s="([0-9]+)"(?: t="n")?><(?:\w+:)?[vf][ >]""")


def look_at_sheets(package: ZipFile, needless: Collection[str] = ()) -> dict[str, SecondLook]:
    """A look at each sheet but those that are not needed, by its name; a part that is missing gets none."""
    names = set(package.namelist())
    numbers, own = _cell_styles(package)
    styles = masks(own.get(number) for number in numbers) if masks(own.values()) else {}
    codes = number_formats(numbers, own)
    parts = {name: part for name, part in sheet_parts(package).items() if name not in needless and part in names}
    return {name: look(package, part, styles, codes) for name, part in parts.items()}


def lean_parts(package: ZipFile, looks: Mapping[str, SecondLook]) -> dict[str, Iterator[bytes] | None]:
    """The parts that the reader should get in another form, or (None) not at all."""
    parts = sheet_parts(package)
    lean = {
        parts[name]: _lean(package, parts[name], seen) for name, seen in looks.items() if seen.hollow or seen.strays
    }
    empty = [part.filename for part in package.infolist() if not part.file_size and part.filename.endswith(OPTIONAL)]
    return {**dict.fromkeys(empty), **lean}


def look(package: ZipFile, part: str, styles: Mapping[int, Mask], codes: Sequence[str] = ()) -> SecondLook:
    """Search one worksheet part; cells and rows that do not say their address are passed over.

    styles: the cell styles that show zeros before a number; codes: the number format of every cell style.
    """
    with open_unchecked(package, part) as xml:
        seen, filled = _search(xml, styles, codes)
    rows, columns = seen.end
    if not sparse(rows, columns, filled, ROOMY_ACROSS if columns > TWO_LETTERS else ROOMY):
        return seen
    with package.open(part) as xml:
        return _end(xml, seen, filled)


def _search(part: IO[bytes], styles: Mapping[int, Mask], codes: Sequence[str]) -> tuple[SecondLook, int]:
    """The look, whose end is only known not to be passed, and the bytes of pieces in which a cell has a value."""
    notes = Notes()
    head = part.read(PIECE)
    tags = Tags(head)
    no_value, signs = tags.no_value, {style: re.compile(rb"""s=["']%d["']""" % style) for style in styles}
    row = column = size = hollow = 0
    for piece in tags.pieces(head, part):
        size += len(piece)
        row = max(row, tags.last_row(piece))
        if tags.is_hollow(piece):
            hollow += len(piece)
        else:
            column = max(column, tags.last_wide(piece))
        if b"h" in piece and b"hidden=" in piece:  # a single byte is found ten times as fast
            notes.hidden_rows.update(tags.hidden_rows(piece))
        if tags.may_err(piece):
            for cell in tags.cells(piece, _ERROR):
                if cell.kind == b"e" and cell.value:
                    notes.errors[cell.place] = ErrorCell(cell.value.decode("utf-8", "replace"))
        if tags.has_formula(piece) and no_value.search(piece):
            no_value = tags.no_value_shared
            notes.unvalued += [cell.place for cell in tags.cells(piece, no_value) if cell.lacks_value]
        for style, sign in signs.items():
            for cell in tags.cells(piece, sign):
                if cell.style == style and cell.kind in (b"", b"n") and (text := _shown(cell.value, styles[style])):
                    notes.shown[cell.place] = text
    for first, last, said in tags.columns(head):
        width = said.get(b"width", b"")
        hidden = said.get(b"hidden") in (b"1", b"true")
        notes.span(first, last, float(width) if _WIDTH.fullmatch(width) else None, hidden=hidden)
    for letter, line, style in _NUMBER.findall(head, 0, FIRST_ROWS):
        notes.number(int(line), number(letter.decode()), int(style))
    end = row, column or TWO_LETTERS
    return replace(notes.look(size, codes), end=end, hollow=hollow > HOLLOW), size - hollow


def _end(part: IO[bytes], seen: SecondLook, filled: int) -> SecondLook:
    """The look with the true end of the table, and the cells far beyond it."""
    head = part.read(PIECE)
    tags = Tags(head)
    pieces = (piece for piece in tags.pieces(head, part) if not tags.is_hollow(piece))
    places = np.fromiter((place for piece in pieces for place in tags.valued(piece)), dtype=(np.int64, 2))
    row, column = end_of_table(places[:, 0], places[:, 1], filled)
    far = places[(places[:, 0] > row) | (places[:, 1] > column)].tolist()
    return replace(seen, end=(row, column), strays=tuple((row, column) for row, column in far))


def _lean(package: ZipFile, part: str, seen: SecondLook) -> Iterator[bytes]:
    """The XML of a sheet without the pieces and the far cells that have nothing to say."""
    with package.open(part) as xml:
        head = xml.read(PIECE)
        tags = Tags(head)
        for index, piece in enumerate(tags.pieces(head, xml)):
            if index and tags.is_hollow(piece) and tags.last_row(piece):
                end = piece.find(tags.end_of_rows)
                yield piece[end:] if end >= 0 else b""
            else:
                yield tags.within(piece, *seen.end) if seen.strays else piece


def _cell_styles(package: ZipFile) -> tuple[list[int], dict[int, str]]:
    """The number of each cell style's number format, and those formats that the file spells out."""
    part = next((part for _, kind, part in relations(package) if kind == "styles"), "")
    xml = package.read(part) if part in package.namelist() else b""
    formats = [dict(_SAID.findall(tag)) for tag in _FORMAT.findall(xml)]
    own = {_whole(said.get(b"numFmtId")): unescape(said.get(b"formatCode", b"").decode()) for said in formats}
    styles = _STYLES.search(xml)
    said = [dict(_SAID.findall(style)) for style in _STYLE.findall(styles[1])] if styles else []
    return [_whole(style.get(b"numFmtId")) for style in said], own


def _whole(text: bytes | None) -> int:
    return int(text) if text and text.isdigit() else 0


def _shown(value: bytes, mask: Mask) -> str | None:
    try:
        return shown(float(value), mask)
    except ValueError:
        return None
