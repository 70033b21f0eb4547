"""Empty the cells that look filled and say nothing, such as 无, N/A, Select and #REF!."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from lostdeals.clean.cells import as_text
from lostdeals.clean.columns import mapped
from lostdeals.clean.setting import Setting
from lostdeals.model import ErrorCell
from lostdeals.schema import CLEANED, DATE, NUMBER, ROLE_KINDS, role_of
from lostdeals.vocab import Vocabulary, normalise


def empty_placeholders(frame: pd.DataFrame, setting: Setting) -> pd.DataFrame:
    """Cells that a word of ``vocab/blanks.toml`` (or, for numbers, an amount word such as 面议) fills become empty."""
    roles = {key: role_of(key) for key in frame.columns if key not in CLEANED}
    emptiers = {role: _emptier(Blanks(setting.vocabulary, role)) for role in {*roles.values()}}
    answering = {key for key in roles if _answers_with_none(frame[key], setting.vocabulary)}
    return mapped(frame, {key: emptiers[role] for key, role in roles.items() if key not in answering})


def _answers_with_none(cells: pd.Series[Any], vocabulary: Vocabulary) -> bool:
    """Whether 无 is an answer in a column, because 有 is the other one and there are hardly any more."""
    if cells.dtype != object:
        return False
    seen = {normalise(cell) for cell in cells.dropna().unique() if isinstance(cell, str)}
    answers = vocabulary.section("blanks")["answers"]
    return len(seen) <= FEW_ANSWERS and any(
        normalise(some) in seen and seen & {normalise(none) for none in nones} for some, nones in answers.items()
    )


class Blanks:
    """Which texts are no value in a role.

    >>> from lostdeals.vocab import load
    >>> blanks = Blanks(load(), "competitor")
    >>> [text for text in ("无", "--请选择--", "#REF!", "0", "No", "其他") if text in blanks]
    ['无', '--请选择--', '#REF!']
    """

    def __init__(self, vocabulary: Vocabulary, role: str) -> None:
        section = vocabulary.section("blanks")
        kind = ROLE_KINDS.get(role, "")
        unknown = [] if role in section["unknown"]["answer_in"] else section["unknown"]["words"]
        amounts = vocabulary.section("money")["no_amount"]["words"] if kind == NUMBER else []
        dates = section["also_kind"]["date"] if kind == DATE else []
        everywhere = section["everywhere"]["words"] + section["everywhere"]["errors"]
        words = [*everywhere, *unknown, *amounts, *dates, *section["also"].get(role, [])]
        keep = {normalise(word) for word in section["keep"].get(role, [])}
        self._marks = section["marks"] + " "
        self._words = {form for word in words for form in self._forms(word)} - keep
        self._longest = max(map(len, self._words)) + MARKS_AROUND
        self._digits = any(word[0].isdigit() for word in self._words)

    def __contains__(self, text: str) -> bool:
        # Most cells are answered without folding them: notes are too long, phones and ids start with a digit
        if len(text) > self._longest or (text[:1].isdigit() and not self._digits):
            return False
        return any(form in self._words or not form for form in self._forms(text))

    def _forms(self, text: str) -> tuple[str, str]:
        folded = text.lower() if text.isascii() else normalise(text)
        return folded, folded.strip(self._marks)


MARKS_AROUND = 8
FEW_ANSWERS = 4
"""Distinct texts up to which 有 and 无 are a question's answers."""


def _emptier(blanks: Blanks) -> Callable[[Any], object]:
    def emptied(cell: Any) -> object:
        if isinstance(cell, str):
            return None if cell in blanks else cell
        if isinstance(cell, ErrorCell):
            return None
        if hasattr(cell, "isoformat") and not FIRST_YEAR <= getattr(cell, "year", 0) <= LAST_YEAR:
            return None if (as_text(cell) or "") in blanks else cell
        return cell

    return emptied


FIRST_YEAR, LAST_YEAR = 1901, 2098
"""A date between them is never a program's way to say none; this spares looking up every date."""
