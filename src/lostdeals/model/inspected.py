"""One sheet as it is understood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lostdeals.errors import LostDealsError
from lostdeals.model.layout import Layout
from lostdeals.model.outcomes import OutcomeReading, OwnStage
from lostdeals.model.sheets import Sheet


@dataclass(frozen=True)
class Inspected:
    """One sheet as it is understood."""

    sheet: Sheet
    layout: Layout | LostDealsError
    """The layout, or why there is none."""
    outcome: OutcomeReading | None = None
    """Who bought, by which column; None where there is no layout."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """Value of the outcome column -> rows."""
    stages: tuple[OwnStage, ...] = ()
    """The sheet's own stages in the order that was found."""
    stages_by: str = ""
    """What told that order: ``numbers``, ``probabilities``, ``ladder``, ``dates`` or ``vocabulary``."""
    picked: bool = False
    """The sheet that the other commands read."""
