"""Sheets that hold no customer a row: turned by a quarter, a form each, or a table that only counts them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lostdeals.errors import LostDealsError
from lostdeals.model import ColumnMatch
from lostdeals.package.letters import letters
from lostdeals.understand.across import pivot_marks
from lostdeals.understand.aliases import Aliases, aliases
from lostdeals.understand.cell_text import as_text
from lostdeals.understand.grid import Grid, unnumbered
from lostdeals.understand.header import Table
from lostdeals.understand.header_words import JOINT
from lostdeals.understand.leads import cells_at
from lostdeals.understand.telling import telling
from lostdeals.vocab import Vocabulary, normalise

FIELDS = (3, 80)
"""Rows of a turned sheet, each a field."""
KNOWN = 0.6
"""Share of the first column's cells that are names of columns, from which on it is the header."""
ACROSS = 0.34
"""Share of known names in the first row above which that is the header all the same."""
ALIKE = 0.8
"""Share of the rows whose values are of one kind."""
LABELS, VALUES = 0.7, 0.3
"""In a form names and values take turns: so many of the odd cells are known names, and at most so many of the even ones."""
EXPLAINED = 0.4
"""Share of the rows of a data dictionary that begin with a known name."""
BROAD = 12
"""Cells of a form's widest row."""
CARDS = 400
"""Rows of a sheet up to which one looks for forms."""
NUMBERS = 0.9
"""Share of numbers in a column that counts or sums."""
MARKS = {"", "0", "1"}
"""What ticks somebody off, and counts nobody."""
SIDES = 3
"""Columns of groups that a pivot table has at most."""
MEASURED = 0.6
"""Share of the columns beside people's names that are called like counts of customers."""
SUMMED = 300
"""Rows, or columns, of the largest summary."""


def unlike_a_table(grid: Grid, vocabulary: Vocabulary) -> LostDealsError | None:
    """``transposed``, ``form`` or ``field-list`` where it is one; whoever reads it by rows would take fields for customers."""
    rows = grid.filled_rows[grid.widths[grid.filled_rows] > 1]
    if not 2 <= rows.size <= CARDS:
        return None
    words = aliases(vocabulary)
    found = _turned(grid, rows.tolist(), words) or _form(grid, rows.tolist(), words)
    return found or _fields(grid, rows.tolist(), words)


def only_counts(
    grid: Grid, table: Table, columns: Sequence[ColumnMatch], vocabulary: Vocabulary
) -> LostDealsError | None:
    """``crosstab`` where groups stand down the side, one row each, and nothing but numbers in the cells."""
    if not 0 < len(table.rows) <= SUMMED or len(columns) > SUMMED:
        return None
    words = vocabulary.section("structure")["summary"]
    data = cells_at(grid.sheet, table.rows, list(table.headers))
    used = [column for column in columns if column.letter in data and data[column.letter].notna().any()]
    if len(used) < 2:
        return None
    counts = [column for column in used if _are_numbers(data[column.letter].tolist(), grid)]
    sides = [column for column in used if column not in counts]
    if not sides or not counts or len(sides) > SIDES:
        return None
    pivot = pivot_marks(vocabulary)
    tops = grid.filled_rows[: 1 + int(np.searchsorted(grid.sheet.cells.index[grid.filled_rows], table.rows[0]))]
    marked = any(normalise(text).startswith(pivot) for row in tops[-4:] for text in grid.texts(int(row)) if text)
    groups = {*words["groups"], "extra"}
    named = all(column.role in groups for column in sides) and any(column.role != "extra" for column in sides)
    figures = data[[column.letter for column in counts]].to_numpy().ravel().tolist()
    people = len(sides) == 1 and sides[0].role in words["people"] and not {*map(as_text, figures)} <= MARKS
    named = named or (people and _are_measures(counts, vocabulary))
    named = named and not any(column.role in words["somebody"] for column in counts)
    named = named and len(sides) <= min(2, len(counts))
    single = not data[[column.letter for column in sides]].duplicated().any()
    if not marked and not (named and single and len(counts) >= 2 and len(table.rows) >= 2):
        return None
    area = f"{used[0].letter}{min([*table.header_rows, *table.rows])}:{used[-1].letter}{max(table.rows)}"
    said = [" ".join(column.header.split()) or column.letter for column in (*sides, *counts)]
    return LostDealsError(
        "crosstab",
        where=f"{grid.sheet.path.name} › {grid.sheet.name}!{area}",
        rows=len(table.rows),
        sides=tuple(said[: len(sides)]),
        counts=tuple(said[len(sides) :][:6]),
    )


def _are_measures(counts: Sequence[ColumnMatch], vocabulary: Vocabulary) -> bool:
    """Columns that count customers: each is called by a stage, a source, a month, or by what a team is measured in."""
    words = vocabulary.section("structure")["summary"]
    ends, whole = tuple(map(normalise, words["measures"])), {normalise(word) for word in words["measured"]}
    told = telling(vocabulary)
    names = [normalise(column.header.rpartition(JOINT)[2]) for column in counts]
    counted = [name in whole or name.endswith(ends) or told.is_choice(name) for name in names]
    return sum(counted) >= MEASURED * len(counted)


def change_log(table: Table, grid: Grid, vocabulary: Vocabulary) -> LostDealsError | None:
    """``change-log`` where a row is a field that was changed: what it said before and what after, or which field and its value."""
    words = vocabulary.section("structure")["changes"]
    names = {normalise(name.rpartition(JOINT)[2]): name for name in table.headers.values() if name}
    found = {key: next((names[plain] for plain in map(normalise, words[key]) if plain in names), None) for key in words}
    pairs = (("before", "after"), ("field", "after"), ("field", "value"))
    said = next(((found[one], found[other]) for one, other in pairs if found[one] and found[other]), None)
    if said is None or not table.header_rows:
        return None
    where = f"{grid.sheet.path.name} › {grid.sheet.name}!A{table.header_rows[0]}"
    return LostDealsError("change-log", where=where, rows=len(table.rows), before=said[0], after=said[1])


def _turned(grid: Grid, rows: Sequence[int], words: Aliases) -> LostDealsError | None:
    """Names of columns down one of the first columns, and values of one kind along each row."""
    first = int(grid.filled[rows].argmax(axis=1).min())
    columns = [column for column in (first, first + 1) if column < grid.cells.shape[1] - 2]
    found = (_turned_at(grid, _below_corner(grid, rows, column), column, words) for column in columns)
    return next((error for error in found if error is not None), None)


def _below_corner(grid: Grid, rows: Sequence[int], column: int) -> Sequence[int]:
    """The rows without a first one that has nothing in its corner: 客户1 客户2 客户3."""
    return rows if grid.filled[rows[0], column] else rows[1:]


def _turned_at(grid: Grid, rows: Sequence[int], first: int, words: Aliases) -> LostDealsError | None:
    if not FIELDS[0] <= len(rows) <= FIELDS[1] or not grid.filled[rows, first].all():
        return None
    labels = [as_text(grid.cells[row, first]) for row in rows]
    known = [label for label in labels if words.read(label)]
    if len(set(labels)) < len(labels) or len(known) < max(FIELDS[0], KNOWN * len(labels)):
        return None
    others = [text for text in grid.texts(rows[0])[first + 1 :] if text]
    roles = {frozenset(reading.role for reading in words.read(text)) for text in others} - {frozenset()}
    if len(roles) > ACROSS * len(others):  # 客户1, 客户2, 客户3 are not three fields
        return None
    along = [{_kind(grid, row, column) for column in _said(grid, row, first)} for row in rows]
    down: list[set[str]] = [
        {_kind(grid, row, int(column)) for row in rows if grid.filled[row, column]}
        for column in np.flatnonzero(grid.filled[rows].any(axis=0))
        if column > first
    ]
    alike = sum(len(kinds) == 1 for kinds in along)
    if len(down) < 2 or alike < ALIKE * len(along) or any(len(kinds) < 2 for kinds in down):
        return None
    letter = str(grid.sheet.cells.columns[first])
    return LostDealsError(
        "transposed",
        where=f"{grid.sheet.path.name} › {grid.sheet.name}!{letter}{grid.sheet.cells.index[rows[0]]}",
        letter=letter,
        known=len(known),
        names=tuple(known[:5]),
        customers=len(down),
        right=letters(first + 2),
    )


def _fields(grid: Grid, rows: Sequence[int], words: Aliases) -> LostDealsError | None:
    """Names of columns down the first column, and what they mean beside them: a data dictionary."""
    first = int(grid.filled[rows].argmax(axis=1).min())
    labels = [as_text(grid.cells[row, first]) for row in rows if grid.filled[row, first]]
    known = [label for label in labels if words.read(label)]
    if (
        len(rows) > FIELDS[1]
        or _names(known) < FIELDS[0]
        or len(set(labels)) < ALIKE * len(labels)
        or len(known) < max(4, EXPLAINED * len(rows))
    ):
        return None
    told = [_kind(grid, row, column) for row in rows for column in _said(grid, row, first)]
    tall = sum(kind == "text" for kind in told) >= ALIKE * len(told) and len(told) <= 3 * len(rows)
    heads = [sum(bool(words.read(text)) for text in grid.texts(row) if text) for row in rows[: FIELDS[0]]]
    if not tall or max(heads) > 2:
        return None
    where = (
        f"{grid.sheet.path.name} › {grid.sheet.name}!{grid.sheet.cells.columns[first]}{grid.sheet.cells.index[rows[0]]}"
    )
    return LostDealsError("field-list", where=where, known=len(known), of=len(rows), names=tuple(known[:5]))


def _said(grid: Grid, row: int, first: int) -> list[int]:
    return [int(column) for column in np.flatnonzero(grid.filled[row]) if column > first]


def _kind(grid: Grid, row: int, column: int) -> str:
    value = grid.cells[row, column]
    text = as_text(value)
    for kind in ("email", "date", "strict_phone", "number"):
        if getattr(grid.words, kind)(value, text):
            return kind
    return "text"


def _form(grid: Grid, rows: Sequence[int], words: Aliases) -> LostDealsError | None:
    """Names and values in turn along each row, as on a card: 姓名 王晓明 手机 139."""
    if max(grid.widths[list(rows)]) > BROAD:
        return None
    lines = [[text for text in grid.texts(row) if text] for row in rows]
    labels = [text for line in lines for text in line[::2]]
    values = [text for line in lines for text in line[1::2]]
    known = [text for text in labels if words.read(text)]
    if _names(known) < FIELDS[0] or len(known) < LABELS * len(labels):
        return None
    if sum(bool(words.read(text)) for text in values) > VALUES * len(values):
        return None
    if max(map(len, lines)) > 2 or len(known) > len(set(known)) or len(lines) == len(known):
        sheet = grid.sheet
        where = f"{sheet.path.name} › {sheet.name}!{sheet.cells.columns[int(grid.filled[rows[0]].argmax())]}{sheet.cells.index[rows[0]]}"
        return LostDealsError("form", where=where, known=len(known), names=tuple(dict.fromkeys(known[:6])))
    return None


def _names(labels: Sequence[str]) -> int:
    """Different names of fields: 客户1 and 客户2 are customers of whom nobody says more."""
    return len({unnumbered(label) for label in labels})


def _are_numbers(values: Sequence[object], grid: Grid) -> bool:
    """Counts, sums and shares; a date and a yes or no are none."""
    said = [value for value in values if value is not None]
    numbers = sum(
        _is_amount(value, grid) if isinstance(value, str) else isinstance(value, int | float) for value in said
    )
    return numbers >= NUMBERS * len(said) and not any(isinstance(value, bool) for value in said)


def _is_amount(text: str, grid: Grid) -> bool:
    plain = as_text(text)
    return not any(map(str.isalpha, plain)) and grid.words.number(text, plain)
