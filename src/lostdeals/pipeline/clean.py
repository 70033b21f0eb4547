"""``lostdeals clean`` and its way back."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pandas as pd

from lostdeals.analyse import quality
from lostdeals.clean import in_place, merged, read_log, undo_in_place
from lostdeals.errors import LostDealsError
from lostdeals.model import CleanReport, Options, UndoReport, noticed
from lostdeals.pipeline.prepare import cleaned_leads, opened, understood
from lostdeals.read import read_book
from lostdeals.schema import MONEY
from lostdeals.understand import to_leads, without_pages
from lostdeals.vocab import Vocabulary


def run_clean(path: Path, vocabulary: Vocabulary, options: Options, *, typed: bool) -> CleanReport:
    """Read, understand and clean one sheet, keep what was done to every cell, and judge its data.

    typed: the file that comes of it keeps dates and numbers apart from text, as a workbook does and a CSV does not.
    """
    start = time.perf_counter()
    sheets, options = opened(path, vocabulary, options)
    read = time.perf_counter() - start
    sheet, layout = understood(sheets, vocabulary, options)
    raw = to_leads(sheet, layout)
    cleaned = cleaned_leads(raw, sheet, layout, vocabulary, options)
    own = cleaned.missing[cleaned.missing["column"].isin(raw.columns)]
    mended, log = in_place(sheet, raw, cleaned, layout, vocabulary, typed=typed)
    found = [*noticed(sheet, layout), *cleaned.findings]
    return CleanReport(
        source=path,
        sheets=tuple(sheets),
        sheet=sheet,
        cleaned=mended,
        layout=layout,
        lang=options.lang or layout.language,
        today=options.today,
        leads=cleaned.leads,
        log=log,
        problems=cleaned.problems,
        pairs=cleaned.pairs,
        quality=quality(cleaned.leads, cleaned.changes, cleaned.problems, own, vocabulary, options.today),
        findings=tuple(finding for finding in found if finding.code != "own-columns"),
        seconds={"read": read, "total": time.perf_counter() - start},
    )


def one_row_each(report: CleanReport) -> pd.DataFrame:
    """The customers of a cleaned sheet in one row each, blanks filled from the copies, amounts in the header's unit."""
    cells = report.cleaned.cells.loc[list(report.layout.rows)]
    amounts = {
        column.key: cells[column.letter].to_numpy(dtype=object)
        for column in report.layout.columns
        if column.role in MONEY and column.key in report.leads
    }
    return merged(report.leads.assign(**amounts))


def run_undo(path: Path, log_path: Path, vocabulary: Vocabulary, options: Options, rule: str | None) -> UndoReport:
    """A cleaned file with the values that its log says it had, all of them or those that one rule changed.

    Raises LostDealsError ``not-a-change-log``, ``unknown-rule`` (usage), ``unknown-sheet`` (usage) and
    ``log-does-not-fit``.
    """
    log = read_log(read_book(log_path)[0])
    rules = list(log["rule"].unique())
    if rule is not None and rule not in rules:
        raise LostDealsError("unknown-rule", where="--rule", usage=True, rule=rule, known=tuple(rules))
    sheets = without_pages(read_book(path, options.password), vocabulary)
    names = [options.sheet] if options.sheet else list(log["sheet"].unique())
    sheet = next(
        (sheet for sheet in sheets if any(sheet.name == name or sheet.name == name[:31] for name in names)), sheets[0]
    )
    undone = undo_in_place(sheet.cells, log, rule)
    if len(log) and not undone.restored + undone.already + undone.later:
        raise LostDealsError("log-does-not-fit", where=str(path), n=len(log))
    filled = undone.cells.notna().any().to_numpy()
    restored = replace(sheet, cells=undone.cells.iloc[:, : filled.nonzero()[0].max(initial=-1) + 1])
    chinese = any("\u4e00" <= sign <= "\u9fff" for header in log["header"].unique() for sign in header or "")
    return UndoReport(
        source=path,
        log=log_path,
        rule=rule,
        sheets=tuple(restored if other is sheet else other for other in sheets),
        sheet=restored,
        lang=options.lang or ("zh" if chinese else "en"),
        restored=undone.restored,
        already=undone.already,
        changed=undone.changed,
        first_changed=undone.first_changed,
        later=undone.later,
        first_later=undone.first_later,
        missing=undone.missing,
    )
