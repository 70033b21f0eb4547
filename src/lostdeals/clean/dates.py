"""Date columns: text, serial numbers and dates all become dates, in the order the column itself shows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple, Self

import pandas as pd

from lostdeals.clean.columns import keys_of_kind, read_distinct
from lostdeals.clean.date_order import DateOrder, orders_of
from lostdeals.clean.date_texts import DateTexts
from lostdeals.clean.relative_dates import RelativeDates, at_midnight, made_on
from lostdeals.clean.setting import Setting
from lostdeals.clean.years import STEP_AHEAD, STEPS, came_on, years_from_row
from lostdeals.distinct import with_columns
from lostdeals.schema import DATE, role_of
from lostdeals.vocab import Vocabulary

PAST = ("birthday", "created_at", "updated_at", "first_contact_at", "last_contact_at", "last_purchase_at")
"""Roles whose dates lie behind the day the sheet was written."""
WITH_WORDS = ("next_contact_at",)
"""Roles whose cells say what to do beside the day."""
MOST_WORDS = 12
"""Words of a text in which a day is looked for."""
SHOWS_A_DAY = re.compile(r"\d[a-z]{0,2}\s?[a-z]{3}|[a-z]{3}\.?\s?\d|\d/\d|\d-\d+-\d|\d\.\d+\.\d", re.IGNORECASE)
WRITTEN = "updated_at"
"""The day a row's words were written on."""


def read_dates(frame: pd.DataFrame, setting: Setting) -> pd.DataFrame:
    """Every date column as ``datetime64``; what cannot be read is empty, and the change log tells it.

    昨天 or 下周三 is read from the row's ``updated_at``, else from the day the sheet says it was made, else from the newest
    day of its past dates; otherwise not at all.
    """
    keys = keys_of_kind(frame, DATE)
    ahead = {None: date_texts(setting, False), 0: date_texts(setting, True), STEP_AHEAD: steps_texts(setting)}
    preference = order_preference(setting)
    orders = {} if setting.date_order else orders_of({key: texts_in(frame[key]) for key in keys}, preference)
    shown = {key: order.order_ for key, order in orders.items()}
    readers = {key: DateReader(ahead[_ahead(key)], preference, shown.get(key, setting.date_order)) for key in keys}
    read = {key: reader.fit(frame[key]).transform(frame[key]) for key, reader in readers.items()}
    came, last_year = came_on(read), steps_texts(setting, years_ago=1)
    for key in keys:
        if came is not None and role_of(key) in STEPS and frame[key].dtype == object:
            before = DateReader(last_year, preference, readers[key].order_).fit(frame[key])
            read[key] = years_from_row(frame[key], read[key], came, before.read)
    written = Written(read.get(WRITTEN), setting.written or newest_day(read, setting.today), setting.written is None)
    relative = {key: _relative(frame[key], read[key], written, readers[key], setting.vocabulary) for key in keys}
    return with_columns(frame, {key: _within(frame[key], dates, readers[key]) for key, dates in relative.items()})


def date_texts(setting: Setting, past: bool) -> DateTexts:
    """Reads the dates of a role; past: its dates have happened, so one without a year is not ahead of today."""
    return DateTexts(setting.vocabulary, setting.today, setting.tz, **({"days_ahead": 0} if past else {}))


def steps_texts(setting: Setting, years_ago: int = 0) -> DateTexts:
    """Reads the dates of steps, which lie little ahead of today; years_ago: as if read then."""
    today = setting.today - timedelta(days=365 * years_ago)
    return DateTexts(setting.vocabulary, today, setting.tz, days_ahead=STEP_AHEAD)


def _ahead(key: str) -> int | None:
    """How many days ahead a date of a column without its year may lie; None for the usual."""
    return 0 if role_of(key) in PAST else STEP_AHEAD if role_of(key) in STEPS else None


def newest_day(dates: Mapping[str, pd.Series[Any]], today: date) -> date | None:
    """The newest day up to today that the columns of what has happened hold; None where they hold none.

    >>> newest_day({"created_at": pd.to_datetime(pd.Series(["2024-03-05", "2024-03-09"]))}, date(2024, 3, 8))
    datetime.date(2024, 3, 5)
    """
    columns = [dates[key] for key in dates if role_of(key) in PAST and role_of(key) != "birthday"]
    days = [column[column < pd.Timestamp(today) + pd.Timedelta(days=1)].max() for column in columns]
    known = [day for day in days if day is not pd.NaT and day == day]
    return max(known).date() if known else None


def sheet_day(above: Iterable[Any], vocabulary: Vocabulary, today: date) -> date | None:
    """The day a sheet was made as the cells above its header say it (导出日期：2024-03-05).

    None where they do not, and where the day they say has not come yet.
    """
    reader = DateReader(DateTexts(vocabulary, today, days_ahead=0), ["ymd"])

    def read(cell: Any) -> datetime | None:
        moment = reader.fit(pd.Series([cell], dtype=object)).read(cell)
        return moment if moment is not None and moment.date() <= today + timedelta(days=1) else None

    return made_on(above, vocabulary, read)


def order_preference(setting: Setting) -> list[str]:
    """The orders of day, month and year to take where no column tells: by language, in English by the money, too.

    Who sells in pounds or euros writes the day first.
    """
    orders: dict[str, list[str]] = setting.vocabulary.section("dates")["order"]
    preferred = orders.get(setting.language, orders["en"])
    if setting.language != "en" or setting.currency not in orders["day_first"]:
        return preferred
    return ["dmy", *(order for order in preferred if order != "dmy")]


def texts_in(cells: pd.Series[Any]) -> set[str]:
    """The different texts of a column."""
    return {cell for cell in cells if cell.__class__ is str} if cells.dtype == object else set()


class Written(NamedTuple):
    """When the words of a sheet were written."""

    rows: pd.Series[Any] | None
    """The day of each row where a column tells it."""
    sheet: date | None
    """The day of the others."""
    assumed: bool
    """It is only the newest day of the sheet, so what has happened does not lie after it."""


def _relative(
    cells: pd.Series[Any], read: pd.Series[Any], written: Written, reader: DateReader, vocabulary: Vocabulary
) -> pd.Series[Any]:
    """The column with the words read that mean a day only from the one they were written on."""
    if cells.dtype != object or (written.rows is None and written.sheet is None):
        return read
    unread = cells[read.isna() & cells.map(lambda cell: cell.__class__ is str)]
    if unread.empty:
        return read
    words, known = RelativeDates(vocabulary), {}
    own = pd.Series(pd.NaT, unread.index, "datetime64[us]") if written.rows is None else written.rows[unread.index]
    days = own if written.sheet is None else own.fillna(pd.Timestamp(written.sheet))
    past = own.isna() & (written.assumed and role_of(str(cells.name)) in PAST)
    for lead, text, moment, happened in zip(unread.index, unread, days, past, strict=True):  # few: those no reader knew
        if (
            moment is not pd.NaT
            and (day := _on(words, text, moment.date(), reader))
            and not (happened and day > moment)
        ):
            known[lead] = day
    return read.where(~read.index.isin(list(known)), pd.Series(known, dtype=read.dtype).reindex(read.index))


def _within(cells: pd.Series[Any], read: pd.Series[Any], reader: DateReader) -> pd.Series[Any]:
    """A column of next contacts with the one day in cells that say what to do as well: send deck 1/12, chase 5 Dec."""
    if role_of(str(cells.name)) not in WITH_WORDS or cells.dtype != object:
        return read
    unread = cells[read.isna() & cells.map(lambda cell: cell.__class__ is str)]
    known = {lead: day for lead, text in unread.items() if (day := day_within(text, reader.texts, reader.order_))}
    return read.where(~read.index.isin(list(known)), pd.Series(known, dtype=read.dtype).reindex(read.index))


def day_within(text: str, texts: DateTexts, order: str) -> datetime | None:
    """The one day that a short text names among other words; None where it names none or several.

    >>> from lostdeals.vocab import load
    >>> texts = DateTexts(load(), date(2024, 6, 1))
    >>> [day_within(text, texts, "dmy") for text in ("send deck 1/7", "ring 5 or 6 July", "chase 2 invoices")]
    [datetime.datetime(2024, 7, 1, 0, 0), None, None]
    """
    said = text.split()
    found: list[datetime] = []
    place = 0
    while place < len(said) <= MOST_WORDS:
        sizes = (size for size in (3, 2, 1) if place + size <= len(said))
        parts = ((size, " ".join(said[place : place + size]).strip(",;:.!?-–")) for size in sizes)
        size, day = next(((size, day) for size, part in parts if (day := _plain_day(part, texts, order))), (1, None))
        found += [day] if day else []
        place += size
    return found[0] if len(found) == 1 and not texts.names_several(text) else None


def _plain_day(part: str, texts: DateTexts, order: str) -> datetime | None:
    """The day of a part that shows itself as one: with a month in words, with a slash, or with two dashes or dots."""
    return texts.read(part, order) if SHOWS_A_DAY.search(part) else None


def _on(words: RelativeDates, text: str, day: date, reader: DateReader) -> datetime | None:
    for part in (text, reader.texts.day_part(text)):  # 昨天下午3点 is yesterday
        if found := words.read(part, day):
            return at_midnight(found)
    with_year = words.with_year(text, day)
    return reader.texts.read(with_year, reader.order_) if with_year else None


class DateReader:
    """Reads one column. Learned: ``order_``, see `DateOrder`.

    order: ``dmy``, ``mdy`` or ``ymd`` where the user has said it; nothing is learned then.

    >>> from lostdeals.vocab import load
    >>> cells = pd.Series(["10/20/2016", "3/1/2017", 42679, datetime(2017, 3, 7)], dtype=object)
    >>> reader = DateReader(DateTexts(load(), date(2024, 6, 1)), ["dmy", "mdy", "ymd"]).fit(cells)
    >>> reader.order_, reader.transform(cells).dt.strftime("%m-%d").tolist()
    ('mdy', ['10-20', '03-01', '11-05', '03-07'])
    """

    def __init__(self, texts: DateTexts, preference: list[str], order: str | None = None) -> None:
        self.texts = texts
        self.preference = preference
        self.order = order

    def fit(self, cells: pd.Series[Any]) -> Self:
        """Learn the order from the column's texts."""
        self.order_ = self.order or DateOrder(self.preference).fit(texts_in(cells)).order_
        return self

    def transform(self, cells: pd.Series[Any]) -> pd.Series[Any]:
        """The column as ``datetime64[us]``, NaT where a cell is empty or no date."""
        if cells.dtype.kind == "M":
            return cells
        return read_distinct(cells, self.read, "datetime64[us]")

    def read(self, cell: Any) -> datetime | None:
        """One cell, None where it is no date."""
        if isinstance(cell, str):
            return self.texts.read(cell, self.order_)
        if isinstance(cell, datetime):
            return self.texts.local(cell)
        if isinstance(cell, date):
            return datetime(cell.year, cell.month, cell.day)  # noqa: DTZ001 - a local day
        if isinstance(cell, int | float) and not isinstance(cell, bool) and cell == cell:
            return self.texts.read_number(cell)
        return None
