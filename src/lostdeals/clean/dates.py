"""Date columns: text, serial numbers and dates all become dates, in the order the column itself shows."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Self

import pandas as pd

from lostdeals.clean.columns import keys_of_kind, read_distinct, replaced
from lostdeals.clean.date_order import DateOrder
from lostdeals.clean.date_texts import DateTexts
from lostdeals.clean.setting import Setting
from lostdeals.schema import DATE, role_of

PAST = ("birthday", "created_at", "updated_at", "first_contact_at", "last_contact_at", "last_purchase_at")
"""Roles whose dates lie behind the day the sheet was written."""


def read_dates(frame: pd.DataFrame, setting: Setting) -> pd.DataFrame:
    """Every date column as ``datetime64``; what cannot be read is empty, and the change log tells it."""
    keys = keys_of_kind(frame, DATE)
    planned = DateTexts(setting.vocabulary, setting.today, setting.tz)
    happened = DateTexts(setting.vocabulary, setting.today, setting.tz, days_ahead=0)
    preference = order_preference(setting)
    readers = {key: DateReader(happened if role_of(key) in PAST else planned, preference) for key in keys}
    return replaced(frame, {key: reader.fit(frame[key]).transform(frame[key]) for key, reader in readers.items()})


def order_preference(setting: Setting) -> list[str]:
    """The orders of day, month and year to take where a column does not tell, by language."""
    orders: dict[str, list[str]] = setting.vocabulary.section("dates")["order"]
    return orders.get(setting.language, orders["en"])


class DateReader:
    """Reads one column. Learned: ``order_``, see `DateOrder`.

    >>> from lostdeals.vocab import load
    >>> cells = pd.Series(["10/20/2016", "3/1/2017", 42679, datetime(2017, 3, 7)], dtype=object)
    >>> reader = DateReader(DateTexts(load(), date(2024, 6, 1)), ["dmy", "mdy", "ymd"]).fit(cells)
    >>> reader.order_, reader.transform(cells).dt.strftime("%m-%d").tolist()
    ('mdy', ['10-20', '03-01', '11-05', '03-07'])
    """

    def __init__(self, texts: DateTexts, preference: list[str]) -> None:
        self.texts = texts
        self.preference = preference

    def fit(self, cells: pd.Series[Any]) -> Self:
        """Learn the order from the column's texts."""
        texts = {cell for cell in cells if cell.__class__ is str} if cells.dtype == object else set()
        self.order_ = DateOrder(self.preference).fit(texts).order_
        return self

    def transform(self, cells: pd.Series[Any]) -> pd.Series[Any]:
        """The column as ``datetime64[us]``, NaT where a cell is empty or no date."""
        if cells.dtype.kind == "M":
            return cells
        return read_distinct(cells, self._read, "datetime64[us]")

    def _read(self, cell: Any) -> datetime | None:
        if isinstance(cell, str):
            return self.texts.read(cell, self.order_)
        if isinstance(cell, datetime):
            return self.texts.local(cell)
        if isinstance(cell, date):
            return datetime(cell.year, cell.month, cell.day)  # noqa: DTZ001 - a local day
        if isinstance(cell, int | float) and not isinstance(cell, bool) and cell == cell:
            return self.texts.read_number(cell)
        return None
