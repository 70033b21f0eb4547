"""Say what each customer is: outcome, stage, reason, need, intent, value, behaviour, tier, source and region."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from lostdeals import schema
from lostdeals.classify.derived import with_derived
from lostdeals.classify.dimensions import classify_dimension, dimensions, unmatched
from lostdeals.classify.outcome import find_outcome, read_outcome
from lostdeals.classify.outcome_coloured import KEY
from lostdeals.classify.outcome_dated import ORDERS, is_day
from lostdeals.classify.outcome_told import NOT_THERE, missing_findings
from lostdeals.classify.proposals import proposals
from lostdeals.classify.reason import read_reasons
from lostdeals.classify.region import read_regions
from lostdeals.classify.stage import stage_of_date
from lostdeals.classify.stage_numbers import read_stages
from lostdeals.classify.stage_order import STAGE_ROLES, own_stages
from lostdeals.classify.topics import read_topics
from lostdeals.distinct import filled, remembering, with_columns
from lostdeals.model import Finding, Layout, Options, OutcomeReading
from lostdeals.stats.money import currencies_of
from lostdeals.vocab import Vocabulary, normalise

__all__ = [
    "NOT_THERE",
    "STAGE_ROLES",
    "Classified",
    "classify",
    "dimensions",
    "find_outcome",
    "is_day",
    "missing_findings",
    "own_stages",
    "proposals",
    "read_topics",
    "stage_of_date",
    "unmatched",
]


@dataclass(frozen=True)
class Classified:
    """Leads with their classes, and how the outcome was read."""

    leads: pd.DataFrame
    """The cleaned frame plus ``schema.CLASSES`` and the derived columns (``classify.derived.DERIVED``)."""
    outcome: OutcomeReading
    findings: tuple[Finding, ...]


@remembering()
def classify(
    leads: pd.DataFrame, layout: Layout, vocabulary: Vocabulary, options: Options, changes: pd.DataFrame | None = None
) -> Classified:
    """Classify every lead; what the sheet does not tell stays None.

    changes: ``schema.CHANGES`` of the cleaning, for what a number's column says in words (高, 中型企业).

    Raises LostDealsError ``unknown-column`` where ``options.outcome`` names a header the sheet does not have.
    """
    outcome, results = read_outcome(leads, layout, vocabulary, options)
    out = with_columns(leads, {"outcome_class": results})
    out = with_columns(out, {"stage_class": read_stages(out, outcome, vocabulary)})
    reasons, conflicts, nobody, own = read_reasons(out, vocabulary)
    out = with_columns(out, {str(column): reasons[column] for column in reasons})
    out = with_columns(out, {"outcome_class": out["outcome_class"].mask(_junk(out, nobody), "invalid")})
    places, home = read_regions(out, layout, vocabulary)
    out = with_columns(out, {str(column): places[column] for column in places})
    out = with_derived(with_words(out, changes), vocabulary, options.today, options.rates, changes)
    for dimension in dimensions(vocabulary):
        found = classify_dimension(out, dimension, vocabulary)
        out = with_columns(out, {schema.class_column(dimension): found["category"], f"by_{dimension}": found["by"]})
    if schema.OVERRIDE in out:
        chosen = overridden(out, vocabulary)
        by = out["by_tier"].mask(chosen.notna(), schema.OVERRIDE)
        out = with_columns(out, {"by_tier": by, "tier": chosen.where(chosen.notna(), out["tier"])})
    findings = _money(out, options)
    if conflicts.any():
        cells = _cells(out[conflicts], layout.letter("loss_reason"))
        findings.append(Finding("reason-conflict", len(cells), cells.iloc[0]))
        issues = out["data_issues"].copy()  # cells of a column that others share are never changed
        issues[conflicts] = (
            issues[conflicts].map("{}; ".format, na_action="ignore").fillna("") + "reason-conflict@" + cells
        )
        out = with_columns(out, {"data_issues": issues})
    if own is not None:
        values = {"right": own.right, "before": own.right_before}
        findings.append(Finding("own-reasons", own.notes, values=values))
    if outcome.dated or outcome.noted:
        counts = out["outcome_class"].value_counts()
        said = {"column": outcome.header, **{end: int(counts.get(end, 0)) for end in ("won", "lost", "open")}}
        code = "outcome-counted" if outcome.key == ORDERS else "outcome-dated"
        if outcome.noted:
            code = "outcome-coloured" if outcome.key == KEY else "outcome-noted"
        findings.append(Finding(code, int(counts.get("won", 0)), values=said))
    findings += missing_findings(outcome, options.outcome_values)
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


def _junk(leads: pd.DataFrame, nobody: pd.Series[bool]) -> pd.Series[bool]:
    """Rows that the sheet closed as lost, or left open, because nobody was there.

    nobody: the reason column says so surely (空号, Duplicate, 测试), see `read_reasons`; a test entry by its name; a name that is nobody's, with no contact that is somebody's.
    """
    issues = "; " + leads["data_issues"][filled(leads["data_issues"])]
    test, nameless, unreachable = (
        pd.Series([f"; {code}@" in text for text in issues], index=issues.index, dtype=bool).reindex(
            leads.index, fill_value=False
        )
        for code in ("test-entry", "placeholder-name", "no-contact")
    )
    return (nobody | test | nameless & unreachable) & (leads["outcome_class"] != "won")


def overridden(leads: pd.DataFrame, vocabulary: Vocabulary) -> pd.Series[Any]:
    """The tier that the user has chosen in the override column, by its label in any language or its key; None elsewhere."""
    categories = vocabulary.section("dimensions")["tier"]["categories"]
    known = {normalise(text): key for key, entry in categories.items() for text in (key, *entry["label"].values())}
    return leads[schema.OVERRIDE].map(lambda cell: known.get(normalise(str(cell))), na_action="ignore").astype(object)


def with_words(leads: pd.DataFrame, changes: pd.DataFrame | None) -> pd.DataFrame:
    """The leads with what number columns say that is no number beside them, in columns named ``schema.SAID`` and theirs."""
    if changes is None:
        return leads
    lost = changes[(changes["rule"] == "numbers") & changes["after"].isna() & changes["before"].notna()]
    said = {
        f"{schema.SAID}{column}": lines.set_index("lead")["before"].reindex(leads.index).astype(object)
        for column, lines in lost.groupby("column")
    }
    return with_columns(leads, {column: texts.where(texts.notna(), None) for column, texts in said.items()})


def _cells(leads: pd.DataFrame, letter: str) -> pd.Series[str]:
    """Where one column's cells of these rows stand: 客户!K17."""
    return leads["src_sheet"] + "!" + letter + leads["src_row"].astype(str)
