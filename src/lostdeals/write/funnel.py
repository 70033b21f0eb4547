"""The report of ``funnel`` on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from lostdeals.vocab.words import UNKNOWN
from lostdeals.write.facts import step_label
from lostdeals.write.mask import finding_text, mask
from lostdeals.write.screen import BAR, Column, console, fitted, wrapped

if TYPE_CHECKING:
    from lostdeals.model import Funnel, Step
    from lostdeals.vocab import Words

LONGEST_BAR = 16


def funnel_screen(name: str, funnel: Funnel, words: Words, by: str | None) -> RenderableType:
    """The steps with their rates, the bottlenecks in words, and the segments where it is split."""
    label = words.say(f"funnel.name.{funnel.name}") if funnel.semantics != "counts" else funnel.name
    title = words.say("funnel.title", file=name, funnel=label, n=funnel.steps[0].n)
    parts: list[RenderableType] = [
        _paragraph(title, "bold"),
        _paragraph(words.say(f"funnel.semantics.{funnel.semantics}"), "dim"),
        _steps_table(funnel, words),
        *(_paragraph(text) for text in _bottlenecks(funnel, words)),
        *(_paragraph(finding_text(note, words), "dim") for note in funnel.notes),
    ]
    if funnel.segments:
        parts += [
            Text(),
            _paragraph(words.say("funnel.by", by=_dimension_label(by, words)), "bold"),
            _segments_table(funnel, words),
        ]
        parts.append(_paragraph(words.say("funnel.q_note"), "dim"))
    return Group(*parts)


def _paragraph(text: str, style: str = "") -> Text:
    return Text(wrapped(text, console().width), style=style)


def _bottlenecks(funnel: Funnel, words: Words) -> list[str]:
    loss, rate = funnel.largest_loss, funnel.lowest_rate
    if loss is None:
        return [words.say("funnel.unsure")] if any(step.high is not None for step in funnel.steps) else []
    said = []
    if loss[1] > 0:
        said.append(words.say("funnel.largest_loss", step=_step_name(loss[0], funnel, words), n=loss[1]))
    if rate is not None:
        said.append(words.say("funnel.lowest_rate", step=_step_name(rate[0], funnel, words), rate=rate[1], n=rate[0].n))
    return said


def _step_name(step: Step, funnel: Funnel, words: Words) -> str:
    return step.key if funnel.semantics == "counts" else step_label(words, step.key)


def _steps_table(funnel: Funnel, words: Words) -> Table:
    columns = [
        Column(words.say("funnel.column.step"), 20),
        *(Column(words.say(f"funnel.column.{key}"), 18, number=True) for key in ("n", "from_first", "from_previous")),
        Column("", LONGEST_BAR),
    ]
    lines = []
    for step in funnel.steps:
        band = f" ({step.low:,}–{step.high:,})" if step.high is not None else ""
        name = _step_name(step, funnel, words)
        bar = BAR * round(LONGEST_BAR * (step.from_first or 0))
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
            segment_label(segment.value, funnel.by, words),
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


def segment_label(value: str, by: str | None, words: Words) -> str:
    """A segment in words: a category by its label, what names a person masked."""
    if value == UNKNOWN:
        return words.say("word.unknown")
    dimension = {"reason": "loss_reason"}.get(by or "", by or "")
    return words.label(dimension, str(mask(value, dimension)))


def _dimension_label(by: str | None, words: Words) -> str:
    """What the user asked to split by; a class by its label."""
    labels = words.vocabulary.section("dimensions").get(by or "", {}).get("label")
    return words.pick(labels) if labels else by or ""
