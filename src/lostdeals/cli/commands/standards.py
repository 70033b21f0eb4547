"""``lostdeals standards``: every rule in force and where it comes from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lostdeals.cli import OK, options
from lostdeals.cli.language import environment_language, help_text, language_of


def standards(
    topic: Annotated[
        str | None, typer.Argument(metavar="TOPIC", help=help_text("option.topic"), show_default=False)
    ] = None,
    lang: options.Lang = None,
    vocab: options.Vocab = None,
    as_json: options.Json = False,
) -> int:
    """Print the rules by which customers are classified, scored and planned."""
    from lostdeals.cli import show
    from lostdeals.config import read_config
    from lostdeals.vocab import Words, load
    from lostdeals.write import standards as write

    config = read_config(Path.cwd())
    chosen = options.options_from(options.Asked(lang=lang), config)
    language = chosen.lang or (language_of([topic]) if topic else environment_language())
    words = Words(load(vocab or config.vocab), language)
    found = write.chosen(write.standards(words), topic)
    if as_json:
        show.print_object(
            {
                "language": language,
                "standards": [
                    {
                        "key": one.key,
                        "title": one.title,
                        "basis": one.basis,
                        "own": one.own,
                        "lines": [{"label": label, "text": text} for label, text in one.lines],
                    }
                    for one in found
                ],
            }
        )
    else:
        show.standards_report(found, words)
    return OK
