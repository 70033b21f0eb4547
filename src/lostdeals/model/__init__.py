"""What flows between the stages: frozen records that carry their evidence with them."""

from lostdeals.evaluation import Evaluation, LeftOut, ScoreExtras
from lostdeals.findings import Finding
from lostdeals.funnels import Funnel, Segment, Step
from lostdeals.model.classified import ClassifyReport, Crosstab
from lostdeals.model.cleaned import CleanReport, UndoReport
from lostdeals.model.inspected import Inspected
from lostdeals.model.layout import ColumnMatch, How, Layout, Remembered
from lostdeals.model.noticed import noticed
from lostdeals.model.options import Options, Rates
from lostdeals.model.outcomes import OUTCOMES, Outcome, OutcomeReading, OwnStage
from lostdeals.model.quality import Fix, Quality, QualityCounts
from lostdeals.model.report import Analysis, Report
from lostdeals.model.sheets import ErrorCell, Sheet

__all__ = [
    "OUTCOMES",
    "Analysis",
    "ClassifyReport",
    "CleanReport",
    "ColumnMatch",
    "Crosstab",
    "ErrorCell",
    "Evaluation",
    "Finding",
    "Fix",
    "Funnel",
    "How",
    "Inspected",
    "Layout",
    "LeftOut",
    "Options",
    "Outcome",
    "OutcomeReading",
    "OwnStage",
    "Quality",
    "QualityCounts",
    "Rates",
    "Remembered",
    "Report",
    "ScoreExtras",
    "Segment",
    "Sheet",
    "Step",
    "UndoReport",
    "noticed",
]
