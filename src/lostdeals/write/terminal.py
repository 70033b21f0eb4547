"""The report of ``score`` on the screen: the finding first, the table second, files and the next command last."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from lostdeals.vocab.words import UNKNOWN
from lostdeals.write.columns import masked_names
from lostdeals.write.facts import scoring_lines
from lostdeals.write.mask import finding_text
from lostdeals.write.screen import BAR, Column, fitted, labelled, quoted
from lostdeals.write.where import read_line

if TYPE_CHECKING:
    from lostdeals.model import Finding, Report
    from lostdeals.vocab import Words

ROWS = 8
"""Customers listed in the queue."""
REASONS = 5
FINDINGS = 4
"""Findings shown without ``--verbose``."""
FEW = 30
"""Up to so many customers a share is no percentage without its n."""
HOW = {"annotated": "annotated", "annotated-apart": "annotated_apart", "new-workbook": "new_workbook"}
"""Findings of how a workbook came about; they are said beside its name."""
FOREMOST = (
    "outcome-none-told-won",
    "outcome-value-missing",
    "outcome-unread",
    "outcome-noted",
    "outcome-coloured",
    "colours-unread",
    "outcome-dated",
    "outcome-counted",
    "do-not-contact",
    "columns-apart",
    "taken-for-asked",
)
"""Findings that change every figure, who is left out, and where to look for the new columns; they come first."""
QUEUE = (
    ("row", 7, True),
    ("customer", 16, False),
    ("score", 5, True),
    ("grade", 5, False),
    ("stage", 14, False),
    ("reason", 16, False),
    ("next", 0, False),
)
"""Columns of the queue: greatest width (0: what is left), and whether they are numbers."""


def score_screen(
    report: Report,
    words: Words,
    outputs: Sequence[Path],
    charts: Sequence[Path],
    notes: Sequence[Finding],
    *,
    verbose: bool = False,
) -> RenderableType:
    """The whole report of ``score`` for a Console."""
    how = next((note for note in notes if note.code in HOW), None)
    said = [note for note in notes if note is not how]
    parts: list[RenderableType] = [_head(report, words, said, verbose=verbose)]
    queue, title = _queue(report, words)
    if queue is not None:
        parts += [Text(), Text.assemble("  ", (title, "bold")), queue]
    reasons = _reasons(report, words)
    if reasons:
        parts += reasons
    parts += [Text(), _files(report, words, outputs, charts, how)]
    return Group(*parts)


def _head(report: Report, words: Words, notes: Sequence[Finding], *, verbose: bool) -> Table:
    """What was read, cleaned and found, one labelled paragraph each."""
    told = sorted((*report.findings, *notes), key=lambda finding: [*FOREMOST, finding.code].index(finding.code))
    findings = [finding_text(finding, words) for finding in told]
    shown = findings if verbose else findings[:FINDINGS]
    if len(findings) > len(shown):
        shown = [*shown, words.say("terminal.more_findings", n=len(findings) - len(shown))]
    paragraphs = {
        "read": [read_line(report, words)],
        "clean": [_cleaning(report, words)],
        "outcome": [_outcome(report, words)],
        "score": scoring_lines(report, words),
        "note": shown,
    }
    lines = [
        (words.say(f"terminal.label.{key}") if place == 0 else "", text)
        for key, texts in paragraphs.items()
        for place, text in enumerate(texts)
    ]
    return labelled(lines, [False] * (len(lines) - len(shown)) + [True] * len(shown))


def _cleaning(report: Report, words: Words) -> str:
    copies = report.leads["duplicate_of"].dropna()
    n = report.changes[["lead", "column"]].drop_duplicates().shape[0]
    said = words.say("terminal.changes", n=n) if n else words.say("terminal.unchanged")
    if len(copies):
        said += words.say("terminal.duplicates", groups=copies.nunique(), rows=len(copies))
    return said


def _outcome(report: Report, words: Words) -> str:
    counts = report.leads["outcome_class"].value_counts()
    joint = words.say("terminal.dot")
    named = joint.join(
        f"{words.label('outcome', key)} {counts[key]:,}" for key in ("won", "lost", "open", "invalid") if key in counts
    )
    if report.outcome.header is None:
        told = "no_outcome_but_reasons" if "lost" in counts else "no_outcome_column"
        return words.say(f"terminal.{told}", counts=named)
    noted = report.outcome.noted and report.outcome.key in report.leads
    told = "outcome_by_notes" if noted else "outcome"
    return words.say(f"terminal.{told}", column=report.outcome.header, counts=named)


def _queue(report: Report, words: Words) -> tuple[RenderableType | None, str]:
    """The best customers to call: open ones, or lost ones where nobody is open."""
    leads = report.leads.loc[report.plan["lead"]]
    wanted = "open" if (leads["outcome_class"] == "open").any() else "lost"
    leads = leads[leads["outcome_class"] == wanted]
    if leads.empty:
        return None, ""
    top = leads.head(ROWS)
    asked_for = report.evaluation.why == "asked-for"
    lines = list(
        zip(
            top["src_row"].map(str),
            masked_names(top),
            ["" if score != score else f"{score:.0f}" for score in top["score"]],
            top["grade"].fillna("") if asked_for else [""] * len(top),
            top["stage_class"].map(lambda key: words.label("stage", key)),
            top["main_reason"].map(lambda key: words.label("loss_reason", key)),
            top["next_action"].fillna(""),
            strict=True,
        )
    )
    filled = [place for place in range(len(QUEUE)) if any(line[place] for line in lines)]
    said = {key: sum(bool(line[place]) for line in lines) for place, (key, *_) in enumerate(QUEUE)}
    spare = min("stage", "reason", key=said.__getitem__)  # where there is no room for both, the one that says less
    columns = [
        Column(words.say(f"terminal.column.{key}"), most, number, phrases=key in ("reason", "next"), spare=key == spare)
        for key, most, number in map(QUEUE.__getitem__, filled)
    ]
    table = fitted(columns, [[line[place] for place in filled] for line in lines], gap=2, indent=2)
    title = words.say(f"terminal.queue.{wanted}", n=len(leads), shown=len(top))
    return Padding(table, (0, 0, 0, 2)), title


def _reasons(report: Report, words: Words) -> list[RenderableType]:
    reasons = report.analysis.reasons
    known = reasons[reasons["reason"] != UNKNOWN].head(REASONS)
    total = int(reasons["n"].sum())
    if known.empty:
        return []
    read = int(reasons["read_from_text"].sum())
    widest = int(known["n"].max())
    grid = Table.grid(padding=(0, 1))
    for reason, n in zip(known["reason"], known["n"], strict=True):
        share = "" if total <= FEW else f" {n / total:.0%}"
        grid.add_row(
            Text(f"  {words.label('loss_reason', reason)}"),
            Text(BAR * max(1, round(20 * n / widest)), style="cyan"),
            Text(f"{n:,}{share}"),
        )
    title = words.say("terminal.reasons", n=total)
    parts: list[RenderableType] = [Text(), Text.assemble("  ", (title, "bold")), Padding(grid, (0, 0, 0, 2))]
    said = []
    if read:
        said.append(words.say("terminal.reasons_read", n=read))
    unknown = total - int(reasons.loc[reasons["reason"] != UNKNOWN, "n"].sum())
    if unknown:
        said.append(words.say("terminal.reasons_unknown", n=unknown))
    if said:
        parts.append(Padding(Text(words.say("terminal.dot").join(said), style="dim"), (0, 0, 0, 4)))
    return parts


def _files(report: Report, words: Words, outputs: Sequence[Path], charts: Sequence[Path], how: Finding | None) -> Table:
    """What was written, and the next useful command."""
    written = [str(path) for path in outputs]
    if charts:
        written.append(words.say("terminal.charts", folder=f"{charts[0].parent}/", n=len(charts)))
    if how is not None:
        written.append(words.say(f"terminal.{HOW[how.code]}", **how.values))
    by = report.layout.header("source") if "source" in report.leads else ""
    command, what = f"lostdeals funnel --by {quoted(by)}" if by else "lostdeals funnel", "next_funnel"
    if report.leads["stage_class"].isna().all() and not report.leads["outcome_class"].isin(["won", "lost"]).any():
        command, what = (
            f"lostdeals classify {quoted(str(report.source))}",
            "next_classify",
        )  # a funnel would have one step
    lines = [(words.say("terminal.label.written") if place == 0 else "", text) for place, text in enumerate(written)]
    return labelled([*lines, (words.say("terminal.label.next"), f"{command}   {words.say(f'terminal.{what}')}")])
