"""Add the columns of a second sheet by a key that both have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from lostdeals.errors import LostDealsError
from lostdeals.model import ColumnMatch, Finding, Layout, Sheet
from lostdeals.package.letters import letters, number
from lostdeals.understand.cell_text import as_text
from lostdeals.vocab import normalise

KEYS = ("id", "phone", "email", "wechat", "company", "name", "deal", "product", "owner")
"""Roles that may tie two sheets, the surest first."""
SURE = 3
"""The first so many keys are one customer's own; a company or a name may be shared."""
MET = 0.3
"""Share of the distinct values of the first sheet that the second must know, for the two columns to be one key."""
KNOWN = 0.8
"""Or share of a customer's own keys of the second sheet that the first must know: few of the leads became deals."""
ONCE = 0.98
"""Share of the second sheet's keys that stand there once; below it the column is no key of that sheet."""
LAST_DIGITS = 11
"""Digits of a phone that are compared, so that +86 does not matter."""


@dataclass(frozen=True)
class _Tie:
    """A column of each sheet that may be one key."""

    left: ColumnMatch
    right: ColumnMatch
    met: float
    """Share of the first sheet's distinct values that the second knows."""
    known: float
    """Share of the second sheet's distinct values that the first knows."""
    once: float
    """Share of the second sheet's keys that are there once."""


def join(sheet: Sheet, layout: Layout, other: Sheet, other_layout: Layout) -> Sheet:
    """The sheet with the other's columns at its right edge, for every customer whose key the other sheet has once.

    The key is found by its header or role and by its values (account, id, phone, e-mail …). A customer without a match
    keeps empty cells; how many there are is a finding. Rows are never added or taken away.

    Raises LostDealsError ``no-join-key`` where the sheets have nothing in common, and ``join-not-unique`` where the
    second sheet has several rows for one key that say different things.
    """
    tie = _best(sheet, layout, other, other_layout)
    left = _keys(sheet.cells.loc[list(layout.rows), tie.left.letter], tie.left.role)
    right = _keys(other.cells.loc[list(other_layout.rows), tie.right.letter], tie.right.role)
    added = [column for column in other_layout.columns if column is not tie.right and column.why != "empty"]
    theirs = other.cells.loc[list(other_layout.rows), [column.letter for column in added]].set_axis(right)
    theirs = theirs[theirs.index.notna()]
    theirs = theirs[~pd.DataFrame(theirs.astype(str)).reset_index().duplicated().to_numpy()]
    if not theirs.index.is_unique:
        again = theirs.index[theirs.index.duplicated()]
        where = f"{other.path.name} › {other.name}!{tie.right.letter}"
        raise LostDealsError("join-not-unique", where=where, column=tie.right.header, n=again.nunique())
    found = theirs.reindex(left)
    matched = left.isin(theirs.index)
    return _widened(
        sheet, layout, found.to_numpy(dtype=object, copy=True), _headers(layout, other, added), tie, matched, other
    )


def _best(sheet: Sheet, layout: Layout, other: Sheet, other_layout: Layout) -> _Tie:
    ties = list(_ties(sheet, layout, other, other_layout))
    good = [tie for tie in ties if tie.met >= MET or (tie.known >= KNOWN and _rank(tie) <= SURE)]
    if not good:
        raise LostDealsError(
            "no-join-key",
            where=f"{other.path.name} › {other.name}",
            headers=tuple(column.header for column in other_layout.columns if column.header),
        )
    unique = [tie for tie in good if tie.once >= ONCE] or good
    keys = [tie for tie in unique if _rank(tie) < len(KEYS)] or unique
    return max(keys, key=lambda tie: (_rank(tie) <= SURE, round(tie.met, 2), tie.once, -_rank(tie)))


def _rank(tie: _Tie) -> int:
    return KEYS.index(tie.left.role) if tie.left.role in KEYS else len(KEYS)


def _ties(sheet: Sheet, layout: Layout, other: Sheet, other_layout: Layout) -> Iterator[_Tie]:
    for left in layout.columns:
        ours: set[str] | None = None
        for right in other_layout.columns:
            same = bool(left.header) and _squashed(left.header) == _squashed(right.header)
            role = left.role == right.role and left.role in KEYS
            if not (same or role):
                continue
            if ours is None:
                ours = set(_keys(sheet.cells.loc[list(layout.rows), left.letter], left.role).dropna())
            theirs = _keys(other.cells.loc[list(other_layout.rows), right.letter], right.role).dropna()
            if ours and len(theirs):
                keys = set(theirs)
                both = len(ours & keys)
                yield _Tie(left, right, both / len(ours), both / len(keys), len(keys) / len(theirs))


def _keys(cells: pd.Series[Any], role: str) -> pd.Index[Any]:
    """Values in the form in which they are compared; None where there is none."""
    codes, distinct = pd.factorize(cells)
    plain = np.array([*(_key(value, role) for value in distinct), None], dtype=object)
    keys: pd.Index[Any] = pd.Index(plain[codes], dtype=object)
    return keys


def _key(value: object, role: str) -> str | None:
    text = as_text(value)
    if role == "phone":
        digits = re.sub(r"\D", "", text)
        return digits[-LAST_DIGITS:] or None
    return _squashed(text) or None


def _squashed(text: str) -> str:
    return re.sub(r"[\s_\-.·]+", "", normalise(text))


def _headers(layout: Layout, other: Sheet, added: list[ColumnMatch]) -> list[str]:
    """The other sheet's headers, with its name behind those that the first sheet has, too."""
    taken = {normalise(column.header) for column in layout.columns}
    return [
        f"{column.header} ({other.name})"
        if normalise(column.header) in taken
        else column.header or f"{other.name} {column.letter}"
        for column in added
    ]


def _widened(
    sheet: Sheet,
    layout: Layout,
    values: np.ndarray[tuple[int, int], np.dtype[np.object_]],
    headers: list[str],
    tie: _Tie,
    matched: np.ndarray[tuple[int], np.dtype[np.bool_]],
    other: Sheet,
) -> Sheet:
    first = number(str(sheet.cells.columns[-1])) + 1
    new = [letters(first + place) for place in range(len(headers))]
    block = np.full((len(sheet.cells), len(headers)), None, dtype=object)
    at = sheet.cells.index.get_indexer(pd.Index(layout.rows))
    values[pd.isna(values)] = None
    block[at] = values
    if layout.header_rows:
        block[sheet.cells.index.get_loc(layout.header_rows[-1])] = headers
    cells = pd.concat([sheet.cells, pd.DataFrame(block, index=sheet.cells.index, columns=new, dtype=object)], axis=1)
    said = {
        "key": tie.left.header or tie.left.letter,
        "file": other.path.name,
        "columns": len(headers),
        "of": len(matched),
    }
    finding = Finding("joined", int(matched.sum()), "", {**said, "unmatched": int((~matched).sum())})
    return replace(sheet, cells=cells, findings=(*sheet.findings, finding))
