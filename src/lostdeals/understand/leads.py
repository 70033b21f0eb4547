"""Take the customers out of a sheet, cell values untouched."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from lostdeals.model import Layout, Sheet
from lostdeals.understand.values import values_of
from lostdeals.understand.whole_name import whole_names
from lostdeals.vocab import Vocabulary


def to_leads(sheet: Sheet, layout: Layout) -> pd.DataFrame:
    """The raw LEADS frame: ``src_sheet``, ``src_row``, then one object column per kept column, in the sheet's order.

    Columns with the role ``ignore`` are left out; a name that stands in two columns is whole.

    >>> from pathlib import Path
    >>> from lostdeals.model import ColumnMatch
    >>> cells = pd.DataFrame({"A": ["手机", "13800000001"], "B": [None, None]}, index=[3, 4], dtype=object)
    >>> columns = (ColumnMatch("A", "手机", "phone", "alias", 0.99, "phone"), ColumnMatch("B", "", "ignore", "values", 1.0, "ignore.B"))
    >>> to_leads(Sheet(Path("a.xlsx"), "客户", cells), Layout((3,), columns, (4,), "zh")).to_dict("records")
    [{'src_sheet': '客户', 'src_row': 4, 'phone': '13800000001'}]
    """
    kept = [column for column in layout.columns if column.role != "ignore"]
    leads = meant(sheet, layout, [column.letter for column in kept]).astype(object)
    leads.columns = pd.Index([column.key for column in kept])
    if layout.name_parts and "name" in leads:
        parts = meant(sheet, layout, list(layout.name_parts))
        leads["name"] = whole_names(parts.iloc[:, 0], parts.iloc[:, 1])
    leads = leads.reset_index(drop=True)
    leads.insert(0, "src_row", pd.Series(layout.rows, dtype="int64"))
    leads.insert(0, "src_sheet", pd.Series([sheet.name] * len(leads), dtype=object))
    return leads


def meant(sheet: Sheet, layout: Layout, letters: Sequence[str]) -> pd.DataFrame:
    """The customers' cells of some columns, with what a cell means that says 同上 or stands below its group."""
    cells = cells_at(sheet, layout.rows, letters)
    said = (layout.dittos, layout.groups, layout.read_as)
    told = [letter for letter in letters if any(letter in known for known in said)]
    if not told:
        return cells
    out = {letter: cells[letter] for letter in letters}
    for letter in told:
        known = {row: value for one in said for row, value in one.get(letter, {}).items()}
        values = cells[letter].to_numpy(dtype=object).copy()
        places = cells.index.get_indexer(pd.Index(list(known)))
        for place, value in zip(places, known.values(), strict=True):
            if place >= 0:
                values[place] = value
        out[letter] = pd.Series(values, index=cells.index, dtype=object)
    return pd.DataFrame(out, index=cells.index, columns=list(letters))


def cells_at(sheet: Sheet, rows: Sequence[int], letters: Sequence[str]) -> pd.DataFrame:
    """Some rows and columns of a sheet by their own names; rows in one go cost nothing."""
    first = rows[0] if rows else 0
    here = sheet.cells.index
    if rows and rows[-1] - first + 1 == len(rows) and isinstance(here, pd.RangeIndex) and here.step == 1:
        start = first - here.start
        return sheet.cells.iloc[start : start + len(rows)][list(letters)]
    return sheet.cells.loc[list(rows), list(letters)]


def say_something(leads: pd.DataFrame, vocabulary: Vocabulary) -> pd.DataFrame:
    """The raw leads with None for every cell that only looks filled: -, N/A, Select."""
    words = values_of(vocabulary)
    out = {}
    for place, name in enumerate(leads.columns):
        values = leads.iloc[:, place].tolist()
        blank = {value for value in set(values) if value is not None and words.is_blank(value)}
        kept = [None if value in blank else value for value in values] if blank else values
        out[name] = pd.Series(kept, index=leads.index, dtype=object)
    return pd.DataFrame(out, index=leads.index)
