"""The cleaning stage: a raw LEADS frame in, typed leads, the log of every change and what could not be mended out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

import pandas as pd

from lostdeals.clean.blanks import empty_placeholders, missing_kinds
from lostdeals.clean.changes import diff, joined
from lostdeals.clean.columns import keys_of_roles
from lostdeals.clean.currencies import fill_currencies, main_currency
from lostdeals.clean.dates import read_dates
from lostdeals.clean.duplicates import contacts, find, listed, mark_duplicates, owner_clashes
from lostdeals.clean.emails import clean_emails
from lostdeals.clean.flags import read_flags, taken_for_asked
from lostdeals.clean.numbers import read_numbers
from lostdeals.clean.outliers import winsorised
from lostdeals.clean.phones import clean_phones
from lostdeals.clean.problems import (
    Address,
    ambiguous_dates,
    assumed_cells,
    assumed_days,
    findings,
    issues_by_lead,
    problems,
    shared_contacts,
)
from lostdeals.clean.setting import Setting
from lostdeals.clean.spelling import merge_spellings
from lostdeals.clean.text import tidy_text
from lostdeals.distinct import remembering, repeated, with_columns
from lostdeals.model import Finding
from lostdeals.schema import CLEANED, MONEY, SOURCE, check
from lostdeals.vocab import Vocabulary, Words

Step = Callable[[pd.DataFrame, Setting], pd.DataFrame]

STEPS: Mapping[str, Step] = {
    "text": tidy_text,
    "blanks": empty_placeholders,
    "phones": clean_phones,
    "emails": clean_emails,
    "dates": read_dates,
    "currency": fill_currencies,
    "numbers": read_numbers,
    "flags": read_flags,
    "spelling": merge_spellings,
}
"""Rule -> step, in their order. A step is a pure function from frame to frame that keeps the shape."""

AT_WISH: Mapping[str, Step] = {"winsorised": winsorised}
"""What is done only when the user asks for it, after all others."""


@dataclass(frozen=True)
class Cleaned:
    """What cleaning gives."""

    leads: pd.DataFrame
    """LEADS with a kind per role (``schema.ROLE_KINDS``) and the columns of ``schema.CLEANED``."""
    changes: pd.DataFrame
    """CHANGES (``schema.CHANGES``) with ``was`` and ``now``, see `changes.diff`."""
    problems: pd.DataFrame
    """One line per cell and problem: lead, column, code, sample; see `problems.problems`."""
    findings: tuple[Finding, ...]
    """What could not be mended, grouped and counted."""
    missing: pd.DataFrame = field(default_factory=pd.DataFrame)
    """How the cells of each column are missing, see `blanks.missing_kinds`."""
    pairs: pd.DataFrame = field(default_factory=pd.DataFrame)
    """Every two rows that may be one customer, see `duplicates.pairs`."""
    assumed: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["lead", "column"]))
    """lead, column of dates that were counted from the sheet's newest day: good for planning, too unsure to be written."""


@remembering()
def clean(
    raw: pd.DataFrame,
    vocabulary: Vocabulary,
    *,
    today: date,
    language: str,
    tz: str | None = None,
    address: Address,
    headers: Mapping[str, str] | None = None,
    amounts: Collection[str] = (),
    date_order: str | None = None,
    written: date | None = None,
    lang: str | None = None,
    winsorise: bool = False,
) -> Cleaned:
    """Clean a raw LEADS frame.

    raw: one row per lead, index 0..n-1; ``src_sheet``, ``src_row`` and a column per role, cells as found.
    address: names the cell of a lead and column, as 客户!C17.
    headers: LEADS column -> header; a unit in it (万元) multiplies the plain numbers below.
    amounts: columns without a role that are to be read as numbers or money.
    date_order: ``dmy``, ``mdy`` or ``ymd`` settles all-number dates; None learns their order from each column.
    written: the day the sheet was made, as it says itself.
    lang: the language of what is said; None takes the sheet's own.
    winsorise: bring far-out numbers in to the fence they lie beyond; never done otherwise.
    """
    setting = Setting(
        vocabulary, today, language, tz, headers or {}, date_order, written, winsorise, frozenset(amounts)
    )
    frame, logs = _prepared(raw), {}
    setting = replace(setting, currency=main_currency(frame, setting))
    own = [column for column in raw if column in frame]  # a currency column made here is no cell of the sheet
    for rule, step in {**STEPS, **(AT_WISH if winsorise else {})}.items():
        before, frame = frame, step(frame, setting)
        logs[rule] = diff(before[own], frame[own], rule)
    if "currency" not in raw and "currency" in frame and frame["currency"].isna().all():
        frame = frame.drop(columns="currency")
    found = problems(frame, logs, setting)
    known = contacts(frame, setting.phones, setting.emails)
    twins = find(frame, known, setting.vocabulary, setting.emails)
    leads = with_columns(mark_duplicates(frame, twins), {"data_issues": issues_by_lead(frame, found, address)})
    assumed = assumed_cells(leads, logs["dates"], setting)
    notes = [
        *ambiguous_dates(logs["dates"], setting, address),
        *assumed_days(leads, assumed, setting, address),
        *shared_contacts(leads, known, address),
        *owner_clashes(leads, address),
        *taken_for_asked(logs["flags"], setting, address),
    ]
    changes = joined(logs.values())
    missing = missing_kinds(leads, changes, setting)
    return Cleaned(
        check(leads, CLEANED),
        changes,
        found,
        (*findings(found, address), *notes),
        missing,
        listed(leads, twins, Words(vocabulary, lang or language)),
        assumed[["lead", "column"]],
    )


def _prepared(raw: pd.DataFrame) -> pd.DataFrame:
    """The sheet's own columns, with room for a currency where there are amounts and no column says theirs."""
    frame = raw.drop(columns=[column for column in CLEANED if column not in SOURCE and column in raw])
    if "currency" in frame or not keys_of_roles(frame, *MONEY):
        return frame
    return with_columns(frame, {"currency": pd.Series(repeated(None, len(frame)), index=frame.index, dtype=object)})
