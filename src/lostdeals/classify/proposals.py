"""Propose new reasons: what stays without a reason, or under “other”, grouped by the words it shares."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import pandas as pd

from lostdeals import schema
from lostdeals.classify.reason_reader import UNSPECIFIC
from lostdeals.vocab import Vocabulary, normalise
from lostdeals.vocab.phrases import folded

PROPOSALS = ["terms", "n", "example"]
"""The words a group shares (the commonest first, joined with 、), its rows, and one of its texts."""
LEAST = 3
"""Rows that make a group, and at least this share of the unexplained rows."""
LEAST_SHARE = 0.02
MOST_GROUPS, MOST_TERMS = 8, 3
CHINESE = re.compile(r"[\u4e00-\u9fff]+")
LATIN = re.compile(r"[a-z][a-z'-]{2,}")


def proposals(leads: pd.DataFrame, vocabulary: Vocabulary) -> pd.DataFrame:
    """``PROPOSALS``, the largest group first; a row is in one group only.

    Looked at are the lost customers (the open ones where nobody was lost) whose text names no reason that is known. A term
    is a piece of 2-4 Chinese characters or one or two Latin words; of those that are commoner here than in the explained
    texts the one that explains most rows (n · ln of how much commoner it is) makes the next group.
    """
    lost = leads["outcome_class"] == "lost"
    asked = leads[lost] if lost.any() else leads[leads["outcome_class"] == "open"]
    nothing = frozenset(map(normalise, vocabulary.section("reasons")["reading"]["nothing"]))
    texts = _texts(asked, nothing)
    known = asked["main_reason"].notna() & (asked["main_reason"] != UNSPECIFIC)
    stop = frozenset(vocabulary.section("reasons")["reading"]["stop"])
    open_terms = [_terms(text, stop) for text in texts[~known & (texts != "")]]
    sources = texts[~known & (texts != "")].tolist()
    elsewhere = Counter(term for text in texts[known] for term in _terms(text, stop))
    explained = max(int(known.sum()), 1)
    least = max(LEAST, math.ceil(LEAST_SHARE * len(sources)))
    found: list[tuple[str, int, str]] = []
    left = set(range(len(sources)))
    while len(found) < MOST_GROUPS:
        counts = Counter(term for place in left for term in open_terms[place])
        scores = {
            term: n * math.log((n / len(sources)) / ((elsewhere[term] + 1) / (explained + 1)))
            for term, n in counts.items()
            if n >= least
        }
        best = max(scores, key=lambda term: (scores[term], len(term), term), default=None)
        if best is None or scores[best] <= 0:
            break
        group = {place for place in left if best in open_terms[place]}
        found.append((_named(best, group, open_terms), len(group), min((sources[place] for place in group), key=len)))
        left -= group
    return pd.DataFrame(found, columns=PROPOSALS).sort_values("n", ascending=False, kind="stable", ignore_index=True)


def _texts(leads: pd.DataFrame, nothing: frozenset[str]) -> pd.Series[Any]:
    """What each row says of its reason: the reason columns, then the notes, joined; nothing for an answer like 不清楚."""
    columns = [column for role in ("loss_reason", "notes", "feedback") for column in schema.columns_of(leads, role)]
    joined = pd.Series("", index=leads.index, dtype=object)
    for column in columns:
        told = leads[column].map(lambda cell: isinstance(cell, str) and normalise(cell) not in nothing)
        joined = joined + leads[column].where(told, "").map("{}\n".format).where(told, "").astype(object)
    return joined.str.strip()


def _terms(text: str, stop: Iterable[str]) -> frozenset[str]:
    """The pieces of a text that could name a reason.

    >>> sorted(_terms("No parking at the shop", {"the", "at"}))
    ['no parking', 'parking', 'shop']
    """
    plain, stop = folded(text), frozenset(stop)
    terms = {
        run[start : start + size]
        for run in CHINESE.findall(plain)
        for size in (2, 3, 4)
        for start in range(len(run) - size + 1)
    }
    words = re.findall(r"[a-z][a-z'-]*", plain)
    terms |= {word for word in words if LATIN.fullmatch(word)}
    terms |= {
        f"{first} {second}"
        for first, second in pairwise(words)
        if LATIN.fullmatch(second) and second not in stop and first not in stop
    }
    return frozenset(term for term in terms if term not in stop)


def _named(best: str, group: set[int], terms: Sequence[frozenset[str]]) -> str:
    """The group's own term and the commonest others that at least half of it shares."""
    counts = Counter(term for place in group for term in terms[place])
    names = [best]
    for term, n in sorted(counts.items(), key=lambda pair: (-pair[1], -len(pair[0]), pair[0])):
        if len(names) == MOST_TERMS or 2 * n < len(group):
            break
        if not any(term in name or name in term or _overlap(term, name) for name in names):
            names.append(term)
    return "、".join(names)


def _overlap(first: str, second: str) -> bool:
    """Whether two pieces of one phrase stick together: 车位、位太 say nothing side by side."""
    return any(
        first.endswith(second[:size]) or second.endswith(first[:size])
        for size in range(1, min(len(first), len(second)))
    )
