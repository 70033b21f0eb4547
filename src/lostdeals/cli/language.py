"""Which language help and errors are in, before any sheet has been read."""

from __future__ import annotations

import os
from functools import cache
from typing import Any

from lostdeals.vocab.loading import HERE, parse


@cache
def environment_language() -> str:
    """``zh`` or ``en`` from LOSTDEALS_LANG, else the locale."""
    for name in ("LOSTDEALS_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "").lower()
        if value:
            return "zh" if value.startswith("zh") else "en"
    return "en"


def language_of(argv: list[str]) -> str:
    """The language of an error: ``--lang`` where it is given, else Chinese for Chinese words on the line, else the locale."""
    for place, word in enumerate(argv):
        if word == "--lang" and place + 1 < len(argv) and argv[place + 1] in ("zh", "en"):
            return argv[place + 1]
        if word in ("--lang=zh", "--lang=en"):
            return word[-2:]
    if any("\u4e00" <= character <= "\u9fff" for word in argv for character in word):
        return "zh"
    return environment_language()


def help_text(key: str) -> str:
    """A sentence of ``help.toml`` in the environment's language."""
    node: Any = parse(HERE / "help.toml")
    for part in key.split("."):
        node = node[part]
    return str(node[environment_language()])
