"""Turn a finished Report into files and screens; nothing here decides anything about the data.

Each writer imports what it needs when it is called: openpyxl and matplotlib cost more than most commands use.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from lostdeals.model import Report
from lostdeals.vocab import Words
from lostdeals.write.placing import Written

__all__ = ["CHART_FOLDER", "SCORED", "WRITERS", "Written", "scored_name", "write_charts"]

CHART_FOLDER = "_charts"
"""Added to the sheet's name for the folder of its charts."""


def write_charts(report: Report, words: Words, folder: Path) -> list[Path]:
    """The charts of a report as PNG; see ``write.charts``."""
    from lostdeals.write import charts

    return charts.write_charts(report, words, folder)


def _workbook(report: Report, words: Words, path: Path, *, encoding: str = "", raw: bool = False) -> Written:
    from lostdeals.write.workbook import write_workbook

    return write_workbook(report, words, path)


def _table(report: Report, words: Words, path: Path, *, encoding: str, raw: bool) -> Written:
    from lostdeals.write.table import write_table

    return Written(path, write_table(report, words, path, encoding=encoding, raw=raw))


WRITERS: Mapping[str, Callable[..., Written]] = {".xlsx": _workbook, ".xlsm": _workbook, ".csv": _table}
"""File ending -> writer(report, words, path, encoding=…, raw=…) -> where it is, and what a person should know of it."""

SCORED = re.compile(r"\.scored(?:\.\d+)?$")
"""What the name of a scored sheet ends with, before its file ending."""


def scored_name(path: Path) -> str:
    """The name of the scored workbook of a sheet; one with macros keeps its ending, and a scored one gets a number.

    >>> [scored_name(Path(name)) for name in ("deals.csv", "deals.XLSM", "deals.scored.xlsx", "deals.scored.2.xlsx")]
    ['deals.scored.xlsx', 'deals.scored.xlsm', 'deals.scored.2.xlsx', 'deals.scored.3.xlsx']
    """
    ending = ".xlsm" if path.suffix.lower() == ".xlsm" else ".xlsx"
    found = SCORED.search(path.stem)
    if found is None:
        return f"{path.stem}.scored{ending}"
    number = int(found[0].removeprefix(".scored").lstrip(".") or 1) + 1
    return f"{path.stem[: found.start()]}.scored.{number}{ending}"
