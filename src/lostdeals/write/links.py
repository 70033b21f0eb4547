"""Row numbers on the plan that lead to the customer, also after the user has sorted their sheet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from typing import TYPE_CHECKING, Any

from lostdeals.package.cells import plain_number
from lostdeals.package.formulas import Formula
from lostdeals.package.names import quoted_sheet

if TYPE_CHECKING:
    from lostdeals.model import Report
    from lostdeals.write.customers import Place

KNOWN_BY = ("id", "phone", "email", "wechat", "name", "company")
"""What a customer is looked for by: the first of these that no other row has."""
MOST_LINKS = 5_000
"""Cells that lead somewhere; a plan has no more that anybody would click on."""
MOST_COMPARED = 25_000_000
"""Cells that all links together look at; more would be felt whenever a cell of the sheet is changed."""
LONGEST, MOST_DIGITS = 255, 15
"""Characters that a lookup takes, and digits that a number keeps."""


def row_cells(report: Report, rows: Sequence[int], site: Place) -> list[Any]:
    """The cells of a column of row numbers: formulas that lead to the customer, with the row of today as their value.

    A customer is found by their own id, phone or e-mail; where they have none that is unique, or the sheet is too long to
    be searched so often, the link leads to the row of today. What is beyond `MOST_LINKS` is a plain number.
    """
    if not site.sheet:
        return list(rows)
    keys = _keys(report, set(rows[: MOST_COMPARED // max(1, len(report.sheet.cells))]))
    linked = [_leading(site.sheet, row, keys.get(row)) for row in rows[:MOST_LINKS]]
    return [*linked, *rows[MOST_LINKS:]]


def _leading(sheet: str, row: int, key: tuple[str, str] | None) -> Formula:
    r"""A link to the row in which a column has a value; to the row of today where that is gone.

    >>> _leading("客户", 57, None).text
    'HYPERLINK("#\'客户\'!A"&57,57)'
    >>> _leading("客户", 57, ("B", '"C00057"')).text
    'HYPERLINK("#\'客户\'!A"&IFERROR(MATCH("C00057",\'客户\'!$B:$B,0),57),IFERROR(MATCH("C00057",\'客户\'!$B:$B,0),57))'
    """
    name = quoted_sheet(sheet)
    found = f"IFERROR(MATCH({key[1]},{name}!${key[0]}:${key[0]},0),{row})" if key else f"{row}"
    target = name.replace('"', '""')
    return Formula(f'HYPERLINK("#{target}!A"&{found},{found})', row)


def _keys(report: Report, rows: Set[int]) -> Mapping[int, tuple[str, str]]:
    """Row -> the letter of a column that has a value there which no other row has, and that value as a formula says it."""
    cells, layout = report.sheet.cells, report.layout
    found: dict[int, tuple[str, str]] = {}
    for role in KNOWN_BY:
        letter = next((layout.letter(key) for key in layout.keys(role)), "")
        if letter not in cells or len(found) == len(rows):
            continue
        column = cells[letter].tolist()
        values = dict(zip(cells.index.tolist(), column, strict=True))
        left = {row: values.get(row) for row in rows - found.keys()}
        wanted = {_folded(value) for value in left.values()}
        folded = [value.casefold() if value.__class__ is str else value for value in column]
        counts = Counter(filter(wanted.__contains__, folded))
        for row, value in left.items():
            said = "" if counts[_folded(value)] > 1 else _said(value)
            if said:
                found[row] = (letter, said)
    return found


def _said(value: object) -> str:
    """A value as a lookup takes it; empty for what it could not find for sure.

    >>> _said("A*1"), _said(10293.0), _said(True), _said(None)
    ('"A~*1"', '10293', '', '')
    """
    if isinstance(value, str):
        text = "".join(f"~{one}" if one in "~*?" else one for one in value)
        return (
            f'"{text.replace(chr(34), chr(34) * 2)}"' if value and len(text) <= LONGEST and text.isprintable() else ""
        )
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value != value:
        return ""
    return plain_number(value) if abs(value) < 10**MOST_DIGITS else ""


def _folded(value: object) -> object:
    return value.casefold() if isinstance(value, str) else value
