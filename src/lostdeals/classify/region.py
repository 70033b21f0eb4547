"""Say where a customer is: the province in China, the region as written elsewhere."""

from __future__ import annotations

from typing import Any

import pandas as pd

from lostdeals import schema
from lostdeals.vocab import Phrases, Vocabulary


def read_regions(leads: pd.DataFrame, vocabulary: Vocabulary) -> pd.Series[Any]:
    """A province where one is named in a region or address column, else the first region as written, else None."""
    provinces = Phrases(vocabulary.section("regions")["provinces"])
    columns = [*schema.columns_of(leads, "region"), *(c for c in ("address",) if c in leads)]
    province = pd.Series(None, index=leads.index, dtype=object)
    for column in columns:
        texts = leads[column].where(leads[column].map(lambda value: isinstance(value, str)))
        read = texts.map({text: _province(text, provinces) for text in texts.dropna().unique()}).astype(object)
        province = province.where(province.notna(), read)
    regions = schema.columns_of(leads, "region")
    if regions:
        written = leads[regions[0]].where(leads[regions[0]].map(lambda value: isinstance(value, str)), None)
        province = province.where(province.notna(), written)
    return province.where(province.notna(), None)


def _province(text: str, provinces: Phrases) -> str | None:
    hits = provinces.find(text)
    return hits[0].category if hits else None
