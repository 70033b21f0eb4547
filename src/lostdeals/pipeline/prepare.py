"""From a file to its customers, cleaned and classified: the way that every command goes first."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from lostdeals.analyse import Latest, latest_of_each
from lostdeals.classify import Classified, classify
from lostdeals.clean import Cleaned, clean, sheet_day
from lostdeals.distinct import remembering
from lostdeals.errors import LostDealsError
from lostdeals.model import Finding, Layout, Options, Sheet
from lostdeals.pipeline.colours import with_colours
from lostdeals.pipeline.plain_tables import table_of
from lostdeals.read import read_book
from lostdeals.score import Scorecard, amount_columns
from lostdeals.understand import (
    Earlier,
    earlier,
    joined,
    needless_pages,
    parted,
    remembered_in,
    stacked,
    to_leads,
    understand,
    with_tiers,
    without_own,
    without_pages,
)
from lostdeals.vocab import Vocabulary, Words


@dataclass(frozen=True)
class Prepared:
    """One sheet, understood, cleaned and classified."""

    sheets: list[Sheet]
    """The file's sheets, without those that an earlier run added."""
    sheet: Sheet
    layout: Layout
    words: Words
    cleaned: Cleaned
    classified: Classified
    follow_ups: pd.DataFrame
    """What somebody wrote on the plan of an earlier run."""
    carried: tuple[Finding, ...]
    """What was carried over from there."""


def read(path: Path, vocabulary: Vocabulary, options: Options) -> list[Sheet]:
    """The sheets of a file, without the large pages of an earlier run that would be left out anyway."""
    return read_book(path, options.password, needless_pages(path, vocabulary))


def opened(
    path: Path, vocabulary: Vocabulary, options: Options, sheets: Sequence[Sheet] | None = None
) -> tuple[list[Sheet], Options]:
    """The sheets of a file, stacked and joined as the options ask, and the options with what is remembered beside it.

    sheets: all of the file, where it has been read.
    """
    sheets = without_pages(read(path, vocabulary, options) if sheets is None else sheets, vocabulary)
    sheets = parted(sheets, vocabulary)
    options = replace(options, remembered=remembered_in(path.parent, path))
    if options.all_sheets:
        sheets, whole = stacked(sheets, vocabulary, options)
        options = replace(options, sheet=whole.name, header_row=None)
    for other in options.joins:
        sheets = joined(sheets, read_book(other, options.password), vocabulary, options)
    return sheets, options


@remembering()
def prepare(
    sheets: list[Sheet],
    vocabulary: Vocabulary,
    options: Options,
    card: Scorecard | None = None,
    every: Sequence[Sheet] = (),
) -> Prepared:
    """Find the customer sheet, clean it and classify its rows; LostDealsError ``no-rows`` where it has none.

    every: all sheets of the file, among them the pages of an earlier run.
    """
    sheet, layout = understood(sheets, vocabulary, options)
    words = Words(vocabulary, options.lang or layout.language)
    options = with_outcome(options, layout)
    raw = to_leads(sheet, layout)
    sheets, sheet, layout = without_own(sheets, sheet, layout, vocabulary, every)
    before, carried = _earlier(every, layout, vocabulary, options)
    raw = with_tiers(raw, before.tiers)
    cleaned = cleaned_leads(raw, sheet, layout, vocabulary, options, amount_columns(card, layout) if card else ())
    classified = classify(cleaned.leads, layout, vocabulary, options, cleaned.changes)
    return Prepared(sheets, sheet, layout, words, cleaned, classified, before.follow_ups, carried)


def understood(sheets: Sequence[Sheet], vocabulary: Vocabulary, options: Options) -> tuple[Sheet, Layout]:
    """The customer sheet and its layout; LostDealsError ``no-rows`` where it has no customers."""
    sheet, layout = understand(sheets, vocabulary, options)
    if not layout.rows:
        row = layout.header_rows[-1] if layout.header_rows else 1
        raise LostDealsError("no-rows", where=f"{sheet.path.name} › {sheet.name}!{row}")
    return sheet, with_colours(sheet, layout, vocabulary, options)


def cleaned_leads(
    raw: pd.DataFrame,
    sheet: Sheet,
    layout: Layout,
    vocabulary: Vocabulary,
    options: Options,
    amounts: Collection[str] = (),
) -> Cleaned:
    """The leads of a sheet, cleaned."""
    return clean(
        raw,
        vocabulary,
        today=options.today,
        language=layout.language,
        tz=options.tz,
        address=lambda lead, key: f"{sheet.name}!{layout.letter(key)}{layout.rows[lead]}",
        headers={column.key: column.header for column in layout.columns},
        amounts=amounts,
        date_order=options.date_order,
        written=sheet_day(_above(sheet, layout), vocabulary, options.today),
        lang=options.lang,
        winsorise=options.winsorise,
    )


def with_outcome(options: Options, layout: Layout) -> Options:
    """The options with the outcome that is remembered for this layout, where the user has not said another now."""
    file = layout.remembered
    if file is None or options.outcome is not None or options.outcome_values:
        return options
    return replace(options, outcome=file.outcome, outcome_values=file.outcome_values)


def latest(ready: Prepared, vocabulary: Vocabulary, options: Options) -> Latest | None:
    """The customers of a sheet that holds their changes or events; None where its rows are customers."""
    classified = ready.classified
    return latest_of_each(
        classified.leads,
        ready.layout,
        vocabulary,
        classified.outcome.statuses,
        lambda: table_of(ready.sheet),
        options.mapping,
    )


def _earlier(
    every: Sequence[Sheet], layout: Layout, vocabulary: Vocabulary, options: Options
) -> tuple[Earlier, tuple[Finding, ...]]:
    """What was written by hand into this file, if it is a result, and into the result that stands at the output's place."""
    found = [earlier(every, layout, vocabulary, options)] if layout.own or layout.own_pages else []
    unread: tuple[Finding, ...] = ()
    if options.previous is not None:
        try:
            book = read_book(options.previous, needless=needless_pages(options.previous, vocabulary))
            found.append(earlier(book, layout, vocabulary, options))
        except LostDealsError:
            unread = (Finding("earlier-unreadable", first=options.previous.name),)
    tiers = [one.tiers for one in found if len(one.tiers)]
    lines = [one.follow_ups for one in found if len(one.follow_ups)]
    both = Earlier(
        pd.concat(tiers, ignore_index=True) if tiers else Earlier().tiers,
        pd.concat(lines, ignore_index=True) if lines else Earlier().follow_ups,
    )
    counts = {"tiers": len(both.tiers), "follow_ups": len(both.follow_ups)}
    said = (Finding("carried-over", sum(counts.values()), values=counts),) if any(counts.values()) else ()
    return both, (*said, *unread)


def _above(sheet: Sheet, layout: Layout) -> list[object]:
    """The filled cells above the header, where a sheet may say what day it is of."""
    if not layout.header_rows:
        return []
    cells = sheet.cells.loc[sheet.cells.index < layout.header_rows[0]].to_numpy().ravel()
    return [cell for cell in cells if cell is not None]
