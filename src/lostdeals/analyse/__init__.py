"""Small tables about the whole sheet: counts, funnels, sources, reasons, months, data quality."""

from lostdeals.analyse.counts import read_counts
from lostdeals.analyse.describe import coverage, describe
from lostdeals.analyse.dimension import resolve_dimension
from lostdeals.analyse.funnel import counted_funnel, funnel_of, sales_funnel
from lostdeals.analyse.funnel_events import EventTable, find_events, read_event_journeys
from lostdeals.analyse.funnel_input import read_journeys
from lostdeals.analyse.grouping import by_headers, by_leads, grouping, split_names
from lostdeals.analyse.latest import Latest, latest_of_each
from lostdeals.analyse.quality import quality
from lostdeals.analyse.tables import analyse

__all__ = [
    "EventTable",
    "Latest",
    "analyse",
    "by_headers",
    "by_leads",
    "counted_funnel",
    "coverage",
    "describe",
    "find_events",
    "funnel_of",
    "grouping",
    "latest_of_each",
    "quality",
    "read_counts",
    "read_event_journeys",
    "read_journeys",
    "resolve_dimension",
    "sales_funnel",
    "split_names",
]
