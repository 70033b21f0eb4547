"""Where the cells of a binary sheet (.xlsb) end, before a reader sets aside room for all of them."""

from __future__ import annotations

import struct

from lostdeals.read.second_look import PIECE, SecondLook, sparse

ROW, FIRST_VALUE, LAST_VALUE, DIMENSION = 0, 2, 11, 148
"""Record numbers after [MS-XLSB] 2.3.2: BrtRowHdr, BrtCellRk to BrtFmlaError (1 is a blank), BrtWsDim."""


def binary_look(content: bytes) -> SecondLook:
    """The last row and column of one worksheet part that hold a value, where its size or what it says makes one wonder.

    Raises struct.error or LookupError where a record is cut short.
    """
    rows = columns = row = position = 0
    while position < len(content):
        kind, position = _number(content, position, most=2)
        size, position = _number(content, position, most=4)
        if kind == ROW:
            row = struct.unpack_from("<I", content, position)[0] + 1
        elif FIRST_VALUE <= kind <= LAST_VALUE:
            rows = max(rows, row)
            columns = max(columns, struct.unpack_from("<I", content, position)[0] + 1)
        elif kind == DIMENSION and len(content) > PIECE:
            _, last_row, _, last_column = struct.unpack_from("<4I", content, position)
            if not sparse(last_row + 1, last_column + 1, len(content)):
                break  # the walk takes longer than reading the sheet, so it is left out where nothing asks for it
        position += size
    return SecondLook(end=(rows, columns), size=len(content))


def _number(content: bytes, position: int, most: int) -> tuple[int, int]:
    """A number of up to `most` bytes, seven bits in each, and the position behind it."""
    number = 0
    for place in range(most):
        byte = content[position + place]
        number |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:
            break
    return number, position + place + 1
