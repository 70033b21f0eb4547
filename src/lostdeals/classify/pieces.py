"""The pieces that a text is made of, as numbers, for many texts at once: runs of characters and words within a clause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from lostdeals.vocab.phrases import folded_each

Numbers = npt.NDArray[np.uint64]
Places = npt.NDArray[np.int64]

RUNS = 4
"""Longest run of Chinese characters."""
WORDS = 3
"""Longest run of words (a run may mix words and characters)."""
LATIN = (3, 4, 5)
"""Letters of the pieces of a Latin word; its beginning and end count."""
SPACE, WORD, CHINESE, MARK, END = range(5)
"""Kinds of signs."""

# Odd multipliers of the hashes; any large odd numbers serve (these are from Steele, Lea and Flood 2014).
BASE = 0x9E3779B97F4A7C15
RUN = 0xD1342543DE82EF95
INVERSE = pow(BASE, -1, 2**64)


@dataclass(frozen=True)
class Pieces:
    """All pieces of many texts."""

    hashes: Numbers
    """64 bits each, no two different pieces alike but by chance (1 in 10¹⁰ for a million of them)."""
    clause: Places
    """The clause of each, counted through all texts."""
    text: Places
    """The text of each clause; a text without any piece has none."""
    begin: Places
    end: Places
    """Where each clause stands in its folded text."""
    like: Places
    """The clause whose pieces each clause has: its own number, or that of the first one like it (see `pieces`)."""
    start: Places
    """Of the runs, which come before all other pieces: the number of the first character or word, through all texts."""
    size: npt.NDArray[np.int8]
    """Of the runs: their characters and words."""


def pieces(texts: Sequence[str], *, once: bool = False, folded: Sequence[str] | None = None) -> Pieces:
    """The pieces of each clause of each text.

    once: clauses that are alike give their pieces only where they stand first, because people write the same ones again
    and again.

    A clause ends at a punctuation mark. Its pieces are runs of 1-4 Chinese characters, of 1-3 words, and of 3-5 letters of
    a Latin word. Digits are all alike. Texts are folded (`lostdeals.vocab.phrases.folded`) here, unless one has them folded.

    >>> found = pieces(["太贵", "too dear, no"])
    >>> found.text.tolist(), np.bincount(found.clause).tolist()
    ([0, 1, 1], [3, 7, 1])
    """
    joined = "\n".join([*(text.replace("\n", " ") for text in folded or folded_each(texts)), ""])
    signs = np.frombuffer(joined.encode("utf-32-le", "replace"), dtype=np.uint32)
    kind = _kinds(signs)
    signs = np.where((signs >= 48) & (signs <= 57), 48, signs)
    before = np.concatenate([[END], kind[:-1]])
    starts = np.flatnonzero((kind == CHINESE) | ((kind == WORD) & (before != WORD)))
    if not len(starts):
        none = np.zeros(0, dtype=np.int64)
        return Pieces(np.zeros(0, dtype=np.uint64), none, none, none, none, none, none, none.astype(np.int8))
    turns = np.flatnonzero(np.concatenate([kind[1:] != kind[:-1], [True]])) + 1
    ends = np.where(kind[starts] == CHINESE, starts + 1, turns[np.searchsorted(turns, starts, side="right")])
    breaks = np.cumsum(kind >= MARK)[starts]
    owner = np.cumsum(kind == END)[starts]
    fresh = np.concatenate([[True], breaks[1:] != breaks[:-1]])
    clause = np.cumsum(fresh) - 1
    span = _Spans(signs)
    offsets = np.concatenate([[0], np.flatnonzero(kind == END) + 1])[owner]
    last = np.concatenate([fresh[1:], [True]])
    begin, end, text = (starts - offsets)[fresh], (ends - offsets)[last], owner[fresh]
    like = np.arange(len(text))
    if once:
        first, same = np.unique(span.hashes(starts[fresh], ends[last]), return_index=True, return_inverse=True)[1:]
        like = first[same]
        own = like[clause] == clause
        starts, ends, clause = starts[own], ends[own], clause[own]
    tokens = span.hashes(starts, ends)
    runs, first, size = _runs(tokens, clause, kind[starts] == WORD)
    found = [(runs, clause[first])]
    found += [_letters(kind == WORD, span, starts, ends, clause, length) for length in LATIN]
    hashes, clauses = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return Pieces(hashes, clauses, text, begin, end, like, first, size)


def _kinds(signs: npt.NDArray[np.uint32]) -> npt.NDArray[np.int8]:
    letter = ((signs >= 97) & (signs <= 122)) | ((signs >= 48) & (signs <= 57)) | (signs == 39)
    letter |= (signs >= 0xC0) & (signs < 0x2000) & (signs != 0xD7) & (signs != 0xF7)
    chinese = ((signs > 0x2E80) & (signs < 0x3000)) | ((signs >= 0x3040) & (signs < 0xFE00)) | (signs > 0x1FFFF)
    kind = np.full(len(signs), MARK, dtype=np.int8)
    for mask, value in ((letter, WORD), (chinese, CHINESE), (signs == 32, SPACE), (signs == 10, END)):
        kind[mask] = value
    return kind


class _Spans:
    """Hashes of any stretch of a text: sums of sign · base^place, brought to place 0 (all modulo 2⁶⁴)."""

    def __init__(self, signs: npt.NDArray[np.uint32]) -> None:
        self._inverse = _powers(INVERSE, len(signs) + 1)
        with np.errstate(over="ignore"):
            weighted = (signs.astype(np.uint64) + np.uint64(1)) * _powers(BASE, len(signs))
            self._sums = np.concatenate([np.zeros(1, dtype=np.uint64), np.cumsum(weighted, dtype=np.uint64)])

    def hashes(self, starts: Places, ends: Places) -> Numbers:
        with np.errstate(over="ignore"):
            return mixed((self._sums[ends] - self._sums[starts]) * self._inverse[starts])


@cache
def _powers_to(base: int, size: int) -> Numbers:
    with np.errstate(over="ignore"):
        factors = np.full(size, base, dtype=np.uint64)
        factors[0] = 1
        return np.cumprod(factors, dtype=np.uint64)


def _powers(base: int, size: int) -> Numbers:
    """base⁰ … of at least so many places, worked out for the next power of two and kept."""
    return _powers_to(base, 1 << max(size - 1, 1).bit_length())[:size]


def mixed(hashes: Numbers) -> Numbers:
    """Every bit spread over all others (the finaliser of SplitMix64)."""
    with np.errstate(over="ignore"):
        hashes = (hashes ^ (hashes >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        hashes = (hashes ^ (hashes >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return hashes ^ (hashes >> np.uint64(31))


def _runs(tokens: Numbers, clause: Places, word: npt.NDArray[np.bool_]) -> tuple[Numbers, Places, npt.NDArray[np.int8]]:
    """Runs of 1 to ``RUNS`` tokens of one clause, the first token of each, and how many it has.

    Those longer than ``WORDS`` are of Chinese characters only.
    """
    hashes, firsts = [mixed(tokens)], [np.arange(len(tokens))]
    words = np.concatenate([[0], np.cumsum(word)])
    run = tokens
    for size in range(2, RUNS + 1):
        last = len(tokens) - size + 1
        if last <= 0:
            break
        with np.errstate(over="ignore"):
            run = run[:last] * np.uint64(RUN) + tokens[size - 1 :]
        inside = clause[:last] == clause[size - 1 :]
        if size > WORDS:
            inside &= words[size:] == words[:last]
        first = np.flatnonzero(inside)
        hashes.append(mixed(run[first] + np.uint64(size)))
        firsts.append(first)
    sizes = np.repeat(np.arange(1, len(firsts) + 1, dtype=np.int8), [len(first) for first in firsts])
    return np.concatenate(hashes), np.concatenate(firsts), sizes


def run_of_two(numbers: Numbers) -> Numbers:
    """A number for each two neighbours."""
    with np.errstate(over="ignore"):
        return mixed(numbers[:-1] * np.uint64(RUN) + numbers[1:])


def _letters(
    letter: npt.NDArray[np.bool_], span: _Spans, starts: Places, ends: Places, clause: Places, length: int
) -> tuple[Numbers, Places]:
    """Pieces of so many letters of Latin words; that a piece begins or ends its word makes it another one."""
    long = np.flatnonzero(letter[starts] & (ends - starts >= length))
    counts = ends[long] - starts[long] - length + 1
    token = np.repeat(long, counts)
    offset = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    begin = starts[token] + offset
    edge = (offset == 0).astype(np.uint64) + np.uint64(2) * (begin + length == ends[token]).astype(np.uint64)
    with np.errstate(over="ignore"):
        return mixed(span.hashes(begin, begin + length) * np.uint64(RUN) + edge), clause[token]
