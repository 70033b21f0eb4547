"""Find the column that a user means by ``--by``."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from typing import Any

import pandas as pd

from lostdeals import schema
from lostdeals.errors import LostDealsError, Named, likest_named
from lostdeals.model import Layout
from lostdeals.stats.dates import entry_dates
from lostdeals.vocab import Vocabulary, normalise

OTHERS = {"stage": "stage", "reason": "loss_reason", "region": "region"}
"""Classes that are no block of ``vocab/dimensions.toml``, and the role of the columns that they are called by."""
PEOPLE = frozenset({"name", "phone", "email", "wechat", "id", "address", "notes", "referrer", "birthday"})
"""Roles of columns that are another one for everybody, which nobody wants a sheet split by."""
CHOICES = 12
"""Different reasons in a column, up to which they are a list to choose from."""


def class_names(vocabulary: Vocabulary) -> list[str]:
    """The dimensions that classification adds, by name; a role of that name in the sheet comes first, but for tier and reason.

    With ``_class`` behind its name a dimension is meant even where the sheet has a column of that role.
    """
    named = [name for name, block in vocabulary.section("dimensions").items() if "label" in block and name != "topic"]
    return [*named, *OTHERS]


def resolve_dimension(
    by: str, leads: pd.DataFrame, layout: Layout, vocabulary: Vocabulary
) -> tuple[str, pd.Series[Any]]:
    """The name of a dimension and its value per row: a header of the sheet, a role or its label, a class, or ``month``.

    Raises LostDealsError ``unknown-dimension`` with what there is.

    The header as written comes first, so that a sheet with a column called “source” is split by that column. Reasons in
    people's own words are split by what they are classified as.
    """
    wanted = normalise(by)
    if not wanted:
        raise LostDealsError("bad-option", usage=True, option="--by", value=by, wanted=_named(vocabulary))
    for column in layout.columns:
        if column.key in leads and wanted in (normalise(column.header), column.key):
            if column.role == "loss_reason" and leads[column.key].nunique() > CHOICES:
                return _of_class("reason", leads)
            return column.key, _text(leads[column.key])
    names = class_names(vocabulary)
    classes = {**{name: name for name in names}, **_class_labels(vocabulary, names)}
    if wanted.endswith("_class") and wanted.removesuffix("_class") in names:
        return _of_class(wanted.removesuffix("_class"), leads)
    place = classes.get(wanted)
    if place in schema.PLACES and leads[place].notna().any():  # 城市 is an alias of region, too
        return place, _text(leads[place])
    roles = role_labels(vocabulary)
    role = roles.get(wanted, wanted)
    held = schema.columns_of(leads, role)
    if held and role in schema.ROLE_KINDS:
        return held[0], _text(leads[held[0]])
    if role == "month" or wanted in ("month", *map(normalise, vocabulary.section("funnels")["month"]["names"])):
        return "month", _text(entry_dates(leads))
    name = classes.get(wanted)
    if name is not None and _has_values(name, leads):  # a class that nobody has splits nothing
        return _of_class(name, leads)
    headers = {
        column.header: column.key
        for column in layout.columns
        if column.header and column.key in leads and column.role not in PEOPLE
    }
    few = [name for name, key in headers.items() if 1 < leads[key].nunique() <= CHOICES]
    named = [one for one in _named(vocabulary) if _has_values(one.key, leads)]
    raise unknown_dimension(by, [*few, *named, *(name for name in headers if name not in few)])


def unknown_dimension(by: str, known: Sequence[Named | str]) -> LostDealsError:
    """That there is no such dimension; what there is, the likest first, and how one of them is written on the line."""
    near = likest_named(by, known)
    first = near[0] if near else "month"
    word = first.key if isinstance(first, Named) else first
    example = word if re.fullmatch(r"[\w./-]+", word) else shlex.quote(word)
    return LostDealsError("unknown-dimension", where="--by", usage=True, by=by, near=near, example=example)


def _has_values(name: str, leads: pd.DataFrame) -> bool:
    """Whether a class or the month is known of anybody."""
    if name == "month":
        return bool(entry_dates(leads).notna().any())
    column = schema.main_column(name)
    return column in leads and bool(leads[column].notna().any())


def _named(vocabulary: Vocabulary) -> tuple[Named, ...]:
    """The classes and ``month``, with what they are called."""
    blocks, columns = vocabulary.section("dimensions"), vocabulary.section("columns")
    labels = {name: columns[role]["label"] for name, role in OTHERS.items()}
    labels["month"] = vocabulary.section("messages")["funnel"]["by_word"]["month"]
    return tuple(
        Named(name, labels[name] if name in labels else blocks[name]["label"])
        for name in (*class_names(vocabulary), "month")
    )


def _of_class(name: str, leads: pd.DataFrame) -> tuple[str, pd.Series[Any]]:
    return name, _text(leads[schema.main_column(name)])


def role_labels(vocabulary: Vocabulary) -> dict[str, str]:
    """What a column of each role may be called -> the role."""
    columns = vocabulary.section("columns")
    out: dict[str, str] = {}
    for role, entry in columns.items():
        if role in schema.ROLE_KINDS and isinstance(entry, dict):
            for text in [*entry.get("label", {}).values(), *entry.get("aliases", [])]:
                out.setdefault(normalise(text), role)
    return out


def _class_labels(vocabulary: Vocabulary, names: list[str]) -> dict[str, str]:
    dimensions = vocabulary.section("dimensions")
    return {
        normalise(text): name for name in names if name in dimensions for text in dimensions[name]["label"].values()
    }


def _text(values: pd.Series[Any]) -> pd.Series[Any]:
    """Values as a dimension: dates by month, what is unknown None."""
    texts: pd.Series[Any] = (values.dt.strftime("%Y-%m") if values.dtype.kind == "M" else values).astype(object)
    return texts.where(values.notna(), None)
