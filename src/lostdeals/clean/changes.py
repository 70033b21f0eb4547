"""What cleaning did, derived by comparing frames: no step writes this log, so none can forget it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np
import pandas as pd

from lostdeals.model import ErrorCell
from lostdeals.schema import CLEANED, SOURCE

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


def diff(before: pd.DataFrame, after: pd.DataFrame, rule: str) -> pd.DataFrame:
    """CHANGES between two frames of the same shape: one line per cell whose value or type is another.

    Columns: lead, column, rule, before, after (text, None where empty) and ``was``, the kind of the value before
    (text, number, flag, date, time, duration, error; None where it was empty), which makes `undo` exact.
    A line whose texts are equal only got its type: the text 2024-03-05 became that date, the number 4563 that text.

    >>> before = pd.DataFrame({"amount": pd.Series(["1.2万", 5, None], dtype=object)})
    >>> after = pd.DataFrame({"amount": [12000.0, 5.0, float("nan")]})
    >>> diff(before, after, "numbers").to_dict("records")
    [{'lead': 0, 'column': 'amount', 'rule': 'numbers', 'before': '1.2万', 'after': '12000', 'was': 'text'}]
    """
    parts: list[tuple[Array, str, Array, Array, Array]] = []
    for column in before.columns:
        old, new = before[column].to_numpy(), after[column].to_numpy()
        if old is new or (old.dtype == new.dtype and np.shares_memory(old, new)):
            continue
        rows = np.flatnonzero(_differs(old, new))
        if len(rows):
            was = KIND_NAMES[_kinds(old[rows])]
            parts.append((before.index.to_numpy()[rows], column, _texts(old[rows]), _texts(new[rows]), was))
    return _table(
        lead=[leads for leads, *_ in parts],
        column=[np.full(len(leads), column, dtype=object) for leads, column, *_ in parts],
        rule=[np.full(len(leads), rule, dtype=object) for leads, *_ in parts],
        before=[texts for *_, texts, _, _ in parts],
        after=[texts for *_, texts, _ in parts],
        was=[kinds for *_, kinds in parts],
    )


def visible(changes: pd.DataFrame) -> pd.DataFrame:
    """The changes a reader would see as changes: not those that gave a cell its type and left its value alone.

    >>> before = pd.DataFrame({"amount": pd.Series(["350.0", "1.2万"], dtype=object)})
    >>> visible(diff(before, pd.DataFrame({"amount": [350.0, 12000.0]}), "numbers"))["before"].tolist()
    ['1.2万']
    """
    before, after = changes["before"], changes["after"]
    typed = changes[before.ne(after) & after.notna() & changes["was"].isin(["text", "number"])]
    numbers = typed[typed["after"].str.fullmatch(NUMBER, na=False) & typed["before"].str.fullmatch(NUMBER, na=False)]
    same = numbers.index[numbers["before"].astype(float) == numbers["after"].astype(float)]
    dates = typed[typed["after"].str.fullmatch(DAY, na=False)]
    same = same.union(
        dates.index[dates["before"].str.replace("T", " ").str.replace(NO_TIME, "", regex=True) == dates["after"]]
    )
    answers = changes.index[changes["rule"].eq("flags") & after.notna()]
    return changes[before.ne(after)].drop(index=same.union(answers), errors="ignore")


def undo(leads: pd.DataFrame, changes: pd.DataFrame) -> pd.DataFrame:
    """The frame before cleaning: every changed cell gets back its first ``before``, read by its ``was``.

    What cleaning added (``duplicate_of`` …) is taken off. Cells equal the originals as `diff` compares them.
    """
    frame = leads.drop(columns=[column for column in CLEANED if column not in SOURCE and column in leads])
    columns = {column: frame[column] for column in frame.columns}
    first = changes.drop_duplicates(["lead", "column"])
    for column, lines in first.groupby("column", sort=False):
        cells = columns[str(column)].astype(object).to_numpy().copy()
        places = frame.index.get_indexer(pd.Index(lines["lead"]))
        cells[places] = [
            None if kind is None else READ[kind](text) for text, kind in zip(lines["before"], lines["was"], strict=True)
        ]
        cells[pd.isna(cells)] = None
        columns[str(column)] = pd.Series(cells, index=frame.index, dtype=object)
    return pd.DataFrame(columns, index=frame.index)


def joined(logs: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Several logs as one, in the order of the steps."""
    return pd.concat(logs, ignore_index=True)


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
        return f"{value:.0f}" if abs(value) < 1e22 and value.is_integer() else repr(value)
    if isinstance(value, datetime):
        text = value.isoformat(sep=" ")
        return text.removesuffix(" 00:00:00")
    if isinstance(value, timedelta):
        return _clock(value)
    return str(value)


NUMBER, DAY, NO_TIME = r"-?\d+(?:\.\d+)?", r"\d{4}-\d\d-\d\d(?: .*)?", r"(?: 00:00)?(?::00(?:\.0+)?)?$"
COLUMNS = ("lead", "column", "rule", "before", "after", "was")

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


def _table(**parts: list[Array]) -> pd.DataFrame:
    columns = {}
    for name in COLUMNS:
        kind: Any = np.int64 if name == "lead" else object
        columns[name] = pd.Series(np.concatenate([np.empty(0, dtype=kind), *parts[name]]), dtype=kind)
    return pd.DataFrame(columns, copy=False)


def _differs(old: Array, new: Array) -> Array:
    empty = pd.isna(old)
    differs: Array = empty != pd.isna(new)
    both = np.flatnonzero(~empty & ~differs)
    old, new = old[both], new[both]
    kinds = _kinds(old)
    equal = kinds == _kinds(new)
    if new.dtype.kind == "M" and old.dtype == object:
        dates = np.flatnonzero(equal)
        equal[dates] = _moments(old[dates]) == new[dates]
    else:
        alike = np.flatnonzero(equal)
        equal[alike] = (_timed(old[alike]) == _timed(new[alike])).astype(bool)
    differs[both] = ~equal
    return differs


def _kinds(array: Array) -> Array:
    """Place in KIND_NAMES of every cell."""
    if array.dtype == object:
        return np.fromiter((NUMBERED.get(cell.__class__, -1) for cell in array), dtype=np.int8, count=len(array))
    return np.full(len(array), NUMBERED[pd.Timestamp if array.dtype.kind == "M" else float], dtype=np.int8)


def _timed(cells: Array) -> Array:
    """Dates as their midnight, so that they compare with datetimes."""
    days = [place for place, cell in enumerate(cells) if cell.__class__ is date] if cells.dtype == object else []
    if days:
        cells = cells.copy()
        cells[days] = [datetime.combine(day, time()) for day in cells[days]]
    return cells


def _moments(dates: Array) -> Array:
    """Dates and datetimes as datetime64; one with a time zone equals no local time."""
    return np.array([None if getattr(cell, "tzinfo", None) else cell for cell in dates], dtype="datetime64[us]")


def _texts(array: Array) -> Array:
    texts = np.empty(len(array), dtype=object)
    if array.dtype.kind == "M":
        codes, distinct = pd.factorize(array)
        whole = np.datetime_as_string(distinct.astype("datetime64[us]"))
        names = [*(_short(text) for text in whole), None]
        texts[:] = np.array(names, dtype=object)[codes]
    else:
        texts[:] = [
            cell if cell.__class__ is str else None if cell != cell else as_text(cell) for cell in array.tolist()
        ]
    return texts


def _short(text: str) -> str:
    text = text.removesuffix(".000000").replace("T", " ")
    return text.removesuffix(" 00:00:00")


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
