"""Everything known about one customer: what the sheet says, what was cleaned, the classes, the points, who is alike, what to do."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pandas as pd
from rich.console import Group, RenderableType
from rich.text import Text

from lostdeals.schema import CLASSES, role_of
from lostdeals.write.columns import dimension, header, heading, labels, masked_names, said
from lostdeals.write.facts import fine_percent
from lostdeals.write.json import rounded
from lostdeals.write.mask import mask
from lostdeals.write.screen import Column, fitted, labelled

if TYPE_CHECKING:
    from lostdeals.model import Report
    from lostdeals.vocab import Words

SHOWN = ("stage_class", "intent_class", "value_class", "behaviour_class", "source_class", "tier", "grade")
"""Classes shown on the screen; the object has all of them."""
LONGEST = 60
"""Characters of a cell's text shown."""


def explain_object(report: Report, lead: int, words: Words) -> dict[str, Any]:
    """What ``explain --json`` prints; names and contacts masked."""
    row: Any = report.leads.loc[lead]
    scoring, points = report.evaluation, _points(report, lead)
    score = _number(row["score"])
    moves = _moves(points, score) if scoring.method == "learned" and score is not None else None
    return {
        "file": str(report.source),
        "sheet": report.sheet.name,
        "row": int(row["src_row"]),
        "customer": masked_names(report.leads.loc[[lead]]).iloc[0],
        "outcome": row["outcome_class"],
        "values": dict(_values(report, lead)),
        "changes": [
            dict(zip(("column", "rule", "before", "after"), change, strict=True)) for change in _changes(report, lead)
        ],
        "classes": {key: _known(row.get(key)) for key in (*CLASSES, "grade") if key in row},
        "score": rounded(_number(row["score"])),
        "win_probability": rounded(_number(row["win_probability"])),
        "intent_score": rounded(_number(row.get("intent_score"))),
        "expected_value": rounded(_number(row["expected_value"])),
        "method": scoring.method,
        "auc": rounded(scoring.auc),
        "points": [
            {
                "factor": line["factor"],
                "points": rounded(float(line["points"])),
                "say": line["say"],
                "moves": None if moves is None else moves[place],
            }
            for place, line in enumerate(points.to_dict("records"))
        ],
        "moved_by_all_else": None if moves is None else moves[-1],
        "why": _known(row["why"]),
        "notes": _known(row.get("grade_notes")),
        "asks": [
            {"column": ask["column"], "gain": rounded(ask["gain"]), "best": rounded(ask["best"])}
            for ask in _asks(report, lead).to_dict("records")
        ],
        "similar": [
            {
                "row": report.layout.rows[one.lead],
                "customer": masked_names(report.leads.loc[[one.lead]]).iloc[0],
                "outcome": one.outcome,
                "likeness": rounded(one.likeness),
                "shared": list(one.shared),
            }
            for one in (report.extras.similar if report.extras else ())
        ],
        "next_action": _known(row["next_action"]),
        "next_contact": None if pd.isna(row["next_contact"]) else row["next_contact"].date().isoformat(),
        "duplicate_of": None if pd.isna(row["duplicate_of"]) else report.layout.rows[int(row["duplicate_of"])],
    }


def explain_screen(report: Report, lead: int, words: Words) -> RenderableType:
    """One screen about one customer."""
    row: Any = report.leads.loc[lead]
    say = words.say
    name = masked_names(report.leads.loc[[lead]]).iloc[0]
    head = say("explain.head", row=row["src_row"], customer=name, outcome=words.label("outcome", row["outcome_class"]))
    lines: list[tuple[str, str]] = [("score", _score(report, row, words))]
    why = row["why"] if isinstance(row["why"], str) else ""
    lines += [("score", why)] if why else []
    if isinstance(row.get("grade_notes"), str) and row["grade_notes"] not in why:
        lines.append(("score", row["grade_notes"]))
    comma = say("terminal.dot")
    classes = [
        f"{heading(words, key)} {labels(report.leads.loc[[lead], key], words, dimension(key)).iloc[0]}"
        for key in SHOWN
        if key in row and isinstance(row[key], str)
    ]
    if classes:
        lines.append(("classes", comma.join(classes)))
    if isinstance(row["reason_class"], str):
        evidence = row["reason_evidence"] if isinstance(row["reason_evidence"], str) else ""
        lines.append(
            (
                "reason",
                say(
                    "explain.reason",
                    reason=words.label("loss_reason", row["reason_class"]),
                    sure=_number(row["reason_confidence"]) or 0.0,
                    evidence=_short(evidence),
                ),
            )
        )
    written = _written(report, lead)
    lines.append(("sheet", comma.join(f"{c} {written.get(c, value)}" for c, value in _values(report, lead))))
    lines += [
        (
            "cleaned",
            say("explain.change", column=c, before=_short(b or ""), after=_short(a or ""), rule=said(words, "rule", r)),
        )
        for c, r, b, a in _changes(report, lead)
    ]
    if isinstance(row["next_action"], str):
        due = "" if pd.isna(row["next_contact"]) else f" · {row['next_contact'].date().isoformat()}"
        lines.append(("do", row["next_action"] + due))
    lines += [
        ("ask", say("explain.ask", column=ask["column"], gain=ask["gain"], best=ask["best"]))
        for ask in _asks(report, lead).to_dict("records")
    ]
    parts: list[RenderableType] = [
        Text(head, style="bold"),
        labelled(_once([(say(f"explain.label.{key}"), text) for key, text in lines])),
    ]
    points = _points(report, lead)
    if len(points):
        columns = [Column(say("explain.factor")), Column(say("explain.moves"), 14, True)]
        score, learned = _number(row["score"]) or 0.0, report.evaluation.method == "learned"
        if learned:
            told = [*points["say"].map(str), say("explain.all_else")]
            moves = _moves(points, score)
            rows = [[text, f"{by:+d}"] for text, by in zip(told, moves, strict=True) if by or text != told[-1]]
        else:
            rows = [
                [f"{line['factor']}{say('terminal.colon')}{line['say']}", f"{line['points']:g}"]
                for line in points.to_dict("records")
            ]
        title = say(f"explain.points_{report.evaluation.method}_from", score=score)
        parts += [Text(), Text.assemble("  ", (title, "bold")), fitted(columns, rows)]
    similar = report.extras.similar if report.extras else ()
    if similar:
        columns = [
            Column(header(words, "row"), 7, True),
            Column(header(words, "customer"), 14),
            Column(header(words, "outcome_class"), 8),
            Column(say("explain.likeness"), 6, True),
            Column(say("explain.shared"), phrases=True),
        ]
        rows = [
            [
                str(report.layout.rows[one.lead]),
                masked_names(report.leads.loc[[one.lead]]).iloc[0],
                words.label("outcome", one.outcome),
                f"{one.likeness:.0%}",
                say("terminal.comma").join(one.shared),
            ]
            for one in similar
        ]
        parts += [Text(), Text.assemble("  ", (say("explain.similar"), "bold")), fitted(columns, rows)]
    return Group(*parts)


def _score(report: Report, row: Any, words: Words) -> str:
    scoring, score = report.evaluation, _number(row["score"])
    if score is None:
        return words.say("explain.no-score", outcome=words.label("outcome", row["outcome_class"]))
    said_ = words.say(
        f"explain.score_{scoring.method}",
        score=score,
        card=report.card,
        p=fine_percent(_number(row["win_probability"]) or 0.0),
        auc=scoring.auc or 0.0,
    )
    rank = int((report.leads["score"] > score).sum()) + 1
    said_ += words.say("explain.rank", rank=rank, n=int(report.leads["score"].notna().sum()))
    intent = _number(row.get("intent_score"))
    return said_ + (words.say("explain.intent", intent=intent) if intent is not None else "")


def _values(report: Report, lead: int) -> list[tuple[str, Any]]:
    """What the sheet says, by its own headers, after cleaning; names and contacts masked."""
    found = []
    for column in report.layout.columns:
        if column.key not in report.leads or column.role == "ignore":
            continue
        value: Any = report.leads.at[lead, column.key]
        if value is None or value != value:
            continue
        if hasattr(value, "date"):
            shown: Any = value.date().isoformat() if value == value.normalize() else value.isoformat(" ", "minutes")
        elif isinstance(value, float) and value.is_integer():
            shown = int(value)
        else:
            shown = (
                mask(_short(str(value)), "name" if column.why == "joined" else role_of(column.key))
                if isinstance(value, str)
                else value
            )
        found.append((column.header, shown))
    return found


def _written(report: Report, lead: int) -> dict[str, str]:
    """Header -> what the sheet itself says, where cleaning reads it otherwise; masked."""
    changes = _changes(report, lead)
    return {column: _short(before) for column, _, before, _ in reversed(changes) if before}


def _changes(report: Report, lead: int) -> list[tuple[str, str, str | None, str | None]]:
    own = report.changes[report.changes["lead"] == lead]
    return [
        (
            report.layout.header(line["column"]),
            line["rule"],
            _masked(line["before"], line["column"]),
            _masked(line["after"], line["column"]),
        )
        for line in own.to_dict("records")
    ]


def _masked(text: Any, column: str) -> str | None:
    return str(mask(text, role_of(column))) if isinstance(text, str) else None


def _points(report: Report, lead: int) -> pd.DataFrame:
    own = report.points[report.points["lead"] == lead]
    return own.sort_values("points", ascending=False, kind="stable")


def _moves(points: pd.DataFrame, score: float) -> list[int]:
    """How far each factor moves the score on the way from the average customer's 50, in the order given; then all else.

    They add up to the score. Log-odds are added one after the other, so what a factor moves depends a little on those before.

    >>> _moves(pd.DataFrame({"points": [1.1, 0.7, -0.4]}), 82.0)
    [25, 11, -6, 2]
    """
    logits = points["points"].to_numpy(dtype=float).cumsum()
    steps = [50, *(round(100 / (1 + math.exp(-logit))) for logit in logits)]
    return [after - before for before, after in pairwise([*steps, round(score)])]


def _asks(report: Report, lead: int) -> pd.DataFrame:
    if report.extras is None or report.extras.asks.empty:
        return pd.DataFrame(columns=["lead", "column", "gain", "best"])
    return report.extras.asks[report.extras.asks["lead"] == lead]


def _once(lines: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [
        ("" if place and lines[place - 1][0] == label else label, text) for place, (label, text) in enumerate(lines)
    ]


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _known(value: Any) -> Any:
    return None if value is None or value != value else value


def _number(value: Any) -> float | None:
    return None if value is None or value != value else float(value)
