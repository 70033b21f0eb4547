"""The summary sheets: which tables share a page, and where each stands on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from openpyxl.utils import get_column_letter

from lostdeals.package.rows import LAST_ROW, Block, Column
from lostdeals.write import facts, sheets
from lostdeals.write.columns import header
from lostdeals.write.dress import drop_down, fit_width, widen
from lostdeals.write.native import MOST_BARS, Area, bars, place
from lostdeals.write.sheets import Field, Table

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from lostdeals.model import Report
    from lostdeals.package.styles import Styles
    from lostdeals.vocab import Words
    from lostdeals.write.customers import Place

CHART_ROWS, CHART_COLUMNS = 16, 7
"""Size of a chart beside its table, in cells."""


@dataclass(frozen=True)
class ChartOf:
    """A chart of two columns of a page's table."""

    table: int
    labels: int
    values: int
    title: Callable[[Report, Words], str]
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
    segments = sheets.funnel_segments(report, words)
    steps = [sheets.funnel(report, words), sheets.sources(report, words), sheets.stages(report, words)]
    every = [
        Page("plan", (sheets.plan(report, words),)),
        Page("classification", (sheets.classification(report, words),)),
        Page("reasons", (sheets.reasons(report, words),), {"reasons": ChartOf(0, 0, 1, facts.reasons)}),
        Page(
            "funnel",
            (*steps, *([segments] if segments else [])),
            {
                "funnel": ChartOf(0, 0, 1, facts.funnel),
                "sources": ChartOf(1, 6, 5, facts.sources, number_format="0%"),
                "stages": ChartOf(2, 0, 1, facts.stages, lying=False),
            },
        ),
        Page("duplicates", (sheets.duplicates(report, words),)),
        Page("changes", (sheets.changes(report, words),)),
        Page("findings", (sheets.findings(report, words), sheets.columns_read(report, words))),
        Page("guide", guide(report, words, new)),
    ]
    return [page for page in every if any(len(table) for table in page.tables)]


def guide(report: Report, words: Words, new: Place) -> tuple[Table, Table]:
    """How to read the workbook: a few lines, then what each new column means."""
    values = {"file": report.source.name, "method": facts.method(report, words), "card": report.card}
    topics = list(words.vocabulary.section("messages")["guide"])
    how = (
        Field("", range(1, len(topics) + 1), "centre", 7),
        Field(header(words, "topic"), [words.say(f"guide.{one}.topic") for one in topics], width=18),
        Field(header(words, "text"), [words.say(f"guide.{one}.text", **values) for one in topics], "wrapped", 110),
    )
    meaning = (
        Field(header(words, "letter"), list(new.letters.values()), "centre"),
        Field(header(words, "column"), [header(words, key) for key in new.letters]),
        Field(header(words, "meaning"), [words.say(f"meaning.{key}") for key in new.letters], "wrapped"),
    )
    return Table(words.say("heading.guide"), how), Table(words.say("heading.meaning"), meaning)


def lay_out(
    worksheet: Worksheet, page: Page, report: Report, words: Words, styles: Styles
) -> tuple[list[Block], dict[str, Area]]:
    """Dress a summary sheet; gives its rows, and where the charts' labels and values stand."""
    blocks: list[Block] = []
    starts: list[int] = []
    row = 1
    for table in page.tables:
        starts.append(row)
        if len(table):
            blocks += _rows(table, row, styles)
            row += len(table) + 3
    widths: dict[str, float] = {}
    for table in page.tables:
        for letter, one in zip(_letters(table), table.fields, strict=True):
            widths[letter] = max(widths.get(letter, 0), one.width)
            if one.choices:
                drop_down(worksheet, f"{letter}3:{letter}{2 + len(table)}", one.choices)
    widen(worksheet, widths)
    fit_width(worksheet)
    if len(page.tables) == 1:
        last = min(2 + len(page.tables[0]), LAST_ROW)
        worksheet.freeze_panes = "A3"
        worksheet.print_title_rows = "2:2"
        worksheet.auto_filter.ref = f"A2:{_letters(page.tables[0])[-1]}{last}"
    areas = _areas(worksheet.title, page, starts) if len(report.leads) >= facts.ENOUGH else {}
    for number, (key, area) in enumerate(areas.items()):
        chart = page.charts[key]
        said = chart.title(report, words) or page.tables[chart.table].heading
        drawn = bars(area, said, lying=chart.lying, number_format=chart.number_format)
        top, left = 1 + number * (CHART_ROWS + 1), len(widths) + 2
        place(worksheet, drawn, (top, left), (top + CHART_ROWS, left + CHART_COLUMNS))
    return blocks, areas


def _rows(table: Table, row: int, styles: Styles) -> list[Block]:
    letters, count = _letters(table), len(table)
    head, title = styles.number("header"), Column("A", [table.heading], styles.number("heading"))
    return [
        Block([row], [title], height=24),
        Block([row + 1], [Column(letter, [one.header], head) for letter, one in zip(letters, table.fields, strict=True)]),
        Block(range(row + 2, row + 2 + count), [_column(*both, styles) for both in zip(letters, table.fields, strict=True)]),
    ]


def _column(letter: str, one: Field, styles: Styles) -> Column:
    values = one.values if not isinstance(one.values, range) else list(one.values)
    return Column(letter, values, styles.number(one.look), blanks=one.look.endswith("to fill in"))


def _letters(table: Table) -> list[str]:
    return [get_column_letter(number) for number in range(1, len(table.fields) + 1)]


def _areas(sheet: str, page: Page, starts: list[int]) -> dict[str, Area]:
    areas = {}
    for key, chart in page.charts.items():
        table = page.tables[chart.table]
        if len(table) < 2:
            continue
        letters = _letters(table)
        areas[key] = Area(
            sheet,
            starts[chart.table] + 2,
            letters[chart.labels],
            letters[chart.values],
            list(table.fields[chart.labels].values)[:MOST_BARS],
            list(table.fields[chart.values].values)[:MOST_BARS],
        )
    return areas
