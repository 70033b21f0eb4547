"""A table of a summary sheet before it is Excel's: a sentence, headers, values and how they look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Field:
    """One column of a table."""

    header: str
    values: Sequence[Any] | pd.Series[Any]
    look: str = "plain"
    """A look of ``package.styles``."""
    width: float = 12
    """In characters."""
    choices: tuple[str, ...] = ()
    """What its drop-down offers; empty for none."""
    hidden: bool = False
    """Not shown, for the next run."""


@dataclass(frozen=True)
class Table:
    """Columns of equal length under one sentence."""

    heading: str
    fields: tuple[Field, ...]

    def __len__(self) -> int:
        return len(self.fields[0].values)
