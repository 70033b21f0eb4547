"""Split the difference of two rates into mix (who there was) and rate (how each group did)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]

DRAWS = 2000
"""Resamples behind an interval."""


@dataclass(frozen=True)
class Split:
    """The parts of a difference after - before."""

    mix: Floats
    """Per group."""
    rate: Floats
    mix_ci: tuple[float, float]
    """95 % interval of the sum, by drawing both samples anew."""
    rate_ci: tuple[float, float]


def shift_share(n0: Counts, won0: Counts, n1: Counts, won1: Counts, seed: int = 7) -> Split:
    """The two parts per group; all of them together are the difference of the two overall rates, to the last digit.

    mix = (share1 - share0) × (rate0 + rate1) / 2 - that of the average customer, rate = (rate1 - rate0) × (share0 + share1) / 2
    (Kitagawa 1955, "Components of a difference between two rates"). A group that only one side has brings no rate to compare:
    all of it is mix.

    >>> split = shift_share(np.array([80, 20]), np.array([8, 10]), np.array([20, 80]), np.array([1, 32]))
    >>> [round(float(part), 4) for part in (split.mix.sum(), split.rate.sum(), 33 / 100 - 18 / 100)]
    [0.225, -0.075, 0.15]
    """
    mix, rate = _parts(*(part.astype(float)[None, :] for part in (n0, won0, n1, won1)))
    generator = np.random.default_rng(seed)
    drawn = [_drawn(generator, n, won) for n, won in ((n0, won0), (n1, won1))]
    many_mix, many_rate = _parts(*drawn[0], *drawn[1])
    return Split(mix[0], rate[0], _middle(many_mix.sum(axis=1)), _middle(many_rate.sum(axis=1)))


def _parts(n0: Floats, won0: Floats, n1: Floats, won1: Floats) -> tuple[Floats, Floats]:
    """Rows are samples, columns groups."""
    share0, share1 = (n / np.maximum(n.sum(axis=1, keepdims=True), 1) for n in (n0, n1))
    rate0 = np.divide(won0, n0, out=np.zeros_like(won0), where=n0 > 0)
    rate1 = np.divide(won1, n1, out=np.zeros_like(won1), where=n1 > 0)
    rate0, rate1 = np.where(n0 > 0, rate0, rate1), np.where(n1 > 0, rate1, rate0)
    overall = (
        (won0.sum(axis=1) / np.maximum(n0.sum(axis=1), 1)) + (won1.sum(axis=1) / np.maximum(n1.sum(axis=1), 1))
    ) / 2
    mix = (share1 - share0) * ((rate0 + rate1) / 2 - overall[:, None])  # shares add up to one, so the sum is the same
    return mix, (rate1 - rate0) * (share0 + share1) / 2


def _drawn(generator: np.random.Generator, n: Counts, won: Counts) -> tuple[Floats, Floats]:
    total = max(int(n.sum()), 1)
    sizes = generator.multinomial(total, n / max(n.sum(), 1), size=DRAWS)
    rates = np.divide(won, n, out=np.zeros(len(n)), where=n > 0)
    return sizes.astype(float), generator.binomial(sizes, np.clip(rates, 0, 1)).astype(float)


def _middle(sums: Floats) -> tuple[float, float]:
    low, high = np.quantile(sums, [0.025, 0.975])
    return float(low), float(high)
