"""The sheet that answers how many, why and whom first, on one page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from openpyxl.utils import get_column_letter

from lostdeals.package.cells import text
from lostdeals.write import facts
from lostdeals.write.columns import customers, header, labels
from lostdeals.write.dress import fit_width, widen
from lostdeals.write.native import Area, bars, place

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from lostdeals.model import Report
    from lostdeals.package.styles import Styles
    from lostdeals.vocab import Words

COLUMNS, COLUMN_WIDTH = 24, 6.2
"""The page is a grid of so many columns of so many characters."""
TOP = 10
"""Customers to call that are shown here; all are in the plan."""
LIST_AT, LIST_SPANS = 10, (1, 2, 1, 2, 2, 6, 1)
"""The list of customers to call starts at this grid column; its columns are that many grid columns wide."""

TITLE_ROW, TILE_ROW, LINES_ROW = 1, 4, 8


def build(worksheet: Worksheet, report: Report, words: Words, styles: Styles, areas: Mapping[str, Area]) -> None:
    """Fill the overview.

    areas: where the labels and values of the charts (``reasons``, ``funnel``, ``sources``, ``stages``) stand on the other
    sheets; a chart without an area is left out.
    """
    page = _Page(worksheet, styles)
    widen(worksheet, {get_column_letter(number): COLUMN_WIDTH for number in range(1, COLUMNS + 1)})
    worksheet.sheet_view.showGridLines = False
    fit_width(worksheet, one_page=True)
    _title(page, report, words)
    _tiles(page, report, words)
    row = LINES_ROW
    for line in facts.lines(report, words):
        page.put(row, 1, line, "sentence", COLUMNS)
        page.height(row, 18 if len(line) < 75 * (1 if words.lang == "zh" else 2) else 32)
        row += 1
    page.height(row, 8)
    row += 1
    end = _first_calls(page, report, words, row, LIST_AT if "reasons" in areas else 1)
    if "reasons" in areas:
        place(worksheet, bars(areas["reasons"], facts.reasons(report, words)), (row, 1), (end, LIST_AT - 1))
    _charts(page, report, words, areas, end + 1)


def _title(page: _Page, report: Report, words: Words) -> None:
    page.put(TITLE_ROW, 1, words.say("overview.title", sheet=report.sheet.name), "title", COLUMNS)
    page.height(TITLE_ROW, 28)
    said = words.say("overview.subtitle", file=report.source.name, sheet=report.sheet.name, today=report.today)
    page.put(TITLE_ROW + 1, 1, said, "subtitle", COLUMNS)
    page.height(TITLE_ROW + 2, 6)


def _tiles(page: _Page, report: Report, words: Words) -> None:
    outcomes = report.analysis.counts.get("outcome", {})
    won, lost = outcomes.get("won", 0), outcomes.get("lost", 0)
    duplicates = int(report.leads["duplicate_of"].notna().sum())
    overdue = int((report.plan["due"].dt.date < report.today).sum()) if len(report.plan) else 0
    closed = won + lost
    tiles: list[tuple[str, str, str]] = [
        ("customers", f"{len(report.leads):,}", words.say("tile.customers-note", count=duplicates)),
        ("won", f"{won:,}", ""),
        ("lost", f"{lost:,}", ""),
        ("open", f"{outcomes.get('open', 0):,}", ""),
        ("rate", f"{won / closed:.0%}" if closed else "–", f"{won:,} / {closed:,}" if closed else ""),
        ("call", f"{len(report.plan):,}", words.say("tile.call-note", count=overdue) if overdue else ""),
    ]
    width = COLUMNS // len(tiles)
    for number, (key, value, note) in enumerate(tiles):
        column = 1 + number * width
        page.put(TILE_ROW, column, words.say(f"tile.{key}"), "tile label", width)
        page.put(TILE_ROW + 1, column, value, "tile accent" if key in ("rate", "call") else "tile value", width)
        page.put(TILE_ROW + 2, column, note, "tile note", width)
    for row, height in zip(range(TILE_ROW, TILE_ROW + 4), (18, 28, 16, 8), strict=True):
        page.height(row, height)


def _first_calls(page: _Page, report: Report, words: Words, row: int, column: int) -> int:
    """The list of whom to call first; gives the row after it."""
    first = report.plan.head(TOP)
    heading = "overview.calls" if len(first) else "overview.no-calls"
    page.put(row, column, words.say(heading, n=len(first), of=len(report.plan)), "heading", sum(LIST_SPANS))
    page.height(row, 22)
    keys = ("row", "customer", "score", "tier", "reason", "action", "due")
    looks = ("list centre", "list", "list strong", "list", "list", "list", "list date")
    if len(first):
        page.line(row + 1, column, [header(words, key) for key in keys], ["list header"] * len(keys))
    leads = report.leads.loc[first["lead"]]
    reasons = leads["reason_class"].str.split("; ").str[0] if len(leads) else leads["reason_class"]
    table = zip(
        leads["src_row"].tolist(),
        customers(leads).tolist(),
        leads["score"].round().tolist(),
        labels(leads["tier"], words, "tier").tolist(),
        labels(reasons, words, "loss_reason").tolist(),
        first["action"].tolist(),
        first["due"].tolist(),
        strict=True,
    )
    for number, values in enumerate(table, start=row + 2):
        page.line(number, column, values, looks)
        page.height(number, 20)
    return row + 2 + TOP


def _charts(page: _Page, report: Report, words: Words, areas: Mapping[str, Area], row: int) -> None:
    wanted = {
        "funnel": (facts.funnel, True, "#,##0"),
        "sources": (facts.sources, True, "0%"),
        "stages": (facts.stages, False, "#,##0"),
    }
    shown = [key for key in wanted if key in areas]
    for number, key in enumerate(shown):
        title, lying, number_format = wanted[key]
        said = title(report, words) or words.say(f"heading.{key}")
        width = COLUMNS // 3
        chart = bars(areas[key], said, lying=lying, number_format=number_format)
        place(page.worksheet, chart, (row, 1 + number * width), (row + 13, 1 + (number + 1) * width))


class _Page:
    """Cells of the grid, merged over several columns where their text needs the room."""

    def __init__(self, worksheet: Worksheet, styles: Styles) -> None:
        self.worksheet, self._styles = worksheet, styles

    def put(self, row: int, column: int, value: Any, look: str, span: int = 1) -> None:
        style = self._styles[look]
        for number in range(column, column + span):
            self.worksheet.cell(row, number)._style = style
        cell = self.worksheet.cell(row, column)
        if value is not None and value == value:
            cell.value = text(value) if isinstance(value, str) else value
            cell._style = style  # a date brings its own number format along
            if isinstance(value, str):
                cell.data_type = "s"  # never a formula, never an error
        if span > 1:
            last = get_column_letter(column + span - 1)
            self.worksheet.merged_cells.add(f"{get_column_letter(column)}{row}:{last}{row}")

    def line(self, row: int, column: int, values: Any, looks: Any) -> None:
        for value, look, span in zip(values, looks, LIST_SPANS, strict=True):
            self.put(row, column, value, look, span)
            column += span

    def height(self, row: int, points: float) -> None:
        self.worksheet.row_dimensions[row].height = points
