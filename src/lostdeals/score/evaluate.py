"""Test a model honestly: out of fold, on the newest rows where there are dates, and say whether there is any signal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from lostdeals.evaluation import CalibrationGroup
from lostdeals.score.models.additive import fit_binned
from lostdeals.score.models.ladder import Climbed, climb
from lostdeals.score.models.stack import log_loss, offset_to, sigmoid
from lostdeals.stats.coding import Coder, Floats, coded
from lostdeals.stats.folds import TOLD, grouped_folds, old_and_new
from lostdeals.stats.roc import Quality, quality

Truth = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Dates = npt.NDArray[np.datetime64]
TIME_TEST = 0.3
"""The newest share of the closed rows that a time split tests on."""
TIME_TEST_EACH = 15
"""A time split needs this many won and lost rows on each side."""
LAST_PERIOD, LAST_ROWS = 0.15, 60
"""The newest share of the closed rows (at least so many of them) whose win rate is held against the rest."""
MONTH_ROWS, COVERED = 20, 0.9
"""Closed rows that tell of a month; the share of rows to be scored whose months must be told of."""
MOVED = 3.0
"""Standard errors by which that rate must have moved (chance alone: 3 in 1,000)."""
Validation = Literal["grouped 5-fold", "time split", "none"]


@dataclass(frozen=True)
class Tested:
    """How good a kind of model is on rows it has not seen."""

    quality: Quality
    validation: Validation
    folds: Quality
    """Over five folds, whatever the validation is."""
    signal: bool
    untimed: str = ""
    """Why there was no time split: ``no-dates``, or ``few`` won or lost on one side of it."""


def tested(
    frame: pd.DataFrame,
    won: Truth,
    groups: Ints,
    dates: Dates,
    climbed: Climbed,
    seed: int,
    headers: Mapping[str, str],
) -> Tested:
    """Hold out-of-fold predictions, and the newest rows, against what happened.

    There is a signal where the AUC's 95 % interval is above 0.5 and the log-loss gained over the base rate has z > 1.64:
    over the folds and, where there is a time split, there as well, because folds are fooled by what changes with time.
    """
    folds = quality(won, sigmoid(climbed.held_out), float(won.mean()))
    split = old_and_new(dates, won, groups, TIME_TEST, TIME_TEST_EACH)
    if split is None:
        untimed = "few" if (~np.isnat(dates)).mean() >= TOLD else "no-dates"
        return Tested(folds, "grouped 5-fold", folds, folds.signal, untimed)
    old, new = split
    before = climb(frame.iloc[old], won[old], groups[old], seed, folds=3, headers=headers)
    later = quality(won[new], before.model.predict(frame.iloc[new]), float(won[old].mean()))
    return Tested(later, "time split", folds, folds.signal and later.ranks)


def recentring(climbed: Climbed, won: Truth, dates: Dates, open_dates: Dates) -> tuple[float, float] | None:
    """Log-odds to add so that the model fits the last period's win rate, and that rate; None where it has not moved.

    A period of which more customers are still open than closed says nothing yet: the quick ones close first.
    """
    known = np.flatnonzero(~np.isnat(dates))
    if len(known) < 4 * LAST_ROWS or len(known) < 0.8 * len(dates):
        return None
    count = max(LAST_ROWS, int(len(known) * LAST_PERIOD))
    start = np.sort(dates[known])[-count]
    last = known[dates[known] >= start]
    rest = known[dates[known] < start]
    if len(rest) < LAST_ROWS or int((open_dates >= start).sum()) > len(last):
        return None
    expected = sigmoid(climbed.held_out[last])
    rate, spread = float(won[last].mean()), float(np.sqrt((expected * (1 - expected)).sum())) / len(last)
    if spread == 0 or abs(rate - float(expected.mean())) < MOVED * spread:
        return None
    bounded = min(max(rate, 1 / len(last)), 1 - 1 / len(last))
    return offset_to(bounded, climbed.held_out[last]), rate


def quality_fields(checked: Tested) -> dict[str, Any]:
    """What of a test goes into an Evaluation."""
    best = checked.quality
    return {
        "validation": checked.validation,
        "auc": best.auc,
        "auc_low": best.auc_low,
        "auc_high": best.auc_high,
        "brier": best.brier,
        "ece": best.ece,
        "top_decile_lift": best.top_decile_lift,
        "brier_gain": best.brier_gain,
        "ece_floor": best.ece_floor,
        "top_rate": best.top_rate,
        "base_rate": best.base_rate,
        "tested": sum(n for n, _, _ in best.fifths),
        "calibration": tuple(CalibrationGroup(n, expected, wins) for n, expected, wins in best.fifths),
        "folds_auc": checked.folds.auc if checked.validation == "time split" else None,
        "untimed": checked.untimed,
    }


def next_step(rarer: int, steps: Mapping[str, int]) -> int:
    """How many more customers of the rarer outcome the next step of the ladder needs; 0 on the last.

    >>> next_step(14, {"linear": 6, "blend": 20, "stack": 80}), next_step(90, {"linear": 6, "stack": 80})
    (6, 0)
    """
    return next((need - rarer for need in sorted(steps.values()) if need > rarer), 0)


def dates_help(
    frame: pd.DataFrame, dated: tuple[str, ...], won: Truth, groups: Ints, dates: Dates, to_score: Dates, seed: int
) -> bool:
    """Whether month and weekday of entry lower the loss on rows such as those to be scored.

    Where nearly all of these came in during months that closed rows tell of, random folds say so; else the newest rows do,
    because a month that has not been seen teaches nothing and may mislead. Without either test the two are left out.
    """
    others = [name for name in frame if name not in dated]
    if not dated or not others:
        return False
    if _covered(dates, to_score):
        fold = grouped_folds(won, groups, 2, seed)
        splits = [
            (np.flatnonzero(fold == 0), np.flatnonzero(fold == 1)),
            (np.flatnonzero(fold == 1), np.flatnonzero(fold == 0)),
        ]
    else:
        split = old_and_new(dates, won, groups, TIME_TEST, TIME_TEST_EACH)
        splits = [] if split is None else [split]
    gain = 0.0
    for learn, test in splits:
        losses = []
        for columns in (list(frame), others):
            codes = Coder(bins=6, smallest=10).fit(frame[columns].iloc[learn]).columns_
            model = fit_binned(coded(codes, frame.iloc[learn]), won[learn], [column.size for column in codes], 0.1)
            losses.append(log_loss(won[test], model.logit(coded(codes, frame.iloc[test]))))
        gain += losses[1] - losses[0]
    return gain > 0


def _covered(dates: Dates, to_score: Dates) -> bool:
    """Nearly all rows to be scored came in during a month of which closed rows tell."""
    known = pd.Series(to_score).dropna().dt.to_period("M")
    months = pd.Series(dates).dropna().dt.to_period("M").value_counts()
    told = months.index[months >= MONTH_ROWS]
    return len(known) > 0 and float(known.isin(told).mean()) >= COVERED


def base_logit(rate: float) -> float:
    """Log-odds of a rate, kept finite."""
    bounded = min(max(rate, 1e-6), 1 - 1e-6)
    return float(np.log(bounded / (1 - bounded)))


def as_dates(dates: pd.Series[Any]) -> Dates:
    """Days as numpy has them, NaT where unknown."""
    return dates.to_numpy(dtype="datetime64[ns]")


__all__ = [
    "Floats",
    "Tested",
    "as_dates",
    "base_logit",
    "dates_help",
    "next_step",
    "quality_fields",
    "recentring",
    "tested",
]
