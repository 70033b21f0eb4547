"""``lostdeals forecast``: how many customers will be won, and how sure that is."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lostdeals.cli import OK, funnel_options, options
from lostdeals.cli.language import help_text


def forecast(
    path: options.MaybeSheetPath = None,
    horizon: Annotated[str, typer.Option(metavar="30d", help=help_text("option.horizon"))] = "90d",
    funnel_name: Annotated[
        str | None, typer.Option("--funnel", metavar="NAME", help=help_text("option.funnel"))
    ] = None,
    steps: Annotated[str | None, typer.Option(metavar="A,B,C", help=help_text("option.steps"))] = None,
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
    """Expect so many customers to be won within the horizon."""
    from lostdeals.cli import show
    from lostdeals.config import find_sheet, read_config
    from lostdeals.vocab import Words, load

    config = read_config(Path.cwd())
    wanted = funnel_options.asked(funnel=funnel_name, steps=steps)
    days = funnel_options.days_of(horizon, "--horizon")
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
        date_order=options.date_order(dayfirst, monthfirst, yearfirst),
        password_file=password_file,
    )
    chosen = options.options_from(asked, config, path)
    path = find_sheet(path, config, Path.cwd())
    vocabulary = load(vocab or config.vocab)

    from lostdeals.funnel_pipeline import run_forecast
    from lostdeals.write.forecast import forecast_object

    options.check_object_file(output)
    found, language, steps_of = run_forecast(path, vocabulary, chosen, wanted, days)
    words = Words(vocabulary, language)
    thing = forecast_object(found, words)
    if output is not None:
        show.write_object(thing, output)
    if as_json:
        show.print_object(thing)
    elif not quiet:
        show.forecast_report(path, found, words, steps_of)
    return OK
