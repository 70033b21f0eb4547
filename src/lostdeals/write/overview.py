"""The sheet that answers how many, why and whom first, on one page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from openpyxl.utils import get_column_letter

from lostdeals.package.cells import text
from lostdeals.package.styles import ACCENT
from lostdeals.write import facts
from lostdeals.write.columns import customers, header, labels
from lostdeals.write.dress import fit_page, widen
from lostdeals.write.native import Bars, draw, place
from lostdeals.write.widths import lines_in

if TYPE_CHECKING:
    import pandas as pd
    from openpyxl.worksheet.worksheet import Worksheet

    from lostdeals.model import Report
    from lostdeals.package.styles import Styles
    from lostdeals.vocab import Words

COLUMNS, COLUMN_WIDTH = 24, 6.2
"""The page is a grid of so many columns of so many characters."""
TOP = 10
"""Customers to call that are shown here; all are in the plan."""
LIST_AT, LIST_SPANS = 10, (1, 3, 1, 2, 2, 5, 1)
"""The list of customers to call starts at this grid column; its columns are that many grid columns wide."""

IN_LEADS, BY_HEADER = {"stage": "stage_class", "reason": "main_reason"}, ("owner", "phone", "email")
LIST_HEADERS = dict.fromkeys(("list centre", "list strong", "list day"), "list centre header")
"""Headers of centred columns; the others start at the left."""
BELOW, CHART_ROWS = ("tiers", "funnel", "sources"), 13
"""Charts below the list, side by side, and how many rows high."""
TITLE_ROW, TILE_ROW, LINES_ROW = 1, 4, 8


def build(worksheet: Worksheet, report: Report, words: Words, styles: Styles, charts: Mapping[str, Bars]) -> None:
    """Fill the overview.

    charts: those of the other sheets by name; ``reasons``, ``tiers``, ``funnel`` and ``sources`` are shown here, too.
    """
    page = _Page(worksheet, styles)
    widen(worksheet, {get_column_letter(number): COLUMN_WIDTH for number in range(1, COLUMNS + 1)})
    worksheet.sheet_view.showGridLines = False
    worksheet.sheet_properties.tabColor = ACCENT
    fit_page(worksheet)
    _title(page, report, words)
    _tiles(page, report, words)
    row = LINES_ROW
    for line in facts.lines(report, words):
        page.put(row, 1, line, "sentence", COLUMNS)
        page.height(row, 4 + 15 * lines_in(line, COLUMNS * COLUMN_WIDTH * 1.1))
        row += 1
    page.height(row, 8)
    row += 1
    end = _first_calls(page, report, words, row, LIST_AT if "reasons" in charts else 1)
    if "reasons" in charts:
        place(worksheet, draw(charts["reasons"], styles.font), (row, 1), (end, LIST_AT - 1))
    width = COLUMNS // len(BELOW)
    for number, key in enumerate(key for key in BELOW if key in charts):
        start, stop = 1 + number * width, 1 + (number + 1) * width
        place(worksheet, draw(charts[key], styles.font), (end + 1, start), (end + 1 + CHART_ROWS, stop))


def _title(page: _Page, report: Report, words: Words) -> None:
    page.put(TITLE_ROW, 1, words.say("overview.title", sheet=report.sheet.name), "title", COLUMNS)
    page.height(TITLE_ROW, 28)
    said = words.say("overview.subtitle", file=report.source.name, sheet=report.sheet.name, today=report.today)
    page.put(TITLE_ROW + 1, 1, said, "subtitle", COLUMNS)
    page.height(TITLE_ROW + 2, 6)


def _tiles(page: _Page, report: Report, words: Words) -> None:
    outcomes = report.leads["outcome_class"].value_counts()
    won, lost = int(outcomes.get("won", 0)), int(outcomes.get("lost", 0))
    closed, copies = won + lost, int(report.leads["duplicate_of"].notna().sum())
    planned = report.leads["outcome_class"].reindex(report.plan["lead"]).value_counts()
    to_call = {key: int(planned.get(key, 0)) for key in ("open", "lost")}
    tiles: list[tuple[str, str, str]] = [
        ("customers", f"{len(report.leads):,}", words.say("tile.customers-note", count=copies) if copies else ""),
        ("won", f"{won:,}", ""),
        ("lost", f"{lost:,}", ""),
        ("open", f"{int(outcomes.get('open', 0)):,}", ""),
        ("rate", facts.percent(won, closed) if closed else "–", f"{won:,} / {closed:,}" if closed else ""),
        ("plan", f"{len(report.plan):,}", words.say("tile.plan-note", **to_call)),
    ]
    width = COLUMNS // len(tiles)
    for number, (key, value, note) in enumerate(tiles):
        column = 1 + number * width
        page.put(TILE_ROW, column, words.say(f"tile.{key}"), "tile label", width)
        page.put(TILE_ROW + 1, column, value, "tile accent" if key in ("rate", "plan") else "tile value", width)
        page.put(TILE_ROW + 2, column, note, "tile note", width)
    for row, height in zip(range(TILE_ROW, TILE_ROW + 4), (18, 28, 16, 8), strict=True):
        page.height(row, height)


def _first_calls(page: _Page, report: Report, words: Words, row: int, column: int) -> int:
    """The list of whom to call first; gives the row after it."""
    plan, outcome = report.plan, report.leads["outcome_class"]
    wanted = "open" if outcome.loc[plan["lead"]].eq("open").any() else "lost"
    queue = plan[plan["lead"].map(outcome).eq(wanted)]
    first = queue.drop_duplicates("lead").head(TOP)
    heading = f"overview.calls-{wanted}" if len(first) else "overview.no-calls"
    page.put(row, column, words.say(heading, n=len(first), of=queue["lead"].nunique()), "heading", sum(LIST_SPANS))
    page.height(row, 22)
    known = _known(report.leads.loc[first["lead"]], wanted)
    keys = ("row", "customer", "plan_score", "plan_tier", known, "action", "due")
    looks = ("list centre", "list", "list strong", "list", "list wrapped", "list wrapped", "list day")
    if len(first):
        page.line(
            row + 1,
            column,
            [report.layout.header(key) if key in BY_HEADER else header(words, key) for key in keys],
            [LIST_HEADERS.get(look, "list header") for look in looks],
        )
    leads = report.leads.loc[first["lead"]]
    table = zip(
        leads["src_row"].tolist(),
        customers(leads).tolist(),
        leads["score"].round().tolist(),
        labels(leads["tier"], words, "tier").tolist(),
        _what(leads, known, words).tolist(),
        first["action"].tolist(),
        first["due"].tolist(),
        strict=True,
    )
    for number, values in enumerate(table, start=row + 2):
        page.line(number, column, values, looks)
        lines = max(lines_in(values[place], LIST_SPANS[place] * COLUMN_WIDTH * 1.25) for place in (4, 5))
        page.height(number, max(20, 3 + 12 * lines))
    return row + 2 + TOP


def _known(leads: pd.DataFrame, outcome: str) -> str:
    """What is worth a column beside these customers: the first of these of which the sheet knows something."""
    asked = ["stage", "reason", *BY_HEADER] if outcome == "open" else ["reason", "stage", *BY_HEADER]
    known = (one for one in asked if IN_LEADS.get(one, one) in leads)
    return next((one for one in known if leads[IN_LEADS.get(one, one)].notna().any()), asked[0])


def _what(leads: pd.DataFrame, known: str, words: Words) -> pd.Series[Any]:
    if known in BY_HEADER:
        return leads[known]
    return labels(leads[IN_LEADS[known]], words, "loss_reason" if known == "reason" else known)


class _Page:
    """Cells of the grid, merged over several columns where their text needs the room."""

    def __init__(self, worksheet: Worksheet, styles: Styles) -> None:
        self.worksheet, self._styles = worksheet, styles

    def put(self, row: int, column: int, value: Any, look: str, span: int = 1) -> None:
        style = self._styles[look]
        for number in range(column, column + span):
            self.worksheet.cell(row, number)._style = style
        cell = self.worksheet.cell(row, column)
        if value is not None and value == value and value != "":
            cell.value = text(value).strip() if isinstance(value, str) else value
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
