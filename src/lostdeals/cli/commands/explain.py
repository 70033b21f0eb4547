"""``lostdeals explain``: everything known about one customer."""

from __future__ import annotations

from typing import Annotated

import typer

from lostdeals.cli import OK, options
from lostdeals.cli.language import help_text


def explain(
    path: options.MaybeSheetPath = None,
    row: Annotated[int | None, typer.Option("--row", metavar="N", min=1, help=help_text("option.explain_row"))] = None,
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
    card: options.Card = None,
    keep: options.Keep = None,
    drop: options.Drop = None,
    missing: options.Missing = None,
    without_sensitive: options.WithoutSensitive = False,
    model: options.SavedModel = None,
    lang: options.Lang = None,
    today: options.Today = None,
    tz: options.Tz = None,
    dayfirst: options.DayFirst = False,
    monthfirst: options.MonthFirst = False,
    yearfirst: options.YearFirst = False,
    vocab: options.Vocab = None,
    as_json: options.Json = False,
    output: options.ObjectFile = None,
    quiet: options.Quiet = False,
) -> int:
    """Score the sheet and say where one customer's score comes from."""
    from lostdeals.cli import show
    from lostdeals.errors import LostDealsError
    from lostdeals.vocab import Words

    if row is None:
        raise LostDealsError("no-row-named", where="--row", usage=True)
    options.check_object_file(output)
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
        card,
        keep,
        drop,
        missing,
        without_sensitive,
        model,
        row=row,
        all_sheets=all_sheets,
        joins=join,
        date_order=options.date_order(dayfirst, monthfirst, yearfirst),
        password_file=password_file,
    )
    start = options.start(asked, path, vocab)
    path, chosen, vocabulary = start.path, start.options, start.vocabulary

    from lostdeals.pipeline.score import run
    from lostdeals.score import lead_of_row
    from lostdeals.write.explain import explain_object, explain_screen
    from lostdeals.write.screen import show as put

    with show.working(path, quiet=quiet or as_json):
        report = run(path, vocabulary, chosen)
    words = Words(vocabulary, report.lang)
    lead = lead_of_row(report.layout, row)
    if output is not None:
        show.write_object(explain_object(report, lead, words), output)
    if as_json:
        show.print_object(explain_object(report, lead, words))
    elif not quiet:
        put(explain_screen(report, lead, words))
    return OK
