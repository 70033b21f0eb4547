"""The tables of ``classify`` in words: what a dimension and its categories are called, and what stands out in a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from lostdeals.schema import CROSSED, REST
from lostdeals.vocab.words import UNKNOWN
from lostdeals.write.columns import dimension, header, said
from lostdeals.write.fields import Field, Table

if TYPE_CHECKING:
    from lostdeals.model import ClassifyReport, Crosstab
    from lostdeals.vocab import Words

SURE = 0.05
"""A difference stands out where its q is below this (5 % of those named may be chance)."""


def name_of(report: ClassifyReport, words: Words, key: str) -> str:
    """What a dimension is called: the user's own header where it is a column without a dimension."""
    return CROSSED.join(_one_name(report, words, part) for part in key.split(CROSSED))


def _one_name(report: ClassifyReport, words: Words, key: str) -> str:
    entry = words.vocabulary.section("dimensions").get(key)
    if isinstance(entry, dict) and "label" in entry:
        return words.pick(entry["label"])
    if key == "stage":
        return words.say("standards.title.stages")
    return (
        said(words, "column", "reason")
        if key == "loss_reason"
        else report.layout.header(key) or said(words, "column", key)
    )


def category_of(words: Words, key: str, value: object) -> str:
    """A category as it is shown; of a crossed dimension part by part."""
    if value == REST:
        return words.say("classify.rest")
    if value == UNKNOWN:
        return words.say("word.unknown")
    names, values = key.split(CROSSED), str(value).split(CROSSED)
    if len(names) != len(values):
        names = [key] * len(values)
    return CROSSED.join(words.label(dimension(name), part) for name, part in zip(names, values, strict=True))


def standouts(report: ClassifyReport, words: Words) -> list[tuple[float, str]]:
    """The differences that are hardly chance, as (q, sentence), the surest first; of like ones the largest difference.

    Of a table with two rows only the row with the larger share speaks: the other would say the same.
    """
    found: list[tuple[float, float, str]] = []
    for table in report.tables:
        if table.kind == "rates":
            found += _rates(report, words, table)
        elif table.kind == "cells":
            found += _cells(report, words, table)
    return [(q, sentence) for q, _, sentence in sorted(found)]


def _rates(report: ClassifyReport, words: Words, one: Crosstab) -> list[tuple[float, float, str]]:
    table, name = one.table[one.table["value"] != UNKNOWN], name_of(report, words, one.rows)
    n, k = int(table["n"].sum()), int(table["k"].sum())
    out = []
    for row in table[table["q"].map(_below)].to_dict("records"):
        rest = (k - row["k"]) / (n - row["n"])
        if len(table) == 2 and row["rate"] < rest:
            continue
        sentence = words.say(
            "classify.rate_differs",
            name=name,
            value=category_of(words, one.rows, row["value"]),
            rate=row["rate"],
            k=row["k"],
            n=row["n"],
            rest=rest,
        )
        out.append((float(row["q"]), -abs(row["rate"] - rest), sentence))
    return out


def _cells(report: ClassifyReport, words: Words, one: Crosstab) -> list[tuple[float, float, str]]:
    out = []
    pair = one.table["row"].nunique() == 2
    for row in one.table[one.table["q"].map(_below)].to_dict("records"):
        if pair and row["share"] < row["rest_share"]:
            continue
        sentence = words.say(
            "classify.share_differs",
            name=name_of(report, words, one.rows),
            value=category_of(words, one.rows, row["row"]),
            what=name_of(report, words, one.columns),
            column=category_of(words, one.columns, row["column"]),
            share=row["share"],
            n=row["n"],
            row_n=row["row_n"],
            rest=row["rest_share"],
        )
        out.append((float(row["q"]), -abs(row["share"] - row["rest_share"]), sentence))
    return out


def _below(q: object) -> bool:
    return isinstance(q, float) and q < SURE


def title(report: ClassifyReport, words: Words, one: Crosstab) -> str:
    """What a table is about."""
    name = name_of(report, words, one.rows) if one.kind != "phrases" else ""
    what = name_of(report, words, one.columns) if one.columns and one.kind == "cells" else ""
    return words.say(f"classify.title.{one.kind}", name=name, what=what)


def as_table(report: ClassifyReport, words: Words, one: Crosstab) -> Table:
    """A table of the workbook and of the screen, n beside every share."""
    make = {"rates": _rate_fields, "shares": _share_fields, "cells": _cell_fields, "phrases": _phrase_fields}
    return Table(title(report, words, one), make[one.kind](report, words, one))


def _rate_fields(report: ClassifyReport, words: Words, one: Crosstab) -> tuple[Field, ...]:
    table = one.table
    return (
        Field(name_of(report, words, one.rows), _categories(words, one.rows, table["value"]), width=24),
        Field(header(words, "n"), table["n"], "number", 10),
        Field(words.say("classify.column.unclosed"), table["k"], "number", 10),
        Field(words.say("classify.column.unclosed_rate"), table["rate"], "percent", 10),
        *_bounds(words, table),
        Field(header(words, "note"), _notes(words, table), width=18),
    )


def _share_fields(report: ClassifyReport, words: Words, one: Crosstab) -> tuple[Field, ...]:
    table = one.table
    fields = [
        Field(name_of(report, words, one.rows), _categories(words, one.rows, table["value"]), width=24),
        Field(header(words, "n"), table["n"], "number", 10),
        Field(header(words, "share"), table["share"], "percent", 10),
        *_bounds(words, table),
    ]
    if table["amount"].notna().any():
        fields.append(Field(words.say("classify.column.amount"), table["amount"], "number", 14))
        fields.append(Field(words.say("classify.column.amount_share"), table["amount_share"], "percent", 10))
    return tuple(fields)


def _cell_fields(report: ClassifyReport, words: Words, one: Crosstab) -> tuple[Field, ...]:
    """One row a category; a share and its n per column."""
    table = one.table
    rows, columns = list(dict.fromkeys(table["row"])), list(dict.fromkeys(table["column"]))
    at = table.set_index(["row", "column"])
    sizes = table.drop_duplicates("row").set_index("row")["row_n"]
    fields = [
        Field(name_of(report, words, one.rows), _categories(words, one.rows, rows), width=24),
        Field(header(words, "n"), [int(sizes[row]) for row in rows], "number", 10),
    ]
    for column in columns:
        label = category_of(words, one.columns, column)
        fields.append(Field(label, [float(at.loc[(row, column), "share"]) for row in rows], "percent", 11))
    for column in columns:
        label = words.say("classify.column.count_of", name=category_of(words, one.columns, column))
        fields.append(Field(label, [int(at.loc[(row, column), "n"]) for row in rows], "number", 11))
    marked = [
        words.say("phrase.comma").join(
            category_of(words, one.columns, column) for column in columns if _below(at.loc[(row, column), "q"])
        )
        for row in rows
    ]
    fields.append(Field(words.say("classify.column.differs"), marked, width=24))
    return tuple(fields)


def _phrase_fields(report: ClassifyReport, words: Words, one: Crosstab) -> tuple[Field, ...]:
    table = one.table
    return (
        Field(words.say("classify.column.phrase"), table["value"], width=24),
        Field(header(words, "reason"), _categories(words, "loss_reason", table["reason"]), width=20),
        Field(header(words, "n"), table["n"], "number", 10),
    )


def _categories(words: Words, key: str, values: Sequence[Any] | pd.Series[Any]) -> list[str]:
    return [category_of(words, key, value) for value in values]


def _bounds(words: Words, table: pd.DataFrame) -> list[Field]:
    return [Field(header(words, side), table[side], "percent", 9) for side in ("low", "high")]


def _notes(words: Words, table: pd.DataFrame) -> list[str]:
    notes = []
    for enough, q, value in zip(table["enough"], table["q"], table["value"], strict=True):
        few = "" if value == UNKNOWN else words.say("phrase.too-few")
        notes.append(few if not enough else words.say("phrase.differs") if _below(q) else "")
    return notes


def coverage_table(report: ClassifyReport, words: Words) -> Table:
    """Of each dimension how many customers are known, and its commonest category."""
    found = report.coverage
    commonest = [
        category_of(words, key, value) for key, value in zip(found["dimension"], found["commonest"], strict=True)
    ]
    return Table(
        words.say("classify.title.coverage", n=len(report.leads)),
        (
            Field(
                words.say("classify.column.dimension"),
                [name_of(report, words, key) for key in found["dimension"]],
                width=20,
            ),
            Field(words.say("classify.column.known"), found["n"], "number", 10),
            Field(header(words, "share"), found["share"], "percent", 9),
            Field(words.say("classify.column.commonest"), commonest, width=24),
            Field(header(words, "n"), found["commonest_n"], "number", 10),
        ),
    )


def unmatched_table(report: ClassifyReport, words: Words) -> Table:
    """The values that no word knows, and on how many rows."""
    found = report.unmatched
    return Table(
        words.say("classify.title.unmatched", n=int(found["n"].sum())),
        (
            Field(
                words.say("classify.column.dimension"),
                [name_of(report, words, key) for key in found["dimension"]],
                width=20,
            ),
            Field(header(words, "header"), [report.layout.header(key) for key in found["column"]], width=20),
            Field(header(words, "value"), found["value"], width=40),
            Field(header(words, "n"), found["n"], "number", 10),
        ),
    )


def proposals_table(report: ClassifyReport, words: Words) -> Table:
    """New reasons that the unexplained notes suggest."""
    found = report.proposals
    return Table(
        words.say("classify.title.proposals", n=int(found["n"].sum()) if len(found) else 0),
        (
            Field(words.say("classify.column.terms"), found["terms"], width=30),
            Field(header(words, "n"), found["n"], "number", 10),
            Field(words.say("classify.column.example"), found["example"], "wrapped", 60),
        ),
    )
