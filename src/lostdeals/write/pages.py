"""The summary sheets: which tables share a page, and where each stands on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from openpyxl.utils import get_column_letter

from lostdeals.package.rows import LAST_ROW, Block, Column
from lostdeals.package.styles import BAR, header_of
from lostdeals.vocab.words import UNKNOWN
from lostdeals.write import counts, facts, lists, scoring_pages
from lostdeals.write.dress import drop_down, fit_width, widen
from lostdeals.write.fields import Table
from lostdeals.write.guide import guide
from lostdeals.write.native import MOST_BARS, Bars, draw, place
from lostdeals.write.widths import lines_in

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from lostdeals.model import Report
    from lostdeals.package.styles import Styles
    from lostdeals.vocab import Words
    from lostdeals.write.customers import Place

CHART_ROWS, CHART_COLUMNS = 16, 7
"""Size of a chart beside its table, in cells."""
LINE_HEIGHT, HIGHEST = 15.0, 120.0
"""Of a row, in points."""


@dataclass(frozen=True)
class ChartOf:
    """A chart of two columns of a page's table."""

    table: int
    labels: int
    values: int
    fact: facts.Fact
    keys: Sequence[str]
    """The categories that the labels stand for."""
    lying: bool = True
    number_format: str = "#,##0"


@dataclass(frozen=True)
class Page:
    """One summary sheet."""

    key: str
    """``sheet.<key>`` of the messages is its name."""
    tables: tuple[Table, ...]
    charts: Mapping[str, ChartOf] = field(default_factory=dict)


def pages(report: Report, words: Words, new: Place) -> list[Page]:
    """All summary sheets after the overview, in their order; a sheet without a single row is left out."""
    segments = counts.funnel_segments(report, words)
    steps = [counts.funnel(report, words), counts.sources(report, words), counts.stages(report, words)]
    every = [
        Page("plan", (lists.plan(report, words),)),
        Page("classification", (lists.classification(report, words),)),
        Page("reasons", (counts.reasons(report, words),), {"reasons": _reasons_chart(report, words)}),
        Page("funnel", (*steps, *([segments] if segments else [])), _funnel_charts(report, words)),
        Page("duplicates", (lists.duplicates(report, words),)),
        Page("changes", (lists.changes(report, words),)),
        Page("findings", (lists.findings(report, words),)),
        *[Page(key, made) for key, make in scoring_pages.PAGES if (made := make(report, words))],
        Page("guide", guide(report, words, new)),
    ]
    return [page for page in every if any(len(table) for table in page.tables)]


def _reasons_chart(report: Report, words: Words) -> ChartOf:
    known = [reason for reason in report.analysis.reasons["reason"] if reason != UNKNOWN]  # unknown is the last row
    return ChartOf(0, 0, 1, facts.reasons(report, words), known)


def _funnel_charts(report: Report, words: Words) -> dict[str, ChartOf]:
    steps = report.analysis.funnel.steps if report.analysis.funnel else ()
    sources = list(report.analysis.sources["source"])
    return {
        "funnel": ChartOf(0, 0, 1, facts.funnel(report, words), [step.key for step in steps]),
        "sources": ChartOf(1, 6, 5, facts.sources(report, words), sources, number_format="0%"),
        "stages": ChartOf(2, 0, 1, facts.stages(report, words), counts.stage_order(report, words), lying=False),
    }


def lay_out(worksheet: Worksheet, page: Page, styles: Styles) -> tuple[list[Block], dict[str, Bars]]:
    """Dress a summary sheet; gives its rows, and its charts by name."""
    widths: dict[str, float] = {}
    for table in page.tables:
        for letter, one in zip(_letters(table), table.fields, strict=True):
            widths[letter] = max(widths.get(letter, 0), one.width)
            if one.choices:
                drop_down(worksheet, f"{letter}3:{letter}{2 + len(table)}", one.choices)
    blocks: list[Block] = []
    starts: list[int] = []
    row = 1
    for table in page.tables:
        starts.append(row)
        if len(table):
            blocks += _rows(table, row, styles, list(widths.values()))
            row += len(table) + 3
    widen(worksheet, widths)
    fit_width(worksheet)
    worksheet.sheet_properties.tabColor = BAR
    if len(page.tables) == 1:
        last = min(2 + len(page.tables[0]), LAST_ROW)
        worksheet.freeze_panes = "A3"
        worksheet.print_title_rows = "2:2"
        worksheet.auto_filter.ref = f"A2:{_letters(page.tables[0])[-1]}{last}"
    charts = _charts(worksheet.title, page, starts)
    for number, chart in enumerate(charts.values()):
        top, left = 1 + number * (CHART_ROWS + 1), len(widths) + 2
        place(worksheet, draw(chart, styles.font), (top, left), (top + CHART_ROWS, left + CHART_COLUMNS))
    return blocks, charts


def _rows(table: Table, row: int, styles: Styles, widths: Sequence[float]) -> list[Block]:
    letters, count = _letters(table), len(table)
    title = Column("A", [table.heading], styles.number("heading"))
    heads = [
        Column(letter, [one.header], styles.number(header_of(one.look)), blanks=True)
        for letter, one in zip(letters, table.fields, strict=True)
    ]
    cells = [
        Column(letter, one.values, styles.number(one.look), blanks=one.look.endswith("to fill in"))
        for letter, one in zip(letters, table.fields, strict=True)
    ]
    return [
        Block([row], [title], heights=[24.0]),
        Block([row + 1], heads, heights=[LINE_HEIGHT + 4]),
        Block(range(row + 2, row + 2 + count), cells, heights=_heights(table, widths)),
    ]


def _heights(table: Table, widths: Sequence[float]) -> list[float] | None:
    """Heights of rows with wrapped text, because some programs cut the lines off where a file does not say them."""
    wrapped = [(one.values, width) for one, width in zip(table.fields, widths, strict=False) if one.look == "wrapped"]
    if not wrapped:
        return None
    lines = [[lines_in(text, width) for text in values] for values, width in wrapped]
    return [min(LINE_HEIGHT * max(counts) + 3, HIGHEST) for counts in zip(*lines, strict=True)]


def _letters(table: Table) -> list[str]:
    return [get_column_letter(number) for number in range(1, len(table.fields) + 1)]


def _charts(sheet: str, page: Page, starts: list[int]) -> dict[str, Bars]:
    charts = {}
    for name, chart in page.charts.items():
        table, keys = page.tables[chart.table], list(chart.keys)[:MOST_BARS]
        if chart.fact.n < facts.ENOUGH or len(keys) < 2:
            continue
        letters = _letters(table)
        charts[name] = Bars(
            sheet,
            starts[chart.table] + 2,
            letters[chart.labels],
            letters[chart.values],
            list(table.fields[chart.labels].values)[: len(keys)],
            list(table.fields[chart.values].values)[: len(keys)],
            chart.fact.sentence or table.heading,
            keys.index(chart.fact.about) if chart.fact.about in keys else None,
            chart.lying,
            chart.number_format,
        )
    return charts
