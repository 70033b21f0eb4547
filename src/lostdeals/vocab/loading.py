"""Find, parse and merge the vocabulary files."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import tomli

from lostdeals.errors import LostDealsError

HERE = Path(__file__).parent


class Vocabulary:
    """The shipped words with the user's own on top.

    A section is a TOML file of this folder (``columns``, ``reasons``, ``scorecards/default`` …), read when it is first
    asked for. The user's file has the same sections as top-level tables: ``[reasons.price] words = ["肉疼"]`` adds a word,
    a list is extended, a table is merged, anything else is replaced; of rules those of the user come first (`merge`).

    >>> load().section("stages")["initial"]["label"]["zh"]
    '初步接触'
    """

    def __init__(self, own: Mapping[str, Any] | None = None) -> None:
        self._own = dict(own or {})
        self._sections: dict[str, dict[str, Any]] = {}

    def section(self, name: str) -> dict[str, Any]:
        """One file's content with the user's additions; treat it as read-only.

        Raises KeyError where neither a shipped file nor the user has such a section.
        """
        if name not in self._sections:
            self._sections[name] = self._merged(name)
        return self._sections[name]

    def _merged(self, name: str) -> dict[str, Any]:
        own: Any = self._own
        for part in name.split("/"):
            own = own.get(part, {}) if isinstance(own, dict) else {}
        path = HERE / f"{name}.toml"
        if not path.is_file():
            if own:
                return dict(own)
            raise KeyError(name)
        return merge(parse(path), own)

    def is_own(self, *path: str) -> bool:
        """Whether the user's file says something at this place: ``is_own("dimensions", "tier")``."""
        node: Any = self._own
        for part in path:
            if not isinstance(node, dict) or part not in node:
                return False
            node = node[part]
        return True

    def names(self, folder: str) -> list[str]:
        """The sections of a folder such as ``scorecards``, shipped and the user's, in order."""
        shipped = {path.stem for path in (HERE / folder).glob("*.toml")}
        return sorted(shipped | set(self._own.get(folder, {})))


def load(own: Path | None = None) -> Vocabulary:
    """The vocabulary, with the user's file where one is given.

    Raises LostDealsError ``vocab-unreadable`` when that file is missing or is not TOML.
    """
    if own is None:
        return Vocabulary()
    return Vocabulary(read_toml(own, "vocab-unreadable"))


def read_toml(path: Path, code: str) -> dict[str, Any]:
    """A user's TOML file as a dictionary; LostDealsError `code` with the reason where it cannot be read."""
    try:
        return tomli.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise LostDealsError(code, where=str(path), reason=error.strerror or type(error).__name__) from None
    except (tomli.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LostDealsError(code, where=str(path), reason=str(error)) from None


def quoted(text: str) -> str:
    r"""A text as TOML writes it, whatever is in it.

    >>> print(quoted('a "b"'), quoted("tab\t"))
    "a \"b\"" "tab\u0009"
    """
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return (
        '"' + "".join(f"\\u{ord(mark):04x}" if ord(mark) < 32 or ord(mark) == 127 else mark for mark in escaped) + '"'
    )


@cache
def parse(path: Path) -> dict[str, Any]:
    """A shipped TOML file; parsed once a process."""
    with path.open("rb") as file:
        return tomli.load(file)


def merge(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Tables merged, lists extended, anything else replaced; LostDealsError ``vocab-unreadable`` where the kinds differ.

    Rules are tried in order, so those of a list of tables that come on top are put first; one with the ``name`` of a rule
    below takes its place.

    >>> merge({"a": {"words": ["x"], "n": 1}}, {"a": {"words": ["y"], "n": 2}})
    {'a': {'words': ['x', 'y'], 'n': 2}}
    >>> merge({"rules": [{"name": "a", "n": 1}, {"name": "b"}]}, {"rules": [{"name": "a", "n": 2}, {"name": "c"}]})
    {'rules': [{'name': 'c'}, {'name': 'a', 'n': 2}, {'name': 'b'}]}
    """
    out = dict(base)
    for key, value in over.items():
        before = out.get(key)
        if isinstance(before, dict) and isinstance(value, dict):
            out[key] = merge(before, value)
        elif isinstance(before, list) and isinstance(value, list):
            out[key] = _joined(before, value)
        elif isinstance(before, dict | list):
            raise LostDealsError("vocab-unreadable", where=key, reason=f"{key} = {value!r}")
        else:
            out[key] = value
    return out


def _joined(before: list[Any], over: list[Any]) -> list[Any]:
    """Two lists as one: new words at the end, new rules at the beginning, a rule of the same name in its place."""
    new = [item for item in over if item not in before]
    if not all(isinstance(item, dict) for item in new):
        return [*before, *new]
    named = {item["name"]: item for item in new if "name" in item}
    kept = [named.pop(item["name"], item) if isinstance(item, dict) and "name" in item else item for item in before]
    return [*(item for item in new if "name" not in item or item["name"] in named), *kept]
