"""Is a period unusual against the periods before it, and how often would one be called so for nothing."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

FALSE_ALARM = 0.05
"""Chance that a whole series without any change has a mark."""


def usual_rates(n: Floats, won: Floats, least: int, alarm: float = FALSE_ALARM) -> list[tuple[float, float] | None]:
    """Per period, where its rate was to be expected by all periods before it; None with fewer than `least` of them.

    The rate so far, with the spread of binomial counts, or the wider one that the past itself has shown (a quasi-binomial
    dispersion, Pearson's χ² over its degrees of freedom); Student's t for so short a past. The level is shared out over all
    periods judged (Šidák 1967), so that `alarm` is the chance of any mark in a series in which nothing changes.
    """
    from scipy.stats import t as student

    judged = max(int((np.arange(len(n)) >= least).sum()), 1)
    level = 1 - (1 - alarm) ** (1 / judged)
    out: list[tuple[float, float] | None] = []
    for place in range(len(n)):
        past = n[:place] > 0
        if past.sum() < least or n[place] == 0:
            out.append(None)
            continue
        size, wins = n[:place][past], won[:place][past]
        rate = (wins.sum() + 0.5) / (size.sum() + 1)  # away from 0 and 1, where nothing would have any spread
        chi = float((((wins - size * rate) ** 2) / (size * rate * (1 - rate))).sum())
        dispersion = max(1.0, chi / (len(size) - 1))
        spread = np.sqrt(dispersion * rate * (1 - rate) * (1 / n[place] + 1 / size.sum()))
        reach = float(student.ppf(1 - level / 2, len(size) - 1)) * spread
        out.append((max(0.0, float(rate - reach)), min(1.0, float(rate + reach))))
    return out


def usual_counts(n: Floats, least: int, alarm: float = FALSE_ALARM) -> list[tuple[float, float] | None]:
    """Per period, where its count was to be expected by all periods before it.

    Counts on the scale 2·√(n + 3/8) (Anscombe 1948), where those of a steady stream have a spread of one whatever their size;
    the wider spread of the past where it has more. Otherwise as `usual_rates`.
    """
    from scipy.stats import t as student

    judged = max(int((np.arange(len(n)) >= least).sum()), 1)
    level = 1 - (1 - alarm) ** (1 / judged)
    scaled = 2 * np.sqrt(n + 0.375)
    out: list[tuple[float, float] | None] = []
    for place in range(len(n)):
        past = scaled[:place]
        if len(past) < least:
            out.append(None)
            continue
        spread = max(1.0, float(past.std(ddof=1))) * np.sqrt(1 + 1 / len(past))
        reach = float(student.ppf(1 - level / 2, len(past) - 1)) * spread
        low, high = max(0.0, past.mean() - reach), past.mean() + reach
        out.append((max(0.0, (low / 2) ** 2 - 0.375), (high / 2) ** 2 - 0.375))
    return out
