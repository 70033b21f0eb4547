"""Yes and no, however people write them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from lostdeals.clean.cells import as_text
from lostdeals.clean.columns import keys_of_kind, mapped
from lostdeals.clean.problems import SHOWN, Address
from lostdeals.clean.setting import Setting
from lostdeals.model import Finding
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


def taken_for_asked(log: pd.DataFrame, setting: Setting, address: Address) -> list[Finding]:
    """One finding per ``do_not_contact`` column in which remarks were taken for a yes; log: the changes of `read_flags`."""
    read = yes_or_no(setting.vocabulary)
    out = []
    for column, cells in log[log["column"].map(role_of).eq("do_not_contact")].groupby("column", sort=False):
        known = {text: read(text) is not None for text in cells["before"].dropna().unique()}
        remarks = cells[cells["before"].map(known).eq(False) & cells["after"].notna()]
        if len(remarks):
            lead, sample = remarks.iloc[0][["lead", "before"]]
            values = {"sample": sample[:SHOWN], "role": "do_not_contact"}
            out.append(Finding("taken-for-asked", len(remarks), address(int(lead), str(column)), values))
    return out


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
