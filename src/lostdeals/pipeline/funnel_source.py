"""Read a file into journeys, whatever it holds: customers, a log of stages, events, or counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

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
from lostdeals.analyse.funnel_groups import Grouping
from lostdeals.analyse.grouping import Find
from lostdeals.analyse.journeys import Journeys
from lostdeals.clean.setting import Setting
from lostdeals.errors import LostDealsError
from lostdeals.funnels import Asked, Funnel
from lostdeals.model import Options, Sheet
from lostdeals.pipeline.plain_tables import read_times, table_of
from lostdeals.read import read_book
from lostdeals.read.plain import read_plain
from lostdeals.vocab import Vocabulary

if TYPE_CHECKING:
    from lostdeals.pipeline.prepare import Prepared

MOST_OTHERS = 1
"""Further columns of a sheet without events, so that a workbook of several sheets is taken for events by itself."""
MOST_DIMENSIONS = 2
"""At once."""


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


def count(source: Source, path: Path, vocabulary: Vocabulary, asked: Asked) -> Funnel:
    """The funnel of what has been read.

    Raises LostDealsError (usage) ``counts-have-no-dimension`` where a table of counts is to be split by what it does not have.
    """
    if source.counted is not None:
        if asked.by and not source.counted.segments:
            raise LostDealsError("counts-have-no-dimension", where=path.name, usage=True, by=",".join(asked.by))
        return source.counted
    assert source.journeys is not None
    return funnel_of(source.journeys, vocabulary, asked, grouped(source, vocabulary, asked))


def grouped(source: Source, vocabulary: Vocabulary, asked: Asked) -> Grouping | None:
    """The dimensions of ``--by``, a value per customer."""
    if not asked.by or source.journeys is None or source.find is None:
        return None
    names = _dimensions(asked.by, source.find)
    if len(names) > MOST_DIMENSIONS:
        said, two = ",".join(names), ",".join(names[:2])
        raise LostDealsError("too-many-dimensions", where="--by", usage=True, by=said, n=len(names), example=two)
    return grouping(names, source.journeys, source.find, vocabulary, asked.bins)


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
    plain = _plain_events(path, vocabulary, options, asked)
    if plain:
        return _from_events(plain, vocabulary, options, asked)
    from lostdeals.classify.stage import stage_reader  # a table of events is there before these are loaded
    from lostdeals.pipeline.prepare import opened, prepare

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
        ready.classified.outcome.statuses,
        stage_reader(vocabulary).one,
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
    return Source(lang, journeys=journeys, find=by_headers(described, vocabulary))


def _plain_events(path: Path, vocabulary: Vocabulary, options: Options, asked: Asked) -> list[EventTable]:
    """Tables of events that are large and plain enough to be read the fast way; empty unless all are."""
    if options.sheet or options.header_row or options.joins or options.all_sheets:
        return []
    paths = [path, *asked.tables]
    tables = []
    for one in paths:
        cells = read_plain(one)
        found = (
            find_events(one.stem, cells, vocabulary, options.mapping, alone=len(paths) == 1)
            if cells is not None
            else None
        )
        if found is None or (len(paths) == 1 and found.time is None):
            return []
        tables.append(found)
    return tables


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
    if asked.tables or (alone and tables):
        return tables
    whole = len(tables) == len(asked_for) and len({table.user for table in tables}) == 1
    plain = all(table.event is not None or len(table.others) <= MOST_OTHERS for table in tables)
    return tables if whole and plain and len(tables) > 1 else []  # a workbook of customers, orders … is none of events


def _counts(sheets: list[Sheet], vocabulary: Vocabulary, options: Options) -> tuple[Funnel, bool] | None:
    """A table of counts among the sheets asked for, and whether it can be nothing else: its headers say so, and it is alone."""
    asked = [sheet for sheet in sheets if options.sheet in (None, sheet.name)]
    found = next((counted for sheet in asked if (counted := read_counts(sheet, vocabulary))), None)
    return None if found is None else (found[0], found[1] and len(asked) == 1)


def _language(texts: Sequence[str]) -> str:
    chinese = any("\u4e00" <= character <= "\u9fff" for text in texts for character in text)
    return "zh" if chinese else "en"
