"""Everything that scoring a sheet gives, as the writers take it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from lostdeals.evaluation import Evaluation, ScoreExtras
from lostdeals.findings import Finding
from lostdeals.funnels import Funnel
from lostdeals.model.layout import Layout
from lostdeals.model.outcomes import OutcomeReading
from lostdeals.model.quality import Quality
from lostdeals.model.sheets import Sheet

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Analysis:
    """Small tables about the whole sheet; n beside every rate."""

    counts: Mapping[str, Mapping[str, int]]
    """Dimension -> category -> customers, `unknown` included."""
    funnel: Funnel | None
    sources: pd.DataFrame
    """source, n, won, lost, open, rate (won of closed)."""
    reasons: pd.DataFrame
    """reason, n, share, amount (``amount.USD`` … where there are several currencies and no rates), read_from_text; of the customers who were lost or are still open with a reason."""
    months: pd.DataFrame
    """month, n, won, lost: customers by the month they came in; empty where no date says so."""


@dataclass(frozen=True)
class Report:
    """Everything a writer needs; writers decide nothing about the data."""

    source: Path
    sheets: tuple[Sheet, ...]
    sheet: Sheet
    layout: Layout
    lang: str
    today: date
    leads: pd.DataFrame
    """LEADS, scored (``schema.SCORED``)."""
    changes: pd.DataFrame
    """CHANGES (``schema.CHANGES``)."""
    points: pd.DataFrame
    """POINTS (``schema.POINTS``)."""
    plan: pd.DataFrame
    """PLAN (``schema.PLAN``)."""
    outcome: OutcomeReading
    evaluation: Evaluation
    card: str
    """Label of the scorecard in force."""
    analysis: Analysis
    findings: tuple[Finding, ...]
    seconds: Mapping[str, float]
    follow_ups: pd.DataFrame | None = None
    """What somebody wrote on the plan of an earlier run (``schema.FOLLOW_UPS``)."""
    quality: Quality | None = None
    """How good the sheet's data is."""
    extras: ScoreExtras | None = None
    """What scoring found out beyond the scores."""
    model_text: str | None = None
    """The learned model as its file says it, where it was asked for."""
