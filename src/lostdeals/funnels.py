"""What is found about funnels: steps, groups, times, and who sits where; frozen records with their evidence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from lostdeals.findings import Finding

Semantics = Literal["reached-at-least", "history", "counts"]
Input = Literal["current-stage", "dated-stages", "stage-log", "events", "counts"]
Order = Literal["reached", "ordered", "any", "strict"]
Interval = tuple[float, float]


@dataclass(frozen=True)
class Asked:
    """What the user wants to know of a funnel."""

    by: tuple[str, ...] = ()
    """Dimensions to split by, one or two."""
    baseline: str | None = None
    """The value that the others are tested against; None tests each against all others."""
    bins: tuple[float, ...] = ()
    """Edges for a dimension of numbers."""
    funnel: str | None = None
    """A named funnel, ``own``, or the path of a TOML file with one."""
    steps: tuple[str, ...] = ()
    """Steps in the user's order; alternatives within one are parted by ``|``."""
    order: Order | None = None
    window_days: float | None = None
    """Days within which a step (or all of them) must follow."""
    per_step: bool = False
    """The window is from each step to the next, not from the first."""
    tables: tuple[Path, ...] = ()
    """Further tables of events, or of the people, joined by user."""
    over: str | None = None
    """``day``, ``week``, ``month`` or ``quarter``: cohorts by the time they came in."""
    since: date | None = None
    """Compare those who came in before this day with those from it on."""
    between: tuple[str, str, str] | None = None
    """Compare two values of a dimension: its name, the one, the other."""


@dataclass(frozen=True)
class Times:
    """How long something took."""

    n: int
    """Customers it was measured on."""
    median: float
    """Days."""
    p75: float
    p90: float


@dataclass(frozen=True)
class Step:
    """One step of a funnel."""

    key: str
    n: int
    from_first: float | None
    from_previous: float | None
    low: int | None = None
    high: int | None = None
    """The band of what n could be, where lost rows do not say how far they came."""
    ci_first: Interval | None = None
    ci_previous: Interval | None = None
    """95 % Wilson intervals of the two rates."""
    entered: int | None = None
    """Those with an own record of this step; the others of n went past it. None where nothing tells."""
    took: Times | None = None
    """From the step before to this one."""

    @property
    def hidden(self) -> int:
        """Lost customers who may have come this far and do not say so."""
        return (self.high or self.n) - self.n


@dataclass(frozen=True)
class StepTest:
    """A group's rate at one step against the others'."""

    p: float | None
    """Fisher's exact test."""
    q: float | None
    """p after Benjamini-Hochberg over all groups and steps that are large enough."""


@dataclass(frozen=True)
class Segment:
    """One value of the dimension a funnel is split by."""

    value: str
    steps: tuple[Step, ...]
    final_rate: float | None
    ci: Interval | None
    """95 % Wilson interval of the final rate."""
    p: float | None
    """Fisher's exact test against all others, or the baseline."""
    q: float | None
    """p after Benjamini-Hochberg."""
    enough: bool
    """At least the vocabulary's smallest group."""
    values: tuple[str, ...] = ()
    """One per dimension where there are two."""
    tests: tuple[StepTest, ...] = ()
    """One per step: its rate from the step before against the others'."""
    rank: int | None = None
    """By final rate among the groups that are large enough; equal rates share one."""


@dataclass(frozen=True)
class Dropped:
    """Customers who were lost at a step."""

    step: str
    n: int
    took: Times | None
    """From entering the step to being lost, where both are dated."""


@dataclass(frozen=True)
class Ageing:
    """Open customers at a step, against those who have moved on from it."""

    step: str
    n: int
    median: float
    """Days they have been there, up to the day the sheet is of."""
    moved: int
    """Customers who have moved on, and whose days are known."""
    limit: float | None
    """Nine in ten of those who moved on did so within these days; None where they are too few."""
    stuck: tuple[tuple[str, int, float], ...] = ()
    """Customers who have sat longer: what they are called, the file's row, days; the longest first."""


@dataclass(frozen=True)
class Funnel:
    """Where customers are lost."""

    name: str
    semantics: Semantics
    steps: tuple[Step, ...]
    by: str | None = None
    segments: tuple[Segment, ...] = ()
    notes: tuple[Finding, ...] = ()
    input: Input = "current-stage"
    """What the funnel was counted from."""
    order: Order = "reached"
    """``reached``: a later step implies those before it."""
    window_days: float | None = None
    per_step: bool = False
    baseline: str | None = None
    as_of: date | None = None
    """The last day that the sheet tells of; ages are counted up to it."""
    skipped: int | None = None
    """Customers who went past a step without a record of it; None where nothing tells."""
    backward: int | None = None
    """Customers who went back to an earlier step."""
    dropped: tuple[Dropped, ...] = ()
    ageing: tuple[Ageing, ...] = ()
    unplaced: tuple[str, ...] = ()
    """Wordings of the sheet that belong to no step, the commonest first."""
    called: str = ""
    """The role of the column that customers are called by, which decides how they are masked."""

    @property
    def largest_loss(self) -> tuple[Step, int] | None:
        """The step before which most customers are lost, and how many, among those whose way is known.

        None for a funnel of one step, and where more lost customers hide how far they came than tell it.
        """
        losses = [(step, before - after) for step, before, after in self._known_pairs()]
        return max(losses, key=lambda pair: pair[1], default=None)

    @property
    def lowest_rate(self) -> tuple[Step, float] | None:
        """The step with the lowest rate from the one before, and the rate; None as for the largest loss."""
        rates = [(step, after / before) for step, before, after in self._known_pairs() if before > after]
        return min(rates, key=lambda pair: pair[1], default=None)

    def _known_pairs(self) -> list[tuple[Step, int, int]]:
        """Each step with the count before it and its own, without the customers who open the band."""
        if len(self.steps) < 2:
            return []
        second = self.steps[1]
        counts = [self.steps[0].n - second.hidden, *(step.n for step in self.steps[1:])]
        if second.hidden > counts[0] - counts[-1]:
            return []
        return list(zip(self.steps[1:], counts, counts[1:], strict=False))
