"""Classify by one dimension of ``vocab/dimensions.toml``: words first, then its rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from lostdeals import schema
from lostdeals.vocab import Phrases, Vocabulary, matches


def classify_dimension(leads: pd.DataFrame, dimension: str, vocabulary: Vocabulary) -> pd.Series[Any]:
    """The category of each lead, None where neither a word nor a rule decides.

    Words are looked for in the dimension's ``roles`` in their order; with ``several = true`` every category that is named
    is kept, in the order found, joined with ``; ``.
    """
    section = vocabulary.section("dimensions")[dimension]
    result = pd.Series(None, index=leads.index, dtype=object)
    reader = _Reader(section["categories"], several=section.get("several", False))
    for role in section.get("roles", []):
        for column in schema.columns_of(leads, role):
            texts = leads[column].where(leads[column].map(lambda value: isinstance(value, str)))
            read = texts.map({text: reader.one(text) for text in texts.dropna().unique()}).astype(object)
            result = result.where(result.notna(), read)
    for rule in section.get("rules", []):
        met = result.isna() & matches(rule["when"], leads)
        result = result.where(~met, rule["is"])
    return result.where(result.notna(), None)


class _Reader:
    def __init__(self, categories: Mapping[str, Any], *, several: bool) -> None:
        self._several = several
        self._values = Phrases({key: entry.get("values", []) for key, entry in categories.items()})
        self._words = Phrases({key: entry.get("words", []) for key, entry in categories.items()})

    def one(self, text: str) -> str | None:
        """The category of one text."""
        whole = self._values.whole(text)
        if whole is not None:
            return whole
        hits = self._words.find(text)
        if not hits:
            return None
        if self._several:
            return "; ".join(dict.fromkeys(hit.category for hit in hits))
        return max(hits, key=lambda hit: (len(hit.phrase), -hit.start)).category

