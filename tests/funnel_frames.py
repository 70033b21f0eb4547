"""Funnels of small made-up frames and files, as the commands make them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from frames import VOCABULARY, layout
from lostdeals.analyse import by_headers, by_leads, find_events, funnel_of, grouping, read_event_journeys, read_journeys
from lostdeals.analyse.journeys import Journeys
from lostdeals.funnels import Asked, Funnel
from lostdeals.model import Options

TODAY = pd.Timestamp("2026-11-20")


def options(**given: Any) -> Options:
    """Options with a day of the tests' own."""
    return Options(**{"today": date(2026, 11, 20), **given})


def journeys(frame: pd.DataFrame, headers: dict[str, str] | None = None, **asked: Any) -> Journeys:
    """The journeys of a classified frame."""
    columns = layout(headers or {key: key for key in frame if key not in ("src_sheet", "src_row")}, len(frame))
    return read_journeys(frame, columns, VOCABULARY, Asked(**asked), TODAY)


def funnel(frame: pd.DataFrame, by: str | None = None, headers: dict[str, str] | None = None, **asked: Any) -> Funnel:
    """The funnel of a classified frame."""
    columns = layout(headers or {key: key for key in frame if key not in ("src_sheet", "src_row")}, len(frame))
    found = journeys(frame, headers, **asked)
    groups = None
    if by:
        groups = grouping(by.split(","), found, by_leads(frame, columns, VOCABULARY), VOCABULARY, asked.get("bins", ()))
    return funnel_of(found, VOCABULARY, Asked(**asked), groups)


def events(
    tables: dict[str, pd.DataFrame], by: str | None = None, mapping: dict[str, str] | None = None, **asked: Any
) -> Funnel:
    """The funnel of tables of events, times as they stand."""
    wanted = Asked(**asked)
    read = [
        find_events(name, cells, VOCABULARY, mapping or {}, alone=len(tables) == 1) for name, cells in tables.items()
    ]
    assert all(read)
    found, described = read_event_journeys(read, VOCABULARY, wanted, TODAY, pd.to_datetime)
    groups = grouping(by.split(","), found, by_headers(described, VOCABULARY), VOCABULARY) if by else None
    return funnel_of(found, VOCABULARY, wanted, groups)
