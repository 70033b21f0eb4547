"""Know a sheet that was filled in from our own template: what each column is, and which row is only the example."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from lostdeals.model import ColumnMatch, Finding, Sheet
from lostdeals.schema import REPEATABLE
from lostdeals.understand.aliases import aliases
from lostdeals.understand.header import Table
from lostdeals.understand.roles import match_columns
from lostdeals.understand.values import values_of
from lostdeals.understand.who import CALLED
from lostdeals.vocab import Vocabulary, normalise
from lostdeals.vocab.template import LANGUAGES, template_columns

AT_THE_TOP = 20
"""Customers among which an example may stand; it is there to be written over."""


def customers_table(sheet: Sheet, table: Table, vocabulary: Vocabulary) -> Table:
    """The table without the template's row of group names and, on any sheet, without rows marked as examples.

    >>> from pathlib import Path
    >>> from lostdeals.vocab import load
    >>> cells = [["基本信息", None, "跟进阶段"], ["姓名", "手机", "阶段"], ["示例：王晓雯", "19900000001", "报价"]]
    >>> sheet = Sheet(Path("a.xlsx"), "客户", pd.DataFrame(cells, index=[1, 2, 3], columns=["A", "B", "C"], dtype=object))
    >>> table = Table((1, 2), {"A": "基本信息·姓名", "B": "基本信息·手机", "C": "跟进阶段·阶段"}, (3,))
    >>> found = customers_table(sheet, table, load())
    >>> found.header_rows, found.headers, found.rows, [finding.code for finding in found.findings]
    ((2,), {'A': '姓名', 'B': '手机', 'C': '阶段'}, (), ['example-row'])
    """
    return _without_examples(sheet, _without_groups(sheet, table, vocabulary), vocabulary)


def is_template(headers: Iterable[str], vocabulary: Vocabulary) -> bool:
    """Whether every header of our template is there, in one language; the user may have added others."""
    return bool(_roles(headers, vocabulary))


def match_with_template(
    headers: Mapping[str, str], data: pd.DataFrame, vocabulary: Vocabulary, told: Mapping[str, str]
) -> tuple[ColumnMatch, ...]:
    """As ``match_columns``; but on a sheet that ``is_template``, those columns are what it says, for certain.

    What the user says still wins, and a column that was left empty is ignored like any other.
    """
    roles, taken = _roles(headers.values(), vocabulary), set(told.values()) - REPEATABLE
    is_blank = values_of(vocabulary).is_blank
    own = {
        letter: roles[header]
        for letter, header in headers.items()
        if header in roles
        and letter not in told
        and roles[header] not in taken
        and (data.empty or not all(map(is_blank, data[letter])))
    }
    columns = match_columns(headers, data, vocabulary, {**own, **told})
    return tuple(replace(column, how="alias") if column.letter in own else column for column in columns)


def without_guides(sheets: Sequence[Sheet], vocabulary: Vocabulary) -> Sequence[Sheet]:
    """The sheets of a file without the two that explain our template; all of them where nothing else would be left."""
    section = vocabulary.section("template")
    ours = {
        (section["sheets"][key][lang], section["headings"][key][lang])
        for key in ("guide", "lists")
        for lang in LANGUAGES
    }
    kept = [sheet for sheet in sheets if not sheet.cells.size or (sheet.name, sheet.cells.iloc[0, 0]) not in ours]
    return kept or sheets


def _roles(headers: Iterable[str], vocabulary: Vocabulary) -> dict[str, str]:
    """Header -> role of the template's columns; nothing unless all of them are there."""
    written = set(headers)
    for lang in LANGUAGES:
        roles = {column.header: column.role for column in template_columns(vocabulary, lang)}
        if roles.keys() <= written:
            return roles
    return {}


def _without_groups(sheet: Sheet, table: Table, vocabulary: Vocabulary) -> Table:
    if len(table.header_rows) != 2:
        return table
    groups = vocabulary.section("template")["groups"].values()
    upper, lower = (sheet.cells.loc[row] for row in table.header_rows)
    said = set(upper.dropna())
    if not any(said <= {group[lang] for group in groups} for lang in LANGUAGES):
        return table
    headers = {letter: " ".join(str(lower[letter] or "").split()) for letter in table.headers}
    return replace(table, header_rows=table.header_rows[1:], headers=headers)


def _without_examples(sheet: Sheet, table: Table, vocabulary: Vocabulary) -> Table:
    """Rows such as 示例：王晓雯 are no customers; a company called 示例公司 is left to the customers."""
    read, words = aliases(vocabulary).read, vocabulary.section("structure")["rows"]["examples"]
    telling = [
        letter
        for place, (letter, header) in enumerate(table.headers.items())
        if place == 0 or CALLED.intersection(reading.role for reading in read(header))
    ]
    cells = sheet.cells.loc[list(table.rows[:AT_THE_TOP]), telling]
    marked = _examples((value for letter in telling for value in cells[letter]), words)
    places = {
        int(row): f"{sheet.name}!{letter}{row}"
        for letter in reversed(telling)
        for row in (cells.index[cells[letter].isin(marked)] if marked else ())
    }
    if not places:
        return table
    found = Finding("example-row", len(places), places[min(places)])
    rows = tuple(row for row in table.rows if row not in places)
    return replace(table, rows=rows, findings=(*table.findings, found))


def _examples(values: Iterable[object], words: Sequence[str]) -> set[str]:
    """Those of the values that are marked as an example; all are searched at once, because hardly one is."""
    any_word = "|".join(map(re.escape, map(normalise, words)))
    marked = re.compile(rf"(?:{any_word})\s*\d*\s*(?::.*)?|[\[(【<](?:{any_word})[\])】>].*", re.DOTALL)
    texts = {value for value in values if isinstance(value, str)}
    if not re.search(any_word, "\n".join(texts), re.IGNORECASE):
        return set()
    return {text for text in texts if marked.fullmatch(normalise(text))}
