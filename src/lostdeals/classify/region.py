"""Say where a customer is: the province in China, the region as written elsewhere."""

from __future__ import annotations

from typing import Any

import pandas as pd

from lostdeals import schema
from lostdeals.classify.texts import read_texts, unknown
from lostdeals.vocab import Phrases, Vocabulary


def read_regions(leads: pd.DataFrame, vocabulary: Vocabulary) -> pd.Series[Any]:
    """A province where one is named in a region or address column, else the first region as written, else None."""
    provinces = Phrases(vocabulary.section("regions")["provinces"])
    regions = schema.columns_of(leads, "region")
    place = unknown(leads.index)
    for column in regions + schema.columns_of(leads, "address"):
        place = place.where(place.notna(), read_texts(leads[column], lambda text: _province(text, provinces)))
    for column in regions:
        place = place.where(place.notna(), read_texts(leads[column], str))
    return place


def _province(text: str, provinces: Phrases) -> str | None:
    hits = provinces.find(text)
    return hits[0].category if hits else None
