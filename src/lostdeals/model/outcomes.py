"""Who bought, who did not, and by which words of the sheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Outcome = Literal["won", "lost", "open", "invalid"]
OUTCOMES: tuple[Outcome, ...] = ("won", "lost", "open", "invalid")


@dataclass(frozen=True)
class OutcomeReading:
    """Which column says who bought, and how its values were read."""

    key: str | None
    """The LEADS column; None where the sheet has no outcome."""
    header: str | None
    """As the user wrote it."""
    values: Mapping[str, Outcome]
    """Each distinct value and its reading."""
    unread: tuple[str, ...] = ()
    """Values that no word of the vocabulary covers; their rows count as open."""
    inverted: bool = False
    """The column says who was lost (是否流失, Churn), so yes means lost."""
    dated: bool = False
    """No column says who bought; this one is the day of a sale, and only customers have one."""
    guessed: tuple[str, ...] = ()
    """Values that count as lost or invalid only by how they begin or end."""
    noted: bool = False
    """No column says who bought; the last words of the notes do, or the colours of the rows."""

    missing: Mapping[str, Outcome] = field(default_factory=dict)
    """Values that the user has told the meaning of, and that the column does not have."""

    @property
    def statuses(self) -> str | None:
        """The column where its values name statuses."""
        return None if self.dated or self.noted else self.key


@dataclass(frozen=True)
class OwnStage:
    """One of the sheet's own stages."""

    value: str
    """As it is written."""
    stage: str | None
    """The canonical one, None where no word tells."""
    outcome: str | None
    """``won``, ``lost`` or ``invalid`` where it is no stage but an end; ``parked`` where it waits; None on the way."""
    n: int
