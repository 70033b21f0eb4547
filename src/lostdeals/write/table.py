"""The scored sheet as a CSV: the customers' own columns unchanged, then the new ones."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Sequence
from datetime import datetime, time
from decimal import Decimal
from numbers import Real
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lostdeals.errors import LostDealsError
from lostdeals.model import Finding
from lostdeals.package.cells import plain_number, text
from lostdeals.write.atomic import replacing
from lostdeals.write.columns import added

if TYPE_CHECKING:
    import pandas as pd

    from lostdeals.model import Report
    from lostdeals.vocab import Words

_STARTS_LIKE_A_FORMULA = re.compile(r"[=@\t\r+-]")
_NUMBER_OR_PHONE = re.compile(r"[+-][\s\d().,/%-]*\d[\s\d().,/%-]*(?:[eE][+-]?\d+)?")


def write_table(
    report: Report, words: Words, path: Path, *, encoding: str = "utf-8-sig", raw: bool = False
) -> tuple[Finding, ...]:
    """Write the header and the customers' rows in the sheet's order; gives how many cells were guarded.

    encoding: UTF-8 with BOM by default, without which Excel and WPS show mojibake.
    raw: leave text alone that a spreadsheet would take for a formula; otherwise it gets a leading ``'``.
    Raises LostDealsError ``cannot-write``, ``unknown-encoding``, ``cannot-encode``.
    """
    try:
        codecs.lookup(encoding)
    except LookupError:
        raise LostDealsError("unknown-encoding", where="--encoding", usage=True, encoding=encoding) from None
    sheet, layout, leads = report.sheet, report.layout, report.leads
    guard = _Guard(raw)
    theirs = sheet.cells.loc[list(layout.rows)]
    headers = {column.letter: column.header for column in layout.columns}
    columns = [
        guard.column(headers.get(str(letter), ""), theirs[letter], f"{sheet.name}!{letter}")
        for letter in theirs.columns
    ]
    for new in added(report, words):
        values = new.values.set_axis(leads["src_row"]).reindex(theirs.index)
        columns.append(guard.column(new.header, values, new.header))
    memory = io.StringIO(newline="")
    csv.writer(memory, lineterminator="\r\n").writerows(zip(*columns, strict=True))
    with replacing(path) as file:
        file.write(_encoded(memory.getvalue(), encoding))
    return (Finding("text-guarded", guard.count, guard.first),) if guard.count else ()


def guarded(value: str) -> str:
    """Text that no spreadsheet takes for a formula; numbers and phones keep their sign.

    >>> guarded("=1+1"), guarded("+86 138-0000-0001"), guarded("-0.5"), guarded("+cmd|x"), guarded("王小明")
    ("'=1+1", '+86 138-0000-0001', '-0.5', "'+cmd|x", '王小明')
    """
    if not _STARTS_LIKE_A_FORMULA.match(value) or _NUMBER_OR_PHONE.fullmatch(value):
        return value
    return f"'{value}"


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


class _Guard:
    """Turns columns into text and counts what had to be guarded."""

    def __init__(self, raw: bool) -> None:
        self._guard: Callable[[str], str] = str if raw else guarded
        self.count = 0
        self.first = ""

    def column(self, header: str, values: pd.Series[Any], place: str) -> list[str]:
        """The header and the cells below it; `place` is where the column stands."""
        raws = values.tolist()
        known = {value: self._guard(text(value)) for value in {value for value in raws if isinstance(value, str)}}
        changed = {value for value, said in known.items() if said != value and said.startswith("'")}
        if changed:
            self._note(raws, changed, place, values.index.tolist())
        cells = [known[value] if isinstance(value, str) else as_text(value) for value in raws]
        return [self._guard(text(header)), *cells]

    def _note(self, values: Sequence[object], changed: set[str], place: str, rows: Sequence[int]) -> None:
        places = [row for value, row in zip(values, rows, strict=True) if value in changed]
        self.count += len(places)
        self.first = self.first or f"{place}{places[0]}"


def _encoded(content: str, encoding: str) -> bytes:
    try:
        return content.encode(encoding)
    except UnicodeEncodeError as error:
        character = content[error.start]
        raise LostDealsError("cannot-encode", where="--encoding", encoding=encoding, character=character) from None
