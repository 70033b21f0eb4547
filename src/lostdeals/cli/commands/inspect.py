"""``lostdeals inspect``: how a sheet is understood."""

from __future__ import annotations

from typing import Annotated

import typer

from lostdeals.cli import OK, options
from lostdeals.cli.language import help_text


def inspect(
    path: options.MaybeSheetPath = None,
    sheet: options.SheetName = None,
    all_sheets: options.AllSheets = False,
    join: options.Join = None,
    password_file: options.PasswordFile = None,
    header_row: options.HeaderRow = None,
    mapping: options.Map = None,
    outcome: options.OutcomeColumn = None,
    won: options.Won = None,
    lost: options.Lost = None,
    open_: options.Open = None,
    invalid: options.Invalid = None,
    lang: options.Lang = None,
    today: options.Today = None,
    tz: options.Tz = None,
    vocab: options.Vocab = None,
    save: Annotated[bool, typer.Option("--save", help=help_text("option.save"))] = False,
    output: options.ObjectFile = None,
    no_charts: options.NoCharts = False,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
) -> int:
    """Show every sheet of a file (or the one named): its header, and what each column is taken for."""
    from lostdeals.cli import show
    from lostdeals.pipeline.inspect import inspect as inspect_book
    from lostdeals.pipeline.inspect import roles_file
    from lostdeals.vocab import Words
    from lostdeals.write.json import inspect_object

    asked = options.Asked(
        sheet,
        header_row,
        mapping,
        outcome,
        won,
        lost,
        open_,
        invalid,
        lang,
        today,
        tz,
        all_sheets=all_sheets,
        joins=join,
        password_file=password_file,
    )
    start = options.start(asked, path, vocab)
    path, chosen, vocabulary = start.path, start.options, start.vocabulary
    options.check_object_file(output)
    understood, chosen = inspect_book(path, vocabulary, chosen)
    words = Words(vocabulary, show.language_of_layouts(path, understood, chosen.lang))
    saved = None
    if save:
        saved, text = roles_file(path, understood, chosen, words)
        show.write_text(text, saved)
    found = inspect_object(path, understood, words)
    if output is not None:
        show.write_object(found, output)
    if as_json:
        show.print_object(found)
    elif not quiet:
        show.inspect_report(path, understood, words, saved)
    return OK
