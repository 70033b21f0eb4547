"""Recognise the summary sheets of an earlier run by what stands on them, where another program has dropped their hidden names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from lostdeals.model import Sheet
from lostdeals.vocab import Vocabulary

HEADINGS = ("heading", "chart", "overview", "clean-heading", "quality")
"""Sections of the messages whose sentences stand in the first cell of a page."""
LABELS = ("column", "tile", "scores", "card", "asks", "model", "doctor")
"""Sections whose words stand below it; a ``heading`` in one of them is a sentence, too."""
LABELS_WITHIN, ENOUGH = 5, 2
"""Rows from the top among which so many different labels must stand."""
EVERYWHERE = ("overview", "guide")
"""Pages that no result is without."""


def own_pages(sheets: Sequence[Sheet], vocabulary: Vocabulary) -> tuple[str, ...]:
    """Names of the sheets that an earlier run added, known by their name, their first cell and their headers.

    None at all unless the workbook has the pages that every result has. A sheet of the user's keeps its name, and ours
    gets a number, so where two look alike the one with the number is ours.
    """
    messages = vocabulary.section("messages")
    headings, labels = _headings(messages), _labels(messages)
    looked = {sheet.name: _is_page(sheet, headings, labels) for sheet in sheets if _key(sheet.name, messages)}
    found: dict[str, str] = {}
    for name in sorted((name for name, ours in looked.items() if ours), key=lambda name: (len(name), name)):
        found[_key(name, messages)] = name
    return tuple(found.values()) if all(key in found for key in EVERYWHERE) else ()


def _key(name: str, messages: Mapping[str, Any]) -> str:
    """The page that has this name in any language, whatever number stands behind it; empty for none."""
    plain = re.sub(r" \(\d+\)$", "", name)
    return next((key for key, names in messages["sheet"].items() if plain in names.values()), "")


def _is_page(sheet: Sheet, headings: Sequence[re.Pattern[str]], labels: frozenset[str]) -> bool:
    top = sheet.cells.head(LABELS_WITHIN)
    if not top.size or top.index[0] != 1:
        return False
    first, *others = top.iloc[0].tolist()
    if not isinstance(first, str) or any(isinstance(value, str) for value in others):
        return False
    if not any(heading.fullmatch(first) for heading in headings):
        return False
    return len(labels & {value for value in top.iloc[1:].to_numpy().ravel() if isinstance(value, str)}) >= ENOUGH


def _headings(messages: Mapping[str, Any]) -> list[re.Pattern[str]]:
    """The sentences as patterns: what a run fills in may be anything."""
    texts = [text for section in HEADINGS for text in _texts(messages[section])]
    texts += [text for section in LABELS for text in _texts({"": messages[section].get("heading", {})})]
    return [re.compile(re.sub(r"\\{.*?\\}", ".+", re.escape(text))) for text in texts]


def _labels(messages: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(text for section in LABELS for text in _texts(messages[section]))


def _texts(section: Mapping[str, Any]) -> Iterator[str]:
    """Every text of a section, in every language."""
    entries: Iterable[Any] = section.values()
    for entry in entries:
        yield from (text for text in entry.values() if isinstance(text, str))
