"""Typed leads from the cells as found, with a log of every change and a way back."""

from lostdeals.clean.changes import diff, undo, visible
from lostdeals.clean.duplicates import pairs
from lostdeals.clean.stage import STEPS, Cleaned, clean

__all__ = ["STEPS", "Cleaned", "clean", "diff", "pairs", "undo", "visible"]
