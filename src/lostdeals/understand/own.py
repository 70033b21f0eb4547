"""Recognise the columns and sheets of an earlier run, so that a scored sheet can be scored again."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from lostdeals.errors import LostDealsError
from lostdeals.model import ColumnMatch, Finding, Layout, Sheet
from lostdeals.package.letters import number
from lostdeals.schema import ADDED, OVERRIDE
from lostdeals.understand.own_pages import own_pages
from lostdeals.vocab import Vocabulary

RESULTS = "results"
"""The page of our columns where they have no room beside the customers; it looks like customers, too."""
HEADERS = 60
"""Rows from the top in which the headers of an earlier run's columns are looked for."""
ENOUGH = 8
"""So many of our headers side by side are ours; a user's own 评分 or 等级 alone stays the user's."""


def mark_own(sheet: Sheet, layout: Layout, vocabulary: Vocabulary) -> Layout:
    """The layout with the columns that an earlier run added marked ``own``; the override column keeps its values.

    Ours stand together in the contract's order and in one language; the user may have added columns behind them.
    """
    labels = vocabulary.section("messages")["column"]
    for language in labels[ADDED[0]]:
        ours = {labels[key][language]: key for key in ADDED}
        tail = [column for column in layout.columns if column.header in ours][-len(ADDED) :]
        if len({column.header for column in tail}) < ENOUGH:
            continue
        start = layout.columns.index(tail[0])
        columns = tuple(
            _own(column, ours.get(column.header, "")) if place >= start else column
            for place, column in enumerate(layout.columns)
        )
        finding = Finding("own-columns", len(tail), f"{sheet.name}!{tail[0].letter}")
        return replace(layout, columns=columns, findings=(finding, *layout.findings))
    return layout


def own_columns(sheet: Sheet, vocabulary: Vocabulary) -> dict[str, str]:
    """Letter -> header of the columns that an earlier run added to a sheet; they stand beside all tables on it."""
    labels = vocabulary.section("messages")["column"]
    letters = [str(letter) for letter in sheet.cells.columns]
    for row in sheet.cells.iloc[:HEADERS].to_numpy(dtype=object):
        for language in labels[ADDED[0]]:
            ours = {labels[key][language] for key in ADDED}
            found = [place for place, value in enumerate(row.tolist()) if isinstance(value, str) and value in ours]
            if len({row[place] for place in found[-len(ADDED) :]}) >= ENOUGH:
                return {letters[place]: row[place] for place in found[-len(ADDED) :]}
    return {}


def with_own(sheet: Sheet, layout: Layout, own: Mapping[str, str]) -> Layout:
    """A table's layout with the columns of an earlier run, which stand behind another table."""
    fill = sheet.cells.loc[list(layout.rows), list(own)].notna().mean() if layout.rows else dict.fromkeys(own, 0.0)
    more = [
        ColumnMatch(letter, header, "ignore", "alias", 0.99, f"ignore.{letter}", filled=float(fill[letter]))
        for letter, header in own.items()
    ]
    columns = sorted((*layout.columns, *more), key=lambda column: number(column.letter))
    return replace(layout, columns=tuple(columns))


def without_summaries(
    layouts: Sequence[tuple[Sheet, Layout | LostDealsError]], vocabulary: Vocabulary
) -> list[tuple[Sheet, Layout | LostDealsError]]:
    """The sheets of a file without those an earlier run added, where a sheet with its columns is among them."""
    if not any(isinstance(layout, Layout) and _is_scored(layout) for _, layout in layouts):
        return list(layouts)
    titles = {title for entry in vocabulary.section("messages")["sheet"].values() for title in entry.values()}
    return [
        (sheet, layout)
        for sheet, layout in layouts
        if sheet.name not in titles or (isinstance(layout, Layout) and _is_scored(layout))
    ]


def _is_scored(layout: Layout) -> bool:
    return any(column.why == "own" for column in layout.columns)


def _own(column: ColumnMatch, key: str) -> ColumnMatch:
    if not key:
        return column
    role = "extra" if key == OVERRIDE else "ignore"
    return replace(
        column,
        role=role,
        how="alias",
        confidence=0.99,
        why="own",
        key=key if key == OVERRIDE else f"ignore.{column.letter}",
    )


def without_own(
    sheets: Sequence[Sheet], sheet: Sheet, layout: Layout, vocabulary: Vocabulary, every: Sequence[Sheet] = ()
) -> tuple[list[Sheet], Sheet, Layout]:
    """The file as the user would have it: without the columns and the summary sheets of an earlier run.

    every: all sheets of the file, among them pages that `sheets` leaves out already.
    """
    pages = own_pages(every or sheets, vocabulary)
    layout = replace(layout, own_pages=pages)
    letters = [column.letter for column in layout.columns if column.why == "own"]
    kept = [other for other in sheets if other is sheet or other.name not in pages]
    if not letters:
        return kept, sheet, layout
    plain = replace(sheet, cells=sheet.cells.drop(columns=[letter for letter in letters if letter in sheet.cells]))
    kept = [plain if other is sheet else other for other in kept]
    labels = vocabulary.section("messages")["column"]
    keys = {label: key for key in ADDED for label in labels[key].values()}
    own = {keys[one.header]: one.letter for one in layout.columns if one.why == "own" and one.header in keys}
    theirs = tuple(column for column in layout.columns if column.why != "own")
    return kept, plain, replace(layout, columns=theirs, own=own)


def without_pages(sheets: Sequence[Sheet], vocabulary: Vocabulary) -> list[Sheet]:
    """The sheets of a file without the pages that an earlier run added, known by their names and what stands on them."""
    pages_of_a_result = own_pages(sheets, vocabulary)
    messages = vocabulary.section("messages")
    headings = {**messages["clean-heading"], RESULTS: messages["heading"][RESULTS]}
    pages = [
        (title, re.compile(re.sub(r"\\{[^{}]*\\}", ".*", re.escape(headings[key][language]))))
        for key in headings
        for language, title in messages["sheet"][key].items()
    ]

    def is_page(sheet: Sheet) -> bool:
        first = sheet.cells.iat[0, 0] if sheet.cells.size else None
        return any(
            sheet.name.startswith(title) and isinstance(first, str) and heading.fullmatch(first)
            for title, heading in pages
        )

    return [sheet for sheet in sheets if sheet.name not in pages_of_a_result and not is_page(sheet)] or list(sheets)
