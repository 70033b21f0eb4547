"""Read the tables of an HTML page, which many systems export under the name of an Excel file."""

from __future__ import annotations

import re
from collections import defaultdict
from html.parser import HTMLParser
from pathlib import Path

from lostdeals.errors import LostDealsError
from lostdeals.model import Sheet
from lostdeals.read.grid import frame, grid

MOST_SPANNED = 1_000_000
"""Cells that spans may cover in one page, so that a few bytes cannot ask for more memory than there is."""

_START = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(?:(!doctype html\b|html\b|head\b|meta\b|body\b|table\b)|[a-z])",
    re.IGNORECASE | re.DOTALL,
)
_TABLE = re.compile(r"<table[\s>]", re.IGNORECASE)
UNSEEN = ("script", "style")
"""Elements whose text nobody sees."""


def looks_like_html(head: str) -> bool:
    """The text begins as a page or a table does, or with any element and has a table further down.

    >>> looks_like_html("<table border=1>"), looks_like_html("姓名,<table>")
    (True, False)
    """
    start = _START.match(head.removeprefix("\ufeff"))
    return bool(start and (start[1] or _TABLE.search(head)))


def read_html(path: Path, text: str, encoding: str) -> list[Sheet]:
    """Each table that holds something as a sheet; a value that spans rows stands in each of them.

    Raises LostDealsError ``html-table`` where the page has no table.
    """
    page = _Page()
    page.feed(text)
    page.close()
    tables = [table for table in (frame(grid(rows)) for rows in page.tables()) if not table.empty]
    if not tables:
        raise LostDealsError("html-table", where=str(path))
    names = [path.stem, *(f"{path.stem} {number}" for number in range(2, len(tables) + 1))]
    return [Sheet(path, name, table, encoding=encoding) for name, table in zip(names, tables, strict=True)]


class _Table:
    """The cells of one table by row and column, with the place of the next one."""

    def __init__(self) -> None:
        self.rows: defaultdict[int, dict[int, str]] = defaultdict(dict)
        self.row = self.column = -1

    def add(self, text: str, down: int, across: int) -> None:
        while self.column in self.rows[self.row]:
            self.column += 1
        for row in range(self.row, self.row + down):
            self.rows[row].update(dict.fromkeys(range(self.column, self.column + across), ""))
            self.rows[row][self.column] = text


class _Page(HTMLParser):
    """Collects the cells of every table; a table within a cell is a table of its own."""

    def __init__(self) -> None:
        super().__init__()
        self._tables: list[_Table] = []
        self._open: list[_Table] = []
        self._cell: list[str] | None = None
        self._outer: list[tuple[list[str] | None, tuple[int, int]]] = []
        """The cell in which each open table stands, with its spans."""
        self._unseen = False
        self._span = (1, 1)
        self._spanned = 0

    def tables(self) -> list[list[list[str]]]:
        """The rows of each table."""
        return [
            [[row.get(column, "") for column in range(max(row, default=-1) + 1)] for row in rows]
            for rows in ([table.rows[row] for row in range(table.row + 1)] for table in self._tables)
        ]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unseen = tag in UNSEEN
        if tag in ("tr", "td", "th"):
            self._end_cell()
        if tag == "table":
            self._outer.append((self._cell, self._span))
            self._cell = None
            self._open.append(_Table())
            self._tables.append(self._open[-1])
        elif tag == "tr" and self._open:
            self._open[-1].row, self._open[-1].column = self._open[-1].row + 1, 0
        elif tag in ("td", "th") and self._open and self._open[-1].row >= 0:
            said = dict(attrs)
            self._span = (_count(said.get("rowspan")), _count(said.get("colspan")))
            self._cell = []
        elif tag == "br" and self._cell is not None:
            self._cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._unseen = False
        if tag in ("table", "tr", "td", "th"):
            self._end_cell()
        if tag == "table" and self._open:
            self._open.pop()
            self._cell, self._span = self._outer.pop()

    def handle_data(self, data: str) -> None:
        if self._cell is not None and not self._unseen:
            self._cell.append(re.sub(r"[ \t\r\n]+", " ", data))

    def _end_cell(self) -> None:
        if self._cell is None or not self._open:
            return
        down, across = self._span
        self._spanned += down * across - 1
        if self._spanned > MOST_SPANNED:
            down = across = 1
        text = "\n".join(line.strip(" \xa0") for line in "".join(self._cell).split("\n")).strip("\n")
        self._open[-1].add(text, down, across)
        self._cell = None


def _count(span: str | None) -> int:
    return max(1, int(span)) if span and span.isascii() and span.isdigit() and len(span) < 5 else 1
