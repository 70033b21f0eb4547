"""How complete, valid, unique and fresh the data are, and which three things would help most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from lostdeals.distinct import made_of
from lostdeals.model import Fix, Quality, QualityCounts
from lostdeals.schema import DATE, NUMBER, ROLE_KINDS, role_of
from lostdeals.stats.copies import clashes
from lostdeals.vocab import Vocabulary, unknown_words
from lostdeals.vocab.wordings import Wordings

GROUPED_BY = ("owner", "source")
CHECKED = ("name", "company", "id", "phone", "email", "wechat")
"""Text roles whose values cleaning checks, besides all dates and numbers."""
TO_NOTHING = ("text", "blanks")
"""Rules that leave nothing of a cell that says nothing; what another rule leaves empty is filled and could not be read."""
AGES = (30, 90, 365)
"""Days that bound the classes of the last contact, besides the limit of what is stale."""
FIXES = 3
SPACES = 20
"""A word for unknown stands in no longer text than itself and so many blanks."""
KEYS: Mapping[str, Sequence[str]] = {
    "columns": ("column",),
    "issues": ("column", "code"),
    "needs": ("need",),
    "groups": ("by", "value"),
    "ages": ("up_to",),
}
"""What tells the lines of each table of counts apart."""


def quality(
    leads: pd.DataFrame,
    changes: pd.DataFrame,
    problems: pd.DataFrame,
    missing: pd.DataFrame,
    vocabulary: Vocabulary,
    today: date,
) -> Quality:
    """The quality of one sheet; see `count_quality` and `judged`."""
    return judged(count_quality(leads, changes, problems, missing, vocabulary, today), vocabulary)


def count_quality(
    leads: pd.DataFrame,
    changes: pd.DataFrame,
    problems: pd.DataFrame,
    missing: pd.DataFrame,
    vocabulary: Vocabulary,
    today: date,
) -> QualityCounts:
    """The counts of a sheet or of a part of one, from what cleaning gave.

    leads: cleaned; changes: lead, column, rule, after; problems: lead, column, code, a line per cell that is wrong;
    missing: column, filled, blank, placeholder, none, unknown, error, of the sheet's own columns.
    """
    section = vocabulary.section("quality")
    filled = _filled(leads, changes, missing, vocabulary)
    checked = [key for key in filled if _is_checked(str(key))]
    bad = _marked(filled[checked], problems[~problems["code"].isin(section["validity"]["not_wrong"])])
    met = pd.DataFrame(
        {need: filled[held].any(axis=1) for need, roles in section["needs"].items() if (held := _held(filled, roles))},
        index=leads.index,
    )
    days = section["freshness"]["days"]
    ages = _ages(leads, section["freshness"]["roles"], today)
    copies = leads["duplicate_of"].notna()
    rows = pd.DataFrame(
        {
            "n": 1,
            "asked": met.shape[1],
            "met": met.sum(axis=1),
            "checked": filled[checked].sum(axis=1),
            "read": (filled[checked] & ~bad).sum(axis=1),
            "copies": copies,
            "dated": ages.notna(),
            "stale": ages.gt(days),
        },
        index=leads.index,
    ).astype("int64")
    return QualityCounts(
        rows=len(leads),
        columns=_columns(missing, filled, bad),
        issues=problems.groupby(["column", "code"], sort=False).size().rename("n").reset_index(),
        needs=pd.DataFrame({"need": met.columns, "n": len(leads), "met": met.sum().to_numpy(dtype="int64")}),
        groups=_groups(rows, leads),
        ages=_age_classes(ages, sorted({*AGES, days})),
        dated=int(rows["dated"].sum()),
        stale=int(rows["stale"].sum()),
        copies=int(copies.sum()),
        groups_of_copies=int(leads["duplicate_of"].nunique()),
        clashes=len(clashes(leads)),
    )


def added(one: QualityCounts, other: QualityCounts) -> QualityCounts:
    """The counts of two parts of a sheet as one."""
    sums: dict[str, Any] = {}
    for field in fields(QualityCounts):
        mine, theirs = getattr(one, field.name), getattr(other, field.name)
        if field.name in KEYS:
            both = pd.concat([mine, theirs], ignore_index=True)
            table = both.groupby(list(KEYS[field.name]), sort=False, dropna=False).sum().reset_index()
            sums[field.name] = table.assign(value=_none(table["value"])) if "value" in table else table
        else:
            sums[field.name] = mine + theirs
    return QualityCounts(**sums)


def judged(counts: QualityCounts, vocabulary: Vocabulary) -> Quality:
    """Score, grade and fixes from the counts.

    score = 100 · Σ weight · share / Σ weight, over the parts that the sheet can answer. A fix names the points that doing
    all of it would bring; the gains of all fixes and the score add up to 100, so none is counted twice.
    """
    section = vocabulary.section("quality")
    columns, needs = counts.columns, counts.needs
    every = {
        "completeness": (int(needs["met"].sum()), int(needs["n"].sum())),
        "validity": (int(columns["read"].sum()), int(columns["checked"].sum())),
        "uniqueness": (counts.rows - counts.copies, counts.rows),
        "freshness": (counts.dated - counts.stale, counts.dated),
    }
    parts = {part: (n, of) for part, (n, of) in every.items() if of}
    total = sum(section["weights"][part] for part in parts) or 1
    point = {part: 100 * section["weights"][part] / total / of for part, (_, of) in parts.items()}
    score = sum(point[part] * n for part, (n, _) in parts.items())
    todo = [
        *(
            ("completeness", Fix("fill", tuple(_held(columns["column"], section["needs"][need])), n - met, 0))
            for need, n, met in needs[["need", "n", "met"]].itertuples(index=False)
        ),
        *(
            ("validity", Fix("mend", (str(column),), checked - read, 0))
            for column, checked, read in columns[["column", "checked", "read"]].itertuples(index=False)
        ),
        ("uniqueness", Fix("merge", (), counts.copies, 0)),
        ("freshness", Fix("update", tuple(_held(columns["column"], section["freshness"]["roles"])), counts.stale, 0)),
    ]
    fixes = [Fix(fix.code, fix.columns, int(fix.count), point[part] * fix.count) for part, fix in todo if fix.count]
    return Quality(
        counts=counts,
        parts=parts,
        score=score,
        grade=next(grade["key"] for grade in section["grades"] if score >= grade["at_least"]),
        fixes=tuple(sorted(fixes, key=lambda fix: -fix.gain)[:FIXES]),
        stale_days=section["freshness"]["days"],
        smallest_group=section["settings"]["smallest_group"],
    )


def _filled(leads: pd.DataFrame, changes: pd.DataFrame, missing: pd.DataFrame, vocabulary: Vocabulary) -> pd.DataFrame:
    """Of every cell of a column with a role whether it says something; what cannot be read does, 未知 does not."""
    unknown = unknown_words(vocabulary)
    longest = max(map(len, unknown), default=0) + SPACES
    keys = [key for key in missing["column"] if role_of(key) in ROLE_KINDS]
    says: dict[str, pd.Series[bool]] = {}
    for key in keys:
        if leads[key].dtype != object:
            says[key] = leads[key].notna()
            continue
        codes, said = made_of(leads[key], Wordings.of)
        words = zip(said.texts, said.written, strict=True)
        nothing = [plain in unknown and len(text) <= longest for text, plain in words]
        says[key] = pd.Series(~np.array([*nothing, True])[codes], index=leads.index)
    filled = pd.DataFrame(says, index=leads.index, columns=keys)
    return filled | _marked(filled, changes[changes["after"].isna() & ~changes["rule"].isin(TO_NOTHING)])


def _marked(like: pd.DataFrame, problems: pd.DataFrame) -> pd.DataFrame:
    """True where a cell has one of the problems."""
    marks = pd.DataFrame(False, index=like.index, columns=like.columns)
    for column, lines in problems.groupby("column", sort=False):
        if column in marks:
            marks[str(column)] = marks.index.isin(lines["lead"])
    return marks


def _is_checked(key: str) -> bool:
    role = role_of(key)
    return role in CHECKED or ROLE_KINDS[role] in (DATE, NUMBER)


def _held(columns: pd.DataFrame | pd.Series[Any], roles: Sequence[str]) -> list[str]:
    """The columns among these that hold one of the roles."""
    names = map(str, columns)
    return [name for name in names if role_of(name) in roles]


def _columns(missing: pd.DataFrame, filled: pd.DataFrame, bad: pd.DataFrame) -> pd.DataFrame:
    """column, n, then the kinds of cells as in `missing`, checked, read."""
    table = missing[missing["column"].isin(filled.columns)].reset_index(drop=True)
    full = filled[bad.columns].sum()
    checked = table["column"].map(full).fillna(0).astype("int64")
    wrong = table["column"].map((bad & filled[bad.columns]).sum()).fillna(0).astype("int64")
    table.insert(1, "n", len(filled))
    return table.assign(checked=checked, read=checked - wrong)


def _ages(leads: pd.DataFrame, roles: Sequence[str], today: date) -> pd.Series[Any]:
    """Days since the latest of a customer's dates; NaN where there is none."""
    held = _held(leads, roles)
    if not held:
        return pd.Series(float("nan"), index=leads.index)
    days: pd.Series[Any] = (pd.Timestamp(today) - leads[held].max(axis=1).dt.normalize()).dt.days
    return days.astype("float64")


def _age_classes(ages: pd.Series[Any], bounds: Sequence[int]) -> pd.DataFrame:
    """up_to, n: customers by days since the last contact, then the older ones, then the undated."""
    edges = [float("-inf"), *bounds, float("inf")]
    classes = pd.cut(ages, edges, labels=edges[1:])
    known = classes.value_counts(sort=False)
    up_to = [*edges[1:], float("nan")]
    return pd.DataFrame({"up_to": up_to, "n": [*known.tolist(), int(ages.isna().sum())]})


def _groups(rows: pd.DataFrame, leads: pd.DataFrame) -> pd.DataFrame:
    """by, value and the counts, per owner and per source; the largest group first, the unknown ones (None) last."""
    parts = [pd.DataFrame(columns=["by", "value", *rows.columns])]
    for by in GROUPED_BY:
        if by in leads:
            table = rows.groupby(leads[by], sort=False, dropna=False).sum().rename_axis("value").reset_index()
            table["value"] = _none(table["value"])
            table.insert(0, "by", by)
            order = table.assign(last=table["value"].isna()).sort_values(
                ["last", "n"], ascending=[True, False], kind="stable"
            )
            parts.append(order.drop(columns="last"))
    return pd.concat(parts[1:] or parts, ignore_index=True)


def _none(values: pd.Series[Any]) -> pd.Series[Any]:
    """Texts with None where there is none."""
    return values.astype(object).where(values.notna(), None)
