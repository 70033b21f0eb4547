"""The pages behind a cleaned sheet: data quality, changes, problem cells, duplicates."""

from __future__ import annotations

from math import inf, isinf
from typing import TYPE_CHECKING, Any

from lostdeals.write.columns import by_distinct, customers, header, said
from lostdeals.write.fields import Field, Table
from lostdeals.write.pages import Page
from lostdeals.write.quality import (
    EMPTY_WORDS,
    GROUPED_BY,
    changed_cells,
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

    from lostdeals.model import CleanReport, Quality
    from lostdeals.vocab import Words

LISTED = 100_000
"""Lines of a page; the CSV files have all of them. More make a workbook that opens slowly."""


def clean_pages(report: CleanReport, words: Words) -> list[Page]:
    """The pages in their order; one without a single row is left out."""
    every = [
        Page("quality", quality_tables(report, words)),
        Page("changes", (changes(report, words),)),
        Page("problems", (problems(report, words),)),
        Page("duplicates", (duplicates(report, words),)),
    ]
    return [page for page in every if any(len(table) for table in page.tables)]


def quality_tables(report: CleanReport, words: Words) -> tuple[Table, ...]:
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


def changes(report: CleanReport, words: Words) -> Table:
    """Every cell that has another value; a cell that only got its type is not listed."""
    log = report.log
    seen = log[log["before"].ne(log["after"])]
    shown = seen.head(LISTED)
    names = customers(report.leads).to_dict()
    who = [names.get(lead, "") for lead in shown["lead"].tolist()]
    fields = (
        Field(header(words, "row"), shown["row"], "centre", 7),
        Field(header(words, "customer"), who, width=14),
        Field(
            header(words, "cell"), [f"{a}{b}" for a, b in zip(shown["letter"], shown["row"], strict=True)], "centre", 9
        ),
        Field(header(words, "header"), shown["header"], width=16),
        Field(header(words, "rule"), by_distinct(shown["rule"], lambda rule: said(words, "rule", rule)), width=28),
        Field(header(words, "before"), shown["before"], width=30),
        Field(header(words, "became"), shown["after"], width=30),
    )
    cells, typed = changed_cells(report)
    return Table(
        words.say("clean-heading.changes", cells=cells, typed=typed, more=_more("changes", shown, seen, words)), fields
    )


def problems(report: CleanReport, words: Words) -> Table:
    """Every cell that is wrong or stale, grouped by rule; its value is as found."""
    found = report.problems.sort_values("code", kind="stable", key=lambda codes: codes.map(_ranks(codes)))
    shown, layout = found.head(LISTED), report.layout
    rows = report.leads["src_row"].loc[shown["lead"]].tolist()
    names = customers(report.leads).loc[shown["lead"]].tolist()
    letters = by_distinct(shown["column"], layout.letter)
    fields = (
        Field(header(words, "problem"), by_distinct(shown["code"], lambda code: words.say(f"issue.{code}")), width=30),
        Field(header(words, "row"), rows, "centre", 7),
        Field(header(words, "customer"), names, width=14),
        Field(header(words, "cell"), [f"{a}{b}" for a, b in zip(letters, rows, strict=True)], "centre", 9),
        Field(header(words, "header"), by_distinct(shown["column"], layout.header), width=16),
        Field(header(words, "value"), shown["sample"], width=34),
        *([Field(header(words, "meant"), shown["meant"], width=30)] if shown["meant"].ne("").any() else []),
    )
    return Table(words.say("clean-heading.problems", n=len(found), more=_more("problems", shown, found, words)), fields)


def _more(page: str, shown: pd.DataFrame, every: pd.DataFrame, words: Words) -> str:
    """What to say where a page has not all lines."""
    return words.say(f"quality.{page}-left-out", shown=len(shown)) if len(shown) < len(every) else ""


def duplicates(report: CleanReport, words: Words) -> Table:
    """Every two rows of probably one customer, with what tells it."""
    pairs = report.pairs.head(LISTED)
    rows = report.leads["src_row"].tolist()
    names = dict(zip(rows, customers(report.leads).tolist(), strict=True))
    owners = dict(zip(rows, report.leads["owner"].tolist(), strict=True)) if "owner" in report.leads else {}
    fields = []
    for key in ("row_a", "row_b"):
        numbers = pairs[key].tolist()
        fields += [
            Field(header(words, key), numbers, "centre", 7),
            Field(header(words, "customer"), [names.get(row, "") for row in numbers], width=18),
        ]
        if owners:
            fields.append(Field(report.layout.header("owner"), [owners.get(row) for row in numbers], width=12))
    fields += [
        Field(header(words, "likeness"), pairs["score"], "percent", 9),
        Field(header(words, "duplicate_by"), pairs["why"], width=44),
    ]
    counts = report.quality.counts
    return Table(
        words.say("clean-heading.duplicates", n=len(report.pairs), groups=counts.groups_of_copies), tuple(fields)
    )


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


def _fixes(report: CleanReport, words: Words) -> Table:
    fixes = report.quality.fixes
    fields = (
        Field(header(words, "gain"), [round(fix.gain, 1) for fix in fixes], "points"),
        Field(header(words, "fix"), [fix_text(report, words, fix) for fix in fixes]),
    )
    return Table(words.say("quality.fixes"), fields)


def _columns(report: CleanReport, words: Words) -> Table:
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


def _groups(report: CleanReport, words: Words, by: str) -> Table:
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


def _issues(report: CleanReport, words: Words) -> Table:
    table = report.quality.counts.issues.sort_values("n", ascending=False, kind="stable")
    fields = (
        Field(header(words, "problem"), [words.say(f"issue.{code}") for code in table["code"]]),
        Field(header(words, "header"), [report.layout.header(key) for key in table["column"]]),
        Field(header(words, "count"), table["n"], "number"),
    )
    return Table(words.say("quality.issues"), fields)


def _ranks(codes: pd.Series[Any]) -> dict[str, int]:
    return {code: place for place, code in enumerate(codes.unique())}
