"""Chances of each reason in a note, from the pieces and the words of its clauses, as arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from lostdeals.classify.concepts import concept_pieces, outermost
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
    net: Floats
    """The same as `note`, from a small network over the pieces: which of them come together matters, too."""
    words: Floats
    """The same from a small network over the vectors of the words."""
    clauses: Floats
    """The same as `note`, of each clause, see ``found``."""
    found: Pieces


class ReasonModel:
    """A multinomial logistic regression over the pieces of notes, two small networks, and how to weigh them and cues.

    arrays, by name:
    keys: (pieces,) hashes, rising; concept: (pieces,) the concept that each is a word of, -1 for none; rarity: (pieces,) how
    much it counts, 0 for a word that only its concept or its vector speaks for.
    weights: (pieces, reasons) in steps of ``step``; intercept: (reasons,).
    joined: (pieces,) whether the network knows it; net: (joined, units) in steps of ``net_step``; then the units' ``net_bias``
    and what they say: ``net_out`` (units, reasons) and ``net_base``.
    word: (pieces,) whether it has a vector; vectors: (words, axes); ``turn`` (axes, units) leads to the units of the second
    network, ``turn_bias``, ``turn_out`` and ``turn_base`` are as those of the first.
    mix: (features,) weights of what `reason_mix` brings together, then one per reason. trust and surest: how sure an answer is, see `reason_trust`.

    >>> model = ReasonModel.load()
    >>> chances = model.chances(["同款网上三折"])
    >>> model.reasons[int(chances.note[0].argmax())]
    'price'
    """

    def __init__(self, arrays: Mapping[str, Any]) -> None:
        self.reasons: list[str] = np.asarray(arrays["reasons"]).tolist()
        self.mix, self.trust, self.surest = arrays["mix"], arrays["trust"], arrays["surest"]
        self._table = Table(arrays["keys"])
        self._concept = np.append(arrays["concept"], np.int16(-1))  # the last one is that of a piece that is no key
        self._rarity = np.append(arrays["rarity"], np.float32(0)).astype(np.float64)
        self._joined, self._word = _numbered(arrays["joined"]), _numbered(arrays["word"])
        self._weights, self._net, self._vectors = (
            np.ascontiguousarray(arrays[name].T) for name in ("weights", "net", "vectors")
        )
        self._arrays = arrays

    @classmethod
    def load(cls, path: Path = FILE) -> ReasonModel:
        """The shipped model."""
        return _load(path)

    def chances(self, texts: Sequence[str], folded: Sequence[str] | None = None) -> Chances:
        """What the model says of each text; a text without a single known piece gets the base rates. folded: see `pieces`."""
        arrays, n = self._arrays, len(texts)
        found = pieces(texts, once=True, folded=folded)
        rows = self._table.rows(found.hashes)
        runs = rows[: len(found.start)]
        told, of = concept_pieces(found, self._concept[runs])
        rows, clause = np.concatenate([rows, self._table.rows(told)]), np.concatenate([found.clause, of])
        rarity = self._rarity[rows]
        known = rarity > 0
        rarity, rows, clause = rarity[known], rows[known], clause[known]
        sums, square = _summed(self._weights, rows, clause, rarity, len(found.text))
        step, intercept = float(arrays["step"]), arrays["intercept"].astype(np.float64)
        clauses = log_shares(_scaled(sums, square) * step + intercept)[found.like]
        base = log_shares(intercept[None, :])
        note = log_shares(_scaled(_of_texts(sums, found, n), _of_texts(square, found, n)) * step + intercept)
        best, last = np.repeat(base, n, axis=0), np.repeat(base, n, axis=0)
        if len(clauses):
            firsts = _firsts(found)
            best[found.text[firsts]] = np.maximum.reduceat(clauses, firsts, axis=0)
            last[found.text] = clauses  # of several clauses the last one stays
        unit = self._joined[rows]
        some = unit >= 0
        sums, square = _summed(self._net, unit[some], clause[some], rarity[some], len(found.text))
        joined = _scaled(_of_texts(sums, found, n), _of_texts(square, found, n)) * float(arrays["net_step"])
        word = self._word[runs]
        hits = outermost(found, np.flatnonzero(word >= 0))
        vectors = _of_texts(_added(self._vectors, word[hits], found.clause[hits], len(found.text)), found, n)
        net, words = _told(arrays, "net", joined), _told(arrays, "turn", _level(vectors) @ arrays["turn"])
        return Chances(note, best, last, net, words, clauses, found)


def _summed(
    columns: npt.NDArray[np.int8], rows: Places, clause: Places, counts: Floats, n: int
) -> tuple[Floats, Floats]:
    """Weighted sums of each clause that gives its pieces, and the square of its length; zeros for the others."""
    return _added(columns, rows, clause, n, counts), np.bincount(clause, counts * counts, n).astype(np.float64)


def _added(
    columns: npt.NDArray[np.int8], rows: npt.NDArray[Any], clause: Places, n: int, counts: Floats | None = None
) -> Floats:
    """(n, columns) the sum of those rows of a table, given by its columns, that belong to each clause."""
    told = (own.take(rows) for own in columns)
    return np.stack([np.bincount(clause, own if counts is None else counts * own, n) for own in told], axis=1)


def _firsts(found: Pieces) -> Places:
    """The first clause of each text that has any."""
    return np.flatnonzero(np.concatenate([[True], found.text[1:] != found.text[:-1]]))


def _of_texts(sums: Floats, found: Pieces, n: int) -> Floats:
    """Sums of clauses as sums of the n texts."""
    out = np.zeros((n, *sums.shape[1:]))
    if len(found.text):
        firsts = _firsts(found)
        out[found.text[firsts]] = np.add.reduceat(sums[found.like], firsts, axis=0)
    return out


def _level(sums: Floats) -> Floats:
    """Rows with a mean square of 1; zeros stay."""
    size = np.sqrt((sums**2).mean(axis=1, keepdims=True))
    return np.asarray(sums / np.where(size > 0, size, 1.0))


def _told(arrays: Mapping[str, Any], name: str, sums: Floats) -> Floats:
    """Logarithms of the chances from what reaches a network's units, each of which counts where it is above 0."""
    units = np.maximum(sums + arrays[f"{name}_bias"], 0)
    return log_shares(units @ arrays[f"{name}_out"] + arrays[f"{name}_base"])


def _numbered(marked: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """The place of each marked one among them, -1 for the others; and -1 at the end, for a piece that is no key."""
    return np.append(np.where(marked, np.cumsum(marked) - 1, -1), -1)


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
        return ReasonModel(dict(arrays))
