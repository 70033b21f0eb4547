"""Find the table on a sheet: its header, its rows, its columns."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

import numpy as np
from numpy.typing import NDArray

from lostdeals.errors import LostDealsError
from lostdeals.model import Finding, Sheet
from lostdeals.understand.aliases import Aliases, aliases
from lostdeals.understand.beside import plainer
from lostdeals.understand.cell_text import as_text
from lostdeals.understand.grid import Grid, Places, are_years, is_whole
from lostdeals.understand.rows import customer_rows
from lostdeals.understand.values import values_of
from lostdeals.vocab import Vocabulary

TRIED = 30
"""So many rows from the top may be the header; titles and notes, narrower than the table, do not count."""
LOOKED_AT = 1_000
"""Filled rows in which a header is looked for; nobody writes a longer preface."""
LIKE = 0.5
"""Share of a row's cells that could be names, below which only known columns make it a header: 客户, 手机, 2023, 2024, 2025."""
CLEAR = 0.75
"""Share of known columns in a header that has somebody's phone or address in it; a form has fewer."""
NARROW = 0.4
"""A row with a smaller share of the table's usual cells is a title or a note."""
ASKED = 60
"""Cells of a row that are looked up; more do not change the picture."""
SEEN_BELOW = 50
"""So many rows below tell whether a row is one of them."""
LEVELS = 3
"""A header has at most so many rows."""
NEEDED = 2
"""So many known columns make a header, whatever else speaks against it."""
MARGIN = 0.3
"""A row further down has to look so much better: values such as Email or 其他 are the names of columns, too."""
WIDEST = 0.8
"""A merged cell over more of the table than this is a title, not the name of a group."""
FURTHER = 0.02
"""And so much for every row between."""
BEST = 2.0
"""What a row scores where every cell is a known column's name and no two are alike."""


@dataclass(frozen=True)
class Table:
    """Where the table is."""

    header_rows: tuple[int, ...]
    """The file's row numbers; empty for a list without a header."""
    headers: dict[str, str]
    """Letter -> header as written, from the first to the last column; two rows joined as ``基本情况·水平``."""
    rows: tuple[int, ...]
    """The file's row numbers that hold a customer."""
    findings: tuple[Finding, ...] = ()
    doubt: LostDealsError | None = None
    """``no-header`` where no row looks like a header and no row like a customer: this is then the best guess."""


def find_table(sheet: Sheet, vocabulary: Vocabulary, header_row: int | None = None) -> Table:
    """The table of a sheet, below any title and notes; repeated headers, totals and remarks are not customers.

    header_row: the file's row number where the user knows it.

    Raises LostDealsError ``no-such-row`` (usage) where that row is empty, and ``empty-sheet``.

    >>> from pathlib import Path
    >>> import pandas as pd
    >>> from lostdeals.vocab import load
    >>> cells = [["9月客户", None], [None, None], ["姓名", "手机"], ["王伟", "13800000001"], ["合计", 1]]
    >>> frame = pd.DataFrame(cells, index=range(1, 6), columns=["A", "B"], dtype=object)
    >>> table = find_table(Sheet(Path("a.xlsx"), "客户", frame), load())
    >>> table.header_rows, table.rows, [finding.code for finding in table.findings]
    ((3,), (4,), ['totals-row'])
    """
    return table_of(Grid(sheet, values_of(vocabulary)), vocabulary, header_row)


def table_of(grid: Grid, vocabulary: Vocabulary, header_row: int | None = None) -> Table:
    """The same for cells that are already a grid."""
    sheet = grid.sheet
    if not grid.filled_rows.size:
        raise LostDealsError("empty-sheet", where=_place(sheet, 1))
    if header_row is not None:
        if header_row not in sheet.cells.index[grid.filled_rows]:
            raise LostDealsError("no-such-row", where=_place(sheet, header_row), usage=True, row=header_row)
        best: int | None = list(sheet.cells.index).index(header_row)
        doubt = None
    else:
        best, doubt = _best_row(grid, aliases(vocabulary))
    lines = [] if best is None else header_lines(grid, best)
    names = grid.names(lines)
    below = grid.filled_rows[grid.filled_rows > lines[-1]] if lines else grid.filled_rows
    rows, findings = customer_rows(grid, lines, below, vocabulary)
    used: NDArray[np.bool_] = np.any(grid.filled[rows], axis=0)
    kept = [column for column, name in enumerate(names) if name or used[column]]
    span = range(min(kept), max(kept) + 1) if kept else range(0)
    index = sheet.cells.index
    return Table(
        tuple(int(index[line]) for line in lines),
        {str(sheet.cells.columns[column]): names[column] for column in span},
        tuple(index[rows].tolist()),
        tuple(findings),
        doubt,
    )


def best_row(grid: Grid, words: Aliases) -> int | None:
    """The row that names the columns, by its position; None where no row clearly does."""
    row, doubt = _best_row(grid, words)
    return row if doubt is None else None


def _best_row(grid: Grid, words: Aliases) -> tuple[int | None, LostDealsError | None]:
    """The row that looks most like a header, None for a list without one; and the doubt where neither is clear."""
    rows = grid.filled_rows[:LOOKED_AT]
    usual = _usual(grid.widths[rows])
    tried = rows[grid.widths[rows] >= min(NARROW * usual, 2)][:TRIED]
    best, best_score, best_known, best_place = -1, -1.0, 0, 0
    for place, row in enumerate(tried):
        if best_score + MARGIN + FURTHER * (place - best_place) >= BEST:
            break
        names = [text for text in grid.texts(row) if text]
        if row == rows[-1] and (grid.widths[rows[:-1]] >= len(names)).sum() > 1:
            break  # it would be the header of nobody, and the rows above it lost
        like = grid.namelike(row)
        if like < LIKE and reaches_somebody(grid, row):
            continue
        asked = names[:: -(-len(names) // ASKED)]
        known = sum(bool(words.read(name)) for name in asked)
        if like < LIKE and known < NEEDED:
            continue
        score = min(1.0, len(names) / usual) * (known / len(asked) + like * len(set(names)) / len(names))
        if best < 0 or score > best_score + MARGIN + FURTHER * (place - best_place):
            best, best_score, best_known, best_place = int(row), score, known, place
    first = int(tried[0])
    if best >= 0:
        few = best_known < NEEDED or best_known < CLEAR * grid.width(best)
        doubtful = few and (reaches_somebody(grid, best) or (best_known < NEEDED and is_value_row(grid, best)))
        if not doubtful and _is_header(grid, best, best_known, rows):
            return plainer(grid, best, words), None
    if is_value_row(grid, first) and grid.width(first) >= 2:
        return None, None
    row = best if best >= 0 else first
    return None, no_header(grid.sheet, int(grid.sheet.cells.index[row]), best_known, len(tried))


def _usual(widths: Places) -> float:
    """Cells of the table's fuller rows, however many lines of one cell stand above it."""
    wide = widths[widths > 1]
    return float(np.percentile(wide if wide.size > 1 else widths, 75))


def no_header(sheet: Sheet, row: int, known: int, tried: int = 1) -> LostDealsError:
    """The error of a sheet without a header; `row` is the best candidate's number, `known` its known columns."""
    return LostDealsError("no-header", where=_place(sheet, row), row=row, known=known, needed=NEEDED, tried=tried)


def reaches_somebody(grid: Grid, row: int) -> bool:
    """A phone or an e-mail address stands in the row."""
    return any(
        grid.words.strict_phone(value, as_text(value)) or grid.words.email(value, as_text(value))
        for value, full in zip(grid.cells[row], grid.filled[row], strict=True)
        if full
    )


def is_value_row(grid: Grid, row: int) -> bool:
    """A row of values, not of names: a phone or an address in it, a number over numbers, a word that comes again below."""
    below = grid.cells[grid.filled_rows[grid.filled_rows > row][:SEEN_BELOW]]
    said = np.flatnonzero(grid.filled[row])
    values = [(grid.cells[row, column], as_text(grid.cells[row, column])) for column in said]
    if reaches_somebody(grid, row):
        return grid.width(row) >= 2
    again = np.array(
        [[other == value for other in below[:, column]] for column, (value, _) in zip(said, values, strict=True)]
    )
    if again.size and again.any(axis=1).sum() and not again.all(axis=0).any():
        return True
    years = are_years([value for value, _ in values])
    kinds = ["" if years and is_whole(value) else _kind(grid, value, text) for value, text in values]
    return any(
        kind
        and 2 * sum(_kind(grid, other, as_text(other)) == kind for other in below[:, column] if other is not None)
        > sum(other is not None for other in below[:, column])
        for column, kind in zip(said, kinds, strict=True)
    )


def _kind(grid: Grid, value: object, text: str) -> str:
    """``number`` or ``date`` for a cell that cannot be a name."""
    if grid.words.date(value, text):
        return "date"
    return "number" if not isinstance(value, str) or grid.words.digits(value, text) else ""


def _is_header(grid: Grid, row: int, known: int, rows: Places) -> bool:
    """Two known columns are enough; without them the row must name everything below it, and once only."""
    names = [text for text in grid.texts(row) if text]
    below = [grid.width(other) for other in rows if other > row] or [0]
    if known >= min(NEEDED, len(names)) and max(below) <= 20 * len(names):
        return True
    return (
        len(names) >= NEEDED
        and grid.namelike(row) >= 0.7
        and len(set(names)) >= 0.6 * len(names)
        and len(names) >= 0.6 * median(below) > 0
    )


def header_lines(grid: Grid, best: int) -> list[int]:
    """The header's rows: the one that names the columns, a row of groups above it or of parts below it, seldom both."""
    lines = [best]
    while len(lines) < LEVELS and lines[0] > 0 and _is_pair(grid, lines[0] - 1, best):
        lines.insert(0, lines[0] - 1)
    if len(lines) < LEVELS and best + 1 < len(grid.widths) and _is_pair(grid, best, best):
        lines.append(best + 1)
    return lines


def _is_pair(grid: Grid, top: int, best: int) -> bool:
    """A row of group names above a row of column names: groups are merged cells, or gaps that the lower row fills."""
    upper, lower = grid.filled[top], grid.filled[top + 1]
    down = [(left, left + more + 1) for row, left, deep, more in grid.merged if row <= top < row + deep]
    if down:  # a name merged over both rows is the upper one's
        lower = lower.copy()
        for left, right in down:
            lower[left:right] = False
    if any(grid.words.page(text) for text in grid.texts(top) if text):
        return False
    if min(upper.sum(), lower.sum()) < 2 or min(grid.namelike(top), grid.namelike(top + 1)) < 0.8:
        return False
    beneath = np.zeros(len(lower), dtype=bool)
    if grid.merged:
        groups = [(left, more + 1) for row, left, down, more in grid.merged if row == top and more and not down]
        for left, wide in groups:
            beneath[left : left + wide] = upper[left] and wide <= WIDEST * len(lower)
        alone = top < best or not (lower & ~beneath).any()  # else the lower row may be the first customer
        return bool(alone and (lower & beneath).sum() >= 2)
    gaps = lower & ~upper
    beneath = ~upper | np.append(~upper[1:], False)
    return bool(gaps.any() and not (lower & ~beneath).any() and gaps.sum() >= 0.8 * _gaps(upper, lower))


def _gaps(upper: NDArray[np.bool_], lower: NDArray[np.bool_]) -> int:
    last = int(np.flatnonzero(upper | lower)[-1])
    return int((~upper[: last + 1]).sum())


def _place(sheet: Sheet, row: int) -> str:
    return f"{sheet.path.name} › {sheet.name}!A{row}"
