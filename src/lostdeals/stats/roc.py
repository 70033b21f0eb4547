"""How good a ranking and its probabilities are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lostdeals.stats.rates import Z95

Floats = npt.NDArray[np.float64]
SURE = 4.0
"""Standard errors from 0.5 at which an AUC needs no second witness (the project's own choice)."""
FEW, CHANCE = 20, 2.33
"""With fewer won (or lost) rows than this the ranking must also be so many standard errors from what chance alone gives: DeLong's
error is too small there. Of 360 sheets with 7 to 15 won rows and random outcomes 15 had a signal without this, 8 with it."""


@dataclass(frozen=True)
class Quality:
    """What held-out predictions are worth."""

    auc: float
    auc_low: float
    auc_high: float
    """95 % interval after DeLong (1988)."""
    brier: float
    ece: float
    """Expected calibration error over ten groups of equal size."""
    top_decile_lift: float
    gain_z: float
    """Log-loss gained over the base rate, in standard errors."""
    brier_gain: float
    """1 - Brier / Brier of the base rate."""
    ece_floor: float
    """The mean ECE of outcomes drawn from these very probabilities."""
    top_rate: float
    """Won share of the best tenth."""
    base_rate: float
    """Won share of all."""
    fifths: tuple[tuple[int, float, int], ...]
    """Five equal groups by falling probability: n, mean probability, won."""
    rarer: int = FEW
    """Rows of the rarer outcome."""
    chance_z: float = float("inf")
    """The AUC's distance from 0.5 in standard errors of a ranking that knows nothing (Mann and Whitney 1947)."""

    @property
    def signal(self) -> bool:
        """Off a coin toss in ranking and in log-loss (one-sided 5 %), each of which alone gives false alarms.

        A ranking that is sure beyond doubt counts alone where the probabilities are better than the base rate: a few customers
        who surprise everybody cost more log-loss than a small sheet can win back.
        """
        error = (self.auc_high - self.auc_low) / (2 * Z95)
        sure = error > 0 and (self.auc - 0.5) / error > SURE and self.brier_gain > 0
        beyond = self.rarer >= FEW or self.chance_z > CHANCE
        return self.auc_low > 0.5 and beyond and (self.gain_z > 1.64 or sure)

    @property
    def ranks(self) -> bool:
        """Off a coin toss in ranking; a base rate that moved in time may cost log-loss all the same."""
        return self.auc_low > 0.5


def ranks(values: Floats) -> Floats:
    """Ranks from 1, ties sharing their average."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return ((ends - (counts - 1) / 2.0)[inverse]).astype(float)


def auc(truth: npt.NDArray[np.bool_], score: Floats) -> float:
    """Area under the ROC curve; 0.5 where one class is missing.

    >>> auc(np.array([True, False]), np.array([0.2, 0.1]))
    1.0
    """
    won = int(truth.sum())
    lost = len(truth) - won
    if won == 0 or lost == 0:
        return 0.5
    return float((ranks(score)[truth].sum() - won * (won + 1) / 2) / (won * lost))


def quality(truth: npt.NDArray[np.bool_], probability: Floats, base: float) -> Quality:
    """Everything that is reported about held-out predictions; `base` is the rate known at training time."""
    area = auc(truth, probability)
    error = _delong_error(truth, probability)
    clipped = np.clip(probability, 1e-6, 1 - 1e-6)
    base = min(max(base, 1e-6), 1 - 1e-6)
    likelihood = np.where(truth, np.log(clipped), np.log(1 - clipped))
    gain = likelihood - np.where(truth, np.log(base), np.log(1 - base))
    spread = float(gain.std(ddof=1)) if len(gain) > 1 else 0.0
    z = float(gain.mean() / (spread / np.sqrt(len(gain)))) if spread > 0 else 0.0
    order = np.argsort(-probability, kind="stable")
    top = order[: max(1, len(order) // 10)]
    lift = float(truth[top].mean() / truth.mean()) if truth.any() else 0.0
    groups = [group for group in np.array_split(order, 10) if len(group)]
    fifths = [group for group in np.array_split(order, 5) if len(group)]
    won, lost = int(truth.sum()), int((~truth).sum())
    by_chance = ((won + lost + 1) / (12 * won * lost)) ** 0.5 if won and lost else float("inf")
    brier = float(np.mean((probability - truth) ** 2))
    brier_base = float(np.mean((base - truth) ** 2))
    return Quality(
        auc=area,
        auc_low=max(0.0, area - Z95 * error),
        auc_high=min(1.0, area + Z95 * error),
        brier=brier,
        ece=_ece(truth, probability, groups),
        top_decile_lift=lift,
        gain_z=z,
        brier_gain=1 - brier / brier_base if brier_base > 0 else 0.0,
        ece_floor=_ece_floor(probability, groups),
        top_rate=float(truth[top].mean()),
        base_rate=float(truth.mean()),
        fifths=tuple((len(g), float(probability[g].mean()), int(truth[g].sum())) for g in fifths),
        rarer=min(won, lost),
        chance_z=(area - 0.5) / by_chance,
    )


def _ece(truth: npt.NDArray[np.bool_], probability: Floats, groups: list[npt.NDArray[np.intp]]) -> float:
    gaps = [len(group) * abs(float(truth[group].mean()) - float(probability[group].mean())) for group in groups]
    return sum(gaps) / len(truth)


def _ece_floor(probability: Floats, groups: list[npt.NDArray[np.intp]], draws: int = 40) -> float:
    """The ECE that chance alone gives: the same probabilities, outcomes drawn from them (always the same draws)."""
    dice = np.random.default_rng(0)
    return float(
        np.mean([_ece(dice.random(len(probability)) < probability, probability, groups) for _ in range(draws)])
    )


def _delong_error(truth: npt.NDArray[np.bool_], score: Floats) -> float:
    """Standard error of the AUC by DeLong's structural components, through ranks (Sun and Xu 2014)."""
    won, lost = int(truth.sum()), int((~truth).sum())
    if won < 2 or lost < 2:
        return 0.5
    everyone = ranks(score)
    by_won = (everyone[truth] - ranks(score[truth])) / lost
    by_lost = 1 - (everyone[~truth] - ranks(score[~truth])) / won
    return float(np.sqrt(by_won.var(ddof=1) / won + by_lost.var(ddof=1) / lost))
