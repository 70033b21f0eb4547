"""Names that are nobody's: test entries and placeholders."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from lostdeals.vocab import Vocabulary, normalise
from lostdeals.vocab.phrases import normalised
from lostdeals.vocab.wordlists import any_of


class Nobodies:
    """Tells the names of a column that no customer has, by ``vocab/invalid.toml``.

    >>> from lostdeals.vocab import load
    >>> names = pd.Series(["测试2", "客户A", "张三", "李四", "王小明", "张小三"], dtype=object)
    >>> Nobodies(load()).codes(names, "name")
    {'测试2': 'test-entry', '客户A': 'placeholder-name', '张三': 'placeholder-name', '李四': 'placeholder-name'}
    >>> Nobodies(load()).codes(pd.Series(["张三", "王小明"], dtype=object), "name")
    {}
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        words = vocabulary.section("invalid")
        tests, placeholders = words["test_entries"], words["placeholder_names"]
        self._tests = {role: {normalise(word) for word in tests[role]} for role in ("name", "company")}
        around = any_of(tests["around"])
        self._around = re.compile(rf"[\W\d_]*(?:{around})(?:[\W\d_]|{around})*")
        self._words = {normalise(word) for word in placeholders["words"]}
        self._patterns = re.compile("|".join(placeholders["patterns"]))
        self._samples = {normalise(word) for word in placeholders["samples"]}

    def codes(self, cells: pd.Series[Any], role: str) -> dict[str, str]:
        """Text -> ``test-entry`` or ``placeholder-name``.

        Where most names are like 客户A the sheet has been made anonymous, and they stand for customers. 张三 alone may be
        somebody's name; with 李四 beside it they are examples.
        """
        counts = cells.value_counts()
        folded = dict(zip(counts.index, normalised(counts.index.tolist()), strict=True))
        tests = [text for text, name in folded.items() if self._is_test(name, role)]
        empty = [text for text, name in folded.items() if name in self._words or self._patterns.fullmatch(name)]
        if counts[empty].sum() > ANONYMOUS * counts.sum():
            empty = []
        samples = [text for text, name in folded.items() if name in self._samples]
        if len(samples) < 2:
            samples = []
        found = dict.fromkeys([*empty, *samples], "placeholder-name") | dict.fromkeys(tests, "test-entry")
        return {text: found[text] for text in counts.index if text in found}

    def _is_test(self, name: str, role: str) -> bool:
        known = self._tests[role]
        return name in known or NUMBERED.sub("", name) in known or self._around.fullmatch(name) is not None


NUMBERED = re.compile(r"[\W\d_]+\Z")
ANONYMOUS = 0.5
"""A sheet with more names like 客户A than this share was made anonymous (a project default)."""
