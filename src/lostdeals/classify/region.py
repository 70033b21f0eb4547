"""Say where each customer is: country, province, city and district, the tier of the city, and whether that is at home."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from lostdeals import schema
from lostdeals.classify.places import Named, place_reader
from lostdeals.classify.texts import read_texts, unknown
from lostdeals.distinct import Codes, combined, made_of
from lostdeals.model import Layout
from lostdeals.vocab import Vocabulary, normalise
from lostdeals.vocab.gazetteer import ABROAD, BEYOND_CHINA, CHINA, Gazetteer
from lostdeals.vocab.wordings import Wordings

COLUMN_PARTS = {0: "country", 2: "province", 3: "city"}
"""Place in the levels of ``vocab/columns.toml`` -> what a column with such a header holds."""
HALF = 0.5


def read_regions(leads: pd.DataFrame, layout: Layout, vocabulary: Vocabulary) -> tuple[pd.DataFrame, str | None]:
    """``region_class`` and ``schema.PLACES`` per row, and the home country where the sheet had to tell it.

    The region columns of a row are read together, and its address after them; notes are never read.
    ``region_class`` is the province in China, elsewhere the first region as written.
    Domestic is the country that ``vocab/places/words.toml`` names as home for the sheet's language;
    where it names none, the country of more than half of the customers whose country is known.
    """
    if not schema.columns_of(leads, "region") + schema.columns_of(leads, "address"):
        return pd.DataFrame({column: unknown(leads.index) for column in ("region_class", *schema.PLACES)}), None
    reader = place_reader(vocabulary)
    regions, addresses = (_named(leads, role, layout, vocabulary) for role in ("region", "address"))
    codes, first = combined([of_row for of_row, _ in (*regions, *addresses)], len(leads))
    found = [reader.place(*(_in_row(columns, row) for columns in (regions, addresses))) for row in first.tolist()]
    numbers = np.array(found, dtype=np.int64)[codes].tolist()
    out = _described(numbers, reader.places, leads.index)
    region = out["province"].where(out["country"] == CHINA, None)
    for column in schema.columns_of(leads, "region"):
        region = region.where(region.notna(), read_texts(leads[column], str))
    out.insert(0, "region_class", region)
    countries = [reader.places.country(number) for number in numbers]
    told: str = vocabulary.section("places/words")["home"].get(f"sheet_{layout.language}", "")
    home = told or _most(countries)
    out["market"] = pd.Series([_market(country, home) for country in countries], leads.index, dtype=object)
    both = out["market"].nunique() > 1
    return out, home if both and not told else None


def _named(
    leads: pd.DataFrame, role: str, layout: Layout, vocabulary: Vocabulary
) -> list[tuple[Codes, list[tuple[Named, ...]]]]:
    """Of each column of a role a number per row, and what the numbers stand for: what is named there.

    Every distinct text is read once; texts that name the same share a number.
    """
    reader = place_reader(vocabulary)
    out = []
    for column in schema.columns_of(leads, role):
        part = _part(layout.header(column), vocabulary) if role == "region" else None
        codes, said = made_of(leads[column], Wordings.of)
        known: dict[tuple[Named, ...], int] = {(): 0}
        number = [
            known.setdefault(reader.named(text, part, plain) if text else (), len(known))
            for text, plain in zip(said.texts, said.plain, strict=True)
        ]
        out.append((np.array([*number, 0], dtype=np.int32)[codes], list(known)))
    return out


def _in_row(columns: Sequence[tuple[Codes, list[tuple[Named, ...]]]], row: int) -> tuple[Named, ...]:
    """What the columns of a role name in a row, one after the other."""
    return tuple(one for codes, names in columns for one in names[codes[row]])


def _part(header: str, vocabulary: Vocabulary) -> str | None:
    """What a region column holds by its header: ``country``, ``province``, ``city``; None where it may hold several."""
    plain = normalise(header)
    levels = vocabulary.section("columns")["region"]["levels"]
    told = [COLUMN_PARTS.get(number) for number, words in enumerate(levels) if any(word in plain for word in words)]
    parts = [part for part in told if part]
    return parts[0] if len(parts) == 1 else None


def _described(numbers: list[int], places: Gazetteer, index: pd.Index[Any]) -> pd.DataFrame:
    """The places of ``schema.PLACES`` but for the market, one row per number."""
    known = {number: (*places.describe(number), places.tier(number)) for number in set(numbers)}
    columns = enumerate(column for column in schema.PLACES if column != "market")
    return pd.DataFrame(
        {column: pd.Series([known[number][at] for number in numbers], index, dtype=object) for at, column in columns}
    )


def _most(countries: Sequence[str | None]) -> str | None:
    """The country of more than half of those whose country is known."""
    counts = Counter(country for country in countries if country not in (None, ABROAD, BEYOND_CHINA))
    country, most = counts.most_common(1)[0] if counts else (None, 0)
    return country if most > HALF * counts.total() else None


def _market(country: str | None, home: str | None) -> str | None:
    if country == ABROAD:
        return "international"
    if country is None or home is None or (country == BEYOND_CHINA and home != CHINA):
        return None
    return "domestic" if country == home else "international"
