"""Read every distinct text of a column once."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from lostdeals.distinct import each_of, factorized

AROUND = re.compile(r"^\s*\d+\s*[-.、:：)]*\s*(?=\D)|\s*[（(][^（(]*[)）]\s*$|\s+\d+\s*%?\s*$")
"""What systems put around a value: 1-潜在客户, 2输单, 03.Qualified, A（重点客户）, 成功 100."""
WITHIN = re.compile(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")
"""White space between two Chinese characters: letters spread out to fill a cell, or a line broken by hand."""


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


def spellings(text: str) -> tuple[str, ...]:
    """A value as it stands, and without what surrounds it, with spaces for underscores and none within Chinese words.

    >>> spellings("6-已开发票"), spellings("paid_search"), spellings("A （重点客户）"), spellings("未 成交"), spellings("已签约")
    (('6-已开发票', '已开发票'), ('paid_search', 'paid search'), ('A （重点客户）', 'A'), ('未 成交', '未成交'), ('已签约',))
    """
    plain = WITHIN.sub("", AROUND.sub("", text).replace("_", " "))
    return (text,) if plain == text else (text, plain)
