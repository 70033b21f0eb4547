"""The machine-readable output, as CONTRACT fixes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from lostdeals.errors import LostDealsError
from lostdeals.model import OUTCOMES, ColumnMatch, Finding, Inspected, Report, noticed
from lostdeals.vocab import Words
from lostdeals.write.mask import finding_text
from lostdeals.write.scoring_json import scoring_details


def score_object(report: Report, words: Words, outputs: Sequence[Path], notes: Sequence[Finding]) -> dict[str, Any]:
    """What ``score --json`` prints."""
    leads, scoring, counts = report.leads, report.evaluation, report.analysis.counts
    results = leads["outcome_class"].value_counts()
    copies = leads["duplicate_of"].dropna()
    notes = [note for note in notes if note.code not in ("annotated", "annotated-apart")]  # as it should be
    return {
        "file": str(report.source),
        "sheet": report.sheet.name,
        "language": report.lang,
        "rows": len(leads),
        "duplicates": {"groups": int(copies.nunique()), "rows": len(copies)},
        "outcome": {
            "column": report.outcome.header,
            **{key: int(results.get(key, 0)) for key in ("won", "lost", "open", "invalid")},
            "values": dict(report.outcome.values),
        },
        "scoring": {
            "method": scoring.method,
            "why": words.say(f"scoring.{scoring.why}", card=report.card, **scoring.values),
            "card": report.card,
            "validation": scoring.validation,
            "auc": rounded(scoring.auc),
            "auc_low": rounded(scoring.auc_low),
            "auc_high": rounded(scoring.auc_high),
            "brier": rounded(scoring.brier),
            "ece": rounded(scoring.ece),
            "top_decile_lift": rounded(scoring.top_decile_lift),
            "leaky_columns": [
                {"column": leak.column, "why": words.say(f"leak.{leak.why}", **leak.values)}
                for leak in scoring.leaky_columns
            ],
            "used_columns": list(scoring.used_columns),
            "together": [{"how": both.how, "columns": list(both.columns)} for both in scoring.together],
            **scoring_details(report, words),
        },
        "tiers": dict(counts["tier"]),
        "grades": dict(counts["grade"]),
        "reasons": dict(counts["loss_reason"]),
        "stages": dict(counts["stage"]),
        "needs": dict(counts["need"]),
        "intents": dict(counts["intent"]),
        "changes": len(report.changes),
        "findings": [finding_object(finding, words) for finding in (*report.findings, *notes)],
        "outputs": [str(path) for path in outputs],
        "seconds": {key: round(value, 3) for key, value in report.seconds.items()},
    }


def inspect_object(path: Path, understood: Sequence[Inspected], words: Words) -> dict[str, Any]:
    """What ``inspect --json`` prints; a sheet that could not be understood has no columns and a finding that says why."""
    return {"file": str(path), "sheets": [_sheet_object(one, words) for one in understood]}


def _sheet_object(one: Inspected, words: Words) -> dict[str, Any]:
    sheet, layout = one.sheet, one.layout
    head = {"name": sheet.name, "encoding": sheet.encoding, "hidden": sheet.hidden}
    known = sheet.findings if isinstance(layout, LostDealsError) else noticed(sheet, layout)
    findings = [finding_object(finding, words) for finding in known]
    doubt = layout if isinstance(layout, LostDealsError) else layout.doubt
    if doubt is not None:
        told = words.error(doubt)
        findings.append({"code": doubt.code, "count": 1, "first": doubt.where, "text": f"{told['what']} {told['why']}"})
    if isinstance(layout, LostDealsError):
        body: dict[str, Any] = {"header_rows": [], "rows": 0, "language": None, "columns": [], "outcome": None}
    else:
        body = {
            "header_rows": list(layout.header_rows),
            "rows": len(layout.rows),
            "language": layout.language,
            "columns": [_column_object(column) for column in layout.columns],
            "outcome": _outcome_object(one),
            "stages": [{"value": s.value, "stage": s.stage, "outcome": s.outcome, "n": s.n} for s in one.stages],
            "stages_by": one.stages_by or None,
        }
    return {**head, **body, "findings": findings}


def _column_object(column: ColumnMatch) -> dict[str, Any]:
    return {
        "letter": column.letter,
        "header": column.header,
        "role": column.role,
        "confidence": round(column.confidence, 2),
        "how": column.how,
        "stage": column.stage,
        "filled": rounded(column.filled),
        "placeholders": column.placeholders,
        "why": column.why or None,
    }


def _outcome_object(one: Inspected) -> dict[str, Any] | None:
    reading = one.outcome
    if reading is None or reading.key is None:
        return None
    counts: dict[str, int] = {
        meaning: sum(n for value, n in one.counts.items() if reading.values.get(value) == meaning)
        for meaning in OUTCOMES
    }
    return {
        "column": reading.header,
        **counts,
        "values": dict(reading.values),
        "unread": list(reading.unread),
        "guessed": list(reading.guessed),
    }


def jobs_object(results: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What ``run --json`` prints."""
    return {"jobs": list(results)}


def finding_object(finding: Finding, words: Words) -> dict[str, Any]:
    """One finding with its sentence."""
    return {"code": finding.code, "count": finding.count, "first": finding.first, "text": finding_text(finding, words)}


def rounded(value: float | None, digits: int = 4) -> float | None:
    """A float for JSON; None stays None."""
    return None if value is None else round(float(value), digits)
