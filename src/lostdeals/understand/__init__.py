"""Find the customers on a sheet and say what each column means."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from math import log2

from lostdeals.errors import LostDealsError
from lostdeals.model import ColumnMatch, Finding, Layout, Options, Sheet
from lostdeals.understand.header import Table, find_table
from lostdeals.understand.language import language_of
from lostdeals.understand.leads import to_leads
from lostdeals.understand.own import mark_own, without_own
from lostdeals.understand.roles import letters_of, match_columns
from lostdeals.vocab import Vocabulary, normalise

__all__ = ["find_table", "inspect_sheets", "language_of", "match_columns", "to_leads", "understand", "without_own"]

NEEDED = 2
"""Columns with a role that make a sheet of customers; one is enough on a sheet of one or two columns."""


def understand(sheets: Sequence[Sheet], vocabulary: Vocabulary, options: Options) -> tuple[Sheet, Layout]:
    """The customer sheet of a file and its layout: the one with the most known columns and rows, visible before hidden.

    Raises LostDealsError ``unknown-sheet``, ``unknown-role`` and ``unknown-column`` (usage) where the user names what is
    not there, and ``empty-sheet``, ``no-header`` or ``no-known-column`` where no sheet is a table of customers.
    """
    layouts = inspect_sheets(sheets, vocabulary, options)
    good = [(sheet, layout) for sheet, layout in layouts if isinstance(layout, Layout)]
    if not good:
        raise next(
            error
            for sheet, error in sorted(layouts, key=lambda pair: _worth(*pair), reverse=True)
            if isinstance(error, LostDealsError)
        )
    mapped = [(sheet, layout) for sheet, layout in good if not _missing([layout], options)]
    sheet, layout = max(mapped or good, key=lambda pair: _worth(*pair))
    _check_mapping([layout], options)
    others = [other.name for other in sheets if other is not sheet]
    if others and options.sheet is None:
        picked = Finding("sheet-picked", len(others), sheet.name, {"name": sheet.name, "others": ", ".join(others)})
        layout = _with(layout, (picked,))
    return sheet, layout


def inspect_sheets(
    sheets: Sequence[Sheet], vocabulary: Vocabulary, options: Options
) -> list[tuple[Sheet, Layout | LostDealsError]]:
    """Every sheet (or the one that ``options.sheet`` names) with its layout, or with the reason why it has none.

    Raises LostDealsError ``unknown-sheet``, ``unknown-role`` and ``unknown-column`` (usage).
    """
    out: list[tuple[Sheet, Layout | LostDealsError]] = []
    for sheet in _chosen(sheets, options.sheet):
        try:
            out.append((sheet, _layout(sheet, vocabulary, options)))
        except LostDealsError as error:
            if error.code == "unknown-role":
                raise
            out.append((sheet, error))
    _check_mapping([layout for _, layout in out if isinstance(layout, Layout)], options)
    return out


def _missing(layouts: Sequence[Layout], options: Options) -> list[str]:
    """The columns the user maps that none of the sheets has."""
    headers = [{column.letter: column.header for column in layout.columns} for layout in layouts]
    return [wanted for wanted in options.mapping if not any(letters_of(names, wanted) for names in headers)]


def _check_mapping(layouts: Sequence[Layout], options: Options) -> None:
    if layouts and (missing := _missing(layouts, options)):
        names = [column.header for layout in layouts for column in layout.columns if column.header]
        near = get_close_matches(missing[0], names, n=3, cutoff=0.4) or names[:8]
        raise LostDealsError("unknown-column", where="--map", usage=True, column=missing[0], near=", ".join(near))


def _layout(sheet: Sheet, vocabulary: Vocabulary, options: Options) -> Layout:
    table = find_table(sheet, vocabulary, options.header_row)
    data = sheet.cells.loc[list(table.rows), list(table.headers)]
    usual = {header: role for header, role in options.columns.items() if letters_of(table.headers, header)}
    columns = match_columns(table.headers, data, vocabulary, {**usual, **options.mapping})
    known = sum(map(_is_known, columns))
    if (
        known < min(NEEDED, max(1, len(columns) - 1))
        and options.header_row is None
        and not any(column.how == "user" for column in columns)
    ):
        raise _no_known_column(sheet, table, known)
    findings = (*_hidden(sheet, table), *table.findings)
    layout = Layout(table.header_rows, columns, table.rows, language_of(table.headers.values(), data), findings)
    return mark_own(sheet, layout, vocabulary)


def _hidden(sheet: Sheet, table: Table) -> list[Finding]:
    """Customers whom a filter or the user has hidden: they are scored like the others, and it is said."""
    rows = sorted(sheet.hidden_rows.intersection(table.rows))
    return [Finding("hidden-rows", len(rows), f"{sheet.name}!{rows[0]}")] if rows else []


def _no_known_column(sheet: Sheet, table: Table, known: int) -> LostDealsError:
    row = table.header_rows[0] if table.header_rows else 1
    headers = ", ".join([header for header in table.headers.values() if header][:8])
    return LostDealsError(
        "no-known-column", where=f"{sheet.path.name} › {sheet.name}!A{row}", row=row, known=known, headers=headers
    )


def _chosen(sheets: Sequence[Sheet], wanted: str | None) -> Sequence[Sheet]:
    if wanted is None:
        return sheets
    for same in (str, normalise):
        found = [sheet for sheet in sheets if same(sheet.name) == same(wanted)]
        if found:
            return found[:1]
    names = [sheet.name for sheet in sheets]
    raise LostDealsError(
        "unknown-sheet", where=sheets[0].path.name if sheets else "", usage=True, sheet=wanted, names=", ".join(names)
    )


def _is_known(column: ColumnMatch) -> bool:
    return column.role not in ("extra", "ignore")


def _worth(sheet: Sheet, layout: Layout | LostDealsError) -> tuple[bool, float]:
    """Visible first, then known columns times the magnitude of the rows: a long log does not beat the customers."""
    if isinstance(layout, LostDealsError):
        return not sheet.hidden, float(sheet.cells.size > 0) + (layout.code == "no-known-column")
    return not sheet.hidden, sum(map(_is_known, layout.columns)) * log2(1 + len(layout.rows))


def _with(layout: Layout, findings: tuple[Finding, ...]) -> Layout:
    return Layout(layout.header_rows, layout.columns, layout.rows, layout.language, (*findings, *layout.findings))
