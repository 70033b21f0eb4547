"""Give a cleaned sheet its original values back, from the log that cleaning wrote beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from string import digits as DIGITS
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from lostdeals.clean.cells import READ, Array, as_text, from_text
from lostdeals.errors import LostDealsError
from lostdeals.model import ErrorCell, Sheet
from lostdeals.package.guard import unmarked

SECOND = timedelta(seconds=1)
"""Excel keeps moments as fractions of a day, so they come back with an error below this."""


@dataclass(frozen=True)
class Undone:
    """What undoing gives."""

    cells: pd.DataFrame
    """The sheet's cells with the original values."""
    restored: int
    """Cells that have their value back."""
    already: int
    """Cells that had it before."""
    changed: int
    """Cells that somebody has changed since, left as they are."""
    first_changed: str
    """The first of them: ``C17``."""
    later: int
    """Cells that a later rule changed again, left as they are; only where one rule is undone."""
    first_later: str
    missing: int
    """Lines about rows or columns that the sheet no longer has."""


class Line(NamedTuple):
    """One line of the log about a cell."""

    rule: str
    before: str | None
    after: str | None
    was: str | None
    now: str | None


def read_log(sheet: Sheet) -> pd.DataFrame:
    """The change log from its file as read: row and letter are those of the cleaned file.

    Columns: row, letter, was, now, sheet, header, rule, before, after.
    Raises LostDealsError ``not-a-change-log``.
    """
    cells = sheet.cells
    names = [str(cell) for cell in cells.iloc[0]] if len(cells) else []
    if missing := [name for name in NEEDED if name not in names]:
        raise LostDealsError("not-a-change-log", where=str(sheet.path), missing=tuple(missing))
    table = cells.iloc[1:].set_axis(names, axis=1).loc[:, list(NEEDED)].dropna(subset=["cell", "output_row"])
    try:
        rows = table["output_row"].astype("int64").to_numpy()
    except ValueError:
        raise LostDealsError("not-a-change-log", where=str(sheet.path), missing="output_row") from None
    letters = [cell.rstrip(DIGITS) for cell in table["cell"]]
    texts: dict[str, list[Any]] = {
        name: [unmarked(text or "") for text in table[name]] for name in ("sheet", "header", "rule")
    }
    for kind, text in (("was", "before"), ("now", "after")):
        kinds = [name if name in READ else None for name in table[f"{text}_type"]]
        texts[kind] = kinds
        texts[text] = [unmarked(value or "") if name else None for value, name in zip(table[text], kinds, strict=True)]
        for value, name in {(value, name) for value, name in zip(texts[text], kinds, strict=True) if name in WITH_FORM}:
            try:
                from_text(value, name)
            except ValueError:
                raise LostDealsError("damaged-change-log", where=str(sheet.path), value=value, kind=name) from None
    columns = {name: pd.Series(values, dtype=object) for name, values in {"letter": letters, **texts}.items()}
    return pd.DataFrame({"row": rows, **columns})


def undo_in_place(cells: pd.DataFrame, log: pd.DataFrame, rule: str | None = None) -> Undone:
    """The cells as they were before cleaning, or before one of its rules.

    cells: index the file's own row number, columns Excel letters, values as read.
    log: row, letter, rule, before, after, was, now, and of a cell the lines in the order of the rules.

    A cell gets its value back only if it still holds what the log says it was given; with `rule` only if no later rule
    has changed it again.

    >>> cells = pd.DataFrame({"A": ["138", "x"]}, index=[2, 3], dtype=object)
    >>> log = pd.DataFrame([[2, "A", "phones", "１３８", "138", "text", "text"]], columns=COLUMNS)
    >>> undo_in_place(cells, log).cells["A"].tolist()
    ['１３８', 'x']
    """
    columns = {str(letter): cells[letter] for letter in cells.columns}
    count: Counter[str] = Counter()
    first: dict[str, str] = {}
    for letter, told in ((str(name), lines) for name, lines in log.groupby("letter", sort=False)):
        places = cells.index.get_indexer(pd.Index(told["row"])) if letter in columns else np.full(len(told), -1)
        values: Array = columns[letter].to_numpy().copy() if letter in columns else np.empty(0, dtype=object)
        lines = map(Line._make, zip(*(told[name] for name in COLUMNS[2:]), strict=True))
        chains: dict[int, list[Line]] = {}
        # A loop over cells, because each has a chain of its own; it takes about twice as long as reading the log
        for place, line in zip(places.tolist(), lines, strict=True):
            chains.setdefault(place, []).append(line)
        count["missing"] += len(chains.pop(-1, ()))
        for place, chain in chains.items():
            outcome, values[place] = _undone(values[place], chain, rule)
            count[outcome] += 1
            if outcome not in first:
                first[outcome] = f"{letter}{cells.index[place]}"
        if chains:
            columns[letter] = pd.Series(values, index=cells.index, dtype=object)
    return Undone(
        cells=pd.DataFrame(columns, index=cells.index, copy=False),
        restored=count["restored"],
        already=count["already"],
        changed=count["changed"],
        first_changed=first.get("changed", ""),
        later=count["later"],
        first_later=first.get("later", ""),
        missing=count["missing"],
    )


def _undone(cell: object, chain: Sequence[Line], rule: str | None) -> tuple[str, object]:
    """What becomes of a cell (``restored``, ``already``, ``changed``, ``later`` or ``untouched``), and its value."""
    only = chain[0]
    if len(chain) == 1 and rule in (None, only.rule) and holds(cell, only.after, only.now):
        return "restored", _value(only.before, only.was)
    rules = [line.rule for line in chain]
    if rule is not None and rule not in rules:
        return "untouched", cell
    at = next((place for place in reversed(range(len(chain))) if holds(cell, chain[place].after, chain[place].now)), -1)
    if at < 0 and not holds(cell, chain[0].before, chain[0].was):
        return "changed", cell
    line = chain[0] if rule is None else chain[rules.index(rule)]
    if at < chain.index(line):
        return "already", cell
    if rule is not None and line is not chain[at]:
        return "later", cell
    return "restored", _value(line.before, line.was)


def _value(text: str | None, kind: str | None) -> object:
    return text if kind == "text" else from_text(text, kind) if text is not None and kind else None


def holds(cell: object, text: str | None, kind: str | None) -> bool:
    """Whether a cell holds what the log writes as a text of a kind, read from a workbook or as text from a CSV.

    >>> holds(12000, "12000", "number"), holds("12000", "12000", "number"), holds("12000", "012000", "text")
    (True, True, False)
    """
    if text is None or kind is None or (kind == "text" and not text):
        return cell is None
    if isinstance(cell, str):
        return cell == text or (kind != "text" and cell in _forms(from_text(text, kind)))
    if kind == "number":
        return isinstance(cell, int | float) and not isinstance(cell, bool) and float(cell) == float(text)
    if kind == "date":
        moment = from_text(text, kind)
        return isinstance(cell, date) and abs(_moment(cell) - _moment(moment)) < SECOND
    return isinstance(cell, bool | time | timedelta | ErrorCell) and as_text(cell) == text


def _forms(value: object) -> set[str]:
    """The ways a value is written where a file holds only text."""
    forms = {str(value), as_text(value) or ""}
    if isinstance(value, datetime):
        forms.add(value.isoformat(sep=" ", timespec="seconds"))
    if isinstance(value, int | float):
        forms.add(repr(float(value)))
    return forms


def _moment(value: object) -> datetime:
    assert isinstance(value, date)
    return value.replace(tzinfo=None) if isinstance(value, datetime) else datetime(value.year, value.month, value.day)  # noqa: DTZ001 - a local day


WITH_FORM = frozenset({"number", "date", "time", "duration"})
"""Kinds whose texts can be wrong."""
NEEDED = ("sheet", "cell", "header", "rule", "before", "after", "before_type", "after_type", "output_row")
COLUMNS = ["row", "letter", "rule", "before", "after", "was", "now"]
