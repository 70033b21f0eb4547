"""What was noticed about a sheet, as far as its rows are read."""

from __future__ import annotations

from dataclasses import replace

from lostdeals.findings import Finding
from lostdeals.model.layout import Layout
from lostdeals.model.sheets import Sheet


def noticed(sheet: Sheet, layout: Layout) -> tuple[Finding, ...]:
    """What the reader and the layout noticed; of cells that matter only where they are read, those of headers and customers.

    >>> from pathlib import Path
    >>> import pandas as pd
    >>> found = Finding("formula-without-value", 3, "客户!B2", cells=((2, "B"), (3, "B"), (4, "B")))
    >>> sheet = Sheet(Path("a.xlsx"), "客户", pd.DataFrame(), findings=(found,))
    >>> [(one.count, one.first) for one in noticed(sheet, Layout((1,), (), (3,), "zh"))]
    [(1, '客户!B3')]
    """
    rows = {*layout.header_rows, *layout.rows}
    own = (_read(finding, rows, sheet.name) if finding.cells else finding for finding in sheet.findings)
    return (*(finding for finding in own if finding is not None), *layout.findings)


def _read(finding: Finding, rows: set[int], name: str) -> Finding | None:
    cells = tuple(cell for cell in finding.cells if cell[0] in rows)
    if not cells or cells == finding.cells:
        return finding if cells else None
    row, letter = cells[0]
    return replace(finding, count=len(cells), first=f"{name}!{letter}{row}", cells=cells)
