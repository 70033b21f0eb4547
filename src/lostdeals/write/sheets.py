"""The tables of the summary sheets: frames of the report as headings, labels and values, nothing about Excel yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from lostdeals.write import facts
from lostdeals.write.columns import customers, dimension, header, labels, place

if TYPE_CHECKING:
    from lostdeals.model import Report, Segment, Step
    from lostdeals.vocab import Words

CONTACTS = ("phone", "email", "wechat")
"""How a customer is reached: the first of these that the sheet has goes on the plan."""
OTHER_DIMENSIONS = ("tier", "grade")
"""Categories without ``_class`` in their name."""


@dataclass(frozen=True)
class Field:
    """One column of a table."""

    header: str
    values: Sequence[Any] | pd.Series[Any]
    look: str = "plain"
    """A look of ``package.styles``."""
    width: float = 12
    """In characters."""
    choices: tuple[str, ...] = ()
    """What its drop-down offers; empty for none."""


@dataclass(frozen=True)
class Table:
    """Columns of equal length under one sentence."""

    heading: str
    fields: tuple[Field, ...]

    def __len__(self) -> int:
        return len(self.fields[0].values)


def plan(report: Report, words: Words) -> Table:
    """Whom to contact, and four columns to note what came of it."""
    todo, leads = report.plan, report.leads
    which = todo["lead"]
    contact = next((role for role in CONTACTS if report.layout.keys(role) and role in leads), None)
    fields = [
        Field(header(words, "priority"), todo["priority"], "centre", 7),
        Field(header(words, "row"), _of(leads["src_row"], which), "centre", 7),
        Field(header(words, "customer"), _of(customers(leads), which), width=14),
        *([Field(report.layout.header(contact), _of(leads[contact], which), width=16)] if contact else []),
        Field(header(words, "score"), _of(leads["score"], which), "whole", 7),
        Field(header(words, "owner"), todo["owner"], width=11),
        Field(header(words, "action"), todo["action"], "wrapped", 44),
        Field(header(words, "plan_why"), todo["why"], "wrapped", 44),
        Field(header(words, "due"), todo["due"], "date", 12),
    ]
    blank = [None] * len(todo)
    fields += [
        Field(header(words, "contacted"), blank, "to fill in", 9, _choices(words, "choices.contacted")),
        Field(header(words, "result"), blank, "to fill in", 14, _choices(words, "choices.result")),
        Field(header(words, "next_date"), blank, "date to fill in", 12),
        Field(header(words, "remarks"), blank, "to fill in", 24),
    ]
    return Table(words.say("heading.plan", n=len(todo)), tuple(fields))


def classification(report: Report, words: Words) -> Table:
    """Every dimension, one row a customer."""
    leads = report.leads
    dimensions = [column for column in leads if str(column).endswith("_class") or column in OTHER_DIMENSIONS]
    fields = [
        Field(header(words, "row"), leads["src_row"], "centre", 7),
        Field(header(words, "customer"), customers(leads), width=14),
    ]
    for column in map(str, dimensions):
        fields.append(Field(header(words, column), labels(leads[column], words, dimension(column)), width=16))
    return Table(words.say("heading.classification", n=len(leads)), tuple(fields))


def reasons(report: Report, words: Words) -> Table:
    """Why customers did not buy."""
    table = report.analysis.reasons
    fields = (
        Field(header(words, "reason"), labels(table["reason"], words, "loss_reason"), width=26),
        Field(header(words, "n"), table["n"], "number", 9),
        Field(header(words, "share"), table["share"], "percent", 9),
        Field(header(words, "amount"), table["amount"], "number", 14),
        Field(header(words, "read_from_text"), table["read_from_text"], "number", 14),
    )
    return Table(facts.reasons(report, words), fields)


def funnel(report: Report, words: Words) -> Table:
    """The steps of the funnel; the band only where the sheet cannot say exactly."""
    steps = report.analysis.funnel.steps if report.analysis.funnel else ()
    fields = [
        Field(header(words, "step"), [facts.step_label(words, step.key) for step in steps], width=22),
        Field(header(words, "n"), [step.n for step in steps], "number", 9),
        Field(header(words, "from_first"), [step.from_first for step in steps], "percent", 11),
        Field(header(words, "from_previous"), [step.from_previous for step in steps], "percent", 11),
    ]
    if any(step.low is not None for step in steps):
        fields.append(Field(header(words, "low"), [step.low for step in steps], "number", 9))
        fields.append(Field(header(words, "high"), [step.high for step in steps], "number", 9))
    return Table(facts.funnel(report, words), tuple(fields))


def funnel_segments(report: Report, words: Words) -> Table | None:
    """The funnel's last step by source or whatever it was split by."""
    chain = report.analysis.funnel
    if not chain or not chain.segments or not chain.by:
        return None
    by, segments = chain.by, chain.segments
    name = dimension(by)
    fields = [Field(header(words, by), [words.label(name, one.value) for one in segments], width=22)]
    for number, step in enumerate(chain.steps):
        values = [_n(one, number) for one in segments]
        fields.append(Field(facts.step_label(words, step.key), values, "number", 11))
    fields += [
        Field(header(words, "final_rate"), [one.final_rate for one in segments], "percent", 9),
        Field(header(words, "low"), [one.ci[0] if one.ci else None for one in segments], "percent", 9),
        Field(header(words, "high"), [one.ci[1] if one.ci else None for one in segments], "percent", 9),
        Field(header(words, "note"), [_verdict(one, words) for one in segments], width=24),
    ]
    return Table(words.say("heading.segments", by=header(words, by)), tuple(fields))


def sources(report: Report, words: Words) -> Table:
    """Where customers came from, and how many of the closed ones bought."""
    table = report.analysis.sources
    fields = (
        Field(header(words, "source"), labels(table["source"], words, "source"), width=22),
        Field(header(words, "n"), table["n"], "number", 9),
        Field(header(words, "won"), table["won"], "number", 11),
        Field(header(words, "lost"), table["lost"], "number", 11),
        Field(header(words, "open"), table["open"], "number", 9),
        Field(header(words, "rate"), table["rate"], "percent", 9),
        Field(header(words, "source_of_closed"), _of_closed(table, words), "quiet", 24),
    )
    return Table(facts.sources(report, words) or words.say("heading.sources"), fields)


def stages(report: Report, words: Words) -> Table:
    """How many customers are on each stage, in the order of the stages."""
    counts = facts.counted(report, "stage")
    order = [key for key in words.vocabulary.section("stages") if key in counts]
    order += [key for key in counts if key not in order]
    fields = (
        Field(header(words, "stage_class"), [words.label("stage", key) for key in order], width=22),
        Field(header(words, "n"), [counts[key] for key in order], "number", 9),
    )
    return Table(facts.stages(report, words), fields)


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
    rows = _of(report.leads["src_row"], which)
    letters = log["column"].map({key: layout.letter(key) for key in log["column"].unique()})
    cells = [f"{letter}{row}" if letter else "" for letter, row in zip(letters, rows, strict=True)]
    fields = (
        Field(header(words, "row"), rows, "centre", 7),
        Field(header(words, "customer"), _of(customers(report.leads), which), width=14),
        Field(header(words, "cell"), cells, "centre", 9),
        Field(header(words, "column"), log["column"].map({k: layout.header(k) for k in log["column"].unique()}), width=16),
        Field(header(words, "rule"), log["rule"].map({r: _said(words, "rule", r) for r in log["rule"].unique()}), width=26),
        Field(header(words, "before"), log["before"], width=30),
        Field(header(words, "after"), log["after"], width=30),
    )
    return Table(words.say("heading.changes", n=len(log)), fields)


def findings(report: Report, words: Words) -> Table:
    """What a person should know about the data."""
    found = [*report.findings]
    fields = (
        Field(header(words, "finding"), [words.finding(one) for one in found], "wrapped", 80),
        Field(header(words, "count"), [one.count for one in found], "number", 9),
        Field(header(words, "first"), [one.first for one in found], width=22),
    )
    return Table(words.say("heading.findings", n=len(found)), fields)


def columns_read(report: Report, words: Words) -> Table:
    """What each column of the sheet was understood to be."""
    columns = report.layout.columns
    fields = (
        Field(header(words, "letter"), [one.letter for one in columns], "centre", 7),
        Field(header(words, "column"), [one.header for one in columns], width=24),
        Field(header(words, "role"), [role_label(words, one.role) for one in columns], width=22),
        Field(header(words, "how"), [words.say(f"how.{one.how}") for one in columns], width=16),
        Field(header(words, "confidence"), [one.confidence for one in columns], "percent", 9),
    )
    return Table(words.say("heading.columns"), fields)


def role_label(words: Words, role: str) -> str:
    """A column role in words; the role itself where the vocabulary gives it no label."""
    try:
        entry = words.vocabulary.section("columns").get(role, {})
    except KeyError:
        return role
    return words.pick(entry["label"]) if isinstance(entry, dict) and "label" in entry else role


def _of_closed(table: pd.DataFrame, words: Words) -> list[str]:
    """A source with its n, because no rate stands in a chart without it."""
    names = labels(table["source"], words, "source")
    rows = zip(names, table["won"], table["won"] + table["lost"], strict=True)
    return [f"{name} {won:,}/{closed:,}" for name, won, closed in rows]


def _of(values: pd.Series[Any], which: pd.Series[Any]) -> list[Any]:
    """The values of the leads named, in their order."""
    return list(values.loc[which].tolist())


def _choices(words: Words, key: str) -> tuple[str, ...]:
    return tuple(words.say(key).split("|"))


def _said(words: Words, group: str, code: str) -> str:
    try:
        return words.say(f"{group}.{code}")
    except KeyError:
        return code


def _headers(report: Report, roles: object) -> str:
    """The user's own headers of the roles that gave a duplicate away."""
    if not isinstance(roles, str):
        return ""
    found = [[report.layout.header(key) for key in report.layout.keys(role)[:1]] or [role] for role in roles.split("; ")]
    return "; ".join(header for headers in found for header in headers)


def _n(segment: Segment, number: int) -> int | None:
    steps: tuple[Step, ...] = segment.steps
    return steps[number].n if number < len(steps) else None


def _verdict(segment: Segment, words: Words) -> str:
    if not segment.enough:
        return words.say("phrase.too-few")
    return words.say("phrase.differs") if segment.q is not None and segment.q < 0.05 else ""
