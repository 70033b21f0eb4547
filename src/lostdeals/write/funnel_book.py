"""A workbook of the funnel: steps, groups, who sits too long, cohorts, a comparison, channels, each on a sheet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from lostdeals.package.fill import fill
from lostdeals.package.styles import BAR, WASH, Styles
from lostdeals.vocab.words import UNKNOWN
from lostdeals.write.atomic import replacing
from lostdeals.write.facts import Fact
from lostdeals.write.fields import Field, Table
from lostdeals.write.funnel import semantics
from lostdeals.write.funnel_facts import cohorts_fact, groups_fact, loss_fact
from lostdeals.write.funnel_names import dimension_label, segment_label, step_name
from lostdeals.write.mask import finding_text, mask
from lostdeals.write.pages import ChartOf, Page, lay_out
from lostdeals.write.widths import length

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from lostdeals.funnels import Funnel
    from lostdeals.package.rows import Block
    from lostdeals.trends import Channels, Comparison, FunnelReport, Trend
    from lostdeals.vocab import Words


AGES_FROM, BETWEEN_TABLES = 2, 3
"""Columns from which a table of ages has a figure; rows that `lay_out` leaves between two tables, the header's included."""
LAST_STEPS = 2
"""A funnel of no more steps has nothing between the first and the last."""


def write_funnel_book(report: FunnelReport, words: Words, path: Path, today: date) -> Path:
    """Write the workbook; the same report gives the same bytes. Raises LostDealsError ``cannot-write``."""
    return write_pages(funnel_pages(report, words), words, path, today)


def write_pages(pages: Sequence[Page], words: Words, path: Path, today: date) -> Path:
    """Write a workbook of these sheets; the same sheets give the same bytes. Raises LostDealsError ``cannot-write``."""
    book = Workbook()
    book.remove(book.active)
    styles = Styles(book, words.say("workbook.font"), float(words.say("workbook.size")))
    rows: dict[str, Sequence[Block]] = {}
    for page in pages:
        sheet = book.create_sheet(words.say(f"sheet.{page.key}"))
        rows[sheet.title] = lay_out(sheet, page, styles)[0]
        if page.key == "trend":
            _heat(sheet, page.tables[0], page.tables[1])
    with replacing(path) as file:
        fill(book, rows, file, today)
    return path


def funnel_pages(report: FunnelReport, words: Words) -> list[Page]:
    """The sheets, in their order; one without rows is left out."""
    funnel = report.funnel
    steps = Page("funnel", (_steps(funnel, words), _meaning(funnel, words)), {"funnel": _steps_chart(funnel, words)})
    pages = [steps]
    if funnel.segments:
        pages.append(Page("groups", (_groups(funnel, words),), _groups_chart(funnel, words)))
        if len(funnel.steps) > LAST_STEPS:
            pages.append(Page("group_steps", (_group_steps(funnel, words),)))
    if any(one.stuck for one in funnel.ageing):
        pages.append(Page("ageing", (_ageing(funnel, words),)))
        pages.append(Page("stuck", (_stuck(funnel, words),)))
    if report.trend is not None:
        pages.append(Page("trend", (_cohorts(report.trend, words), _ages(report.trend, words))))
    if report.comparison is not None:
        pages.append(Page("comparison", _comparison(report.comparison, words)))
    if report.channels is not None:
        pages.append(Page("channels", (_channels(report.channels, words),)))
    return pages


def _steps(funnel: Funnel, words: Words) -> Table:
    say = words.say
    steps = funnel.steps
    fields = [
        Field(say("funnel.column.step"), [step_name(step.key, funnel, words) for step in steps], width=24),
        Field(say("funnel.column.n"), [step.n for step in steps], "number", 10),
        Field(say("funnel.column.from_first"), [step.from_first for step in steps], "exact percent", 11),
        Field(say("funnel.column.from_previous"), [step.from_previous for step in steps], "exact percent", 11),
        *_bounds([step.ci_previous for step in steps], words),
    ]
    if any(step.high is not None for step in steps):
        fields += [
            Field(say("funnel.column.n_low"), [step.low for step in steps], "number", 11),
            Field(say("funnel.column.n_high"), [step.high for step in steps], "number", 11),
        ]
    if any(step.entered is not None for step in steps):
        fields.append(Field(say("funnel.column.entered"), [step.entered for step in steps], "number", 11))
    if any(step.took is not None for step in steps):
        for key in ("median", "p75", "p90"):
            values = [round(getattr(step.took, key), 2) if step.took else None for step in steps]
            fields.append(Field(say(f"funnel.column.{key}"), values, "decimal", 9))
    return Table(loss_fact(funnel, words).sentence or say("heading.funnel"), tuple(fields))


def _meaning(funnel: Funnel, words: Words) -> Table:
    """What the numbers mean, and what is not known."""
    said = [semantics(funnel, words), *(finding_text(note, words) for note in funnel.notes)]
    return Table(words.say("funnel.meaning"), (Field("", said),))


def _steps_chart(funnel: Funnel, words: Words) -> ChartOf:
    return ChartOf(0, 0, 1, loss_fact(funnel, words), [step.key for step in funnel.steps])


def _groups(funnel: Funnel, words: Words) -> Table:
    say, groups = words.say, funnel.segments
    fields = (
        Field(
            dimension_label(funnel.by, words), [segment_label(one.value, funnel.by, words) for one in groups], width=26
        ),
        Field(say("funnel.column.first"), [one.steps[0].n for one in groups], "number", 10),
        Field(say("funnel.column.last"), [one.steps[-1].n for one in groups], "number", 10),
        Field(say("funnel.column.rate"), [one.final_rate for one in groups], "exact percent", 11),
        *_bounds([one.ci for one in groups], words),
        Field("p", [_short(one.p) for one in groups], "chance", 10),
        Field("q", [_short(one.q) for one in groups], "chance", 10),
        Field(say("funnel.column.rank"), [one.rank for one in groups], "centre", 8),
        Field("", ["" if one.enough else say("phrase.too-few") for one in groups], "quiet", 14),
    )
    return Table(groups_fact(funnel, words).sentence or say("funnel.chart.groups"), fields)


def _groups_chart(funnel: Funnel, words: Words) -> dict[str, ChartOf]:
    fact = groups_fact(funnel, words)
    keys = [one.value for one in funnel.segments if one.value != UNKNOWN]
    return {"groups": ChartOf(0, 0, 3, Fact(fact.sentence, fact.about, fact.n), keys, number_format="0.0%")}


def _group_steps(funnel: Funnel, words: Words) -> Table:
    """Of each group and step: n, the rate from the step before, q."""
    fields = [
        Field(
            dimension_label(funnel.by, words), [segment_label(one.value, funnel.by, words) for one in funnel.segments]
        )
    ]
    for place, step in enumerate(funnel.steps):
        name = step_name(step.key, funnel, words)
        fields.append(Field(f"{name} n", [one.steps[place].n for one in funnel.segments], "number", 11))
        if place:
            rates = [one.steps[place].from_previous for one in funnel.segments]
            q = [_short(one.tests[place - 1].q) if place <= len(one.tests) else None for one in funnel.segments]
            fields += [Field(f"{name} %", rates, "exact percent", 11), Field(f"{name} q", q, "chance", 10)]
    return Table(words.say("funnel.page", by=dimension_label(funnel.by, words)), tuple(fields))


def _ageing(funnel: Funnel, words: Words) -> Table:
    say = words.say
    fields = (
        Field(say("funnel.column.step"), [step_name(one.step, funnel, words) for one in funnel.ageing], width=24),
        Field(say("funnel.column.open"), [one.n for one in funnel.ageing], "number", 10),
        Field(say("funnel.column.median"), [round(one.median, 1) for one in funnel.ageing], "decimal", 10),
        Field(
            say("funnel.column.limit"),
            [None if one.limit is None else round(one.limit, 1) for one in funnel.ageing],
            "decimal",
            length(say("funnel.column.limit")) + 3,
        ),
        Field(say("funnel.column.stuck"), [len(one.stuck) for one in funnel.ageing], "number", 10),
    )
    return Table(say("funnel.ageing", day=funnel.as_of), fields)


def _stuck(funnel: Funnel, words: Words) -> Table:
    """Everybody who has sat too long, the longest first, by row so that they are found."""
    people = [(one, called, row, days) for one in funnel.ageing for called, row, days in one.stuck]
    people.sort(key=lambda person: (-person[3], person[2]))
    fields = (
        Field(words.say("column.row"), [row if row >= 0 else None for _, _, row, _ in people], "centre"),
        Field(words.say("column.customer"), [mask(called, funnel.called) for _, called, _, _ in people], width=34),
        Field(words.say("funnel.column.step"), [step_name(one.step, funnel, words) for one, *_ in people], width=24),
        Field(words.say("funnel.column.days"), [round(days, 1) for *_, days in people], "decimal"),
    )
    least = words.vocabulary.section("funnels")["settings"]["least_moved"]
    note = "ageing_note_won" if funnel.semantics == "reached-at-least" else "ageing_note"
    return Table(words.say(f"funnel.{note}", least=least), fields)


def _cohorts(trend: Trend, words: Words) -> Table:
    say, cohorts = words.say, trend.cohorts
    over = words.pick(words.vocabulary.section("messages")["funnel"]["by_word"][trend.over])
    fields = (
        Field(over, [one.period for one in cohorts], width=12),
        Field(say("trend.column.n"), [one.n for one in cohorts], "number", 9),
        Field(say("trend.column.won"), [one.won for one in cohorts], "number", 10),
        Field(say("trend.column.rate"), [one.rate for one in cohorts], "exact percent", 10),
        *_bounds([one.ci for one in cohorts], words),
        Field(say("trend.column.estimate"), [one.estimate for one in cohorts], "exact percent", 10),
        Field(say("trend.column.rank"), [one.rank for one in cohorts], "centre", 8),
        Field(
            "", [say("trend.young") if one.young else "!" if one.odd or one.odd_n else "" for one in cohorts], "quiet"
        ),
    )
    return Table(cohorts_fact(trend, words).sentence or say("trend.title", over=over), fields)


def _heat(sheet: Worksheet, above: Table, ages: Table) -> None:
    """Colour the shares by age, the darker the more, as the chart does."""
    from openpyxl.formatting.rule import ColorScaleRule

    if len(ages.fields) < AGES_FROM:
        return
    first = 1 + len(above) + BETWEEN_TABLES + 2
    area = f"B{first}:{get_column_letter(len(ages.fields))}{first + len(ages) - 1}"
    scale = ColorScaleRule(start_type="num", start_value=0, start_color=WASH, end_type="max", end_color=BAR)
    sheet.conditional_formatting.add(area, scale)


def _ages(trend: Trend, words: Words) -> Table:
    over = words.pick(words.vocabulary.section("messages")["funnel"]["by_word"][trend.over])
    known = [place for one in trend.cohorts for place, value in enumerate(one.by_age) if value is not None]
    most = max(known, default=-1) + 1
    fields = [Field(over, [one.period for one in trend.cohorts])]
    for age in range(most):
        values = [one.by_age[age] if age < len(one.by_age) else None for one in trend.cohorts]
        fields.append(Field(f"≤ {age + 1}", values, "percent", 9))
    return Table(words.say("funnel.ages", over=over), tuple(fields))


def _comparison(found: Comparison, words: Words) -> tuple[Table, ...]:
    say = words.say
    changes = [*found.changes, found.final]
    names = [*(step_name(one.step, found.after, words) for one in found.changes), say("compare.whole")]
    fields = (
        Field(say("funnel.column.step"), names, width=24),
        Field(f"{say('compare.column.before')} n", [one.n_before for one in changes], "number", 11),
        Field(say("compare.column.before"), [one.before for one in changes], "exact percent", 11),
        Field(f"{say('compare.column.after')} n", [one.n_after for one in changes], "number", 11),
        Field(say("compare.column.after"), [one.after for one in changes], "exact percent", 11),
        Field(say("compare.column.points"), [_points(one.difference) for one in changes], "points", 11),
        Field(say("funnel.column.low"), [_points(one.ci[0]) if one.ci else None for one in changes], "points", 10),
        Field(say("funnel.column.high"), [_points(one.ci[1]) if one.ci else None for one in changes], "points", 10),
        Field("p", [_short(one.p) for one in changes], "chance", 10),
        Field("q", [_short(one.q) for one in changes], "chance", 10),
    )
    before, after = found.names
    tables = [Table(say("compare.title", before=before, after=after), fields)]
    mix = found.mix
    if mix is not None:
        parts = mix.parts
        tables.append(
            Table(
                say("compare.mix_title", by=dimension_label(mix.by, words)),
                (
                    Field(dimension_label(mix.by, words), [segment_label(part.value, mix.by, words) for part in parts]),
                    Field(f"{say('compare.column.before')} n", [part.n_before for part in parts], "number", 11),
                    Field(say("compare.column.before"), [part.rate_before for part in parts], "exact percent", 11),
                    Field(f"{say('compare.column.after')} n", [part.n_after for part in parts], "number", 11),
                    Field(say("compare.column.after"), [part.rate_after for part in parts], "exact percent", 11),
                    Field(say("compare.column.mix"), [_points(part.mix) for part in parts], "points", 11),
                    Field(say("compare.column.rate"), [_points(part.rate) for part in parts], "points", 11),
                ),
            )
        )
    return tuple(tables)


def _channels(found: Channels, words: Words) -> Table:
    say, rows = words.say, found.rows
    fields = [
        Field(dimension_label(found.by, words), [segment_label(row.value, found.by, words) for row in rows], width=24),
        *(
            Field(say(f"channels.column.{key}"), [getattr(row, key) for row in rows], "number", 10)
            for key in ("n", "won", "lost", "open")
        ),
        Field(say("channels.column.rate"), [row.rate for row in rows], "exact percent", 10),
        *_bounds([row.ci for row in rows], words),
        Field("q", [_short(row.q) for row in rows], "chance", 10),
        Field(say("channels.column.closed_rate"), [row.closed_rate for row in rows], "exact percent", 12),
        Field(say("channels.column.worth"), [row.worth for row in rows], "number", 12),
    ]
    if any(row.cost is not None for row in rows):
        for key in ("cost", "per_lead", "per_win"):
            values = [None if getattr(row, key) is None else round(getattr(row, key), 2) for row in rows]
            fields.append(Field(say(f"channels.column.{key}"), values, "number", 11))
        returned = [None if row.returned is None else round(row.returned, 2) for row in rows]
        fields.append(Field(say("channels.column.returned"), returned, "decimal", 10))
    return Table(say("channels.title", by=dimension_label(found.by, words)), tuple(fields))


def _bounds(intervals: Sequence[tuple[float, float] | None], words: Words) -> list[Field]:
    low = [one[0] if one else None for one in intervals]
    high = [one[1] if one else None for one in intervals]
    return [
        Field(words.say("funnel.column.low"), low, "exact percent", 10),
        Field(words.say("funnel.column.high"), high, "exact percent", 10),
    ]


def _points(value: float | None) -> float | None:
    return None if value is None else round(100 * value, 2)


def _short(p: float | None) -> float | None:
    """A p or q to four digits after the point."""
    return None if p is None else round(p, 4)
