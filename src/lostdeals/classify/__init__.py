"""Say what each customer is: outcome, stage, reason, need, intent, value, behaviour, tier, source and region."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from lostdeals import schema
from lostdeals.classify.derived import with_derived
from lostdeals.classify.dimensions import classify_dimension
from lostdeals.classify.outcome import find_outcome, read_outcome
from lostdeals.classify.reason import read_reasons
from lostdeals.classify.region import read_regions
from lostdeals.classify.stage import read_stages, stage_of_date
from lostdeals.model import Finding, Layout, Options, OutcomeReading
from lostdeals.stats.money import currencies_of
from lostdeals.vocab import Vocabulary, normalise

__all__ = ["Classified", "classify", "find_outcome", "stage_of_date"]

DIMENSIONS = ("need", "intent", "value", "behaviour", "source", "party", "tier")
"""In this order: a rule may use the classes before it."""


@dataclass(frozen=True)
class Classified:
    """Leads with their classes, and how the outcome was read."""

    leads: pd.DataFrame
    """The cleaned frame plus ``schema.CLASSES`` and the derived columns (``classify.derived.DERIVED``)."""
    outcome: OutcomeReading
    findings: tuple[Finding, ...]


def classify(leads: pd.DataFrame, layout: Layout, vocabulary: Vocabulary, options: Options) -> Classified:
    """Classify every lead; what the sheet does not tell stays None.

    Raises LostDealsError ``unknown-column`` where ``options.outcome`` names a header the sheet does not have.
    """
    out = leads.copy()
    outcome, out["outcome_class"] = read_outcome(out, layout, vocabulary, options)
    out["stage_class"] = read_stages(out, outcome, vocabulary)
    reasons, conflicts = read_reasons(out, vocabulary)
    out[reasons.columns] = reasons
    out["outcome_class"] = out["outcome_class"].mask(_junk(out), "invalid")
    places, home = read_regions(out, layout, vocabulary)
    out[places.columns] = places
    out = with_derived(out, vocabulary, options.today, options.rates)
    for dimension in DIMENSIONS:
        column = dimension if dimension in schema.CLASSES else f"{dimension}_class"
        out[column] = classify_dimension(out, dimension, vocabulary)
    if schema.OVERRIDE in out:
        out["tier"] = overridden(out, vocabulary)
    findings = _money(out, options)
    if conflicts.any():
        cells = _cells(out[conflicts], layout.letter("loss_reason"))
        findings.append(Finding("reason-conflict", len(cells), cells.iloc[0]))
        noted = out.loc[conflicts, "data_issues"].map("{}; ".format, na_action="ignore").fillna("")
        out.loc[conflicts, "data_issues"] = noted + "reason-conflict@" + cells
    if outcome.unread:
        findings.append(Finding("outcome-unread", len(outcome.unread), outcome.unread[0], {"column": outcome.header}))
    if home:
        findings.append(Finding("home-market", int(out["country"].eq(home).sum()), values={"country": home}))
    checked = schema.check(out, {**schema.CLEANED, **schema.CLASSES})
    return Classified(checked, outcome, tuple(findings))


def _money(leads: pd.DataFrame, options: Options) -> list[Finding]:
    """How amounts of several currencies were brought together, or that they were not."""
    if "amount" not in leads:
        return []
    codes = currencies_of(leads, leads["amount"])
    named = [str(code) for code in codes.dropna().unique() if code]
    if codes.nunique() <= 1:
        return []
    rates = options.rates
    if rates is None:
        return [Finding("several-currencies", int(codes.notna().sum()), ", ".join(named))]
    used = ", ".join(f"{code} {rates.per[code]:g}" for code in named if code in rates.per and code != rates.base)
    values = {"base": rates.base, "date": rates.date.isoformat(), "rates": used or "–"}
    missing = [code for code in named if code not in rates.per]
    without = [Finding("no-rate", int(codes.isin(missing).sum()), ", ".join(missing))] if missing else []
    return [
        Finding("rates-used", int((codes.notna() & ~codes.isin([*missing, rates.base, ""])).sum()), "", values),
        *without,
    ]


def _junk(leads: pd.DataFrame) -> pd.Series[bool]:
    """Rows that the sheet closed as lost, or left open, because nobody was there: 空号, Duplicate, 测试 in the reason column."""
    answered = leads["reason_from"].map(schema.role_of) == "loss_reason"
    return answered & (leads["main_reason"] == "invalid") & (leads["outcome_class"] != "won")


def overridden(leads: pd.DataFrame, vocabulary: Vocabulary) -> pd.Series[Any]:
    """The tier, or the one the user has chosen in the override column, by its label in any language or its key."""
    categories = vocabulary.section("dimensions")["tier"]["categories"]
    known = {normalise(text): key for key, entry in categories.items() for text in (key, *entry["label"].values())}
    chosen = leads[schema.OVERRIDE].map(lambda cell: known.get(normalise(str(cell))), na_action="ignore").astype(object)
    return leads["tier"].where(chosen.isna(), chosen)


def _cells(leads: pd.DataFrame, letter: str) -> pd.Series[str]:
    """Where one column's cells of these rows stand: 客户!K17."""
    return leads["src_sheet"] + "!" + letter + leads["src_row"].astype(str)
