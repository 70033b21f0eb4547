"""The screen of ``classify``: what is known of the customers, what stands out, what nobody could place, the files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Group, RenderableType
from rich.text import Text

from lostdeals.write.classify_words import as_table, category_of, name_of, standouts
from lostdeals.write.mask import finding_text
from lostdeals.write.screen import Column, fitted, labelled, quoted

if TYPE_CHECKING:
    from lostdeals.model import ClassifyReport, Crosstab, Finding
    from lostdeals.vocab import Words
    from lostdeals.write.fields import Field

STANDOUTS, UNMATCHED = 6, 4
"""Lines of each kind without ``--verbose``."""
ALWAYS = ("outcome-none-told-won", "outcome-value-missing")
"""Findings said without ``--verbose``: every figure hangs on what the user named."""
FITTING = 5
"""Columns of a cross-tab that fit the screen beside what differs."""
FIRST, NUMBER = 20, 10
"""Widths of a table's first column and of its numbers, in cells."""


def classify_screen(
    report: ClassifyReport,
    words: Words,
    outputs: Sequence[Path],
    notes: Sequence[Finding],
    *,
    by: bool = False,
    verbose: bool = False,
) -> RenderableType:
    """The whole report of ``classify`` for a Console.

    by: dimensions were asked for, so their tables are shown in full.
    """
    place = f"{report.source.name} › {report.sheet.name}"
    head = [
        (
            words.say("classify.label.read"),
            words.say("classify.read", place=place, n=len(report.leads), known=len(report.coverage)),
        )
    ]
    parts: list[RenderableType] = [labelled(head)]
    if by:
        for one in report.tables:
            parts += [Text(), Text(as_table(report, words, one).heading, style="bold"), _table(report, words, one)]
    else:
        parts += [Text(), _coverage(report, words)]
    parts += [
        Text(),
        labelled(_notes(report, words, notes, verbose=verbose)),
        Text(),
        labelled(_files(report, words, outputs, by=by)),
    ]
    return Group(*parts)


def _coverage(report: ClassifyReport, words: Words) -> RenderableType:
    found = report.coverage
    columns = [
        Column(words.say("classify.column.dimension"), 18),
        Column(words.say("classify.column.known"), 12, number=True),
        Column(words.say("classify.column.commonest")),
    ]
    lines = [
        (
            name_of(report, words, row["dimension"]),
            f"{row['n']:,} · {row['share']:.0%}",
            f"{category_of(words, row['dimension'], row['commonest'])} {row['commonest_n']:,}",
        )
        for row in found.to_dict("records")
    ]
    return fitted(columns, lines)


def _table(report: ClassifyReport, words: Words, one: Crosstab) -> RenderableType:
    """As many columns as fit; of cross-tabs the shares of the commonest columns, their counts are in the workbook."""
    fields = list(as_table(report, words, one).fields)
    if one.kind == "cells":
        fields = [*fields[: min(2 + one.table["column"].nunique(), FITTING)], fields[-1]]
    elif one.kind == "rates":
        fields = [fields[0], *fields[1:6], fields[-1]]
    last = len(fields) - 1
    columns = [
        Column(
            field.header,
            FIRST if place == 0 else 0 if place == last and field.look == "plain" else NUMBER,
            number=field.look in ("number", "percent"),
        )
        for place, field in enumerate(fields)
    ]
    return fitted(columns, list(zip(*(_shown(field) for field in fields), strict=True)))


def _shown(field: Field) -> list[str]:
    def text(value: Any) -> str:
        if value is None or value != value:
            return ""
        if field.look == "percent":
            return f"{value:.0%}"
        return f"{value:,.0f}" if field.look == "number" else str(value)

    return [text(value) for value in field.values]


def _notes(report: ClassifyReport, words: Words, notes: Sequence[Finding], *, verbose: bool) -> list[tuple[str, str]]:
    told = [sentence for _, sentence in standouts(report, words)]
    shown = told if verbose else told[:STANDOUTS]
    lines = [
        ("" if place else words.say("classify.label.stands_out"), sentence) for place, sentence in enumerate(shown)
    ]
    if not told:
        lines.append((words.say("classify.label.stands_out"), words.say("classify.nothing_stands_out")))
    elif len(told) > len(shown):
        lines.append(("", words.say("classify.more", n=len(told) - len(shown))))
    if len(report.unmatched):
        lines.append((words.say("classify.label.unmatched"), _unmatched(report, words, verbose=verbose)))
    for place, row in enumerate(report.proposals.to_dict("records")):
        text = words.say("classify.proposal", terms=row["terms"], n=row["n"])
        lines.append(("" if place else words.say("classify.label.proposals"), text))
    wanted = [one for one in (*report.findings, *notes) if verbose or one.code in ALWAYS]
    return lines + [("", finding_text(one, words)) for one in wanted]


def _unmatched(report: ClassifyReport, words: Words, *, verbose: bool) -> str:
    found = report.unmatched if verbose else report.unmatched.head(UNMATCHED)
    parts = [
        words.say(
            "classify.unmatched_value",
            header=report.layout.header(row["column"]),
            value=str(row["value"])[:24],
            n=row["n"],
        )
        for row in found.to_dict("records")
    ]
    rest = report.unmatched.iloc[len(found) :]
    if len(rest):
        parts.append(words.say("classify.more_values", n=len(rest)))
    return words.say("phrase.comma").join(parts)


def _files(report: ClassifyReport, words: Words, outputs: Sequence[Path], *, by: bool) -> list[tuple[str, str]]:
    lines = []
    if outputs:
        lines.append(
            (words.say("classify.label.written"), words.say("phrase.comma").join(str(path.name) for path in outputs))
        )
    told = next((one.rows for one in report.tables if one.kind in ("rates", "cells")), None)
    if not by and told is not None:
        command = f"lostdeals classify {quoted(report.source.name)} --by {quoted(name_of(report, words, told))}"
        lines.append((words.say("classify.label.next"), command))
    else:
        lines.append((words.say("classify.label.next"), f"lostdeals standards  {words.say('classify.see_standards')}"))
    return lines
