"""What the user asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from lostdeals.model.layout import Remembered
from lostdeals.model.outcomes import Outcome


@dataclass(frozen=True)
class Rates:
    """Exchange rates the user gives, so that amounts of several currencies can be compared and added."""

    base: str
    """ISO 4217 code of the currency that amounts are turned into."""
    date: date
    """The day the rates are of; shown wherever they were used."""
    per: Mapping[str, float]
    """Currency -> units of the base that one unit of it is worth."""


@dataclass(frozen=True)
class Options:
    """What the user asked for; nothing here is asked of the clock or the machine."""

    today: date
    lang: str | None = None
    """``zh`` or ``en``; None takes the sheet's own language."""
    tz: str | None = None
    """Time zone name that turns zoned times into local dates; None keeps the times as written."""
    sheet: str | None = None
    header_row: int | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    """Header (or column letter) -> role, from ``--map``; every header must be there."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """The same from ``lostdeals.toml``, for all sheets: a header that a sheet does not have is passed over."""
    remembered: tuple[Remembered, ...] = ()
    """The ``*.roles.toml`` files beside the sheet."""
    winsorise: bool = False
    """Bring far-out numbers in to the fence they lie beyond."""
    all_sheets: bool = False
    """Stack the sheets that have the layout of the picked one."""
    joins: tuple[Path, ...] = ()
    """Files whose columns are added by a key that both have."""
    password: str | None = field(default=None, repr=False)
    """Opens an encrypted workbook."""
    outcome: str | None = None
    """Header of the outcome column, where the user names it."""
    outcome_values: Mapping[str, Outcome] = field(default_factory=dict)
    """Value -> outcome, where the user says so; unlisted values keep the vocabulary's reading."""
    card: str | None = None
    """A shipped scorecard's name or the path of one; None takes the default."""
    keep: tuple[str, ...] = ()
    """Headers the leak guard must not leave out."""
    drop: tuple[str, ...] = ()
    """Headers the score must not learn from."""
    settled: Mapping[str, bool] = field(default_factory=dict)
    """Header -> whether to keep it, from ``lostdeals.toml``, for all sheets: a header that a sheet does not have is passed over."""
    missing: str = "own"
    """What a missing number is to a model: ``own`` (a value of its own), ``mean`` or ``median`` (filled, with a mark beside
    it) or ``drop`` (its row teaches nothing)."""
    without_sensitive: bool = False
    """Learn from no gender, age and the like."""
    model: Path | None = None
    """A saved model that scores the sheet; None learns from the sheet itself."""
    keep_model: bool = False
    """Keep what was learned as text in the report."""
    row: int | None = None
    """The file's row whose customer is to be explained."""
    date_order: str | None = None
    """``dmy``, ``mdy`` or ``ymd`` for all-number dates; None learns it from each column."""
    rates: Rates | None = None
    """None never adds amounts of different currencies."""
    previous: Path | None = None
    """The result of an earlier run, whose hand-written cells are carried over."""
    seed: int = 7
