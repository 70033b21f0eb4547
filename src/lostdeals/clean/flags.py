"""Yes and no, however people write them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from lostdeals.clean.cells import as_text
from lostdeals.clean.columns import keys_of_kind, mapped
from lostdeals.clean.setting import Setting
from lostdeals.schema import FLAG
from lostdeals.vocab import Vocabulary, normalise


def read_flags(frame: pd.DataFrame, setting: Setting) -> pd.DataFrame:
    """Every yes/no column as True, False or None by ``vocab/yesno.toml``; another answer is empty, the change log tells it."""
    return mapped(frame, dict.fromkeys(keys_of_kind(frame, FLAG), yes_or_no(setting.vocabulary)))


def yes_or_no(vocabulary: Vocabulary) -> Callable[[Any], bool | None]:
    """A function that reads one cell.

    >>> from lostdeals.vocab import load
    >>> read = yes_or_no(load())
    >>> [read(cell) for cell in ("是", "√", "No", 0, 1.0, True, "也许")]
    [True, True, False, False, True, True, None]
    """
    words = vocabulary.section("yesno")
    known = {normalise(word): answer for answer, key in ((True, "yes"), (False, "no")) for word in words[key]["words"]}
    return lambda cell: cell if isinstance(cell, bool) else known.get(normalise(as_text(cell) or ""))
