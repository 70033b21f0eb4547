"""Tables and paragraphs that fit the screen, Chinese or not, and the console that shows them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass, replace
from textwrap import indent

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len, set_cell_size
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

BAR = "█"
WIDEST = 100
"""A wider terminal does not make longer lines."""
PLAIN = 80
"""Width where nobody watches."""
LEAST = 28
"""Cells that a column of sentences needs."""
NOT_FIRST = "，。；：、！？）)」』”%‰·）\u00a0"
"""Signs that never begin a line."""
NOT_LAST = "（(「『“\u00a0"
"""Signs that never end one."""


@dataclass(frozen=True)
class Column:
    """One column of a table that must fit the screen."""

    header: str
    most: int = 0
    """Greatest width in cells; 0 takes what the others leave."""
    number: bool = False
    """Numbers stand at the right."""
    phrases: bool = False
    """What is too long ends behind a whole phrase where one fits."""
    spare: bool = False
    """Left out where the column that takes what is left would have less than `LEAST` cells."""


def fitted(
    columns: Sequence[Column],
    lines: Sequence[Sequence[str]],
    faint: Sequence[bool] = (),
    *,
    gap: int = 3,
    indent: int = 0,
    grow: bool = False,
) -> Table:
    """A table as wide as the screen allows: each column as wide as its texts up to its limit, the rest cut with an ellipsis.

    faint: lines to be shown faintly; gap: cells between columns, 2 or 3. indent: cells that stand beside the
    table. grow: the first column may pass its limit as far
    as the screen has room.
    """
    padding = (0, 1) if gap > 2 else (0, 1, 0, 0)
    lines = _behind_phrases(columns, lines, 0)
    widths = [
        max(cell_len(text) for text in (column.header, *(line[place] for line in lines)))
        for place, column in enumerate(columns)
    ]
    taken = [min(width, column.most) for width, column in zip(widths, columns, strict=True)]
    free = console().width - indent - sum(taken) - gap * (len(columns) - 1)
    kept = [place for place, column in enumerate(columns) if free >= LEAST or not column.spare]
    if len(kept) < len(columns):
        few = [[line[place] for place in kept] for line in lines]
        return fitted([columns[place] for place in kept], few, faint, gap=gap, indent=indent, grow=grow)
    if grow:
        columns = [replace(columns[0], most=max(columns[0].most, taken[0] + free)), *columns[1:]]
    lines = _behind_phrases(columns, lines, free)
    table = Table(
        box=SIMPLE_HEAD, pad_edge=False, padding=padding, show_edge=False, expand=any(not c.most for c in columns)
    )
    for width, column in zip(widths, columns, strict=True):
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


def _behind_phrases(columns: Sequence[Column], lines: Sequence[Sequence[str]], free: int) -> list[list[str]]:
    """The lines with the texts of columns that want it cut; columns without a width of their own have `free` cells."""
    rooms = [column.most or free if column.phrases else 0 for column in columns]
    return [
        [behind_a_phrase(text, room) if room else text for text, room in zip(line, rooms, strict=True)]
        for line in lines
    ]


def behind_a_phrase(text: str, width: int) -> str:
    """A text, or as many of its phrases as fit: one without a phrase that fits is left as it is.

    >>> behind_a_phrase("电话或邮件解答疑问，约演示或试用", 22), behind_a_phrase("call once, and write it down", 12)
    ('电话或邮件解答疑问', 'call once')
    >>> behind_a_phrase("换时间、换渠道联系（电话、微信），再转公海", 26)
    '换时间、换渠道联系'
    """
    if cell_len(text) <= width:
        return text
    ends = [found.start() for found in re.finditer(r"[，；：、/,;:（(]| (?:and|or) ", text)]
    phrases = (text[:end].rstrip(", ") for end in reversed(ends) if not _within_brackets(text, end))
    return next((phrase for phrase in phrases if phrase and cell_len(phrase) <= width), text)


def _within_brackets(text: str, end: int) -> bool:
    return sum(map(text[:end].count, "（(")) > sum(map(text[:end].count, "）)"))


def joined_within(texts: Sequence[str], width: int, between: str = " · ") -> str:
    """As many of the texts as fit whole, the first one cut where not even it does.

    >>> joined_within(["抖音", "官网", "转介绍"], 12), joined_within(["价格再商量一下"], 9)
    ('抖音 · 官网', '价格再商…')
    """
    if not texts:
        return ""
    said = texts[0]
    if cell_len(said) > width:
        return set_cell_size(said, max(width - 1, 0)).rstrip() + "…"
    for text in texts[1:]:
        if cell_len(said) + cell_len(between) + cell_len(text) > width:
            break
        said += between + text
    return said


def labelled(lines: Sequence[tuple[str, str]], faint: Sequence[bool] = (), width: int | None = None) -> Table:
    """Lines of a label and a text, the texts wrapped beside their labels.

    width: of the screen in cells; None takes the console's own.
    """
    grid = Table.grid(padding=(0, 2), pad_edge=False)
    grid.add_column(style="bold", no_wrap=True)
    grid.add_column(no_wrap=True)
    room = (width or console().width) - max(cell_len(label) for label, _ in lines) - 2
    for place, (label, text) in enumerate(lines):
        grid.add_row(label, Text(wrapped(text, room)), style="dim" if faint and faint[place] else None)
    return grid


def wrapped(text: str, width: int) -> str:
    """A text in lines of at most `width` cells: Chinese may break anywhere but around its signs, Latin between words.

    >>> print(wrapped("前 10% 的成交率是平均的 2.4 倍。AUC 0.77", 14))
    前 10% 的成交
    率是平均的 2.4
    倍。AUC 0.77
    """
    lines = [""]
    for piece in _pieces(text):
        if cell_len(lines[-1] + piece.rstrip()) <= width or not lines[-1]:
            lines[-1] += piece
        else:
            lines[-1] = lines[-1].rstrip()
            lines.append(piece.lstrip())
    return "\n".join(lines).replace("\u00a0", " ")


def command_text(text: str, *, left: int = 0, style: str = "") -> Text:
    """A command as `wrapped_command` breaks it; a word that is wider than the screen runs over its edge in one piece.

    A line break in the middle of a quoted word would be pasted with it.
    """
    said = indent(wrapped_command(text, console().width - left), " " * left)
    return Text(said, style=style, no_wrap=True, overflow="ignore")


def wrapped_command(text: str, width: int) -> str:
    r"""A command behind its label, in lines that a shell takes as one: broken between words only, with a backslash.

    An option and its value stay together.

    >>> print(wrapped_command("next:  lostdeals funnel 'my leads.csv' --by source", 34))
    next:  lostdeals funnel \
      'my leads.csv' --by source
    """
    lines = [""]
    for word in re.findall(r"\s*(?:--[\w-]+ )?(?:'[^']*'|\"[^\"]*\"|[^\s'\"])+", text):
        if cell_len(lines[-1] + word) <= width - 2 or not lines[-1]:
            lines[-1] += word
        else:
            lines.append(f"  {word.lstrip()}")
    return " \\\n".join(lines)


def _pieces(text: str) -> list[str]:
    """What must stay on one line: a Latin word with the blank after it, a Chinese character with its signs."""
    pieces: list[str] = []
    for character in text:
        wide = cell_len(character) == 2
        before = pieces[-1][-1] if pieces else " "
        glued = (
            character in NOT_FIRST
            or before in NOT_LAST
            or (
                not wide
                and character not in NOT_LAST
                and (character == " " or (before != " " and cell_len(before) < 2))
            )
        )
        if glued and pieces:
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def show(screen: RenderableType, *, stderr: bool = False) -> None:
    """Print a screen; where nobody watches, without colour and without blanks at the ends of lines."""
    out = console(stderr=stderr)
    if out.is_terminal:
        out.print(screen, crop=False)
        return
    with out.capture() as capture:
        out.print(screen, crop=False)
    out.file.write("".join(f"{line.rstrip()}\n" for line in capture.get().splitlines()))


def console(*, stderr: bool = False) -> Console:
    """A console that is never wider than is good to read."""
    screen = Console(stderr=stderr, highlight=False, soft_wrap=False, markup=False, emoji=False)
    width = min(screen.width, WIDEST) if screen.is_terminal else PLAIN
    return Console(stderr=stderr, highlight=False, markup=False, emoji=False, width=width)


def quoted(text: str) -> str:
    """A word as a shell takes it, in quotes only where it needs them.

    >>> print(quoted("leads.csv"), quoted("my leads.csv"), quoted("Where we're at"))
    leads.csv 'my leads.csv' "Where we're at"
    """
    if re.fullmatch(r"[\w./-]+", text):
        return text
    return f'"{text}"' if "'" in text and not set(text) & set('"$`\\!') else shlex.quote(text)
