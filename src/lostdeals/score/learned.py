"""Learn the chance to win from the sheet's own closed customers, and say honestly whether that is worth anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from lostdeals import schema
from lostdeals.model import Evaluation, Finding, Layout, LeftOut, Options, OutcomeReading, Rates
from lostdeals.schema import OVERRIDE
from lostdeals.score.leakage import find_leaks, pure_levels, role_leaks
from lostdeals.stats.coding import MISSING, REST, Coder
from lostdeals.stats.dates import entry_dates
from lostdeals.stats.folds import grouped_folds
from lostdeals.stats.money import in_main_currency
from lostdeals.stats.roc import Floats, Quality, quality
from lostdeals.vocab import Vocabulary, normalise, unknown_words

FEWEST = 6
"""Fewer customers of the rarer outcome than this teach nothing (measured: no gain over the base rate)."""
FEW, MANY = 20, 80
"""Below FEW the model is held very short; from MANY on it may use finer bins."""
TIME_TEST = 0.3
"""The newest share of the closed rows that a time split tests on."""
TIME_TEST_EACH = 15
"""A time split needs this many won and lost rows on each side."""
TOO_GOOD = 0.97
"""An AUC that honest columns of a customer sheet do not reach (the best measured set has 0.88)."""
PERSONAL = (
    "id",
    "name",
    "company",
    "phone",
    "email",
    "wechat",
    "website",
    "address",
    "deal",
    "currency",
    "birthday",
    OVERRIDE,
)
"""Roles that name a customer instead of describing one."""
TEXTS = ("notes",)
"""Free text; read for reasons and needs, not learned from here."""


@dataclass(frozen=True)
class Learned:
    """A fitted model and what it says of every row."""

    probability: pd.Series[Any]
    """0-1: open rows by the model, lost rows out of fold, NaN for won and invalid rows."""
    base: float
    """Share won among the closed rows."""
    contributions: pd.DataFrame
    """Log-odds that each column adds for each row, against the average customer; columns are LEADS keys."""
    levels: pd.DataFrame
    """The level or range that each row has in each of these columns."""
    evaluation: Evaluation


def learn(
    leads: pd.DataFrame, layout: Layout, outcome: OutcomeReading, vocabulary: Vocabulary, options: Options
) -> Learned | Evaluation:
    """A model with its evaluation, or only the evaluation that says why there is none.

    Learned from closed rows alone; open rows are never counted as lost. Duplicates of one customer stay in one fold.
    """
    if outcome.key is None:
        return Evaluation("scorecard", "no-outcome")
    result = leads["outcome_class"]
    closed = result.isin(["won", "lost"]).to_numpy()
    won = (result[closed] == "won").to_numpy()
    groups = leads["duplicate_of"].fillna(pd.Series(leads.index, index=leads.index)).to_numpy(dtype=np.int64)[closed]
    customers_won, customers_lost = len(set(groups[won])), len(set(groups[~won]) - set(groups[won]))
    rarer = min(customers_won, customers_lost)
    if rarer < FEWEST:
        side = "too-few-won" if customers_won <= customers_lost else "too-few-lost"
        return Evaluation("scorecard", side, {"have": rarer, "need": FEWEST, "missing": FEWEST - rarer})
    candidates, left_out = _candidates(leads, layout, vocabulary, options.rates)
    candidates = candidates.drop(columns=[outcome.key], errors="ignore")
    leaks = find_leaks(candidates, result, layout, outcome.header or "", vocabulary, options.keep, groups, options.seed)
    features = candidates.drop(columns=list(leaks))
    left_out = [*left_out, *leaks.values()]
    if features.shape[1] == 0:
        return Evaluation("scorecard", "no-honest-column", leaky_columns=tuple(left_out))
    model = _Additive(rarer)
    known = features[closed]
    folds = grouped_folds(won, groups, min(5, rarer), options.seed)
    held_out = model.held_out(known, won, folds)
    checked, validation = _validated(leads, known, won, held_out, closed, groups)
    evaluation = Evaluation(
        method="learned" if checked.signal else "scorecard",
        why="learned" if checked.signal else "no-signal",
        values={"won": int(won.sum()), "lost": int((~won).sum())},
        validation=validation,
        auc=checked.auc,
        auc_low=checked.auc_low,
        auc_high=checked.auc_high,
        brier=checked.brier,
        ece=checked.ece,
        top_decile_lift=checked.top_decile_lift,
        leaky_columns=tuple(left_out),
        used_columns=tuple(layout.header(str(key)) for key in features),
        doubts=_doubts(features, result, layout, vocabulary, checked) if checked.signal else (),
    )
    if not checked.signal:
        return evaluation
    model.fit(known, won)
    probability = pd.Series(model.predict(features), index=leads.index)
    probability[closed] = held_out
    probability[result.isin(["won", "invalid"])] = np.nan
    contributions, levels = model.explain(features)
    return Learned(probability, float(won.mean()), contributions, levels, evaluation)


def _doubts(
    features: pd.DataFrame, result: pd.Series[Any], layout: Layout, vocabulary: Vocabulary, checked: Quality
) -> tuple[Finding, ...]:
    """Columns that may have been filled in because of the outcome, and a quality that is too good."""
    pure = pure_levels(features, result, vocabulary)
    doubts = [
        Finding("leak-suspect", values={"column": layout.header(key), "value": value}) for key, value in pure.items()
    ]
    if checked.auc >= TOO_GOOD:
        doubts.append(Finding("too-good", values={"auc": checked.auc}))
    return tuple(doubts)


def _candidates(
    leads: pd.DataFrame, layout: Layout, vocabulary: Vocabulary, rates: Rates | None
) -> tuple[pd.DataFrame, list[LeftOut]]:
    """The columns a model may look at, numbers as numbers; and the ones whose role forbids it."""
    forbidden = role_leaks(leads, layout, vocabulary)
    columns: dict[str, pd.Series[Any]] = {}
    unknown = unknown_words(vocabulary)
    for column in layout.columns:
        key = column.key
        role = schema.role_of(key)
        if key not in leads or key in forbidden or role in (*PERSONAL, *TEXTS, "ignore"):
            continue
        known = in_main_currency(leads, leads[key], rates) if role in schema.MONEY else _without(unknown, leads[key])
        values = _as_feature(known)
        if values is not None:
            columns[key] = values
    return pd.DataFrame(columns, index=leads.index), list(forbidden.values())


def _without(unknown: frozenset[str], values: pd.Series[Any]) -> pd.Series[Any]:
    """The column with 未知 and the like as missing: that nobody knows is nothing to learn from."""
    if values.dtype != object:
        return values
    said = [text for text in values.dropna().unique() if isinstance(text, str) and normalise(text) in unknown]
    return values.mask(values.isin(said), None) if said else values


def _as_feature(values: pd.Series[Any]) -> pd.Series[Any] | None:
    """A column as numbers or texts; None for dates, identifiers, free text and columns that never vary."""
    if values.dtype.kind == "M":
        return None
    if values.dtype.kind not in "fiu":
        known = values.dropna()
        numbers = pd.to_numeric(known, errors="coerce")
        if len(known) and numbers.notna().mean() >= 0.95 and known.nunique() > 2:
            values = pd.to_numeric(values, errors="coerce").astype(float)
        else:
            texts = known.map(str)
            if texts.nunique() > max(50, len(texts) * 0.5) or (len(texts) and texts.str.len().mean() > 40):
                return None
            values = values.map(str, na_action="ignore").astype(object)
    elif values.nunique() > 50 and _looks_like_a_counter(values):
        return None
    return values if values.nunique(dropna=False) > 1 else None


def _looks_like_a_counter(values: pd.Series[Any]) -> bool:
    """Whole numbers that never repeat are identifiers or row numbers."""
    known = values.dropna()
    return bool(known.is_unique and (known == known.round()).all() and len(known) > 50)


def _validated(
    leads: pd.DataFrame,
    known: pd.DataFrame,
    won: npt.NDArray[np.bool_],
    held_out: Floats,
    closed: npt.NDArray[np.bool_],
    groups: npt.NDArray[np.int64],
) -> tuple[Quality, Any]:
    """Quality on the newest rows where a date says which they are, else out of fold; no customer on both sides."""
    dates = entry_dates(leads)[closed]
    if dates.notna().mean() >= 0.8:
        order = np.argsort(dates.fillna(dates.min()).to_numpy(), kind="stable")
        cut = int(len(order) * (1 - TIME_TEST))
        old, new = order[:cut], order[cut:]
        new = new[~np.isin(groups[new], groups[old])]
        sides = [int(won[rows].sum()) for rows in (old, new)] + [int((~won[rows]).sum()) for rows in (old, new)]
        if min(sides) >= TIME_TEST_EACH:
            fitted = _Additive(int(min(won[old].sum(), (~won[old]).sum()))).fit(known.iloc[old], won[old])
            return quality(won[new], fitted.predict(known.iloc[new]), float(won[old].mean())), "time split"
    return quality(won, held_out, float(won.mean())), "grouped 5-fold"


class _Additive:
    """Regularised logistic regression on bins and levels; the shorter it is held, the fewer closed rows there are."""

    def __init__(self, rarer: int) -> None:
        self.strength = 0.02 if rarer < FEW else 0.1 if rarer < MANY else 0.3
        self.coder = Coder(bins=2 if rarer < FEW else 3 if rarer < MANY else 6, smallest=max(3, min(20, rarer // 6)))

    def fit(self, frame: pd.DataFrame, won: npt.NDArray[np.bool_]) -> _Additive:
        from sklearn.linear_model import LogisticRegression

        matrix = self.coder.fit(frame).transform(frame)
        self.mean_ = matrix.mean(axis=0)
        self.model_ = LogisticRegression(C=self.strength, max_iter=300).fit(matrix - self.mean_, won)
        return self

    def predict(self, frame: pd.DataFrame) -> Floats:
        matrix = self.coder.transform(frame) - self.mean_
        return np.asarray(self.model_.predict_proba(matrix)[:, 1], dtype=float)

    def held_out(self, frame: pd.DataFrame, won: npt.NDArray[np.bool_], folds: npt.NDArray[np.int64]) -> Floats:
        """Each row's probability from a model that has not seen its fold."""
        out = np.empty(len(won))
        for fold in np.unique(folds):
            test = folds == fold
            self.fit(frame[~test], won[~test])
            out[test] = self.predict(frame[test])
        return out

    def explain(self, frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Log-odds per column against the average customer, and the level that gave them; exact, as the model is additive."""
        matrix = self.coder.transform(frame)
        weights = (matrix - self.mean_) * self.model_.coef_[0]
        keys = list(dict.fromkeys(feature.column for feature in self.coder.features_))
        given: dict[str, Floats] = {}
        levels: dict[str, list[str]] = {}
        for key in keys:
            places = [i for i, feature in enumerate(self.coder.features_) if feature.column == key]
            given[key] = weights[:, places].sum(axis=1)
            names = np.array([self.coder.features_[i].level for i in places] + [REST], dtype=object)
            own = matrix[:, places]
            levels[key] = list(names[np.where(own.any(axis=1), own.argmax(axis=1), len(places))])
        return pd.DataFrame(given, index=frame.index), pd.DataFrame(levels, index=frame.index, dtype=object)


__all__ = ["FEWEST", "MISSING", "Learned", "learn"]
