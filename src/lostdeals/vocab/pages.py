"""The names of the pages that a result has, by which they are known again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lostdeals.vocab.loading import Vocabulary

CLEANED = "clean."
"""Before the key of a page that cleaning wrote."""

_NUMBER = re.compile(r" \(\d+\)$")


def is_page(vocabulary: Vocabulary, key: str, title: str) -> bool:
    """Whether a sheet has the name that we give a page, in whatever language and whatever number stands behind it."""
    names: Mapping[str, Any] = vocabulary.section("messages")["sheet"].get(key.removeprefix(CLEANED), {})
    return title in names.values() or _NUMBER.sub("", title) in names.values()
