"""Read every distinct text of a column once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from lostdeals.distinct import each_of, factorized


def read_texts(column: pd.Series[Any], read: Callable[[str], object]) -> pd.Series[Any]:
    """What `read` says of each text; None for a cell that is no text.

    >>> read_texts(pd.Series(["a", None, 2, "b"], dtype=object), str.upper).tolist()
    ['A', None, None, 'B']
    """
    codes, distinct = factorized(column)
    said = each_of(distinct, lambda text: read(text) if isinstance(text, str) else None)
    return pd.Series(said[codes], index=column.index, dtype=object)


def labels(entry: Mapping[str, Any]) -> list[str]:
    """What a category is called in every language: chosen from a list of ours, it is read back as that category.

    >>> labels({"label": {"zh": "价格过高", "en": "Price too high"}, "values": ["价格"]}), labels({"values": ["价格"]})
    (['价格过高', 'Price too high'], [])
    """
    return list(entry.get("label", {}).values())


def unknown(index: pd.Index[Any]) -> pd.Series[Any]:
    """A column in which nothing is known yet: None in every row."""
    return pd.Series([None] * len(index), index=index, dtype=object)
