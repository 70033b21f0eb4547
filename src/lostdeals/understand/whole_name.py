"""A name in two columns, First Name and Last Name, is one name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from lostdeals.model import Finding, Layout
from lostdeals.understand.cell_text import CHINESE, as_text
from lostdeals.understand.header_words import JOINT
from lostdeals.vocab import Vocabulary, normalise

JOINED = "joined"
"""Why the other column of a name has no role of its own."""
SURE = 0.9
"""Confidence of two headers that make one name."""
SEEN = 4_000
"""Rows that tell how many different names there are."""


def with_whole_name(layout: Layout, data: pd.DataFrame, sheet: str, vocabulary: Vocabulary) -> Layout:
    """The layout with one name made of two columns, where no column holds the whole, and a finding that says so.

    The column that was taken for the name is the name; the other stays ``extra``, because of ``joined``, and `to_leads`
    puts both together. A role that the user gave to the other one stays.
    """
    columns = layout.columns
    parts = name_parts([column.header for column in columns], vocabulary)
    if parts is None:
        return layout
    given, family = columns[parts[0]], columns[parts[1]]
    names = [column for column in columns if column.role == "name"]
    if names and names[0] not in (given, family):
        return layout
    name = names[0] if names else min(given, family, key=columns.index)
    other = family if name is given else given
    if other.role not in ("name", "extra") or other.how == "user" or name.role not in ("name", "extra"):
        return layout
    step = -(-len(data) // SEEN) or 1
    whole = whole_names(data[given.letter].iloc[::step], data[family.letter].iloc[::step]).dropna()
    different = whole.unique()
    made = {
        name.letter: replace(
            name,
            role="name",
            how=name.how if names else "alias",
            confidence=max(SURE, name.confidence),
            key="name",
            why="",
            said=len(whole),
            distinct=len(different),
            samples=tuple(different[: max(len(name.samples), 1)]),
        ),
        other.letter: replace(other, how="alias", confidence=SURE, why=JOINED),
    }
    found = Finding(
        "name-in-two-columns",
        first=f"{sheet}!{name.letter}",
        values={"given": given.header, "family": family.header},
    )
    return replace(
        layout,
        columns=tuple(made.get(column.letter, column) for column in columns),
        findings=(*layout.findings, found),
        name_parts=(given.letter, family.letter),
    )


def name_parts(headers: Sequence[str], vocabulary: Vocabulary) -> tuple[int, int] | None:
    """The places of the given and the family name, where exactly one header is called like each.

    >>> from lostdeals.vocab import load
    >>> name_parts(["ID", "Pupil surname", "Pupil forename"], load())
    (2, 1)
    """
    parts = vocabulary.section("structure")["name_parts"]
    given, family = (_called(headers, parts[key]) for key in ("given", "family"))
    return None if given is None or family is None else (given, family)


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


def _called(headers: Sequence[str], names: Sequence[str]) -> int | None:
    """The one header that is called so, whatever stands before it: Contact First Name."""
    plain = [normalise(name) for name in names]
    ends = tuple(f" {name}" for name in plain if name.isascii())
    said = [normalise(header.rpartition(JOINT)[2]).replace("_", " ") for header in headers]
    found = [place for place, header in enumerate(said) if header in plain or header.endswith(ends)]
    return found[0] if len(found) == 1 else None
