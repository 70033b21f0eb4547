"""Score every customer 0-100, by what the sheet's own outcomes teach or by a scorecard, and say which and why."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from lostdeals import schema
from lostdeals.distinct import remembering, with_columns
from lostdeals.errors import LostDealsError
from lostdeals.evaluation import Alike, ScoreExtras
from lostdeals.model import Evaluation, Finding, Layout, Options, OutcomeReading
from lostdeals.score.asks import asks_of_card, asks_of_model
from lostdeals.score.card_fields import amount_columns, item_headers, unread_values
from lostdeals.score.card_file import Scorecard, load_card
from lostdeals.score.contributions import contributions, levels
from lostdeals.score.doctor import check_card
from lostdeals.score.evaluate import base_logit
from lostdeals.score.features import find_features
from lostdeals.score.joint import is_made
from lostdeals.score.leakage import role_leaks
from lostdeals.score.learned import Ask, Learned, learn
from lostdeals.score.models.stack import sigmoid
from lostdeals.score.saved import SavedModel, apply_model, is_model, kept_model, model_text, read_model
from lostdeals.score.scorecard import Carded, apply_card
from lostdeals.score.similar import find_similar
from lostdeals.score.why import card_lift, learned_lift, learned_points, sentences, with_refusals, with_sides
from lostdeals.stats.refusals import person, refusals
from lostdeals.vocab import Vocabulary, Words

__all__ = [
    "Ask",
    "SavedModel",
    "Scorecard",
    "Scored",
    "amount_columns",
    "is_model",
    "lead_of_row",
    "load_card",
    "model_text",
    "score",
]

INTENT = "intent"
"""The shipped card of the intent score."""


@dataclass(frozen=True)
class Scored:
    """Leads with score, grade, probability and the reason in words."""

    leads: pd.DataFrame
    points: pd.DataFrame
    """``schema.POINTS`` of the method in force."""
    evaluation: Evaluation
    card: str
    """Label of the scorecard that gives the grade."""
    findings: tuple[Finding, ...]
    extras: ScoreExtras
    model: SavedModel | None
    """What was learned, to be kept; None where nothing was."""


@remembering()
def score(
    leads: pd.DataFrame,
    layout: Layout,
    outcome: OutcomeReading,
    vocabulary: Vocabulary,
    options: Options,
    words: Words,
    changes: pd.DataFrame | None = None,
    ask: Ask | None = None,
) -> Scored:
    """Score, grade and explain every open and lost row; won rows get no score, invalid rows nothing at all.

    A learned score is 100 · σ(logit p − logit b) with p the row's probability and b the sheet's own win rate, so that 50 is
    this sheet's average customer. A card's score is its points in percent of what the row could have reached.
    A card that the user names decides the score as well as the grade, a saved model comes before both; otherwise the sheet's
    outcomes do where they teach something. changes: what cleaning did. ask: asks about suspicious columns.
    """
    card = load_card(options.card, vocabulary)
    carded = apply_card(card, leads, layout, words)
    learned: Learned | Evaluation
    if options.model is not None:
        learned = apply_model(read_model(options.model), leads, layout, vocabulary, options, changes)
    elif options.card:
        learned = Evaluation("scorecard", "asked-for")
    else:
        learned = learn(leads, layout, outcome, vocabulary, options, changes, ask)
    out: dict[str, pd.Series[Any]] = {}
    won, invalid = leads["outcome_class"] == "won", leads["outcome_class"] == "invalid"
    callable_ = leads.index[~(won | invalid)]
    refused = refusals(leads)
    asked = leads.index[~(won | invalid | refused.any(axis=1))]
    if isinstance(learned, Learned):
        evaluation = learned.evaluation
        out["win_probability"] = learned.probability.round(4)
        logit = pd.Series(_logit(learned.probability) - base_logit(learned.model.base), index=leads.index)
        out["score"] = pd.Series(100 * sigmoid(logit.to_numpy(dtype=float)), index=leads.index).round()
        first = out["score"].loc[callable_].sort_values(ascending=False, kind="stable").index
        first = leads["outcome_class"].loc[first].ne("open").sort_values(kind="stable").index
        closed = leads.index[leads["outcome_class"].isin(["won", "lost"])]
        weights = contributions(learned.model, learned.frame, first, closed).sort_index()
        points = learned_points(weights, levels(learned.model, learned.frame), layout, words)
        ranked = with_sides(points, carded=False)
        lift = learned_lift(learned.model, learned.frame, leads, layout, words, weights)
        asks = asks_of_model(learned.model, learned.frame, logit, asked, layout, learned.features.sensitive)
    else:
        evaluation = learned
        out["win_probability"] = pd.Series(np.nan, index=leads.index)
        out["score"] = (carded.share * 100).round()
        points = carded.points
        ranked = with_sides(points, carded=True)
        lift = card_lift(carded.points)
        asks = asks_of_card(carded.points, item_headers(card, layout, words), asked, carded.maximum)
    out["grade"] = carded.grade.where(~invalid, None)
    out["grade_notes"] = carded.notes.where(~invalid, None)
    out["score"] = out["score"].where(~(won | invalid))
    out["why"] = sentences(ranked, leads.index, words, lift[lift.index.isin(asked)])
    if card.unit == "points":
        out["why"] = _with_points(out["why"], carded, words)
    out["why"] = with_refusals(out["why"], refused, layout, words).where(~(won | invalid), None)
    amount = leads["amount"] if "amount" in leads else pd.Series(np.nan, index=leads.index)
    out["expected_value"] = (out["win_probability"] * amount).round(2)
    intent = apply_card(load_card(INTENT, vocabulary), leads, layout, words)
    out["intent_score"] = (intent.share * 100).round().where(~(won | invalid))
    evaluation = replace(evaluation, card_check=check_card(card, carded, leads))
    similar = _similar(learned, leads, layout, outcome, vocabulary, options, changes)
    findings = list(evaluation.doubts)
    findings += _not_called(refused[~(won | invalid)], leads, layout)
    provisional = int(out["grade_notes"].notna().sum())
    if card.unit == "points" and provisional:
        findings.append(Finding("grade-notes", provisional))
    if options.card and carded.absent:
        findings.append(Finding("card-absent", len(carded.absent), values={"items": carded.absent}))
    for header, cells, unread in unread_values(card, leads, layout) if options.card else ():
        findings.append(Finding("card-unread", cells, values={"column": header, "values": unread}))
    return Scored(
        with_columns(leads, out),
        points[list(schema.POINTS)],
        evaluation,
        words.pick(card.label),
        tuple(findings),
        ScoreExtras(asks, similar, carded.sheet),
        kept_model(learned, leads, layout, outcome) if isinstance(learned, Learned) and options.model is None else None,
    )


def _not_called(refused: pd.DataFrame, leads: pd.DataFrame, layout: Layout) -> list[Finding]:
    """How many customers are not to be contacted, and the columns that say so."""
    silent = refused.index[refused.any(axis=1)]
    if silent.empty:
        return []
    headers = tuple(layout.header(str(key)) for key, said in refused.items() if said.any())
    return [Finding("do-not-contact", person(leads)[silent].nunique(), values={"columns": headers})]


def lead_of_row(layout: Layout, row: int) -> int:
    """The lead that stands in a row of the file.

    Raises LostDealsError ``row-skipped`` (usage) for a row among the customers that is none, else ``unknown-row``.
    """
    if row not in layout.rows:
        first, last = min(layout.rows), max(layout.rows)
        code = "row-skipped" if first < row < last else "unknown-row"
        raise LostDealsError(code, where="--row", usage=True, row=row, first=first, last=last)
    return layout.rows.index(row)


def _similar(
    learned: Learned | Evaluation,
    leads: pd.DataFrame,
    layout: Layout,
    outcome: OutcomeReading,
    vocabulary: Vocabulary,
    options: Options,
    changes: pd.DataFrame | None,
) -> tuple[Alike, ...]:
    """Customers like the one in ``options.row``, by what the model weighs, or by all columns where nothing was learned."""
    if options.row is None:
        return ()
    lead = lead_of_row(layout, options.row)
    if isinstance(learned, Learned):
        spread = {
            column.column: float(np.ptp(table))
            for column, table in zip(learned.model.columns, learned.model.additive.tables, strict=True)
        }
        own = [name for name in learned.frame if not is_made(str(name))]
        return find_similar(learned.frame[own], leads, lead, layout, spread)
    found = find_features(leads, layout, vocabulary, options, role_leaks(leads, layout, vocabulary), changes)
    own = [name for name in found.frame if name != outcome.key]
    return find_similar(found.frame[own], leads, lead, layout)


def _logit(probability: pd.Series[Any]) -> Any:
    p = probability.clip(1e-6, 1 - 1e-6).to_numpy(dtype=float)
    return np.log(p / (1 - p))


def _with_points(why: pd.Series[Any], carded: Carded, words: Words) -> pd.Series[Any]:
    """The reason with the points it adds up to before it and the grade's notes behind."""
    end = words.say("why.end")
    totals = [
        words.say("why.total", total=total, maximum=most)
        for total, most in zip(carded.total, carded.maximum, strict=True)
    ]
    parts = zip(totals, why, carded.notes, strict=True)
    return pd.Series([end.join(t for t in part if isinstance(t, str)) for part in parts], index=why.index, dtype=object)
