"""``lostdeals inspect``: how every sheet of a file is understood, and what is remembered of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from lostdeals.classify import STAGE_ROLES, find_outcome, is_day, missing_findings, own_stages, stage_of_date
from lostdeals.errors import LostDealsError
from lostdeals.model import ColumnMatch, Inspected, Layout, Options, Sheet
from lostdeals.pipeline.colours import with_colours
from lostdeals.pipeline.prepare import opened, with_outcome
from lostdeals.stats.stage_order import ENOUGH_ROWS
from lostdeals.understand import as_toml, inspect_sheets, place_beside, say_something, to_leads, worth
from lostdeals.vocab import Vocabulary, Words

ENDS = ("notes", "loss_reason")
"""Roles that tell who bought where no outcome and no day of the sale does."""


def inspect(path: Path, vocabulary: Vocabulary, options: Options) -> tuple[list[Inspected], Options]:
    """How every sheet of a file (or the one asked for) is understood, and who bought by its own words; nothing is scored."""
    sheets, options = opened(path, vocabulary, options)
    found = inspect_sheets(sheets, vocabulary, options)
    best = max(found, key=lambda pair: worth(*pair))[0]
    plain = replace(options, outcome=None, outcome_values={})
    understood = [_inspected(sheet, layout, vocabulary, options if sheet is best else plain) for sheet, layout in found]
    return [replace(one, picked=one.sheet is best and _has_customers(one.layout)) for one in understood], options


def roles_file(path: Path, understood: Sequence[Inspected], options: Options, words: Words) -> tuple[Path, str]:
    """The file that remembers how the customer sheet of these is read, and what it says.

    Raises the LostDealsError of the sheet where none is understood.
    """
    best = max(understood, key=lambda one: worth(one.sheet, one.layout))
    if isinstance(best.layout, LostDealsError):
        raise best.layout
    said, file = best.outcome, best.layout.remembered
    told = options.outcome is not None or options.outcome_values or (file is not None and file.outcome is not None)
    outcome = (
        (said.header, {**said.values, **said.missing})
        if told and said is not None and said.header is not None
        else None
    )
    return place_beside(path), as_toml(path, best.layout, outcome, words)


def _has_customers(layout: Layout | LostDealsError) -> bool:
    return not isinstance(layout, LostDealsError) and layout.doubt is None


def _inspected(sheet: Sheet, layout: Layout | LostDealsError, vocabulary: Vocabulary, options: Options) -> Inspected:
    if isinstance(layout, LostDealsError):
        return Inspected(sheet, layout)
    options = with_outcome(options, layout)
    layout = with_colours(sheet, layout, vocabulary, options)
    asked = options.outcome is not None or options.outcome_values
    both = bool(layout.keys("outcome") and layout.keys("stage"))
    wanted = ("outcome", "stage", "loss_reason") if both else ("outcome", "stage")
    columns = [column for column in layout.columns if asked or column.role in wanted]
    days = [] if columns else [column for column in layout.columns if is_day(column.role) or column.role in ENDS]
    whole = to_leads(sheet, replace(layout, columns=tuple(columns or days))).drop(columns=["src_sheet", "src_row"])
    few, times = (whole, [1] * len(whole)) if days else _distinct(whole)
    leads = say_something(few, vocabulary)
    reading, texts = find_outcome(leads, layout, vocabulary, options)
    layout = replace(layout, findings=(*layout.findings, *missing_findings(reading, options.outcome_values)))
    counts: Counter[str] = Counter()
    for text, n in zip(texts, times, strict=True):
        if isinstance(text, str):
            counts[text] += n
    layout = replace(layout, columns=tuple(_with_stage(column, vocabulary) for column in layout.columns))
    staged = [column for column in layout.columns if column.role in STAGE_ROLES]
    some = to_leads(sheet, replace(layout, columns=tuple(staged), rows=layout.rows[:ENOUGH_ROWS]))
    stages, by = own_stages(some, leads["stage"].repeat(times) if "stage" in leads else None, vocabulary)
    return Inspected(sheet, layout, reading, dict(counts.most_common()), stages, by)


def _distinct(leads: pd.DataFrame) -> tuple[pd.DataFrame, list[int]]:
    """The different rows, and how often each one comes: what a list of choices says is said by a few of them."""
    rows = Counter(zip(*(leads.iloc[:, place].tolist() for place in range(leads.shape[1])), strict=True))
    columns = zip(*rows, strict=True) if rows else [[] for _ in leads.columns]
    few = {name: pd.Series(list(cells), dtype=object) for name, cells in zip(leads.columns, columns, strict=True)}
    return pd.DataFrame(few), list(rows.values())


def _with_stage(column: ColumnMatch, vocabulary: Vocabulary) -> ColumnMatch:
    return replace(column, stage=stage_of_date(column.header, vocabulary)) if column.role == "stage_date" else column
