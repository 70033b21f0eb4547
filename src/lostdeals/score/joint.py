"""Columns that say more together: sums and ratios of numbers, and values that count in pairs."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from lostdeals.evaluation import Together
from lostdeals.model import Layout
from lostdeals.score.features import GLUE, PART, members, origin, part_of
from lostdeals.score.models.additive import fit_binned
from lostdeals.score.models.stack import sigmoid
from lostdeals.stats.coding import Coder, Codes, coded
from lostdeals.stats.folds import grouped_folds

Truth = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
MOST = 3
"""Most made columns of a sheet."""
MOST_ROWS = 10_000
"""Rows that are looked at, drawn by seed where there are more."""
MOST_NUMBERS, MOST_TEXTS = 14, 24
"""Columns that are put together with one another: those that tell most alone."""
FOLDS, AGREED = 5, 4
"""A made column must help in so many of the folds."""
SURE = 5.0
"""Log-likelihood that it must gain on rows not seen, beyond the logarithm of how many columns were tried.

So much is gained by chance on about one sheet in 150, whatever the number of tries.
"""
SHRINK = 20.0
"""Average rows that draw a value's effect to none while trying."""
RANGES = 10
STRENGTH = 0.1
"""Of the additive model (scikit-learn's C)."""
FEW_VALUES, MOST_VALUES = 40, 400
"""Whole numbers with so few values count as texts in a pair; texts with more values are not tried."""
LEAST_PAIRS, MOST_PAIRS = 64, 100_000
"""Pairs with fewer values are left to the trees, which find them (tried: they add nothing beside trees); more are not tried."""
EACH = 10.0
"""From this ratio of their usual sizes on the larger number is divided by the smaller one; else the smaller by the larger."""
ALIKE = 100.0
"""Columns whose usual sizes are further apart are not added up."""
MOST_ADDED = 12
WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|\d+|[\u3400-\u9fff]")
UNKNOWN, BETWEEN = "–", " · "
"""A missing value within a pair, and what stands between its values."""
LONGEST_GAP = 3
"""Words, or Chinese characters, in which the headers of alike columns may differ."""


def is_made(feature: str) -> bool:
    """Whether a feature is made of several others.

    >>> is_made(f"extra.a{GLUE}extra.b:sum"), is_made("created_at:month")
    (True, False)
    """
    return part_of(feature) in MAKERS


def put_together(features: Iterable[str], layout: Layout) -> tuple[Together, ...]:
    """Those of the features that are made of several, by their headers."""
    return tuple(
        Together(part_of(name), tuple(layout.header(origin(one)) for one in members(name)))
        for name in features
        if is_made(name)
    )


def widened(frame: pd.DataFrame, names: Iterable[str]) -> pd.DataFrame:
    """The frame with those of the named columns that are made of others and that it lacks.

    >>> loans = pd.DataFrame({"amount": [8.0, 3.0], "extra.price": [10.0, 0.0]})
    >>> widened(loans, [f"amount{GLUE}extra.price:ratio"]).iloc[:, 2].tolist()
    [0.8, nan]
    """
    new = {name: MAKERS[part_of(name)](frame, members(name)) for name in names if is_made(name) and name not in frame}
    return pd.concat([frame, pd.DataFrame(new, index=frame.index)], axis=1) if new else frame


def find_made(
    frame: pd.DataFrame,
    won: Truth,
    groups: Ints,
    seed: int,
    headers: Mapping[str, str] | None = None,
    same: Mapping[str, str] | None = None,
) -> tuple[str, ...]:
    """Names of the made columns that tell of the outcome what the columns cannot tell one by one, the most telling first.

    Tried are sums of numbers with alike headers (day charge, evening charge …) and sizes, ratios of two numbers, and pairs of
    texts or small whole numbers (month and day). Each is held, on rows of folds that it was not learned from, against what an
    additive model of the single columns leaves unexplained, less what its members would still explain of it, as interactions are found by Lou et al. (2013, GA2M); the next
    one against what is left with the first in. headers: feature -> header, by which alike numbers are known; the features' own
    names where None. same: feature -> the one that it repeats: of what is made of the same things in the same way, the best only.
    """
    places = np.arange(len(won))
    if len(places) > MOST_ROWS:
        places = np.sort(np.random.default_rng(seed).choice(len(won), MOST_ROWS, replace=False))
    frame, won = frame.iloc[places], won[places]
    trial = _Trial(frame, won, grouped_folds(won, groups[places], FOLDS, seed))
    tried = dict(_candidates(trial, headers or {}))
    found: list[str] = []
    least = SURE + float(np.log(max(1, len(tried))))
    while tried and len(found) < MOST:
        single = {
            name: max(0.0, trial.gain(trial.of(name))[0]) for name in {one for name in tried for one in members(name)}
        }
        sure: dict[str, float] = {}
        for name, codes in list(tried.items()):
            gain, folds = trial.gain(codes)
            gain -= sum(single[one] for one in members(name))
            if gain < least / 2:
                del tried[name]
            elif gain >= least and folds >= AGREED:
                sure[name] = gain
        if not sure:
            break
        best = max(sure, key=lambda name: sure[name])
        found.append(best)
        things = _things(best, same or {})
        tried = {name: codes for name, codes in tried.items() if _things(name, same or {}) != things}
        trial.take(_codes_of(frame, best))
    return tuple(found)


def _things(name: str, same: Mapping[str, str]) -> tuple[str, frozenset[str]]:
    """How a column is made, and of what, whatever column says it."""
    return part_of(name), frozenset(same.get(one, one) for one in members(name))


class _Trial:
    """What an additive model of single columns leaves unexplained, and what a further column would explain of it."""

    def __init__(self, frame: pd.DataFrame, won: Truth, folds: Ints) -> None:
        self.frame, self.won, self.folds = frame, won, folds
        self.columns = Coder(bins=RANGES, smallest=5, most_levels=MOST_VALUES).fit(frame).columns_
        self.codes = coded(self.columns, frame)
        self.sizes = [column.size for column in self.columns]
        self._look()

    def _look(self) -> None:
        logit = np.empty(len(self.won))
        for fold in range(FOLDS):
            test = self.folds == fold
            logit[test] = fit_binned(self.codes[~test], self.won[~test], self.sizes, STRENGTH, 1e-3).logit(
                self.codes[test]
            )
        chance = sigmoid(logit)
        self.rest, self.weight = self.won - chance, chance * (1 - chance)

    def take(self, codes: Codes) -> None:
        """Let the model have a further column."""
        self.codes = np.column_stack([self.codes, codes])
        self.sizes.append(int(codes.max()) + 1)
        self._look()

    def gain(self, codes: Codes) -> tuple[float, int]:
        """Log-likelihood that a column of codes gains on folds it was not learned from, and in how many of them it gains."""
        size = int(codes.max()) + 1
        cells = codes.astype(np.int64) * FOLDS + self.folds
        slope = np.bincount(cells, weights=self.rest, minlength=size * FOLDS).reshape(size, FOLDS)
        bend = np.bincount(cells, weights=self.weight, minlength=size * FOLDS).reshape(size, FOLDS)
        others = bend.sum(axis=1, keepdims=True) - bend + SHRINK * self.weight.mean()
        step = (slope.sum(axis=1, keepdims=True) - slope) / others
        gained = (slope * step - bend * step**2 / 2).sum(axis=0)
        return float(gained.sum()), int((gained > 0).sum())

    def of(self, name: str) -> Codes:
        """The codes of a single column, numbers in ranges."""
        return self.codes[:, next(place for place, column in enumerate(self.columns) if column.column == name)]

    def alone(self, place: int) -> float:
        """How much a column tells by itself, for choosing which are tried together."""
        n = np.bincount(self.codes[:, place])
        wins = np.bincount(self.codes[:, place], weights=self.won)
        known = n > 0
        return float((wins[known] - n[known] * self.won.mean()) ** 2 @ (1 / (n[known] + SHRINK)))


def _candidates(trial: _Trial, headers: Mapping[str, str]) -> Iterator[tuple[str, Codes]]:
    """Names and codes of what may be made of the columns, those that tell most alone first."""
    places = [place for place, column in enumerate(trial.columns) if not part_of(column.column)]
    places.sort(key=lambda place: -trial.alone(place))
    frame = trial.frame[[trial.columns[place].column for place in places]]
    counts = {str(name): int(count) for name, count in frame.nunique().items()}
    numbers = {name: frame[name] for name in counts if frame[name].dtype.kind == "f" and counts[name] > RANGES}
    for group in alike({str(name): numbers[str(name)] for name in trial.frame if name in numbers}, headers):
        name = f"{GLUE.join(group)}{PART}sum"
        yield name, _codes_of(frame, name)
    positive = [name for name, some in numbers.items() if not (some < 0).any() and (some > 0).mean() >= 0.5]
    for one, other in combinations(positive[:MOST_NUMBERS], 2):
        small, large = sorted((one, other), key=lambda name: float(numbers[name].median()))
        each = float(numbers[large].median()) > EACH * float(
            numbers[small].median()
        )  # an amount per visit, not a share
        over, under = (large, small) if each else (small, large)
        name = f"{over}{GLUE}{under}{PART}ratio"
        yield name, _codes_of(frame, name)
    texts = [name for name in counts if counts[name] <= (MOST_VALUES if frame[name].dtype == object else FEW_VALUES)]
    texts = [name for name in texts if frame[name].dtype == object or _whole(frame[name])][:MOST_TEXTS]
    for one, other in combinations(texts, 2):
        if LEAST_PAIRS <= counts[one] * counts[other] <= MOST_PAIRS:
            codes, beside = trial.of(one), trial.of(other)
            yield f"{one}{GLUE}{other}{PART}pair", codes * (int(beside.max()) + 1) + beside


def _codes_of(frame: pd.DataFrame, name: str) -> Codes:
    """A made column as codes."""
    values = MAKERS[part_of(name)](frame, members(name))
    return Coder(bins=RANGES, most_levels=MOST_VALUES).fit(values.to_frame(name)).columns_[0].codes(values)


def _whole(values: pd.Series[Any]) -> bool:
    """Counts and the like."""
    known = values.dropna()
    return bool((known == known.round()).all())


def alike(numbers: Mapping[str, pd.Series[Any]], headers: Mapping[str, str] | None = None) -> list[tuple[str, ...]]:
    """Columns whose headers differ in one place only and whose usual sizes are alike: each such group, and its pairs.

    >>> calls = pd.Series([1.0, 2.0])
    >>> alike({"extra.day charge": calls, "extra.night charge": calls, "extra.age": calls})
    [('extra.day charge', 'extra.night charge')]
    """
    patterns: dict[tuple[tuple[str, ...], tuple[str, ...]], list[str]] = {}
    for name in numbers:
        words = [word.casefold() for word in WORD.findall((headers or {}).get(name, name.removeprefix("extra.")))]
        for gap in range(1, LONGEST_GAP + 1):
            for start in range(len(words) - gap + 1):
                rest = tuple(words[:start]), tuple(words[start + gap :])
                if any(not word.isdigit() for half in rest for word in half):
                    patterns.setdefault(rest, []).append(name)
    groups = {_near(tuple(dict.fromkeys(names)), numbers) for names in patterns.values()}
    whole = sorted((group for group in groups if 2 < len(group) <= MOST_ADDED), key=lambda group: (-len(group), group))
    pairs = {pair for group in groups if len(group) <= MOST_ADDED for pair in combinations(group, 2)}
    return [*whole, *sorted(pairs)]


def _near(names: tuple[str, ...], numbers: Mapping[str, pd.Series[Any]]) -> tuple[str, ...]:
    """Those whose usual size is near the middle one's, in the order of the sheet."""
    sizes = np.array([float(numbers[name].abs().mean()) for name in names])
    middle = float(np.median(sizes))
    return tuple(name for name, size in zip(names, sizes, strict=True) if middle / ALIKE <= size <= middle * ALIKE)


def _sum(frame: pd.DataFrame, names: tuple[str, ...]) -> pd.Series[Any]:
    """The sum of what is known; nothing where nothing is."""
    return frame[list(names)].sum(axis=1, min_count=1)


def _ratio(frame: pd.DataFrame, names: tuple[str, ...]) -> pd.Series[Any]:
    over, under = (frame[name] for name in names)
    return over / under.where(under > 0)


def _pair(frame: pd.DataFrame, names: tuple[str, ...]) -> pd.Series[Any]:
    """Two values as one text; nothing where neither is known."""
    (one, first), (other, second) = (pd.factorize(frame[name]) for name in names)
    size = len(second) + 1
    cells, places = np.unique((one + 1) * size + other + 1, return_inverse=True)
    texts = np.empty(len(cells), dtype=object)
    for number, cell in enumerate(cells):
        left, right = divmod(int(cell), size)
        both = (_said(first[left - 1]) if left else UNKNOWN, _said(second[right - 1]) if right else UNKNOWN)
        texts[number] = BETWEEN.join(both) if left or right else None
    return pd.Series(texts[places], index=frame.index, dtype=object)


def _said(value: Any) -> str:
    """A value as text, whole numbers without a point."""
    return f"{value:g}" if isinstance(value, float) else str(value)


Maker = Callable[[pd.DataFrame, tuple[str, ...]], "pd.Series[Any]"]
SIGNS: Mapping[str, str] = defaultdict(str, {"sum": " + ", "ratio": " ÷ ", "pair": BETWEEN})
"""What stands between the headers of a made column."""
MAKERS: Mapping[str, Maker] = {"sum": _sum, "ratio": _ratio, "pair": _pair}
"""How each kind of made column comes of its members."""
