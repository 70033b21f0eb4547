"""Classify by one dimension of ``vocab/dimensions.toml``: words first, then its rules."""

from __future__ import annotations

from typing import Any

import pandas as pd

from lostdeals import schema
from lostdeals.classify.texts import labels, read_texts, spellings, unknown
from lostdeals.vocab import Phrases, Vocabulary, matches


def classify_dimension(leads: pd.DataFrame, dimension: str, vocabulary: Vocabulary) -> pd.Series[Any]:
    """The category of each lead, None where neither a word nor a rule decides.

    Words are looked for in the dimension's ``roles`` in their order; with ``several = true`` every category that is named
    is kept, in the order found, joined with ``; ``.
    """
    section = vocabulary.section("dimensions")[dimension]
    reader = DimensionReader(vocabulary, dimension)
    result = unknown(leads.index)
    for role in section.get("roles", []):
        for column in schema.columns_of(leads, role):
            result = result.where(result.notna(), read_texts(leads[column], reader.one))
    for rule in section.get("rules", []):
        result = result.where(result.notna() | ~matches(rule["when"], leads), rule["is"])
    return result


class DimensionReader:
    """What a text says about one dimension, by the vocabulary."""

    def __init__(self, vocabulary: Vocabulary, dimension: str) -> None:
        section = vocabulary.section("dimensions")[dimension]
        categories = section["categories"]
        self._several = section.get("several", False)
        self._values = Phrases({key: labels(entry) + entry.get("values", []) for key, entry in categories.items()})
        self._words = Phrases(
            {key: entry.get("words", []) for key, entry in categories.items()} | {"": section.get("not", [])}
        )

    def one(self, text: str) -> str | None:
        """The category of one text, None where no word decides.

        >>> from lostdeals.vocab import load
        >>> DimensionReader(load(), "intent").one("A（重点客户）"), DimensionReader(load(), "source").one("老客户转介绍")
        ('high', 'referral')
        """
        for spelling in spellings(text):
            whole = self._values.whole(spelling)
            if whole is not None:
                return whole
        hits = self._words.find(text)
        if not hits:
            return None
        if self._several:
            return "; ".join(dict.fromkeys(hit.category for hit in hits))
        return max(hits, key=lambda hit: (hit.size, -hit.start)).category
