"""Codes of a column that a line above the header explains: 状态：1=成交 2=流失 3=跟进中."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from lostdeals.model import Finding, Sheet
from lostdeals.understand.cell_text import as_text
from lostdeals.understand.header import Table
from lostdeals.vocab import Vocabulary, normalise
from lostdeals.vocab.outcome_words import outcome_words

LEAST = 2
"""Codes that a line has to explain."""
MOST = 12
"""Different values of a column of codes."""
FIRST = 200
"""Rows whose cells tell that a column holds something else."""
_PAIR = re.compile(r"(?<![\w.])(\d{1,2}|[A-Za-z])\s*(?:[=＝:：、.\-—]|→)\s*([^\s=＝:：,，;；、|/。()（）\d]{1,12})")


def explained(
    table: Table, data: pd.DataFrame, sheet: Sheet, vocabulary: Vocabulary
) -> tuple[pd.DataFrame, Mapping[str, Mapping[int, object]], tuple[Finding, ...]]:
    """The customers' cells with codes as what a line above says they mean, where that is who bought; what is read; findings.

    Only codes of outcomes are read: half of the meanings have to be known as such. A column named in the line comes first.
    """
    for line in _lines(table, sheet):
        pairs = {normalise(code): meaning for code, meaning in _PAIR.findall(line)}
        if len(pairs) < LEAST or not _are_outcomes(list(pairs.values()), vocabulary):
            continue
        fitting = [letter for letter in table.headers if _holds(data[letter], pairs)]
        named = [letter for letter in fitting if table.headers[letter] and table.headers[letter] in line]
        if len(named or fitting) != 1:
            continue
        letter = (named or fitting)[0]
        meant = [pairs.get(normalise(as_text(cell)), cell) if cell is not None else None for cell in data[letter]]
        read = {letter: dict(zip(map(int, data.index), meant, strict=True))}
        first = f"{sheet.name}!{letter}{data.index[0]}"
        told = {"column": table.headers[letter], "codes": tuple(f"{code}={said}" for code, said in pairs.items())}
        cells = pd.Series(meant, index=data.index, dtype=object)
        return data.assign(**{letter: cells}), read, (Finding("codes-explained", len(pairs), first, told),)
    return data, {}, ()


def _lines(table: Table, sheet: Sheet) -> Sequence[str]:
    """The texts above the header."""
    if not table.header_rows:
        return ()
    above = sheet.cells.loc[sheet.cells.index < table.header_rows[0]].to_numpy().ravel()
    return [cell for cell in above if isinstance(cell, str)]


def _are_outcomes(meanings: Sequence[str], vocabulary: Vocabulary) -> bool:
    said = [outcome_words(vocabulary).whole.whole(meaning) for meaning in meanings]
    return sum(outcome is not None for outcome in said) * 2 >= len(said) and bool({"won", "lost"} & set(said))


def _holds(cells: pd.Series[Any], pairs: Mapping[str, str]) -> bool:
    """Whether a column holds such codes and nothing else."""
    if not {normalise(as_text(cell)) for cell in cells.head(FIRST).dropna()} <= set(pairs):
        return False
    distinct = {normalise(as_text(cell)) for cell in cells.dropna().unique()[: MOST + 1]}
    return LEAST <= len(distinct) <= MOST and distinct <= set(pairs)
