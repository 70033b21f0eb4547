"""Tables as bytes that are the same at every run: CSV and workbooks without the clock."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

MADE = datetime.fromisoformat("2026-11-20T09:00:00")


def text(rows: Iterable[Mapping[str, Any]], encoding: str) -> bytes:
    """Rows as CSV."""
    lines = list(rows)
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(lines[0]))
    writer.writeheader()
    writer.writerows(lines)
    return out.getvalue().encode(encoding)


def fill_sheet(
    sheet: Worksheet, headers: Sequence[str], rows: Iterable[Sequence[Any]], top: int, widths: list[int]
) -> None:
    """A table with a coloured header, frozen, filterable."""
    edge = Border(bottom=Side("thin", color="8EA9DB"))
    for column, (header, width) in enumerate(zip(headers, widths, strict=True), 1):
        cell = sheet.cell(top, column, header)
        cell.font, cell.fill = Font(bold=True, color="FFFFFF"), PatternFill("solid", fgColor="2F5597")
        cell.alignment, cell.border = Alignment(horizontal="center", vertical="center"), edge
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.row_dimensions[top].height = 24
    for number, row in enumerate(rows, top + 1):
        for column, value in enumerate(row, 1):
            sheet.cell(number, column, value)
    sheet.freeze_panes = f"A{top + 1}"
    sheet.auto_filter.ref = f"A{top}:{get_column_letter(len(headers))}{sheet.max_row}"


def xlsx(book: Workbook) -> bytes:
    """A workbook's bytes without the clock: fixed properties and zip times."""
    book.properties.creator = "lostdeals"
    book.properties.created = book.properties.modified = MADE
    draft, out = io.BytesIO(), io.BytesIO()
    ExcelWriter(book, zipfile.ZipFile(draft, "w")).save()
    with zipfile.ZipFile(draft) as parts, zipfile.ZipFile(out, "w") as archive:
        for name in parts.namelist():
            entry = zipfile.ZipInfo(name)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, parts.read(name))
    return out.getvalue()
