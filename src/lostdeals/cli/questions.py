"""Ask on a terminal what only the user knows: which columns were filled in after the outcome."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from lostdeals.cli.language import environment_language
from lostdeals.vocab import normalise

if TYPE_CHECKING:
    from lostdeals.model import LeftOut, Options
    from lostdeals.score import Ask
    from lostdeals.vocab import Vocabulary, Words


def asking(pause: Callable[[], AbstractContextManager[None]], vocabulary: Vocabulary, options: Options) -> Ask | None:
    """A question about suspicious columns; None where nobody is there to answer, and the report then names the options."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return None
    from lostdeals.vocab import Words

    def ask(columns: tuple[LeftOut, ...]) -> Collection[str]:
        chinese = any("\u4e00" <= sign <= "\u9fff" for one in columns for sign in one.column)
        words = Words(vocabulary, options.lang or ("zh" if chinese else environment_language()))
        with pause():
            return answers(columns, words)

    return ask


def answers(columns: tuple[LeftOut, ...], words: Words) -> list[str]:
    """The headers that the user says were filled in afterwards; asked again until the answer is understood."""
    import typer

    from lostdeals.write.screen import quoted

    lines = [words.say("question.title", n=len(columns))]
    for number, one in enumerate(columns, 1):
        lines.append(
            f"  {number}  {one.column}{words.say('terminal.colon')}{words.say(f'leak.{one.why}', **one.values)}"
        )
    worth = columns[0].values
    lines.append(words.say("question.effect", now=worth["now"], without=worth["all_out"]))
    sys.stderr.write("\n".join(lines) + "\n")
    while True:
        said = typer.prompt(words.say("question.prompt"), default="", show_default=False, err=True)
        chosen = chosen_numbers(said, len(columns), words.vocabulary.section("scoring")["answers"])
        if chosen is not None:
            options = " ".join(
                f"{'--drop' if number in chosen else '--keep'} {quoted(one.column)}"
                for number, one in enumerate(columns, 1)
            )
            sys.stderr.write(words.say("question.next", options=options) + "\n")
            return [columns[number - 1].column for number in chosen]
        sys.stderr.write(words.say("question.again", n=len(columns)) + "\n")


def chosen_numbers(said: str, most: int, known: Mapping[str, Sequence[str]]) -> list[int] | None:
    """The numbers of an answer; none for an empty one; None where it is not understood.

    known: the words for ``all`` and ``none``.

    >>> known = {"all": ["a"], "none": ["n"]}
    >>> [chosen_numbers(said, 3, known) for said in ("1，3", "", "a", "n", "4", "x")]
    [[1, 3], [], [1, 2, 3], [], None, None]
    """
    text = normalise(said)
    if text in known["all"]:
        return list(range(1, most + 1))
    if text in known["none"]:
        return []
    parts = [part for part in re.split(r"[,;、\s]+", text) if part]
    if not all(part.isascii() and part.isdigit() and 1 <= int(part) <= most for part in parts):
        return None
    return sorted({int(part) for part in parts})
