"""Turn a finished Report into files and screens; nothing here decides anything about the data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from lostdeals.model import Finding, Report
from lostdeals.vocab import Words
from lostdeals.write.charts import write_charts
from lostdeals.write.table import write_table
from lostdeals.write.workbook import write_workbook

__all__ = ["CHART_FOLDER", "WRITERS", "scored_name", "write_charts", "write_table", "write_workbook"]

CHART_FOLDER = "_charts"
"""Added to the sheet's name for the folder of its charts."""


def _workbook(report: Report, words: Words, path: Path, *, encoding: str, raw: bool) -> tuple[Finding, ...]:
    return write_workbook(report, words, path)


Writer = Callable[..., tuple[Finding, ...]]

WRITERS: Mapping[str, Writer] = {".xlsx": _workbook, ".csv": write_table}
"""File ending -> writer(report, words, path, encoding=…, raw=…) -> what could not be written as it was."""


def scored_name(path: Path) -> str:
    """The name of the scored workbook of a sheet: ``deals.csv`` -> ``deals.scored.xlsx``."""
    return f"{path.stem}.scored.xlsx"
