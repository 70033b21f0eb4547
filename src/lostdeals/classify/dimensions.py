"""Classify by the dimensions of ``vocab/dimensions.toml``: words first, then bands and rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from lostdeals import schema
from lostdeals.classify.texts import labels
from lostdeals.distinct import made_of, repeated
from lostdeals.vocab import Phrases, Vocabulary, matches
from lostdeals.vocab.phrases import Hit
from lostdeals.vocab.wordings import Wordings

AROUND_VALUE = 16
"""Letters that may stand around a value (see `spellings`); a longer text is no single value."""
UNMATCHED = ["dimension", "column", "value", "n"]
"""A value that a pick-list column has and no word of its dimension knows, and on how many rows."""


def dimensions(vocabulary: Vocabulary) -> list[str]:
    """The names of all dimensions that words, bands or rules decide, in the vocabulary's order: a rule may use those before it."""
    return [
        name for name, block in vocabulary.section("dimensions").items() if block.keys() & {"roles", "bands", "rules"}
    ]


def classify_dimension(leads: pd.DataFrame, dimension: str, vocabulary: Vocabulary) -> pd.DataFrame:
    """``category`` and ``by`` of each lead: the category's key, and what gave it; both None where nothing decides.

    Words are looked for in the dimension's ``roles`` in their order; with ``several = true`` every category that is named
    is kept, in the order found, joined with ``; ``. Where no word decides, the band of a number does, then the first rule
    that is met. ``by`` is ``words@column`` (the words as found, the LEADS column) or the name of the band's field or rule.
    A number's column is read for words in what cleaning could not read as a number (``schema.SAID``).
    """
    section = vocabulary.section("dimensions")[dimension]
    reader = DimensionReader(vocabulary, dimension)
    category, by = repeated(None, len(leads)), repeated(None, len(leads))
    left = np.ones(len(leads), dtype=bool)
    for column in _texts_of(leads, section.get("roles", [])):
        codes, said = made_of(leads[column], Wordings.of)
        found = reader.each(said)
        told = found != None  # noqa: E711 - by element
        fresh = np.flatnonzero(left & told[codes])
        if len(fresh):
            key = column.removeprefix(schema.SAID)
            category[fresh] = _each([pair and pair[0] for pair in found])[codes[fresh]]
            by[fresh] = _each([pair and f"{pair[1]}@{key}" for pair in found])[codes[fresh]]
            left[fresh] = False
    bands = section.get("bands")
    if bands and bands["field"] in leads:
        banded = in_bands(leads[bands["field"]], bands["from"]).to_numpy()
        fresh = np.flatnonzero(left & (banded != None))  # noqa: E711 - by element
        category[fresh], by[fresh], left[fresh] = banded[fresh], bands["field"], False
    for rule in section.get("rules", []) if left.any() else []:
        met = left & matches(rule["when"], leads).to_numpy()
        category[met], by[met], left[met] = rule["is"], rule["name"], False
    return pd.DataFrame({"category": category, "by": by}, index=leads.index, dtype=object)


def unmatched(leads: pd.DataFrame, dimension: str, vocabulary: Vocabulary) -> pd.DataFrame:
    """``UNMATCHED``: values of the columns that are all about the dimension (``own``) where the lead has no category; the commonest first."""
    section = vocabulary.section("dimensions")[dimension]
    missing = leads[leads[schema.class_column(dimension)].isna()]
    found = []
    for column in _texts_of(leads, section.get("own", [])):
        counts = missing[column].map(lambda cell: cell if isinstance(cell, str) else None).value_counts()
        found += [(dimension, column.removeprefix(schema.SAID), value, int(n)) for value, n in counts.items()]
    return pd.DataFrame(found, columns=UNMATCHED)


class DimensionReader:
    """What a text says about one dimension, by the vocabulary."""

    def __init__(self, vocabulary: Vocabulary, dimension: str) -> None:
        section = vocabulary.section("dimensions")[dimension]
        categories = section.get("categories", {})
        self._several = section.get("several", False)
        values = {key: labels(entry) + entry.get("values", []) for key, entry in categories.items()}
        self._values = Phrases(values)
        self._longest = max((len(value) for several in values.values() for value in several), default=0) + AROUND_VALUE
        self._words = Phrases(
            {key: entry.get("words", []) for key, entry in categories.items()} | {"": section.get("not", [])}
        )

    def one(self, text: str) -> str | None:
        """The category of one text, None where no word decides.

        >>> from lostdeals.vocab import load
        >>> DimensionReader(load(), "intent").one("A（重点客户）"), DimensionReader(load(), "source").one("老客户转介绍")
        ('high', 'referral')
        """
        found = self.read(text)
        return found[0] if found else None

    def read(self, text: str) -> tuple[str, str] | None:
        """The category of one text and the words that gave it, None where no word decides.

        >>> from lostdeals.vocab import load
        >>> DimensionReader(load(), "industry").read("华东某机械设备厂")
        ('manufacturing', '机械')
        """
        found: tuple[str, str] | None = self.each(Wordings.of([text]))[0]
        return found

    def each(self, said: Wordings) -> np.ndarray[Any, Any]:
        """What each value says, None for what is no text, and None at the end, where the number -1 of an empty cell finds it."""
        out = repeated(None, len(said.texts) + 1)
        whole = self._values.whole_each(said.plain)
        for place, text in said.bare.items():
            if whole[place] is None and len(said.texts[place]) <= self._longest:
                whole[place] = self._values.whole_each([text])[0]
        told = [place for place, category in enumerate(whole) if category is not None]
        for place in told:
            if len(said.texts[place]) <= self._longest:
                out[place] = whole[place], said.texts[place]
        free: Sequence[int] = range(len(whole))
        written, plain = said.written, said.plain
        if told:
            free = [place for place in free if out[place] is None]
            written, plain = ([forms[place] for place in free] for forms in (written, plain))
        for place, hits in self._words.find_among(written, plain).items():
            if hits:
                out[free[place]] = self._said(hits)
        return out

    def _said(self, hits: Sequence[Hit]) -> tuple[str, str] | None:
        """The category that the words of a text give."""
        if not hits:
            return None
        if self._several:
            return "; ".join(dict.fromkeys(hit.category for hit in hits)), "、".join(
                dict.fromkeys(hit.phrase for hit in hits)
            )
        best = max(hits, key=lambda hit: (hit.size, -hit.start))
        return best.category, best.phrase


def in_bands(numbers: pd.Series[Any], edges: Mapping[str, float]) -> pd.Series[Any]:
    """The band of each number, that number included where a band begins; None below the first and for what is unknown.

    >>> in_bands(pd.Series([17.0, 18.0, None]), {"minor": 0, "adult": 18}).tolist()
    ['minor', 'adult', None]
    """
    ordered = sorted(edges.items(), key=lambda edge: edge[1])
    names = np.array([None, *(name for name, _ in ordered)], dtype=object)
    values = numbers.astype(float).to_numpy()
    places = np.searchsorted([edge for _, edge in ordered], values, side="right")
    return pd.Series(names[np.where(np.isnan(values), 0, places)], index=numbers.index, dtype=object)


def _each(values: Sequence[str | None]) -> np.ndarray[Any, Any]:
    return np.array(values, dtype=object)


def _texts_of(leads: pd.DataFrame, roles: Sequence[str]) -> list[str]:
    """The columns of these roles that hold text; for a number's column the one with the texts that were no number."""
    columns = [column for role in roles for column in schema.columns_of(leads, role)]
    texts = [f"{schema.SAID}{column}" if leads[column].dtype.kind in "fiuM" else column for column in columns]
    return [column for column in texts if column in leads]
