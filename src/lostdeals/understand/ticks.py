"""A choice spread over several columns with a tick in one of them: 渠道 over 抖音 | 展会 | 转介绍."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

import numpy as np
import pandas as pd

from lostdeals.model import Finding
from lostdeals.understand.aliases import JOINT
from lostdeals.understand.header import Table
from lostdeals.vocab import Vocabulary, normalise

LEAST = 3
"""Rows with a tick, with fewer of which a group of columns is no choice."""
BETWEEN = "; "
"""Between several choices of one customer."""


@dataclass(frozen=True)
class Ticked:
    """A table whose ticks are read as the choices they stand under."""

    table: Table
    """The first column of each choice is called as the group."""
    data: pd.DataFrame
    """The customers' cells, with the names of their choices in those columns."""
    read_as: Mapping[str, Mapping[int, object]]
    """Letter -> row -> the choices, None where nothing is ticked."""
    findings: tuple[Finding, ...]


def ticked(table: Table, data: pd.DataFrame, sheet: str, vocabulary: Vocabulary) -> Ticked:
    """The choices of a table, told by columns side by side under one name whose cells are nothing but ticks.

    data: the customers' cells, a column per letter, rows by the file's numbers. The other columns of a choice stay as
    they are.

    >>> from lostdeals.vocab import load
    >>> table = Table((1, 2), {"A": "姓名", "B": "渠道·抖音", "C": "渠道·展会"}, (3, 4, 5), ())
    >>> rows = [["王伟", "√", None], ["李娜", None, "√"], ["赵敏", "√", "√"]]
    >>> data = pd.DataFrame(rows, index=[3, 4, 5], columns=["A", "B", "C"], dtype=object)
    >>> read = ticked(table, data, "客户", load())
    >>> read.table.headers["B"], read.data["B"].tolist(), read.data["C"].tolist()
    ('渠道', ['抖音', '展会', '抖音; 展会'], [None, '√', '√'])
    """
    words = vocabulary.section("yesno")
    yes, no = ({normalise(word) for word in words[key]["words"]} for key in ("yes", "no"))
    headers = dict(table.headers)
    read_as: dict[str, Mapping[int, object]] = {}
    findings = []
    for group, columns in groupby(table.headers.items(), key=lambda item: item[1].rpartition(JOINT)[0]):
        names = {letter: header.rpartition(JOINT)[2] for letter, header in columns}
        if not group or len(names) < 2 or not all(_are_ticks(data[letter], yes, no) for letter in names):
            continue  # 是 and 否 answer a question each
        ticks = np.array([_is_tick(data[letter], yes) for letter in names])
        if ticks.any(axis=0).sum() < LEAST:
            continue
        first, called = next(iter(names)), np.array(list(names.values()), dtype=object)
        chosen = [BETWEEN.join(called[row]) or None for row in ticks.T]
        headers[first] = group.rpartition(JOINT)[2]
        read_as[first] = dict(zip(map(int, data.index), chosen, strict=True))
        told = {"column": headers[first], "choices": tuple(names.values())}
        findings.append(Finding("ticked-columns", len(names), f"{sheet}!{first}", told))
    if not read_as:
        return Ticked(table, data, {}, ())
    read = {letter: pd.Series(list(read_as[letter].values()), index=data.index, dtype=object) for letter in read_as}
    return Ticked(replace(table, headers=headers), data.assign(**read), read_as, tuple(findings))


def _are_ticks(cells: pd.Series[Any], yes: set[str], no: set[str]) -> bool:
    """Whether a column holds one kind of tick, blanks and signs that are none; a no in words is an answer."""
    said = {normalise(str(cell)) for cell in cells.dropna().unique()}
    crosses = {text for text in said & no if not any(map(str.isalnum, text))}
    return len(said & yes) <= 1 and said <= yes | crosses


def _is_tick(cells: pd.Series[Any], yes: set[str]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    ticks = [cell for cell in cells.dropna().unique() if normalise(str(cell)) in yes]
    return cells.isin(ticks).to_numpy(dtype=bool)
