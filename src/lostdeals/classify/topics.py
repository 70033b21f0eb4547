"""What the notes of each customer speak of, for better or worse."""

from __future__ import annotations

from typing import Any

import pandas as pd

from lostdeals import schema
from lostdeals.classify.reason_reader import ReasonReader
from lostdeals.classify.texts import read_texts, unknown
from lostdeals.vocab import Vocabulary


def read_topics(leads: pd.DataFrame, vocabulary: Vocabulary) -> pd.Series[Any]:
    """The topics of ``vocab/dimensions.toml`` that each customer's notes and feedback name, joined with ``; ``; None for none."""
    reader, known = ReasonReader(vocabulary), vocabulary.section("dimensions")["topic"]["categories"]
    topics = unknown(leads.index)
    for column in schema.columns_of(leads, "notes") + schema.columns_of(leads, "feedback"):
        found = read_texts(
            leads[column], lambda text: "; ".join(key for key in reader.topics(text) if key in known) or None
        )
        both = topics.str.cat(found, sep="; ")
        topics = both.where(both.notna(), topics.where(topics.notna(), found))
    return topics.map(lambda text: "; ".join(dict.fromkeys(text.split("; "))), na_action="ignore").astype(object)
