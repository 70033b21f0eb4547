"""A workbook skeleton made by openpyxl, filled with streamed rows and written as one .xlsx file."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import IO, TYPE_CHECKING
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from lostdeals.package.quiet import quiet
from lostdeals.package.rows import Block, RowWriter, extent

if TYPE_CHECKING:
    from openpyxl import Workbook

LEVEL = 2
"""Deflate level: level 6 takes three times as long for a file a tenth smaller."""
SEAL = b"lostdeals"
"""Comment of the zip file; a program that saves the workbook drops it, which tells that somebody has worked in it."""
MANY = 7_000_000
"""Cells from which a sheet could pass two GiB, which a zip file must be told beforehand."""

_EMPTY_ROWS = re.compile(rb"<sheetData\s*/>|<sheetData>\s*</sheetData>")
_DIMENSION = re.compile(rb'(<dimension ref=")[^"]*')


def fill(book: Workbook, sheets: Mapping[str, Sequence[Block]], file: IO[bytes], when: date) -> dict[str, RowWriter]:
    """Write the book with the rows of the sheets named; gives what did not fit, by sheet.

    book: sheets without cells where rows are given; everything else (widths, charts, rules) as openpyxl writes it.
    when: stands as the time of making, because a file that carries the clock never comes out the same twice.
    """
    writers: dict[str, RowWriter] = {}
    with ZipFile(skeleton(book, when)) as parts, ZipFile(file, "w", ZIP_DEFLATED, compresslevel=LEVEL) as out:
        out.comment = SEAL
        ours = {sheet.path.lstrip("/") for sheet in book.worksheets}
        streamed = {sheet.path.lstrip("/"): sheet.title for sheet in book.worksheets if sheet.title in sheets}
        for name in parts.namelist():
            blocks = sheets.get(streamed.get(name, ""), ())
            with out.open(name, "w", force_zip64=_cells(blocks) > MANY) as part:  # opened by name, a part has no time
                content = quiet(parts.read(name)) if name in ours else parts.read(name)
                if name in streamed:
                    writer = writers[streamed[name]] = RowWriter()
                    _fill_part(part, content, blocks, writer)
                else:
                    part.write(content)
    return writers


def untouched(path: Path) -> bool:
    """Whether a file is a workbook of ours that nobody has saved since."""
    try:
        with ZipFile(path) as package:
            return package.comment == SEAL
    except (OSError, BadZipFile):
        return False


def skeleton(book: Workbook, when: date) -> io.BytesIO:
    """The book as openpyxl writes it, in memory."""
    from openpyxl.writer.excel import ExcelWriter

    book.properties.creator = "lostdeals"
    book.properties.created = book.properties.modified = datetime.combine(when, time())
    memory = io.BytesIO()
    ExcelWriter(book, ZipFile(memory, "w")).save()
    memory.seek(0)
    return memory


def _fill_part(part: IO[bytes], skeleton: bytes, blocks: Sequence[Block], writer: RowWriter) -> None:
    head, tail = _EMPTY_ROWS.split(skeleton, maxsplit=1)
    part.write(_DIMENSION.sub(rb"\g<1>" + extent(blocks).encode(), head, count=1) + b"<sheetData>")
    for chunk in writer.xml(blocks):
        part.write(chunk)
    part.write(b"</sheetData>" + tail)


def _cells(blocks: Sequence[Block]) -> int:
    return sum(len(block.rows) * len(block.columns) for block in blocks)
