"""What classifying the customers of a sheet gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from lostdeals.findings import Finding
from lostdeals.model.layout import Layout
from lostdeals.model.outcomes import OutcomeReading
from lostdeals.model.sheets import Sheet

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Crosstab:
    """One table of ``lostdeals classify``."""

    kind: Literal["rates", "shares", "cells", "phrases"]
    """Which columns it has: ``analyse.crosstabs.RATES``, ``SHARES``, ``CELLS``, ``analyse.describe.PHRASES``."""
    rows: str
    """The dimension of its rows, a LEADS column, or several joined with `` × ``."""
    columns: str
    """What its rows are set against: ``unclosed``, a dimension, or nothing."""
    table: pd.DataFrame


@dataclass(frozen=True)
class ClassifyReport:
    """Everything ``lostdeals classify`` has to say about one sheet."""

    source: Path
    sheets: tuple[Sheet, ...]
    sheet: Sheet
    layout: Layout
    lang: str
    today: date
    leads: pd.DataFrame
    outcome: OutcomeReading
    coverage: pd.DataFrame
    """``analyse.describe.COVERAGE``: how many customers each dimension is known of."""
    tables: tuple[Crosstab, ...]
    unmatched: pd.DataFrame
    """``classify.dimensions.UNMATCHED``: values that no rule matched."""
    proposals: pd.DataFrame
    """``classify.proposals.PROPOSALS``: new reasons that the unexplained notes suggest."""
    findings: tuple[Finding, ...]
    seconds: Mapping[str, float]
