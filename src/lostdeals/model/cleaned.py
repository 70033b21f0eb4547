"""What cleaning a sheet, and undoing it, gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from lostdeals.findings import Finding
from lostdeals.model.layout import Layout
from lostdeals.model.quality import Quality
from lostdeals.model.sheets import Sheet

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class CleanReport:
    """A cleaned sheet with everything that was done to it."""

    source: Path
    sheets: tuple[Sheet, ...]
    """The file's, without the pages that an earlier run added."""
    sheet: Sheet
    """The customer sheet as found."""
    cleaned: Sheet
    """The same with cleaned cells, at the same addresses."""
    layout: Layout
    lang: str
    today: date
    leads: pd.DataFrame
    """LEADS, cleaned (``schema.CLEANED``)."""
    log: pd.DataFrame
    """Every changed cell: lead, row, letter, header, rule, before, after, was, now."""
    problems: pd.DataFrame
    """Every cell that is wrong or out of date: lead, column, code, sample, meant (what it probably should be)."""
    pairs: pd.DataFrame
    """row_a, row_b, score, why."""
    quality: Quality
    findings: tuple[Finding, ...]
    seconds: Mapping[str, float]


@dataclass(frozen=True)
class UndoReport:
    """A cleaned sheet that has its original values back."""

    source: Path
    log: Path
    """The change log."""
    rule: str | None
    """The rule that was undone; None where all were."""
    sheets: tuple[Sheet, ...]
    """The file's sheets as they are now, without the pages that cleaning added."""
    sheet: Sheet
    """The customer sheet among them."""
    lang: str
    restored: int
    """Cells that have their value back."""
    already: int
    """Cells that had it before."""
    changed: int
    """Cells that were changed since the cleaning and are left as they are."""
    first_changed: str
    later: int
    """Cells that a later rule changed again and are left as they are."""
    first_later: str
    missing: int
    """Changes of rows or columns that are no longer there."""
