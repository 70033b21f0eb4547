"""The pages behind a cleaned sheet: data quality, changes, problem cells, duplicates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lostdeals.distinct import by_distinct
from lostdeals.write.columns import customers, header, said
from lostdeals.write.fields import Field, Table
from lostdeals.write.pages import Page
from lostdeals.write.quality import changed_cells
from lostdeals.write.quality_tables import quality_tables

if TYPE_CHECKING:
    import pandas as pd

    from lostdeals.model import CleanReport
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


def _ranks(codes: pd.Series[Any]) -> dict[str, int]:
    return {code: place for place, code in enumerate(codes.unique())}
