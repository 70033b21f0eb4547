"""From files to a funnel, whatever they hold: customers, a log of stages, events, or counts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import numpy as np

from lostdeals.analyse.channels import channels_of
from lostdeals.analyse.comparison import between, compare_funnels, followed_alike, groups_of, mix_of, since
from lostdeals.analyse.forecast import forecast_of
from lostdeals.analyse.funnel import reached_by
from lostdeals.analyse.funnel_steps import OWN
from lostdeals.analyse.trend import trend_of
from lostdeals.classify import NOT_THERE
from lostdeals.errors import LostDealsError
from lostdeals.findings import Finding
from lostdeals.funnels import Asked, Funnel
from lostdeals.model import Options
from lostdeals.pipeline.funnel_source import Source, count, grouped, read_source
from lostdeals.pipeline.plain_tables import read_spend
from lostdeals.schema import columns_of
from lostdeals.trends import FORECAST, Channels, Comparison, Forecast, FunnelReport
from lostdeals.vocab import Vocabulary

Counted = TypeVar("Counted", Funnel, Forecast)
MONEY_APART = ("several-currencies", "no-rate")
"""Findings that say why what channels are worth is not known, or not of all."""


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
    funnel = _with_told(count(source, path, vocabulary, asked), source)
    report = FunnelReport(funnel, source.lang, next=_next(source, asked))
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
    by = grouped(source, vocabulary, asked)
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
        return Forecast(days, None, "counts", input="counts"), source.lang, ""
    found = _with_told(forecast_of(source.journeys, days), source)
    behind = (options.today - found.as_of).days if found.as_of else 0
    if behind > days:
        assert found.as_of is not None
        note = Finding("forecast-old", behind, found.as_of.isoformat())
        found = replace(found, notes=(*found.notes, note))
    return found, source.lang, source.journeys.name


def _with_told(counted: Counted, source: Source) -> Counted:
    """A funnel or a forecast, with the notes that values named for the outcome are not in its column."""
    if source.ready is None:
        return counted
    notes = tuple(note for note in source.ready.classified.findings if note.code in NOT_THERE)
    return replace(counted, notes=notes + counted.notes)


def _next(source: Source, asked: Asked) -> str:
    """What is worth asking next: where from, by whom, when they came in, what to expect."""
    journeys = source.journeys
    if journeys is None or source.find is None:
        return ""
    for name in () if asked.by else ("source", "owner"):
        try:
            values = journeys.per_person(source.find(name)[1])
        except LostDealsError:
            continue
        if values.nunique() > 1:
            return f"--by {name}"
    dated = journeys.as_of is not None and bool(journeys.people["born"].notna().any())
    if dated and not asked.over:
        return "--over month"
    return FORECAST if dated and not asked.tables and (journeys.people["outcome"] == "won").any() else ""


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
            "other-steps", where=other.name, usage=True, steps=tuple(step.key for step in before.steps)
        )
    after, within = replace(funnel, segments=()), None
    sides = reached_by(old.journeys, same)[1].reached, reached_by(source.journeys, asked)[1].reached
    rows = [np.arange(len(side)) for side in sides]
    alike = followed_alike(old.journeys, source.journeys, (same, asked))
    if alike is not None:
        early, late, within = alike
        before, after = replace(before, steps=early.steps), replace(after, steps=late.steps)
        sides, rows = (early.reached, late.reached), [early.rows, late.rows]
    mix = None
    groups = grouped(source, vocabulary, asked), grouped(old, vocabulary, same)
    if groups[0] is not None and groups[1] is not None:
        mix = mix_of(sides, (groups_of(groups[1], rows[0]), groups_of(groups[0], rows[1])), groups[0].name)
    notes = [Finding("compare-files" if within is None else "compare-files-alike", len(before.steps))]
    return compare_funnels(before, after, (other.name, path.name), mix, within, notes)


def _as_given(funnel: Funnel) -> tuple[str, ...]:
    return tuple(step.key for step in funnel.steps)


def _compare_counts(funnel: Funnel, other: Path, path: Path, vocabulary: Vocabulary, options: Options) -> Comparison:
    old = read_source(other, vocabulary, options, Asked())
    if old.counted is None or [step.key for step in old.counted.steps] != [step.key for step in funnel.steps]:
        raise LostDealsError(
            "other-steps", where=other.name, usage=True, steps=tuple(step.key for step in funnel.steps)
        )
    return compare_funnels(old.counted, funnel, (other.name, path.name))


def _channels(source: Source, also: Also, vocabulary: Vocabulary, options: Options, asked: Asked) -> Channels:
    assert source.journeys is not None
    values, costs = {}, None
    apart: list[Finding] = []
    if source.ready is not None:
        leads = source.ready.classified.leads
        apart = [note for note in source.ready.classified.findings if note.code in MONEY_APART]
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
    found = channels_of(source.journeys, values, costs, spend, vocabulary, by)
    return replace(found, notes=(*found.notes, *apart))
