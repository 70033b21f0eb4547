"""``lostdeals init``: a first lostdeals.toml."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lostdeals.cli import OK, options
from lostdeals.cli.language import help_text


def init(
    inputs: Annotated[
        list[str] | None, typer.Argument(metavar="INPUT", help=help_text("option.inputs"), show_default=False)
    ] = None,
    lang: options.Lang = None,
) -> int:
    """Write lostdeals.toml in the current folder; an existing one is never replaced."""
    from lostdeals.batch import new_config, write_config
    from lostdeals.cli import show
    from lostdeals.config import NAME, Config

    chosen = options.options_from(options.Asked(lang=lang), Config())
    path = Path.cwd() / NAME
    write_config(path, new_config(inputs or [], chosen.today))
    show.init_done(path, chosen.lang)
    return OK
