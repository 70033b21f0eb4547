"""A second look at the sheets of an .xlsb, and copies of them without stray cells; records after [MS-XLSB] 2.3.2."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from zipfile import ZipFile

from lostdeals.model import ErrorCell
from lostdeals.package.opening import relations, workbook_part
from lostdeals.read.masks import Mask, masks, shown
from lostdeals.read.number_formats import number_formats
from lostdeals.read.second_look import ERRORS, FORMATTED, UNKNOWN, Notes, SecondLook, compressed_number

ROW, FIRST_VALUE, LAST_VALUE = 0, 2, 11
"""BrtRowHdr; the cells that hold something, from BrtCellRk to BrtFmlaError (1 is a blank)."""
COMPRESSED, ERROR, REAL, FORMULA_NUMBER, FORMULA_ERROR = 2, 3, 5, 9, 11
NUMBERS = frozenset({COMPRESSED, REAL, FORMULA_NUMBER})
COLUMNS, MERGED, SHEET, FORMAT, STYLE, CELL_STYLES, CELL_STYLES_END = 60, 176, 156, 44, 47, 617, 618


def look_at_sheets(package: ZipFile) -> dict[str, SecondLook]:
    """A look at each sheet, by its name; a part that is missing gets none."""
    numbers, own = _cell_styles(package)
    styles, codes = masks(own.get(number) for number in numbers), number_formats(numbers, own)
    return {name: binary_look(package.read(part), styles, codes) for name, part in _sheet_parts(package).items()}


def lean_parts(package: ZipFile, looks: Mapping[str, SecondLook]) -> dict[str, Iterable[bytes] | None]:
    """The sheets that have stray cells, without them."""
    parts = _sheet_parts(package)
    return {parts[name]: _within(package.read(parts[name]), *seen.end) for name, seen in looks.items() if seen.strays}


def binary_look(content: bytes, styles: Mapping[int, Mask], codes: Sequence[str] = ()) -> SecondLook:
    """Walk the records of one worksheet part; styles: the cell styles that show zeros before a number.

    codes: the number format of every cell style.

    Raises struct.error or LookupError where a record is cut short.
    """
    notes, row = Notes(), 0
    for kind, start, _end in _records(content):
        if kind == ROW:
            row = struct.unpack_from("<I", content, start)[0] + 1
            if content[start + 11] & 0x10:
                notes.hidden_rows.add(row)
        elif FIRST_VALUE <= kind <= LAST_VALUE:
            column, style = struct.unpack_from("<II", content, start)
            notes.value(row, column + 1)
            if row <= FORMATTED and kind in NUMBERS:
                notes.number(row, column + 1, style & 0xFFFFFF)
            if kind in (ERROR, FORMULA_ERROR):
                notes.errors[row, column + 1] = ErrorCell(ERRORS.get(content[start + 8], UNKNOWN))
            elif styles and (mask := styles.get(style & 0xFFFFFF)):
                text = shown(_number(content, start + 8, kind), mask)
                if text:
                    notes.shown[row, column + 1] = text
        elif kind == MERGED:
            top, bottom, left, right = struct.unpack_from("<4I", content, start)
            notes.merged.append((top + 1, left + 1, bottom + 1, right + 1))
        elif kind == COLUMNS:
            first, last, width, _style, flags = struct.unpack_from("<IIIIH", content, start)
            notes.span(first + 1, last + 1, width / 256, hidden=bool(flags & 1))
    return notes.look(len(content), codes)


def _number(content: bytes, start: int, kind: int) -> float:
    """The number in a cell; -1, which no mask is for, where it holds something else."""
    if kind == COMPRESSED:
        return compressed_number(*struct.unpack_from("<I", content, start))
    if kind in (REAL, FORMULA_NUMBER):
        return float(struct.unpack_from("<d", content, start)[0])
    return -1.0


def _within(content: bytes, last_row: int, last_column: int) -> Iterator[bytes]:
    """The records of a sheet without the rows and cells beyond a place."""
    row = column = kept = before = 0
    for kind, start, end in _records(content):
        if kind == ROW:
            row = struct.unpack_from("<I", content, start)[0] + 1
        elif kind <= LAST_VALUE:
            column = struct.unpack_from("<I", content, start)[0] + 1
        if kind <= LAST_VALUE and (row > last_row or (kind != ROW and column > last_column)):
            yield content[kept:before]
            kept = end
        before = end
    yield content[kept:]


def _sheet_parts(package: ZipFile) -> dict[str, str]:
    """Sheet name -> the part that holds it."""
    targets = {relation: part for relation, _, part in relations(package)}
    names, found = set(package.namelist()), {}
    content = package.read(workbook_part(package))
    for kind, start, _end in _records(content):
        if kind == SHEET:
            relation, behind = _text(content, start + 8)
            name, _ = _text(content, behind)
            if targets.get(relation) in names:
                found[name] = targets[relation]
    return found


def _cell_styles(package: ZipFile) -> tuple[list[int], dict[int, str]]:
    """The number of each cell style's number format, and those formats that the file spells out."""
    part = next((part for _, kind, part in relations(package) if kind == "styles"), "")
    content = package.read(part) if part in package.namelist() else b""
    codes: dict[int, str] = {}
    styles: list[int] = []
    within = False
    for kind, start, _end in _records(content):
        if kind == FORMAT:
            codes[struct.unpack_from("<H", content, start)[0]] = _text(content, start + 2)[0]
        elif kind in (CELL_STYLES, CELL_STYLES_END):
            within = kind == CELL_STYLES
        elif kind == STYLE and within:
            styles.append(struct.unpack_from("<H", content, start + 2)[0])
    return styles, codes


def _text(content: bytes, start: int) -> tuple[str, int]:
    """A text with its length before it, and the position behind it."""
    (length,) = struct.unpack_from("<I", content, start)
    length = 0 if length == 0xFFFFFFFF else length
    end = start + 4 + 2 * length
    return content[start + 4 : end].decode("utf-16-le", "replace"), end


def _records(content: bytes) -> Iterator[tuple[int, int, int]]:
    """Number, start and end of each record's data; number and size are written seven bits to a byte."""
    position, length = 0, len(content)
    while position < length:
        kind = content[position]
        position += 1
        if kind > 0x7F:
            kind = kind & 0x7F | content[position] << 7
            position += 1
        size = content[position]
        position += 1
        if size > 0x7F:
            size &= 0x7F
            for shift in (7, 14, 21):
                byte = content[position]
                position += 1
                size |= (byte & 0x7F) << shift
                if byte < 0x80:
                    break
        yield kind, position, position + size
        position += size
