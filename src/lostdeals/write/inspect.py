"""How a sheet was understood, on the screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from lostdeals.errors import LostDealsError
from lostdeals.model import OUTCOMES, ColumnMatch, Inspected, Layout, OutcomeReading, OwnStage, Sheet, noticed
from lostdeals.vocab import Words
from lostdeals.write.mask import finding_text, mask
from lostdeals.write.screen import (
    Column,
    command_text,
    console,
    fitted,
    joined_within,
    labelled,
    quoted,
    wrapped,
)
from lostdeals.write.where import header_place

GAP = 2
"""Cells between columns."""
SAMPLES = 3
LONGEST = 24
"""Characters of such a value."""
VALUES = 4
"""Values of an outcome that are shown each way."""
ROW_COLOUR = "row_colour"
"""The colours of the rows as outcome column."""
CODES = 8
"""A column of so many values whose header promises what its values do not say may hold codes, such as 1, 2 and 3."""
OTHER_SHAPES = ("transposed", "form", "field-list", "crosstab", "board", "change-log")
"""Doubts of a sheet with no customer a row: what its columns were taken for tells nothing, and may name people."""
UNSURE = 0.75
"""Below it a column that has a role is shown as a question."""
COLUMNS = (
    Column("letter", 4),
    Column("header", 20),
    Column("role", 17),
    Column("sure", 4, number=True),
    Column("how", 6),
    Column("filled", 6, number=True),
    Column("samples", 0),
)
"""Columns of the table with their greatest width."""
HEADER, ROLE, HOW = 1, 2, 4
"""Those that are cut on a narrow screen, and the one that is left out before a role is cut."""
ROOM, LEAST = 12, 11
"""Cells that the samples need, and that a cut column keeps."""


def inspect_screen(path: Path, understood: Sequence[Inspected], words: Words, saved: Path | None) -> RenderableType:
    """One table a sheet: letter, header, role, confidence, how, share filled, three sample values (masked where personal).

    Below it what was noticed, how the outcome is read, and the command that corrects it; `saved` is the file that now
    remembers the columns.
    """
    parts: list[RenderableType] = []
    picked = next((one.sheet.name for one in understood if one.picked), None)
    if picked is not None and len(understood) > 1:
        several = words.say("inspect.picked", n=len(understood), name=picked)
        parts += [Text(wrapped(several, console().width)), Text()]
    for one in understood:
        title = wrapped(_title(path, one.sheet, one.layout, words), console().width)
        parts.append(Text(title, style="bold"))
        doubt = one.layout if isinstance(one.layout, LostDealsError) else one.layout.doubt
        if doubt is not None:
            told = words.error(doubt)
            between = "" if words.lang == "zh" else " "
            parts.append(Text(wrapped(f"{told['what']}{between}{told['why']}", console().width), style="yellow"))
            if doubt.code in OTHER_SHAPES:
                parts.append(Text(wrapped(told["try"], console().width)))
        if not isinstance(one.layout, LostDealsError) and (doubt is None or doubt.code not in OTHER_SHAPES):
            parts.append(_columns(one.layout, words))
            parts += _told(path, one, one.layout, words)
        parts.append(Text())
    if saved is not None:
        parts.append(Text(words.say("inspect.saved", file=saved.name), style="green"))
    else:
        again = words.say("inspect.not_right", file=quoted(str(path)))
        parts.append(command_text(again, style="green"))
    return Group(*parts)


def _told(path: Path, one: Inspected, layout: Layout, words: Words) -> list[RenderableType]:
    """What was noticed, how the outcome is read, the stages, and the command that says the outcome."""
    findings = noticed(one.sheet, layout)
    lines = _labelled(words.say("inspect.noticed"), [finding_text(finding, words) for finding in findings])
    command = ""
    if one.outcome is not None and (layout.doubt is None or one.outcome.key is not None):
        said, command = _outcome(path, one, one.outcome, words)
        lines += _labelled(words.say("inspect.outcome"), said)
    if one.stages:
        lines.append((words.say("inspect.stages"), _stages(one, words)))
    parts: list[RenderableType] = [labelled(lines)] if lines else []
    if command:
        left = max(cell_len(label) for label, _ in lines) + 2
        parts.append(command_text(command, left=left))
    return parts


def _labelled(label: str, texts: Sequence[str]) -> list[tuple[str, str]]:
    return [(label if not place else "", text) for place, text in enumerate(texts)]


def _title(path: Path, sheet: Sheet, layout: Layout | LostDealsError, words: Words) -> str:
    said = [path.name] if sheet.encoding else [f"{path.name} › {sheet.name}"]
    if sheet.encoding:
        said.append(sheet.encoding.upper())
    if sheet.hidden:
        said.append(words.say("inspect.hidden"))
    if not isinstance(layout, LostDealsError):
        said.append(words.say("inspect.rows", n=len(layout.rows)))
        said.append(header_place(layout, words))
    return " · ".join(said)


def _columns(layout: Layout, words: Words) -> Table:
    lines = [
        (
            column.letter,
            " ".join(column.header.split()),
            _role(column, words),
            f"{column.confidence:.2f}" if column.confidence and column.how != "none" else "",
            words.say(f"inspect.how.{column.how}"),
            f"{column.filled:.0%}" if layout.rows else "–",
        )
        for column in layout.columns
    ]
    named = [replace(column, header=words.say(f"inspect.column.{column.header}")) for column in COLUMNS]
    columns, room = _fitting(named, lines)
    people = [str(value) for one in layout.columns if one.role == "name" for value in one.samples]
    samples = [joined_within(_samples(one, people), room) for one in layout.columns]
    whole = [[*line, shown] for line, shown in zip(lines, samples, strict=True)]
    kept = [place for place, column in enumerate(named) if column.header in {one.header for one in columns}]
    shown = [[line[place] for place in kept] for line in whole]
    return fitted(columns, shown, [column.role in ("extra", "ignore") for column in layout.columns], gap=GAP)


def _fitting(columns: Sequence[Column], lines: Sequence[Sequence[str]]) -> tuple[list[Column], int]:
    """The columns for the width of the screen, and the room of the samples; on a narrow one headers are cut first, roles last.

    lines: without the samples, which are the last column.
    """
    taken = [
        min(column.most, max(map(cell_len, (column.header, *texts))))
        for column, texts in zip(columns[:-1], zip(*lines, strict=True), strict=True)
    ]
    room = console().width - sum(taken) - GAP * len(taken)
    dropped = None
    for place in (HEADER, HOW, ROLE):
        if room >= ROOM:
            break
        if place == HOW:
            dropped = HOW
            room += taken[HOW] + GAP
        else:
            less = min(ROOM - room, max(taken[place] - LEAST, 0))
            taken[place] -= less
            room += less
    kept = [replace(column, most=wide) for column, wide in zip(columns[:-1], taken, strict=True)]
    return [*(column for place, column in enumerate(kept) if place != dropped), columns[-1]], room


def _role(column: ColumnMatch, words: Words) -> str:
    """What the column is taken for, as --map takes it: the label in Chinese, the role's own name in English."""
    labels = words.vocabulary.section("columns")[column.role]["label"]
    name = column.role if words.lang == "en" else words.pick(labels)
    return f"{name} ?" if column.role not in ("extra", "ignore") and column.confidence < UNSURE else name


def _samples(column: ColumnMatch, people: Sequence[str]) -> list[str]:
    """Values as they may be shown; people: names that stand in the column of names, so that no other column tells them."""
    role = "name" if column.why == "joined" else "notes" if column.role in ("extra", "ignore") else column.role
    texts = []
    for value in column.samples:
        text = str(mask(_short(value), role))
        for name in people if role == "notes" else ():
            text = text.replace(name, str(mask(name, "name")))
        texts.append(text)
    return list(dict.fromkeys(texts))[:SAMPLES]


def _short(value: object) -> str:
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    return " ".join(text.removesuffix(" 00:00:00").split())[:40]


def _stages(one: Inspected, words: Words) -> str:
    """The sheet's own stages in their order, each with what it stands for, and what told the order."""
    named = [
        f"{stage.value} {stage.n:,}{_meaning(stage, words)}"
        for stage in one.stages
        if stage.outcome in (None, "parked")
    ]
    return words.say(
        "inspect.stage_order", stages=" → ".join(named), by=words.say(f"inspect.stages_by.{one.stages_by}")
    )


def _meaning(stage: OwnStage, words: Words) -> str:
    meaning = words.label("progress", "parked") if stage.outcome == "parked" else words.label("stage", stage.stage)
    return words.say("inspect.means", meaning=meaning) if meaning not in ("", stage.value) else ""


def _outcome(path: Path, one: Inspected, reading: OutcomeReading, words: Words) -> tuple[list[str], str]:
    """What each value of the outcome column means, and the options that say it where a value is not known."""
    if reading.key is None:
        codes = [column for column in _matches(one) if column.why == "values" and 1 < column.distinct <= CODES]
        asked = min(codes, key=lambda column: max(len(str(value)) for value in column.samples), default=None)
        command = _command(path, asked.header, {}, words) if asked and asked.header else ""
        return [words.say("inspect.no_outcome")], command
    said = [
        words.say(
            "inspect.meaning",
            label=words.label("outcome", meaning),
            n=sum(map(one.counts.__getitem__, values)),
            values=_listed(values, words),
        )
        for meaning in OUTCOMES
        if (values := [value for value in one.counts if reading.values.get(value) == meaning])
    ]
    by = "inspect.by_notes" if reading.noted and reading.key != ROW_COLOUR else "inspect.by"
    lines = [words.say(by, column=reading.header, said=" · ".join(said))]
    if reading.unread:
        values = sorted(reading.unread, key=lambda value: -one.counts.get(value, 0))
        lines.append(
            words.say(
                "inspect.unread", n=sum(one.counts.get(value, 0) for value in values), values=_listed(values, words)
            )
        )
    if reading.guessed:
        lines.append(words.say("inspect.guessed", values=_listed(reading.guessed, words)))
    sure = (
        not reading.unread
        and next((column.confidence for column in _matches(one) if column.key == reading.key), 1) >= UNSURE
    )
    command = ""
    if not sure:
        read = {value: meaning for value, meaning in reading.values.items() if value in one.counts}
        always = OUTCOMES if reading.unread else OUTCOMES[:2]
        command = _command(path, reading.header or "", read, words, always)
    return lines, command


def _matches(one: Inspected) -> Sequence[ColumnMatch]:
    return () if isinstance(one.layout, LostDealsError) else one.layout.columns


def _listed(values: Sequence[str], words: Words) -> str:
    shown = " · ".join(_cut(" ".join(value.split())) for value in values[:VALUES])
    return shown if len(values) <= VALUES else words.say("inspect.more", values=shown, n=len(values) - VALUES)


def _cut(value: str) -> str:
    return value if len(value) <= LONGEST else f"{value[: LONGEST - 1].rstrip()}…"


def _command(
    path: Path, header: str, values: Mapping[str, str], words: Words, asked: Sequence[str] = ("won", "lost")
) -> str:
    """The command line that says who bought, ready to be changed; `asked` are the options that stand there without a value, too."""
    said = []
    for meaning in OUTCOMES:
        meant = ",".join(value for value, known in values.items() if known == meaning)
        if meant or meaning in asked:
            said.append(f"--{meaning} {quoted(meant or '…')}")
    return words.say(
        "inspect.say_outcome",
        command=f"lostdeals inspect {quoted(str(path))} --outcome {quoted(header)} {' '.join(said)} --save",
    )
