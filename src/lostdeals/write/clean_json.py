"""The machine-readable output of ``clean``, as CONTRACT fixes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lostdeals.schema import role_of
from lostdeals.write.json import finding_object, rounded
from lostdeals.write.quality import GROUPED_BY, changed_cells, fix_text, grade_label, groups_of

if TYPE_CHECKING:
    import pandas as pd

    from lostdeals.model import CleanReport, Finding, UndoReport
    from lostdeals.vocab import Words

TOP = 10
"""Pairs of probably one customer that are shown."""


def clean_object(
    report: CleanReport, words: Words, outputs: Sequence[Path], notes: Sequence[Finding]
) -> dict[str, Any]:
    """What ``clean --json`` prints."""
    counts = report.quality.counts
    cells, typed = changed_cells(report)
    rules = report.log["rule"].value_counts(sort=False)
    return {
        "file": str(report.source),
        "sheet": report.sheet.name,
        "language": report.lang,
        "rows": len(report.leads),
        "changes": len(report.log),
        "cells": {"changed": cells, "only_type": typed},
        "by_rule": {str(rule): int(n) for rule, n in rules.items()},
        "duplicates": {
            "groups": counts.groups_of_copies,
            "rows": counts.copies,
            "pairs": len(report.pairs),
            "clashes": counts.clashes,
            "top": report.pairs.sort_values("score", ascending=False, kind="stable").head(TOP).to_dict("records"),
        },
        "quality": quality_object(report, words),
        "findings": [finding_object(finding, words) for finding in (*report.findings, *notes)],
        "outputs": [str(path) for path in outputs],
        "seconds": {key: round(value, 3) for key, value in report.seconds.items()},
    }


def quality_object(report: CleanReport, words: Words) -> dict[str, Any]:
    """The quality of a sheet's data; n beside every share."""
    quality, layout = report.quality, report.layout
    counts = quality.counts
    return {
        "grade": quality.grade,
        "score": rounded(quality.score, 1),
        "label": grade_label(quality, words),
        "parts": {part: {"share": rounded(n / of), "n": n, "of": of} for part, (n, of) in quality.parts.items()},
        "columns": [
            {"letter": layout.letter(key), "header": layout.header(key), "role": role_of(key), **numbers}
            for key, numbers in _lines(counts.columns, "column")
        ],
        "issues": {str(code): int(n) for code, n in counts.issues.groupby("code", sort=False)["n"].sum().items()},
        "freshness": {
            "days": quality.stale_days,
            "dated": counts.dated,
            "stale": counts.stale,
            "share": rounded(counts.stale / counts.dated) if counts.dated else None,
            "undated": counts.rows - counts.dated,
        },
        **{f"by_{by}": _groups(report, by) for by in GROUPED_BY},
        "fixes": [
            {
                "code": fix.code,
                "columns": [layout.header(column) for column in fix.columns],
                "count": fix.count,
                "gain": rounded(fix.gain, 1),
                "text": fix_text(report, words, fix),
            }
            for fix in quality.fixes
        ],
    }


def undo_object(report: UndoReport, words: Words, outputs: Sequence[Path], notes: Sequence[Finding]) -> dict[str, Any]:
    """What ``clean --undo --json`` prints."""
    counts = ("restored", "already", "changed", "first_changed", "later", "first_later", "missing")
    return {
        "file": str(report.source),
        "sheet": report.sheet.name,
        "log": str(report.log),
        "rule": report.rule,
        **{name: getattr(report, name) for name in counts},
        "findings": [finding_object(finding, words) for finding in notes],
        "outputs": [str(path) for path in outputs],
    }


def _groups(report: CleanReport, by: str) -> list[dict[str, Any]]:
    smallest = report.quality.smallest_group
    return [
        {"value": None if value != value else value, **numbers, "few": numbers["n"] < smallest}
        for value, numbers in _lines(groups_of(report, by).drop(columns="by"), "value")
    ]


def _lines(table: pd.DataFrame, key: str) -> list[tuple[Any, Mapping[str, int]]]:
    """Each line as its key and its counts."""
    lines = table.to_dict("records")
    return [(line[key], {str(name): int(n) for name, n in line.items() if name != key}) for line in lines]
