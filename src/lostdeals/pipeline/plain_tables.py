"""Plain tables beside the customers: events and costs, by header, times and amounts read as everywhere else."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from lostdeals.analyse.channels import Spend
from lostdeals.clean.amounts import Amounts
from lostdeals.clean.dates import DateReader, date_texts, order_preference
from lostdeals.clean.numbers import NumberReader
from lostdeals.clean.setting import Setting
from lostdeals.errors import LostDealsError
from lostdeals.model import Options, Sheet
from lostdeals.read import read_book
from lostdeals.vocab import Vocabulary, normalise


def read_spend(path: Path, vocabulary: Vocabulary, options: Options, lang: str) -> Spend:
    """A sheet of costs: a source or a campaign, a cost, and a day, a month or a span where it says when.

    Raises LostDealsError (usage) ``no-spend`` where no sheet of the file has a cost and one of the two.
    """
    setting = Setting(vocabulary, options.today, lang, options.tz, {}, options.date_order)
    words = vocabulary.section("funnels")["spend"]
    columns = vocabulary.section("columns")
    for sheet in read_book(path, options.password):
        cells = table_of(sheet)
        if cells is None:
            continue
        cost = _column(cells, [*columns["cost"]["aliases"], *words["cost"]])
        named = {role: _column(cells, [*columns[role]["aliases"], *words[role]]) for role in ("source", "campaign")}
        by = tuple(role for role, header in named.items() if header is not None and header != cost)
        if cost is None or not by:
            continue
        day, end = _column(cells, words["day"]), _column(cells, words["end"])
        nothing = pd.Series(pd.NaT, index=cells.index, dtype="datetime64[ns]")
        start = read_times(cells[day], setting).dt.normalize() if day else nothing
        amounts = (
            NumberReader(Amounts(vocabulary), lambda amount, text: amount.value if amount else None)
            .fit(cells[cost])
            .transform(cells[cost])
        )
        rows = pd.DataFrame({"start": start, "end": _ends(cells, start, end, setting), "cost": amounts})
        for role in ("source", "campaign"):
            header = named[role]
            rows[role] = cells[header] if header is not None else None
        return Spend(rows, by)
    raise LostDealsError("no-spend", where=path.name, usage=True)


def _ends(cells: pd.DataFrame, start: pd.Series[Any], end: str | None, setting: Setting) -> pd.Series[Any]:
    """The first moment after what was paid for: the day after the end column's, else a month or a day after the start.

    Every row on the first of its month, in several months: a row is a month.
    """
    if end is not None:
        last: pd.Series[Any] = read_times(cells[end], setting).dt.normalize() + pd.Timedelta(days=1)
        return last
    known = start.dropna()
    monthly = len(known) > 0 and bool((known.dt.day == 1).all()) and known.nunique() > 1
    ends: pd.Series[Any] = start + (pd.offsets.MonthBegin(1) if monthly else pd.Timedelta(days=1))
    return ends


def _column(cells: pd.DataFrame, words: Sequence[str]) -> str | None:
    rank = {normalise(word.replace("_", " ")): place for place, word in reversed(list(enumerate(words)))}
    found = [(rank[form], str(head)) for head in cells if (form := normalise(str(head).replace("_", " "))) in rank]
    return min(found)[1] if found else None


def read_times(column: pd.Series[Any], setting: Setting) -> pd.Series[Any]:
    """The moments of events: dates as they are, texts in the order that the column shows, seconds or milliseconds since 1970."""
    if column.dtype.kind == "M":
        return column
    first = pd.to_numeric(column.dropna().head(100), errors="coerce")
    numbers = pd.to_numeric(column, errors="coerce") if first.notna().all() else first.iloc[:0]
    if len(numbers) and numbers.notna().sum() == column.notna().sum() and numbers.min() > 1e8:
        moments: pd.Series[Any] = pd.to_datetime(numbers, unit="ms" if numbers.max() > 1e11 else "s")
        return moments
    text = column.map(lambda cell: cell if isinstance(cell, str) else None) if column.dtype == object else column
    if text.notna().sum() == column.notna().sum():
        try:
            read: pd.Series[Any] = pd.to_datetime(text, format="ISO8601")
            return read if read.dt.tz is None else read.dt.tz_convert(setting.tz or "UTC").dt.tz_localize(None)
        except (ValueError, AttributeError):
            pass
    distinct = pd.Series(column.dropna().unique(), dtype=object)
    reader = DateReader(date_texts(setting, True), order_preference(setting), setting.date_order)
    known = dict(zip(distinct, reader.fit(distinct).transform(distinct), strict=True))
    return column.map(known).astype("datetime64[ns]")


def table_of(sheet: Sheet) -> pd.DataFrame | None:
    """A sheet whose first row is its header, as a table by header; None where it has no such row."""
    cells = sheet.cells.dropna(how="all").dropna(axis=1, how="all")
    if len(cells) < 2 or cells.shape[1] < 1:
        return None
    header = [str(cell).strip() if isinstance(cell, str) else "" for cell in cells.iloc[0]]
    if not all(header) or len(set(header)) < len(header):
        return None
    table = cells.iloc[1:].reset_index(drop=True)
    table.columns = pd.Index(header)
    return table
