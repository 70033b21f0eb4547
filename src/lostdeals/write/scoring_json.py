"""What a program may want to know of a score beyond the contract's fields."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from lostdeals.write.mask import mask

if TYPE_CHECKING:
    from lostdeals.evaluation import CardCheck, Evaluation
    from lostdeals.model import Report
    from lostdeals.vocab import Words


def scoring_details(report: Report, words: Words) -> dict[str, Any]:
    """Quality, calibration, questions, sensitive traits, drift and the scorecard's check-up, rounded to four digits."""
    scoring = report.evaluation
    return {
        "step": scoring.step or None,
        "rarer": scoring.rarer,
        "next_step": scoring.next_step,
        "tested": scoring.tested,
        "brier_gain": _rounded(scoring.brier_gain),
        "ece_floor": _rounded(scoring.ece_floor),
        "top_rate": _rounded(scoring.top_rate),
        "base_rate": _rounded(scoring.base_rate),
        "folds_auc": _rounded(scoring.folds_auc),
        "untimed": scoring.untimed or None,
        "recentred": _rounded(scoring.recentred),
        "twins": scoring.twins,
        "repeats": [{"column": one.column, "of": one.first} for one in scoring.repeats],
        "calibration": [
            {"n": group.n, "expected": _rounded(group.expected), "won": group.won} for group in scoring.calibration
        ],
        "guard": None
        if scoring.guarded is None
        else {"auc_with": _rounded(scoring.guarded.auc_with), "auc_without": _rounded(scoring.guarded.auc_without)},
        "questions": [
            {
                "column": asked.column,
                "why": words.say(f"leak.{asked.why}", **asked.values),
                "auc": _rounded(asked.values["now"]),
                "auc_without": _rounded(asked.values["without"]),
            }
            for asked in scoring.questions
        ],
        "auc_without_all_asked": _rounded(scoring.questions[0].values["all_out"]) if scoring.questions else None,
        "sensitive": _sensitive(scoring),
        "drift": [{"column": drift.column, "psi": _rounded(drift.psi)} for drift in scoring.drift],
        "scorecard_check": None if scoring.card_check is None else _check(scoring.card_check, report.layout.rows),
        "asks": 0 if report.extras is None else len(report.extras.asks),
    }


def _sensitive(scoring: Evaluation) -> dict[str, Any] | None:
    traits = scoring.sensitive
    if traits is None:
        return None
    return {
        "columns": list(traits.columns),
        "used": traits.used,
        "exact": traits.exact,
        "auc_with": _rounded(traits.auc_with),
        "auc_without": _rounded(traits.auc_without),
        "groups": [
            {
                "column": group.column,
                "value": mask(group.value, "extra"),
                "n": group.n,
                "selected": group.selected,
                "selected_without": group.selected_without,
            }
            for group in traits.groups
        ],
    }


def _check(check: CardCheck, rows: Sequence[int]) -> dict[str, Any]:
    return {
        "won": check.won,
        "lost": check.lost,
        "auc": _rounded(check.auc),
        "not_counted": list(check.one_sided),
        "items": [
            {
                "item": item.item,
                "n": item.known,
                "auc": _rounded(item.auc),
                "low": _rounded(item.low),
                "high": _rounded(item.high),
                "twin": item.twin or None,
            }
            for item in check.items
        ],
        "grades": {grade: {"won": won, "lost": lost} for grade, won, lost in check.grades},
        "edges": [
            {
                "grade": edge.grade,
                "at": edge.at,
                "on_edge": edge.on_edge,
                "moved": edge.moved,
                "moved_won": edge.moved_won,
                "rows": [rows[lead] for lead, _ in edge.callable],
            }
            for edge in check.edges
        ],
    }


def _rounded(value: Any) -> float | None:
    return None if value is None else round(float(value), 4)
