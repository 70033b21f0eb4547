"""Take the customers out of a sheet, cell values untouched."""

from __future__ import annotations

import pandas as pd

from lostdeals.model import Layout, Sheet
from lostdeals.understand.values import values_of
from lostdeals.vocab import Vocabulary


def to_leads(sheet: Sheet, layout: Layout) -> pd.DataFrame:
    """The raw LEADS frame: ``src_sheet``, ``src_row``, then one object column per kept column, in the sheet's order.

    Columns with the role ``ignore`` are left out.

    >>> from pathlib import Path
    >>> from lostdeals.model import ColumnMatch
    >>> cells = pd.DataFrame({"A": ["手机", "13800000001"], "B": [None, None]}, index=[3, 4], dtype=object)
    >>> columns = (ColumnMatch("A", "手机", "phone", "alias", 0.99, "phone"), ColumnMatch("B", "", "ignore", "values", 1.0, "ignore.B"))
    >>> to_leads(Sheet(Path("a.xlsx"), "客户", cells), Layout((3,), columns, (4,), "zh")).to_dict("records")
    [{'src_sheet': '客户', 'src_row': 4, 'phone': '13800000001'}]
    """
    kept = [column for column in layout.columns if column.role != "ignore"]
    leads = sheet.cells.loc[list(layout.rows), [column.letter for column in kept]].astype(object)
    leads.columns = pd.Index([column.key for column in kept])
    leads = leads.reset_index(drop=True)
    leads.insert(0, "src_row", pd.Series(layout.rows, dtype="int64"))
    leads.insert(0, "src_sheet", pd.Series([sheet.name] * len(leads), dtype=object))
    return leads


def say_something(leads: pd.DataFrame, vocabulary: Vocabulary) -> pd.DataFrame:
    """The raw leads with None for every cell that only looks filled: -, N/A, Select."""
    words = values_of(vocabulary)
    blank = leads.apply(lambda cells: cells.map({value: words.is_blank(value) for value in cells.unique()}))
    return leads.mask(blank.astype(bool), None)
