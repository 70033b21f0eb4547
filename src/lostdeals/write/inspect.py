"""How a sheet was understood, on the screen."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from lostdeals.errors import LostDealsError
from lostdeals.model import ColumnMatch, Layout, Sheet
from lostdeals.vocab import Words
from lostdeals.write.mask import finding_text, mask
from lostdeals.write.screen import Column, fitted, quoted

SAMPLES = 3
COLUMNS = (
    ("letter", 4, False),
    ("header", 20, False),
    ("role", 16, False),
    ("sure", 4, True),
    ("how", 8, False),
    ("filled", 6, True),
    ("samples", 0, False),
)
"""Columns of the table with their greatest width, and whether they are numbers."""


def inspect_screen(
    path: Path, layouts: Sequence[tuple[Sheet, Layout | LostDealsError]], words: Words
) -> RenderableType:
    """One table a sheet: letter, header, role, confidence, how, share filled, three sample values (masked where personal)."""
    parts: list[RenderableType] = []
    for sheet, layout in layouts:
        parts.append(Text.assemble((_title(path, sheet, layout, words), "bold")))
        doubt = layout if isinstance(layout, LostDealsError) else layout.doubt
        if doubt is not None:
            told = words.error(doubt)
            parts.append(Text(f"  {told['what']} {told['why']}", style="yellow"))
        if isinstance(layout, LostDealsError):
            parts.append(Text())
            continue
        parts.append(_columns(sheet, layout, words))
        parts += [Text(finding_text(finding, words), style="dim") for finding in (*sheet.findings, *layout.findings)]
        parts.append(Text())
    parts.append(Text(words.say("inspect.not_right", file=quoted(path.name)), style="green"))
    return Group(*parts)


def _title(path: Path, sheet: Sheet, layout: Layout | LostDealsError, words: Words) -> str:
    said = [path.name] if sheet.encoding else [f"{path.name} › {sheet.name}"]
    if sheet.encoding:
        said.append(sheet.encoding.upper())
    if sheet.hidden:
        said.append(words.say("inspect.hidden"))
    if not isinstance(layout, LostDealsError):
        said.append(words.say("inspect.rows", n=len(layout.rows)))
        rows = ", ".join(str(row) for row in layout.header_rows)
        said.append(words.say("inspect.header", rows=rows) if rows else words.say("inspect.no_header"))
    return " · ".join(said)


def _columns(sheet: Sheet, layout: Layout, words: Words) -> Table:
    rows = list(layout.rows)
    lines = []
    for column in layout.columns:
        values = list(sheet.cells.loc[rows, column.letter].dropna()) if rows else []
        lines.append(
            (
                column.letter,
                " ".join(column.header.split()),
                column.role,
                f"{column.confidence:.2f}" if column.confidence else "",
                words.say(f"how.{column.how}"),
                f"{len(values) / len(rows):.0%}" if rows else "–",
                _samples(values[:200], column),
            )
        )
    columns = [Column(words.say(f"inspect.column.{key}"), most, number) for key, most, number in COLUMNS]
    return fitted(columns, lines, [column.role in ("extra", "ignore") for column in layout.columns])


def _samples(values: list[Any], column: ColumnMatch) -> str:
    distinct = list(dict.fromkeys(_short(value) for value in values))[:SAMPLES]
    return " · ".join(str(mask(text, column.role)) for text in distinct)


def _short(value: object) -> str:
    text = str(value)
    if text.endswith(" 00:00:00"):
        text = text.removesuffix(" 00:00:00")
    return " ".join(text.split())[:40]
