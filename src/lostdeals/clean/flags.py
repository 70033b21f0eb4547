"""Yes and no, however people write them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from lostdeals.clean.cells import as_text
from lostdeals.clean.columns import keys_of_kind, mapped
from lostdeals.clean.setting import Setting
from lostdeals.schema import FLAG, role_of
from lostdeals.vocab import Vocabulary, normalise


def read_flags(frame: pd.DataFrame, setting: Setting) -> pd.DataFrame:
    """Every yes/no column as True, False or None by ``vocab/yesno.toml``; another answer is empty, the change log tells it.

    In ``do_not_contact`` another answer is a yes: whoever wrote 不要再打 there meant it.
    """
    read = yes_or_no(setting.vocabulary)

    def asked(cell: Any) -> bool:
        answer = read(cell)
        return True if answer is None else answer

    keys = keys_of_kind(frame, FLAG)
    return mapped(frame, {key: asked if role_of(key) == "do_not_contact" else read for key in keys})


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
