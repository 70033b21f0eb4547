"""The user's own sheets in a new workbook: every row where it was, our columns at the right edge of the customer sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from types import MappingProxyType
from typing import TYPE_CHECKING

from openpyxl.formatting.rule import CellIsRule, DataBarRule
from openpyxl.styles import PatternFill
from openpyxl.utils import column_index_from_string, get_column_letter

from lostdeals.errors import LostDealsError
from lostdeals.package.rows import LAST_COLUMN, LAST_ROW, Block, Column
from lostdeals.package.styles import BAR, TIERS, Styles, header_of
from lostdeals.schema import OVERRIDE
from lostdeals.write.dress import drop_down, fit_width, widen
from lostdeals.write.widths import length, lines_in, width_of

if TYPE_CHECKING:
    import pandas as pd
    from openpyxl.worksheet.worksheet import Worksheet

    from lostdeals.model import Layout, Report, Sheet
    from lostdeals.vocab import Words
    from lostdeals.write.columns import Added

LOOKS: Mapping[str, tuple[str, float]] = MappingProxyType(
    {
        "score": ("first number", 8),
        "win_probability": ("percent", 9),
        "grade": ("centre", 7),
        "tier": ("plain", 13),
        "reason_class": ("plain", 18),
        "reason_confidence": ("percent", 9),
        "reason_evidence": ("plain", 24),
        "why": ("plain", 40),
        "next_action": ("plain", 40),
        "next_contact": ("day", 12),
        "duplicate_of": ("plain", 18),
        "data_issues": ("plain", 24),
        "expected_value": ("number", 11),
    }
)
"""Look and width (in characters) of the new columns."""
PLAIN = ("plain", 14.0)
"""Look and width of those that are not named."""
GROWING, MOST_ROOM = ("tier", "stage_class", "reason_class", "need_class", "duplicate_of"), 30.0
"""New columns that grow with their texts, up to so many characters."""
PAGE_WIDTH = 200
"""Characters that stay readable side by side on A4 landscape."""
SAMPLE = 200
"""Rows that decide the width of a column."""
HEADER_LINE, MOST_LINES = 15.0, 6
"""Points of a line of a header, and lines that are shown of it."""
FROZEN_NAME = 3
"""The customer's name stays in sight while scrolling where it is one of the first columns, up to this one."""


@dataclass(frozen=True)
class Place:
    """Where things are on the customer sheet of the new workbook."""

    header_row: int | None
    """The last one; None where the sheet has no header."""
    first_row: int
    last_row: int
    """Of the customers."""
    letters: Mapping[str, str]
    """New column -> its Excel letter; none where the new columns have a sheet of their own."""
    sheet: str = ""
    """The customers' sheet; empty where the workbook is none of a sheet's customers."""
    annotated: bool = False
    """The workbook is the user's own, with ours in it."""
    covered: bool = False
    """A picture or chart of theirs lies over the new columns."""


def locate(report: Report, new: Sequence[Added]) -> Place:
    """Where the new columns go: after the last column that the sheet uses.

    Raises LostDealsError ``too-many-columns`` where Excel has no room for them.
    """
    used = max((column_index_from_string(str(letter)) for letter in report.sheet.cells.columns), default=0)
    if used + len(new) > LAST_COLUMN:
        raise LostDealsError("too-many-columns", where=f"{report.source} › {report.sheet.name}", columns=used)
    letters = {column.key: get_column_letter(used + number) for number, column in enumerate(new, start=1)}
    return place_of(report, letters, report.sheet.name)


def place_of(report: Report, letters: Mapping[str, str], sheet: str, *, annotated: bool = False) -> Place:
    """Where the customers are, with the new columns at these letters."""
    rows, headers = report.layout.rows, report.layout.header_rows
    header = headers[-1] if headers else None
    first = rows[0] if rows else (header or 0) + 1
    return Place(header, first, min(rows[-1], LAST_ROW) if rows else first, letters, sheet, annotated)


def annotated(report: Report, new: Sequence[Added], place: Place, styles: Styles) -> list[Block]:
    """The customer sheet: titles, header and every row as found, with the new columns beside the customers."""
    cells, headers = report.sheet.cells, report.layout.header_rows
    top, last = (headers[0], headers[-1]) if headers else (0, 0)
    above, head, below = cells[cells.index < top], cells.loc[top:last], cells[cells.index > last]
    moments = styles.moments()
    blocks = [_block(above, 0, moments)]
    theirs = list(widths(report.sheet, top).values()) if headers else []
    if headers:
        looks = _heads(new)
        blank = [None] * (len(head) - 1)
        ours = [
            Column(place.letters[column.key], [*blank, column.header], styles.number(look))
            for column, look in zip(new, looks, strict=True)
        ]
        heights = [_header_height(cells, theirs) for cells in head.itertuples(index=False)]
        blocks.append(_block(head, styles.number("header"), {}, ours, heights))
    rows = report.leads["src_row"]
    ours = [
        Column(
            place.letters[column.key],
            column.values.set_axis(rows).reindex(below.index),
            styles.number(LOOKS.get(column.key, PLAIN)[0]),
            blanks=column.key == "score",  # its left border is the line between theirs and ours
        )
        for column in new
    ]
    blocks.append(_block(below, 0, moments, ours, formats=_formats(report.sheet, styles)))
    return [block for block in blocks if block.rows]


def beside(report: Report, new: Sequence[Added], place: Place, styles: Styles) -> list[Block]:
    """Our cells alone, on the rows of the user's own sheet."""
    columns = [one for one in new if one.key in place.letters]
    blocks = []
    if place.header_row is not None:
        heads = [
            Column(place.letters[one.key], [one.header], styles.number(look))
            for one, look in zip(columns, _heads(columns), strict=True)
        ]
        blocks.append(Block([place.header_row], heads))
    rows = report.leads["src_row"].reset_index(drop=True).sort_values(kind="stable")
    cells = [
        Column(
            place.letters[one.key],
            one.values.iloc[rows.index],
            styles.number(LOOKS.get(one.key, PLAIN)[0]),
            blanks=one.key in ("score", OVERRIDE),
        )
        for one in columns
    ]
    blocks.append(Block(rows.tolist(), cells))
    return blocks


def as_found(sheet: Sheet, styles: Styles) -> list[Block]:
    """Another sheet of the user's: its values, where they were."""
    return [_block(sheet.cells, 0, styles.moments(), formats=_formats(sheet, styles))] if len(sheet.cells) else []


def dress(worksheet: Worksheet, report: Report, new: Sequence[Added], place: Place, words: Words) -> None:
    """Widths, frozen header, filter, coloured tiers, score bars and the drop-down of the customer sheet."""
    dress_ours(worksheet, new, place, words)
    dress_theirs(worksheet, report.sheet, report.layout, place.letters[new[-1].key])


def dress_ours(worksheet: Worksheet, new: Sequence[Added], place: Place, words: Words) -> None:
    """Widths, coloured tiers, score bars and the drop-down of the new columns."""
    for one in new:
        width = max(LOOKS.get(one.key, PLAIN)[1], 1.1 * length(one.header) + 2)
        if one.key in GROWING:
            width = max(width, min(width_of(one.values.head(SAMPLE).dropna()), MOST_ROOM))
        widen(worksheet, {place.letters[one.key]: width})

    def area(key: str) -> str:
        return f"{place.letters[key]}{place.first_row}:{place.letters[key]}{place.last_row}"

    for key, colour in TIERS.items():
        label = words.label("tier", key).replace('"', '""')
        for column in ("tier", "tier_override"):  # a rule each, because each has a priority of its own
            rule = CellIsRule(operator="equal", formula=[f'"{label}"'], fill=PatternFill(bgColor=colour))
            worksheet.conditional_formatting.add(area(column), rule)
    bar = DataBarRule(start_type="num", start_value=0, end_type="num", end_value=100, color=BAR, showValue=True)
    worksheet.conditional_formatting.add(area("score"), bar)
    drop_down(worksheet, area("tier_override"), [words.label("tier", key) for key in TIERS])


def dress_theirs(worksheet: Worksheet, sheet: Sheet, layout: Layout, last: str) -> None:
    """Widths, frozen header and filter of a customer sheet; `last` is the letter of its last column."""
    headers, rows = layout.header_rows, layout.rows
    widen(worksheet, widths(sheet, headers[0] if headers else 1))
    for top, left, bottom, right in sheet.merged:
        if headers and bottom <= headers[-1]:  # a merge among the customers would forbid sorting
            worksheet.merged_cells.add(f"{get_column_letter(left)}{top}:{get_column_letter(right)}{bottom}")
    if headers:
        worksheet.freeze_panes = f"{_first_scrolled(layout)}{headers[-1] + 1}"
        last_row = min(rows[-1], LAST_ROW) if rows else headers[-1] + 1
        worksheet.auto_filter.ref = f"{sheet.cells.columns[0]}{headers[-1]}:{last}{last_row}"
        worksheet.print_title_rows = f"{headers[0]}:{headers[-1]}"
    fit_width(worksheet, pages=ceil(sum(one.width for one in worksheet.column_dimensions.values()) / PAGE_WIDTH))


def widths(sheet: Sheet, from_row: int = 1) -> dict[str, float]:
    """The sheet's own column widths, guessed from its first rows where the file gives none."""
    sample = sheet.cells.loc[from_row:].head(SAMPLE)
    own = {str(letter): sheet.widths.get(str(letter)) for letter in sheet.cells.columns}
    return {letter: given or width_of(sample[letter].tolist()) for letter, given in own.items()}


def _heads(columns: Sequence[Added]) -> list[str]:
    """How the headers of the new columns look: aligned as what stands below, the first with the line between theirs and ours."""
    looks = [header_of(LOOKS.get(one.key, PLAIN)[0]).replace("header", "new header") for one in columns]
    return ["first new header", *looks[1:]] if looks else []


def _block(
    cells: pd.DataFrame,
    style: int,
    moments: Mapping[str, int],
    ours: Sequence[Column] = (),
    heights: Sequence[float] | None = None,
    formats: Mapping[str, tuple[int, Mapping[str, int]]] = MappingProxyType({}),
) -> Block:
    usual = (style, moments)
    theirs = [Column(str(letter), cells[letter], *formats.get(str(letter), usual)) for letter in cells.columns]
    return Block([int(row) for row in cells.index], [*theirs, *ours], heights)


def _formats(sheet: Sheet, styles: Styles) -> dict[str, tuple[int, dict[str, int]]]:
    """The styles of the columns whose number format is known, by letter."""
    return {letter: styles.formatted(code) for letter, code in sheet.formats.items()}


def _header_height(cells: Sequence[object], widths: Sequence[float]) -> float:
    """Points of a header row, whose texts are wrapped."""
    lines = max((lines_in(text, width) for text, width in zip(cells, widths, strict=True)), default=1)
    return HEADER_LINE * min(lines, MOST_LINES) + 4


def _first_scrolled(layout: Layout) -> str:
    """The first column that moves when scrolling sideways."""
    letters = [layout.letter(key) for role in ("name", "company") for key in layout.keys(role)]
    number = column_index_from_string(letters[0]) if letters and letters[0] else 0
    return get_column_letter(number + 1) if 0 < number <= FROZEN_NAME else "A"
