"""What is wrong in the cells, derived from the cleaned frame and the change log: no step reports it, so none can forget."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from lostdeals.clean.cells import as_text
from lostdeals.clean.columns import keys_of_roles
from lostdeals.clean.date_order import orders_of
from lostdeals.clean.dates import PAST, WRITTEN, date_texts, newest_day, order_preference
from lostdeals.clean.duplicates import SHARED_BY
from lostdeals.clean.emails import Emails
from lostdeals.clean.nobodies import Nobodies
from lostdeals.clean.outliers import outliers
from lostdeals.clean.phones import DAMAGED, Phones
from lostdeals.clean.relative_dates import RelativeDates
from lostdeals.clean.rules import broken_rules
from lostdeals.clean.setting import Setting
from lostdeals.clean.unit_prices import UnitPrices
from lostdeals.distinct import Codes, factorized, made_of, repeated
from lostdeals.model import Finding
from lostdeals.schema import MONEY, role_of

Address = Callable[[int, str], str]
"""Index of a lead and LEADS column -> the cell, as 客户!C17."""
Logs = Mapping[str, pd.DataFrame]
"""Rule -> its part of CHANGES."""

ORDER_OPTIONS = {"dmy": "--dayfirst", "mdy": "--monthfirst", "ymd": "--yearfirst"}
"""What settles the order of all-number dates on the command line."""
EXACT, EXACT_DIGITS = frozenset({"id", "phone", "wechat"}), 15
"""Excel keeps so many digits of a number; the rest of a longer id is lost."""
OWN_DAY = re.compile(r"\d{4}|\d[-/.]\d")
"""A date that shows its year or its month and day in numbers is counted from no other."""
PLAIN_NUMBER = r"[-−]?\d+(?:\.\d+)?"
SHOWN = 40
"""Characters of a cell that a finding shows."""
QUIET = frozenset({"error-value"})
"""Said per row only; the sheet's reader has counted them."""


def problems(leads: pd.DataFrame, logs: Logs, setting: Setting) -> pd.DataFrame:
    """One line per cell and problem: lead, column, code, sample (the cell's text), meant (what it probably should be)."""
    phones, emails, nobodies = setting.phones, setting.emails, Nobodies(setting.vocabulary)
    parts = [
        _unread_dates(logs["dates"], setting),
        _unread_numbers(logs["numbers"], setting),
        *(_lost_digits(logs[rule]) for rule in ("text", "phones")),
        *(_cells(leads, key, _scientific) for key in keys_of_roles(leads, "id", "wechat")),
        *(_phones(leads, key, phones) for key in keys_of_roles(leads, "phone")),
        *(_emails(leads, key, emails) for key in keys_of_roles(leads, "email")),
        *(
            _cells(leads, key, nobodies.codes(leads[key], role_of(key)).get)
            for key in keys_of_roles(leads, "name", "company")
        ),
        *(_future(leads[key], setting) for key in keys_of_roles(leads, *PAST)),
        _lines(logs["blanks"], logs["blanks"]["was"].eq("error"), "error-value"),
        *broken_rules(leads, setting),
        *outliers(leads, setting),
    ]
    found = pd.concat([part for part in parts if len(part)] or [parts[0]], ignore_index=True)
    found["meant"] = found["meant"].fillna("") if "meant" in found else ""
    return found.drop_duplicates(["lead", "column", "code"])


def findings(found: pd.DataFrame, address: Address) -> list[Finding]:
    """The problems grouped by kind and column, each counted, with its first cell and what stands there."""
    out = []
    for (code, column), cells in found.groupby(["code", "column"], sort=False):
        if code not in QUIET:
            lead, sample, meant = cells.iloc[0][["lead", "sample", "meant"]]
            values = {"sample": sample[:SHOWN], "role": role_of(str(column)), **({"meant": meant} if meant else {})}
            out.append(Finding(str(code), len(cells), address(int(lead), str(column)), values))
    return out


def ambiguous_dates(log: pd.DataFrame, setting: Setting, address: Address) -> list[Finding]:
    """One finding per date column of the log whose days and months could be swapped: a date, both its readings, and the option for the other."""
    if setting.date_order:
        return []
    out = []
    read, texts = log[log["was"].eq("text")], date_texts(setting, past=False)
    columns = {str(column): cells for column, cells in read.groupby("column", sort=False)}
    orders = orders_of({key: cells["before"].unique() for key, cells in columns.items()}, order_preference(setting))
    for column, cells in columns.items():
        order = orders[column]
        unsure = cells[cells["before"].map(order.is_ambiguous) & cells["after"].notna()]
        if len(unsure):
            lead, sample, reading = unsure.iloc[0][["lead", "before", "after"]]
            rival = order.rival(sample)
            other = as_text(texts.read(sample, rival)) or ""
            values = {
                "sample": sample,
                "reading": reading,
                "order": order.order_,
                "other": other,
                "option": ORDER_OPTIONS[rival],
                "keep": ORDER_OPTIONS[order.order_],
            }
            out.append(Finding("ambiguous-dates", len(unsure), address(int(lead), column), values))
    return out


def assumed_cells(leads: pd.DataFrame, log: pd.DataFrame, setting: Setting) -> pd.DataFrame:
    """The lines of the date log whose words (下周三) were counted from the newest day, for neither sheet nor row says its own."""
    read = log[log["was"].eq("text") & log["after"].notna()]
    if setting.written is not None or read.empty:
        return read.iloc[:0]
    words, texts = RelativeDates(setting.vocabulary), date_texts(setting, past=False)
    maybe = [text for text in read["before"].unique() if not OWN_DAY.search(text)]
    relative = {text for text in maybe if words.is_relative(text) or words.is_relative(texts.day_part(text))}
    cells = read[read["before"].isin(relative)]
    if WRITTEN in leads and len(cells):
        cells = cells[cells["lead"].map(leads[WRITTEN]).isna() | cells["column"].eq(WRITTEN)]
    return cells


def assumed_days(leads: pd.DataFrame, cells: pd.DataFrame, setting: Setting, address: Address) -> list[Finding]:
    """That words such as 下周三 were counted from the newest day of the sheet; cells: those of `assumed_cells`."""
    if cells.empty:
        return []
    counted = {(column, lead) for column, lead in zip(cells["column"], cells["lead"], strict=True)}
    dates = {
        key: leads[key][[(key, lead) not in counted for lead in leads.index]] for key in keys_of_roles(leads, *PAST)
    }
    lead, column, sample = cells.iloc[0][["lead", "column", "before"]]
    values = {"sample": sample[:SHOWN], "role": role_of(str(column)), "day": newest_day(dates, setting.today)}
    return [Finding("assumed-day", len(cells), address(int(lead), str(column)), values)]


def shared_contacts(leads: pd.DataFrame, contacts: pd.DataFrame, address: Address) -> list[Finding]:
    """One finding per phone or address that too many rows have to tell one customer."""
    shared = contacts[contacts["rows"] > SHARED_BY].drop_duplicates(["role", "key"])
    return [
        Finding(
            "shared-contact",
            rows,
            address(leads.index[row], column),
            {"sample": leads[column].iloc[row][:SHOWN], "role": role_of(column)},
        )
        for column, row, rows in zip(shared["column"], shared["row"], shared["rows"], strict=True)
    ]


def issues_by_lead(leads: pd.DataFrame, found: pd.DataFrame, address: Address) -> pd.Series[Any]:
    """``data_issues``: ``code@cell`` joined with ``; ``, with ``=meant`` where there is one; None for a row without problems."""
    said = [
        f"{code}@{address(lead, column)}" + (f"={meant}" if meant else "")
        for lead, column, code, meant in zip(
            *(found[name].astype(object).tolist() for name in ("lead", "column", "code", "meant")), strict=True
        )
    ]
    texts = repeated(None, len(leads))
    for place, text in zip(leads.index.get_indexer(pd.Index(found["lead"])).tolist(), said, strict=True):
        texts[place] = text if texts[place] is None else f"{texts[place]}; {text}"
    return pd.Series(texts, index=leads.index, dtype=object)


def _table(lead: Any, column: Any, code: Any, sample: Any) -> pd.DataFrame:
    return pd.DataFrame({"lead": lead, "column": column, "code": code, "sample": sample})


def _lines(log: pd.DataFrame, which: pd.Series[bool], code: str) -> pd.DataFrame:
    lines = log[which]
    return _table(lines["lead"], lines["column"], code, lines["before"])


def _unread_dates(log: pd.DataFrame, setting: Setting) -> pd.DataFrame:
    """Cells that the date step left empty; a day that no calendar has is told from words that are no day."""
    unread, texts = _lines(log, log["after"].isna(), "unread-dates"), date_texts(setting, past=False)
    impossible = [text for text in unread["sample"].unique() if texts.is_impossible(text)]
    unread["code"] = unread["code"].mask(unread["sample"].isin(impossible), "impossible-dates")
    return unread


def _unread_numbers(log: pd.DataFrame, setting: Setting) -> pd.DataFrame:
    """Cells that the number step left empty; a plain number is one that its role cannot have (an age of 350).

    The price of a piece is told apart, because nothing is wrong with it.
    """
    unread = _lines(log, log["after"].isna(), "unread-numbers")
    share = unread["column"].map(role_of).eq("probability")
    plain = unread["sample"].where(~share, unread["sample"].str.rstrip("% ")).str.fullmatch(PLAIN_NUMBER, na=False)
    unread["code"] = unread["code"].mask(plain, "impossible-numbers")
    money = ~plain & unread["column"].map(lambda key: key in setting.amounts or role_of(key) in MONEY)
    if money.any():
        prices = UnitPrices(setting.vocabulary)
        by_piece = {text for text in unread["sample"][money].unique() if prices.is_one(text)}
        unread["code"] = unread["code"].mask(money & unread["sample"].isin(by_piece), "unit-price")
    return unread


def _cells(leads: pd.DataFrame, key: str, problem: Callable[[str], str | None]) -> pd.DataFrame:
    """The cells of a column with what a function says about each distinct text."""
    codes, distinct = factorized(leads[key])
    return _where(leads[key], codes, [problem(text) or None for text in distinct])


def _where(cells: pd.Series[Any], codes: Codes, said: Sequence[str | None]) -> pd.DataFrame:
    """The cells of a column whose number stands for a problem."""
    found = np.array([*said, None], dtype=object)
    bad = np.flatnonzero((found != None)[codes])  # noqa: E711 - by element
    return _table(cells.index[bad], cells.name, found[codes[bad]], cells.to_numpy()[bad])


def _phones(leads: pd.DataFrame, key: str, phones: Phones) -> pd.DataFrame:
    codes, found = made_of(leads[key], phones.each)
    return _where(leads[key], codes, [phone.issue for phone in found])


def _emails(leads: pd.DataFrame, key: str, emails: Emails) -> pd.DataFrame:
    codes, read = made_of(leads[key], emails.each)
    found = _where(leads[key], codes, [email.issue for email in read])
    meant = found["sample"].map(lambda cell: emails.read(cell).meant)
    return found.assign(meant=meant.str.replace("; ", ",", regex=False) if len(found) else None)


def _lost_digits(log: pd.DataFrame) -> pd.DataFrame:
    """Numbers of an id or phone column with more digits than a spreadsheet keeps."""
    numbers = log[log["was"].eq("number")]
    exact = [column for column in numbers["column"].unique() if role_of(column) in EXACT]
    long = numbers["column"].isin(exact) & numbers["before"].str.len().gt(EXACT_DIGITS)
    return _lines(numbers, long, "damaged-number")


def _scientific(text: str) -> str | None:
    return "damaged-number" if DAMAGED.fullmatch(text) else None


def _future(dates: pd.Series[Any], setting: Setting) -> pd.DataFrame:
    late = dates[dates >= pd.Timestamp(setting.today) + pd.Timedelta(days=1)]
    sample = [as_text(moment) for moment in late]
    return _table(late.index, dates.name, "future-dates", pd.Series(sample, index=late.index, dtype=object))
