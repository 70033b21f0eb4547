"""Say in words why two rows are taken for one customer, and what speaks against it."""

from __future__ import annotations

from typing import Any

import numpy as np

from lostdeals.clean.matching.fields import Field
from lostdeals.clean.matching.levels import DIFFERENT, NEARLY, PARTLY, SAME, Levels
from lostdeals.clean.matching.search import Found
from lostdeals.vocab import Words

MOST = 5
"""Reasons that one pair is given at most."""
SPEAKS = 1.0
"""Bits from which a field is worth a word."""


def reasons(found: Found, words: Words) -> list[str]:
    """One text per pair: “same phone; name 0.92 alike; different address”, the weightiest first, what is against last."""
    fields = found.comparer.fields
    names = [field_name(one, words) for one in fields]
    bits = found.weights.speaks(found.levels)
    alike = _similarities(found)
    parts = []
    for place, name in enumerate(names):
        level = found.levels[:, place]
        same = words.say("duplicate.same", field=name)
        different = words.say("duplicate.different", field=name)
        said = np.where(level >= SAME, same, np.where(level == DIFFERENT, different, "")).astype(object)
        near = np.flatnonzero((level > DIFFERENT) & (level < SAME) & (bits[:, place] >= SPEAKS))
        for at in near.tolist():
            said[at] = words.say("duplicate.alike", field=name, share=alike[at, place])
        said[np.abs(bits[:, place]) < SPEAKS] = ""
        parts.append(said)
    order = np.argsort(-bits, axis=1, kind="stable")
    table = np.stack(parts, axis=1) if parts else np.empty((len(bits), 0), dtype=object)
    joint = words.say("duplicate.join")
    return [
        joint.join([text for text in row if text][:MOST]) for row in np.take_along_axis(table, order, axis=1).tolist()
    ]


def telling(levels: Levels, found: Found) -> list[str]:
    """The LEADS columns or roles that gave each pair away, the weightiest first, joined with ``; ``."""
    bits = np.where(levels >= NEARLY, found.weights.speaks(levels), 0.0)
    keys = np.array([one.key for one in found.comparer.fields], dtype=object)
    order = np.argsort(-bits, axis=1, kind="stable")
    speaks = np.take_along_axis(bits, order, axis=1) >= SPEAKS
    return ["; ".join(keys[places[mask]][:3]) for places, mask in zip(order, speaks, strict=True)]


def field_name(one: Field, words: Words) -> str:
    """What a field is called in a sentence: its role, or its header where it has none."""
    if one.role == "extra":
        return one.key.partition(".")[2]
    label = words.pick(words.vocabulary.section("columns")[one.role]["label"])
    return label.lower() if words.lang == "en" else label


def _similarities(found: Found) -> np.ndarray[Any, Any]:
    """How much alike two differing texts are, 0-1; only where it will be said."""
    from rapidfuzz import process
    from rapidfuzz.distance import JaroWinkler

    first, second = found.rows
    out = np.full(found.levels.shape, np.nan)
    for place, one in enumerate(found.comparer.fields):
        level = found.levels[:, place]
        rows = np.flatnonzero((level >= PARTLY) & (level < SAME))
        texts = one.texts.astype(str) if one.kind == "date" else one.texts
        a, b = one.codes[first[rows]], one.codes[second[rows]]
        known = (a >= 0) & (b >= 0)
        pairs = texts[a[known]], texts[b[known]]
        if known.any():
            out[rows[known], place] = process.cpdist(*pairs, scorer=JaroWinkler.normalized_similarity)
    return out
