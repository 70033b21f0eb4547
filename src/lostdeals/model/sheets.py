"""One sheet as it was found, cell by cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from lostdeals.findings import Finding

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class ErrorCell:
    """A cell that holds an Excel error, which is neither text nor a blank."""

    text: str
    """As Excel shows it: ``#REF!``, ``#VALUE!`` …"""

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Sheet:
    """One sheet (or one text file) as found, nothing interpreted."""

    path: Path
    """The file it came from."""
    name: str
    """The sheet's name; the file's name without its ending for a text file."""
    cells: pd.DataFrame
    """``dtype=object``; the index is the file's own row number, the columns are Excel letters. Empty cells are None;
    the others are str, int, float, bool, datetime, date, time, timedelta or ErrorCell."""
    encoding: str | None = None
    """Of a text file, as Python names it; None for a workbook."""
    delimiter: str | None = None
    """Of a text file."""
    hidden: bool = False
    """The user has hidden the sheet."""
    hidden_rows: frozenset[int] = frozenset()
    """Rows that a filter or the user has hidden."""
    merged: tuple[tuple[int, int, int, int], ...] = ()
    """Merged areas: first row, first column, last row, last column; all 1-based and inclusive."""
    widths: Mapping[str, float] = field(default_factory=dict)
    """Column widths in characters, by letter, where the file gives them."""
    formats: Mapping[str, str] = field(default_factory=dict)
    """The number format that the numbers of a column have, as Excel writes it, by letter, where the file gives one."""
    findings: tuple[Finding, ...] = ()
    """What the reader noticed."""
