"""Put sheets of one layout (one per month, one per salesperson) under one another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from lostdeals.model import Finding, Layout, Sheet, noticed
from lostdeals.package.letters import letters
from lostdeals.vocab import Vocabulary, normalise

ALIKE = 0.8
"""Share of the headers that two sheets of one layout have in common."""

NAMELESS = "\0"
"""Before the letter of a column without a header."""

Name = tuple[str, int]
"""A header and which of its columns, as a sheet may have 电话 twice."""


def stack(
    understood: Sequence[tuple[Sheet, Layout]], picked: Sheet, vocabulary: Vocabulary, others: Sequence[str] = ()
) -> tuple[Sheet, frozenset[str]]:
    """The customers of all visible sheets whose headers are those of the picked one, as a sheet; and those sheets' names.

    others: names of sheets that are no tables of customers, to be told among those left out.

    Its header is row 1; its columns are those of the picked sheet, then what only others have, then the name of the
    sheet each customer is from and the row there. Customers keep their order, sheet after sheet.
    """
    layouts = {sheet.name: layout for sheet, layout in understood}
    alike = of_one_layout(understood, picked)
    order = [picked, *(sheet for sheet, _ in alike if sheet is not picked)]
    names = list(dict.fromkeys(name for sheet in order for name, _ in _letters(layouts[sheet.name])))
    blocks = [_block(sheet, layout, names) for sheet, layout in alike]
    labels = vocabulary.section("structure")["stacked"]
    language = layouts[picked.name].language
    headers = [_header(layouts, name) for name in names] + [labels["sheet"][language], labels["row"][language]]
    cells = np.vstack([np.array(headers, dtype=object), *blocks])
    frame = pd.DataFrame(
        cells,
        index=pd.RangeIndex(1, len(cells) + 1),
        columns=list(map(letters, range(1, len(headers) + 1))),
        dtype=object,
    )
    parts = tuple(f"{sheet.name} ({len(layout.rows)})" for sheet, layout in alike)
    together = {sheet.name for sheet in order}
    left = [*(sheet.name for sheet, _ in understood if sheet.name not in together), *others]
    said = [Finding("stacked", len(alike), values={"sheets": parts})]
    said += [Finding("not-stacked", len(left), values={"sheets": tuple(left)})] if left else []
    found = (*said, *(finding for sheet, layout in alike for finding in noticed(sheet, layout)))
    name = labels["name"][language]
    whole = replace(
        picked,
        name=name,
        cells=frame,
        hidden_rows=frozenset(),
        merged=(),
        widths={},
        findings=tuple(replace(one, cells=()) for one in found),
    )
    return whole, frozenset(sheet.name for sheet, _ in alike)


def of_one_layout(understood: Sequence[tuple[Sheet, Layout]], picked: Sheet) -> list[tuple[Sheet, Layout]]:
    """The picked sheet, and the visible ones whose headers are its own, in their order."""
    mine = next(layout for sheet, layout in understood if sheet is picked)
    wanted = {name for name, _ in _names(mine) if not name.startswith(NAMELESS)}
    return [
        (sheet, layout)
        for sheet, layout in understood
        if sheet is picked or (not sheet.hidden and layout.header_rows and _alike(wanted, layout))
    ]


def _names(layout: Layout) -> Iterator[Name]:
    met: Counter[str] = Counter()
    for column in layout.columns:
        name = normalise(column.header) or f"{NAMELESS}{column.letter}"
        met[name] += 1
        yield name, met[name]


def _letters(layout: Layout) -> Iterator[tuple[Name, str]]:
    yield from zip(_names(layout), (column.letter for column in layout.columns), strict=True)


def _alike(wanted: set[str], layout: Layout) -> bool:
    found = {name for name, _ in _names(layout) if not name.startswith(NAMELESS)}
    return len(wanted & found) >= ALIKE * min(len(wanted), len(found)) > 0


def _block(sheet: Sheet, layout: Layout, names: Sequence[Name]) -> np.ndarray[tuple[int, int], np.dtype[np.object_]]:
    """The customers of a sheet, a column per name, the sheet's own name and the rows."""
    at = dict(_letters(layout))
    rows = list(layout.rows)
    block = np.full((len(rows), len(names) + 2), None, dtype=object)
    for place, name in enumerate(names):
        if name in at:
            block[:, place] = sheet.cells.loc[rows, at[name]].to_numpy(dtype=object)
    block[:, -2] = sheet.name
    block[:, -1] = rows
    return block


def _header(layouts: dict[str, Layout], name: Name) -> str:
    """The header as the first sheet that has it writes it."""
    for layout in layouts.values():
        for other, column in zip(_names(layout), layout.columns, strict=True):
            if other == name:
                return column.header
    return name[0]
