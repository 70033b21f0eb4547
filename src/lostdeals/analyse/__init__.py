"""Small tables about the whole sheet: counts, funnel, sources, reasons, months, data quality."""

from lostdeals.analyse.counts import read_counts
from lostdeals.analyse.describe import coverage, describe
from lostdeals.analyse.dimension import resolve_dimension
from lostdeals.analyse.funnel import counted_funnel, sales_funnel
from lostdeals.analyse.log import is_log, log_funnel
from lostdeals.analyse.quality import quality
from lostdeals.analyse.tables import analyse

__all__ = [
    "analyse",
    "counted_funnel",
    "coverage",
    "describe",
    "is_log",
    "log_funnel",
    "quality",
    "read_counts",
    "resolve_dimension",
    "sales_funnel",
]
