"""The long tables of the summary sheets: one row a customer, a change or a finding."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from lostdeals.distinct import any_filled, by_distinct
from lostdeals.package.styles import TIERS
from lostdeals.schema import OVERRIDE, PLACES
from lostdeals.write.basis import basis
from lostdeals.write.columns import customers, dimension, header, heading, labels, place, said
from lostdeals.write.customers import LOOKS, PLAIN
from lostdeals.write.fields import Field, Table
from lostdeals.write.follow_ups import carried, customer_keys
from lostdeals.write.links import row_cells
from lostdeals.write.mask import finding_text

if TYPE_CHECKING:
    import pandas as pd

    from lostdeals.model import ClassifyReport, Report
    from lostdeals.vocab import Words
    from lostdeals.write.columns import Added
    from lostdeals.write.customers import Place

KNOWN_BY = ("id", "name", "company", "phone", "email")
"""What identifies a customer on a sheet of results, as far as the user's sheet has it."""
CONTACTS = ("phone", "email", "wechat")
"""How a customer is reached: the first of these that the sheet has goes on the plan."""
OTHER_DIMENSIONS = ("tier", "grade")
"""Categories without ``_class`` in their name."""


def plan(report: Report, words: Words, site: Place) -> Table:
    """Whom to contact, and four columns to note what came of it; a click on the row leads to the customer.

    What was noted on an earlier plan stands beside the same customer; a customer who is not on the plan any more comes
    last, so that nothing that was written is lost. One column is hidden: by it the next run knows the customers.
    """
    todo, leads = report.plan, report.leads
    which, keys = todo["lead"], customer_keys(report)
    noted, left = carried(report)
    contact = next((role for role in CONTACTS if report.layout.keys(role) and role in leads), None)
    rows = row_cells(report, _of(leads["src_row"], which), site)

    def and_left(values: Sequence[Any] | pd.Series[Any], key: str = "") -> Sequence[Any] | pd.Series[Any]:
        if left.empty:
            return values
        return [*values, *(left[key].tolist() if key else [None] * len(left))]

    fields = [
        Field(header(words, "priority"), and_left(todo["priority"]), "centre", 7),
        Field(header(words, "row"), and_left(rows), "link", 7),
        Field(header(words, "customer"), and_left(_of(customers(leads), which), "customer"), width=17),
        *([Field(report.layout.header(contact), and_left(_of(leads[contact], which)), width=16)] if contact else []),
        Field(header(words, "plan_score"), and_left(_of(leads["score"], which)), "centre", 7),
        Field(
            header(words, "outcome_class"),
            and_left(labels(leads["outcome_class"].loc[which], words, "outcome")),
            width=10,
        ),
        *([Field(header(words, "owner"), and_left(todo["owner"]), width=14)] if todo["owner"].notna().any() else []),
        Field(header(words, "action"), and_left(todo["action"], "action"), "wrapped", 44),
        Field(
            header(words, "plan_why"),
            [*todo["why"], *[words.say("phrase.from-last-plan")] * len(left)] if len(left) else todo["why"],
            "wrapped",
            44,
        ),
        Field(header(words, "due"), and_left(todo["due"], "due"), "day", 12),
        Field(
            header(words, "customer_key"),
            and_left([keys[lead] for lead in which], "customer_key"),
            "quiet",
            hidden=True,
        ),
        Field(
            header(words, "contacted"),
            and_left(noted["contacted"], "contacted"),
            "to fill in",
            9,
            _choices(words, "choices.contacted"),
        ),
        Field(
            header(words, "result"),
            and_left(noted["result"], "result"),
            "to fill in",
            14,
            _choices(words, "choices.result"),
        ),
        Field(header(words, "next_date"), and_left(noted["next_date"], "next_date"), "day to fill in", 12),
        Field(header(words, "remarks"), and_left(noted["remarks"], "remarks"), "to fill in", 24),
    ]
    return Table(words.say("heading.plan", n=len(todo)), tuple(fields))


def results(report: Report, words: Words, new: Sequence[Added]) -> Table:
    """The new columns beside what each customer is known by."""
    leads, layout = report.leads, report.layout
    known = [key for role in KNOWN_BY for key in layout.keys(role)[:1] if key in leads]
    fields = [Field(header(words, "row"), leads["src_row"], "centre", 7)]
    fields += [Field(layout.header(key), leads[key], width=16) for key in known]
    for one in new:
        look, width = LOOKS.get(one.key, PLAIN)
        if one.key == OVERRIDE:
            choices = tuple(words.label("tier", key) for key in TIERS)
            fields.append(Field(one.header, one.values, "to fill in", width, choices))
        else:
            fields.append(Field(one.header, one.values, look, width))
    return Table(words.say("heading.results", sheet=report.sheet.name, n=len(leads)), tuple(fields))


def classification(report: Report | ClassifyReport, words: Words) -> Table:
    """Every dimension that any customer has, one row a customer, and what gave each class.

    Of the parts of a place those that are known, and the country where there are several.
    """
    leads = report.leads
    classes = [str(column) for column in leads if str(column).endswith("_class") or column in OTHER_DIMENSIONS]
    places = [column for column in PLACES if leads[column].nunique() > (column == "country")]
    shown = [column for column in leads if column in (*classes, *places) and any_filled(leads[column])]
    fields = [
        Field(header(words, "row"), leads["src_row"], "centre", 7),
        Field(header(words, "customer"), customers(leads), width=14),
    ]
    for column in map(str, shown):
        look, width = ("wrapped", 26) if column == "reason_class" else ("plain", 8)
        fields.append(Field(heading(words, column), labels(leads[column], words, dimension(column)), look, width))
    fields.append(Field(words.say("classify.column.basis"), basis(leads, report.layout, words), "cut", 60))
    return Table(words.say("heading.classification", n=len(leads)), tuple(fields))


def duplicates(report: Report, words: Words) -> Table:
    """Rows that are a second record of a customer, and the one that is kept."""
    leads = report.leads
    second = leads[leads["duplicate_of"].notna()]
    kept = second["duplicate_of"].astype("int64")
    names, rows = customers(leads), leads["src_row"]
    kept_as = [place(words, row, name) for row, name in zip(_of(rows, kept), _of(names, kept), strict=True)]
    fields = (
        Field(header(words, "row"), second["src_row"], "centre", 7),
        Field(header(words, "customer"), names.loc[second.index], width=16),
        Field(header(words, "duplicate_of"), kept_as, width=28),
        Field(header(words, "duplicate_by"), [_headers(report, by) for by in second["duplicate_by"]], width=28),
    )
    return Table(words.say("heading.duplicates", n=len(second)), fields)


def changes(report: Report, words: Words) -> Table:
    """Every cell that was read differently from how it stands; a cell that only got its type is not listed."""
    log = report.changes
    log = log[log["before"].ne(log["after"]) & (log["before"].notna() | log["after"].notna())]
    which, layout = log["lead"], report.layout
    rows, letters = _of(report.leads["src_row"], which), by_distinct(log["column"], layout.letter)
    fields = (
        Field(header(words, "row"), rows, "centre", 7),
        Field(header(words, "customer"), _of(customers(report.leads), which), width=14),
        Field(
            header(words, "cell"), [f"{a}{row}" if a else "" for a, row in zip(letters, rows, strict=True)], "centre", 9
        ),
        Field(header(words, "column"), by_distinct(log["column"], layout.header), width=16),
        Field(header(words, "rule"), by_distinct(log["rule"], lambda rule: said(words, "rule", rule)), width=26),
        Field(header(words, "before"), log["before"], width=30),
        Field(header(words, "after"), log["after"], width=30),
    )
    return Table(words.say("heading.changes", n=len(log)), fields)


def findings(report: Report, words: Words) -> Table:
    """What a person should know about the data."""
    found = report.findings
    fields = (
        Field(header(words, "count"), [one.count for one in found], "centre", 9),
        Field(header(words, "finding"), [finding_text(one, words) for one in found], "wrapped", 100),
        Field(header(words, "first"), [one.first for one in found], width=26),
    )
    return Table(words.say("heading.findings", n=len(found)), fields)


def _of(values: pd.Series[Any], which: pd.Series[Any]) -> list[Any]:
    """The values of the leads named, in their order."""
    return list(values.loc[which].tolist())


def _choices(words: Words, key: str) -> tuple[str, ...]:
    return tuple(words.say(key).split("|"))


def _headers(report: Report, roles: object) -> str:
    """The user's own headers of the roles that gave a duplicate away."""
    if not isinstance(roles, str):
        return ""
    found = [
        [report.layout.header(key) for key in report.layout.keys(role)[:1]] or [report.layout.header(role)]
        for role in roles.split("; ")
    ]
    return "; ".join(header for headers in found for header in headers)
