"""The columns that a scored sheet gains, in the user's words: the same for the workbook, the CSV and whoever else writes them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pandas as pd

from lostdeals.distinct import by_distinct, filled
from lostdeals.package.cells import ROW
from lostdeals.schema import ADDED, OVERRIDE
from lostdeals.write.mask import masked

if TYPE_CHECKING:
    from lostdeals.model import Report
    from lostdeals.vocab import Words

DECIMALS: Mapping[str, int] = MappingProxyType(
    {"score": 1, "win_probability": 4, "reason_confidence": 2, "expected_value": 2}
)
"""How exactly numbers are written."""
NAMED_BY = ("name", "company", "deal", "email", "phone", "wechat", "id")
"""What a customer is called by: the first of these that is filled in."""

_ISSUE = re.compile(r"([a-z][a-z-]*)@(?:.*?!)?([A-Z]{1,3}\d+)(?:=(\S+?))?(?:; |$)")


@dataclass(frozen=True)
class Added:
    """One new column."""

    key: str
    header: str
    values: pd.Series[Any]
    """One per lead, on the leads' own index; None, NaN and NaT where nothing is known."""


def added(report: Report, words: Words) -> list[Added]:
    """All new columns with their values as they are shown, in the contract's order.

    Categories come as labels, a duplicate with the row and the name of the record that is kept, and ``tier_override``
    as the user left it.
    """
    return [Added(key, header(words, key), _values(report, words, key)) for key in ADDED]


def header(words: Words, key: str) -> str:
    """The heading of a column or of a dimension; the key itself where the vocabulary has none."""
    try:
        return words.say(f"column.{key}")
    except KeyError:
        entry = words.vocabulary.section("dimensions").get(key.removesuffix("_class"), {})
        return words.pick(entry["label"]) if "label" in entry else key


def heading(words: Words, key: str) -> str:
    """What a dimension is called on a summary sheet, where it cannot be taken for a column of the customers' sheet.

    >>> from lostdeals.vocab import Words, load
    >>> words = Words(load(), "en")
    >>> heading(words, "stage_class"), heading(words, "tier"), header(words, "stage_class")
    ('Stage', 'Tier', 'stage_class')
    """
    short = key.removesuffix("_class")
    entry = words.vocabulary.section("dimensions").get(short, {})
    if "label" in entry:
        return words.pick(entry["label"])
    return header(words, short if short in words.vocabulary.section("messages")["column"] else key)


def dimension(column: str) -> str:
    """The dimension whose labels a column's values take.

    >>> dimension("reason_class"), dimension("stage_class"), dimension("tier")
    ('loss_reason', 'stage', 'tier')
    """
    return "loss_reason" if column == "reason_class" else column.removesuffix("_class")


def labels(values: pd.Series[Any], words: Words, name: str) -> pd.Series[Any]:
    """A column of category keys as labels of a dimension; unknown stays empty."""
    return by_distinct(values, lambda key: words.label(name, key))


def customers(leads: pd.DataFrame) -> pd.Series[Any]:
    """What each customer is called, an empty text where the sheet has no name of any kind."""
    columns = [column for column in NAMED_BY if column in leads]
    if not columns:
        return pd.Series("", index=leads.index, dtype=object)
    called, known = leads[columns[0]].astype(object), filled(leads[columns[0]])
    for column in columns[1:]:
        if known.all():
            return called
        called = called.where(known, leads[column].astype(object))
        known = known | filled(leads[column])
    return called if known.all() else called.where(known, "")


def masked_names(leads: pd.DataFrame) -> pd.Series[Any]:
    """What each customer is called, as it may be shown to others."""
    shown = pd.DataFrame(
        {column: masked(leads[column], column) for column in NAMED_BY if column in leads}, index=leads.index
    )
    return customers(shown)


def said(words: Words, group: str, code: str) -> str:
    """What a code of another stage means; the code itself where the vocabulary does not say."""
    try:
        return words.say(f"{group}.{code}")
    except KeyError:
        return code


def place(words: Words, row: int, customer: str) -> str:
    """A customer by row and name, because rows move when the user sorts."""
    return words.say("phrase.row_and_name", row=row, name=customer).strip()


def _values(report: Report, words: Words, key: str) -> pd.Series[Any]:
    leads = report.leads
    if key == OVERRIDE:
        return leads[OVERRIDE] if OVERRIDE in leads else pd.Series(None, index=leads.index, dtype=object)
    if key == "duplicate_of":
        return _duplicates(leads, words)
    if key == "data_issues":
        return by_distinct(leads[key], Issues(words))
    if key.endswith("_class") or key in ("tier", "grade"):
        return labels(leads[key], words, dimension(key))
    if key in DECIMALS:
        return leads[key].round(DECIMALS[key])
    return leads[key] if key == "next_contact" else by_distinct(leads[key], str.strip)


def _duplicates(leads: pd.DataFrame, words: Words) -> pd.Series[Any]:
    kept = leads["duplicate_of"].dropna().astype("int64")
    rows, names = leads["src_row"].loc[kept].tolist(), customers(leads).loc[kept].tolist()
    texts = [place(words, row, name) for row, name in zip(rows, names, strict=True)]
    return pd.Series(texts, index=kept.index, dtype=object).reindex(leads.index)


def issues(codes: str, words: Words) -> str:
    """What was wrong in a row in words, from ``code@cell; code@cell=meant``.

    >>> from lostdeals.vocab import Words, load
    >>> issues("unread-dates@Leads!F17; invalid-email@Leads!D17", Words(load(), "en"))
    'date not readable (F17); e-mail address not valid (D17)'
    >>> issues("mistyped-email@Leads!D17=li@gmail.com", Words(load(), "en"))
    'e-mail address looks mistyped: li@gmail.com? (D17)'
    """
    return Issues(words)(codes)


class Issues:
    """`issues` of many rows: the sentence about each kind of issue is put together once."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._known: dict[str, str] = {}

    def __call__(self, codes: str) -> str:
        """What was wrong in a row."""
        return "; ".join([self._one(*found) for found in _ISSUE.findall(codes)]) or codes

    def _one(self, code: str, cell: str, meant: str) -> str:
        if meant:
            what = said(self._words, "issue", code)
            return self._words.say("phrase.at_cell_meant", what=what, cell=cell, meant=meant)
        if code not in self._known:
            what = said(self._words, "issue", code)
            self._known[code] = self._words.say("phrase.at_cell", what=what, cell=ROW)
        return self._known[code].replace(ROW, cell)
