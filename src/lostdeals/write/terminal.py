"""The report on the screen: the finding first, the table second, files and the next command last; 80 columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from lostdeals.model import Finding, Funnel, Report, Step
from lostdeals.vocab import Words
from lostdeals.vocab.words import UNKNOWN
from lostdeals.write.mask import mask

ROWS = 8
FUNNEL_BAR = 16
"""Customers listed in the queue."""
REASONS = 5
FINDINGS = 4
"""Findings shown without ``--verbose``."""
FEW = 30
"""Up to so many customers a share is no percentage without its n."""
BAR = "█"
QUEUE = (("row", 7, True), ("customer", 14), ("score", 5, True), ("stage", 14), ("reason", 16), ("next", 0))
"""Columns of the queue: greatest width (0: what is left), and whether they are numbers."""


@dataclass(frozen=True)
class Column:
    """One column of a table that must fit the screen."""

    header: str
    most: int = 0
    """Greatest width in cells; 0 takes what the others leave."""
    number: bool = False
    """Numbers stand at the right."""


def fitted(columns: Sequence[Column], lines: Sequence[Sequence[str]], faint: Sequence[bool] = ()) -> Table:
    """A table as wide as the screen allows: each column as wide as its texts up to its limit, the rest cut with an ellipsis.

    faint: lines to be shown faintly.
    """
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1), show_edge=False, expand=any(not c.most for c in columns))
    for place, column in enumerate(columns):
        width = max(cell_len(text) for text in (column.header, *(line[place] for line in lines)))
        table.add_column(
            column.header,
            justify="right" if column.number else "left",
            no_wrap=True,
            overflow="ellipsis",
            width=min(width, column.most) if column.most else None,
            ratio=None if column.most else 1,
        )
    for place, line in enumerate(lines):
        table.add_row(*line, style="dim" if faint and faint[place] else None)
    return table


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
    parts: list[RenderableType] = [_head(report, words, notes, verbose=verbose)]
    queue, title = _queue(report, words)
    if queue is not None:
        parts += [Text(), Text.assemble("  ", (title, "bold")), queue]
    reasons = _reasons(report, words)
    if reasons:
        parts += reasons
    parts += [Text(), _files(report, words, outputs, charts)]
    return Group(*parts)


def _head(report: Report, words: Words, notes: Sequence[Finding], *, verbose: bool) -> Table:
    grid = Table.grid(padding=(0, 2), pad_edge=False)
    grid.add_column(style="bold", no_wrap=True)
    grid.add_column(overflow="fold")
    columns = report.layout.columns
    known = sum(column.role not in ("extra", "ignore") for column in columns)
    used = sum(column.role != "ignore" for column in columns)
    header = report.layout.header_rows[-1] if report.layout.header_rows else 0
    key = "terminal.read" if header else "terminal.read_no_header"
    said = words.say(
        key, file=report.source.name, sheet=report.sheet.name, row=header, n=len(report.leads), known=known, columns=used
    )
    grid.add_row(words.say("terminal.label.read"), said)
    grid.add_row(words.say("terminal.label.clean"), _cleaning(report, words))
    grid.add_row(words.say("terminal.label.outcome"), _outcome(report, words))
    for line, text in enumerate(scoring_lines(report, words)):
        grid.add_row(words.say("terminal.label.score") if line == 0 else "", text)
    findings = [*report.findings, *notes]
    shown = findings if verbose else findings[:FINDINGS]
    for line, finding in enumerate(shown):
        grid.add_row(words.say("terminal.label.note") if line == 0 else "", words.finding(finding), style="dim")
    if len(findings) > len(shown):
        grid.add_row("", words.say("terminal.more_findings", n=len(findings) - len(shown)), style="dim")
    return grid


def _cleaning(report: Report, words: Words) -> str:
    copies = report.leads["duplicate_of"].dropna()
    said = words.say("terminal.changes", n=report.changes[["lead", "column"]].drop_duplicates().shape[0])
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
        return words.say("terminal.no_outcome_column", counts=named)
    return words.say("terminal.outcome", column=report.outcome.header, counts=named)


def scoring_lines(report: Report, words: Words) -> list[str]:
    """How the score was made and what was left out, in a few sentences."""
    scoring = report.evaluation
    lines = [words.say(f"scoring.{scoring.why}", **scoring.values, card=report.card)]
    if scoring.auc is not None:
        how = words.say(f"validation.{scoring.validation.replace(' ', '-')}")
        said = words.say(
            "terminal.auc", auc=scoring.auc, low=scoring.auc_low, high=scoring.auc_high, how=how
        )
        if scoring.method == "learned":
            said += words.say("terminal.lift", lift=scoring.top_decile_lift)
        lines[0] += words.say("terminal.colon") + said
    if scoring.method == "scorecard" and scoring.why != "asked-for":
        lines.append(words.say("terminal.card", card=report.card))
    left = [leak.column for leak in scoring.leaky_columns]
    if left:
        shown = words.say("terminal.comma").join(left[:6]) + (" …" if len(left) > 6 else "")
        lines.append(words.say("terminal.left_out", n=len(left), columns=shown))
    return lines


def _queue(report: Report, words: Words) -> tuple[RenderableType | None, str]:
    """The best customers to call: open ones, or lost ones where nobody is open."""
    leads = report.leads.loc[report.plan["lead"]]
    wanted = "open" if (leads["outcome_class"] == "open").any() else "lost"
    leads = leads[leads["outcome_class"] == wanted]
    if leads.empty:
        return None, ""
    top = leads.head(ROWS)
    lines = [
        (
            str(lead["src_row"]),
            customer_name(lead, words.lang),
            "" if pd.isna(lead["score"]) else f"{lead['score']:.0f}",
            words.label("stage", lead["stage_class"]),
            words.label("loss_reason", lead["main_reason"]),
            lead["next_action"] or "",
        )
        for _, lead in top.iterrows()
    ]
    table = fitted([Column(words.say(f"terminal.column.{key}"), *rest) for key, *rest in QUEUE], lines)
    title = words.say(f"terminal.queue.{wanted}", n=len(leads), shown=len(top))
    return Padding(table, (0, 0, 0, 2)), title


def customer_name(lead: pd.Series, lang: str) -> str:
    """Who a row is about, masked: the person, else the firm, else what else names the row."""
    for role in ("name", "company", "deal", "wechat", "phone", "email", "id"):
        value = lead.get(role)
        if isinstance(value, str) and value:
            return str(mask(value, role))
    return ""


def _reasons(report: Report, words: Words) -> list[RenderableType]:
    reasons = report.analysis.reasons
    known = reasons[reasons["reason"] != UNKNOWN].head(REASONS)
    total = int(reasons["n"].sum())
    if known.empty:
        return []
    read = int(reasons["read_from_text"].sum())
    widest = int(known["n"].max())
    grid = Table.grid(padding=(0, 1))
    for row in known.itertuples():
        share = "" if total <= FEW else f" {row.n / total:.0%}"
        grid.add_row(
            Text(f"  {words.label('loss_reason', row.reason)}"),
            Text(BAR * max(1, round(20 * row.n / widest)), style="cyan"),
            Text(f"{row.n:,}{share}"),
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


def _files(report: Report, words: Words, outputs: Sequence[Path], charts: Sequence[Path]) -> Table:
    grid = Table.grid(padding=(0, 2), pad_edge=False)
    grid.add_column(style="bold", no_wrap=True)
    grid.add_column(overflow="fold")
    for line, path in enumerate(outputs):
        grid.add_row(words.say("terminal.label.written") if line == 0 else "", str(path))
    if charts:
        grid.add_row("", words.say("terminal.charts", folder=f"{charts[0].parent}/", n=len(charts)))
    if outputs and outputs[0].suffix == ".xlsx":
        grid.add_row("", Text(words.say("terminal.new_workbook"), style="dim"))
    by = report.layout.header("source") if "source" in report.leads else ""
    command = f"lostdeals funnel --by {_quoted(by)}" if by else "lostdeals funnel"
    grid.add_row(words.say("terminal.label.next"), Text.assemble((command, "green"), f"   {words.say('terminal.next_funnel')}"))
    return grid


def _quoted(text: str) -> str:
    return f'"{text}"' if " " in text else text


def funnel_screen(name: str, funnel: Funnel, words: Words, by: str | None) -> RenderableType:
    """The report of ``funnel`` for a Console."""
    first = funnel.steps[0].n
    label = words.say(f"funnel.name.{funnel.name}") if funnel.semantics != "counts" else funnel.name
    title = words.say("funnel.title", file=name, funnel=label, n=first)
    parts: list[RenderableType] = [
        Text(title, style="bold"),
        Text(words.say(f"funnel.semantics.{funnel.semantics}"), style="dim"),
        _steps_table(funnel.steps, words, counts=funnel.semantics == "counts"),
    ]
    loss, rate = funnel.largest_loss, funnel.lowest_rate
    if loss and loss[1] > 0:
        parts.append(Text(words.say("funnel.largest_loss", step=_step_name(loss[0], funnel, words), n=loss[1])))
    if rate and rate.from_previous is not None:
        said = words.say("funnel.lowest_rate", step=_step_name(rate, funnel, words), rate=rate.from_previous, n=rate.n)
        parts.append(Text(said))
    parts += [Text(words.finding(note), style="dim") for note in funnel.notes]
    if funnel.segments:
        parts += [Text(), Text(words.say("funnel.by", by=by), style="bold"), _segments_table(funnel, words)]
        parts.append(Text(words.say("funnel.q_note"), style="dim"))
    return Group(*parts)


def _step_name(step: Step, funnel: Funnel, words: Words) -> str:
    return step.key if funnel.semantics == "counts" else step_label(step.key, words)


def step_label(key: str, words: Words) -> str:
    """A step of the sales funnel in words."""
    return words.label("outcome" if key == "won" else "stage", key)


def _steps_table(steps: Sequence[Step], words: Words, *, counts: bool) -> Table:
    columns = [
        Column(words.say("funnel.column.step"), 20),
        *(Column(words.say(f"funnel.column.{key}"), 18, number=True) for key in ("n", "from_first", "from_previous")),
        Column("", FUNNEL_BAR),
    ]
    lines = []
    for step in steps:
        band = f" ({step.low:,}–{step.high:,})" if step.high is not None else ""
        name = step.key if counts else step_label(step.key, words)
        bar = BAR * round(FUNNEL_BAR * (step.from_first or 0))
        lines.append((name, f"{step.n:,}{band}", percent(step.from_first), percent(step.from_previous), bar))
    return fitted(columns, lines)


def _segments_table(funnel: Funnel, words: Words) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), show_edge=False)
    table.add_column(words.say("funnel.column.value"), overflow="ellipsis", no_wrap=True, max_width=16)
    for step in funnel.steps:
        name = _step_name(step, funnel, words)
        table.add_column(name, justify="right", min_width=max(cell_len(word) for word in name.split()))
    table.add_column(words.say("funnel.column.rate"), justify="right", no_wrap=True)
    table.add_column(words.say("funnel.column.ci"), justify="right", no_wrap=True)
    table.add_column("q", justify="right", no_wrap=True)
    for segment in funnel.segments:
        ci = f"{segment.ci[0] * 100:.0f}–{segment.ci[1]:.0%}" if segment.ci else ""
        table.add_row(
            words.say("word.unknown") if segment.value == UNKNOWN else segment.value,
            *(f"{step.n:,}" for step in segment.steps),
            percent(segment.final_rate),
            ci,
            "–" if segment.q is None else f"{segment.q:.2g}" if segment.q >= 0.001 else "<0.001",
            style=None if segment.enough else "dim",
        )
    return table


def percent(value: float | None) -> str:
    """``44.2%``; a dash where there is no rate."""
    return "–" if value is None else f"{value:.1%}"


def show(screen: RenderableType, *, stderr: bool = False) -> None:
    """Print a screen; where nobody watches, without colour and without blanks at the ends of lines."""
    out = console(stderr=stderr)
    if out.is_terminal:
        out.print(screen)
        return
    with out.capture() as capture:
        out.print(screen)
    out.file.write("".join(f"{line.rstrip()}\n" for line in capture.get().splitlines()))


def console(*, stderr: bool = False) -> Console:
    """A console of at most 100 columns; 80 where nobody watches."""
    screen = Console(stderr=stderr, highlight=False, soft_wrap=False, markup=False, emoji=False)
    width = min(screen.width, 100) if screen.is_terminal else 80
    return Console(stderr=stderr, highlight=False, markup=False, emoji=False, width=width)
