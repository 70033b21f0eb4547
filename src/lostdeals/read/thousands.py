"""Numbers that a careless export wrote with a comma between thousands, in a file whose commas part the cells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

MORE = 2
"""Cells at most that one number falls apart into beside its first: 1,234,567."""

_HEAD = re.compile(r"\s*[-+]?\W{0,2}[1-9]\d{0,2}")
_GROUP, _LAST = re.compile(r"\d{3}"), re.compile(r"\d{3}(?:\.\d+)?\s*")
_SMALL = re.compile(r"\s*[-+]?\W{0,2}\d{1,3}(?:\.\d+)?\s*|\s*")
_NAME = re.compile(r"[^\d,.]*[^\W\d_][^,]*")


class Torn(NamedTuple):
    """Which column's numbers are torn apart."""

    column: int
    """Counted from 0."""
    width: int
    """Cells of the header."""


def torn(records: Sequence[Sequence[str]]) -> Torn | None:
    """The one column whose numbers make records wider than the header; None where anything else may explain them.

    Some record must be as wide as the header and hold a number below a thousand there, or a column may just lack its name.

    >>> torn([["Name", "Amount", "Status"], ["Ann", "1", "200", "Open"], ["Bob", "900", "Won"]])
    Torn(column=1, width=3)
    >>> torn([["Name", "Status", "Amount"], ["Ann", "Open", "1", "200"], ["Bob", "Won", "12", "500"]]) is None
    True
    """
    header = next((number for number, record in enumerate(records) if len(record) > 1 and any(record)), None)
    if header is None or not all(_NAME.fullmatch(name.strip()) for name in records[header]):
        return None
    width, rest = len(records[header]), [record for record in records[header + 1 :] if any(record)]
    wider, even = (
        [record for record in rest if len(record) > width],
        [record for record in rest if len(record) == width],
    )
    if not wider or not even or len(wider) + len(even) < len(rest):
        return None
    columns = [
        column
        for column in range(width)
        if all(_is_torn(record, column, width) for record in wider)
        and all(_SMALL.fullmatch(record[column]) for record in even)
        and any(record[column].strip() for record in even)
    ]
    return Torn(columns[0], width) if len(columns) == 1 else None


def mended(records: Iterable[list[str]], found: Torn, joined: list[int], ragged: list[int]) -> Iterator[list[str]]:
    """The records with these numbers in one cell again.

    The numbers of those records, from 1, are added to `joined`, and of those that have other cells too many or too few
    to `ragged`.
    """
    column, width = found
    for number, record in enumerate(records, 1):
        if len(record) > width and _is_torn(record, column, width):
            joined.append(number)
            more = len(record) - width
            record = [*record[:column], ",".join(record[column : column + more + 1]), *record[column + more + 1 :]]
        elif len(record) != width and len(record) > 1:
            ragged.append(number)
        yield record


def _is_torn(record: Sequence[str], column: int, width: int) -> bool:
    more = len(record) - width
    groups = record[column + 1 : column + 1 + more]
    return (
        1 <= more <= MORE
        and bool(_HEAD.fullmatch(record[column]))
        and all(map(_GROUP.fullmatch, groups[:-1]))
        and bool(_LAST.fullmatch(groups[-1]))
    )
