"""What explains the template: how to fill it in, what each column is for, and what each choice means."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from openpyxl.utils import get_column_letter

from lostdeals.vocab.template import TemplateColumn, template_choices
from lostdeals.write.fields import Field, Table

if TYPE_CHECKING:
    from lostdeals.vocab import Words

LISTS_FROM = 3
"""The row of the first choice on the sheet of lists."""


def guide_table(words: Words) -> Table:
    """A few lines on how to fill the sheet in."""
    section = words.vocabulary.section("template")
    topics = section["guide"]
    return Table(
        words.pick(section["headings"]["guide"]),
        (
            Field("", range(1, len(topics) + 1), "centre", 6),
            Field(words.pick(section["table"]["topic"]), [words.pick(one["topic"]) for one in topics], width=24),
            Field(words.pick(section["table"]["text"]), [words.pick(one["text"]) for one in topics], "wrapped", 72),
        ),
    )


def columns_table(words: Words, columns: Sequence[TemplateColumn]) -> Table:
    """One line per column: what to write, and why."""
    section = words.vocabulary.section("template")
    letters = [get_column_letter(number) for number in range(1, len(columns) + 1)]
    heads = {key: words.pick(section["table"][key]) for key in ("letter", "header", "what", "why", "need")}
    return Table(
        words.pick(section["headings"]["columns"]),
        (
            Field(heads["letter"], letters, "centre", 6),
            Field(heads["header"], [column.header for column in columns], width=24),
            Field(heads["what"], [column.what for column in columns], "wrapped", 72),
            Field(heads["why"], [column.why for column in columns], "wrapped", 64),
            Field(heads["need"], [words.pick(section["need"][column.need]) for column in columns], width=12),
        ),
    )


def lists_table(words: Words, columns: Sequence[TemplateColumn]) -> tuple[Table, dict[str, str]]:
    """Every choice of every list with its meaning, and the cells in which each list stands."""
    section = words.vocabulary.section("template")
    lines: list[tuple[str, str, str]] = []
    places = {}
    for column in columns:
        if column.list and column.list not in places:
            first = LISTS_FROM + len(lines)
            entries = section["choices"][column.list]
            for key, label in template_choices(words, column.list).items():
                meaning = entries[key].get("meaning")
                lines.append((column.header, label, words.pick(meaning) if meaning else ""))
            places[column.list] = f"$B${first}:$B${LISTS_FROM + len(lines) - 1}"
    heads = [words.pick(section["table"][key]) for key in ("list", "choice", "meaning")]
    used, labels, meanings = (list(column) for column in zip(*lines, strict=True))
    fields = (
        Field(heads[0], used, "quiet", width=18),
        Field(heads[1], labels, width=30),
        Field(heads[2], meanings, "wrapped", 78),
    )
    return Table(words.pick(section["headings"]["lists"]), fields), places
