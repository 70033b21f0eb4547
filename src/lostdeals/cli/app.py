"""The commands together, and what becomes of their errors."""

from __future__ import annotations

import gc
import os
import sys
from typing import Annotated, Any

import typer

from lostdeals import __version__
from lostdeals.cli import FAILED, INTERRUPTED, OK, USAGE
from lostdeals.cli.commands import (
    classify,
    clean,
    explain,
    forecast,
    funnel,
    init,
    inspect,
    run_jobs,
    score,
    standards,
    template,
)
from lostdeals.cli.language import help_text
from lostdeals.errors import LostDealsError

app = typer.Typer(
    name="lostdeals",
    help=help_text("app"),
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for name, command in (
    ("score", score.score),
    ("explain", explain.explain),
    ("clean", clean.clean),
    ("classify", classify.classify),
    ("inspect", inspect.inspect),
    ("funnel", funnel.funnel),
    ("standards", standards.standards),
    ("forecast", forecast.forecast),
    ("template", template.template),
    ("init", init.init),
    ("run", run_jobs.run),
):
    app.command(name, help=help_text(f"command.{name}"), short_help=help_text(f"command.{name}"))(command)

UsageError: Any = typer.BadParameter.__base__
"""Typer carries its own copy of Click, whose UsageError it does not name; BadParameter is one of them."""


@app.callback()
def root(version: Annotated[bool, typer.Option("--version", "-V", help=help_text("option.version"))] = False) -> None:
    """Show the version where it is asked for among other things."""
    if version:
        sys.stdout.write(f"lostdeals {__version__}\n")
        raise typer.Exit(OK)


YOUNG = 1_000_000
"""New objects after which Python looks for garbage cycles; its usual 700 costs a twelfth of a large sheet's run."""


def run(argv: list[str]) -> int:
    """Run a command line; errors become a message on stderr and an exit code."""
    gc.set_threshold(YOUNG, 50, 100)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        code = app(args=argv, prog_name="lostdeals", standalone_mode=False)
    except LostDealsError as error:
        from lostdeals.cli.language import language_of
        from lostdeals.cli.show import show_error

        show_error(error, language_of(argv))
        return USAGE if error.usage else FAILED
    except UsageError as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            sys.stdout.write(f"{error.ctx.get_help()}\n")
            return USAGE
        from lostdeals.cli.language import language_of
        from lostdeals.cli.show import show_error
        from lostdeals.cli.usage import usage_error

        show_error(usage_error(error, argv, typer.main.get_command(app)), language_of(argv))
        return USAGE
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except BrokenPipeError:
        # The reader (head, less) has closed; let the interpreter's own flush at exit find nothing to do.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    return code if isinstance(code, int) else OK
