"""What flows between the stages: frozen records that carry their evidence with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from lostdeals.evaluation import Evaluation as Evaluation
from lostdeals.evaluation import LeftOut as LeftOut
from lostdeals.evaluation import ScoreExtras
from lostdeals.findings import Finding as Finding
from lostdeals.funnels import Funnel as Funnel
from lostdeals.funnels import Segment as Segment
from lostdeals.funnels import Step as Step

if TYPE_CHECKING:
    import pandas as pd

    from lostdeals.errors import LostDealsError

How = Literal["user", "alias", "fuzzy", "values", "model", "none"]
Outcome = Literal["won", "lost", "open", "invalid"]
OUTCOMES: tuple[Outcome, ...] = ("won", "lost", "open", "invalid")


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
    """What cells mean that say 同上: letter -> row -> the value of the cell they mean."""
    groups: Mapping[str, Mapping[int, object]] = field(default_factory=dict)
    """Letter -> row -> the group that a report names on its first row only."""
    read_as: Mapping[str, Mapping[int, object]] = field(default_factory=dict)
    """Letter -> row -> what is read there, though no cell says it: a choice that is ticked, a note that goes on below."""

    def letter(self, key: str) -> str:
        """The Excel letter of a LEADS column, empty where the column is not the sheet's own."""
        return next((column.letter for column in self.columns if column.key == key), "")

    def header(self, key: str) -> str:
        """The header of a LEADS column as the user wrote it."""
        return next((column.header for column in self.columns if column.key == key), key)

    def keys(self, role: str) -> list[str]:
        """The LEADS columns that hold a role, in the sheet's order."""
        return [column.key for column in self.columns if column.role == role]


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


@dataclass(frozen=True)
class OutcomeReading:
    """Which column says who bought, and how its values were read."""

    key: str | None
    """The LEADS column; None where the sheet has no outcome."""
    header: str | None
    """As the user wrote it."""
    values: Mapping[str, Outcome]
    """Each distinct value and its reading."""
    unread: tuple[str, ...] = ()
    """Values that no word of the vocabulary covers; their rows count as open."""
    inverted: bool = False
    """The column says who was lost (是否流失, Churn), so yes means lost."""
    dated: bool = False
    """No column says who bought; this one is the day of a sale, and only customers have one."""
    guessed: tuple[str, ...] = ()
    """Values that count as lost or invalid only by how they begin or end."""

    @property
    def statuses(self) -> str | None:
        """The column where its values name statuses."""
        return None if self.dated else self.key


@dataclass(frozen=True)
class OwnStage:
    """One of the sheet's own stages."""

    value: str
    """As it is written."""
    stage: str | None
    """The canonical one, None where no word tells."""
    outcome: str | None
    """``won``, ``lost`` or ``invalid`` where it is no stage but an end; ``parked`` where it waits; None on the way."""
    n: int


@dataclass(frozen=True)
class Inspected:
    """One sheet as it is understood."""

    sheet: Sheet
    layout: Layout | LostDealsError
    """The layout, or why there is none."""
    outcome: OutcomeReading | None = None
    """Who bought, by which column; None where there is no layout."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """Value of the outcome column -> rows."""
    stages: tuple[OwnStage, ...] = ()
    """The sheet's own stages in the order that was found."""
    stages_by: str = ""
    """What told that order: ``numbers``, ``probabilities``, ``ladder``, ``dates`` or ``vocabulary``."""
    picked: bool = False
    """The sheet that the other commands read."""


@dataclass(frozen=True)
class Analysis:
    """Small tables about the whole sheet; n beside every rate."""

    counts: Mapping[str, Mapping[str, int]]
    """Dimension -> category -> customers, `unknown` included."""
    funnel: Funnel | None
    sources: pd.DataFrame
    """source, n, won, lost, open, rate (won of closed)."""
    reasons: pd.DataFrame
    """reason, n, share, amount (``amount.USD`` … where there are several currencies and no rates), read_from_text; of the customers who were lost or are still open with a reason."""
    months: pd.DataFrame
    """month, n, won, lost: customers by the month they came in; empty where no date says so."""


@dataclass(frozen=True)
class Report:
    """Everything a writer needs; writers decide nothing about the data."""

    source: Path
    sheets: tuple[Sheet, ...]
    sheet: Sheet
    layout: Layout
    lang: str
    today: date
    leads: pd.DataFrame
    """LEADS, scored (``schema.SCORED``)."""
    changes: pd.DataFrame
    """CHANGES (``schema.CHANGES``)."""
    points: pd.DataFrame
    """POINTS (``schema.POINTS``)."""
    plan: pd.DataFrame
    """PLAN (``schema.PLAN``)."""
    outcome: OutcomeReading
    evaluation: Evaluation
    card: str
    """Label of the scorecard in force."""
    analysis: Analysis
    findings: tuple[Finding, ...]
    seconds: Mapping[str, float]
    follow_ups: pd.DataFrame | None = None
    """What somebody wrote on the plan of an earlier run (``schema.FOLLOW_UPS``)."""
    quality: Quality | None = None
    """How good the sheet's data is."""
    extras: ScoreExtras | None = None
    """What scoring found out beyond the scores."""
    model_text: str | None = None
    """The learned model as its file says it, where it was asked for."""


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
