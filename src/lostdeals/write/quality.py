"""What a cleaning did and how good the data are, in words and shares: the same for the screen, the workbook and JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lostdeals.schema import role_of

if TYPE_CHECKING:
    import pandas as pd

    from lostdeals.model import CleanReport, Fix, Quality
    from lostdeals.vocab import Words
    from lostdeals.write.quality_tables import Judged

GROUPED_BY = ("owner", "source")
"""Dimensions that the quality of data is told by."""
EMPTY_WORDS = ("placeholder", "none", "unknown", "error")
"""Kinds of cells that look filled: N/A, 无, 未知, #REF!."""


def changed_cells(report: CleanReport) -> tuple[int, int]:
    """Cells that have another value, and those that have their value and got another type."""
    log = report.log
    every = int((~log.duplicated(["row", "letter"])).sum())
    seen = int((~log[log["before"].ne(log["after"])].duplicated(["row", "letter"])).sum())
    return seen, every - seen


def fix_text(report: Judged, words: Words, fix: Fix) -> str:
    """What to do, in words."""
    names = words.say("terminal.dot").join(report.layout.header(column) for column in fix.columns)
    quality = report.quality
    values = {"header": names, "groups": quality.counts.groups_of_copies, "days": quality.stale_days}
    return words.say(f"fix.{fix.code}", count=fix.count, **values)


def grade_label(quality: Quality, words: Words) -> str:
    """What the grade means."""
    grades = words.vocabulary.section("quality")["grades"]
    return words.pick(next(grade["label"] for grade in grades if grade["key"] == quality.grade))


def part_label(words: Words, part: str) -> str:
    """A part of the score in words."""
    return words.pick(words.vocabulary.section("quality")["parts"][part])


def groups_of(report: Judged, by: str) -> pd.DataFrame:
    """The counts per owner or source, the largest first."""
    table = report.quality.counts.groups
    return table[table["by"].eq(by)]


def group_names(table: pd.DataFrame, words: Words) -> list[str]:
    """The values of a dimension as shown."""
    nobody = words.say("quality.nobody")
    return [nobody if value is None or value != value else str(value) for value in table["value"]]


def says_nothing(table: pd.DataFrame) -> pd.Series[Any]:
    """Of every column the cells that look filled and say nothing."""
    return table[list(EMPTY_WORDS)].sum(axis=1)


def concerns_all(table: pd.DataFrame, words: Words) -> list[bool]:
    """Of every column whether a blank in it is a gap: not where it concerns only some customers, as a lost reason does."""
    some = words.vocabulary.section("quality")["only_some"]["roles"]
    return [role_of(column) not in some for column in table["column"]]


def percent(n: int, of: int) -> str:
    """A share in whole percent that is 100 only where nothing is missing, and a dash where there is nothing to share.

    >>> percent(4407, 4445), percent(439, 440), percent(440, 440), percent(0, 0)
    ('99%', '99%', '100%', '–')
    """
    return f"{100 if n == of else min(99, round(100 * n / of))}%" if of else "–"


def share_of(table: pd.DataFrame, part: str, whole: str) -> pd.Series[Any]:
    """A rate; NaN where there is nothing to rate."""
    of = table[whole].astype("float64")
    return table[part].astype("float64") / of.where(of > 0)
