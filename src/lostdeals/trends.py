"""What is found beside a funnel: cohorts, comparisons, channels and forecasts; frozen records with their evidence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from lostdeals.findings import Finding
from lostdeals.funnels import Funnel, Input, Interval


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
    alike: float | None = None
    """p that the ranked periods differ by chance alone; None with fewer than two."""
    drift: float | None = None
    """p that the ranked periods rise or fall by chance alone (Cochran-Armitage); None with fewer than three."""
    falling: bool = False
    """They fall; else they rise."""
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
    next: str = ""
    """What to ask next: ``--by source``, ``--over month``, ``forecast``; empty where nothing comes to mind."""


FORECAST = "forecast"


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
    lost: int = 0
    """Lost customers whose days are known."""
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
