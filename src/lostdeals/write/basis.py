"""Why each customer has its classes: the words, bands and rules that gave them, as one text a customer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from lostdeals.distinct import any_filled, combined, factorized
from lostdeals.schema import OVERRIDE, class_column
from lostdeals.write.columns import said

if TYPE_CHECKING:
    from lostdeals.model import Layout
    from lostdeals.vocab import Words


def dimension_names(leads: pd.DataFrame) -> list[str]:
    """The dimensions that were classified and that any customer has."""
    names = [str(column).removeprefix("by_") for column in leads if str(column).startswith("by_")]
    return [name for name in names if any_filled(leads[class_column(name)])]


def basis(leads: pd.DataFrame, layout: Layout, words: Words) -> pd.Series[Any]:
    """For each customer what gave each class, joined with ``; ``; worked out once per distinct combination."""
    names = dimension_names(leads)
    told = {name: _of_dimension(leads[f"by_{name}"], name, layout, words) for name in names}
    columns = [leads[f"by_{name}"].to_numpy(dtype=object) for name in names]
    codes, first = combined(columns, len(leads))
    said = np.empty(len(first), dtype=object)
    for number, row in enumerate(first):
        codes_of = [(name, column[row]) for name, column in zip(names, columns, strict=True)]
        said[number] = "; ".join(told[name][by] for name, by in codes_of if isinstance(by, str))
    return pd.Series(said[codes], index=leads.index, dtype=object)


def _of_dimension(by: pd.Series[Any], name: str, layout: Layout, words: Words) -> dict[str, str]:
    label = words.pick(words.vocabulary.section("dimensions")[name]["label"])
    return {code: f"{label}: {reason_of(code, name, layout, words)}" for code in factorized(by)[1]}


def reason_of(code: str, name: str, layout: Layout, words: Words) -> str:
    """One basis in words: ``急需@need`` the words and their column, else a rule by its name, or the field of a band."""
    phrase, at, key = code.rpartition("@")
    if at:
        return words.say("basis.words", words=phrase, column=layout.header(key) or key)
    if code == OVERRIDE:
        return words.say("basis.override")
    section = words.vocabulary.section("dimensions")[name]
    rules: Sequence[dict[str, Any]] = section.get("rules", [])
    rule = next((rule for rule in rules if rule["name"] == code), None)
    if rule is not None:
        return words.pick(rule["say"]) if "say" in rule else code
    return words.say("basis.band", field=said(words, "field", code))
