"""From files to a funnel, whatever they hold: customers, a log of stages, events, or counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from lostdeals.analyse import (
    EventTable,
    by_headers,
    by_leads,
    find_events,
    funnel_of,
    grouping,
    read_counts,
    read_event_journeys,
    read_journeys,
    split_names,
)
from lostdeals.analyse.grouping import Find
from lostdeals.analyse.journeys import Journeys
from lostdeals.classify.stage import StageReader
from lostdeals.clean.dates import DateReader, date_texts, order_preference
from lostdeals.clean.setting import Setting
from lostdeals.errors import LostDealsError
from lostdeals.funnels import Asked, Funnel
from lostdeals.model import Options, Sheet
from lostdeals.pipeline import Prepared, opened, prepare
from lostdeals.read import read_book
from lostdeals.vocab import Vocabulary


@dataclass(frozen=True)
class Source:
    """What a funnel is counted from, read once."""

    lang: str
    counted: Funnel | None = None
    """A funnel that the file is already."""
    journeys: Journeys | None = None
    find: Find | None = None
    """Finds a dimension by its name."""
    ready: Prepared | None = None
    """The customer sheet, where it is one."""


def run_funnel(path: Path, vocabulary: Vocabulary, options: Options, asked: Asked) -> tuple[Funnel, str]:
    """The funnel of a file, split as asked; and the language to show it in."""
    source = read_source(path, vocabulary, options, asked)
    return count(source, path, vocabulary, asked), source.lang


def count(source: Source, path: Path, vocabulary: Vocabulary, asked: Asked) -> Funnel:
    """The funnel of what has been read.

    Raises LostDealsError (usage) ``counts-have-no-dimension`` where a table of counts is to be split by what it does not have.
    """
    if source.counted is not None:
        if asked.by and not source.counted.segments:
            raise LostDealsError("counts-have-no-dimension", where=path.name, usage=True, by=",".join(asked.by))
        return source.counted
    assert source.journeys is not None
    assert source.find is not None
    by = grouping(_dimensions(asked.by, source.find), source.journeys, source.find, vocabulary, asked.bins)
    return funnel_of(source.journeys, vocabulary, asked, by if asked.by else None)


def _dimensions(by: Sequence[str], find: Find) -> tuple[str, ...]:
    """One dimension, or two where a comma parts them and no header holds the whole."""

    def known(name: str) -> bool:
        try:
            find(name)
        except LostDealsError:
            return False
        return True

    return tuple(part for one in by for part in split_names(one, known))


def read_source(path: Path, vocabulary: Vocabulary, options: Options, asked: Asked) -> Source:
    """Read a file (and the further tables) into journeys, or into the funnel that it is already."""
    sheets, options = opened(path, vocabulary, options)
    counted = None if asked.tables else _counts(sheets, vocabulary, options)
    if counted is not None and counted[1]:
        return Source(options.lang or _language([step.key for step in counted[0].steps]), counted=counted[0])
    events = _events(path, sheets, vocabulary, options, asked)
    if events:
        return _from_events(events, vocabulary, options, asked)
    if asked.tables:
        raise LostDealsError("no-events", where=path.name, usage=True)
    try:
        ready = prepare(sheets, vocabulary, options)
    except LostDealsError:
        if counted is None:
            raise
        return Source(options.lang or _language([step.key for step in counted[0].steps]), counted=counted[0])
    leads = ready.classified.leads
    journeys = read_journeys(
        leads,
        ready.layout,
        vocabulary,
        asked,
        pd.Timestamp(options.today),
        ready.classified.outcome.key,
        StageReader(vocabulary).one,
    )
    return Source(ready.words.lang, journeys=journeys, find=by_leads(leads, ready.layout, vocabulary), ready=ready)


def _from_events(tables: list[EventTable], vocabulary: Vocabulary, options: Options, asked: Asked) -> Source:
    headers = [str(header) for table in tables for header in table.cells]
    words = [str(word) for table in tables if table.event for word in table.cells[table.event].dropna().unique()[:50]]
    lang = options.lang or _language([*headers, *words])
    setting = Setting(vocabulary, options.today, lang, options.tz, {}, options.date_order)
    journeys, described = read_event_journeys(
        tables, vocabulary, asked, pd.Timestamp(options.today), lambda column: read_times(column, setting)
    )
    return Source(lang, journeys=journeys, find=by_headers(described))


def read_times(column: pd.Series[Any], setting: Setting) -> pd.Series[Any]:
    """The moments of events: dates as they are, texts in the order that the column shows, seconds or milliseconds since 1970."""
    if column.dtype.kind == "M":
        return column
    numbers = pd.to_numeric(column, errors="coerce")
    if numbers.notna().sum() == column.notna().sum() and numbers.min() > 1e8:
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


def _events(
    path: Path, sheets: list[Sheet], vocabulary: Vocabulary, options: Options, asked: Asked
) -> list[EventTable]:
    """The tables of events among the sheets asked for and the further files, in their order; empty where there are none."""
    asked_for = [sheet for sheet in sheets if options.sheet in (None, sheet.name)]
    further = [sheet for other in asked.tables for sheet in read_book(other, options.password)]
    alone = len(asked_for) + len(further) == 1
    tables = []
    for sheet in [*asked_for, *further]:
        cells = table_of(sheet)
        found = find_events(sheet.name, cells, vocabulary, options.mapping, alone=alone) if cells is not None else None
        if found is None:
            if sheet in further:
                raise LostDealsError("no-events", where=f"{sheet.path.name} › {sheet.name}", usage=True)
            continue
        tables.append(found)
    own = [table for table in tables if table.event is not None]
    if not asked.tables and not own and len(tables) < 2:
        return []
    if not asked.tables and not own and len({table.user for table in tables}) > 1:
        return []
    return tables


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


def _counts(sheets: list[Sheet], vocabulary: Vocabulary, options: Options) -> tuple[Funnel, bool] | None:
    """A table of counts among the sheets asked for, and whether it can be nothing else: its headers say so, and it is alone."""
    asked = [sheet for sheet in sheets if options.sheet in (None, sheet.name)]
    found = next((counted for sheet in asked if (counted := read_counts(sheet, vocabulary))), None)
    return None if found is None else (found[0], found[1] and len(asked) == 1)


def _language(texts: Sequence[str]) -> str:
    chinese = any("\u4e00" <= character <= "\u9fff" for text in texts for character in text)
    return "zh" if chinese else "en"
