"""Place each customer on the four stages of following up."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from lostdeals.model import OutcomeReading
from lostdeals.vocab import Phrases, Vocabulary


def read_stages(leads: pd.DataFrame, outcome: OutcomeReading, vocabulary: Vocabulary) -> pd.Series[Any]:
    """The canonical stage per row, None where nothing tells.

    Read from the ``stage`` column; where a row has none, from the outcome column if that is a list of statuses
    (跟进中, 已报价 …). A closed row keeps the stage it is said to have reached, never one that its outcome would imply.
    """
    reader = StageReader(vocabulary)
    stage = pd.Series(None, index=leads.index, dtype=object)
    for column in ("stage", outcome.key):
        if column is not None and column in leads and leads[column].dtype == object:
            texts = leads[column].where(leads[column].map(lambda value: isinstance(value, str)))
            read = texts.map({text: reader.one(text) for text in texts.dropna().unique()}).astype(object)
            stage = stage.where(stage.notna(), read)
    return stage.where(stage.notna(), None)


class StageReader:
    """What a stage's name means, by the vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        section = vocabulary.section("stages")
        self._order = {key: entry["order"] for key, entry in section.items()}
        self._values = Phrases({key: entry["values"] + entry["words"] for key, entry in section.items()})
        self._words = Phrases({key: entry["words"] for key, entry in section.items()})
        closed = vocabulary.section("outcomes")
        self._closed = Phrases({key: closed[key]["words"] + closed[key]["values"] for key in ("won", "lost", "invalid")})

    def one(self, text: str) -> str | None:
        """The canonical stage of one value, None for a closed status and for words nobody knows.

        >>> from lostdeals.vocab import load
        >>> reader = StageReader(load())
        >>> reader.one("方案/报价"), reader.one("Negotiation/Review"), reader.one("2-需求客户"), reader.one("已流失")
        ('in_depth', 'decision', 'interest', None)
        """
        for candidate in (text, re.sub(r"^\s*\d+\s*[-.、:：)]*\s*", "", text)):
            whole = self._values.whole(candidate)
            if whole is not None:
                return whole
        if self._closed.whole(text) is not None:
            return None
        hits = self._words.find(text)
        closed = [hit.phrase for hit in self._closed.find(text)]
        hits = [hit for hit in hits if not any(hit.phrase in phrase for phrase in closed)]
        if not hits:
            return None
        return max(hits, key=lambda hit: (len(hit.phrase), self._order[hit.category])).category

