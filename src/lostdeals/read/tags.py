"""The tags of one worksheet's XML, found in its bytes by patterns in the sheet's own namespace prefix."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO, NamedTuple

import numpy as np
from ahocorasick_rs import BytesAhoCorasick

from lostdeals.package.letters import number
from lostdeals.read.second_look import Place

PIECE = 1 << 18
"""Bytes of XML searched at a time, few enough to stay in the processor's cache; four times as many took twice as long."""

LATIN = 26
"""Letters."""

_ERROR = BytesAhoCorasick([b">#"])
_THREE_LETTERS = re.compile(rb"""r=["']([A-Z]{3})""")
_ADDRESS = re.compile(rb"([A-Z]{1,3})([0-9]{1,7})")
_ATTRIBUTE = re.compile(rb"""([\w:]+)\s*=\s*["']([^"'<>]*)["']""")
_ROW_NUMBER = re.compile(rb"""[^<>]*?\sr=["']([0-9]{1,7})["']""")


class Cell(NamedTuple):
    """One ``<c>`` and what is in it."""

    place: Place
    style: int
    kind: bytes
    """Its ``t``: ``s``, ``str``, ``e`` …; empty for a number."""
    value: bytes
    """The text of its ``<v>``, empty where there is none."""
    lacks_value: bool
    """It has a formula and no value; a formula may well give an empty text."""


class Tags:
    """The tags of one sheet; some programs write ``<x:row>``.

    >>> sheet = b'<x:worksheet><x:row r="7"><x:c r="B7" t="e"><x:v>#N/A</x:v></x:c></x:row></x:worksheet>'
    >>> [(cell.place, cell.value) for cell in Tags(sheet).cells(sheet, re.compile(b't="e"'))]
    [((7, 2), b'#N/A')]
    """

    def __init__(self, head: bytes) -> None:
        root = re.search(rb"<(\w+:)?worksheet\b", head)
        prefix = (root[1] or b"") if root else b""
        start, end = b"<" + prefix, b"</" + prefix
        nothing = rb"(?:" + end + rb"c>|" + start + rb"v ?/>|" + start + rb"v>" + end + rb"v>)"
        self._formula = start + b"f"
        self.end_of_rows = end + b"sheetData"
        self.no_value = re.compile(end + rb"f>" + nothing)
        """The end of a formula with no value behind it."""
        self.no_value_shared = re.compile(rb"(?:" + end + rb"f>|" + start + rb"f\b[^<>]*/>)" + nothing)
        """The same where another cell has the formula's text, too."""
        self._row, self._cell, self._column = start + b"row ", start + b"c ", start + b"col "
        self._inline = start + b"is>"
        self._whole = re.compile(start + rb"c ([^<>]*?)(?:/>|>(.*?)" + end + rb"c\s*>)", re.DOTALL)
        self._any_value = re.compile(start + rb"v\b")
        self._value = re.compile(start + rb"v\b[^<>]*>([^<]*)<")
        self._valued = re.compile(
            start + rb"""c [^<>]*?\br=["']([A-Z]{1,3})([0-9]{1,7})["'][^<>]*(?<!/)>(?!""" + end + rb"c)"
        )
        self._hidden = re.compile(
            start + rb"""row\s(?=[^<>]*\bhidden=["'](?:1|true)["'])[^<>]*?\br=["']([0-9]{1,7})["']"""
        )

    def pieces(self, head: bytes, part: IO[bytes]) -> Iterator[bytes]:
        """The whole part, of which `head` is read already, cut before the start of a row."""
        held = [head]
        while block := part.read(PIECE):
            cut = block.rfind(self._row)
            if cut > 0:
                yield b"".join((*held, memoryview(block)[:cut]))
                held = []
            held.append(block[max(cut, 0) :])
        yield b"".join(held)

    def is_hollow(self, piece: bytes) -> bool:
        """No cell has a value."""
        return b"v" not in piece and self._inline not in piece  # a single byte is found ten times as fast

    def may_err(self, piece: bytes) -> bool:
        """Some value begins like an error."""
        return b"#" in piece and bool(_ERROR.find_matches_as_indexes(piece))

    def last_wide(self, piece: bytes) -> int:
        """The last column with a name of three letters that a cell stands in, 0 where none does."""
        signs = np.frombuffer(piece, dtype=np.uint8) - np.uint8(ord("A"))
        capital = signs < LATIN
        if not (capital[:-2] & capital[1:-1] & capital[2:]).any():  # found three times as fast as the addresses
            return 0
        return number(max(_THREE_LETTERS.findall(piece), default=b"").decode())

    def has_formula(self, piece: bytes) -> bool:
        """Some cell has a formula."""
        return b"f" in piece and self._formula in piece

    def last_row(self, piece: bytes) -> int:
        """The number of the last row that begins in a piece, 0 where it has none."""
        start = piece.rfind(self._row)
        return self._row_number(piece, start) if start >= 0 else 0

    def hidden_rows(self, piece: bytes) -> Iterator[int]:
        """The rows that a filter or the user has hidden."""
        return map(int, self._hidden.findall(piece))

    def valued(self, piece: bytes) -> Iterator[Place]:
        """The places of the cells that hold something."""
        return ((int(row), number(column.decode())) for column, row in self._valued.findall(piece))

    def cells(self, piece: bytes, sign: re.Pattern[bytes]) -> Iterator[Cell]:
        """The cells with a sign in them, those without an address left out."""
        behind = 0
        for found in sign.finditer(piece):
            start = piece.rfind(self._cell, behind, found.start())
            cell = self._whole.match(piece, start) if start >= 0 else None
            if cell:
                behind = cell.end()
                said = dict(_ATTRIBUTE.findall(cell[1]))
                address = _ADDRESS.fullmatch(said.get(b"r", b""))
                if address:
                    yield self._read(cell[2] or b"", said, (int(address[2]), number(address[1].decode())))

    def _read(self, inside: bytes, said: dict[bytes, bytes], place: Place) -> Cell:
        value, kind, style = self._value.search(inside), said.get(b"t", b""), said.get(b"s", b"")
        is_text = kind == b"str" and bool(self._any_value.search(inside))
        lacks_value = self._formula in inside and not (value and value[1]) and not is_text
        return Cell(place, int(style) if style.isdigit() else 0, kind, value[1] if value else b"", lacks_value)

    def columns(self, head: bytes) -> Iterator[tuple[int, int, dict[bytes, bytes]]]:
        """The first and the last column, counted from 1, that each ``<col>`` speaks of, and what it says."""
        for tag in re.findall(self._column + rb"[^<>]*>", head):
            said = dict(_ATTRIBUTE.findall(tag))
            first, last = said.get(b"min", b""), said.get(b"max", b"")
            if first.isdigit() and last.isdigit():
                yield int(first), int(last), said

    def within(self, piece: bytes, last_row: int, last_column: int) -> bytes:
        """A piece without the rows and cells beyond a place."""
        if self.last_row(piece) > last_row:
            rows = re.finditer(self._row, piece)
            start = next(row.start() for row in rows if self._row_number(piece, row.start()) > last_row)
            end = piece.find(self.end_of_rows, start)
            piece = piece[:start] + (piece[end:] if end >= 0 else b"")
        if any(column > last_column for _, column in self.valued(piece)):
            piece = self._whole.sub(lambda cell: b"" if _column(cell[1]) > last_column else cell[0], piece)
        return piece

    def _row_number(self, piece: bytes, start: int) -> int:
        found = _ROW_NUMBER.match(piece, start + len(self._row) - 1)
        return int(found[1]) if found else 0


def _column(attributes: bytes) -> int:
    """The column of a cell's address, 0 where it does not say one."""
    address = _ADDRESS.fullmatch(dict(_ATTRIBUTE.findall(attributes)).get(b"r", b""))
    return number(address[1].decode()) if address else 0
