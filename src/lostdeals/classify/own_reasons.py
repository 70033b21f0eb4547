"""Learn from the user's own sheet how its notes go with its coded reasons, where it has enough of both."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
import numpy.typing as npt

from lostdeals.classify.pieces import pieces
from lostdeals.classify.reason_model import Floats, ReasonModel, Table

LEAST_NOTES, LEAST_EACH = 150, 15
"""So many notes with a coded reason are needed, and so many for each reason that is learned."""
MOST_NOTES = 3000
"""Of more coded notes every second, third … is learned from: more change little and cost much."""
FOLDS = 5
FIT = 1.0
"""Inverse strength of the regularisation (scikit-learn's C)."""
SEEN = 3
"""A piece of fewer notes than this teaches nothing."""
SURE_GAIN = 1.64
"""The sheet's own reading is used where it is right more often than the shipped one by so many standard errors."""


@dataclass(frozen=True)
class OwnReasons:
    """What a sheet taught about its own notes."""

    notes: int
    """With a coded reason, learned from."""
    right: float
    """Share of notes read as they are coded, each by a model that had not seen it."""
    right_before: float
    """The same for the shipped reading."""
    reasons: tuple[str, ...]
    """Of each note that was asked for."""
    chances: tuple[float, ...]


def learn_reasons(
    plain: Sequence[str], coded: Sequence[str], read: Sequence[str], wanted: Sequence[str], model: ReasonModel
) -> OwnReasons | None:
    """Read `wanted` by what the coded notes teach; None where they are too few, or teach nothing beyond the shipped reading.

    plain: notes with a coded reason; coded: that reason; read: what the shipped reading says of each.
    A multinomial logistic regression on the notes' own pieces and the shipped model's chances; both are judged on the same
    notes, five folds, the same note always on one side.
    """
    counts = Counter(coded)
    often = [place for place, reason in enumerate(coded) if counts[reason] >= LEAST_EACH]
    often = often[:: -(-len(often) // MOST_NOTES) or 1]
    if len(often) < LEAST_NOTES or len({coded[place] for place in often}) < 2:
        return None
    texts, truth = [plain[place] for place in often], np.array([coded[place] for place in often])
    shipped = np.array([read[place] for place in often]) == truth
    learner = _Learner(texts, model)
    groups = np.unique(texts, return_inverse=True)[1]
    if len(set(groups)) < FOLDS:
        return None
    from sklearn.model_selection import GroupKFold

    own = np.zeros(len(texts), dtype=bool)
    for seen, unseen in GroupKFold(FOLDS).split(texts, truth, groups):
        answers, _ = learner.fit([texts[place] for place in seen], truth[seen]).read([texts[place] for place in unseen])
        own[unseen] = answers == truth[unseen]
    better, worse = int((own & ~shipped).sum()), int((shipped & ~own).sum())
    if better - worse <= SURE_GAIN * sqrt(max(better + worse, 1)):  # McNemar 1947
        return None
    answers, sure = learner.fit(texts, truth).read(list(wanted))
    return OwnReasons(
        len(often), float(own.mean()), float(shipped.mean()), tuple(map(str, answers)), tuple(map(float, sure))
    )


class _Learner:
    """A logistic regression on the pieces of notes and on the shipped model's chances."""

    def __init__(self, texts: Sequence[str], model: ReasonModel) -> None:
        found = pieces(texts)
        note = found.text[found.clause]
        hashes, place = np.unique(found.hashes, return_inverse=True)
        seen = np.bincount(np.unique(place * len(texts) + note) // len(texts), minlength=len(hashes))
        self._table = Table(hashes[seen >= SEEN])
        self._size = int((seen >= SEEN).sum())
        self._model = model

    def fit(self, texts: Sequence[str], truth: npt.NDArray[np.str_]) -> _Learner:
        from sklearn.linear_model import LogisticRegression

        self.fitted_ = LogisticRegression(C=FIT, max_iter=100, tol=1e-3).fit(self._features(texts), truth)
        return self

    def read(self, texts: Sequence[str]) -> tuple[npt.NDArray[np.str_], Floats]:
        if not texts:
            return np.zeros(0, dtype=str), np.zeros(0)
        chances = self.fitted_.predict_proba(self._features(texts))
        return self.fitted_.classes_[chances.argmax(axis=1)], chances.max(axis=1)

    def _features(self, texts: Sequence[str]) -> object:
        from scipy.sparse import csr_matrix, hstack

        found = pieces(texts)
        rows = self._table.rows(found.hashes)
        known = rows >= 0
        shape = (len(texts), self._size)
        bag = csr_matrix((np.ones(int(known.sum())), (found.text[found.clause[known]], rows[known])), shape=shape)
        length = np.sqrt(np.asarray(bag.multiply(bag).sum(axis=1)).ravel())
        scaled = csr_matrix(bag.multiply(1 / np.where(length > 0, length, 1)[:, None]))
        return hstack([scaled * 3, csr_matrix(np.exp(self._model.chances(texts).note))]).tocsr()
