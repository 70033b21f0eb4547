"""Tell the customers from repeated headers, totals and remarks."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from lostdeals.model import Finding
from lostdeals.understand.grid import Grid, Places
from lostdeals.understand.values import as_text
from lostdeals.vocab import Vocabulary, normalise

ALIKE = 0.6
"""Share of a header's cells that a repeated header has, too."""


def customer_rows(
    grid: Grid, lines: Sequence[int], rows: Places, vocabulary: Vocabulary
) -> tuple[Places, list[Finding]]:
    """The rows that are customers, and what the others are."""
    words = vocabulary.section("structure")["rows"]
    totals = "|".join(re.escape(normalise(word)) for word in sorted(words["totals"], key=len, reverse=True))
    total = re.compile(rf"(?:{totals})[^a-z]{{0,8}}")
    remarks = tuple(normalise(word) for word in words["remarks"])
    first = grid.filled[rows].argmax(axis=1) if rows.size else np.zeros(0, dtype=int)
    opening = list(grid.cells[rows, first])
    kinds = {value: _kind(value, total, remarks) for value in {value for value in opening if isinstance(value, str)}}
    found: dict[str, list[int]] = {"repeated-header": _repeated(grid, lines, rows), "totals-row": [], "remark-row": []}
    for row, column, value in zip(rows, first, opening, strict=True):
        kind = kinds.get(value, "") if isinstance(value, str) else ""
        if (kind == "totals-row" and _only_numbers(grid, row, column)) or (
            kind == "remark-row" and grid.width(row) == 1
        ):
            found[kind].append(int(row))
    findings = []
    for code, places in found.items():
        if places:
            letter = grid.sheet.cells.columns[int(grid.filled[places[0]].argmax())]
            findings.append(
                Finding(code, len(places), f"{grid.sheet.name}!{letter}{grid.sheet.cells.index[places[0]]}")
            )
    return np.setdiff1d(rows, [row for places in found.values() for row in places]), findings


def _kind(value: str, totals: re.Pattern[str], remarks: tuple[str, ...]) -> str:
    text = normalise(value)
    if totals.fullmatch(text):
        return "totals-row"
    return "remark-row" if text.startswith(remarks) else ""


def _only_numbers(grid: Grid, row: int, first: int) -> bool:
    """Beside the word there are numbers, not a customer; a company may be called Total."""
    others = [value for column, value in enumerate(grid.cells[row]) if grid.filled[row, column] and column != first]
    return (
        sum(isinstance(value, str) and not grid.words.number(value, as_text(value)) for value in others)
        <= len(others) / 3
    )


def _repeated(grid: Grid, lines: Sequence[int], rows: Places) -> list[int]:
    """Rows that are the header once more."""
    out: list[int] = []
    for line in lines:
        named = np.flatnonzero(grid.filled[line])
        same = sum(np.asarray(grid.cells[rows, column] == grid.cells[line, column], dtype=int) for column in named)
        out += rows[same >= max(2, ALIKE * len(named))].tolist() if len(named) > 1 else []
    return out
