"""A cell as text and back: what the change log shows, and what undo needs to be exact."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np
import pandas as pd

from lostdeals.model import ErrorCell

Array = np.ndarray[Any, Any]

KINDS: dict[type, str] = {
    str: "text",
    int: "number",
    float: "number",
    bool: "flag",
    datetime: "date",
    pd.Timestamp: "date",
    date: "date",
    time: "time",
    timedelta: "duration",
    pd.Timedelta: "duration",
    ErrorCell: "error",
}
"""What a cell is; 5 and 5.0 are both a number, a date and its midnight are both a date."""


def as_text(value: object) -> str | None:
    """A cell as a reader would write it; `undo` reads it back exactly.

    >>> as_text(13800138000.0), as_text(datetime(2024, 3, 5)), as_text(True), as_text(None)
    ('13800138000', '2024-03-05', 'TRUE', None)
    """
    if isinstance(value, str) or value is None:
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return f"{value + 0:.0f}" if abs(value) < 1e22 and value.is_integer() else repr(value)
    if isinstance(value, datetime):
        return _short(value.isoformat(sep=" "))
    if isinstance(value, timedelta):
        return _clock(value)
    return str(value)


def from_text(text: str, kind: str) -> object:
    """The cell of a kind that a text stands for.

    >>> from_text("5", "number"), from_text("5", "text"), from_text("2024-03-05", "date").isoformat()
    (5, '5', '2024-03-05T00:00:00')
    """
    return READ[kind](text)


def kinds_of(array: Array) -> Array:
    """Of every cell the place of its kind in ``KIND_NAMES``."""
    if array.dtype == object:
        return np.fromiter((NUMBERED.get(cell.__class__, -1) for cell in array), dtype=np.int8, count=len(array))
    return np.full(len(array), NUMBERED[pd.Timestamp if array.dtype.kind == "M" else float], dtype=np.int8)


def kind_names(array: Array) -> Array:
    """Of every cell its kind, None where it is empty."""
    names: Array = KIND_NAMES[kinds_of(array)]
    if array.dtype != object:
        names[pd.isna(array)] = None
    return names


def texts_of(array: Array) -> Array:
    """Every cell of a column as text, None where it is empty."""
    texts = np.empty(len(array), dtype=object)
    if array.dtype.kind == "M":
        codes, distinct = pd.factorize(array)
        unit = "s" if (distinct == distinct.astype("datetime64[s]")).all() else "us"
        names = [*map(_short, np.datetime_as_string(distinct.astype(f"datetime64[{unit}]")).tolist()), None]
        texts[:] = np.array(names, dtype=object)[codes]
    else:
        texts[:] = [
            cell if cell.__class__ is str else None if cell != cell else as_text(cell) for cell in array.tolist()
        ]
    return texts


def _short(text: str) -> str:
    """A moment without what is nothing in it: a midnight, the zeros at the end of its fraction."""
    if "." in text:
        text = FRACTION_ZEROS.sub(r"\1", text)
    return text.replace("T", " ").removesuffix(" 00:00:00")


def _clock(value: timedelta) -> str:
    """A duration as Excel shows it: hours may pass 24."""
    micro = value // timedelta(microseconds=1)
    seconds, rest = divmod(abs(micro), 1_000_000)
    fraction = f".{rest:06d}" if rest else ""
    return f"{'-' * (micro < 0)}{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{fraction}"


def _from_clock(text: str) -> timedelta:
    hours, minutes, seconds = text.lstrip("-").split(":")
    whole, _, fraction = seconds.partition(".")
    length = timedelta(hours=int(hours), minutes=int(minutes), seconds=int(whole), microseconds=int(fraction or 0))
    return -length if text.startswith("-") else length


FRACTION_ZEROS = re.compile(r"(\.\d*[1-9])0+(?=\Z|[+-])|\.0+(?=\Z|[+-])")
KIND_NAMES = np.array([*dict.fromkeys(KINDS.values()), None], dtype=object)
NUMBERED = {cls: list(KIND_NAMES).index(kind) for cls, kind in KINDS.items()}

READ: dict[str, Callable[[str], object]] = {
    "text": str,
    "number": lambda text: int(text) if text.lstrip("-").isdigit() else float(text),
    "flag": lambda text: text == "TRUE",
    "date": datetime.fromisoformat,
    "time": time.fromisoformat,
    "duration": lambda text: _from_clock(text),
    "error": ErrorCell,
}
