"""What cleaning did, derived by comparing frames: no step writes this log, so none can forget it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

import numpy as np
import pandas as pd

from lostdeals.clean.cells import Array, from_text, kind_names, kinds_of, texts_of
from lostdeals.distinct import filled, moments_of, one_object, repeated
from lostdeals.schema import CLEANED, SOURCE


def diff(before: pd.DataFrame, after: pd.DataFrame, rule: str) -> pd.DataFrame:
    """CHANGES between two frames of the same shape: one line per cell whose value or type is another.

    Columns: lead, column, rule, before, after (text, None where empty), ``was`` and ``now``, the kinds of the two values
    (text, number, flag, date, time, duration, error; None where one is empty), which make `undo` exact.
    A line whose texts are equal only got its type: the text 2024-03-05 became that date, the number 4563 that text.

    >>> before = pd.DataFrame({"amount": pd.Series(["1.2万", 5, None], dtype=object)})
    >>> after = pd.DataFrame({"amount": [12000.0, 5.0, float("nan")]})
    >>> diff(before, after, "numbers").to_dict("records")
    [{'lead': 0, 'column': 'amount', 'rule': 'numbers', 'before': '1.2万', 'after': '12000', 'was': 'text', 'now': 'number'}]
    """
    parts: list[tuple[Array, str, Array, Array]] = []
    for column in before.columns:
        old, new = before[column].to_numpy(), after[column].to_numpy()
        if old is new or (old.dtype == new.dtype and np.shares_memory(old, new)):
            continue
        rows = np.flatnonzero(~one_object(old, new))
        was, now = filled(before[column])[rows], filled(after[column])[rows]
        rows = rows[_differs(old[rows], new[rows], was, now)]
        if len(rows):
            parts.append((before.index.to_numpy()[rows], column, old[rows], new[rows]))
    return table_of(
        lead=[leads for leads, *_ in parts],
        column=[repeated(column, len(leads)) for leads, column, *_ in parts],
        rule=[repeated(rule, len(leads)) for leads, *_ in parts],
        before=[texts_of(old) for *_, old, _ in parts],
        after=[texts_of(new) for *_, new in parts],
        was=[kind_names(old) for *_, old, _ in parts],
        now=[kind_names(new) for *_, new in parts],
    )


def visible(changes: pd.DataFrame) -> pd.DataFrame:
    """The changes a reader would see as changes: not those that gave a cell its type and left its value alone.

    >>> before = pd.DataFrame({"amount": pd.Series(["350.0", "1.2万"], dtype=object)})
    >>> visible(diff(before, pd.DataFrame({"amount": [350.0, 12000.0]}), "numbers"))["before"].tolist()
    ['1.2万']
    """
    before, after = changes["before"], changes["after"]
    read = changes[before.ne(after) & after.notna() & changes["was"].eq("text")]
    numbers = read[read["rule"].eq("numbers") & read["before"].str.fullmatch(NUMBER, na=False)]
    same = numbers.index[numbers["before"].astype(float) == numbers["after"].astype(float)]
    dates = read[read["rule"].eq("dates")]
    same = same.union(dates.index[_plain(dates["before"]) == _plain(dates["after"])])
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
            None if kind is None else from_text(text, kind)
            for text, kind in zip(lines["before"], lines["was"], strict=True)
        ]
        cells[pd.isna(cells)] = None
        columns[str(column)] = pd.Series(cells, index=frame.index, dtype=object)
    return pd.DataFrame(columns, index=frame.index)


def joined(logs: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Several logs as one, in the order of the steps."""
    return pd.concat(logs, ignore_index=True)


NUMBER = r"-?\d+(?:\.\d+)?"
PLAIN = (
    ("T", " "),
    (r" (?=\d:)", " 0"),
    (r"(:\d\d\.\d*?)0+$", r"\1"),
    (r"(?<=:\d\d)\.$", ""),
    (r"(?: 00:00)?(?::00)?$", ""),
)
"""What makes two ways of writing one moment the same text."""
COLUMNS = ("lead", "column", "rule", "before", "after", "was", "now")


def _plain(moments: pd.Series[Any]) -> pd.Series[Any]:
    for pattern, instead in PLAIN:
        moments = moments.str.replace(pattern, instead, regex=True)
    return moments


def table_of(**parts: list[Array]) -> pd.DataFrame:
    """A log from the parts of its columns."""
    columns = {}
    for name in COLUMNS:
        kind: Any = np.int64 if name == "lead" else object
        columns[name] = pd.Series(np.concatenate([np.empty(0, dtype=kind), *parts[name]]), dtype=kind)
    return pd.DataFrame(columns, copy=False)


def _differs(old: Array, new: Array, was: Array, now: Array) -> Array:
    """Which cells are not what they were; was and now: whether anything stood and stands there."""
    differs: Array = was != now
    both = np.flatnonzero(was & now)
    old, new = old[both], new[both]
    kinds = kinds_of(old)
    equal = kinds == kinds_of(new)
    if new.dtype.kind == "M" and old.dtype == object:
        dates = np.flatnonzero(equal)
        equal[dates] = _moments(old[dates]) == new[dates]
    else:
        alike = np.flatnonzero(equal)
        equal[alike] = (_timed(old[alike]) == _timed(new[alike])).astype(bool)
    differs[both] = ~equal
    return differs


def _timed(cells: Array) -> Array:
    """Dates as their midnight, so that they compare with datetimes."""
    days = [place for place, cell in enumerate(cells) if cell.__class__ is date] if cells.dtype == object else []
    if days:
        cells = cells.copy()
        cells[days] = [datetime.combine(day, time()) for day in cells[days]]
    return cells


def _moments(dates: Array) -> Array:
    """Dates and datetimes as datetime64; one with a time zone equals no local time."""
    codes, distinct = pd.factorize(dates)
    moments = [None if getattr(cell, "tzinfo", None) else cell for cell in distinct]
    return moments_of(moments)[codes]
