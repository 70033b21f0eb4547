"""What the fast reader does not tell about an .xlsx sheet: hidden rows, error cells, column widths, stray far cells.

The XML is searched as bytes in pieces of whole rows and never built into a tree; a piece without a sign of what is
looked for costs only the search for that sign.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO

from lostdeals.model import ErrorCell
from lostdeals.package.letters import LAST_COLUMN, letters, number

PIECE = 1 << 20
"""Bytes of XML searched at a time."""
ROOMY = 20_000_000
"""Cells (160 MB of pointers) up to which a sheet may be as empty as it likes."""


@dataclass(frozen=True)
class SecondLook:
    """What was found beside the values; rows and columns are counted from 1."""

    hidden_rows: frozenset[int] = frozenset()
    errors: Mapping[tuple[int, int], ErrorCell] = field(default_factory=dict)
    """By row and column, in the sheet's order."""
    widths: Mapping[str, float] = field(default_factory=dict)
    """In characters, by letter."""
    end: tuple[int, int] = (0, 0)
    """Last row and column that hold a value; known for small parts and those that say they are wide, (0, 0) otherwise."""
    size: int = 0
    """Bytes of XML."""


def sparse(rows: int, columns: int, size: int) -> bool:
    """An area is large, and nearly empty for a part of `size` bytes.

    The reader keeps every cell of the used area and would run out of memory over next to nothing. A cell that holds
    something takes more than 20 bytes of XML, so an area of more cells than bytes is nearly empty.

    >>> sparse(1_048_576, 16_384, 2_000), sparse(1_048_576, 20, 800_000_000)
    (True, False)
    """
    return rows * columns > max(ROOMY, size)


def look(part: IO[bytes]) -> SecondLook:
    """Search one worksheet part; cells and rows that do not say their address are passed over."""
    hidden: set[int] = set()
    errors: dict[tuple[int, int], ErrorCell] = {}
    head = part.read(PIECE)
    tags = _Tags.of(head)
    wide = len(head) < PIECE or tags.may_be_wide(head)
    rows = columns = size = 0
    for piece in tags.pieces(head, part):
        size += len(piece)
        if b"hidden=" in piece:
            hidden.update(int(row) for row in tags.hidden.findall(piece))
        if b't="e"' in piece or b"t='e'" in piece:
            for column, row, text in tags.error.findall(piece):
                errors[int(row), number(column.decode())] = ErrorCell(text.decode("utf-8", "replace"))
        if wide:
            found = tags.value.findall(piece)
            rows = max([rows, *(int(row) for _, row in found)])
            columns = max([columns, *(number(column.decode()) for column in {column for column, _ in found})])
    return SecondLook(frozenset(hidden), errors, tags.widths(head), (rows, columns), size)


@dataclass(frozen=True)
class _Tags:
    """The patterns of one sheet, in its own namespace prefix (some programs write ``<x:row>``)."""

    prefix: bytes
    row: bytes
    hidden: re.Pattern[bytes]
    error: re.Pattern[bytes]
    value: re.Pattern[bytes]

    @classmethod
    def of(cls, head: bytes) -> _Tags:
        root = re.search(rb"<(\w+:)?worksheet\b", head)
        prefix = (root[1] or b"") if root else b""
        start = b"<" + prefix
        address = rb"""\br=["']([A-Z]{1,3})([0-9]{1,7})["']"""
        return cls(
            prefix=prefix,
            row=start + b"row",
            hidden=re.compile(
                start + rb"""row\s(?=[^<>]*\bhidden=["'](?:1|true)["'])[^<>]*?\br=["']([0-9]{1,7})["']"""
            ),
            error=re.compile(
                start + rb"""c\s(?=[^<>]*\bt=["']e["'])[^<>]*?""" + address + rb"[^<>]*>"
                rb"(?:(?!</?" + prefix + rb"c[\s>]).)*?" + start + rb"v>([^<]{1,40})<",
                re.DOTALL,
            ),
            value=re.compile(start + rb"c\s[^<>]*?" + address + rb"[^<>]*(?<!/)>(?!</)"),
        )

    def pieces(self, head: bytes, part: IO[bytes]) -> Iterator[bytes]:
        """The whole part, cut before the start of a row."""
        held = [head]
        while block := part.read(PIECE):
            cut = block.rfind(self.row)
            if cut > 0:
                yield b"".join((*held, block[:cut]))
                held = []
            held.append(block[max(cut, 0) :])
        yield b"".join(held)

    def may_be_wide(self, head: bytes) -> bool:
        """The sheet says that its used area is large, or says nothing about it."""
        pattern = b"<" + self.prefix + rb"""dimension\s+ref=["'][A-Z]+[0-9]+(?::([A-Z]{1,3})([0-9]{1,7}))?["']"""
        found = re.search(pattern, head)
        if not found:
            return True
        return bool(found[1]) and int(found[2]) * number(found[1].decode()) > ROOMY

    def widths(self, head: bytes) -> dict[str, float]:
        """Column letter -> width, from ``<cols>``."""
        out: dict[str, float] = {}
        for column in re.findall(b"<" + self.prefix + rb"col\s[^<>]*>", head):
            said = dict(re.findall(rb"""(\w+)=["']([0-9.]+)["']""", column))
            if {b"min", b"max", b"width"} <= said.keys():
                for index in range(int(float(said[b"min"])), min(int(float(said[b"max"])), LAST_COLUMN) + 1):
                    out[letters(index)] = float(said[b"width"])
        return out
