"""Tell a Chinese sheet from an English one."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pandas as pd

CHINESE = re.compile(r"[\u3400-\u9fff]")
LATIN = re.compile(r"[A-Za-z]+")
SAMPLE_CELLS, FEWEST_ROWS = 4_000, 20
"""Cells that tell, and the rows they are taken from at least, evenly over the sheet."""


def language_of(headers: Iterable[str], data: pd.DataFrame) -> str:
    """``zh`` where at least half of the headers are Chinese, or the values have more Chinese characters than Latin words.

    >>> language_of(["lead_id", "status"], pd.DataFrame({"A": ["L001"], "B": ["报价未成"]}, dtype=object))
    'zh'
    """
    named = [header for header in headers if header]
    if named and 2 * sum(bool(CHINESE.search(header)) for header in named) >= len(named):
        return "zh"
    rows = max(FEWEST_ROWS, SAMPLE_CELLS // max(len(data.columns), 1))
    step = max(1, len(data) // rows)
    text = " ".join(value for value in data.iloc[::step].to_numpy().ravel() if isinstance(value, str))
    return "zh" if len(CHINESE.findall(text)) > len(LATIN.findall(text)) else "en"
