"""What people wrote into the result of an earlier run: their own tiers, and what came of their contacts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from lostdeals.errors import LostDealsError
from lostdeals.model import Layout, Options, Sheet
from lostdeals.package.book import Book
from lostdeals.package.names import marks
from lostdeals.package.refusal import Refused
from lostdeals.schema import FOLLOW_UPS, OVERRIDE
from lostdeals.stats.keys import by_key, candidates
from lostdeals.understand.leads import to_leads
from lostdeals.understand.own_pages import EVERYWHERE
from lostdeals.vocab import Vocabulary
from lostdeals.vocab.pages import is_page

READ = ("plan", "results", *EVERYWHERE)
"""Pages of ours that people write into, and those by which a result is known."""
HEADER_WITHIN = 10
"""Rows from the top among which the headers of a page of ours are looked for."""


@dataclass(frozen=True)
class Earlier:
    """What is carried over from an earlier result."""

    tiers: pd.DataFrame = field(default_factory=pd.DataFrame)
    """Customers with a tier of the user's own: raw LEADS columns and ``tier_override``."""
    follow_ups: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(FOLLOW_UPS)))
    """Lines of the plan that somebody has filled in (``schema.FOLLOW_UPS``)."""


def earlier(sheets: Sequence[Sheet], layout: Layout, vocabulary: Vocabulary, options: Options) -> Earlier:
    """What stands in the sheets of an earlier result.

    layout: of the customers now; its headers are those of the customers' own columns on a page of ours.
    """
    from lostdeals.understand import understand

    follow_ups = [_filled(sheet, vocabulary) for sheet in sheets if _titled(sheet, "plan", vocabulary)]
    tiers = [_on_page(sheet, layout, vocabulary) for sheet in sheets if _titled(sheet, "results", vocabulary)]
    others = [sheet for sheet in sheets if not _titled(sheet, "results", vocabulary)]
    try:
        sheet, then = understand(others, vocabulary, Options(today=options.today))
        leads = to_leads(sheet, then)
        if OVERRIDE in leads:
            tiers.append(leads[leads[OVERRIDE].notna()])
    except LostDealsError:
        pass  # an earlier result whose customers are no longer understood still has its plan
    tiers = [frame for frame in tiers if len(frame)]
    return Earlier(
        pd.concat(tiers, ignore_index=True) if tiers else pd.DataFrame(),
        pd.concat([frame for frame in follow_ups if len(frame)] or [Earlier().follow_ups], ignore_index=True),
    )


def needless_pages(path: Path, vocabulary: Vocabulary) -> frozenset[str]:
    """The sheets of a result that need not be read, by the marks it carries: nobody wrote there, and nothing is told by them.

    They are many times as large as the customers' own sheet. None where the file carries no marks; a sheet that the user
    gave another name is read as theirs.
    """
    try:
        with Book(path) as book:
            found = marks(book)[1].items()
            return frozenset(title for key, title in found if key not in READ and is_page(vocabulary, key, title))
    except (Refused, LostDealsError):
        return frozenset()


def with_tiers(leads: pd.DataFrame, tiers: pd.DataFrame) -> pd.DataFrame:
    """The raw leads with the tiers that the user gave these customers before; what stands in the sheet itself wins."""
    if tiers.empty:
        return leads
    known, given = by_key(leads), dict[Any, Any]()
    placed: set[int] = set()
    chosen = tiers[OVERRIDE].tolist()
    for column in candidates(tiers):
        for place, key in enumerate(column):
            if key in known and place not in placed:
                given[known[key]] = chosen[place]
                placed.add(place)
    found = pd.Series([given.get(lead) for lead in leads.index], index=leads.index, dtype=object)
    if OVERRIDE in leads:
        found = leads[OVERRIDE].where(leads[OVERRIDE].notna(), found)
    return leads.assign(**{OVERRIDE: found}) if found.notna().any() else leads


def _titled(sheet: Sheet, key: str, vocabulary: Vocabulary) -> bool:
    """A page of ours by its name, which may have got a number."""
    return is_page(vocabulary, key, sheet.name)


def _below(sheet: Sheet, headers: Sequence[str], vocabulary: Vocabulary) -> pd.DataFrame | None:
    """The rows of a page below its headers, the columns by their keys; None where these headers are not there."""
    labels = vocabulary.section("messages")["column"]
    for row, cells in sheet.cells.head(HEADER_WITHIN).iterrows():
        at = {str(cell): letter for letter, cell in cells.items() if isinstance(cell, str)}
        for language in ("zh", "en"):
            if all(labels[key][language] in at for key in headers):
                known = [key for key in {*headers, *FOLLOW_UPS} if labels[key].get(language) in at]
                wanted = {at[labels[key][language]]: key for key in known}
                below = sheet.cells.loc[sheet.cells.index > row]
                return below.rename(columns={**{letter: text for text, letter in at.items()}, **wanted})
    return None


def _filled(sheet: Sheet, vocabulary: Vocabulary) -> pd.DataFrame:
    below = _below(sheet, [key for key in FOLLOW_UPS if key != "customer"], vocabulary)
    if below is None:
        return Earlier().follow_ups
    said = below[["contacted", "result", "next_date", "remarks"]].notna().any(axis=1)
    return below.loc[said].reindex(columns=list(FOLLOW_UPS)).astype(object)


def _on_page(sheet: Sheet, layout: Layout, vocabulary: Vocabulary) -> pd.DataFrame:
    below = _below(sheet, [OVERRIDE], vocabulary)
    if below is None:
        return pd.DataFrame()
    keys = {column.header: column.key for column in layout.columns}
    named: dict[str, Any] = {
        keys.get(str(column), str(column)): below[column].to_numpy()
        for column in below
        if str(column) in {*keys, OVERRIDE}
    }
    found = pd.DataFrame(named, dtype=object)
    return found[found[OVERRIDE].notna()].reset_index(drop=True)
