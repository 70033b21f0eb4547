"""Small classified frames and layouts for tests of the later stages."""

from __future__ import annotations

from typing import Any

import pandas as pd

from lostdeals import schema
from lostdeals.model import ColumnMatch, Layout, Options
from lostdeals.vocab import Words, load

VOCABULARY = load()
ZH, EN = Words(VOCABULARY, "zh"), Words(VOCABULARY, "en")


def options(**given: Any) -> Options:
    """Options with the tests' own today."""
    return Options(**{"today": pd.Timestamp("2026-11-20").date(), **given})


def layout(headers: dict[str, str], n: int) -> Layout:
    """A layout whose columns are LEADS keys with these headers, the header in row 1 and n rows below."""
    columns = tuple(
        ColumnMatch(chr(65 + place), header, schema.role_of(key), "alias", 0.99, key)
        for place, (key, header) in enumerate(headers.items())
    )
    return Layout((1,), columns, tuple(range(2, n + 2)), "zh")


def classified(columns: dict[str, list[Any]]) -> pd.DataFrame:
    """A frame as classification leaves it; what is not given is unknown, the outcome open."""
    n = len(next(iter(columns.values())))
    base: dict[str, Any] = {"src_sheet": ["客户"] * n, "src_row": range(2, n + 2)}
    kinds = {**schema.CLEANED, **schema.CLASSES, "main_reason": schema.TEXT, "days_since_contact": schema.NUMBER}
    for column, kind in {**kinds, "amount_rank": schema.NUMBER, "purchase_rank": schema.NUMBER}.items():
        base.setdefault(column, [float("nan")] * n if kind == schema.NUMBER else [None] * n)
    base["outcome_class"] = ["open"] * n
    frame = pd.DataFrame({**base, **columns})
    for column in frame:
        known = {**kinds, **schema.SCORED}
        kind = known.get(str(column), schema.ROLE_KINDS.get(schema.role_of(str(column)), schema.TEXT))
        if kind == schema.TEXT and str(column) != "src_sheet":
            frame[column] = frame[column].astype(object).where(frame[column].notna(), None)
        elif kind == schema.DATE:
            frame[column] = pd.to_datetime(frame[column])
        elif kind == schema.NUMBER:
            frame[column] = frame[column].astype(float)
    return frame
