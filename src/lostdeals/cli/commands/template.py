"""``lostdeals template``: a customer sheet to fill in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lostdeals.cli import OK, options
from lostdeals.cli.language import environment_language, help_text, language_of
from lostdeals.errors import LostDealsError

ENDING = ".xlsx"


def template(
    path: Annotated[
        Path | None, typer.Argument(metavar="FILE", help=help_text("option.template_file"), show_default=False)
    ] = None,
    lang: Annotated[str | None, typer.Option("--lang", metavar="zh|en", help=help_text("option.template_lang"))] = None,
    vocab: options.Vocab = None,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
) -> int:
    """Write a new workbook to fill in; an existing file is never replaced."""
    from lostdeals.cli import show
    from lostdeals.config import read_config
    from lostdeals.vocab import Words, load

    config = read_config(Path.cwd())
    chosen = options.options_from(options.Asked(lang=lang), config)
    language = chosen.lang or (language_of([path.name]) if path else environment_language())
    words = Words(load(vocab or config.vocab), language)
    target = path or Path(words.pick(words.vocabulary.section("template")["names"]["file"]))
    if target.suffix.lower() != ENDING:
        raise LostDealsError("unknown-output", where=str(target), usage=True, known=ENDING)

    from lostdeals.write.template import write_template

    columns = write_template(words, target, chosen.today)
    if as_json:
        listed = [{"header": column.header, "role": column.role} for column in columns]
        show.print_object({"output": str(target), "language": language, "columns": listed})
    elif not quiet:
        show.template_done(target, len(columns), words)
    return OK
