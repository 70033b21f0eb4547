"""A second look at the sheets of an .ods, and a copy of it without stray cells; names after OpenDocument 1.3 part 3, 9.1.

The XML is cut into rows as bytes; the cells of a row are gone through only where something in it asks for it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import unescape
from itertools import islice, pairwise, product
from typing import NamedTuple
from zipfile import ZipFile

from lostdeals.model import ErrorCell
from lostdeals.package.letters import LAST_COLUMN, LAST_ROW
from lostdeals.package.opening import checked_pieces
from lostdeals.read.document_styles import DocumentStyles, document_styles
from lostdeals.read.masks import shows_zeros
from lostdeals.read.second_look import ERRORS, FORMATTED, GAP_COLUMNS, GAP_ROWS, Notes, SecondLook

CONTENT, STYLES = "content.xml", "styles.xml"
PIECE = 1 << 20
"""Bytes of XML cut into rows at a time."""
VALUE, FORMULA, END_OF_ROW = b"office:value-type", b"table:formula", b"</table:table-row>"
SPANNED = b"table:number-rows-spanned"

NUMBERS = (b"float", b"currency", b"percentage", b"date", b"time")
"""Types of values that have a number format."""
FEW_COLUMNS = 200
"""Columns of one style up to which they are the user's."""
MANY = 100_000
"""Cells that one repeated cell stands for, as far as they are noted one by one."""
LONGEST_TAG = 32
"""Bytes of a start that the end of a piece may have cut."""

_TELLING = re.compile(rb"<text:p>(?:#|\(?0|Err:)")
"""An error, or a zero before a number."""
_START = re.compile(rb"<table:table(?:-row(?=[\s/>])|(?=\s))")
_CELL_START = re.compile(rb"<table:(?:covered-)?table-cell\b")
_CELL = re.compile(_CELL_START.pattern + rb"([^<>]*?)(?:/>|>(.*?)</table:(?:covered-)?table-cell>)", re.DOTALL)
_COLUMN = re.compile(rb"<table:table-column(?=[\s/>])[^<>]*>")
_ATTRIBUTE = re.compile(rb"""([\w:-]+)=["']([^"'<>]*)["']""")
_NOTE = re.compile(rb"<office:annotation\b.*?</office:annotation>", re.DOTALL)
_TEXT = re.compile(rb"<text:p\b[^<>]*>([^<]*)<")
_ERROR = re.compile("|".join((*map(re.escape, ERRORS.values()), r"Err:\d{3}")))


class _Row(NamedTuple):
    """The XML from the start of a row to the next start, or (number 0) from the start of a table or the document."""

    sheet: str
    number: int
    repeated: int
    xml: bytes


class _Cell(NamedTuple):
    """One cell element, which may stand for several columns."""

    columns: range
    said: Mapping[bytes, bytes]
    start: int
    """Where it begins in the row."""
    xml: bytes


def look_at_sheets(package: ZipFile) -> dict[str, SecondLook]:
    """A look at each sheet, by its name.

    Raises LostDealsError ``damaged-workbook`` where the XML is broken; the reader might not stop at a torn end.
    """
    notes: defaultdict[str, Notes] = defaultdict(Notes)
    sizes: Counter[str] = Counter()
    styles, usual = DocumentStyles(), dict[int, str]()
    for row in _rows(checked_pieces(package, CONTENT, PIECE)):
        sizes[row.sheet] += len(row.xml)
        if row.number:
            _note_row(notes[row.sheet], row)
            if row.number <= FORMATTED:
                _note_styles(notes[row.sheet], row, usual, list(styles.formats))
        elif row.sheet:
            usual = _note_columns(notes[row.sheet], row.xml, styles)
        else:
            shared = package.read(STYLES) if STYLES in package.namelist() else b""
            styles = document_styles(shared, row.xml)
    codes = list(styles.formats.values())
    return {name: noted.look(sizes[name], codes) for name, noted in notes.items()}


def lean_parts(package: ZipFile, looks: Mapping[str, SecondLook]) -> dict[str, Iterable[bytes] | None]:
    """The one part that holds all sheets, without their stray cells."""
    return {CONTENT: _lean(package, looks)} if any(seen.strays for seen in looks.values()) else {}


def _lean(package: ZipFile, looks: Mapping[str, SecondLook]) -> Iterator[bytes]:
    head = SecondLook()  # what stands before the first table
    for row in _rows(checked_pieces(package, CONTENT, PIECE)):
        seen = looks.get(row.sheet, head)
        if seen.strays and row.number > seen.end[0]:
            yield row.xml.partition(END_OF_ROW)[2]
        elif seen.strays and row.number:
            yield _without_far_cells(row.xml, seen.end[1])
        else:
            yield row.xml


def _without_far_cells(xml: bytes, last_column: int) -> bytes:
    far = next((cell.start for cell in _cells(xml) if cell.columns.start > last_column), None)
    return xml if far is None else xml[:far] + END_OF_ROW + xml.partition(END_OF_ROW)[2]


def _rows(pieces: Iterable[bytes]) -> Iterator[_Row]:
    sheet, following = "", 1
    for xml in _cut(pieces):
        said = dict(_ATTRIBUTE.findall(xml[: xml.find(b">")]))
        if xml.startswith(b"<table:table-row"):
            repeated = min(int(said.get(b"table:number-rows-repeated", b"1")), LAST_ROW)
            yield _Row(sheet, following, repeated, xml)
            following += repeated
        else:
            sheet, following = unescape(said.get(b"table:name", b"").decode()), 1
            yield _Row(sheet, 0, 1, xml)


def _cut(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The document cut before each table and each row."""
    held, searched = b"", 0
    for piece in pieces:
        held += piece
        starts = [0, *(found.start() for found in _START.finditer(held, max(searched, 1)))]
        yield from (held[start:end] for start, end in pairwise(starts))
        held = held[starts[-1] :]
        searched = max(len(held) - LONGEST_TAG, 1)
    yield held


def _cells(xml: bytes) -> Iterator[_Cell]:
    following = 1
    for found in _CELL.finditer(xml):
        said = dict(_ATTRIBUTE.findall(found[1]))
        repeated = min(int(said.get(b"table:number-columns-repeated", b"1")), LAST_COLUMN)
        yield _Cell(range(following, following + repeated), said, found.start(), found[0])
        following += repeated


def _note_columns(notes: Notes, xml: bytes, styles: DocumentStyles) -> dict[int, str]:
    """Widths and hidden columns; gives the style that the cells of a column have if they do not say one."""
    following, usual = 1, dict[int, str]()
    for column in _COLUMN.findall(xml):
        said = dict(_ATTRIBUTE.findall(column))
        last = following + int(said.get(b"table:number-columns-repeated", b"1")) - 1
        own = last - following < FEW_COLUMNS  # those to the end of the sheet only have the default
        width = styles.widths.get(said.get(b"table:style-name", b"").decode()) if own else None
        notes.span(following, last, width, hidden=said.get(b"table:visibility", b"visible") != b"visible")
        style = said.get(b"table:default-cell-style-name", b"").decode()
        usual |= dict.fromkeys(range(following, last + 1) if own else (), style)
        following = last + 1
    return usual


def _note_styles(notes: Notes, row: _Row, usual: Mapping[int, str], known: Sequence[str]) -> None:
    """The styles of a row's numbers, as their places among the known ones."""
    if not known:
        return
    for cell in _cells(row.xml):
        if cell.said.get(VALUE) in NUMBERS:
            style = cell.said.get(b"table:style-name", b"").decode() or usual.get(cell.columns.start, "")
            if style in known:
                notes.number(row.number, cell.columns.start, known.index(style))


def _note_row(notes: Notes, row: _Row) -> None:
    if row.number > LAST_ROW or (VALUE not in row.xml and FORMULA not in row.xml):
        return
    rows = range(row.number, row.number + row.repeated)
    if b"table:visibility" in row.xml[: row.xml.find(b">")]:
        notes.hidden_rows.update(rows)
    filled = row.xml[: row.xml.find(b">", row.xml.rfind(VALUE))]  # up to the last cell that holds something
    if b"columns-repeated" in filled or FORMULA in row.xml or SPANNED in row.xml or _TELLING.search(row.xml):
        for cell in _cells(row.xml):
            _note_cell(notes, rows, cell)
    else:
        last = len(_CELL_START.findall(filled))
        _note_values(notes, rows, range(last - filled.count(VALUE) + 1, last + 1))


def _note_cell(notes: Notes, rows: range, cell: _Cell) -> None:
    said = cell.said
    if VALUE not in said and FORMULA not in said:
        return
    places = [*islice(product(rows, cell.columns), MANY)]
    text = _TEXT.search(_NOTE.sub(b"", cell.xml))
    shown = unescape(text[1].decode("utf-8", "replace")) if text else ""
    if VALUE in said:
        _note_values(notes, rows, sorted({*cell.columns[::GAP_COLUMNS], cell.columns[-1]}))
    else:
        notes.unvalued.extend(places)
    if VALUE in said and (said.get(b"calcext:value-type") == b"error" or _ERROR.fullmatch(shown)):
        notes.errors.update(dict.fromkeys(places, ErrorCell(shown)))
    elif shows_zeros(shown, said.get(b"office:value", b"").decode()):
        notes.shown.update(dict.fromkeys(places, shown))
    if SPANNED in said:
        down = int(said[SPANNED])
        across = int(said.get(b"table:number-columns-spanned", b"1"))
        top, left = places[0]
        notes.merged.append((top, left, top + down - 1, left + across - 1))


def _note_values(notes: Notes, rows: range, columns: Sequence[int]) -> None:
    """Values in some columns of rows that are alike; of many such rows a few, because only wide gaps between rows count."""
    for row in sorted({*rows[::GAP_ROWS], rows[-1]}):
        notes.values(row, columns)
