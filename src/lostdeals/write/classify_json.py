"""The machine-readable output of ``classify``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lostdeals.write.classify_words import name_of, standouts, title
from lostdeals.write.json import finding_object, rounded

if TYPE_CHECKING:
    import pandas as pd

    from lostdeals.model import ClassifyReport, Finding
    from lostdeals.vocab import Words


def classify_object(
    report: ClassifyReport, words: Words, outputs: Sequence[Path], notes: Sequence[Finding]
) -> dict[str, Any]:
    """What ``classify --json`` prints; categories are keys, n beside every share."""
    return {
        "file": str(report.source),
        "sheet": report.sheet.name,
        "language": report.lang,
        "rows": len(report.leads),
        "dimensions": [
            {**line, "label": name_of(report, words, line["dimension"])} for line in _lines(report.coverage)
        ],
        "tables": [
            {
                "kind": one.kind,
                "rows": one.rows,
                "columns": one.columns or None,
                "title": title(report, words, one),
                "cells": _lines(one.table),
            }
            for one in report.tables
        ],
        "stands_out": [{"q": rounded(q, 6), "text": sentence} for q, sentence in standouts(report, words)],
        "unmatched": [{**line, "header": report.layout.header(line["column"])} for line in _lines(report.unmatched)],
        "proposals": [{"terms": line["terms"].split("、"), "n": line["n"]} for line in _lines(report.proposals)],
        "findings": [finding_object(finding, words) for finding in (*report.findings, *notes)],
        "outputs": [str(path) for path in outputs],
        "seconds": {key: round(value, 3) for key, value in report.seconds.items()},
    }


def _lines(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a frame as plain values, shares to six places."""
    return [{str(key): _plain(value) for key, value in line.items()} for line in frame.to_dict("records")]


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return rounded(value, 6) if value == value else None
    return value.item() if hasattr(value, "item") else value
