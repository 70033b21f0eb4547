"""A name in two columns, First Name and Last Name, is one name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from lostdeals.model import ColumnMatch, Finding, Layout
from lostdeals.understand.aliases import JOINT
from lostdeals.understand.values import CHINESE, as_text
from lostdeals.vocab import Vocabulary, normalise

JOINED = "joined"
"""Why the second column of a name has no role of its own."""
SEEN = 4_000
"""Rows that tell how many different names there are."""


def with_whole_name(layout: Layout, data: pd.DataFrame, sheet: str, vocabulary: Vocabulary) -> Layout:
    """The layout with one name made of two columns, where no column holds the whole, and a finding that says so.

    The first of the two is the name; the other is ``ignore`` because of ``joined``, and `to_leads` puts both together.
    A role that the user gave to the other one stays.
    """
    columns = layout.columns
    parts = vocabulary.section("structure")["name_parts"]
    given, family = (_called(columns, parts[key]) for key in ("given", "family"))
    names = [column for column in columns if column.role == "name"]
    if given is None or family is None or (names and names[0] not in (given, family)):
        return layout
    first, second = sorted((given, family), key=columns.index)
    if any(
        column.role not in ("name", "extra") or (column not in names and column.how == "user")
        for column in (first, second)
    ):
        return layout
    step = -(-len(data) // SEEN) or 1
    whole = whole_names(data[given.letter].iloc[::step], data[family.letter].iloc[::step]).dropna()
    different = whole.unique()
    name = replace(
        first,
        role="name",
        how=first.how if first.role == "name" else second.how if second.role == "name" else "alias",
        confidence=max(0.9, first.confidence),
        key="name",
        why="",
        said=len(whole),
        distinct=len(different),
        samples=tuple(different[: max(len(first.samples), 1)]),
    )
    other = replace(second, role="ignore", how="alias", confidence=0.9, key=f"ignore.{second.letter}", why=JOINED)
    found = Finding(
        "name-in-two-columns", 1, f"{sheet}!{first.letter}", {"given": given.header, "family": family.header}
    )
    made = {first.letter: name, second.letter: other}
    return replace(
        layout,
        columns=tuple(made.get(column.letter, column) for column in columns),
        findings=(*layout.findings, found),
        name_parts=(given.letter, family.letter),
    )


def whole_names(given: pd.Series[str], family: pd.Series[str]) -> pd.Series[str]:
    """Given and family names as one: the family name first and without a blank in Chinese, last elsewhere.

    >>> whole_names(pd.Series(["Ann", "文静", None]), pd.Series(["Reed", "李", "Hill"])).tolist()
    ['Ann Reed', '李文静', 'Hill']
    """
    return pd.Series(
        [_whole(*pair) for pair in zip(given.tolist(), family.tolist(), strict=True)], index=given.index, dtype=object
    )


def _whole(given: object, family: object) -> object:
    if given is None or family is None or given != given or family != family:
        return family if given is None or given != given else given
    first, last = as_text(given), as_text(family)
    if CHINESE.search(first + last):
        return first if first.startswith(last) else last + first
    return first if first.endswith(f" {last}") else f"{first} {last}".strip()


def _called(columns: Sequence[ColumnMatch], names: Sequence[str]) -> ColumnMatch | None:
    """The one column that is called so, whatever stands before it: Contact First Name."""
    plain = [normalise(name) for name in names]
    ends = tuple(f" {name}" for name in plain if name.isascii())
    found = [
        column
        for column in columns
        for header in [normalise(column.header.rpartition(JOINT)[2]).replace("_", " ")]
        if header in plain or header.endswith(ends)
    ]
    return found[0] if len(found) == 1 else None
