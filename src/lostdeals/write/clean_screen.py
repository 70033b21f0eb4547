"""The screen of ``clean``: what was done, how good the data are, what would help most, the files and the next command."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from lostdeals.write.mask import finding_text
from lostdeals.write.quality import (
    GROUPED_BY,
    changed_cells,
    concerns_all,
    fix_text,
    grade_label,
    group_names,
    groups_of,
    part_label,
    percent,
    says_nothing,
)
from lostdeals.write.screen import Column, fitted, labelled, quoted
from lostdeals.write.where import read_line

if TYPE_CHECKING:
    from lostdeals.model import CleanReport, Finding, UndoReport
    from lostdeals.vocab import Words

COLUMNS, GROUPS, FINDINGS, PAIRS = 4, 3, 2, 2
"""Lines of each kind without ``--verbose``."""
NO_BREAK = "\u00a0"
"""A blank at which no line ends."""


def clean_screen(
    report: CleanReport,
    words: Words,
    outputs: Mapping[str, Path],
    notes: Sequence[Finding],
    *,
    verbose: bool = False,
) -> RenderableType:
    """The whole report of ``clean`` for a Console.

    outputs: kind (``sheet``, ``log``, ``pairs``, ``problems``) and path of what was written.
    """
    parts: list[RenderableType] = [_head(report, words, notes, verbose=verbose)]
    parts += _columns(report, words, None if verbose else COLUMNS)
    for by in GROUPED_BY if verbose else GROUPED_BY[:1]:
        parts += _groups(report, words, by, None if verbose else GROUPS)
    parts += _fixes(report, words)
    parts += [Text(), _files(report, words, outputs)]
    return Group(*parts)


def undo_screen(report: UndoReport, words: Words, outputs: Sequence[Path], notes: Sequence[Finding]) -> RenderableType:
    """What ``clean --undo`` did."""
    key = "clean.restored" if report.rule is None else "clean.restored_rule"
    rule = words.say(f"rule.{report.rule}") if report.rule else ""
    told = [words.say(key, file=report.source.name, n=report.restored, rule=rule)]
    counts = {
        "already": (report.already, ""),
        "changed_since": (report.changed, report.first_changed),
        "later": (report.later, report.first_later),
        "missing": (report.missing, ""),
    }
    told += [words.say(f"clean.{name}", n=n, first=first) for name, (n, first) in counts.items() if n]
    told += [finding_text(note, words) for note in notes]
    written = [(words.say("terminal.label.written"), str(path)) for path in outputs]
    lines = [(words.say("clean.label.undo") if place == 0 else "", text) for place, text in enumerate(told)]
    return labelled([*lines, *written])


def _head(report: CleanReport, words: Words, notes: Sequence[Finding], *, verbose: bool) -> Table:
    """What was read, changed, noticed, and the grade: one labelled paragraph each."""
    read = read_line(report, words)
    findings = [finding_text(finding, words) for finding in (*report.findings, *notes)]
    shown = findings if verbose else findings[:FINDINGS]
    if len(findings) > len(shown):
        shown = [*shown, words.say("terminal.more_findings", n=len(findings) - len(shown))]
    quality, dot = report.quality, words.say("terminal.dot")
    grade = words.say("clean.grade", grade=quality.grade, score=quality.score, label=grade_label(quality, words))
    parts = dot.join(
        words.say("clean.part", part=part_label(words, part), n=n, of=of, share=percent(n, of))
        for part, (n, of) in quality.parts.items()
    )
    paragraphs = {
        "terminal.label.read": [read],
        "terminal.label.clean": _done(report, words),
        "terminal.label.note": shown,
        "clean.label.quality": [grade + words.say("terminal.colon") + parts],
    }
    lines = [
        (words.say(key) if place == 0 else "", text, key == "terminal.label.note")
        for key, texts in paragraphs.items()
        for place, text in enumerate(texts)
    ]
    return labelled([(label, text) for label, text, _ in lines], [faint for *_, faint in lines])


def _done(report: CleanReport, words: Words) -> list[str]:
    """Changes by rule, duplicates."""
    dot = words.say("terminal.dot")
    cells, typed = changed_cells(report)
    seen = report.log[report.log["before"].ne(report.log["after"])]
    counts = seen["rule"].value_counts()
    rules = dot.join(f"{words.say(f'rule-short.{rule}')}{NO_BREAK}{n:,}" for rule, n in counts.items())
    said = [words.say("clean.changed", cells=cells, rules=rules) if cells else words.say("clean.unchanged")]
    if typed:
        said.append(words.say("clean.typed", n=typed))
    found = report.quality.counts
    if found.copies:
        told = words.say("clean.duplicates", groups=found.groups_of_copies, rows=found.copies)
        clashes = words.say("clean.clashes", n=found.clashes) if found.clashes else ""
        said.append(dot.join(text for text in (told, clashes) if text))
    if len(report.pairs):
        comma = words.say("terminal.comma")
        top = report.pairs.sort_values("score", ascending=False, kind="stable").head(PAIRS)
        said.append(
            words.say("clean.pairs" if found.copies else "clean.maybe_pairs")
            + comma.join(
                words.say("clean.pair", a=a, b=b, why=why)
                for a, b, why in zip(top["row_a"], top["row_b"], top["why"], strict=True)
            )
        )
    return said


def _columns(report: CleanReport, words: Words, most: int | None) -> list[RenderableType]:
    """The columns with most blank, empty-worded and wrong cells."""
    table = report.quality.counts.columns
    table = table[concerns_all(table, words)]
    table = table.assign(wrong=table["checked"] - table["read"], nothing=says_nothing(table))
    gaps = table["n"] - table["filled"] + table["wrong"]
    order = (
        table.assign(gaps=gaps)[gaps > 0].sort_values("gaps", ascending=False, kind="stable").head(most or len(table))
    )
    if order.empty:
        return []
    lines = [
        [
            " ".join(report.layout.header(column).split()),
            percent(filled, n),
            f"{filled:,}",
            f"{blank:,}",
            f"{nothing:,}",
            f"{wrong:,}" if checked else "",
        ]
        for column, n, filled, blank, nothing, checked, wrong in order[
            ["column", "n", "filled", "blank", "nothing", "checked", "wrong"]
        ].itertuples(index=False)
    ]
    heads = [("header", 22, False), *((key, 12, True) for key in ("share", "filled", "blank", "unknown", "wrong"))]
    title = words.say("clean.columns", n=len(report.leads))
    return _titled(title, heads, lines, words)


def _groups(report: CleanReport, words: Words, by: str, most: int | None) -> list[RenderableType]:
    """The largest owners or sources."""
    table = groups_of(report, by)
    if len(table) < 2:
        return []
    smallest = report.quality.smallest_group
    shown = table.head(most or len(table))
    few = [n < smallest for n in shown["n"]]
    numbers: list[dict[str, int]] = shown.drop(columns=["by", "value"]).astype("int64").to_dict("records")  # type: ignore[assignment]
    lines = [
        [
            f"{name}{'*' * small}",
            f"{n['n']:,}",
            percent(n["met"], n["asked"]),
            percent(n["read"], n["checked"]),
            f"{n['copies']:,}",
            f"{n['stale']:,} / {n['dated']:,}",
        ]
        for name, small, n in zip(group_names(shown, words), few, numbers, strict=True)
    ]
    heads = [("value", 22, False), *((key, 12, True) for key in ("n", "complete", "valid", "copies", "stale"))]
    title = words.say("clean.groups", by=" ".join(report.layout.header(by).split()))
    if len(table) > len(shown):
        title += words.say("clean.largest", n=len(shown), of=len(table))
    if any(few):
        title += words.say("clean.few", few=smallest)
    return _titled(title, heads, lines, words)


def _titled(
    title: str, heads: Sequence[tuple[str, int, bool]], lines: Sequence[Sequence[str]], words: Words
) -> list[RenderableType]:
    columns = [Column(words.say(f"clean.column.{key}"), most, number) for key, most, number in heads]
    return [Text(), Text.assemble("  ", (title, "bold")), Padding(fitted(columns, lines), (0, 0, 0, 2))]


def _fixes(report: CleanReport, words: Words) -> list[RenderableType]:
    fixes = report.quality.fixes
    if not fixes:
        return []
    grid = labelled([(f"  +{fix.gain:.1f}", fix_text(report, words, fix)) for fix in fixes])
    return [Text(), Text.assemble("  ", (words.say("clean.fixes"), "bold")), grid]


def _files(report: CleanReport, words: Words, outputs: Mapping[str, Path]) -> Table:
    """What was written, and the next useful command."""
    customers = int(report.leads["duplicate_of"].isna().sum())
    numbers = {
        "log": len(report.log),
        "pairs": len(report.pairs),
        "merged": customers,
        "problems": len(report.problems),
    }
    said = []
    for kind, path in outputs.items():
        if kind == "sheet":
            key = "clean.workbook_only" if path.suffix.lower() == ".xlsx" else "clean.csv_only"
            said += [str(path), words.say(key)]
        else:
            said.append(words.say(f"clean.{kind}_file", file=path, n=numbers[kind]))
    lines = [(words.say("terminal.label.written") if place == 0 else "", text) for place, text in enumerate(said)]
    sheet = quoted(str(outputs["sheet"]))
    if "log" in outputs:
        command = f"lostdeals clean {sheet} --undo {quoted(str(outputs['log']))}   {words.say('clean.next_undo')}"
    else:
        command = f"lostdeals score {sheet}   {words.say('clean.next_score')}"
    return labelled([*lines, (words.say("terminal.label.next"), command)])
