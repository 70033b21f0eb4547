"""Where a sheet's header stands and what was read of it, in the same words on every screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lostdeals.model import CleanReport, Layout, Report
    from lostdeals.vocab import Words


def header_place(layout: Layout, words: Words) -> str:
    """表头在第 2、3 行; a sheet without one says so."""
    rows = layout.header_rows
    if not rows:
        return words.say("inspect.no_header")
    return words.say("inspect.header", rows=words.listed(rows), n=len(rows))


def read_line(report: Report | CleanReport, words: Words) -> str:
    """File, sheet, header, customers, and how many of the columns were recognised."""
    columns = report.layout.columns
    return words.say(
        "terminal.read",
        file=report.source.name,
        sheet=report.sheet.name,
        header=header_place(report.layout, words),
        n=len(report.leads),
        known=sum(column.role not in ("extra", "ignore") for column in columns),
        columns=sum(column.role != "ignore" for column in columns),
    )
