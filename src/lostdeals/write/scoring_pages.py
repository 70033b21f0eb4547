"""The pages of the workbook that belong to the score: scores, scorecard with live formulas, cells to ask for, model card."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pandas as pd
from openpyxl.utils import get_column_letter

from lostdeals.distinct import by_distinct
from lostdeals.package.cells import ROW
from lostdeals.package.formulas import Formula
from lostdeals.write.card_check import check_table, edge_table
from lostdeals.write.columns import customers, header, heading, labels
from lostdeals.write.fields import Field, Table
from lostdeals.write.model_card import model_tables

if TYPE_CHECKING:
    from lostdeals.model import Report
    from lostdeals.vocab import Words


SCORES = (
    *("src_row", "owner", "outcome_class", "score", "win_probability", "intent_score", "grade"),
    *("value_class", "expected_value", "why"),
)
"""The columns of the page of scores."""


def scores(report: Report, words: Words) -> tuple[Table, ...]:
    """Score, probability, intent and value side by side, best first."""
    leads = report.leads
    if "intent_score" not in leads:
        return ()
    rows = leads["score"].notna() & leads["outcome_class"].isin(["open", "lost"])
    listed = leads.loc[rows, [column for column in SCORES if column in leads]]
    listed = listed.sort_values("score", ascending=False, kind="stable")
    owner = [Field(header(words, "owner"), listed["owner"], width=11)] if "owner" in leads else []
    fields = (
        Field(header(words, "row"), listed["src_row"], "centre", 7),
        Field(header(words, "customer"), customers(leads).loc[listed.index], width=14),
        *owner,
        Field(header(words, "outcome_class"), labels(listed["outcome_class"], words, "outcome"), width=10),
        Field(words.say("column.plan_score"), listed["score"], "centre", 8),
        Field(words.say("scores.probability"), listed["win_probability"], "percent", 10),
        Field(words.say("scores.intent"), listed["intent_score"], "centre", 10),
        Field(heading(words, "grade"), listed["grade"], "centre", 8),
        Field(words.say("scores.value"), labels(listed["value_class"], words, "value"), width=10),
        Field(words.say("scores.expected"), listed["expected_value"], "number", 12),
        Field(header(words, "plan_why"), listed["why"], "wrapped", 60),
    )
    return (Table(words.say("scores.heading", n=len(listed)), fields),)


def scorecard(report: Report, words: Words) -> tuple[Table, ...]:
    """The points of the card in force, item by item; sum, percent and grade are formulas with their values."""
    card = report.extras.card if report.extras is not None else {}
    if not card or not card["items"]:
        return ()
    leads = report.leads
    listed = leads.index[leads["outcome_class"].ne("invalid")]
    items = card["items"]
    first, last = get_column_letter(3), get_column_letter(2 + len(items))
    total, most, percent, knocked = (get_column_letter(3 + len(items) + place) for place in range(4))
    sums = card["total"].loc[listed]
    maximum = card["maximum"].loc[listed]
    share = (100 * sums / maximum.where(maximum > 0)).clip(upper=100)
    basis = percent if card["unit"] == "percent" else total
    totals = _formulas(f"SUM({first}{ROW}:{last}{ROW})", sums)
    percents = _formulas(f'IF({most}{ROW}>0,MIN(100,100*{total}{ROW}/{most}{ROW}),"")', share)
    grade = _grade(f"{knocked}{ROW}", f"{most}{ROW}", f"{basis}{ROW}", card["cutoffs"])
    grades = _formulas(grade, card["grade"].loc[listed])
    fields = (
        Field(header(words, "row"), leads.loc[listed, "src_row"], "centre", 7),
        Field(header(words, "customer"), customers(leads).loc[listed], width=14),
        *[Field(f"{label} (≤{most_of:g})", points.loc[listed], "centre", 12) for label, most_of, points in items],
        Field(words.say("card.total"), totals, "centre", 8),
        Field(words.say("card.most"), maximum, "centre", 8),
        Field(words.say("card.percent"), percents, "centre", 8),
        Field(words.say("card.knocked"), card["knocked"].loc[listed], "centre", 10),
        Field(heading(words, "grade"), grades, "centre", 8),
        Field(words.say("card.notes"), card["notes"].loc[listed], "wrapped", 50),
    )
    unit = words.say(f"card.unit_{card['unit']}")
    cuts = words.say("terminal.comma").join(f"{name} ≥ {at:g}{unit}" for name, at in card["cutoffs"])
    return (Table(words.say("card.heading", card=report.card, cuts=cuts), fields),)


def _formulas(text: str, values: pd.Series[Any]) -> pd.Series[Any]:
    """One formula down a column, with what comes of it in each row; an empty text where that is nothing."""
    shown = values.astype(object).where(values.notna(), "")
    return by_distinct(shown, lambda value: Formula(text, value))


def _grade(knocked: str, most: str, basis: str, cutoffs: tuple[tuple[str, float], ...]) -> str:
    """The grade as a formula: a knock-out first, then the cut-offs from the best down.

    >>> _grade("H3", "F3", "E3", (("A", 16), ("B", 10), ("C", 0)))
    'IF(H3<>"",H3,IF(F3<=0,"",IF(ROUND(E3,9)>=16,"A",IF(ROUND(E3,9)>=10,"B",IF(ROUND(E3,9)>=0,"C","")))))'
    """
    inner = '""'
    for name, at in reversed(cutoffs):
        quoted = name.replace('"', '""')
        inner = f'IF(ROUND({basis},9)>={at:g},"{quoted}",{inner})'
    return f'IF({knocked}<>"",{knocked},IF({most}<=0,"",{inner}))'


def asks(report: Report, words: Words) -> tuple[Table, ...]:
    """Which empty cells are worth a question, by owner."""
    if report.extras is None or report.extras.asks.empty:
        return ()
    leads, wanted = report.leads, report.extras.asks
    wanted = (
        wanted[wanted["lead"].isin(leads.index[leads["outcome_class"].eq("open")])]
        if leads["outcome_class"].eq("open").any()
        else wanted
    )
    of = wanted["lead"]
    wanted = wanted.assign(
        owner=leads["owner"].loc[of].to_numpy() if "owner" in leads else None,
        row=leads["src_row"].loc[of].to_numpy(),
        customer=customers(leads).loc[of].to_numpy(),
        score=leads["score"].loc[of].to_numpy(),
    ).sort_values(["owner", "gain"], ascending=[True, False], kind="stable")
    owner = [Field(header(words, "owner"), wanted["owner"], width=11)] if "owner" in leads else []
    fields = (
        *owner,
        Field(header(words, "row"), wanted["row"], "centre", 7),
        Field(header(words, "customer"), wanted["customer"], width=14),
        Field(words.say("column.plan_score"), wanted["score"], "centre", 8),
        Field(words.say("asks.column"), wanted["column"], width=22),
        Field(words.say("asks.gain"), wanted["gain"], "centre", 14),
        Field(words.say("asks.best"), wanted["best"], "centre", 14),
    )
    return (Table(words.say("asks.heading", n=len(wanted)), fields),)


def model(report: Report, words: Words) -> tuple[Table, ...]:
    """The model card, and the scorecard's check-up where there are outcomes."""
    if report.leads.empty:
        return ()
    checked, edges = check_table(report, words), edge_table(report, words)
    return (*model_tables(report, words), *([checked] if len(checked) else []), *([edges] if edges else []))


PAGES: tuple[tuple[str, Callable[[Report, Words], tuple[Table, ...]]], ...] = (
    ("scores", scores),
    ("scorecard", scorecard),
    ("asks", asks),
    ("model", model),
)
"""``sheet.<key>`` of the messages is a page's name; a page without tables is left out."""
