"""The small tables of the summary sheets: reasons, funnel, sources, stages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lostdeals.vocab.words import UNKNOWN
from lostdeals.write import facts
from lostdeals.write.columns import dimension, header, heading, labels
from lostdeals.write.fields import Field, Table

if TYPE_CHECKING:
    import pandas as pd

    from lostdeals.model import Report, Segment
    from lostdeals.vocab import Words


def reasons(report: Report, words: Words) -> Table:
    """Why customers did not buy."""
    table = report.analysis.reasons
    fields = [
        Field(header(words, "reason"), labels(table["reason"], words, "loss_reason"), width=26),
        Field(header(words, "n"), table["n"], "number", 9),
        Field(header(words, "share"), table["share"], "percent", 9),
        Field(header(words, "read_from_text"), table["read_from_text"], "number", 14),
    ]
    for column in (column for column in table if str(column).split(".")[0] == "amount"):
        if table[column].notna().any():
            name = " ".join([header(words, "amount"), *str(column).split(".")[1:]])
            fields.append(Field(name.strip(), table[column], "number", 14))
    return Table(facts.reasons(report, words).sentence or words.say("heading.reasons"), tuple(fields))


def funnel(report: Report, words: Words) -> Table:
    """The steps of the funnel; the band only where the sheet cannot say exactly."""
    chain = report.analysis.funnel
    steps = chain.steps if chain and len(chain.steps) > 1 else ()  # one step alone is no funnel
    fields = [
        Field(header(words, "step"), [facts.step_label(words, step.key) for step in steps], width=22),
        Field(header(words, "n"), [step.n for step in steps], "number", 9),
        Field(header(words, "from_first"), [step.from_first for step in steps], "percent", 11),
        Field(header(words, "from_previous"), [step.from_previous for step in steps], "percent", 11),
    ]
    if any(step.low is not None for step in steps):
        fields.append(Field(header(words, "low"), [step.low for step in steps], "number", 9))
        fields.append(Field(header(words, "high"), [step.high for step in steps], "number", 9))
    return Table(facts.funnel(report, words).sentence or words.say("heading.funnel"), tuple(fields))


def funnel_segments(report: Report, words: Words) -> Table | None:
    """The funnel's last step by source or whatever it was split by."""
    chain = report.analysis.funnel
    if not chain or not chain.segments or not chain.by:
        return None
    by, segments = chain.by, chain.segments
    name = dimension(by)
    fields = [Field(heading(words, by), [words.label(name, one.value) for one in segments], width=22)]
    for number, step in enumerate(chain.steps):
        values = [_n(one, number) for one in segments]
        fields.append(Field(facts.step_label(words, step.key), values, "number", 11))
    fields += [
        Field(header(words, "final_rate"), [one.final_rate for one in segments], "percent", 9),
        Field(header(words, "low"), [one.ci[0] if one.ci else None for one in segments], "percent", 9),
        Field(header(words, "high"), [one.ci[1] if one.ci else None for one in segments], "percent", 9),
        Field(header(words, "note"), [_verdict(one, words) for one in segments], width=16),
    ]
    return Table(words.say("heading.segments", by=heading(words, by)), tuple(fields))


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
        Field(header(words, "source_of_closed"), _of_closed(table, words), "quiet", 16),
    )
    return Table(facts.sources(report, words).sentence or words.say("heading.sources"), fields)


def stages(report: Report, words: Words) -> Table:
    """How many customers are on each stage, in the order of the stages."""
    counts, order = facts.counted(report, "stage"), stage_order(report, words)
    fields = (
        Field(heading(words, "stage_class"), [words.label("stage", key) for key in order], width=22),
        Field(header(words, "n"), [counts[key] for key in order], "number", 9),
    )
    return Table(facts.stages(report, words).sentence, fields)


def tiers(report: Report, words: Words) -> Table:
    """How many customers each tier has, the best first."""
    found, order = facts.counted(report, "tier"), tier_order(report, words)
    fields = (
        Field(heading(words, "tier"), [words.label("tier", key) for key in order], width=22),
        Field(header(words, "n"), [found[key] for key in order], "number", 9),
    )
    return Table(facts.tiers(report, words).sentence, fields)


def tier_order(report: Report, words: Words) -> list[str]:
    """The tiers that somebody is in, the best first."""
    found = facts.counted(report, "tier")
    return [key for key in words.vocabulary.section("dimensions")["tier"]["categories"] if key in found]


def reasons_by_stage(report: Report, words: Words) -> Table | None:
    """Why customers did not buy, by how far they had come; None where the sheet knows no stage of any of them.

    A customer without a known stage counts in the last column.
    """
    leads = report.leads
    people = leads[leads["outcome_class"].eq("lost") & leads["duplicate_of"].isna() & leads["main_reason"].notna()]
    known = people["stage_class"].where(people["stage_class"].notna(), UNKNOWN)
    table = people.groupby([people["main_reason"], known]).size().unstack(fill_value=0)
    order = [key for key in [*words.vocabulary.section("stages"), UNKNOWN] if key in table]
    if order in ([], [UNKNOWN]):
        return None
    table = table.loc[table.sum(axis=1).sort_values(ascending=False, kind="stable").index]
    fields = [Field(header(words, "reason"), [words.label("loss_reason", key) for key in table.index], width=26)]
    for key in order:
        label = words.say("phrase.stage-unknown") if key == UNKNOWN else words.label("stage", key)
        fields.append(Field(label, table[key], "number", 11))
    fields.append(Field(header(words, "total"), table.sum(axis=1), "number", 9))
    return Table(words.say("heading.reasons-by-stage", n=len(people)), tuple(fields))


def stage_order(report: Report, words: Words) -> list[str]:
    """The stages that somebody is on, from first contact to decision."""
    counts = facts.counted(report, "stage")
    known = [key for key in words.vocabulary.section("stages") if key in counts]
    return [*known, *(key for key in counts if key not in known)]


def _of_closed(table: pd.DataFrame, words: Words) -> list[str]:
    """A source with its n, because no rate stands in a chart without it."""
    names = labels(table["source"], words, "source")
    rows = zip(names, table["won"], table["won"] + table["lost"], strict=True)
    return [f"{name} {won:,}/{closed:,}" for name, won, closed in rows]


def _n(segment: Segment, number: int) -> int | None:
    return segment.steps[number].n if number < len(segment.steps) else None


def _verdict(segment: Segment, words: Words) -> str:
    if not segment.enough:
        return words.say("phrase.too-few")
    return words.say("phrase.differs") if segment.q is not None and segment.q < 0.05 else ""
