"""``lostdeals funnel``: where customers are lost."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lostdeals.cli import OK, funnel_options, options
from lostdeals.cli.funnel_options import again
from lostdeals.cli.language import help_text

if TYPE_CHECKING:
    from lostdeals.trends import FunnelReport
    from lostdeals.vocab import Words


def funnel(
    path: options.MaybeSheetPath = None,
    by: Annotated[str | None, typer.Option("--by", metavar="WHAT", help=help_text("option.by"))] = None,
    baseline: Annotated[str | None, typer.Option(metavar="VALUE", help=help_text("option.baseline"))] = None,
    bins: Annotated[str | None, typer.Option(metavar="1,2,3", help=help_text("option.bins"))] = None,
    funnel_name: Annotated[
        str | None, typer.Option("--funnel", metavar="NAME", help=help_text("option.funnel"))
    ] = None,
    steps: Annotated[str | None, typer.Option(metavar="A,B,C", help=help_text("option.steps"))] = None,
    order: Annotated[str | None, typer.Option(metavar="HOW", help=help_text("option.order"))] = None,
    window: Annotated[str | None, typer.Option(metavar="7d", help=help_text("option.window"))] = None,
    per_step: Annotated[bool, typer.Option("--per-step", help=help_text("option.per_step"))] = False,
    tables: Annotated[list[Path] | None, typer.Option("--with", metavar="FILE", help=help_text("option.with"))] = None,
    over: Annotated[str | None, typer.Option(metavar="PERIOD", help=help_text("option.over"))] = None,
    since: Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", help=help_text("option.since"))] = None,
    between: Annotated[str | None, typer.Option(metavar="WHAT=A,B", help=help_text("option.between"))] = None,
    compare: Annotated[Path | None, typer.Option(metavar="FILE", help=help_text("option.compare"))] = None,
    channels: Annotated[bool, typer.Option("--channels", help=help_text("option.channels"))] = False,
    spend: Annotated[Path | None, typer.Option(metavar="FILE", help=help_text("option.spend"))] = None,
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
    """Count the customers that reach each step."""
    from lostdeals.cli import show
    from lostdeals.config import find_sheet, read_config
    from lostdeals.vocab import load

    config = read_config(Path.cwd())
    date_order = options.date_order(dayfirst, monthfirst, yearfirst)
    wanted = funnel_options.asked(
        by=by,
        baseline=baseline,
        bins=bins,
        funnel=funnel_name,
        steps=steps,
        order=order,
        window=window,
        per_step=per_step,
        tables=tables,
        over=over,
        since=since,
        between=between,
    )
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
        date_order=date_order,
        password_file=password_file,
    )
    chosen = options.options_from(asked, config, path)
    path = find_sheet(path, config, Path.cwd())
    vocabulary = load(vocab or config.vocab)

    from lostdeals.pipeline.funnel import Also, run_funnel
    from lostdeals.vocab import Words
    from lostdeals.write.funnel_json import report_object

    taken = [one for one in (path, compare, spend, *(tables or ())) if one is not None]
    if output is not None:
        options.check_output(output, (".json", ".xlsx"), taken)
    also = Also(compare=compare, spend=spend, channels=channels)
    result = run_funnel(path, vocabulary, chosen, wanted, also)
    words = Words(vocabulary, result.lang)
    found = report_object(result, words)
    outputs = _written(result, words, output, found, chosen.today, charts=not no_charts)
    if as_json:
        show.print_object(found)
    elif not quiet:
        show.funnel_report(path, result, words, outputs, again(path, asked, steps=wanted, tables=tables or ()))
    return OK


def _written(
    result: FunnelReport, words: Words, output: Path | None, found: dict[str, Any], today: date, *, charts: bool
) -> list[Path]:
    """The JSON file, or the workbook and its charts."""
    if output is None:
        return []
    from lostdeals.cli import show

    if output.suffix.lower() == ".json":
        show.write_object(found, output)
        return [output]
    from lostdeals.write import CHART_FOLDER
    from lostdeals.write.funnel_book import write_funnel_book
    from lostdeals.write.new_workbook import keep_edited

    keep_edited(output)
    written = [write_funnel_book(result, words, output, today)]
    if charts:
        from lostdeals.write.funnel_charts import write_funnel_charts

        written += write_funnel_charts(result, words, output.with_name(f"{output.stem}{CHART_FOLDER}"))
    return written
