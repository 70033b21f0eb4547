"""Where the table is on its sheet, and what its columns mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from lostdeals.findings import Finding
from lostdeals.model.outcomes import Outcome

if TYPE_CHECKING:
    from lostdeals.errors import LostDealsError

How = Literal["user", "alias", "fuzzy", "values", "model", "none"]


@dataclass(frozen=True)
class ColumnMatch:
    """What one column was understood to be."""

    letter: str
    """Excel letter: ``C``."""
    header: str
    """As written, joined where the header has two rows."""
    role: str
    """A role of ``vocab/columns.toml``, ``extra`` or ``ignore``."""
    how: How
    """What decided."""
    confidence: float
    """0-1."""
    key: str
    """The column's name in the LEADS frame: ``phone``, ``phone.2``, ``extra.<header>``."""
    why: str = ""
    """A code of ``vocab/messages.toml`` (``match.<why>``) where the plain reading was not taken."""
    stage: str | None = None
    """The stage whose date a ``stage_date`` column holds, as ``vocab/stages.toml`` names it or in the header's words."""
    filled: float = 1.0
    """Share of the rows that say something, 0-1; a placeholder (-, N/A, Select) says nothing."""
    placeholders: int = 0
    """Rows that hold a placeholder."""
    said: int = 0
    """Cells looked at that say something."""
    distinct: int = 0
    """Different values that say something; in a large sheet as far as the sample tells."""
    samples: tuple[object, ...] = ()
    """A few of the values that say something, as found."""


@dataclass(frozen=True)
class Remembered:
    """What a ``*.roles.toml`` says of the sheets that have its headers."""

    path: Path
    columns: Mapping[str, str]
    """Header (or letter, where a header is empty or stands twice) -> role."""
    headers: tuple[str, ...] = ()
    """All headers of the sheets that are meant; those of ``columns`` where it is empty."""
    outcome: str | None = None
    """Header of the outcome column, where the user has said it."""
    outcome_values: Mapping[str, Outcome] = field(default_factory=dict)


@dataclass(frozen=True)
class Layout:
    """Where the table is on its sheet, and what its columns mean."""

    header_rows: tuple[int, ...]
    """The file's row numbers; empty when the sheet has no header."""
    columns: tuple[ColumnMatch, ...]
    """One per column of the table, in the sheet's order."""
    rows: tuple[int, ...]
    """The file's row numbers that hold a customer."""
    language: str
    """``zh`` or ``en``, from the header and the values."""
    findings: tuple[Finding, ...] = ()
    remembered: Remembered | None = None
    """The file that told the roles, where there is one."""
    doubt: LostDealsError | None = None
    """Why this is hardly a table of customers (``no-header``, ``no-known-column``); it can be looked at, not scored."""
    from_template: bool = False
    """Filled in from our own template, whose lists have a word for every case."""
    own: Mapping[str, str] = field(default_factory=dict)
    """Columns that an earlier run left on the sheet, and that are made anew: key -> letter."""
    own_pages: tuple[str, ...] = ()
    """Sheets that an earlier run added, known by what stands on them."""
    name_parts: tuple[str, str] | None = None
    """Letters of the given and the family name, where the name stands in two columns."""
    dittos: Mapping[str, Mapping[int, object]] = field(default_factory=dict)
    """What cells mean that say 同上, or that an apostrophe marks as text: letter -> row -> the value they mean."""
    groups: Mapping[str, Mapping[int, object]] = field(default_factory=dict)
    """Letter -> row -> the group that a report names on its first row only."""
    read_as: Mapping[str, Mapping[int, object]] = field(default_factory=dict)
    """Letter -> row -> what is read there, though no cell says it: a choice that is ticked, a note that goes on below."""
    colours: Mapping[int, str] = field(default_factory=dict)
    """Row -> what the sheet's legend says of its colour, where no column says who bought."""

    def letter(self, key: str) -> str:
        """The Excel letter of a LEADS column, empty where the column is not the sheet's own."""
        return next((column.letter for column in self.columns if column.key == key), "")

    def header(self, key: str) -> str:
        """The header of a LEADS column as the user wrote it."""
        return next((column.header for column in self.columns if column.key == key), key)

    def keys(self, role: str) -> list[str]:
        """The LEADS columns that hold a role, in the sheet's order."""
        return [column.key for column in self.columns if column.role == role]
