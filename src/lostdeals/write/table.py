"""The scored sheet as a CSV: the customers' own columns unchanged, then the new ones."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from numbers import Real
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lostdeals.errors import LostDealsError
from lostdeals.model import Finding
from lostdeals.package.cells import plain_number, printable
from lostdeals.package.guard import guarded
from lostdeals.write.atomic import replacing
from lostdeals.write.columns import added

if TYPE_CHECKING:
    import pandas as pd

    from lostdeals.model import Layout, Report, Sheet
    from lostdeals.vocab import Words

CHUNK = 2_000
"""Rows written at a time."""


def write_table(
    report: Report, words: Words, path: Path, *, encoding: str = "utf-8-sig", raw: bool = False
) -> tuple[Finding, ...]:
    """Write the header and the customers' rows in the sheet's order; gives how many cells were guarded.

    encoding: UTF-8 with BOM by default, without which Excel and WPS show mojibake.
    raw: leave text alone that a spreadsheet would take for a formula; otherwise it gets a leading ``'``.
    Raises LostDealsError ``cannot-write``, ``unknown-encoding``, ``cannot-encode``.
    """
    sheet, layout, leads = report.sheet, report.layout, report.leads
    columns = sheet_columns(sheet, layout)
    for new in added(report, words):
        values = new.values.set_axis(leads["src_row"]).reindex(list(layout.rows))
        columns.append(Column(new.header, values, f"{new.header} "))
    return write_columns(columns, path, encoding=encoding, raw=raw)


def write_columns(
    columns: Sequence[Column], path: Path, *, encoding: str = "utf-8-sig", raw: bool = False
) -> tuple[Finding, ...]:
    """Write columns of equal length with a header each; the same guard, findings and errors as `write_table`."""
    try:
        "".encode(encoding)
    except LookupError:
        raise LostDealsError("unknown-encoding", where="--encoding", usage=True, encoding=encoding) from None
    guard = _Guard(raw)
    try:
        with replacing(path) as file:
            _write(codecs.getwriter(encoding)(file), columns, guard, len(columns[0].values))
    except UnicodeEncodeError as error:
        character = error.object[error.start]
        raise LostDealsError("cannot-encode", where="--encoding", encoding=encoding, character=character) from None
    return (Finding("text-guarded", guard.count, guard.first),) if guard.count else ()


def sheet_columns(sheet: Sheet, layout: Layout) -> list[Column]:
    """The sheet's own columns with its customers, in their order."""
    theirs, headers = sheet.cells.loc[list(layout.rows)], headers_of(sheet, layout)
    return [Column(headers.get(str(letter), ""), theirs[letter], f"{sheet.name}!{letter}") for letter in theirs.columns]


def headers_of(sheet: Sheet, layout: Layout) -> dict[str, str]:
    """The sheet's own headers by letter, exactly as written where the header is one row."""
    understood = {column.letter: column.header for column in layout.columns}
    if not layout.header_rows:
        return understood
    row = sheet.cells.loc[layout.header_rows[-1]]
    written = {str(letter): cell for letter, cell in row.items() if isinstance(cell, str)}
    return {**understood, **written} if len(layout.header_rows) == 1 else {**written, **understood}


def as_text(value: object) -> str:
    """A cell as text: dates as ISO, whole numbers without ``.0``, an empty cell as nothing.

    >>> as_text(13800000001.0), as_text(datetime(2026, 11, 20)), as_text(None), as_text(True)
    ('13800000001', '2026-11-20', '', 'TRUE')
    """
    if value is None or value != value:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (Real, Decimal)):
        return plain_number(value)
    if isinstance(value, datetime):
        return str(value.date()) if value.time() == time() else value.isoformat(sep=" ", timespec="seconds")
    return str(value)


@dataclass(frozen=True)
class Column:
    """One column of a CSV."""

    header: str
    values: pd.Series[Any]
    """On the sheet's own row numbers."""
    place: str
    """Where it stands, without the row."""


def _write(out: codecs.StreamWriter, columns: Sequence[Column], guard: _Guard, count: int) -> None:
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([guard.text(column.header) for column in columns])
    for start in range(0, count, CHUNK):
        part = slice(start, start + CHUNK)
        writer.writerows(zip(*(guard.cells(column, part) for column in columns), strict=True))


class _Guard:
    """Turns columns into text and counts what had to be guarded."""

    def __init__(self, raw: bool) -> None:
        self._raw = raw
        self.count = 0
        self.first = ""
        """Place of the first guarded cell."""

    def text(self, value: str) -> str:
        return printable(value) if self._raw else guarded(printable(value))

    def cells(self, column: Column, part: slice) -> list[str]:
        values = column.values.iloc[part]
        raws = values.tolist()
        known = {value: self.text(value) for value in {value for value in raws if isinstance(value, str)}}
        changed = {value for value, said in known.items() if not self._raw and said != printable(value)}
        if changed:
            places = [row for value, row in zip(raws, values.index, strict=True) if value in changed]
            self.count += len(places)
            self.first = self.first or f"{column.place}{places[0]}"
        return [known[value] if isinstance(value, str) else as_text(value) for value in raws]
