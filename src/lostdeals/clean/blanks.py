"""Empty the cells that look filled and say nothing, such as 无, N/A, Select and #REF!, and count what kind of nothing they were."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from lostdeals.clean.cells import as_text
from lostdeals.clean.columns import mapped
from lostdeals.clean.setting import Setting
from lostdeals.distinct import factorized, filled
from lostdeals.model import ErrorCell
from lostdeals.schema import CLEANED, DATE, NUMBER, ROLE_KINDS, role_of
from lostdeals.vocab import Vocabulary, normalise, unknown_words


def empty_placeholders(frame: pd.DataFrame, setting: Setting) -> pd.DataFrame:
    """Cells that a word of ``vocab/blanks.toml`` (or, for numbers, an amount word such as 面议) fills become empty.

    无 stays where it is an answer: beside 有, or in an extra or competitor column that also leaves cells empty.
    """
    roles = {key: role_of(key) for key in frame.columns if key not in CLEANED}
    words = setting.vocabulary.section("blanks")
    blanks = {role: Blanks(setting.vocabulary, role) for role in {*roles.values()}}
    emptiers = {role: _emptier(blank) for role, blank in blanks.items()}
    answers = Answers(words)
    functions = {}
    for key, role in roles.items():
        if answers.of_some_or_none(frame[key]):
            continue
        keep_none = role in words["none"]["answer_in"] and answers.apart_from_empty(frame[key])
        functions[key] = _but(answers.none, emptiers[role]) if keep_none else emptiers[role]
    return mapped(frame, functions, {key: blanks[roles[key]].among for key in functions})


def missing_kinds(leads: pd.DataFrame, changes: pd.DataFrame, setting: Setting) -> pd.DataFrame:
    """How the cells of each column are missing: column, filled, blank, placeholder, none, unknown, error; they add up to the rows.

    changes: the log of the cleaning that gave the leads.
    filled: with anything that says something, readable or not; blank: nothing there; placeholder: N/A, -, Select; none:
    无, there is none; unknown: 未知, somebody does not know (also where the word stays in the cell); error: #REF!.
    """
    words = setting.vocabulary.section("blanks")
    none = {normalise(word) for word in words["none"]["words"]}
    unknown = unknown_words(setting.vocabulary)
    marks = words["marks"] + " "

    def kind(text: str) -> str:
        bare = normalise(text).strip(marks)
        return "none" if bare in none else "unknown" if bare in unknown else "placeholder"

    keys = [key for key in leads.columns if key not in CLEANED]
    gone = changes[changes["after"].isna()]
    emptied = gone[gone["rule"].eq("blanks")]
    kinds = emptied["before"].map(kind).where(emptied["was"].ne("error"), "error")
    table = pd.crosstab(emptied["column"], kinds).reindex(index=keys, columns=[*MISSING], fill_value=0)
    said = pd.Series({key: _words_of(leads[key], unknown) for key in keys}, dtype="int64")
    unread = gone.loc[~gone["rule"].isin(["blanks", "text"]), "column"].value_counts().reindex(keys, fill_value=0)
    table["unknown"] += said
    table["filled"] = pd.Series({key: int(filled(leads[key]).sum()) for key in keys}, dtype="int64") - said + unread
    table["blank"] = len(leads) - table.drop(columns="blank").sum(axis=1)
    return table.rename_axis("column").rename_axis(None, axis=1).reset_index()


MISSING = ("filled", "blank", "placeholder", "none", "unknown", "error")
"""Kinds of cells, see `missing_kinds`."""


def _words_of(cells: pd.Series[Any], words: frozenset[str]) -> int:
    """How many cells hold one of these words and nothing else."""
    if cells.dtype != object:
        return 0
    starts = {word[0] for word in words}
    codes, distinct = factorized(cells)
    texts = [text if text.__class__ is str else "" for text in distinct]
    begun = _beginning(texts, lambda first: not first or first.lower() in starts, LONGEST)
    said = [code for code in begun if texts[code] and normalise(texts[code]) in words]
    return int(np.isin(codes, said).sum()) if said else 0


def _beginning(texts: Sequence[str], may_start: Callable[[str], bool], longest: int) -> list[int]:
    """Places of the texts that are empty, or that have a beginning which may start what is looked for and are no longer.

    The first signs and the lengths of all are read from them as one text, because most columns have nothing.
    """
    if not texts:
        return []
    signs = np.frombuffer("\0".join(["", *texts, ""]).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    ends = np.flatnonzero(signs == 0)
    if len(ends) != len(texts) + 1:  # a text has the sign between them
        return [place for place, text in enumerate(texts) if len(text) <= longest and (not text or may_start(text[:1]))]
    first, length = signs[ends[:-1] + 1], np.diff(ends) - 1
    short = np.flatnonzero(length <= longest)
    begins = [sign for sign in np.unique(first[short]).tolist() if not sign or may_start(chr(sign))]
    found: list[int] = short[np.isin(first[short], begins)].tolist()
    return found


class Answers:
    """Tells where a word for none is an answer and not a blank.

    >>> from lostdeals.vocab import load
    >>> answers = Answers(load().section("blanks"))
    >>> answers.of_some_or_none(pd.Series(["有", "无"], dtype=object))
    True
    >>> column = pd.Series(["甲", "无", None, "乙"], dtype=object)
    >>> answers.apart_from_empty(column), answers.apart_from_empty(column.dropna())
    (True, False)
    """

    def __init__(self, words: dict[str, Any]) -> None:
        self.none = frozenset(normalise(word) for word in words["none"]["words"])
        self._pairs = [
            (normalise(some), {normalise(none) for none in nones}) for some, nones in words["answers"].items()
        ]

    def of_some_or_none(self, cells: pd.Series[Any]) -> bool:
        """无 stands beside 有, and there are hardly any other answers."""
        if cells.dtype != object:
            return False
        distinct = factorized(cells)[1]
        if len(distinct) > FEW_ANSWERS * SPELLINGS:
            return False
        seen = {normalise(cell) for cell in distinct if isinstance(cell, str)}
        return len(seen) <= FEW_ANSWERS and any(some in seen and seen & nones for some, nones in self._pairs)

    def apart_from_empty(self, cells: pd.Series[Any]) -> bool:
        """无 stands in a good part of the cells and another good part is empty."""
        if cells.dtype != object or not len(cells):
            return False
        empty = int((~filled(cells)).sum())
        return min(_words_of(cells, self.none), empty) >= TOLD_APART * len(cells) if empty else False


def _but(kept: frozenset[str], emptier: Callable[[Any], object]) -> Callable[[Any], object]:
    return lambda cell: cell if isinstance(cell, str) and normalise(cell) in kept else emptier(cell)


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
        self._starts = frozenset(self._marks).union(word[0] for word in self._words)

    def among(self, values: Sequence[Any]) -> list[int]:
        """Places of the values that are no text, or one that may be blank."""
        texts = [value if value.__class__ is str else "" for value in values]
        return _beginning(texts, self._may_start, self._longest)

    def _may_start(self, first: str) -> bool:
        """Phones and ids start with a digit, and most names with a character that no word here starts with."""
        if first.isdigit() and not self._digits:
            return False
        return first in self._starts or not "\u4e00" <= first <= "\u9fff"

    def __contains__(self, text: str) -> bool:
        # Most cells are answered without folding them: notes are too long
        if len(text) > self._longest or not self._may_start(text[:1]):
            return False
        if any(form in self._words or not form for form in self._forms(text)):
            return True
        said = text.split(None, 1)  # the same in two languages: 待定 TBC
        return len(said) == 2 and said[0].isascii() != said[1].isascii() and all(part in self for part in said)

    def _forms(self, text: str) -> tuple[str, str]:
        folded = text.lower() if text.isascii() else normalise(text)
        return folded, folded.strip(self._marks)


MARKS_AROUND = 8
LONGEST = 20
"""No word for unknown is longer."""
TOLD_APART = 0.05
"""From this share of 无 and of empty cells on, a column tells the two apart (a project default)."""
SPELLINGS = 10
"""An answer has hardly more spellings."""
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
