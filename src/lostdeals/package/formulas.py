"""A formula of ours in a cell, with its computed value beside it, so that previews and pandas see the value, too."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Formula:
    """What a cell computes and what comes of it."""

    text: str
    """As Excel's file format writes it: English function names, commas, no equals sign."""
    value: float | str
    """The result, computed here."""
