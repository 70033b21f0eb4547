"""Typed leads from the cells as found, with a log of every change and a way back."""

from lostdeals.clean.changes import diff, undo, visible
from lostdeals.clean.dates import sheet_day
from lostdeals.clean.duplicates import pairs
from lostdeals.clean.stage import STEPS, Cleaned, clean

__all__ = ["STEPS", "Cleaned", "clean", "diff", "pairs", "sheet_day", "undo", "visible"]
