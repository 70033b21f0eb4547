"""The two small networks of `train_reasons.py`: one over the pieces of a note, one over vectors of its words.

Both have one layer of units between what they see and the reasons, and learn with pieces and units left out at random
(dropout, Srivastava et al. 2014), by Adam (Kingma and Ba 2015).
The vectors are those that multilingual-e5-small (MIT, in the `semantic` extra) gives to single words. The second network learns
which of their directions matter; only these ship, a few numbers a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, diags

from lostdeals.classify.concepts import outermost
from lostdeals.classify.pieces import Numbers, pieces
from lostdeals.classify.reason_meaning import sentence_vectors
from lostdeals.classify.reason_model import Table
from lostdeals.vocab.phrases import folded_each

Floats = npt.NDArray[np.float32]

CACHE = Path(__file__).parents[1] / "build" / "word-vectors.npz"
"""Vectors of words that were asked for before; a word takes eight CPU milliseconds."""
LATIN = re.compile(r"[a-z'\u00c0-\u1fff]+")
LONGEST = 4
"""Chinese characters of a word at most."""
BATCH = 512
WARM = 100
"""Steps in which the rate of learning rises."""
DECAY = 1e-4
"""How much every weight shrinks at a step of full rate."""
FINE = 2
"""Steps of a shipped whole number in the standard deviation of what it stands for."""
GAIN = 3.0
"""Brings a note's pieces, which have length 1 together, to the size that suits the network."""


@dataclass(frozen=True)
class Shape:
    """How a network is made and learns; by cross-validation over families."""

    units: int
    unseen: float
    """The share of pieces or words that a note loses each time it is looked at."""
    asleep: float
    """The share of units that rest."""
    rounds: int
    rate: float


PIECES = Shape(units=32, unseen=0.3, asleep=0.2, rounds=7, rate=4e-3)
WORDS = Shape(units=128, unseen=0.2, asleep=0.15, rounds=13, rate=4e-3)
AXES = 64
"""Numbers that ship of each word."""


@dataclass(frozen=True)
class Words:
    """Words of a corpus and their vectors."""

    hashes: Numbers
    """(words,) rising."""
    vectors: Floats
    """(words, numbers)."""
    counts: csr_matrix
    """(notes, words) how often each stands in a note; of words inside others the longest counts."""

    def take(self, places: npt.NDArray[np.int64]) -> Words:
        """The same of some notes."""
        return Words(self.hashes, self.vectors, self.counts[places])


def words_of(plain: Sequence[str]) -> Words:
    """The words of notes: Latin ones, and what a Chinese dictionary (jieba's, MIT) knows."""
    found = pieces(plain)
    runs = np.arange(len(found.start))
    hashes, strings = _hashed(_candidates(plain))
    known = np.isin(hashes, found.hashes[runs])
    hashes, strings = hashes[known], [strings[place] for place in np.flatnonzero(known)]
    rows = Table(hashes).rows(found.hashes[runs])
    hits = outermost(found, np.flatnonzero(rows >= 0))
    notes = found.text[found.clause[hits]]
    counts = csr_matrix((np.ones(len(hits), np.float32), (notes, rows[hits])), shape=(len(plain), len(hashes)))
    return Words(hashes, _whitened(_vectors(strings)), counts)


def _candidates(plain: Sequence[str]) -> list[str]:
    import jieba

    jieba.setLogLevel(60)
    jieba.initialize()
    chinese = [word for word, count in jieba.dt.FREQ.items() if count and len(word) <= LONGEST and word > "\u2e80"]
    latin = {word for text in folded_each(plain) for word in LATIN.findall(text)}
    used = {sign for text in plain for sign in text}
    return sorted(latin) + sorted(word for word in {*chinese, *used} if word > "\u2e80" and used.issuperset(word))


def _hashed(strings: Sequence[str]) -> tuple[Numbers, list[str]]:
    """The hash of each string that is one run, rising, and the strings in that order."""
    found = pieces(strings)
    runs = np.arange(len(found.start))
    text = found.text[found.clause[runs]]
    tokens = np.bincount(text[found.size == 1], minlength=len(strings))
    whole = found.size == tokens[text]
    hashes, first = np.unique(found.hashes[runs][whole], return_index=True)
    return hashes, [strings[place] for place in text[whole][first]]


def _vectors(strings: Sequence[str]) -> Floats:
    """A vector of each string, from the cache where it has one."""
    known: dict[str, Floats] = {}
    if CACHE.is_file():
        with np.load(CACHE, allow_pickle=False) as stored:
            known = dict(zip(stored["words"].tolist(), stored["vectors"], strict=True))
    new = [string for string in strings if string not in known]
    if new:
        read = sentence_vectors()
        for at in range(0, len(new), BATCH):
            known.update(zip(new[at : at + BATCH], read(new[at : at + BATCH]).astype(np.float16), strict=True))
        CACHE.parent.mkdir(exist_ok=True)
        np.savez(CACHE, words=np.array(list(known)), vectors=np.stack(list(known.values())))
    return np.stack([known[string] for string in strings]).astype(np.float32)


def _whitened(vectors: Floats) -> Floats:
    """Vectors along their principal axes, the axes less unlike each other (by the root of their spread)."""
    middle = vectors - vectors.mean(axis=0)
    size, axes = np.linalg.eigh(middle.T @ middle / len(vectors))
    turned = middle @ (axes / np.maximum(size, 1e-9) ** 0.25)
    return np.asarray(turned / np.sqrt((turned**2).sum(axis=1).mean()), dtype=np.float32)


def fitted_nets(table: csr_matrix, joined: npt.NDArray[np.bool_], words: Words, goals: Floats) -> dict[str, Any]:
    """The arrays of both networks but for the keys.

    table: (notes, pieces) how much each counts; joined: (pieces,) those that the first network sees; goals: (notes, reasons) shares.
    """
    own = table[:, np.flatnonzero(joined)]
    length = np.sqrt(np.asarray(own.multiply(own).sum(axis=1)).ravel())
    first = _pieces_net(csr_matrix(diags(GAIN / np.where(length > 0, length, 1)) @ own), goals)
    second = _words_net(words, goals)
    net, net_step = _whole(first["into"])
    vectors, _ = _whole(words.vectors @ second["turn"])
    return {
        "net": net,
        "net_step": np.float64(net_step * GAIN),
        **{f"net_{name}": first[name] for name in ("bias", "out", "base")},
        "vectors": vectors,  # their step does not matter: what they add up to is brought to one size
        "turn": second["into"],
        **{f"turn_{name}": second[name] for name in ("bias", "out", "base")},
    }


def _whole(weights: Floats) -> tuple[npt.NDArray[np.int8], float]:
    """Weights in whole steps, and the step."""
    step = float(weights.std()) / FINE
    return np.clip(np.rint(weights / step), -127, 127).astype(np.int8), step


def _pieces_net(table: csr_matrix, goals: Floats, shape: Shape = PIECES) -> dict[str, Floats]:
    chance = np.random.default_rng(0)
    weights = _layer(chance, shape.units, goals, _random(chance, (table.shape[1], shape.units), 0.1))
    steps = _Adam(weights, shape.rate, shape.rounds * (table.shape[0] // BATCH))
    for some in _batches(chance, table.shape[0], shape.rounds):
        seen = _thinned(table[some], chance, shape.unseen)
        slopes, back = _slopes(weights, seen @ weights["into"], goals[some], chance, shape.asleep)
        steps.take({**slopes, "into": np.asarray(seen.T @ back)})
    return weights


def _words_net(words: Words, goals: Floats) -> dict[str, Floats]:
    chance = np.random.default_rng(0)
    numbers = words.vectors.shape[1]
    weights = _layer(chance, WORDS.units, goals, _random(chance, (AXES, WORDS.units), np.sqrt(2 / AXES)))
    weights["turn"] = _random(chance, (numbers, AXES), np.sqrt(1 / numbers))
    steps = _Adam(weights, WORDS.rate, WORDS.rounds * (words.counts.shape[0] // BATCH))
    for some in _batches(chance, words.counts.shape[0], WORDS.rounds):
        sums = _thinned(words.counts[some], chance, WORDS.unseen) @ words.vectors
        turned = sums @ weights["turn"]
        size = np.sqrt((turned**2).mean(axis=1, keepdims=True)) + 1e-6
        level = turned / size
        slopes, back = _slopes(weights, level @ weights["into"], goals[some], chance, WORDS.asleep)
        slopes["into"] = level.T @ back
        back = back @ weights["into"].T
        slopes["turn"] = sums.T @ ((back - level * (level * back).mean(axis=1, keepdims=True)) / size)
        steps.take(slopes)
    return weights


def _layer(chance: np.random.Generator, units: int, goals: Floats, into: Floats) -> dict[str, Floats]:
    """What a network begins with."""
    return {
        "into": into,
        "bias": np.zeros(units, dtype=np.float32),
        "out": _random(chance, (units, goals.shape[1]), np.sqrt(1 / units)),
        "base": np.log(goals.mean(axis=0) + 1e-3).astype(np.float32),
    }


def _random(chance: np.random.Generator, shape: tuple[int, int], size: float) -> Floats:
    return chance.normal(0, size, shape).astype(np.float32)


def _batches(chance: np.random.Generator, n: int, rounds: int) -> Iterator[npt.NDArray[np.int64]]:
    """All n notes in a new order each round, some at a time."""
    for _ in range(rounds):
        order = chance.permutation(n)
        yield from (order[at : at + BATCH] for at in range(0, n - BATCH + 1, BATCH))


def _thinned(table: csr_matrix, chance: np.random.Generator, share: float) -> csr_matrix:
    """A table that has lost a share of its entries; the others make up for them."""
    table.data = table.data * ((chance.random(len(table.data)) > share) / np.float32(1 - share))
    return table


def _slopes(
    weights: dict[str, Floats], reached: Floats, goals: Floats, chance: np.random.Generator, asleep: float
) -> tuple[dict[str, Floats], Floats]:
    """How the loss changes with the weights behind the units, and with what reached them."""
    inside = reached + weights["bias"]
    awake = ((chance.random(inside.shape) > asleep) / np.float32(1 - asleep)).astype(np.float32) * (inside > 0)
    units = inside * awake
    scores = units @ weights["out"] + weights["base"]
    shares = np.exp(scores - scores.max(axis=1, keepdims=True))
    off = (shares / shares.sum(axis=1, keepdims=True) - goals) / len(goals)
    back = (off @ weights["out"].T) * awake
    return {"out": units.T @ off, "base": off.sum(axis=0), "bias": back.sum(axis=0)}, back


class _Adam:
    """Steps down the slopes of all weights, in place."""

    def __init__(self, weights: dict[str, Floats], rate: float, steps: int) -> None:
        self._weights, self._rate, self._steps, self._taken = weights, rate, steps, 0
        self._mean = {name: np.zeros_like(own) for name, own in weights.items()}
        self._square = {name: np.zeros_like(own) for name, own in weights.items()}

    def take(self, slopes: dict[str, Floats]) -> None:
        self._taken += 1
        share = min(1.0, self._taken / WARM) * (1 - self._taken / self._steps)
        rate = self._rate * share
        for name, slope in slopes.items():
            mean, square, own = self._mean[name], self._square[name], self._weights[name]
            mean += 0.1 * (slope - mean)
            square += 0.001 * (slope * slope - square)
            step = mean / np.float32(1 - 0.9**self._taken)
            step /= np.sqrt(square / np.float32(1 - 0.999**self._taken)) + np.float32(1e-8)
            own -= np.float32(rate) * step
            if own.ndim == 2:
                own *= np.float32(1 - DECAY * share)
