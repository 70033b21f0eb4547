"""How good a sheet's data is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class QualityCounts:
    """What is filled, readable, double and stale, as counts: those of two parts of a sheet can be added.

    Only ``copies`` and ``clashes`` of parts miss what lies across them.
    """

    rows: int
    """Customers."""
    columns: pd.DataFrame
    """column (LEADS key), n, filled, blank, placeholder, none, unknown, error (see `clean.blanks.missing_kinds`), checked,
    read: cells."""
    issues: pd.DataFrame
    """column, code, n: cells."""
    needs: pd.DataFrame
    """need, n, met: customers."""
    groups: pd.DataFrame
    """by (owner, source), value (None where it is not known), n, asked and met (needs), checked and read (cells),
    copies, dated and stale (customers)."""
    ages: pd.DataFrame
    """up_to (days since the last contact or update; infinity for older, NaN for undated), n."""
    dated: int
    """Customers with a last contact or update."""
    stale: int
    """Those of them for whom it is too long ago."""
    copies: int
    """Customers that are a second record."""
    groups_of_copies: int
    """Customers with several records."""
    clashes: int
    """Those of them whose records have several owners."""


@dataclass(frozen=True)
class Fix:
    """One thing that would make the data better."""

    code: str
    """``fix.<code>`` of the messages."""
    columns: tuple[str, ...]
    """The LEADS columns it is about, none where it is about rows."""
    count: int
    """Cells or customers to go through."""
    gain: float
    """Points of the score."""


@dataclass(frozen=True)
class Quality:
    """How good the data are: the counts, and what they come to."""

    counts: QualityCounts
    parts: Mapping[str, tuple[int, int]]
    """Part -> how many of how many; only the parts that the sheet can answer."""
    score: float
    """0-100."""
    grade: str
    """A, B, C or D by ``vocab/quality.toml``."""
    fixes: tuple[Fix, ...]
    """The largest gain first."""
    stale_days: int
    """Older than this is stale."""
    smallest_group: int
    """A group of fewer customers is marked."""
