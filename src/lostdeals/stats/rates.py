"""Rates with their intervals, and tests between groups."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

Z95 = 1.959963984540054


def wilson(successes: int, n: int) -> tuple[float, float] | None:
    """95 % interval of a rate after Wilson (1927); None for an empty group.

    >>> wilson(0, 0)
    >>> [round(bound, 3) for bound in wilson(8, 10)]
    [0.49, 0.943]
    """
    if n == 0:
        return None
    rate = successes / n
    middle = rate + Z95**2 / (2 * n)
    half = Z95 * math.sqrt(rate * (1 - rate) / n + Z95**2 / (4 * n**2))
    scale = 1 + Z95**2 / n
    return max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale)


def fisher(won: int, n: int, won_elsewhere: int, n_elsewhere: int) -> float | None:
    """Two-sided p of Fisher's exact test between a group and the rest; None where either is empty.

    All tables of the same margins that are no likelier than the one seen (to a part in ten million, as R does it).

    >>> round(fisher(8, 10, 1, 6) or 0, 4)
    0.035
    """
    if n == 0 or n_elsewhere == 0:
        return None
    import numpy as np
    from scipy.special import gammaln

    total, wins = n + n_elsewhere, won + won_elsewhere
    low, high = max(0, wins - n_elsewhere), min(n, wins)
    mean = n * wins / total
    spread = math.sqrt(mean * (1 - wins / total) * n_elsewhere / max(total - 1, 1)) + 1
    far = max(abs(won - mean), 40 * spread) + 1  # what lies further out is nothing beside the table seen
    k = np.arange(max(low, math.floor(mean - far)), min(high, math.ceil(mean + far)) + 1)
    logs = -(gammaln(k + 1) + gammaln(n - k + 1) + gammaln(wins - k + 1) + gammaln(n_elsewhere - wins + k + 1))
    seen = logs[won - k[0]]
    weights = np.exp(logs - logs.max())
    return min(1.0, float(weights[logs <= seen + 1e-7].sum() / weights.sum()))


def unlike(won: Sequence[int], n: Sequence[int], draws: int = 4999, seed: int = 7) -> float | None:
    """The p that groups of one and the same rate differ as much as these do; None for fewer than two, or all or none won.

    Pearson's chi-square over all ways to spread the wins over the groups (drawn, so that small groups do no harm); the p of
    a draw counts the sheet itself as one of them (Davison and Hinkley 1997), so the least it can be is 1 / (draws + 1).

    >>> unlike([9, 4, 8], [40, 20, 40]), unlike([1, 30, 2], [40, 40, 40]), unlike([3], [9])
    (1.0, 0.0002, None)
    """
    import numpy as np

    sizes, wins = np.asarray(n), int(sum(won))
    if len(sizes) < 2 or not 0 < wins < sizes.sum():
        return None
    expected = wins * sizes / sizes.sum()
    drawn = np.random.default_rng(seed).multivariate_hypergeometric(sizes, wins, size=draws, method="marginals")

    def spread(counts: Any) -> Any:
        return ((counts - expected) ** 2 / np.maximum(expected * (1 - wins / sizes.sum()), 1e-12)).sum(axis=-1)

    as_far = int((spread(drawn) >= spread(np.asarray(won)) - 1e-9).sum())
    return round((1 + as_far) / (draws + 1), 6)


def drift(won: Sequence[int], n: Sequence[int], places: Sequence[float]) -> tuple[float, float] | None:
    """Whether rates rise (above 0) or fall along their places, and p; None where that cannot be asked.

    The linear trend in proportions of Cochran (1954) and Armitage (1955), two-sided, with the variance of a permutation.

    >>> [round(part, 4) for part in drift([19, 12, 6], [40, 40, 40], [0, 1, 2])]
    [-3.1342, 0.0017]
    """
    total, wins = sum(n), sum(won)
    if len(n) < 3 or not 0 < wins < total:
        return None
    rate = wins / total
    middle = sum(k * place for k, place in zip(n, places, strict=True)) / total
    lean = sum((w - k * rate) * place for w, k, place in zip(won, n, places, strict=True))
    spread = sum(k * (place - middle) ** 2 for k, place in zip(n, places, strict=True))
    if spread <= 0:
        return None
    z = lean / math.sqrt(rate * (1 - rate) * spread * total / (total - 1))
    return z, math.erfc(abs(z) / math.sqrt(2))


def benjamini_hochberg(p_values: Sequence[float | None]) -> list[float | None]:
    """False discovery rate q for each p (Benjamini and Hochberg 1995); None stays None.

    >>> benjamini_hochberg([0.01, 0.04, None, 0.03])
    [0.03, 0.04, None, 0.04]
    """
    order = sorted((p, position) for position, p in enumerate(p_values) if p is not None)
    out: list[float | None] = [None] * len(p_values)
    smallest = 1.0
    for rank in range(len(order), 0, -1):
        p, position = order[rank - 1]
        smallest = min(smallest, p * len(order) / rank)
        out[position] = round(smallest, 12)
    return out


def newcombe(won_before: int, n_before: int, won_after: int, n_after: int) -> tuple[float, float] | None:
    """95 % interval of the difference of two rates, after - before (Newcombe 1998, his method 10); None for an empty side.

    >>> [round(bound, 4) for bound in newcombe(48, 80, 56, 70) or ()]
    [0.0524, 0.3339]
    """
    before, after = wilson(won_before, n_before), wilson(won_after, n_after)
    if before is None or after is None:
        return None
    p0, p1 = won_before / n_before, won_after / n_after
    low = math.sqrt((p1 - after[0]) ** 2 + (before[1] - p0) ** 2)
    high = math.sqrt((after[1] - p1) ** 2 + (p0 - before[0]) ** 2)
    return p1 - p0 - low, p1 - p0 + high
