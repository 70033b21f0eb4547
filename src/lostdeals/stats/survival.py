"""How long until something happens, when some have been watched for less time than others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lostdeals.stats.rates import Z95

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Curve:
    """A Kaplan-Meier estimate, at the times when something happened."""

    times: Floats
    survival: Floats
    """Share to whom it has not happened by then."""
    low: Floats
    high: Floats
    """95 % interval on the log-log scale."""
    at_risk: npt.NDArray[np.int64]

    def happened(self, time: float) -> tuple[float, float, float]:
        """Share to whom it has happened by a time, and its interval."""
        place = int(np.searchsorted(self.times, time, side="right")) - 1
        if place < 0:
            return 0.0, 0.0, 0.0
        return 1 - float(self.survival[place]), 1 - float(self.high[place]), 1 - float(self.low[place])


def kaplan_meier(time: Floats, happened: Bools) -> Curve:
    """The product-limit estimate (Kaplan and Meier 1958), variance after Greenwood, interval of log(-log S).

    time: days until it happened, or until the watching ended. Of equal times, what happened counts before what ended.

    >>> curve = kaplan_meier(np.array([1.0, 2.0, 2.0, 3.0]), np.array([True, True, False, False]))
    >>> curve.times.tolist(), curve.survival.tolist(), curve.at_risk.tolist()
    ([1.0, 2.0], [0.75, 0.5], [4, 3])
    """
    order = np.argsort(time, kind="stable")
    time, happened = time[order], happened[order]
    times, first = np.unique(time, return_index=True)
    events = np.add.reduceat(happened.astype(np.int64), first) if len(time) else np.zeros(0, dtype=np.int64)
    at_risk = len(time) - first
    some = events > 0
    times, events, at_risk = times[some], events[some], at_risk[some]
    survival = np.cumprod(1 - events / at_risk)
    with np.errstate(divide="ignore", invalid="ignore"):
        greenwood = np.cumsum(events / (at_risk * (at_risk - events)))
        spread = np.sqrt(greenwood) / np.abs(np.log(survival))
        low, high = survival ** np.exp(Z95 * spread), survival ** np.exp(-Z95 * spread)
    nobody = survival <= 0
    low, high = np.where(nobody, 0.0, low), np.where(nobody, 0.0, high)
    return Curve(times, np.array(survival, dtype=np.float64), low, high, at_risk.astype(np.int64))
