"""Rows that go on with the customer above: nobody is named in them, and there is only one more note or date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lostdeals.model import ColumnMatch, Finding
from lostdeals.understand.grid import filled
from lostdeals.understand.who import WHO_OR_WHAT

TEXTS, DAYS = ("notes", "feedback"), ("last_contact_at", "next_contact_at", "updated_at")
LATEST = (*DAYS, "stage")
"""Roles of which the last row counts."""
GO_ON = (*TEXTS, *LATEST, "stage_date", "owner", "loss_reason", "extra")
"""Roles that a row may go on with; it has a text at least."""


@dataclass(frozen=True)
class Continued:
    """Which rows go on with which customer, and what each customer's cells say together."""

    rows: Mapping[int, int]
    """Row -> row of its customer."""
    read_as: Mapping[str, Mapping[int, object]]
    """Letter -> row of a customer -> what is read there."""

    def data(self, data: pd.DataFrame) -> pd.DataFrame:
        """The customers' cells without those rows."""
        kept = data.drop(index=list(self.rows)).copy()
        for letter, told in self.read_as.items():
            kept.loc[list(told), letter] = pd.Series(told, dtype=object)
        return kept

    def finding(self, columns: Sequence[ColumnMatch], sheet: str) -> Finding:
        """How many rows they are."""
        first = f"{sheet}!{columns[0].letter}{min(self.rows)}"
        return Finding("rows-go-on", len(self.rows), first, {"people": len(set(self.rows.values()))})


def continued(columns: Sequence[ColumnMatch], data: pd.DataFrame) -> Continued | None:
    """The rows that go on with the one right above them; None where there are none.

    data: the customers' cells, a column per letter, rows by the file's numbers. Such a row has a note, and nothing in a
    column that says anything else of a customer; the customer's own row says who it is. All notes are read as one, of days
    and stages the last one counts, and anything else fills what the customer's own row leaves empty.
    """
    roles = {column.letter: column.role for column in columns if column.letter in data and column.role != "ignore"}
    own = [letter for letter, role in roles.items() if role not in GO_ON]
    who = [letter for letter in own if roles[letter] in WHO_OR_WHAT]
    said = [letter for letter, role in roles.items() if role in TEXTS]
    if not who or not said or len(data) < 2:
        return None
    named, owned, told = (
        np.asarray(filled(data[some].to_numpy(dtype=object)).any(axis=1), dtype=bool) for some in (who, own, said)
    )
    bare = ~owned & told
    if not bare.any():
        return None
    rows = np.asarray(data.index, dtype=np.int64)
    bare &= np.append(False, np.diff(rows) == 1)
    head = np.maximum.accumulate(np.where(bare, -1, np.arange(len(rows))))
    places = np.flatnonzero(bare & (head >= 0) & named[head])
    if not places.size:
        return None
    of = {int(rows[place]): int(rows[head[place]]) for place in places}
    means = {letter: _told(data[letter], of, role) for letter, role in roles.items() if role in GO_ON}
    return Continued(of, {letter: said for letter, said in means.items() if said and roles[letter] != "extra"})


def _told(cells: pd.Series[Any], of: Mapping[int, int], role: str) -> dict[int, object]:
    """Row of a customer -> what its own row and those that go on with it say together."""
    said: dict[int, Any] = {row: cells.at[row] for pair in of.items() for row in pair}
    out: dict[int, object] = {}
    for row, customer in of.items():
        more, before = said[row], said[customer]
        if more is None:
            continue
        if before is None or role in LATEST:
            out[customer] = said[customer] = more
        elif role in TEXTS:
            out[customer] = said[customer] = f"{before}\n{more}"
    return out
