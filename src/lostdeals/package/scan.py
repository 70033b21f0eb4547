"""What a sheet's XML is like before anything is put into it: its rows, its edges, how it is written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from operator import lt

from lostdeals.package.letters import LAST_ROW, letters, number
from lostdeals.package.refusal import Refused
from lostdeals.package.streaming import cells_of, row_numbers, rows_of, sections

_FORMULA = re.compile(rb"<(?:[^\s<>/:]+:)?f\s[^>]*>")
_RIGHT = re.compile(rb"""\sref\s*=\s*["'](?:[A-Z]+\d+:)?([A-Z]+)\d+["']""")


@dataclass(frozen=True)
class Scan:
    """What a sheet's XML is like."""

    prefix: str
    """Of its elements, with the colon: ``x:``."""
    frame: bytes
    """The sheet without its rows: ``…<sheetData></sheetData>…``."""
    last_row: int
    last_column: int
    """The rightmost column with a cell, styled or filled; 0 without any."""
    counted_from: int = 0
    """The first row's number where every row says the next number; 0 where not."""
    edge: int = 0
    """As `last_column`, of the rows asked for alone, with the areas that formulas of several cells fill."""


def scan(pieces: Iterable[bytes], where: str, asked: tuple[int, int] = (1, LAST_ROW)) -> Scan:
    """Look through a sheet once. Refused where its rows are written in a way that appending cannot be sure of.

    asked: the first and the last of the rows whose `edge` is wanted.
    """
    head, tail, prefix = b"", b"", b""
    last_row = last_column = counted_from = edge = 0
    counted = True
    for kind, data, prefix in sections(pieces, where):
        if kind == "head":
            head = data
        elif kind == "tail":
            tail = data
        else:
            if (b"!" in data and b"<!" in data) or (b"?" in data and b"<?" in data):  # one byte is found much faster
                raise Refused("comments-in-rows", where)
            if b"x" in data and b"extLst" in data and re.search(rb"</[^\s<>]*extLst>\s*</[^\s<>]*row>", data):
                raise Refused("unusual-rows", where)
            rows = partial(rows_of, data, prefix)
            numbers = row_numbers(data, rows, prefix, last_row, where)
            if numbers and not (last_row < numbers[0] and all(map(lt, numbers, numbers[1:]))):
                raise Refused("rows-out-of-order", where)
            if numbers:
                counted_from = counted_from or numbers[0]
                counted = counted and numbers[0] in (last_row + 1, counted_from)
                counted = counted and numbers[-1] - numbers[0] == len(numbers) - 1
                last_row = numbers[-1]
            wanted = bool(numbers) and numbers[0] <= asked[1] and numbers[-1] >= asked[0]
            column = _last_column(data, rows, prefix, edge if wanted else last_column)
            last_column = max(last_column, column)
            if wanted:
                if numbers[0] < asked[0] or numbers[-1] > asked[1]:
                    data = _between(data, rows, numbers, prefix, asked)
                    column = _last_column(data, partial(rows_of, data, prefix), prefix)
                edge = max(edge, column, *_reaches(data))
    return Scan(prefix.decode(), head + tail, last_row, last_column, counted_from if counted else 0, edge)


def filled_columns(pieces: Iterable[bytes], where: str, beyond: int, asked: tuple[int, int]) -> frozenset[int]:
    """The columns right of `beyond` that hold more than a look in one of the rows asked for."""
    found, seen = set(), 0
    for kind, data, prefix in sections(pieces, where):
        if kind != "rows":
            continue
        numbers = row_numbers(data, partial(rows_of, data, prefix), prefix, seen, where)
        seen = numbers[-1] if numbers else seen
        holds = re.compile(b"<" + prefix + rb"(?:v|is|f)[\s>]")
        for number_, row in zip(numbers, rows_of(data, prefix), strict=True):
            if asked[0] <= number_ <= asked[1]:
                found |= {column for column, xml in cells_of(row, prefix) if column > beyond and holds.search(xml)}
    return frozenset(found)


def _between(
    data: bytes, rows: Callable[[], Sequence[bytes]], numbers: Sequence[int], prefix: bytes, asked: tuple[int, int]
) -> bytes:
    """Only those of the rows that are asked for."""
    start = b"<" + prefix + b"row"
    chosen = (row for number, row in zip(numbers, rows(), strict=True) if asked[0] <= number <= asked[1])
    return b"".join(start + row for row in chosen)


def _reaches(data: bytes) -> list[int]:
    """The right edges of the areas that formulas of several cells fill, whether those cells are there or not."""
    if b"f" not in data or b"ref=" not in data:  # again the one byte first: most sheets have neither formulas nor texts
        return []
    tags = (tag for tag in _FORMULA.findall(data) if b"array" in tag or b"dataTable" in tag)
    return [number(found[1].decode()) for tag in tags if (found := _RIGHT.search(tag))]


def _last_column(data: bytes, rows: Callable[[], Sequence[bytes]], prefix: bytes, known: int = 0) -> int:
    """The rightmost column that one of the rows has a cell in, or `known` where none of them is right of that."""
    cell = b"<" + prefix + b"c"
    if known and not re.search(cell + rb'(?! r="(?:' + up_to(known) + rb")\d)", data):
        return known
    said = set(re.findall(cell + rb'(?: r="([A-Z]+)|)', data))
    if b"" in said:  # a cell that does not say where it is, or another element whose name begins alike
        return max((_by_counting(row, cell) for row in rows()), default=0)
    return max((number(name.decode()) for name in said), default=0)


def up_to(column: int) -> bytes:
    """A pattern of the letters of a column and of all that are left of it.

    >>> up_to(3), up_to(30), up_to(60), up_to(703)
    (b'[A-C]', b'[A-Z]|A[A-D]', b'[A-Z]|[A-A][A-Z]|B[A-H]', b'[A-Z]|[A-Z][A-Z]|AA[A-A]')
    """
    name = letters(column)
    left = ["[A-Z]" * length for length in range(1, len(name))]
    for place, sign in enumerate(name):
        last = place == len(name) - 1
        if last or sign > "A":
            to = sign if last else chr(ord(sign) - 1)
            left.append(f"{name[:place]}[A-{to}]{'[A-Z]' * (len(name) - place - 1)}")
    return "|".join(left).encode()


def _by_counting(row: bytes, cell: bytes) -> int:
    """The last cell's column in a row whose cells do not all say where they are."""
    column = 0
    for found in re.finditer(re.escape(cell) + rb"(?=[\s/>])[^>]*>", row):
        said = re.search(rb"""\sr\s*=\s*["']([A-Za-z]+)\d+""", found[0])
        column = number(said[1].decode()) if said else column + 1
    return column
