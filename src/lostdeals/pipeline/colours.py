"""The colours of the customers' rows, looked at only where no column says who bought."""

from __future__ import annotations

from dataclasses import replace

from lostdeals.model import Layout, Options, Sheet
from lostdeals.read.fills import cell_fills, hue
from lostdeals.understand.coloured import coloured
from lostdeals.vocab import Vocabulary

TOLD = ("outcome", "stage", "closed_at")
"""Roles that tell who bought, with which nobody asks the colours."""


def with_colours(sheet: Sheet, layout: Layout, vocabulary: Vocabulary, options: Options) -> Layout:
    """The layout with what the legend says of each customer's colour, or with the finding that nobody explains them."""
    asked = options.outcome is not None or options.outcome_values
    if asked or any(column.role in TOLD for column in layout.columns) or layout.doubt is not None:
        return layout
    found = coloured(sheet, layout, cell_fills(sheet.path, sheet.name), hue, vocabulary)
    findings = (*layout.findings, found.finding) if found.finding else layout.findings
    return replace(layout, colours=found.meanings, findings=findings)
