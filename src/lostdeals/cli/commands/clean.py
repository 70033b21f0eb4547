"""``lostdeals clean``: the sheet with its values mended, what was done to every cell, and the way back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lostdeals.cli import OK, options
from lostdeals.cli.language import help_text
from lostdeals.errors import LostDealsError

if TYPE_CHECKING:
    from lostdeals.model import Options
    from lostdeals.vocab import Vocabulary


def clean(
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
    dayfirst: options.DayFirst = False,
    monthfirst: options.MonthFirst = False,
    yearfirst: options.YearFirst = False,
    winsorise: options.Winsorise = False,
    vocab: options.Vocab = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="PATH", help=help_text("option.cleaned_output"))
    ] = None,
    changes: Annotated[Path | None, typer.Option("--changes", metavar="CSV", help=help_text("option.changes"))] = None,
    duplicates: Annotated[
        Path | None, typer.Option("--duplicates", metavar="CSV", help=help_text("option.duplicates"))
    ] = None,
    merged: Annotated[Path | None, typer.Option("--merged", metavar="CSV", help=help_text("option.merged"))] = None,
    problems: Annotated[
        Path | None, typer.Option("--problems", metavar="CSV", help=help_text("option.problems"))
    ] = None,
    undo: Annotated[Path | None, typer.Option("--undo", metavar="CSV", help=help_text("option.undo"))] = None,
    rule: Annotated[str | None, typer.Option("--rule", metavar="NAME", help=help_text("option.rule"))] = None,
    encoding: options.Encoding = "utf-8-sig",
    raw_csv: options.RawCsv = False,
    no_charts: options.NoCharts = False,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> int:
    """Clean one sheet, or take a cleaning back."""
    from lostdeals.cli import show
    from lostdeals.vocab import Words

    if rule is not None and undo is None:
        raise LostDealsError("option-needs", usage=True, option="--rule", needed="--undo")
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
        winsorise=winsorise,
        all_sheets=all_sheets,
        joins=join,
        password_file=password_file,
        date_order=order,
    )
    start = options.start(asked, path, vocab)
    path, chosen, vocabulary = start.path, start.options, start.vocabulary

    if undo is not None:
        return _take_back(path, undo, rule, vocabulary, chosen, output, encoding, raw_csv, as_json=as_json, quiet=quiet)

    from lostdeals.pipeline.clean import one_row_each, run_clean
    from lostdeals.write.cleaned import TYPED, as_written, output_rows, write_cleaned
    from lostdeals.write.log import write_log, write_merged, write_pairs, write_problems

    target = output or path.parent / f"{path.stem}.cleaned.xlsx"
    ending = target.suffix.lower()
    files = {"sheet": target, "log": changes, "pairs": duplicates, "merged": merged, "problems": problems}
    outputs = {kind: file for kind, file in files.items() if file is not None}
    for place, (kind, file) in enumerate(outputs.items()):
        options.check_output(file, TYPED if kind == "sheet" else [".csv"], [path, *list(outputs.values())[:place]])
    with show.working(path, quiet=quiet or as_json):
        report = as_written(run_clean(path, vocabulary, chosen, typed=TYPED[ending]), ending, raw=raw_csv)
        words = Words(vocabulary, report.lang)
        notes = write_cleaned(report, words, target, encoding=encoding, raw=raw_csv)
        if changes is not None:
            write_log(report, output_rows(report, ending), changes)
        if duplicates is not None:
            write_pairs(report.pairs, duplicates)
        if merged is not None:
            write_merged(report, one_row_each(report), merged)
        if problems is not None:
            write_problems(report, words, problems)
    if as_json:
        show.clean_json(report, words, list(outputs.values()), notes)
    elif not quiet:
        show.clean_report(report, words, outputs, notes, verbose=verbose)
    return OK


def _take_back(
    path: Path,
    log: Path,
    rule: str | None,
    vocabulary: Vocabulary,
    chosen: Options,
    output: Path | None,
    encoding: str,
    raw: bool,
    *,
    as_json: bool,
    quiet: bool,
) -> int:
    """``--undo``: write the cleaned sheet with its original values."""
    from lostdeals.cli import show
    from lostdeals.pipeline.clean import run_undo
    from lostdeals.vocab import Words
    from lostdeals.write.cleaned import TYPED, write_sheets

    ending = ".csv" if path.suffix.lower() == ".csv" else ".xlsx"
    target = output or path.parent / f"{path.stem.removesuffix('.cleaned')}.undone{ending}"
    options.check_output(target, TYPED, [path, log])
    with show.working(path, quiet=quiet or as_json):
        report = run_undo(path, log, vocabulary, chosen, rule)
        words = Words(vocabulary, report.lang)
        notes = write_sheets(report.sheets, report.sheet, words, target, chosen.today, encoding=encoding, raw=raw)
    if as_json:
        show.undo_json(report, words, [target], notes)
    elif not quiet:
        show.undo_report(report, words, [target], notes)
    return OK
