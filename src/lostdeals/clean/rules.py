"""Rows that contradict themselves or are out of date, each by a named rule of ``vocab/invalid.toml``."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from lostdeals.clean.cells import as_text, texts_of
from lostdeals.clean.columns import keys_of_roles
from lostdeals.clean.date_order import FIRST_YEAR
from lostdeals.clean.setting import Setting
from lostdeals.distinct import Codes, factorized, made_of
from lostdeals.schema import MONEY, role_of

ACTIVITY = ("last_contact_at", "updated_at", "last_purchase_at", "closed_at", "created_at", "first_contact_at")
"""Dates that tell when a sheet was last worked on."""


def broken_rules(leads: pd.DataFrame, setting: Setting) -> Iterator[pd.DataFrame]:
    """Per rule one line per cell: lead, column, code, sample."""
    rules = setting.vocabulary.section("invalid")["rules"]
    yield no_contact(leads, setting, rules["no-contact"]["share"])
    yield stale_contacts(leads, setting, rules["stale-contact"]["months"])
    for first, then in rules["dates-out-of-order"]["pairs"]:
        yield out_of_order(leads, first, then, setting.today)
    for key in keys_of_roles(leads, *MONEY):
        yield lines(leads[key][leads[key] < 0], "negative-amount")


def no_contact(leads: pd.DataFrame, setting: Setting, share: float) -> pd.DataFrame:
    """Rows without a phone, an e-mail address or a WeChat name that could be anybody's; placeholders count as none.

    share: a sheet in which fewer rows than this have one does not keep contacts, and nothing is said.
    """
    keys = keys_of_roles(leads, "phone", "email", "wechat")
    if not keys:
        return lines(pd.Series(dtype=object), "no-contact")
    reached = np.zeros(len(leads), dtype=bool)
    for key in keys:
        codes, somebodys = _somebodys(leads[key], role_of(key), setting)
        reached |= np.array([*somebodys, False])[codes]
    return lines(
        leads.loc[~reached, keys[0]] if len(reached) and reached.mean() >= share else leads.loc[[], keys[0]],
        "no-contact",
    )


def _somebodys(cells: pd.Series[Any], role: str, setting: Setting) -> tuple[Codes, list[bool]]:
    """A number per cell, and whether what it stands for is somebody's.

    An incomplete number still is; a placeholder is not, unless another number stands beside it.
    """
    if role == "phone":
        codes, phones = made_of(cells, setting.phones.each)
        return codes, [bool(phone.numbers) or phone.issue != "placeholder-contact" for phone in phones]
    if role == "email":
        codes, emails = made_of(cells, setting.emails.each)
        return codes, [bool(email.addresses) or email.issue != "placeholder-contact" for email in emails]
    codes, distinct = factorized(cells)
    return codes, [True] * len(distinct)


def stale_contacts(leads: pd.DataFrame, setting: Setting, months: int) -> pd.DataFrame:
    """Last contacts longer ago than so many months, counted from the day the sheet was last worked on."""
    keys = keys_of_roles(leads, "last_contact_at")
    today = pd.Timestamp(setting.today)
    dates = [leads[key] for key in keys_of_roles(leads, *ACTIVITY)]
    newest = max((day for cells in dates if (day := cells[cells <= today].max()) is not pd.NaT), default=today)
    cells = leads[keys[0]] if keys else pd.Series(dtype="datetime64[us]")
    if newest.year <= FIRST_YEAR:  # 0002-01-01 stands for no day
        return lines(cells.iloc[:0], "stale-contact")
    return lines(cells[cells < newest - pd.DateOffset(months=months)], "stale-contact")


def out_of_order(leads: pd.DataFrame, first: str, then: str, today: date) -> pd.DataFrame:
    """Cells of ``then`` that lie on a day before ``first`` of the same row; a ``first`` after today is another mistake."""
    if first not in leads or then not in leads:
        return lines(pd.Series(dtype="datetime64[us]"), "dates-out-of-order")
    early = (leads[then].dt.normalize() < leads[first].dt.normalize()) & (leads[first] <= pd.Timestamp(today))
    found = lines(leads.loc[early, then], "dates-out-of-order")
    found["sample"] = [
        f"{as_text(a)} < {as_text(b)}" for a, b in zip(leads.loc[early, then], leads.loc[early, first], strict=True)
    ]
    return found


def lines(cells: pd.Series[Any], code: str) -> pd.DataFrame:
    """One line per cell of a column."""
    texts = texts_of(cells.to_numpy())
    texts[texts == None] = ""  # noqa: E711 - by element
    sample = pd.Series(texts, dtype=object)
    return pd.DataFrame({"lead": cells.index.to_numpy(), "column": cells.name, "code": code, "sample": sample})
