"""The user's own sheet with cleaned cells, and the log of every one of them by its address.

Cleaning reads a sheet for counting and learning; a sheet that people go on working with takes less: see `_left_alone`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from lostdeals.clean.cells import Array, from_text, kind_names, texts_of
from lostdeals.clean.changes import joined, table_of
from lostdeals.clean.currencies import Currencies, HeaderUnits
from lostdeals.clean.date_order import ORDERS
from lostdeals.clean.date_texts import DateTexts
from lostdeals.clean.dates import WITH_WORDS, day_within
from lostdeals.clean.rough import BANDS, Rough
from lostdeals.clean.stage import Cleaned
from lostdeals.model import ColumnMatch, Layout, Sheet
from lostdeals.package.letters import letters, number
from lostdeals.schema import MONEY, role_of
from lostdeals.vocab import Vocabulary

EXACT = ("id", "phone", "wechat")
"""Roles whose digits are a name, not a quantity: a number becomes text. Elsewhere a number stays one."""
AS_WRITTEN = ("probability", "time_on_site")
"""Roles with a way to write them (80 %, 3:25) that a plain number would take away."""
MERGED, DITTO, GROUPED, MARKS, RANGES, CURRENCY = "merged", "ditto", "grouped", "marks", "ranges", "currency"
"""Rules of a sheet's own log: a merged cell's value in every row, that of the cell above in one that says 同上, the group's in
every row below it, a text without the apostrophe that marks it as one, the middle of a range, a column for currencies."""
MOST = 1e15
"""From here on a spreadsheet no longer keeps every digit of a number (IEEE 754), so it stays as it is written."""
ANY_DAY = date(2000, 1, 1)
"""Only the form of dates is looked at."""
FIRST_DAY = "1900-03-01"
"""Excel has no right number for an earlier day."""

Headers = Mapping[str, ColumnMatch]


def in_place(
    sheet: Sheet,
    raw: pd.DataFrame,
    cleaned: Cleaned,
    layout: Layout,
    vocabulary: Vocabulary,
    *,
    typed: bool,
) -> tuple[Sheet, pd.DataFrame]:
    """The sheet with the cleaned values of its customers, everything else where and as it was; and the log.

    raw: the LEADS frame before cleaning.
    typed: the file keeps dates and numbers apart from text. A workbook does; in a CSV a cell that only got its type has
    not changed.

    Where the amounts are in several currencies and no column says which, the first free column says it.

    The log has one line per cell and rule, by row, then column, then the order of the rules: lead (-1 for a header),
    row, letter, header, rule, before, after, was, now; the last four as `changes.diff` gives them.
    """
    headers = {column.key: column for column in layout.columns if column.key in raw}
    if layout.name_parts:  # a whole name belongs in neither of its two cells
        headers.pop("name", None)
    added = CURRENCY not in raw and CURRENCY in cleaned.leads and cleaned.leads[CURRENCY].nunique() > 1
    if added:
        label = vocabulary.section("columns")[CURRENCY]["label"][layout.language]
        spare = letters(number(str(sheet.cells.columns[-1])) + 1)
        headers[CURRENCY] = ColumnMatch(spare, label, CURRENCY, "values", 1.0, CURRENCY)
    lines = joined(
        [
            _merged(sheet, layout),
            _meant(sheet, layout, layout.dittos, DITTO),
            _meant(sheet, layout, layout.groups, GROUPED),
            cleaned.changes,
            *([_currencies(cleaned.leads)] if added else []),
        ]
    )
    lines = lines[lines["column"].isin(list(headers))].reset_index(drop=True)
    lines = _in_the_headers_unit(lines, headers, vocabulary)
    alone = _left_alone(lines, vocabulary, typed=typed) | _in_another_currency(lines, cleaned.leads, vocabulary)
    alone |= _are(lines["rule"], "dates") & _among(lines, cleaned.assumed)
    lines = lines[~alone].reset_index(drop=True)
    lines = _with_ranges(lines, vocabulary)
    cells = _filled(sheet, layout, headers, lines)
    if not typed:
        lines = lines[lines["before"].ne(lines["after"])]
    log = _addressed(lines, layout, headers)
    if added and layout.header_rows:
        cells.loc[layout.header_rows[-1], headers[CURRENCY].letter] = headers[CURRENCY].header
        log = joined([_header_line(layout.header_rows[-1], headers[CURRENCY]), log])
    return replace(sheet, cells=cells), log


def _left_alone(lines: pd.DataFrame, vocabulary: Vocabulary, *, typed: bool) -> Array:
    """The readings that do not go into the sheet, each the last of its cell.

    What could not be read; yes and no, shares and durations; columns of classes (50-99人); numbers and days that a
    spreadsheet cannot hold; a number, a date or a yes in a text column that would only become text.
    """
    after, empty = lines["after"], lines["after"].isna().to_numpy()
    numbers, dates, flags, text = (_are(lines["rule"], rule) for rule in ("numbers", "dates", "flags", "text"))

    def held_by(*roles: str) -> Array:
        return _each(lines["column"], lambda column: role_of(column) in roles)

    classes = _classes(lines[numbers & ~empty & held_by(*BANDS)], vocabulary)
    alone = ((numbers | dates) & empty) | flags | (numbers & held_by(*AS_WRITTEN))
    days = DateTexts(vocabulary, ANY_DAY)
    mixed = np.flatnonzero(dates & ~empty & held_by(*WITH_WORDS))
    alone[mixed] |= _each(lines["before"].iloc[mixed], lambda text: _says_more(text, days))
    alone |= numbers & _each(lines["column"], lambda column: column in classes)
    read = np.flatnonzero(numbers & ~empty)
    alone[read] |= after.iloc[read].astype(float).abs().ge(MOST).to_numpy()
    if typed:
        read = np.flatnonzero(dates & ~empty)
        alone[read] |= after.iloc[read].lt(FIRST_DAY).to_numpy()
    read = np.flatnonzero(text & ~_are(lines["was"], "text", "error") & ~held_by(*EXACT))
    last = ~lines.duplicated(["lead", "column"], keep="last").to_numpy()
    alone[read] |= last[read] & lines["before"].iloc[read].eq(after.iloc[read]).to_numpy()
    return alone


def _in_another_currency(lines: pd.DataFrame, leads: pd.DataFrame, vocabulary: Vocabulary) -> Array:
    """Amounts that name another currency than their row's: as a plain number they would be taken for it."""
    other = np.zeros(len(lines), dtype=bool)
    if CURRENCY in leads:
        money = _each(lines["column"], lambda column: role_of(column) in MONEY)
        places = np.flatnonzero(money & _are(lines["rule"], "numbers") & _are(lines["was"], "text"))
        signs, texts = Currencies(vocabulary), lines["before"].iloc[places]
        own = texts.map({text: signs.within(text) for text in texts.unique()}).to_numpy(dtype=object)
        rows = leads[CURRENCY].to_numpy(dtype=object)[lines["lead"].iloc[places]]
        other[places] = pd.notna(own) & (own != rows)
    return other


def _among(lines: pd.DataFrame, cells: pd.DataFrame) -> Array:
    """Which lines are of these cells."""
    wanted = set(zip(cells["lead"], cells["column"], strict=True))
    if not wanted:
        return np.zeros(len(lines), dtype=bool)
    pairs = zip(lines["lead"], lines["column"], strict=True)
    return np.fromiter((pair in wanted for pair in pairs), dtype=bool, count=len(lines))


def _are(values: pd.Series[Any], *wanted: str) -> Array:
    """Whether each value of a column is one of these."""
    return _each(values, lambda value: isinstance(value, str) and value in wanted)


def _each(values: pd.Series[Any], holds: Callable[[Any], bool]) -> Array:
    """Whether something holds of every value of a column that has few distinct ones."""
    codes, distinct = pd.factorize(values, use_na_sentinel=False)
    return np.array([holds(value) for value in distinct], dtype=bool)[codes]


def _says_more(text: object, texts: DateTexts) -> bool:
    """Whether a cell says something besides its day, which would be lost: send deck 1/12."""
    return (
        isinstance(text, str)
        and all(texts.read(text, order) is None for order in ORDERS)
        and any(day_within(text, texts, order) for order in ORDERS)
    )


def _classes(lines: pd.DataFrame, vocabulary: Vocabulary) -> list[str]:
    """The columns of which a cell is a class and not a number."""
    rough = Rough(vocabulary)
    distinct = lines[lines["was"].eq("text")].drop_duplicates(["column", "before"])
    found = [
        rough.is_class(before, float(after))
        for before, after in zip(distinct["before"], distinct["after"], strict=True)
    ]
    return list(distinct.loc[found, "column"].unique())


def _in_the_headers_unit(lines: pd.DataFrame, headers: Headers, vocabulary: Vocabulary) -> pd.DataFrame:
    """Amounts in the unit of their header: below 报价（万元） the cell 35000元 is 3.5."""
    units = HeaderUnits(vocabulary)
    factors = {key: units.factor(column.header) for key, column in headers.items() if column.role in MONEY}
    for key in [key for key, factor in factors.items() if factor != 1]:
        brought_in = lines.index[lines["column"].eq(key) & lines["rule"].eq("winsorised")]
        for side in ("before", "after"):
            scaled = (lines.loc[brought_in, side].astype(float) / factors[key]).round(DECIMALS)
            lines.loc[brought_in, side] = pd.Series(texts_of(scaled.to_numpy()), index=brought_in, dtype=object)
        places = lines.index[lines["column"].eq(key) & lines["rule"].eq("numbers") & lines["after"].notna()]
        numbers = (lines.loc[places, "after"].astype(float) / factors[key]).round(DECIMALS)
        lines.loc[places, "after"] = pd.Series(texts_of(numbers.to_numpy()), index=places, dtype=object)
        lines = lines.drop(
            index=places[lines.loc[places, "was"].eq("number")]
        )  # a plain number is in that unit already
    return lines.reset_index(drop=True)


def _with_ranges(lines: pd.DataFrame, vocabulary: Vocabulary) -> pd.DataFrame:
    """The readings that are the middle of a range under a rule of their own, so that they can be undone by themselves."""
    rough = Rough(vocabulary)
    texts = lines.index[lines["rule"].eq("numbers") & lines["was"].eq("text")]
    ranges = {text: rough.is_range(text) for text in lines.loc[texts, "before"].unique()}
    places = texts[[ranges[text] for text in lines.loc[texts, "before"]]]
    lines.loc[places, "rule"] = RANGES
    return lines


def _merged(sheet: Sheet, layout: Layout) -> pd.DataFrame:
    """A line for every cell of a customer that a merge over several rows left empty and the reader has filled."""
    keys = {column.letter: column.key for column in layout.columns}
    leads = {row: lead for lead, row in enumerate(layout.rows)}
    parts: list[tuple[str, list[int]]] = []
    for top, left, bottom, _ in sheet.merged:
        letter = letters(left)
        places = [leads[row] for row in range(top + 1, bottom + 1) if row in leads] if letter in keys else []
        if places and sheet.cells.at[layout.rows[places[0]], letter] is not None:
            parts.append((letter, places))
    return joined(
        [
            _new(
                MERGED, keys[letter], places, sheet.cells.loc[[layout.rows[lead] for lead in places], letter].to_numpy()
            )
            for letter, places in parts
        ]
        or [_new(MERGED, "", [], np.empty(0, dtype=object))]
    )


def _meant(sheet: Sheet, layout: Layout, said: Mapping[str, Mapping[int, object]], rule: str) -> pd.DataFrame:
    """A line for every cell of a customer that means another value: 同上, one empty below its group, one with an apostrophe."""
    keys = {column.letter: column.key for column in layout.columns}
    leads = {row: lead for lead, row in enumerate(layout.rows)}
    parts = []
    for letter, meant in said.items():
        cells = np.fromiter(meant.values(), dtype=object, count=len(meant))
        lines = _new(rule, keys[letter], [leads[row] for row in meant], cells)
        own = sheet.cells.loc[list(meant), letter].to_numpy()
        shorter = [str(before)[1:].strip() == after for before, after in zip(own, cells, strict=True)]
        lines["rule"] = np.where(np.array(shorter) & (rule == DITTO), MARKS, rule).astype(object)
        parts.append(lines.assign(before=texts_of(own), was=kind_names(own)))
    return joined(parts or [_new(rule, "", [], np.empty(0, dtype=object))])


def _currencies(leads: pd.DataFrame) -> pd.DataFrame:
    """A line for every customer whose currency is known, in a column that the sheet did not have."""
    codes = leads[CURRENCY].dropna()
    return _new(CURRENCY, CURRENCY, codes.index.to_numpy(), codes.to_numpy(dtype=object))


def _new(rule: str, column: str, leads: Sequence[int] | Array, cells: Array) -> pd.DataFrame:
    """Lines for cells that were empty."""
    n = len(leads)
    return table_of(
        lead=[np.asarray(leads, dtype=np.int64)],
        column=[np.full(n, column, dtype=object)],
        rule=[np.full(n, rule, dtype=object)],
        before=[np.full(n, None, dtype=object)],
        after=[texts_of(cells)],
        was=[np.full(n, None, dtype=object)],
        now=[kind_names(cells)],
    )


def _filled(sheet: Sheet, layout: Layout, headers: Headers, lines: pd.DataFrame) -> pd.DataFrame:
    """The sheet's cells with what the last line of each says."""
    rows = sheet.cells.index.get_indexer(pd.Index(layout.rows))
    columns: dict[str, Any] = {str(letter): sheet.cells[letter] for letter in sheet.cells.columns}
    last = lines[~lines.duplicated(["lead", "column"], keep="last")]
    for key, told in last.groupby("column", sort=False):
        letter = headers[str(key)].letter
        cells: Array = columns[letter].to_numpy().copy() if letter in columns else np.full(len(sheet.cells), None)
        cells[rows[told["lead"]]] = values_of(told["after"], told["now"])
        columns[letter] = pd.Series(cells, index=sheet.cells.index, dtype=object)
    return pd.DataFrame(columns, index=sheet.cells.index, copy=False)


def values_of(texts: pd.Series[Any], kinds: pd.Series[Any]) -> Array:
    """The cells that texts of these kinds stand for; each distinct one is read once."""
    values: Array = texts.to_numpy(dtype=object).copy()
    other = np.flatnonzero(~_are(kinds, "text"))
    pairs = list(zip(values[other], kinds.iloc[other], strict=True))
    known = {pair: from_text(*pair) if isinstance(pair[1], str) else None for pair in set(pairs)}
    values[other] = [known[pair] for pair in pairs]
    return values


def _addressed(lines: pd.DataFrame, layout: Layout, headers: Headers) -> pd.DataFrame:
    """The lines with their cell instead of their column, in the order of the sheet."""
    columns, leads = list(headers.values()), lines["lead"].to_numpy()
    codes, keys = pd.factorize(lines["column"])
    at = np.array([list(headers).index(key) for key in keys], dtype=np.int64)[codes]
    order = np.argsort(leads * len(columns) + at, kind="stable")
    leads, at = leads[order], at[order]
    parts: dict[str, Array] = {
        "lead": leads,
        "row": np.array(layout.rows, dtype=np.int64)[leads],
        "letter": np.array([column.letter for column in columns], dtype=object)[at],
        "header": np.array([column.header for column in columns], dtype=object)[at],
        **{name: lines[name].to_numpy()[order] for name in ("rule", "before", "after", "was", "now")},
    }
    return pd.DataFrame({name: pd.Series(values, dtype=values.dtype) for name, values in parts.items()}, copy=False)


def _header_line(row: int, column: ColumnMatch) -> pd.DataFrame:
    line = {"lead": -1, "row": row, "letter": column.letter, "header": column.header, "rule": CURRENCY}
    return pd.DataFrame([{**line, "before": None, "after": column.header, "was": None, "now": "text"}]).astype(
        dict.fromkeys(("letter", "header", "rule", "before", "after", "was", "now"), object)
    )


DECIMALS = 10
"""Kept of a quotient."""
