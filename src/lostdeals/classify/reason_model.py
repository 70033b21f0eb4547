"""Chances of each reason in a note, from the pieces of its clauses: a multinomial logistic regression, as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from lostdeals.classify.concepts import concept_pieces
from lostdeals.classify.pieces import Numbers, Pieces, Places, pieces
from lostdeals.vocab.loading import HERE

Floats = npt.NDArray[np.float64]

FILE = HERE / "reason-model.npz"
"""Written by ``scripts/train_reasons.py``: arrays only, nothing that could be run."""
SLOTS = 17
"""Bits of a hash that find its place in the table at once."""


@dataclass(frozen=True)
class Chances:
    """What the model says of many texts; every array is (…, reasons)."""

    note: Floats
    """Natural logarithms of the chances, from all clauses of each text together."""
    best: Floats
    """The same from the clause that speaks most for each reason."""
    last: Floats
    """The same from the last clause."""
    clauses: Floats
    """The same of each clause, see ``found``."""
    found: Pieces


class ReasonModel:
    """A multinomial logistic regression over the pieces of notes, and how to weigh it against cues.

    keys: (pieces,) hashes, rising; concept: (pieces,) the concept that each is a word of, -1 for none; rarity: (pieces,) how
    much it counts, 0 for a word that only its concept speaks for; weights: (pieces, reasons) in steps of ``step``; intercept:
    (reasons,). mix: (features,) weights of what `reason_mix` brings together, then one per reason. trust and surest: how sure an answer is, see `reason_trust`.

    >>> model = ReasonModel.load()
    >>> chances = model.chances(["同款网上三折"])
    >>> model.reasons[int(chances.note[0].argmax())]
    'price'
    """

    def __init__(
        self,
        reasons: Sequence[str],
        keys: Numbers,
        concept: npt.NDArray[np.int16],
        rarity: npt.NDArray[np.float32],
        weights: npt.NDArray[np.int8],
        step: float,
        intercept: npt.NDArray[np.float32],
        mix: Floats,
        trust: Floats,
        surest: Floats,
    ) -> None:
        self.reasons = list(reasons)
        self.mix, self.trust, self.surest = mix, trust, surest
        self._table = Table(keys)
        self._concept = np.append(concept, np.int16(-1))  # the last one is that of a piece that is no key
        self._rarity = np.append(rarity, np.float32(0)).astype(np.float64)
        self._weights = np.ascontiguousarray(weights.T)
        self._step, self._intercept = step, intercept.astype(np.float64)

    @classmethod
    def load(cls, path: Path = FILE) -> ReasonModel:
        """The shipped model."""
        return _load(path)

    def chances(self, texts: Sequence[str], folded: Sequence[str] | None = None) -> Chances:
        """What the model says of each text; a text without a single known piece gets the base rates. folded: see `pieces`."""
        found = pieces(texts, once=True, folded=folded)
        sums, square = self._sums(found)
        clauses = log_shares(_scaled(sums, square) + self._intercept)[found.like]
        sums, square = sums[found.like], square[found.like]
        shape = (len(texts), len(self.reasons))
        whole, whole_square = np.zeros(shape), np.zeros(len(texts))
        np.add.at(whole, found.text, sums)
        np.add.at(whole_square, found.text, square)
        base = log_shares(self._intercept[None, :])
        note = log_shares(_scaled(whole, whole_square) + self._intercept)
        best, last = np.repeat(base, len(texts), axis=0), np.repeat(base, len(texts), axis=0)
        if len(clauses):
            firsts = np.flatnonzero(np.concatenate([[True], found.text[1:] != found.text[:-1]]))
            best[found.text[firsts]] = np.maximum.reduceat(clauses, firsts, axis=0)
            last[found.text] = clauses  # of several clauses the last one stays
        return Chances(note, best, last, clauses, found)

    def _sums(self, found: Pieces) -> tuple[Floats, Floats]:
        """Weighted sums of each clause that gives its pieces, and the square of its length; zeros for the others."""
        rows = self._table.rows(found.hashes)
        told, of = concept_pieces(found, self._concept[rows[: len(found.start)]])
        rows, clause = np.concatenate([rows, self._table.rows(told)]), np.concatenate([found.clause, of])
        rarity = self._rarity[rows]
        known = rarity > 0
        rarity, rows, clause, n = rarity[known], rows[known], clause[known], len(found.text)
        sums = np.stack([np.bincount(clause, rarity * own.take(rows), n) for own in self._weights], axis=1)
        return np.asarray(sums * self._step), np.bincount(clause, rarity * rarity, n).astype(np.float64)


class Table:
    """Where each hash stands among sorted keys, found without a search."""

    def __init__(self, keys: Numbers) -> None:
        self._keys = keys
        self._shift = np.uint64(64 - SLOTS)
        self._first = np.searchsorted(keys >> self._shift, np.arange(2**SLOTS + 1, dtype=np.uint64)).astype(np.int32)

    def rows(self, hashes: Numbers) -> Places:
        """The place of each hash, -1 for those that are no key."""
        slot = (hashes >> self._shift).astype(np.int64)
        place = self._first[slot].astype(np.int64)
        end = self._first[slot + 1]
        out = np.full(len(hashes), -1, dtype=np.int64)
        left = np.flatnonzero(place < end)
        while len(left):
            hit = self._keys[place[left]] == hashes[left]
            out[left[hit]] = place[left[hit]]
            left = left[~hit]
            place[left] += 1
            left = left[place[left] < end[left]]
        return out


def log_shares(scores: Floats) -> Floats:
    """Scores as logarithms of shares that add up to 1 in each row."""
    shifted = scores - scores.max(axis=1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)))


def _scaled(sums: Floats, square: Floats) -> Floats:
    length = np.sqrt(square)
    return sums / np.where(length > 0, length, 1.0)[:, None]


@cache
def _load(path: Path) -> ReasonModel:
    with np.load(path, allow_pickle=False) as arrays:
        return ReasonModel(
            reasons=arrays["reasons"].tolist(),
            keys=arrays["keys"],
            concept=arrays["concept"],
            rarity=arrays["rarity"],
            weights=arrays["weights"],
            step=float(arrays["step"]),
            intercept=arrays["intercept"],
            mix=arrays["mix"],
            trust=arrays["trust"],
            surest=arrays["surest"],
        )
