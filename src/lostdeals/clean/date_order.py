"""Learn from a whole column whether its dates put the day, the month or the year first."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Self

Parts = tuple[str, str, str]

ORDERS = ("ymd", "dmy", "mdy")
TURNED_SHARE = 0.1
"""From this share of dates that only the other order can read, a column counts as mixed (a project default)."""


class DateOrder:
    """The order of day, month and year in a column's all-number dates.

    Learned: ``order_`` is one of ``ymd``, ``dmy``, ``mdy``; ``ambiguous_`` holds the dates that another order would
    read as another day, where the column does not decide (all fit both orders, or two orders are mixed).

    preference: the orders to take in a tie, best first. told: the order that the sheet's other columns show, which settles
    a tie. ``decided_``: some dates can be read in no other order, and none speaks for another; ``dotted_``: most have dots.
    Dots put the day before the month where nothing else tells: no locale of Unicode's CLDR has 03.05.2024 for a day in March.

    >>> DateOrder(("mdy", "dmy", "ymd")).fit(["01/02/2024", "25/12/2024"]).order_
    'dmy'
    >>> tie = DateOrder(("mdy", "dmy", "ymd")).fit(["01/02/2024", "03/03/2024"])
    >>> tie.order_, tie.ambiguous_
    ('mdy', {('01', '02', '2024')})
    """

    def __init__(self, preference: Iterable[str], told: str | None = None) -> None:
        self.preference = tuple(preference) if told is None else (told, *preference)
        self.told = told

    def fit(self, texts: Iterable[str]) -> Self:
        """Learn from the texts of a column; those that do not start with three numbers are passed over."""
        written = {
            parts: match[2].strip()
            for text in texts
            if (match := THREE.match(text)) and len((parts := _parts(match))[0]) < FULL_YEAR
        }
        found = set(written)
        fits = {parts: tuple(order for order in ORDERS if _reads(parts, order)) for parts in found}
        counts = Counter(order for orders in fits.values() for order in orders)
        years = {order: {parts[order.index("y")] for parts, fit in fits.items() if order in fit} for order in ORDERS}
        # A year repeats where a day of the month does not, so the order with the fewest years is the likelier one
        ranks = {order: (counts[order], -len(years[order])) for order in ORDERS}
        self.dotted_ = sum(mark == "." for mark in written.values()) > len(written) / 2
        by_dots = self.dotted_ and self.told is None
        self.order_ = max(_day_first(self.preference) if by_dots else self.preference, key=ranks.__getitem__)
        self.rivals_ = [other for other in ORDERS if other != self.order_ and self._rivals(other, fits.values(), ranks)]
        self.decided_ = not self.rivals_ and (self.order_,) in fits.values()
        self.ambiguous_ = {
            parts
            for parts, orders in fits.items()
            if self.order_ in orders and any(r in orders and _differ(parts, self.order_, r) for r in self.rivals_)
        }
        return self

    def is_ambiguous(self, text: str) -> bool:
        """Whether a text of the column could be another day."""
        return three_numbers(text) in self.ambiguous_

    def rival(self, text: str) -> str:
        """The other order that an ambiguous text could be in."""
        parts = three_numbers(text)
        assert parts in self.ambiguous_
        return next(order for order in self.rivals_ if _reads(parts, order) and _differ(parts, self.order_, order))

    def _rivals(self, other: str, fits: Iterable[tuple[str, ...]], ranks: dict[str, tuple[int, int]]) -> bool:
        pairs = [(self.order_ in orders, other in orders) for orders in fits]
        only_other, decided = pairs.count((False, True)), len(pairs) - pairs.count((True, True))
        tie = ranks[other] == ranks[self.order_] and self.order_ != self.told
        return tie or only_other > TURNED_SHARE * decided


def orders_of(columns: Mapping[str, Iterable[str]], preference: Iterable[str]) -> dict[str, DateOrder]:
    """The order of every column: people write the dates of one sheet one way, so what one column leaves open another settles.

    columns: key -> its texts. Columns that show different orders settle nothing.

    >>> found = orders_of({"created": ["25/12/2024"], "next": ["01/02/2025"]}, ["mdy", "dmy", "ymd"])
    >>> [(order.order_, order.ambiguous_) for order in found.values()]
    [('dmy', set()), ('dmy', set())]
    """
    texts, preference = {key: list(said) for key, said in columns.items()}, tuple(preference)
    found = {key: DateOrder(preference).fit(said) for key, said in texts.items()}
    shown = {order.order_ for order in found.values() if order.decided_}
    if not shown and any(order.dotted_ for order in found.values()):
        return {key: DateOrder(_day_first(preference)).fit(said) for key, said in texts.items()}
    if len(shown) != 1:
        return found
    told = shown.pop()
    return {
        key: order if order.decided_ else DateOrder(preference, told).fit(texts[key]) for key, order in found.items()
    }


def three_numbers(text: str) -> Parts | None:
    """The three numbers at the start of a text such as 24/3/5 or 10.20.2016 12:30, None where there are none.

    >>> three_numbers("10/20/2016 12:30"), three_numbers("3月5日")
    (('10', '20', '2016'), None)
    """
    found = THREE.match(text)
    return _parts(found) if found else None


def _parts(found: re.Match[str]) -> Parts:
    return found[1], found[3], found[4]


def _day_first(preference: tuple[str, ...]) -> list[str]:
    """The orders with the day before the month ahead of its rival, all others where they were."""
    if not {"dmy", "mdy"} <= set(preference):
        return list(preference)
    first, second = sorted((preference.index("dmy"), preference.index("mdy")))
    out = list(preference)
    out[first], out[second] = "dmy", "mdy"
    return out


def _reads(parts: Parts, order: str) -> bool:
    year, month, day = (parts[order.index(part)] for part in "ymd")
    known = FIRST_YEAR <= int(year) <= LAST_YEAR if len(year) == FULL_YEAR else len(year) == SHORT_YEAR
    return known and len(day) <= SHORT_YEAR and 1 <= int(month) <= 12 and 1 <= int(day) <= 31


def _differ(parts: Parts, order: str, other: str) -> bool:
    return [parts[order.index(part)] for part in "ymd"] != [parts[other.index(part)] for part in "ymd"]


THREE = re.compile(r"(\d{1,4})(\s?[-/.]\s?|\s)(\d{1,2})\2(\d{1,4})(?!\d)")
FULL_YEAR, SHORT_YEAR = 4, 2
FIRST_YEAR, LAST_YEAR = 1900, 2100
