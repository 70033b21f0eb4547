"""The summary sheets: which tables share a page, and where each stands on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from openpyxl.utils import get_column_letter

from lostdeals.package.rows import LAST_ROW, Block, Column
from lostdeals.package.styles import BAR, LINED, header_of
from lostdeals.vocab.words import UNKNOWN
from lostdeals.write import counts, facts, lists, scoring_pages
from lostdeals.write.dress import drop_down, fit_page, fit_width, widen
from lostdeals.write.fields import Field, Table
from lostdeals.write.guide import guide
from lostdeals.write.native import MOST_BARS, Bars, draw, place
from lostdeals.write.quality_tables import quality_tables
from lostdeals.write.scoring import scoring_tables
from lostdeals.write.widths import length, lines_in

if TYPE_CHECKING:
    import pandas as pd
    from openpyxl.worksheet.worksheet import Worksheet

    from lostdeals.model import Report
    from lostdeals.package.styles import Styles
    from lostdeals.vocab import Words
    from lostdeals.write.columns import Added
    from lostdeals.write.customers import Place
    from lostdeals.write.quality_tables import Judged

CHART_ROWS, CHART_COLUMNS = 16, 7
"""Size of a chart beside its table, in cells."""
HEADER_ROOM, BOLD = 18.0, 1.1
"""Characters up to which a header decides the width of its column, a longer one is wrapped; and how much wider bold is."""
ONE_PAGE = 60
"""Rows up to which a sheet with charts prints on one page, so that no chart is torn."""
GROWING, SAMPLE = ("plain", "quiet"), 200
"""Looks of columns that grow with their texts, and how many of these are looked at."""
TEXT_ROOM, LAST_ROOM = 30.0, 70.0
"""Characters up to which a column grows, and one of remarks at the right edge."""
LEGIBLE = 290.0
"""Characters of all columns that are still read on one page's width; a wider list prints side by side."""
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


def pages(report: Report, words: Words, place: Place) -> list[Page]:
    """All summary sheets after the overview, in their order; a sheet without a single row is left out."""
    every = [make(report, words, place) for make in PAGES]
    return [page for page in every if any(len(table) for table in page.tables)]


def results(report: Report, words: Words, new: Sequence[Added]) -> Page:
    """The new columns on a sheet of their own, each row with its customer, where the customers' sheet has no room for them."""
    return Page("results", (lists.results(report, words, new),))


def _plan(report: Report, words: Words, place: Place) -> Page:
    return Page("plan", (lists.plan(report, words, place),))


def _classification(report: Report, words: Words, _: Place) -> Page:
    return Page("classification", (lists.classification(report, words),))


def _reasons(report: Report, words: Words, _: Place) -> Page:
    if not report.analysis.reasons["reason"].ne(UNKNOWN).any():
        return Page("reasons", ())
    by_stage = counts.reasons_by_stage(report, words)
    tables = (counts.reasons(report, words), *([by_stage] if by_stage else []))
    return Page("reasons", tables, {"reasons": _reasons_chart(report, words)})


def _funnel(report: Report, words: Words, _: Place) -> Page:
    segments = counts.funnel_segments(report, words)
    steps = [counts.funnel(report, words), counts.stages(report, words), counts.tiers(report, words)]
    return Page("funnel", (*steps, *([segments] if segments else [])), _funnel_charts(report, words))


def _sources(report: Report, words: Words, _: Place) -> Page:
    sources = list(report.analysis.sources["source"])
    chart = ChartOf(0, 6, 5, facts.sources(report, words), sources, number_format="0%")
    return Page("sources", (counts.sources(report, words),), {"sources": chart})


def _quality(report: Report, words: Words, _: Place) -> Page:
    return Page("quality", () if report.quality is None else quality_tables(cast("Judged", report), words))


def _scoring(report: Report, words: Words, _: Place) -> Page:
    return Page("scoring", scoring_tables(report, words))


def _duplicates(report: Report, words: Words, _: Place) -> Page:
    return Page("duplicates", (lists.duplicates(report, words),))


def _changes(report: Report, words: Words, _: Place) -> Page:
    return Page("changes", (lists.changes(report, words),))


def _findings(report: Report, words: Words, _: Place) -> Page:
    return Page("findings", (lists.findings(report, words),))


def _guide(report: Report, words: Words, place: Place) -> Page:
    return Page("guide", guide(report, words, place))


def _of_score(key: str, make: Callable[[Report, Words], tuple[Table, ...]]) -> Callable[[Report, Words, Place], Page]:
    """A page of the score's workings."""
    return lambda report, words, _: Page(key, make(report, words))


PAGES: tuple[Callable[[Report, Words, Place], Page], ...] = (
    _plan,
    _classification,
    _funnel,
    _reasons,
    _sources,
    _quality,
    _changes,
    _duplicates,
    _findings,
    _scoring,
    *(_of_score(key, make) for key, make in scoring_pages.PAGES),
    _guide,
)
"""Every summary sheet after the overview, in its order; its name is ``sheet.<key>`` of the messages."""


def _reasons_chart(report: Report, words: Words) -> ChartOf:
    known = [reason for reason in report.analysis.reasons["reason"] if reason != UNKNOWN]  # unknown is the last row
    return ChartOf(0, 0, 1, facts.reasons(report, words), known)


def _funnel_charts(report: Report, words: Words) -> dict[str, ChartOf]:
    steps = report.analysis.funnel.steps if report.analysis.funnel else ()
    return {
        "funnel": ChartOf(0, 0, 1, facts.funnel(report, words), [step.key for step in steps]),
        "stages": ChartOf(1, 0, 1, facts.stages(report, words), counts.stage_order(report, words), lying=False),
        "tiers": ChartOf(2, 0, 1, facts.tiers(report, words), counts.tier_order(report, words), lying=False),
    }


def lay_out(worksheet: Worksheet, page: Page, styles: Styles) -> tuple[list[Block], dict[str, Bars]]:
    """Dress a summary sheet; gives its rows, and its charts by name."""
    widths: dict[str, float] = {}
    broadest = max(len(table.fields) for table in page.tables)
    for table in page.tables:
        for letter, one in zip(_letters(table), table.fields, strict=True):
            free = one is table.fields[-1] and len(table.fields) < broadest  # its text may run on to the right
            room = one.width if free else _room(one)
            widths[letter] = max(widths.get(letter, 0), room, min(BOLD * length(one.header) + 3, HEADER_ROOM))
            if one.choices:
                drop_down(worksheet, f"{letter}3:{letter}{2 + len(table)}", one.choices)
            if one.hidden:
                worksheet.column_dimensions[letter].hidden = True
    blocks: list[Block] = []
    starts: list[int] = []
    row = 1
    for table in page.tables:
        starts.append(row)
        if len(table):
            blocks += _rows(table, row, styles, list(widths.values()))
            row += len(table) + 3
    widen(worksheet, widths)
    wide = ceil(sum(widths.values()) / LEGIBLE) if len(page.tables) == 1 else 1
    if page.charts and row < ONE_PAGE:
        fit_page(worksheet)
    else:
        fit_width(worksheet, pages=wide)
    worksheet.sheet_properties.tabColor = BAR
    if len(page.tables) == 1:
        last, right = min(2 + len(page.tables[0]), LAST_ROW), _letters(page.tables[0])[-1]
        worksheet.freeze_panes = "A3"
        worksheet.print_title_rows = "2:2"
        worksheet.auto_filter.ref = f"A2:{right}{last}"
        if not page.charts:
            worksheet.print_area = f"A1:{right}{last}"  # a long text at the edge would make every page wider
            worksheet.print_title_cols = "A:B" if wide > 1 else None
    charts = _charts(worksheet.title, page, starts)
    for number, chart in enumerate(charts.values()):
        top, left = 1 + number * (CHART_ROWS + 1), len(widths) + 2
        place(worksheet, draw(chart, styles.font), (top, left), (top + CHART_ROWS, left + CHART_COLUMNS))
    return blocks, charts


def _room(one: Field) -> float:
    """The width of a column, grown with its texts as far as that goes."""
    if one.look not in GROWING:
        return one.width
    most = LAST_ROOM if one.look == "quiet" else TEXT_ROOM
    longest = max((length(text) for text in one.values[:SAMPLE] if isinstance(text, str)), default=0)
    return max(one.width, min(longest + 2.0, most))


def _rows(table: Table, row: int, styles: Styles, widths: Sequence[float]) -> list[Block]:
    letters, count = _letters(table), len(table)
    heights = _heights(table, widths)
    lined = LINED if heights else ""
    title = Column("A", [table.heading], styles.number("heading"))
    heads = [
        Column(letter, [one.header], styles.number(header_of(one.look)), blanks=True)
        for letter, one in zip(letters, table.fields, strict=True)
    ]
    cells = [
        Column(
            letter,
            one.values,
            styles.number(f"{one.look}{lined}"),
            blanks=bool(lined) or one.look.startswith("first") or one.look.endswith("to fill in"),
        )
        for letter, one in zip(letters, table.fields, strict=True)
    ]
    above = max(lines_in(one.header, width / BOLD - 1) for one, width in zip(table.fields, widths, strict=False))
    return [
        Block([row], [title], heights=[24.0]),
        Block([row + 1], heads, heights=[LINE_HEIGHT * above + 4]),
        Block(range(row + 2, row + 2 + count), cells, heights=heights),
    ]


def _heights(table: Table, widths: Sequence[float]) -> list[float] | None:
    """Heights of rows with wrapped text, because some programs cut the lines off where a file does not say them."""
    wrapped = [(one.values, width) for one, width in zip(table.fields, widths, strict=False) if one.look == "wrapped"]
    if not wrapped:
        return None
    lines = np.max([_lines(values, width) for values, width in wrapped], axis=0)
    heights: list[float] = np.minimum(LINE_HEIGHT * lines + 3, HIGHEST).tolist()
    return heights


def _lines(values: Sequence[Any] | pd.Series[Any], width: float) -> list[int]:
    """Lines of each text; many rows share one."""
    texts = values if isinstance(values, Sequence) else values.tolist()
    known = {text: lines_in(text, width) for text in set(texts)}
    return [known[text] for text in texts]


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
