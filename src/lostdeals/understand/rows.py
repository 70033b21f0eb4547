"""Tell the customers from repeated headers, totals, section titles and remarks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lostdeals.model import Finding
from lostdeals.understand.aliases import aliases
from lostdeals.understand.beside import hints, said_again
from lostdeals.understand.empty_rows import only_numbered, prefilled
from lostdeals.understand.foot import foot
from lostdeals.understand.grid import Grid, Places
from lostdeals.understand.inner import inner_tables
from lostdeals.understand.remarks import remarks
from lostdeals.understand.repeated import repeated_headers, titles_above
from lostdeals.understand.row_words import RowWords
from lostdeals.understand.sections import section_titles
from lostdeals.understand.totals import sums, totals
from lostdeals.vocab import Vocabulary


def customer_rows(
    grid: Grid, lines: Sequence[int], rows: Places, vocabulary: Vocabulary
) -> tuple[Places, list[Finding]]:
    """The rows that are customers, and what the others are."""
    words = RowWords(vocabulary)
    repeated = repeated_headers(grid, lines, rows)
    sections = {*section_titles(grid, rows, words), *titles_above(grid, repeated, lines)}
    found = {
        "repeated-header": sorted({*repeated, *said_again(grid, lines, rows, aliases(vocabulary))}),
        "totals-row": sorted({*totals(grid, rows, words)}),
        "section-row": sorted(sections),
        "inner-row": inner_tables(grid, lines, rows, aliases(vocabulary)),
        "numbered-row": sorted({*only_numbered(grid, lines, rows, vocabulary), *prefilled(grid, rows)}),
        "remark-row": [*remarks(grid, rows, words), *hints(grid, lines, rows, vocabulary)],
    }
    known = {row for places in found.values() for row in places}
    found["totals-row"] = sorted({*found["totals-row"], *sums(grid, rows, known)})
    known.update(found["totals-row"])
    found["remark-row"] = sorted({*found["remark-row"], *foot(grid, rows, known, words)})
    findings, said = [], set[int]()
    found["section-row"] = sorted({*found["section-row"]} - {*found["remark-row"]})
    for code, every in found.items():
        places = [row for row in every if row not in said]  # a row is told once
        said.update(places)
        if places:
            letter = grid.sheet.cells.columns[int(grid.filled[places[0]].argmax())]
            findings.append(
                Finding(code, len(places), f"{grid.sheet.name}!{letter}{grid.sheet.cells.index[places[0]]}")
            )
    others = [row for places in found.values() for row in places]
    return np.setdiff1d(rows, others) if others else rows, findings
