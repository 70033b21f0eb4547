"""How far two rows agree on each field, as a level: differing, partly, nearly, almost, or the same and how common that is."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from lostdeals.clean.matching.blocking import last_digits, sharing
from lostdeals.clean.matching.fields import SHARED_BY, Field
from lostdeals.clean.matching.levels import (
    ALMOST,
    DIFFERENT,
    MISSING,
    NEARLY,
    PARTLY,
    SAME,
    Array,
    Codes,
    Levels,
    Mask,
    Pairs,
    Texts,
)
from lostdeals.clean.matching.tokens import Tokens

NUMBERED = {"deal": DIFFERENT, "company": PARTLY}
"""Role -> the highest level of two texts that each have a number the other lacks: deals are told apart by it."""
CHUNK = 400_000
"""Pairs compared at a time: it bounds the memory."""


@dataclass(frozen=True)
class Comparer:
    """Compares the rows of one sheet."""

    fields: list[Field]
    tokens: dict[str, Tokens]
    sounds: dict[str, Texts]
    """Field -> how each of its texts sounds."""
    shared: dict[str, Pairs]
    """Contact -> the pairs that have one in common."""
    latin: dict[str, np.ndarray[Any, Any]]
    """Name -> whether each of its texts is written in Latin letters."""
    halves: dict[str, tuple[Texts, Codes]]
    """E-mail -> the name of each address, and a number for its host."""
    tails: dict[str, Codes]
    """Phone -> a number for the last digits of each of its texts."""
    crossing: list[tuple[int, int]]
    """Places of two fields whose values are at times put into each other's column."""
    rows: int

    @classmethod
    def of(cls, fields: list[Field], tokens: dict[str, Tokens], sounds: dict[str, Texts], rows: int) -> Comparer:
        """Everything that is worked out once per distinct value."""
        shared = {one.key: sharing(one, rows) for one in fields if one.kind == "contact"}
        halves = {one.key: _halves(one) for one in fields if one.role == "email"}
        tails = {one.key: last_digits(one) for one in fields if one.role == "phone"}
        latin = {one.key: np.array([text.isascii() for text in one.texts]) for one in fields if one.role == "name"}
        return cls(fields, tokens, sounds, shared, latin, halves, tails, _crossing(fields), rows)

    def levels(self, pairs: Pairs) -> Levels:
        """The levels of many pairs, in their order."""
        out = np.full((len(pairs), len(self.fields)), MISSING, dtype=np.int8)
        for start in range(0, len(pairs), CHUNK):
            part = pairs[start : start + CHUNK]
            a, b = np.divmod(part, self.rows)
            level = out[start : start + CHUNK]
            for place, one in enumerate(self.fields):
                level[:, place] = self._field(one, part, one.codes[a], one.codes[b])
            for first, second in self.crossing:
                self._uncross(level, first, second, part, a, b)
        return out

    def _uncross(self, level: Levels, first: int, second: int, pairs: Pairs, a: Codes, b: Codes) -> None:
        """Where two columns agree better with the values of one row exchanged, the levels are those."""
        doubt = np.flatnonzero((level[:, first] <= PARTLY) & (level[:, second] <= PARTLY))
        one, other = self.fields[first], self.fields[second]
        a, b, pairs = a[doubt], b[doubt], pairs[doubt]
        across = self._field(one, pairs, one.codes[a], other.codes[b])
        back = self._field(other, pairs, other.codes[a], one.codes[b])
        better = (across.astype(np.int16) + back > level[doubt, first].astype(np.int16) + level[doubt, second]) & (
            np.maximum(across, back) >= NEARLY
        )
        level[doubt[better], first] = across[better]
        level[doubt[better], second] = back[better]

    def _field(self, one: Field, pairs: Pairs, a: Codes, b: Codes) -> Levels:
        level = np.full(len(a), DIFFERENT, dtype=np.int8)
        missing = (a < 0) | (b < 0)
        same = (a == b) & ~missing
        if one.kind == "contact":
            busy = np.maximum(one.sizes[a], one.sizes[b]) > SHARED_BY
            same = _among(pairs, self.shared[one.key])
            missing = (missing | busy) & ~same
        level[missing] = MISSING
        rest = np.flatnonzero(~missing & ~same)
        if one.kind == "date":
            level[rest] = dates(one.texts[a[rest]], one.texts[b[rest]])
        elif one.kind == "contact":
            first, second = one.texts[a[rest]], one.texts[b[rest]]
            if one.role == "email":
                # Two addresses at one host are alike only as far as the names before it are
                names, hosts = self.halves[one.key]
                one_host = hosts[a[rest]] == hosts[b[rest]]
                first = np.where(one_host, names[a[rest]], first)
                second = np.where(one_host, names[b[rest]], second)
            level[rest] = contacts(one.role, first, second)
            if one.role == "phone":
                tail = self.tails[one.key]
                level[rest[tail[a[rest]] == tail[b[rest]]]] = ALMOST
        elif one.kind == "text":
            heard = self.sounds[one.key]
            words = self.tokens.get(one.key)
            shared = partial(_shared_words, words, a[rest], b[rest]) if words else None
            level[rest] = texts(one.texts[a[rest]], one.texts[b[rest]], heard[a[rest]] == heard[b[rest]], shared)
            if one.role == "name":
                self._two_scripts(one, level, a, b, rest)
            if one.role == "address":
                alike = rest[level[rest] > PARTLY]
                level[alike] = np.minimum(level[alike], _by_number(one.texts[a[alike]], one.texts[b[alike]]))
            if one.role in NUMBERED:
                alike = rest[level[rest] > DIFFERENT]
                level[alike[_counted_on(one.texts[a[alike]], one.texts[b[alike]])]] = NUMBERED[one.role]
        level[same] = np.where((a == b)[same], one.bands[a[same]], SAME)
        return level

    def _two_scripts(self, one: Field, level: Levels, a: Codes, b: Codes, rest: Codes) -> None:
        """A Chinese name and a Latin one: 王伟 and Wang Wei sound alike, any other two tell nothing."""
        latin = self.latin[one.key]
        mixed = rest[latin[a[rest]] != latin[b[rest]]]
        heard = self.sounds[one.key]
        for at in mixed.tolist():
            han, other = (b[at], a[at]) if latin[a[at]] else (a[at], b[at])
            same = sorted(heard[han].split()) == one.texts[other].split() or "".join(heard[han].split()) in (
                one.texts[other].replace(" ", ""),
                "".join(reversed(one.texts[other].split())),
            )
            level[at] = ALMOST if same else MISSING


def _shared_words(words: Tokens, first: Codes, second: Codes, which: Codes) -> Array:
    return words.alike(first[which], second[which])


def texts(first: Texts, second: Texts, sound_same: Mask, shared: Callable[[Codes], Array] | None = None) -> Levels:
    """Two differing texts each, by edit similarity (Winkler 1990), the longest common subsequence and the words in common.

    shared: gives the cosine of the words of some of the pairs, 0-1; 1 where the texts are single words.

    >>> a = np.array(["样例科技", "王小明", "smith john", "acme north"], dtype=object)
    >>> b = np.array(["样例科技 上海", "王小名", "smith jon", "zeta south"], dtype=object)
    >>> texts(a, b, np.array([False, True, True, False])).tolist()
    [2, 3, 3, 0]
    """
    from rapidfuzz import fuzz, process
    from rapidfuzz.distance import JaroWinkler

    level = np.zeros(len(first), dtype=np.int8)
    if not len(first):
        return level
    every = process.cpdist(first, second, scorer=fuzz.ratio, score_cutoff=100 * CONTAINED, dtype=np.float32)
    # Most pairs end here: what is less alike is different by every measure
    which = np.flatnonzero(every > 0)
    if not len(which):
        return level
    first, second, ratio, sound_same = first[which], second[which], every[which] / 100, sound_same[which]
    size_a = np.fromiter(map(len, first), dtype=np.int32, count=len(first))
    size_b = np.fromiter(map(len, second), dtype=np.int32, count=len(second))
    winkler = process.cpdist(first, second, scorer=JaroWinkler.normalized_similarity, dtype=np.float32)
    short = np.minimum(size_a, size_b)
    common = ratio * (size_a + size_b) / 2
    inside = (common >= short - 0.01) & (short >= 2)
    # One Chinese character is as much as a Latin word: a third of a short name may differ
    off_by_one = (size_a == size_b) & (short >= 3) & (common >= short - 1.01) & (short <= 6)
    words = shared(which) if shared else np.ones(len(which))
    cosine = np.where(words < 1, words, 0)
    close = np.where(words >= 0.5, winkler, 0)
    partly = (winkler >= 0.75) | inside | (ratio >= 0.6) | (cosine >= 0.45)
    nearly = (close >= 0.86) | (ratio >= 0.8) | off_by_one | (inside & (ratio >= 0.65)) | (cosine >= 0.7)
    almost = (close >= 0.94) | (ratio >= 0.9) | sound_same | (cosine >= 0.9)
    level[which] = np.select([almost, nearly, partly], [ALMOST, NEARLY, PARTLY], DIFFERENT)
    return level


def dates(first: np.ndarray[Any, Any], second: np.ndarray[Any, Any]) -> Levels:
    """Two differing days each: one part mistyped or swapped, near each other, the same year, or neither.

    >>> day = np.array(["1990-03-05", "1990-03-05", "1990-03-05", "1990-03-05"], dtype="datetime64[D]")
    >>> dates(day, np.array(["1990-05-03", "1990-03-06", "1990-08-29", "1991-11-29"], dtype="datetime64[D]")).tolist()
    [3, 3, 2, 0]
    """
    (ya, ma, da), (yb, mb, db) = _parts(first), _parts(second)
    year, month, day = ya == yb, ma == mb, da == db
    one_part = (year.astype(np.int8) + month + day) == 2
    swapped = year & (ma == db) & (da == mb)
    level = np.zeros(len(first), dtype=np.int8)
    level[month & day] = PARTLY
    level[year] = NEARLY
    level[one_part & (year | (abs(ya - yb) <= 1) | (abs(ya - yb) % 10 == 0)) | swapped] = ALMOST
    return level


def _by_number(first: Texts, second: Texts) -> Levels:
    """The highest level that the house numbers allow: next door is not the same address."""
    numbers = [(set(NUMBER.findall(a)), set(NUMBER.findall(b))) for a, b in zip(first, second, strict=True)]
    return np.array([PARTLY if a and b and not a & b else ALMOST for a, b in numbers], dtype=np.int8)


def _counted_on(first: Texts, second: Texts) -> Mask:
    """Whether each of two texts has a number that the other lacks: Renewal 2025 and Renewal 2026."""
    numbers = ((set(NUMBER.findall(a)), set(NUMBER.findall(b))) for a, b in zip(first, second, strict=True))
    return np.fromiter((bool(a - b) and bool(b - a) for a, b in numbers), dtype=bool, count=len(first))


def contacts(role: str, first: np.ndarray[Any, Any], second: np.ndarray[Any, Any]) -> Levels:
    """Two differing numbers or addresses each: a letter off, much alike, the same name at another host, or neither."""
    from rapidfuzz import fuzz, process
    from rapidfuzz.distance import OSA

    if not len(first):
        return np.empty(0, dtype=np.int8)
    level = np.zeros(len(first), dtype=np.int8)
    if role != "email":
        level[process.cpdist(first, second, scorer=OSA.distance, score_cutoff=1) <= 1] = ALMOST
    else:
        ratio = process.cpdist(first, second, scorer=fuzz.ratio, score_cutoff=70, dtype=np.float32)
        level[ratio >= 70] = PARTLY
        level[ratio >= 80] = NEARLY
        level[ratio >= 90] = ALMOST
    return level


def _halves(email: Field) -> tuple[Texts, Codes]:
    """Of each address what stands before the @, and a number for what stands behind it."""
    halves = [text.partition("@") for text in email.texts]
    names = np.array([before for before, _, _ in halves], dtype=object)
    return names, pd.factorize(np.array([behind for _, _, behind in halves], dtype=object))[0].astype(np.int64)


def _among(pairs: Pairs, known: Pairs) -> np.ndarray[Any, Any]:
    """Which pairs are known; both in order."""
    if not len(known):
        return np.zeros(len(pairs), dtype=bool)
    return np.asarray(known[np.minimum(np.searchsorted(known, pairs), len(known) - 1)] == pairs)


def _crossing(fields: list[Field]) -> list[tuple[int, int]]:
    """Columns that share a twentieth of their values; only texts that are numbered together can."""
    values = {place: np.unique(one.codes[one.codes >= 0]) for place, one in enumerate(fields) if one.together}
    out = []
    for first, second in combinations(values, 2):
        both = np.intersect1d(values[first], values[second], assume_unique=True).size
        if both >= max(2, CROSSED * min(values[first].size, values[second].size)):
            out.append((first, second))
    return out


def _parts(days: np.ndarray[Any, Any]) -> tuple[np.ndarray[Any, Any], ...]:
    months = days.astype("datetime64[M]")
    years = days.astype("datetime64[Y]")
    return (
        years.astype(np.int64),
        (months - years).astype(np.int64),
        (days - months).astype(np.int64),
    )


NUMBER = re.compile(r"\d+")
CONTAINED = 0.4
CROSSED = 0.02
