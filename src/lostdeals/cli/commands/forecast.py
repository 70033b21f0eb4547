"""``lostdeals forecast``: how many customers will be won, and how sure that is."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lostdeals.cli import OK, funnel_options, options
from lostdeals.cli.funnel_options import again
from lostdeals.cli.language import help_text

if TYPE_CHECKING:
    from lostdeals.trends import Forecast
    from lostdeals.vocab import Words


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
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="PATH", help=help_text("option.funnel_output"))
    ] = None,
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

    from lostdeals.pipeline.funnel import run_forecast
    from lostdeals.write.forecast import forecast_object

    if output is not None:
        options.check_output(output, (".json", ".xlsx"), [path])
    found, language, steps_of = run_forecast(path, vocabulary, chosen, wanted, days)
    words = Words(vocabulary, language)
    thing = forecast_object(found, words)
    outputs: list[Path] = []
    if output is not None and output.suffix.lower() == ".json":
        show.write_object(thing, output)
        outputs = [output]
    elif output is not None:
        outputs = _workbook(found, words, steps_of, output, chosen.today, charts=not no_charts)
    if as_json:
        show.print_object(thing)
    elif not quiet:
        show.forecast_report(path, found, words, steps_of, outputs, again(path, asked, steps=wanted))
    return OK


def _workbook(found: Forecast, words: Words, steps_of: str, output: Path, today: date, *, charts: bool) -> list[Path]:
    """The workbook and its charts."""
    from lostdeals.write import CHART_FOLDER
    from lostdeals.write.forecast_book import write_forecast_book
    from lostdeals.write.new_workbook import keep_edited

    keep_edited(output)
    written = [write_forecast_book(found, words, steps_of, output, today)]
    if charts:
        from lostdeals.write.forecast_charts import write_forecast_charts

        written += write_forecast_charts(found, words, steps_of, output.with_name(f"{output.stem}{CHART_FOLDER}"))
    return written
