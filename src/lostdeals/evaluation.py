"""How a score was made, how far it can be trusted, and what was left out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import pandas as pd

    from lostdeals.findings import Finding


@dataclass(frozen=True)
class LeftOut:
    """A column the model must not see (or about which the user is asked), with the reason."""

    column: str
    """The header as the user wrote it."""
    why: str
    """A code of ``vocab/messages.toml`` (``leak.<why>``)."""
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class CalibrationGroup:
    """One fifth of the held-out customers, by falling probability."""

    n: int
    expected: float
    """Mean probability, 0-1."""
    won: int


@dataclass(frozen=True)
class Together:
    """Columns that are also looked at together."""

    how: str
    """``sum``, ``ratio`` or ``pair`` (``together.<how>`` in ``vocab/messages.toml``)."""
    columns: tuple[str, ...]
    """Headers."""


@dataclass(frozen=True)
class Repeat:
    """A column that says what another one says already, so that it was not learned from again."""

    column: str
    """Header."""
    first: str
    """Header of the one that was learned from."""


@dataclass(frozen=True)
class Guarded:
    """What the leak guard's decisions do to the quality, by one quick additive model, out of fold."""

    auc_with: float
    """With all columns in, the left-out ones too."""
    auc_without: float


@dataclass(frozen=True)
class SensitiveGroup:
    """How the best fifth of the customers who can be called is spread over one value of a sensitive trait."""

    column: str
    value: str
    n: int
    selected: int
    selected_without: int
    """By the score that does not see sensitive traits."""


@dataclass(frozen=True)
class Sensitive:
    """What the sensitive traits of a sheet do to its score."""

    columns: tuple[str, ...]
    """Headers."""
    used: bool
    auc_with: float
    auc_without: float
    """Out of fold."""
    groups: tuple[SensitiveGroup, ...] = ()
    exact: bool = False
    """By the score itself, learned twice; by a quick additive model otherwise."""


@dataclass(frozen=True)
class Drift:
    """A column whose values are spread otherwise than in the sheet a model was learned from."""

    column: str
    psi: float
    """Population stability index: below 0.1 alike, above 0.25 another population."""


@dataclass(frozen=True)
class Edge:
    """What a changed cut-off of a scorecard would move."""

    grade: str
    at: float
    """The cut-off as it is."""
    on_edge: int
    """Customers within one step below it."""
    moved: int
    """Closed customers whose grade would change with a cut-off one step lower."""
    moved_won: int
    callable: tuple[tuple[int, float], ...] = ()
    """Lead and points (or percent) of the open and lost customers on the edge: open ones first, the nearest first."""


@dataclass(frozen=True)
class ItemCheck:
    """How well one item of a scorecard separates won from lost."""

    item: str
    known: int
    """Closed customers about whom it says something."""
    auc: float | None
    low: float | None
    high: float | None
    mean_won: float | None
    mean_lost: float | None
    twin: str = ""
    """Another item that says nearly the same."""
    twin_correlation: float | None = None


@dataclass(frozen=True)
class CardCheck:
    """A scorecard held against what happened."""

    won: int
    lost: int
    auc: float | None
    low: float | None
    high: float | None
    items: tuple[ItemCheck, ...]
    grades: tuple[tuple[str, int, int], ...]
    """Grade, won, lost."""
    edges: tuple[Edge, ...]
    one_sided: tuple[str, ...] = ()
    """Items known of hardly any won or hardly any lost customers; not counted in the AUC of the whole."""


@dataclass(frozen=True)
class Evaluation:
    """How the score was made and how far it can be trusted."""

    method: Literal["learned", "scorecard"]
    why: str
    """A code of ``vocab/messages.toml`` (``scoring.<why>``)."""
    values: Mapping[str, object] = field(default_factory=dict)
    validation: Literal["grouped 5-fold", "time split", "none"] = "none"
    auc: float | None = None
    """Area under the ROC curve, out of fold (or on the newest rows)."""
    auc_low: float | None = None
    auc_high: float | None = None
    """95 % interval after DeLong (1988)."""
    brier: float | None = None
    ece: float | None = None
    """Expected calibration error over ten equal groups."""
    top_decile_lift: float | None = None
    """Win rate of the best-scored tenth over the average."""
    leaky_columns: tuple[LeftOut, ...] = ()
    used_columns: tuple[str, ...] = ()
    """Headers as the user wrote them."""
    repeats: tuple[Repeat, ...] = ()
    """Columns that repeat one of them."""
    together: tuple[Together, ...] = ()
    """Which of them are also looked at together."""
    doubts: tuple[Finding, ...] = ()
    """Why the score may be too good to be true."""
    questions: tuple[LeftOut, ...] = ()
    """Columns that may have been filled in because of the outcome, and about which only the user knows; their values say what
    one quick model's AUC is with them (``now``), without this one (``without``) and without all of them (``all_out``)."""
    guarded: Guarded | None = None
    brier_gain: float | None = None
    """Share of the base rate's Brier score that the model takes away; below 0 it is worse than the base rate."""
    ece_floor: float | None = None
    """What a perfectly calibrated model would show on so many rows."""
    top_rate: float | None = None
    """Win rate of the best-scored tenth."""
    base_rate: float | None = None
    """Win rate of all rows it was tested on."""
    tested: int = 0
    """Rows it was tested on."""
    calibration: tuple[CalibrationGroup, ...] = ()
    folds_auc: float | None = None
    """AUC over five folds, beside a time split."""
    untimed: str = ""
    """Why nothing was tested in time: ``no-dates`` or ``few`` (won or lost among the newest or the older); else empty."""
    step: str = ""
    """The ladder's step: ``linear``, ``blend`` or ``stack``."""
    rarer: int = 0
    """Customers of the rarer outcome."""
    twins: int = 0
    """Closed rows that repeat another one with slightly other numbers and therefore share its fold, beyond marked duplicates."""
    next_step: int = 0
    """How many more of them the next step needs; 0 on the last."""
    recentred: float | None = None
    """Win rate of the last period, where the probabilities were moved to it."""
    sensitive: Sensitive | None = None
    drift: tuple[Drift, ...] = ()
    card_check: CardCheck | None = None


@dataclass(frozen=True)
class Alike:
    """A closed customer who is like the one that is explained."""

    lead: int
    outcome: str
    likeness: float
    """0-1: the share of what the score goes by that the two have in common."""
    shared: tuple[str, ...]
    """Headers in which they agree, the weightiest first."""


@dataclass(frozen=True)
class ScoreExtras:
    """What scoring finds out beyond the scores, for the pages of the workbook and ``explain``."""

    asks: pd.DataFrame
    """lead, column (header), gain (points of the score that knowing it may move, most first), best (points it may add)."""
    similar: tuple[Alike, ...] = ()
    """Won and lost customers like the one that ``options.row`` names."""
    card: Mapping[str, Any] = field(default_factory=dict)
    """The scorecard sheet: ``items`` (label, most, points per row), ``maximum``, ``unit``, ``cutoffs``, ``grades``, ``notes``."""
