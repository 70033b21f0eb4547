"""``lostdeals funnel``: where customers are lost."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lostdeals.cli import OK, options
from lostdeals.cli.language import help_text


def funnel(
    path: options.MaybeSheetPath = None,
    by: Annotated[str | None, typer.Option("--by", metavar="WHAT", help=help_text("option.by"))] = None,
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
    dayfirst: options.DayFirst = False,
    monthfirst: options.MonthFirst = False,
    yearfirst: options.YearFirst = False,
    vocab: options.Vocab = None,
    output: options.ObjectFile = None,
    no_charts: options.NoCharts = False,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
) -> int:
    """Count the customers that reach each step."""
    from lostdeals.cli import show
    from lostdeals.config import find_sheet, read_config
    from lostdeals.vocab import load

    config = read_config(Path.cwd())
    order = options.date_order(dayfirst, monthfirst, yearfirst)
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
        date_order=order,
        password_file=password_file,
    )
    chosen = options.options_from(asked, config, path)
    path = find_sheet(path, config, Path.cwd())
    vocabulary = load(vocab or config.vocab)

    from lostdeals.pipeline import run_funnel
    from lostdeals.write.json import funnel_object

    options.check_object_file(output)
    result, language = run_funnel(path, vocabulary, chosen, by)
    found = funnel_object(result)
    if output is not None:
        show.write_object(found, output)
    if as_json:
        show.print_object(found)
    elif not quiet:
        show.funnel_report(path, result, vocabulary, language, by)
    return OK
