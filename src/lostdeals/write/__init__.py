"""Turn a finished Report into files and screens; nothing here decides anything about the data.

Each writer imports what it needs when it is called: openpyxl and matplotlib cost more than most commands use.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from lostdeals.model import Finding, Report
from lostdeals.vocab import Words

__all__ = ["CHART_FOLDER", "WRITERS", "scored_name", "write_charts"]

CHART_FOLDER = "_charts"
"""Added to the sheet's name for the folder of its charts."""


def write_charts(report: Report, words: Words, folder: Path) -> list[Path]:
    """The charts of a report as PNG; see ``write.charts``."""
    from lostdeals.write import charts

    return charts.write_charts(report, words, folder)


def _workbook(
    report: Report, words: Words, path: Path, *, encoding: str = "", raw: bool = False
) -> tuple[Finding, ...]:
    from lostdeals.write.workbook import write_workbook

    return write_workbook(report, words, path)


def _table(report: Report, words: Words, path: Path, *, encoding: str, raw: bool) -> tuple[Finding, ...]:
    from lostdeals.write.table import write_table

    return write_table(report, words, path, encoding=encoding, raw=raw)


WRITERS: Mapping[str, Callable[..., tuple[Finding, ...]]] = {".xlsx": _workbook, ".csv": _table}
"""File ending -> writer(report, words, path, encoding=…, raw=…) -> what could not be written as it was."""


def scored_name(path: Path) -> str:
    """The name of the scored workbook of a sheet: ``deals.csv`` -> ``deals.scored.xlsx``."""
    return f"{path.stem}.scored.xlsx"
