"""From files to a funnel, whatever they hold: customers, a log of stages, events, or counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
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
from lostdeals.analyse.channels import channels_of
from lostdeals.analyse.comparison import between, compare_funnels, groups_of, mix_of, since
from lostdeals.analyse.forecast import forecast_of
from lostdeals.analyse.funnel import reached_by
from lostdeals.analyse.funnel_groups import Grouping
from lostdeals.analyse.funnel_steps import OWN
from lostdeals.analyse.grouping import Find
from lostdeals.analyse.journeys import Journeys
from lostdeals.analyse.trend import trend_of
from lostdeals.clean.setting import Setting
from lostdeals.errors import LostDealsError
from lostdeals.findings import Finding
from lostdeals.funnel_files import read_spend, read_times, table_of
from lostdeals.funnels import Asked, Channels, Comparison, Forecast, Funnel, FunnelReport
from lostdeals.model import Options, Sheet
from lostdeals.read import read_book
from lostdeals.read.plain import read_plain
from lostdeals.schema import columns_of
from lostdeals.vocab import Vocabulary

if TYPE_CHECKING:
    from lostdeals.pipeline import Prepared

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


@dataclass(frozen=True)
class Also:
    """What is wanted beside the funnel itself."""

    compare: Path | None = None
    """An earlier file to set against this one."""
    spend: Path | None = None
    """A sheet of costs."""
    channels: bool = False


def run_funnel(
    path: Path, vocabulary: Vocabulary, options: Options, asked: Asked, also: Also | None = None
) -> FunnelReport:
    """The funnel of a file, split as asked, with its trend, a comparison and the channels where they are wanted."""
    also = also or Also()
    source = read_source(path, vocabulary, options, asked)
    funnel = count(source, path, vocabulary, asked)
    report = FunnelReport(funnel, source.lang)
    journeys = source.journeys
    wants = asked.over or asked.since or asked.between or also.channels or also.spend
    if journeys is None:
        if wants:
            raise LostDealsError("counts-have-no-dimension", where=path.name, usage=True, by=_first_wish(asked, also))
        comparison = None
        if also.compare:
            comparison = _compare_counts(funnel, also.compare, path, vocabulary, options)
        return replace(report, comparison=comparison)
    if asked.over:
        report = replace(report, trend=trend_of(journeys, vocabulary, asked))
    by = _by(source, vocabulary, asked)
    if asked.since:
        report = replace(report, comparison=since(journeys, vocabulary, asked, by))
    if asked.between:
        assert source.find is not None
        values = journeys.per_person(source.find(asked.between[0])[1])
        report = replace(report, comparison=between(journeys, vocabulary, asked, values, by))
    if also.compare:
        report = replace(
            report, comparison=_compare_files(source, funnel, also.compare, path, vocabulary, options, asked)
        )
    if also.channels or also.spend:
        report = replace(report, channels=_channels(source, also, vocabulary, options, asked))
    return report


def run_forecast(
    path: Path, vocabulary: Vocabulary, options: Options, asked: Asked, horizon: float
) -> tuple[Forecast, str, str]:
    """The forecast of a file, the language to show it in, and the name of its funnel."""
    source = read_source(path, vocabulary, options, asked)
    days = max(1, round(horizon))
    if source.journeys is None:
        return Forecast(days, None, "no-dates", input="counts"), source.lang, ""
    found = forecast_of(source.journeys, days)
    behind = (options.today - found.as_of).days if found.as_of else 0
    if behind > days:
        assert found.as_of is not None
        note = Finding("forecast-old", behind, found.as_of.isoformat())
        found = replace(found, notes=(*found.notes, note))
    return found, source.lang, source.journeys.name


def _first_wish(asked: Asked, also: Also) -> str:
    return next(str(wish) for wish in (asked.over, asked.since, asked.between, also.spend, "source") if wish)


def _compare_files(
    source: Source,
    funnel: Funnel,
    other: Path,
    path: Path,
    vocabulary: Vocabulary,
    options: Options,
    asked: Asked,
) -> Comparison:
    """A file against an earlier one, by the steps of this one."""
    same = asked if asked.steps or asked.funnel or funnel.name != OWN else replace(asked, steps=_as_given(funnel))
    old = read_source(other, vocabulary, options, same)
    before = count(old, other, vocabulary, replace(same, by=()))
    assert source.journeys is not None
    if old.journeys is None or [step.key for step in before.steps] != [step.key for step in funnel.steps]:
        raise LostDealsError(
            "other-steps", where=other.name, usage=True, steps=", ".join(step.key for step in before.steps)
        )
    mix = None
    groups = _by(source, vocabulary, asked), _by(old, vocabulary, same)
    if groups[0] is not None and groups[1] is not None:
        sides = reached_by(old.journeys, same)[1].reached, reached_by(source.journeys, asked)[1].reached
        everybody = [np.arange(len(side)) for side in sides]
        mix = mix_of(sides, (groups_of(groups[1], everybody[0]), groups_of(groups[0], everybody[1])), groups[0].name)
    notes = [Finding("compare-files", len(before.steps))]
    return compare_funnels(before, replace(funnel, segments=()), (other.name, path.name), mix, None, notes)


def _as_given(funnel: Funnel) -> tuple[str, ...]:
    return tuple(step.key for step in funnel.steps)


def _compare_counts(funnel: Funnel, other: Path, path: Path, vocabulary: Vocabulary, options: Options) -> Comparison:
    old = read_source(other, vocabulary, options, Asked())
    if old.counted is None or [step.key for step in old.counted.steps] != [step.key for step in funnel.steps]:
        raise LostDealsError(
            "other-steps", where=other.name, usage=True, steps=", ".join(step.key for step in funnel.steps)
        )
    return compare_funnels(old.counted, funnel, (other.name, path.name))


def _channels(source: Source, also: Also, vocabulary: Vocabulary, options: Options, asked: Asked) -> Channels:
    assert source.journeys is not None
    values, costs = {}, None
    if source.ready is not None:
        leads = source.ready.classified.leads
        for role in ("source", "campaign"):
            held = columns_of(leads, role)
            if held:
                values[role] = source.journeys.per_person(leads[held[0]])
        if "cost" in leads and leads["cost"].notna().any():
            costs = source.journeys.per_person(leads["cost"]).astype(float)
    elif source.find is not None:
        words = {role: vocabulary.section("columns")[role]["aliases"] for role in ("source", "campaign")}
        for role, names in words.items():
            for name in names:
                try:
                    values[role] = source.journeys.per_person(source.find(name)[1])
                    break
                except LostDealsError:
                    continue
    by = asked.by[0] if len(asked.by) == 1 and asked.by[0] in values else None
    spend = read_spend(also.spend, vocabulary, options, source.lang) if also.spend else None
    return channels_of(source.journeys, values, costs, spend, vocabulary, by)


def count(source: Source, path: Path, vocabulary: Vocabulary, asked: Asked) -> Funnel:
    """The funnel of what has been read.

    Raises LostDealsError (usage) ``counts-have-no-dimension`` where a table of counts is to be split by what it does not have.
    """
    if source.counted is not None:
        if asked.by and not source.counted.segments:
            raise LostDealsError("counts-have-no-dimension", where=path.name, usage=True, by=",".join(asked.by))
        return source.counted
    assert source.journeys is not None
    return funnel_of(source.journeys, vocabulary, asked, _by(source, vocabulary, asked))


def _by(source: Source, vocabulary: Vocabulary, asked: Asked) -> Grouping | None:
    """The dimensions of ``--by``, a value per customer."""
    if not asked.by or source.journeys is None or source.find is None:
        return None
    names = _dimensions(asked.by, source.find)
    if len(names) > MOST_DIMENSIONS:
        raise LostDealsError("bad-option", usage=True, option="--by", value=",".join(names), wanted="source,owner")
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
    from lostdeals.classify.stage import StageReader  # a table of events is there before these are loaded
    from lostdeals.pipeline import opened, prepare

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
    own = [table for table in tables if table.event is not None]
    if not asked.tables and not own and len(tables) < 2:
        return []
    if not asked.tables and not own and len({table.user for table in tables}) > 1:
        return []
    return tables


def _counts(sheets: list[Sheet], vocabulary: Vocabulary, options: Options) -> tuple[Funnel, bool] | None:
    """A table of counts among the sheets asked for, and whether it can be nothing else: its headers say so, and it is alone."""
    asked = [sheet for sheet in sheets if options.sheet in (None, sheet.name)]
    found = next((counted for sheet in asked if (counted := read_counts(sheet, vocabulary))), None)
    return None if found is None else (found[0], found[1] and len(asked) == 1)


def _language(texts: Sequence[str]) -> str:
    chinese = any("\u4e00" <= character <= "\u9fff" for text in texts for character in text)
    return "zh" if chinese else "en"
