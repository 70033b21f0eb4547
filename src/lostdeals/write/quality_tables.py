"""The tables of the sheet 数据质量: grade, what would help most, columns, ages, owners, sources, kinds of problems."""

from __future__ import annotations

from math import inf, isinf
from typing import TYPE_CHECKING, Protocol

from lostdeals.write.columns import header
from lostdeals.write.fields import Field, Table
from lostdeals.write.quality import (
    EMPTY_WORDS,
    GROUPED_BY,
    concerns_all,
    fix_text,
    grade_label,
    group_names,
    groups_of,
    part_label,
    share_of,
)

if TYPE_CHECKING:
    import pandas as pd

    from lostdeals.model import Layout, Quality
    from lostdeals.vocab import Words


class Judged(Protocol):
    """A report that has judged the data of its sheet."""

    @property
    def quality(self) -> Quality:
        """The judgement."""

    @property
    def layout(self) -> Layout:
        """The sheet's own headers."""


def quality_tables(report: Judged, words: Words) -> tuple[Table, ...]:
    """Grade, what would help most, columns, ages, owners, sources, kinds of problems."""
    quality = report.quality
    tables = [
        _parts(quality, words),
        _fixes(report, words),
        _columns(report, words),
        _ages(quality, words),
        *(_groups(report, words, by) for by in GROUPED_BY),
        _issues(report, words),
    ]
    return tuple(table for table in tables if len(table))


def _parts(quality: Quality, words: Words) -> Table:
    weights = words.vocabulary.section("quality")["weights"]
    parts = quality.parts
    fields = (
        Field(header(words, "part"), [part_label(words, part) for part in parts], width=28),
        Field(header(words, "share"), [n / of for n, of in parts.values()], "exact percent", 12),
        Field(header(words, "good"), [n for n, _ in parts.values()], "number", 12),
        Field(header(words, "of"), [of for _, of in parts.values()], "number", 13),
        Field(header(words, "points"), [weights[part] for part in parts], "centre", 12),
        Field("", [words.say(f"quality.{part}", days=quality.stale_days) for part in parts], "quiet"),
    )
    label = grade_label(quality, words)
    heading = words.say("clean-heading.quality", grade=quality.grade, score=quality.score, label=label)
    return Table(heading, fields)


def _fixes(report: Judged, words: Words) -> Table:
    fixes = report.quality.fixes
    fields = (
        Field(header(words, "gain"), [round(fix.gain, 1) for fix in fixes], "points"),
        Field(header(words, "fix"), [fix_text(report, words, fix) for fix in fixes]),
    )
    return Table(words.say("quality.fixes"), fields)


def _columns(report: Judged, words: Words) -> Table:
    table, layout = report.quality.counts.columns, report.layout
    checked = table["checked"].where(table["checked"] > 0)
    fields = (
        Field(header(words, "header"), [layout.header(key) for key in table["column"]]),
        Field(header(words, "filled_share"), table["filled"] / table["n"], "exact percent"),
        Field(header(words, "filled"), table["filled"], "number"),
        Field(header(words, "blank"), table["blank"], "number"),
        *(Field(header(words, f"missing_{kind}"), table[kind], "number") for kind in EMPTY_WORDS),
        Field(header(words, "wrong"), (checked - table["read"]), "number"),
        Field(header(words, "valid_share"), table["read"] / checked, "exact percent"),
        Field("", ["" if every else words.say("quality.only_some") for every in concerns_all(table, words)], "quiet"),
    )
    return Table(words.say("quality.columns"), fields)


def _ages(quality: Quality, words: Words) -> Table:
    table = quality.counts.ages
    total = int(table["n"].sum())
    known = table[table["n"] > 0] if quality.counts.dated else table.head(0)
    fields = (
        Field(header(words, "age"), [age_label(words, days, table) for days in known["up_to"]]),
        Field(header(words, "share"), known["n"] / max(total, 1), "exact percent"),
        Field(header(words, "n"), known["n"], "number"),
    )
    return Table(words.say("quality.ages", days=quality.stale_days), fields)


def age_label(words: Words, days: float, table: pd.DataFrame) -> str:
    """A class of the last contact in words."""
    if days != days:
        return words.say("quality.undated")
    bounds = [bound for bound in table["up_to"] if bound == bound]
    below = max((bound for bound in bounds if bound < days), default=-inf)
    if isinf(days):
        return words.say("quality.older", days=below)
    return (
        words.say("quality.up_to", days=days)
        if isinf(below)
        else words.say("quality.between", low=below + 1, high=days)
    )


def _groups(report: Judged, words: Words, by: str) -> Table:
    table = groups_of(report, by)
    few = table["n"] < report.quality.smallest_group
    fields = (
        Field(report.layout.header(by), group_names(table, words)),
        Field(header(words, "n"), table["n"], "number"),
        Field(header(words, "complete_share"), share_of(table, "met", "asked"), "exact percent"),
        Field(header(words, "valid_share"), share_of(table, "read", "checked"), "exact percent"),
        Field(header(words, "copies"), table["copies"], "number"),
        Field(header(words, "stale"), table["stale"], "number"),
        Field(header(words, "stale_share"), share_of(table, "stale", "dated"), "exact percent"),
        Field(header(words, "note"), [words.say("quality.few") if one else "" for one in few], "quiet"),
    )
    title = words.say("quality.groups", by=report.layout.header(by))
    return Table(title, fields)


def _issues(report: Judged, words: Words) -> Table:
    table = report.quality.counts.issues.sort_values("n", ascending=False, kind="stable")
    fields = (
        Field(header(words, "problem"), [words.say(f"issue.{code}") for code in table["code"]]),
        Field(header(words, "header"), [report.layout.header(key) for key in table["column"]]),
        Field(header(words, "count"), table["n"], "number"),
    )
    return Table(words.say("quality.issues"), fields)
