"""Find the column that a user means by ``--by``."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

import pandas as pd

from lostdeals import schema
from lostdeals.errors import LostDealsError
from lostdeals.model import Layout
from lostdeals.stats.dates import entry_dates
from lostdeals.vocab import Vocabulary, normalise

CLASSES = (
    "tier",
    "intent",
    "value",
    "need",
    "behaviour",
    "party",
    "stage",
    "reason",
    "region",
    "source",
    *schema.PLACES,
)
"""Dimensions that classification adds, by name; a role of that name in the sheet comes first, but for tier and reason."""


def resolve_dimension(
    by: str, leads: pd.DataFrame, layout: Layout, vocabulary: Vocabulary
) -> tuple[str, pd.Series[Any]]:
    """The name of a dimension and its value per row: a header of the sheet, a role or its label, a class, or ``month``.

    Raises LostDealsError ``unknown-dimension`` with what there is.

    The header as written comes first, so that a sheet with a column called “source” is split by that column.
    """
    wanted = normalise(by)
    if not wanted:
        raise LostDealsError("bad-option", usage=True, option="--by", value=by, wanted=", ".join(CLASSES))
    for column in layout.columns:
        if column.key in leads and wanted in (normalise(column.header), column.key):
            return column.key, _text(leads[column.key])
    classes = {**{name: name for name in CLASSES}, **_class_labels(vocabulary)}
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
    if name is not None:
        own = {"reason": "main_reason", **{place: place for place in ("tier", *schema.PLACES)}}
        column_name = own.get(name, f"{name}_class")
        return name, _text(leads[column_name])
    known = [column.header for column in layout.columns if column.key in leads] + list(CLASSES) + ["month"]
    near = get_close_matches(by, known, n=4, cutoff=0.5) or known[:10]
    raise LostDealsError("unknown-dimension", where="--by", usage=True, by=by, near=", ".join(near))


def role_labels(vocabulary: Vocabulary) -> dict[str, str]:
    """What a column of each role may be called -> the role."""
    columns = vocabulary.section("columns")
    out: dict[str, str] = {}
    for role, entry in columns.items():
        if role in schema.ROLE_KINDS and isinstance(entry, dict):
            for text in [*entry.get("label", {}).values(), *entry.get("aliases", [])]:
                out.setdefault(normalise(text), role)
    return out


def _class_labels(vocabulary: Vocabulary) -> dict[str, str]:
    dimensions = vocabulary.section("dimensions")
    return {
        normalise(text): name for name in CLASSES if name in dimensions for text in dimensions[name]["label"].values()
    }


def _text(values: pd.Series[Any]) -> pd.Series[Any]:
    """Values as a dimension: dates by month, what is unknown None."""
    texts: pd.Series[Any] = (values.dt.strftime("%Y-%m") if values.dtype.kind == "M" else values).astype(object)
    return texts.where(values.notna(), None)
