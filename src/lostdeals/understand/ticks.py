"""What is said by ticks in several columns: a choice, 渠道 over 抖音 | 展会, and steps done, 初访 | 报价 | 签合同."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from lostdeals.model import ColumnMatch, Finding
from lostdeals.understand.alike import is_chinese
from lostdeals.understand.header import Table
from lostdeals.understand.header_words import JOINT
from lostdeals.vocab import Phrases, Vocabulary, normalise
from lostdeals.vocab.outcome_words import outcome_words

LEAST = 3
"""Rows with a tick, with fewer of which a group of columns is no choice; columns and rows that steps need at least."""
STAIRS = 0.8
"""Share of the rows with ticks where all columns before the last tick have one, too: those are steps, no choices."""
ALONE = 0.95
"""Share of the rows with ticks that have a single one, where the columns are the ways in which it may end."""
FIRST = 200
"""Rows whose cells tell that a column holds something else than ticks."""
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
    steps: frozenset[str] = frozenset()
    """Letters of the steps behind the first, which say nothing more."""


def ticked(table: Table, data: pd.DataFrame, sheet: str, vocabulary: Vocabulary) -> Ticked:
    """The choices of a table, told by columns side by side under one name whose cells are nothing but ticks.

    Columns that are called as outcomes and have one tick for each customer need no name above them: 成交 | 流失 | 跟进中.
    Where each customer has all ticks up to a last one, the columns are steps and the last one is where the customer is;
    steps need no name above them where half of them are known as steps.
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
    marks = _Marks(vocabulary)
    headers = dict(table.headers)
    read_as: dict[str, Mapping[int, object]] = {}
    findings, spent = [], set[str]()
    for group, letters in _groups(table.headers, data, marks):
        names = [table.headers[letter].rpartition(JOINT)[2] for letter in letters]
        ticks = np.array([marks.ticks(data[letter]) for letter in letters])
        if ticks.any(axis=0).sum() < LEAST:
            continue
        steps = _are_steps(ticks)
        ends = not group and not steps and _are_one_of_each(ticks) and marks.name_ends(names)
        if not group and not ends and not (steps and marks.name_steps(names)):
            continue
        first, called = letters[0], np.array(names, dtype=object)
        if steps or ends:
            spent.update(letters[1:])
        if steps:
            chosen = [called[row.nonzero()[0].max()] if row.any() else None for row in ticks.T]
        else:
            chosen = [BETWEEN.join(called[row]) or None for row in ticks.T]
        language = "zh" if any(map(is_chinese, names)) else "en"
        headers[first] = group.rpartition(JOINT)[2] or marks.called["outcome" if ends else "stage"][language]
        read_as[first] = dict(zip(map(int, data.index), chosen, strict=True))
        told = {"column": headers[first], "choices": tuple(names)}
        findings.append(Finding("ticked-steps" if steps else "ticked-columns", len(names), f"{sheet}!{first}", told))
    if not read_as:
        return Ticked(table, data, {}, ())
    read = {letter: pd.Series(list(read_as[letter].values()), index=data.index, dtype=object) for letter in read_as}
    return Ticked(replace(table, headers=headers), data.assign(**read), read_as, tuple(findings), frozenset(spent))


def without_steps(
    columns: Sequence[ColumnMatch], steps: frozenset[str], told: Mapping[str, str]
) -> tuple[ColumnMatch, ...]:
    """Columns whose ticks are read as one are left aside, so that nothing is learned from them; told: what the user said."""
    return tuple(
        replace(column, role="ignore", how="values", confidence=0.95, key=f"ignore.{column.letter}")
        if column.letter in steps and column.letter not in told
        else column
        for column in columns
    )


def _groups(headers: Mapping[str, str], data: pd.DataFrame, marks: _Marks) -> Iterator[tuple[str, list[str]]]:
    """Columns side by side that hold nothing but ticks, with the name that stands above all of them, often none."""
    for group, items in groupby(headers, key=lambda letter: headers[letter].rpartition(JOINT)[0]):
        letters = list(items)
        if group:
            runs = [letters] if all(marks.only(data[letter]) for letter in letters) else []
        else:
            ticks = {letter: marks.only(data[letter]) for letter in letters}
            runs = [list(columns) for only, columns in groupby(letters, ticks.__getitem__) if only]
        yield from ((group, run) for run in runs if len(run) > 1)  # 是 and 否 answer a question each


def _are_steps(ticks: npt.NDArray[np.bool_]) -> bool:
    """Whether ticks (columns × rows) rise like stairs: all up to the last one, in rows with several of them as well."""
    rows = ticks[:, ticks.any(axis=0)]
    if len(ticks) < LEAST or (rows.sum(axis=0) > 1).sum() < LEAST:
        return False
    last = len(ticks) - rows[::-1].argmax(axis=0)
    return bool((rows.sum(axis=0) == last).mean() >= STAIRS)


def _are_one_of_each(ticks: npt.NDArray[np.bool_]) -> bool:
    """Whether hardly a row has two ticks, and every column has some."""
    rows = ticks[:, ticks.any(axis=0)]
    return bool((rows.sum(axis=0) == 1).mean() >= ALONE and ticks.any(axis=1).all())


class _Marks:
    """What counts as a tick."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        words = vocabulary.section("yesno")
        self._yes, self._no = ({normalise(word) for word in words[key]["words"]} for key in ("yes", "no"))
        self._full, self._hollow = ({normalise(word) for word in words["ticks"][key]} for key in ("full", "hollow"))
        stages, outcomes = vocabulary.section("stages"), vocabulary.section("outcomes")
        known = [*stages.values(), outcomes["won"]]
        self._steps = Phrases({"step": [word for entry in known for word in entry["words"]]})
        self._values = {normalise(word) for entry in known for word in entry["values"]}
        self._ends = outcome_words(vocabulary).whole
        columns = vocabulary.section("columns")
        self.called: Mapping[str, Mapping[str, str]] = {role: columns[role]["label"] for role in ("stage", "outcome")}

    def only(self, cells: pd.Series[Any]) -> bool:
        """Whether a column holds ticks of one kind, blanks and signs that are none; a no in words is an answer.

        √ and ✓ are one kind, because several people tick; a word is one of its own.
        """
        if not self._begins(cells.head(FIRST).tolist()):
            return False
        said = {normalise(str(cell)) for cell in cells.dropna().unique()}
        yes, no = self._told(said)
        crosses = {text for text in no if not _in_words(text)}
        return len({text if _in_words(text) else "" for text in said & yes}) <= 1 and said <= yes | crosses

    def _begins(self, cells: Sequence[object]) -> bool:
        """Whether the first cells are blanks and ticks; most columns are told by that."""
        words = self._yes | self._no | self._full | self._hollow
        return all(cell is None or cell != cell or normalise(str(cell)) in words for cell in cells)

    def ticks(self, cells: pd.Series[Any]) -> npt.NDArray[np.bool_]:
        """Which cells of a column are ticked."""
        distinct = {cell: normalise(str(cell)) for cell in cells.dropna().unique()}
        yes, _ = self._told(set(distinct.values()))
        return cells.isin([cell for cell, text in distinct.items() if text in yes]).to_numpy(dtype=bool)

    def name_steps(self, names: Sequence[str]) -> bool:
        """Whether at least half of the headers are known as steps of a sale."""
        known = sum(normalise(name) in self._values or bool(self._steps.find(name)) for name in names)
        return known * 2 >= len(names)

    def name_ends(self, names: Sequence[str]) -> bool:
        """Whether all headers say how it went with a customer, and not all the same: 成交 | 流失 | 跟进中."""
        said = {self._ends.whole(name) for name in names}
        return len(said) > 1 and None not in said and bool({"won", "lost"} & said)

    def _told(self, said: set[str]) -> tuple[set[str], set[str]]:
        """The signs that say yes and those that say no in a column: beside ● a ○ is none."""
        if not said & self._full:
            return self._yes, self._no
        return (self._yes - self._hollow) | self._full, self._no | self._hollow


def _in_words(text: str) -> bool:
    return any(map(str.isalnum, text))
