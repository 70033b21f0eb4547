"""A second look at the sheets of an .xls; record numbers and layouts after [MS-XLS] 2.3-2.4."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence

from lostdeals.model import ErrorCell
from lostdeals.read.masks import Mask, masks, shown
from lostdeals.read.number_formats import number_formats
from lostdeals.read.second_look import ERRORS, FORMATTED, UNKNOWN, Notes, SecondLook, compressed_number

BEGIN, END, LOCKED, SHEET, FORMAT, STYLE = 0x0809, 0x000A, 0x002F, 0x0085, 0x041E, 0x00E0
ROW, COLUMNS = 0x0208, 0x007D
NUMBER, COMPRESSED, SEVERAL, FORMULA, BOOLEAN_OR_ERROR = 0x0203, 0x027E, 0x00BD, 0x0006, 0x0205
CELLS = frozenset({NUMBER, COMPRESSED, FORMULA, BOOLEAN_OR_ERROR, 0x00FD, 0x0204, 0x00D6})
"""The last three are texts: LabelSst, Label, RString."""

NUMBERS = frozenset({NUMBER, COMPRESSED, FORMULA})

VERSION_8 = 0x0600
"""The format of Excel 97 and later; older ones are read without a second look."""


def is_locked(content: bytes) -> bool:
    """The stream of a workbook is encrypted."""
    return any(kind == LOCKED for kind, _, _ in _substream(content, 0))


def look_at_sheets(content: bytes) -> dict[str, SecondLook]:
    """A look at each sheet of a workbook's stream, by its name.

    Raises struct.error or LookupError where a record is cut short.
    """
    codes: dict[int, str] = {}
    styles: list[int] = []
    sheets: dict[str, int] = {}
    if struct.unpack_from("<H", content, 4)[0] != VERSION_8:
        return {}
    for kind, start, _size in _substream(content, 0):
        if kind == FORMAT:
            number, length = struct.unpack_from("<HH", content, start)
            codes[number] = _text(content, start + 4, length)
        elif kind == STYLE:
            styles.append(struct.unpack_from("<H", content, start + 2)[0])
        elif kind == SHEET:
            name = _text(content, start + 7, content[start + 6])
            sheets[name] = struct.unpack_from("<I", content, start)[0]
    masked = masks(codes.get(style) for style in styles)
    known = number_formats(styles, codes)
    return {name: _look(content, start, masked, known) for name, start in sheets.items()}


def _look(content: bytes, beginning: int, styles: Mapping[int, Mask], codes: Sequence[str]) -> SecondLook:
    notes, end = Notes(), beginning
    for kind, start, size in _substream(content, beginning):
        end = start + size
        if kind == ROW:
            if content[start + 12] & 0x20:
                notes.hidden_rows.add(struct.unpack_from("<H", content, start)[0] + 1)
        elif kind == COLUMNS:
            first, last, width, _style, flags = struct.unpack_from("<5H", content, start)
            notes.span(first + 1, last + 1, width / 256, hidden=bool(flags & 1))
        elif kind in CELLS:
            row, column, style = struct.unpack_from("<3H", content, start)
            notes.value(row + 1, column + 1)
            if row < FORMATTED and kind in NUMBERS:
                notes.number(row + 1, column + 1, style)
            if code := _error(content, start, kind):
                notes.errors[row + 1, column + 1] = ErrorCell(code)
            elif mask := styles.get(style):
                _note_shown(notes, row, column, _number(content, start + 6, kind), mask)
        elif kind == SEVERAL:
            row, column = struct.unpack_from("<2H", content, start)
            for offset in range(start + 4, start + size - 2, 6):
                style, number = struct.unpack_from("<HI", content, offset)
                notes.value(row + 1, column + 1)
                notes.number(row + 1, column + 1, style)
                if mask := styles.get(style):
                    _note_shown(notes, row, column, compressed_number(number), mask)
                column += 1
    return notes.look(end - beginning, codes)


def _note_shown(notes: Notes, row: int, column: int, number: float, mask: Mask) -> None:
    text = shown(number, mask)
    if text:
        notes.shown[row + 1, column + 1] = text


def _error(content: bytes, start: int, kind: int) -> str | None:
    """The error in a cell or a formula's result, as Excel shows it."""
    if kind == BOOLEAN_OR_ERROR and content[start + 7]:
        return ERRORS.get(content[start + 6], UNKNOWN)
    if kind == FORMULA and content[start + 12 : start + 14] == b"\xff\xff" and content[start + 6] == 2:
        return ERRORS.get(content[start + 8], UNKNOWN)
    return None


def _number(content: bytes, start: int, kind: int) -> float:
    """The number in a cell; -1, which no mask is for, where it holds something else."""
    if kind == COMPRESSED:
        return compressed_number(*struct.unpack_from("<I", content, start))
    if kind == NUMBER or (kind == FORMULA and content[start + 6 : start + 8] != b"\xff\xff"):
        return float(struct.unpack_from("<d", content, start)[0])
    return -1.0


def _substream(content: bytes, start: int) -> Iterator[tuple[int, int, int]]:
    """Number, start and size of each record's data up to the end that belongs to the beginning at `start`."""
    depth = 0
    while True:
        kind, size = struct.unpack_from("<HH", content, start)
        yield kind, start + 4, size
        start += 4 + size
        depth += (kind == BEGIN) - (kind == END)
        if not depth:
            return


def _text(content: bytes, start: int, length: int) -> str:
    """A text of so many characters behind the byte that says how they are kept."""
    if content[start] & 1:
        return content[start + 1 : start + 1 + 2 * length].decode("utf-16-le", "replace")
    return content[start + 1 : start + 1 + length].decode("latin-1")
