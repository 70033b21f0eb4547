"""The words of matching: how far two values agree, and the arrays that say so for many pairs."""

from __future__ import annotations

from typing import Any

import numpy as np

MISSING, DIFFERENT, PARTLY, NEARLY, ALMOST, SAME = -1, 0, 1, 2, 3, 4
"""Levels of agreement; from SAME on, one more for every doubling of the rows that have the value."""
BANDS = 9
LEVELS = SAME + BANDS

Array = np.ndarray[Any, np.dtype[np.float64]]
Mask = np.ndarray[Any, np.dtype[np.bool_]]
Codes = np.ndarray[Any, np.dtype[np.int64]]
"""Numbers that stand for rows or values; -1 for a blank."""
Texts = np.ndarray[Any, np.dtype[np.object_]]
Pairs = Codes
"""Two rows as one number: the smaller times the number of rows, plus the larger."""
Levels = np.ndarray[Any, np.dtype[np.int8]]
"""A level per pair, or a row per pair and a column per field."""
