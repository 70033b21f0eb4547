"""Read an XML Spreadsheet of 2003, which some systems export under the name of an .xls."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time
from io import StringIO
from pathlib import Path
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import iterparse

from lostdeals.errors import LostDealsError
from lostdeals.model import ErrorCell, Finding, Sheet
from lostdeals.package.letters import LAST_COLUMN, LAST_ROW, address, letters
from lostdeals.package.opening import damage
from lostdeals.read.grid import frame, grid_and_long_numbers
from lostdeals.read.second_look import sparse

SPACE = "{urn:schemas-microsoft-com:office:spreadsheet}"
"""The namespace of the format (Microsoft, "XML Spreadsheet Reference", 2001)."""

_START = re.compile(r"\s*<\?xml[^>]*>\s*(?:<!--.*?-->\s*)*<(?:\?mso-application\b|(?:\w+:)?Workbook\b)", re.DOTALL)

Value = str | int | float | bool | datetime | date | time | ErrorCell | None


def looks_like_spreadsheet_xml(head: str) -> bool:
    """The text begins as an XML document that says it is Excel's, or is a workbook.

    >>> looks_like_spreadsheet_xml('<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>')
    True
    """
    return bool(_START.match(head.removeprefix("\ufeff")))


def read_spreadsheet_xml(path: Path, text: str) -> list[Sheet]:
    """Its sheets; a value that spans rows stands in each of them, what spans columns only in the first.

    Raises LostDealsError ``damaged-workbook``, ``sheet-too-sparse`` and ``no-sheets``.
    """
    with damage(str(path)):
        sheets = [_sheet(path, table, len(text)) for table in _tables(StringIO(text.lstrip("\ufeff \t\r\n")))]
    if not sheets:
        raise LostDealsError("no-sheets", where=str(path))
    return sheets


class _Table:
    """What was found of one sheet; rows and columns count from 1."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.rows: defaultdict[int, dict[int, Value]] = defaultdict(dict)
        self.merged: list[tuple[int, int, int, int]] = []
        self.hidden_rows: set[int] = set()
        self.hidden = False
        self.row = 0

    def add(self, row: Element) -> None:
        """The cells of a row, at the place it names or after the one before."""
        self.row = _number(row, "Index", LAST_ROW) or self.row + 1
        if row.get(f"{SPACE}Hidden") == "1":
            self.hidden_rows.add(self.row)
        column = 0
        for cell in row.iter(f"{SPACE}Cell"):
            column = _number(cell, "Index", LAST_COLUMN) or column + 1
            across, down = _number(cell, "MergeAcross", LAST_COLUMN), _number(cell, "MergeDown", LAST_ROW)
            value = _value(cell.find(f"{SPACE}Data"))
            if value is not None:
                self.rows[self.row][column] = value
            if across or down:
                self.merged.append((self.row, column, self.row + down, column + across))
            column += across
        self.row += _number(row, "Span", LAST_ROW)


def _tables(file: StringIO) -> Iterator[_Table]:
    table = _Table("")
    for event, element in iterparse(file, events=("start", "end")):
        if event == "start" and element.tag == f"{SPACE}Worksheet":
            table = _Table(element.get(f"{SPACE}Name", ""))
        elif event == "end" and element.tag == f"{SPACE}Row":
            table.add(element)
            element.clear()
        elif event == "end" and element.tag.endswith("}Visible"):
            table.hidden = element.text != "Visible"
        elif event == "end" and element.tag == f"{SPACE}Worksheet":
            yield table
            element.clear()


def _sheet(path: Path, table: _Table, size: int) -> Sheet:
    height = max((row for row, cells in table.rows.items() if cells), default=0)
    width = max((max(cells, default=0) for cells in table.rows.values()), default=0)
    if sparse(height, width, size):
        where = f"{path} › {address(table.name, height, width)}"
        raise LostDealsError("sheet-too-sparse", where=where, rows=height, columns=letters(width))
    for top, left, bottom, _ in table.merged:
        value = table.rows[top].get(left)
        if bottom > top and value is not None:
            for row in range(top, min(bottom, height) + 1):
                table.rows[row][left] = value
    rows = ([table.rows[row].get(column) for column in range(1, width + 1)] for row in range(1, height + 1))
    cells, long = grid_and_long_numbers(rows)
    found = {
        "long-number": long,
        "error-value": [
            (row, column)
            for row in range(1, height + 1)
            for column, value in table.rows[row].items()
            if isinstance(value, ErrorCell)
        ],
    }
    return Sheet(
        path,
        table.name,
        frame(cells),
        hidden=table.hidden,
        hidden_rows=frozenset(table.hidden_rows),
        merged=tuple(table.merged),
        findings=tuple(
            Finding(code, len(places), address(table.name, *places[0])) for code, places in found.items() if places
        ),
    )


def _value(data: Element | None) -> Value:
    """What a cell holds, as its type says; text where it holds something else than that."""
    if data is None:
        return None
    text = "".join(data.itertext())
    kind = data.get(f"{SPACE}Type", "String")
    try:
        if kind == "Number":
            return int(text) if text.lstrip("-").isdecimal() else float(text)
        if kind == "DateTime":
            return _moment(datetime.fromisoformat(text.removesuffix("Z")))
    except ValueError:
        return text
    if kind == "Boolean":
        return text.strip() in ("1", "true")
    return ErrorCell(text) if kind == "Error" else text or None


def _moment(moment: datetime) -> datetime | date | time:
    """A date where the clock says midnight, and only the clock on Excel's day 0 and before."""
    if moment.year < 1900:
        return moment.time()
    return moment.date() if moment.time() == time() else moment


def _number(element: Element, name: str, most: int) -> int:
    """A count or a place that an attribute gives; 0 where it gives none."""
    said = element.get(f"{SPACE}{name}", "")
    return min(int(said), most) if said.isascii() and said.isdigit() else 0
