"""``lostdeals classify``: what the customers are, and how their classes hang together."""

from __future__ import annotations

from typing import Annotated

import typer

from lostdeals.cli import OK, options
from lostdeals.cli.language import help_text


def classify(
    path: options.MaybeSheetPath = None,
    by: Annotated[list[str] | None, typer.Option("--by", metavar="WHAT", help=help_text("option.classify_by"))] = None,
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
    output: options.OutputBook = None,
    no_charts: options.NoCharts = False,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> int:
    """Classify one sheet, write its tables, and say what stands out."""
    from lostdeals.cli import show
    from lostdeals.vocab import Words

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
    start = options.start(asked, path, vocab)
    path, chosen, vocabulary = start.path, start.options, start.vocabulary

    from lostdeals.pipeline.classify import run_classify
    from lostdeals.write.classify_pages import write_classified

    target = output or path.parent / f"{path.stem}.classified.xlsx"
    options.check_output(target, [".xlsx"], [path])
    with show.working(path, quiet=quiet or as_json):
        report = run_classify(path, vocabulary, chosen, by or [])
        words = Words(vocabulary, report.lang)
        notes = write_classified(report, words, target)
    if as_json:
        show.classify_json(report, words, [target], notes)
    elif not quiet:
        show.classify_report(report, words, [target], notes, by=bool(by), verbose=verbose)
    return OK
