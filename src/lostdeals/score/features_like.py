"""Make from another sheet the features that a saved model asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from lostdeals import schema
from lostdeals.model import Layout, Options
from lostdeals.score.features import PART, emptied_by, of_dates, of_notes, origin, part_of, zeros_of
from lostdeals.score.joint import is_made, widened
from lostdeals.stats.coding import ColumnCode
from lostdeals.stats.money import in_main_currency
from lostdeals.vocab import Vocabulary, normalise, unknown_words


def features_like(
    columns: Sequence[ColumnCode],
    leads: pd.DataFrame,
    layout: Layout,
    vocabulary: Vocabulary,
    options: Options,
    fills: Mapping[str, float],
    changes: pd.DataFrame | None = None,
) -> tuple[pd.DataFrame, list[str]]:
    """The features that a saved model asks for, made from another sheet; and those that cannot be made there."""
    emptied, unknown = emptied_by(changes), unknown_words(vocabulary)
    out: dict[str, pd.Series[Any]] = {}
    missing: list[str] = []
    for column in columns:
        if is_made(column.column):
            continue
        name, key = column.column, _key_like(origin(column.column), leads)
        part = part_of(name)
        if key is None:
            missing.append(name)
        elif part == "zeros":
            out[name] = zeros_of(in_main_currency(leads, leads[key], options.rates))
        elif part == "missing":
            out[name] = leads[key].isna().map({True: "yes", False: "no"}).astype(object)
        elif part == "need":
            read = list(of_notes(leads, layout, {}, always=True).values())
            out[name] = read[0] if read else pd.Series(None, index=leads.index, dtype=object)
        elif part:
            made = of_dates(leads, key, options, always=True).get(f"{key}{PART}{part}")
            out[name] = pd.Series(None, index=leads.index, dtype=object) if made is None else made
        else:
            values = leads[key]
            if schema.role_of(key) in schema.MONEY:
                values = in_main_currency(leads, values, options.rates)
            if column.edges is not None:
                numbers = pd.to_numeric(values, errors="coerce").astype(float)
                if values.notna().sum() > 2 * numbers.notna().sum():
                    missing.append(name)
                out[name] = numbers.fillna(fills[name]) if name in fills else numbers
            else:
                out[name] = _texts_like(values, column, emptied.get(key), unknown)
    frame = pd.DataFrame(out, index=leads.index)
    return (frame if missing else widened(frame, (column.column for column in columns))), missing


def _key_like(key: str, leads: pd.DataFrame) -> str | None:
    """The column of another sheet that is this one: by role, or by header where it has none."""
    if key in leads:
        return key
    wanted = normalise(key)
    return next((str(column) for column in leads if normalise(str(column)) == wanted), None)


def _texts_like(
    values: pd.Series[Any], column: ColumnCode, said: pd.Series[Any] | None, unknown: frozenset[str]
) -> pd.Series[Any]:
    """Texts with the placeholders that the model knows, without words for unknown that it does not."""
    texts = values.map(str, na_action="ignore").astype(object)
    texts = texts.where(texts.notna(), None)
    if said is not None:
        known = said[said.isin(column.levels)]
        texts = texts.where(~texts.index.isin(known.index), known.reindex(texts.index).astype(object))
    strange = [text for text in texts.dropna().unique() if text not in column.levels and normalise(text) in unknown]
    return texts.mask(texts.isin(strange), None) if strange else texts
