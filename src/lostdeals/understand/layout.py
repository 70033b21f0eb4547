"""The layout of one sheet: its largest table of customers, a role for each column, and what is doubtful about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import log2

from lostdeals.errors import LostDealsError
from lostdeals.model import ColumnMatch, Finding, Layout, Options, Sheet
from lostdeals.package.letters import letters
from lostdeals.understand.board import board
from lostdeals.understand.codes import explained
from lostdeals.understand.continued import continued
from lostdeals.understand.ditto import ditto_finding, dittos
from lostdeals.understand.grid import Grid
from lostdeals.understand.grouped import grouped, grouped_finding, with_groups
from lostdeals.understand.header import Table, no_header, table_of
from lostdeals.understand.header_words import JOINT
from lostdeals.understand.language import language_of
from lostdeals.understand.leads import cells_at
from lostdeals.understand.own import mark_own, own_columns, with_own
from lostdeals.understand.quotes import marks_finding, without_marks
from lostdeals.understand.remembered import fitting, roles_of, with_remembered
from lostdeals.understand.shapes import change_log, only_counts, unlike_a_table
from lostdeals.understand.split import split
from lostdeals.understand.template import customers_table, is_template, match_with_template
from lostdeals.understand.ticks import ticked, without_steps
from lostdeals.understand.told import refuse_twice, user_roles, with_told
from lostdeals.understand.values import values_of
from lostdeals.understand.who import WHO
from lostdeals.understand.whole_name import with_whole_name
from lostdeals.vocab import Vocabulary, normalise

NEEDED = 2
"""Columns with a role that make a sheet of customers; one is enough on a sheet of one or two columns."""
FIRMS = 0.97
"""Confidence of a column of firms from which on a list needs no other known column."""
UNNAMED = 0.2
"""What a row counts, beside those of other sheets, where no column tells whose it is."""
SAYS = ("outcome", "loss_reason", "notes", "stage")
"""Roles that make customers of a list without a header, where nobody is named; dates and numbers alone are a log."""
GUESSED = 0.8
"""Confidence of a guess that counts as a known column, where another column names or describes somebody."""
NAMED = 5
"""Other tables of a sheet that are named."""


def layout_of(sheet: Sheet, vocabulary: Vocabulary, options: Options) -> Layout:
    """The layout of the largest customer table of a sheet."""
    parts, own = split(sheet, vocabulary), own_columns(sheet, vocabulary)
    if own:
        without = split(replace(sheet, cells=sheet.cells.drop(columns=list(own))), vocabulary)
        parts, own = (without, own) if len(without) > 1 else (parts, {})
    shape = unlike_a_table(Grid(sheet, values_of(vocabulary)), vocabulary) if len(parts) > 1 else None
    if options.header_row is not None:
        parts = [part for part in parts if part.holds(options.header_row)] or parts[:1]
    found = [_table_layout(part, vocabulary, options) for part in parts if part.filled_rows.size or len(parts) == 1]
    layout = max(found, key=lambda layout: worth(sheet, layout))
    others = [other for other in found if other is not layout and other.rows]
    alike = [other for other in others if _same_names(other, layout)]
    for code, tables in (
        ("lists-side-by-side", alike),
        ("several-tables", [other for other in others if other not in alike]),
    ):
        if tables:
            places = tuple(f"{sheet.name}!{_area(other)}" for other in tables[:NAMED])
            layout = with_findings(
                layout, (Finding(code, len(tables), places[0], {"area": _area(layout), "others": places}),)
            )
    layout = with_own(sheet, layout, own) if own else layout
    if shape is not None and not _told(layout.columns, options):
        layout = replace(layout, doubt=shape)
    return mark_own(sheet, layout, vocabulary)


def _same_names(other: Layout, layout: Layout) -> bool:
    """Another list of customers beside this one: its columns are called the same."""
    names = [[normalise(column.header.rpartition(JOINT)[2]) for column in one.columns] for one in (other, layout)]
    return names[0] == names[1] and other.header_rows == layout.header_rows


def _table_layout(grid: Grid, vocabulary: Vocabulary, options: Options) -> Layout:
    sheet = grid.sheet
    table = customers_table(sheet, table_of(grid, vocabulary, options.header_row), vocabulary)
    data, marked = without_marks(cells_at(sheet, table.rows, list(table.headers)))
    data, same = dittos(vocabulary).read(data)
    groups = grouped(table.headers, data, table.findings, vocabulary)
    data, meant, codes = explained(table, with_groups(data, groups), sheet, vocabulary)
    choices = ticked(table, data, sheet.name, vocabulary)
    table, data = choices.table, choices.data
    file = fitting(options.remembered, table.headers, sheet.path)
    told = roles_of(file, table.headers, vocabulary) if file else {}
    refuse_twice(told, table.headers, str(file.path) if file else "")
    told = with_told(told, user_roles(table.headers, options.columns, vocabulary, "[columns]"))
    told = with_told(told, user_roles(table.headers, options.mapping, vocabulary, "--map"))
    columns = without_steps(match_with_template(table.headers, data, vocabulary, told), choices.steps, told)
    findings = [
        *_hidden(sheet, table),
        *_merged(sheet, table),
        *table.findings,
        *ditto_finding(same, sheet.name),
        *marks_finding(marked, sheet.name),
        *grouped_finding(groups, table.headers, sheet.name),
        *codes,
        *choices.findings,
    ]
    read_as = {**meant, **choices.read_as}
    if more := continued(columns, data):
        findings.append(more.finding(columns, sheet.name))
        data, read_as = more.data(data), {**read_as, **more.read_as}
        table = replace(table, rows=tuple(map(int, data.index)))
        columns = without_steps(match_with_template(table.headers, data, vocabulary, told), choices.steps, told)
    language = language_of(table.headers.values(), data)
    ours = is_template(table.headers.values(), vocabulary)
    doubt = _doubt(grid, table, columns, vocabulary, options)
    layout = Layout(
        table.header_rows,
        columns,
        table.rows,
        language,
        tuple(findings),
        file,
        doubt,
        ours,
        dittos={letter: {**marked.get(letter, {}), **same.get(letter, {})} for letter in {*marked, *same}},
        groups=groups,
        read_as=read_as,
    )
    layout = with_whole_name(layout, data, sheet.name, vocabulary)
    return with_remembered(layout, file, sheet.name) if file else layout


def _doubt(
    grid: Grid, table: Table, columns: Sequence[ColumnMatch], vocabulary: Vocabulary, options: Options
) -> LostDealsError | None:
    """Why this is hardly a table of customers; None where it is one, or where the user has said what it is."""
    sheet = grid.sheet
    named = any(column.role in (*WHO, *SAYS) for column in columns)
    known = sum(_is_known(column) and (named or column.how != "model") for column in columns)
    if _told(columns, options):
        return None
    other = change_log(table, grid, vocabulary) or board(table, grid, vocabulary) or unlike_a_table(grid, vocabulary)
    if other := other or only_counts(grid, table, columns, vocabulary):
        return other
    firms = any(column.role == "company" and column.confidence >= FIRMS for column in columns)
    if (named or table.header_rows) and known >= min(NEEDED - firms, max(1, len(columns) - 1)):
        return None
    if table.doubt is not None or not table.header_rows:
        return table.doubt or no_header(sheet, table.rows[0] if table.rows else 1, known, len(table.rows))
    return _no_known_column(sheet, table, known)


def _told(columns: Sequence[ColumnMatch], options: Options) -> bool:
    """The user has said where the header is, or what a column means."""
    return options.header_row is not None or any(column.how == "user" for column in columns)


def _area(layout: Layout) -> str:
    """Where a table is, as A1:D20."""
    rows = [*layout.header_rows, *layout.rows]
    return f"{layout.columns[0].letter}{min(rows)}:{layout.columns[-1].letter}{max(rows)}"


def _hidden(sheet: Sheet, table: Table) -> list[Finding]:
    """Customers whom a filter or the user has hidden: they are scored like the others, and it is said."""
    rows = sorted(sheet.hidden_rows.intersection(table.rows))
    return [Finding("hidden-rows", len(rows), f"{sheet.name}!{rows[0]}")] if rows else []


def _merged(sheet: Sheet, table: Table) -> list[Finding]:
    """Merged cells over several rows of which one is a customer's; those of the header join its names and need no word."""
    rows = set(table.rows)
    found = [
        (top, letters(left))
        for top, left, bottom, _ in sheet.merged
        if bottom > top and letters(left) in table.headers and not rows.isdisjoint(range(top, bottom + 1))
    ]
    said = [place for place in found if sheet.cells.at[place] is not None]
    return [Finding("merged-cells", len(said), f"{sheet.name}!{said[0][1]}{said[0][0]}")] if said else []


def _no_known_column(sheet: Sheet, table: Table, known: int) -> LostDealsError:
    row = table.header_rows[0] if table.header_rows else 1
    headers = tuple([header for header in table.headers.values() if header][:8])
    return LostDealsError(
        "no-known-column", where=f"{sheet.path.name} › {sheet.name}!A{row}", row=row, known=known, headers=headers
    )


def _is_known(column: ColumnMatch) -> bool:
    """The column has a role, and not only by a guess at its header."""
    return column.role not in ("extra", "ignore") and (column.how != "model" or column.confidence >= GUESSED)


def worth(sheet: Sheet, layout: Layout | LostDealsError) -> tuple[bool, bool, float]:
    """Visible first, then known columns times the magnitude of the rows: a long log does not beat the customers."""
    if isinstance(layout, LostDealsError):
        return not sheet.hidden, False, -1.0
    known = sum(map(_is_known, layout.columns)) + (2 if layout.keys("outcome") else 0)
    return not sheet.hidden, layout.doubt is None, known * log2(1 + _customers(layout)) + bool(layout.header_rows) / 2


def _customers(layout: Layout) -> float:
    """Rows, or fewer where the same names, phones and companies come again and again, or none at all: a log."""
    shares = [column.distinct / column.said for column in layout.columns if column.role in WHO and column.said]
    return len(layout.rows) * max(shares, default=UNNAMED)


def with_findings(layout: Layout, findings: tuple[Finding, ...]) -> Layout:
    """A layout with more findings, before its own."""
    return replace(layout, findings=(*findings, *layout.findings))
