"""What every stage may notice about the data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Finding:
    """Something about the data that a person should know, grouped and counted."""

    code: str
    """Stable, kebab-case; its sentence is ``finding.<code>`` in ``vocab/messages.toml``."""
    count: int = 1
    """How many cells, rows or columns it concerns."""
    first: str = ""
    """The first place: ``客户!F12``."""
    values: Mapping[str, object] = field(default_factory=dict)
    """What else the sentence needs."""
    cells: tuple[tuple[int, str], ...] = field(default=(), compare=False)
    """The row and column letter of each, where it matters only in rows that are read."""
