"""Score every customer 0-100, by what the sheet's own outcomes teach or by a scorecard, and say which and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lostdeals import schema
from lostdeals.model import Evaluation, Finding, Layout, Options, OutcomeReading
from lostdeals.score.learned import Learned, learn
from lostdeals.score.scorecard import Carded, Scorecard, amount_columns, apply_card, load_card
from lostdeals.score.why import card_lift, learned_points, sentences, with_sides
from lostdeals.vocab import Vocabulary, Words

__all__ = ["Scorecard", "Scored", "amount_columns", "load_card", "score"]


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


def score(
    leads: pd.DataFrame,
    layout: Layout,
    outcome: OutcomeReading,
    vocabulary: Vocabulary,
    options: Options,
    words: Words,
) -> Scored:
    """Score, grade and explain every open and lost row; won rows get no score, invalid rows nothing at all.

    A learned score is 100 · σ(logit p − logit b) with p the row's probability and b the sheet's own win rate, so that 50 is
    this sheet's average customer. A card's score is its points in percent of what the row could have reached.
    A card that the user names decides the score as well as the grade; otherwise the sheet's outcomes do where they teach
    something.
    """
    card = load_card(options.card, vocabulary)
    carded = apply_card(card, leads, layout, words)
    learned = (
        Evaluation("scorecard", "asked-for") if options.card else learn(leads, layout, outcome, vocabulary, options)
    )
    out = leads.copy()
    won, invalid = leads["outcome_class"] == "won", leads["outcome_class"] == "invalid"
    lift = card_lift(carded.points)
    if isinstance(learned, Learned):
        out["win_probability"] = learned.probability.round(4)
        out["score"] = _recentred(learned.probability, learned.base)
        points = learned_points(learned, layout, words)
        ranked = with_sides(points, carded=False)
        evaluation = learned.evaluation
    else:
        out["win_probability"] = np.nan
        out["score"] = (carded.share * 100).round()
        points = carded.points
        ranked = with_sides(points, carded=True)
        evaluation = learned
    out["grade"] = carded.grade.where(~invalid, None)
    out["grade_notes"] = carded.notes.where(~invalid, None)
    out.loc[won | invalid, "score"] = np.nan
    out["why"] = sentences(ranked, out.index, words, lift).where(~(won | invalid), None)
    if card.unit == "points":
        out["why"] = _with_points(out["why"], carded, words).where(~(won | invalid), None)
    amount = out["amount"] if "amount" in out else pd.Series(np.nan, index=out.index)
    out["expected_value"] = (out["win_probability"] * amount).round(2)
    findings = list(evaluation.doubts)
    provisional = int(out["grade_notes"].notna().sum())
    if card.unit == "points" and provisional:
        findings.append(Finding("grade-notes", provisional))
    return Scored(out, points[list(schema.POINTS)], evaluation, words.pick(card.label), tuple(findings))


def _recentred(probability: pd.Series[Any], base: float) -> pd.Series[Any]:
    p = probability.clip(1e-6, 1 - 1e-6)
    b = min(max(base, 1e-6), 1 - 1e-6)
    odds = p / (1 - p) * (1 - b) / b
    return (100 * odds / (1 + odds)).round()


def _with_points(why: pd.Series[Any], carded: Carded, words: Words) -> pd.Series[Any]:
    """The reason with the points it adds up to before it and the grade's notes behind."""
    end = words.say("why.end")
    totals = [
        words.say("why.total", total=total, maximum=most)
        for total, most in zip(carded.total, carded.maximum, strict=True)
    ]
    parts = zip(totals, why, carded.notes, strict=True)
    return pd.Series([end.join(t for t in part if isinstance(t, str)) for part in parts], index=why.index, dtype=object)
