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
        hidden = (second.high or second.n) - second.n
        counts = [self.steps[0].n - hidden, *(step.n for step in self.steps[1:])]
        if hidden > counts[0] - counts[-1]:
            return []
        return list(zip(self.steps[1:], counts, counts[1:], strict=False))


@dataclass(frozen=True)
class MixPart:
    """What one group adds to a difference of two rates."""

    value: str
    n_before: int
    n_after: int
    rate_before: float | None
    rate_after: float | None
    mix: float
    """By being a larger or smaller share of the customers; points of the whole's rate, 0-1."""
    rate: float
    """By converting better or worse itself."""


@dataclass(frozen=True)
class Mix:
    """A difference of two rates, split into who the customers were and how well each group converted."""

    by: str
    difference: float
    """After - before."""
    mix: float
    rate: float
    mix_ci: Interval
    rate_ci: Interval
    """95 % intervals by resampling."""
    parts: tuple[MixPart, ...]
    """The largest effect first."""
    simpson: bool
    """The whole moved one way although no group that both have did: mix alone made it."""


@dataclass(frozen=True)
class Change:
    """One step's rate in two funnels."""

    step: str
    n_before: int
    n_after: int
    before: float | None
    after: float | None
    """Rates from the step before; of the first step None."""
    difference: float | None
    ci: Interval | None
    """95 % interval after Newcombe (1998)."""
    p: float | None
    q: float | None


@dataclass(frozen=True)
class Comparison:
    """Two funnels of the same steps side by side: two files, or before and after a day."""

    before: Funnel
    after: Funnel
    names: tuple[str, str]
    changes: tuple[Change, ...]
    final: Change
    """Of the last step from the first."""
    mix: Mix | None = None
    within_days: float | None = None
    """Both were only followed for so long after they came in, so that the younger ones are not at a disadvantage."""
    notes: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Cohort:
    """Customers who came in during one period."""

    period: str
    n: int
    won: int
    """Up to the last day that the sheet tells of."""
    rate: float | None
    ci: Interval | None
    young: bool
    """Its members have not had the time that nine in ten of those who won needed."""
    estimate: float | None
    """Share won within the horizon by Kaplan-Meier, which counts the young ones only as long as they were watched."""
    estimate_ci: Interval | None
    watched: float | None
    """Days that its youngest member has been watched."""
    rank: int | None
    """By rate among the cohorts that are neither young nor small; equal rates share one."""
    by_age: tuple[float | None, ...]
    """Share won within 0, 1, 2 … periods after coming in; None where not everybody has been watched so long."""
    usual: Interval | None = None
    """Where the rate was to be expected by the periods before; None with too little history."""
    odd: bool = False
    """Its rate lies outside of that."""
    usual_n: Interval | None = None
    odd_n: bool = False
    """The same for the number of customers who came in."""


@dataclass(frozen=True)
class Trend:
    """Cohorts over time, with what is unusual against the own history."""

    over: str
    horizon: float | None
    """Days within which nine in ten of those who won had won; None without times."""
    cohorts: tuple[Cohort, ...]
    curve: tuple[tuple[float, float, float, float], ...]
    """Days after coming in, share won by then (Kaplan-Meier), its 95 % interval; of everybody."""
    false_alarm: float
    """Chance that a series in which nothing changed has any mark at all."""
    tested: int
    """Periods that had enough history to be judged."""
    notes: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Channel:
    """What one source or campaign brought, and what it cost."""

    value: str
    n: int
    won: int
    lost: int
    open: int
    rate: float | None
    """Won of all who came."""
    ci: Interval | None
    q: float | None
    """Against all other channels, corrected for many comparisons; None where too few came."""
    closed_rate: float | None
    """Won of those that are closed."""
    worth: float | None
    """Amounts of the won, added; None where they are not known."""
    cost: float | None
    """None where nothing says it."""
    per_lead: float | None
    per_win: float | None
    per_win_ci: tuple[float, float | None] | None
    """95 % interval of the cost per win, from that of the rate; no upper end where none may have been won."""
    returned: float | None
    """Worth over cost."""
    enough: bool


@dataclass(frozen=True)
class Channels:
    """All channels, the largest first."""

    by: str
    """``source`` or ``campaign``."""
    rows: tuple[Channel, ...]
    cost_from: Literal["sheet", "spend", "none"]
    period: tuple[date, date] | None = None
    """Days that both the customers and the spend cover; only they count."""
    notes: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class FunnelReport:
    """Everything that ``funnel`` found."""

    funnel: Funnel
    lang: str
    trend: Trend | None = None
    comparison: Comparison | None = None
    channels: Channels | None = None


@dataclass(frozen=True)
class StageForecast:
    """What is expected of the open customers at one step."""

    step: str
    n: int
    expected: float
    """Won within the horizon."""
    rate_ever: float | None
    """Of the closed customers who had come to this step, the share won, whenever; None where the lost do not say it."""
    closed: int
    """Customers that this rate was counted on."""
    amount: float | None
    """Expected worth within the horizon."""


@dataclass(frozen=True)
class Backtest:
    """The forecast as it would have been made on an earlier day, against what then happened."""

    day: date
    expected: float
    low: float
    high: float
    actual: int
    naive: int
    """Won in the window before, which is what one would have said without any method."""


@dataclass(frozen=True)
class Velocity:
    """Worth that the open customers bring per day: n × value × win rate ÷ days (the seeds' sales velocity)."""

    n: int
    value: float | None
    """Mean worth of a won customer; None where it is not known."""
    win_rate: float
    days: float
    """Mean days from coming in to winning."""
    per_day: float | None
    wins_per_day: float


@dataclass(frozen=True)
class Forecast:
    """Customers expected to be won within a horizon."""

    horizon_days: int
    as_of: date | None
    """The last day the sheet tells of; the horizon begins there."""
    verdict: str
    """``forecast.verdict.<code>`` of the messages."""
    expected: float | None = None
    low: float | None = None
    high: float | None = None
    """90 % interval by bootstrap, widened where the past windows fell outside of it more often."""
    from_open: float | None = None
    """Of these, from customers who are open now; the others have yet to come in."""
    from_new: float | None = None
    expected_amount: float | None = None
    amount_low: float | None = None
    amount_high: float | None = None
    amount_from: Literal["own", "mean", "none"] = "none"
    """Worth of the open customers: their own, or the mean of the won where they say none."""
    stage_weighted: float | None = None
    """Open customers × the share ever won of their step, whenever that is; None where that is not known."""
    by_stage: tuple[StageForecast, ...] = ()
    velocity: Velocity | None = None
    backtest: tuple[Backtest, ...] = ()
    error: float | None = None
    """Mean absolute miss of the past windows over their mean."""
    naive_error: float | None = None
    covered: int = 0
    """Past windows that lay in their interval."""
    widened: float = 1.0
    """Factor by which the past's misses have widened the interval."""
    notes: tuple[Finding, ...] = ()
    input: Input = "current-stage"
