"""Pairs of rows worth comparing: those that share a contact, two other values, or the rare part of a name."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np
import pandas as pd

from lostdeals.clean.matching.fields import SHARED_BY, Field
from lostdeals.clean.matching.levels import Codes, Pairs, Texts
from lostdeals.clean.matching.tokens import Tokens

PAIRS_PER_ROW, FEW_PAIRS = 1.5, 5000
"""A rule gives at most so many pairs for each row, and so many in a small sheet (project defaults)."""
BLOCK = 12
"""Rows of one block that are compared each with each; in a larger block, each with its next few (a project default)."""
NEXT = 3
RARE_WORDS = 3
"""Of each text the so many rarest words are keys."""


def candidates(fields: list[Field], tokens: dict[str, Tokens], sounds: dict[str, Texts], n: int) -> Pairs:
    """The pairs to compare, each once, in order.

    tokens, sounds: of text fields, the words and the sound of each of their texts.
    """
    found = [sharing(one, n) for one in fields if one.kind == "contact"]
    for rows, values in _keys(fields, tokens, sounds, n):
        found.append(_pairs_of(rows, values, n))
        if len(found) > AT_ONCE:
            found = [distinct(np.concatenate(found))]
    return distinct(np.concatenate([np.empty(0, dtype=np.int64), *found]))


def sharing(contact: Field, n: int) -> Pairs:
    """The pairs of rows with a phone, address or id in common, switchboards left out."""
    size = np.bincount(contact.values, minlength=len(contact.texts))
    few = (size[contact.values] <= SHARED_BY) & (size[contact.values] > 1)
    return distinct(_pairs_of(contact.rows[few], contact.values[few], n, SHARED_BY))


def _keys(
    fields: list[Field], tokens: dict[str, Tokens], sounds: dict[str, Texts], n: int
) -> Iterator[tuple[Codes, Codes]]:
    """The rules: of each the rows and what they have in common."""
    views = [list(_views(one, sounds)) for one in fields]
    for one, own in zip(fields, views, strict=True):
        if one.key in tokens:
            yield from _rare_words(one, tokens[one.key])
        for codes in own:
            if one.kind != "choice" and _chance(codes) * n <= BLOCK:
                yield _entries(codes)
    for place, other in combinations(range(len(fields)), 2):
        for first in views[place]:
            for second in views[other]:
                if _chance(first) * _chance(second) * n * n <= 2 * most(n):
                    yield _entries(_both(first, second))
    together = [place for place, one in enumerate(fields) if one.together]
    parts = [_entries(codes) for place in together for codes in views[place][1:]]
    if len(together) > 1:
        # A name in the column of another: the same sound in any of them, and anything else in common
        rows, values = (np.concatenate(part) for part in zip(*parts, strict=True))
        for place in range(len(fields)):
            if place not in together:
                for second in views[place]:
                    both = second[rows] >= 0
                    yield rows[both], (values * (second.max(initial=0) + 1) + second[rows])[both]
        first, second = (views[place][1] for place in together[:2])
        yield _entries(_both(np.minimum(first, second), np.maximum(first, second)))


def _entries(codes: Codes) -> tuple[Codes, Codes]:
    rows = np.flatnonzero(codes >= 0)
    return rows, codes[rows]


def _views(one: Field, sounds: dict[str, Texts]) -> Iterator[Codes]:
    """The value itself, and what stays of it when it is mistyped."""
    yield one.codes
    if one.kind == "date":
        yield _recoded(one.codes, (one.texts.astype("datetime64[M]") - np.datetime64("1900-01")).astype(np.int64))
    elif one.kind == "text":
        yield _recoded(one.codes, _numbered(sounds[one.key]))
    elif one.role == "email":
        yield _recoded(one.codes, _numbered(np.array([text.partition("@")[0] for text in one.texts], dtype=object)))
    elif one.role == "phone":
        yield _recoded(one.codes, last_digits(one))


def _rare_words(one: Field, tokens: Tokens) -> Iterator[tuple[Codes, Codes]]:
    """Row and word, for the rarest words of each text that others have too."""
    values, words = tokens.rarest(RARE_WORDS)
    order = np.argsort(one.codes, kind="stable")
    order = order[one.codes[order] >= 0]
    start = np.searchsorted(one.codes[order], values)
    stop = np.searchsorted(one.codes[order], values, side="right")
    size = np.minimum(stop - start, BLOCK)
    rows = order[np.repeat(start - np.r_[0, np.cumsum(size)[:-1]], size) + np.arange(size.sum())]
    yield rows, np.repeat(words, size)


def most(n: int) -> float:
    """Pairs that one rule may give in a sheet of n rows."""
    return max(PAIRS_PER_ROW * n, FEW_PAIRS)


def last_digits(phone: Field) -> Codes:
    """A number for each phone without its prefix: 021-65432100 and 65432100 are alike."""
    return _numbered(np.array([text[-LAST_DIGITS:] for text in phone.texts], dtype=object))


def distinct(pairs: Pairs) -> Pairs:
    """Each pair once, in order. Sorting beats numpy's own hash table four times."""
    pairs = np.sort(pairs)
    return pairs[np.r_[True, pairs[1:] != pairs[:-1]]] if len(pairs) else pairs


def _numbered(texts: Texts) -> Codes:
    return pd.factorize(texts)[0].astype(np.int64)


def _recoded(codes: Codes, to: Codes) -> Codes:
    if not len(to):
        return codes
    return np.where(codes >= 0, to[codes], -1)


def _both(first: Codes, second: Codes) -> Codes:
    return np.where((first >= 0) & (second >= 0), first * (second.max(initial=0) + 1) + second, -1)


def _chance(codes: Codes) -> float:
    """How probable it is that two rows have the same value."""
    filled = codes[codes >= 0]
    if not len(filled):
        return 0.0
    share = np.bincount(filled) / len(codes)
    return float((share**2).sum())


def _pairs_of(rows: Codes, values: Codes, n: int, block: int = BLOCK) -> Pairs:
    """The pairs of rows with the same value: of small blocks all, of large ones each row with the next few."""
    order = np.argsort(values, kind="stable")
    rows, values = rows[order], values[order]
    starts = np.flatnonzero(np.r_[True, values[1:] != values[:-1]]) if len(values) else np.empty(0, np.int64)
    size = np.diff(np.r_[starts, len(values)])
    several = np.repeat(size > 1, size)
    rows, values, sizes = rows[several], values[several], np.repeat(size, size)[several]
    out = [np.empty(0, dtype=np.int64)]
    left = most(n)
    for step in range(1, block):
        if len(rows) <= step:
            break
        reach = (values[step:] == values[:-step]) & ((sizes[step:] <= block) | (step <= NEXT))
        if not reach.any() or reach.sum() > left:
            break
        a, b = rows[:-step][reach], rows[step:][reach]
        a, b = a[a != b], b[a != b]
        left -= len(a)
        out.append(np.minimum(a, b) * n + np.maximum(a, b))
    return np.concatenate(out)


AT_ONCE = 12
LAST_DIGITS = 8
