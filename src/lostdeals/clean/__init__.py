"""Typed leads from the cells as found, with a log of every change and a way back."""

from lostdeals.clean.changes import diff, undo, visible
from lostdeals.clean.dates import sheet_day
from lostdeals.clean.duplicates import merged, pairs
from lostdeals.clean.in_place import in_place
from lostdeals.clean.stage import STEPS, Cleaned, clean
from lostdeals.clean.undo_log import Undone, read_log, undo_in_place

__all__ = [
    "STEPS",
    "Cleaned",
    "Undone",
    "clean",
    "diff",
    "in_place",
    "merged",
    "pairs",
    "read_log",
    "sheet_day",
    "undo",
    "undo_in_place",
    "visible",
]
