"""What ``vocab/template.toml`` says about the customer sheet that we offer: its columns, its lists, its example."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lostdeals.vocab.loading import Vocabulary
from lostdeals.vocab.words import Words

LANGUAGES = ("zh", "en")
LABELLED = frozenset({"stage", "outcome", "loss_reason", "source", "need", "intent", "value"})
"""Lists whose labels are those of a dimension; the others have their own."""


@dataclass(frozen=True)
class TemplateColumn:
    """One column of the template in one language."""

    header: str
    role: str
    group: str
    """A key of ``[groups]``."""
    kind: str
    """What may be typed in: text note code phone email day past-day whole age money share list open-list."""
    need: str
    """``must``, ``better`` or ``may``."""
    width: float
    """In characters."""
    what: str
    """What to write."""
    why: str
    list: str
    """A key of ``[choices]``, empty for none."""
    example: object
    """Of the example customer: text, a number, days from today, or a key of the list."""


def template_columns(vocabulary: Vocabulary, lang: str) -> tuple[TemplateColumn, ...]:
    """The columns of the template in a language, from left to right.

    >>> from lostdeals.vocab import load
    >>> [column.header for column in template_columns(load(), "zh")][:4]
    ['客户姓名', '公司名称', '客户编号', '手机号码']
    """
    return tuple(
        _column(entry, lang) for entry in vocabulary.section("template")["columns"] if entry.get("only", lang) == lang
    )


def template_choices(words: Words, name: str) -> dict[str, str]:
    """Key -> label of a drop-down list, in its order.

    >>> from lostdeals.vocab import load
    >>> template_choices(Words(load(), "en"), "stage")
    {'initial': 'First contact', 'interest': 'Interest shown', 'in_depth': 'In depth', 'decision': 'Final decision'}
    """
    entries = words.vocabulary.section("template")["choices"][name]
    return {key: words.label(name, key) if name in LABELLED else words.pick(entries[key]["label"]) for key in entries}


def _column(entry: dict[str, Any], lang: str) -> TemplateColumn:
    example = entry["example"]
    return TemplateColumn(
        header=entry["header"][lang],
        role=entry["role"],
        group=entry["group"],
        kind=entry["kind"],
        need=entry["need"],
        width=float(entry["width"]),
        what=entry["what"][lang],
        why=entry["why"][lang],
        list=entry.get("list", ""),
        example=example[lang] if isinstance(example, dict) else example,
    )
