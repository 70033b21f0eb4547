"""``lostdeals score``: the main job."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lostdeals.cli import OK, options
from lostdeals.cli.language import help_text


def score(
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
    card: options.Card = None,
    keep: options.Keep = None,
    drop: options.Drop = None,
    missing: options.Missing = None,
    without_sensitive: options.WithoutSensitive = False,
    model: options.SavedModel = None,
    save_model: options.SaveModel = None,
    report_model: options.ReportModel = False,
    lang: options.Lang = None,
    today: options.Today = None,
    tz: options.Tz = None,
    dayfirst: options.DayFirst = False,
    monthfirst: options.MonthFirst = False,
    yearfirst: options.YearFirst = False,
    winsorise: options.Winsorise = False,
    vocab: options.Vocab = None,
    output: options.Output = None,
    encoding: options.Encoding = "utf-8-sig",
    raw_csv: options.RawCsv = False,
    no_charts: options.NoCharts = False,
    no_remember: Annotated[bool, typer.Option("--no-remember", help=help_text("option.no_remember"))] = False,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> int:
    """Score one sheet, write what came of it, and say so."""
    from lostdeals.cli import questions, show
    from lostdeals.config import remember
    from lostdeals.model import Finding
    from lostdeals.vocab import Words

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
        card,
        keep,
        drop=drop,
        missing=missing,
        without_sensitive=without_sensitive,
        model=model,
        keep_model=save_model is not None,
        winsorise=winsorise,
        all_sheets=all_sheets,
        joins=join,
        date_order=order,
        password_file=password_file,
    )
    start = options.start(asked, path, vocab)
    path, chosen, vocabulary = start.path, start.options, start.vocabulary

    from lostdeals.pipeline.score import run
    from lostdeals.write import CHART_FOLDER, WRITERS, scored_name, write_charts

    target = output or path.parent / scored_name(path)
    options.check_output(target, WRITERS, [path, *(join or [])])
    chosen = options.with_previous(chosen, target)
    options.check_model_file(save_model)
    with show.working(path, quiet=quiet or as_json) as pause:
        ask = None if quiet or as_json else questions.asking(pause, vocabulary, chosen)
        report = run(path, vocabulary, chosen, ask)
        words = Words(vocabulary, report.lang)
        written = WRITERS[target.suffix.lower()](report, words, target, encoding=encoding, raw=raw_csv)
        outputs, notes = [written.path], written.notes
        charts = [] if no_charts else write_charts(report, words, target.with_name(f"{path.stem}{CHART_FOLDER}"))
        if save_model is not None and report.model_text is not None:
            show.write_text(report.model_text + "\n", save_model)
            outputs.append(save_model)
        elif save_model is not None:
            notes = (*notes, Finding("nothing-to-save"))
    if not no_remember:
        remember(path, Path.cwd())
    if as_json:
        show.score_json(report, words, outputs + charts, notes)
    elif not quiet:
        show.score_report(report, words, outputs, charts, notes, verbose=verbose, model=report_model)
    return OK
