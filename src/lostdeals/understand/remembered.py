"""What the user has said of a sheet's columns, kept beside the sheet in words that a person can edit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from textwrap import wrap
from typing import Any

from lostdeals.errors import LostDealsError
from lostdeals.model import OUTCOMES, ColumnMatch, Finding, Layout, Outcome, Remembered
from lostdeals.schema import ROLES
from lostdeals.vocab import Vocabulary, Words, normalise
from lostdeals.vocab.loading import quoted, read_toml

ENDING = ".roles.toml"
SETTLED = 0.85
"""Confidence from which on a column's role is remembered."""
LINE = 100
"""Characters of a line of comment."""


def remembered_in(folder: Path, sheet: Path) -> tuple[Remembered, ...]:
    """Every ``*.roles.toml`` of a folder that can be read, the one named after the sheet first.

    Raises LostDealsError ``roles-unreadable`` where that one is no TOML or says something it cannot.
    """
    own = place_beside(sheet)
    found = []
    for path in sorted(folder.glob(f"*{ENDING}"), key=lambda path: (path.name != own.name, path.name)):
        try:
            found += [_read(path)] if path.is_file() else []
        except LostDealsError:
            if path.name == own.name:  # a broken file of another sheet is that sheet's trouble
                raise
    return tuple(found)


def place_beside(sheet: Path) -> Path:
    """Where the corrections of a sheet are kept: ``客户.xlsx`` -> ``客户.roles.toml``."""
    return sheet.parent / f"{sheet.stem}{ENDING}"


def fitting(remembered: Sequence[Remembered], headers: Mapping[str, str], sheet: Path) -> Remembered | None:
    """The first file whose headers are those of a table; a table without a header is known only by its own file.

    headers: letter -> header as written; sheet: the file that the table is in.
    """
    named = {normalise(header) for header in headers.values() if header}
    letters = {normalise(letter) for letter in headers}
    keys = {normalise(key) for key in keys_of(headers).values()}
    for file in remembered:
        said = {normalise(header) for header in file.headers or file.columns}
        if named and said - letters == (named if file.headers else keys) - letters:
            return file
        if not named and said <= letters and file.path.name == place_beside(sheet).name:
            return file
    return None


def keys_of(headers: Mapping[str, str]) -> dict[str, str]:
    """Letter -> what stands for the column in the file: its header, or its letter where the header is empty or not its own.

    >>> keys_of({"A": "姓名", "B": "电话", "C": "电话", "D": ""})
    {'A': '姓名', 'B': 'B', 'C': 'C', 'D': 'D'}
    """
    met = Counter(normalise(header) for header in headers.values())
    return {letter: header if header and met[normalise(header)] == 1 else letter for letter, header in headers.items()}


def as_toml(sheet: Path, layout: Layout, outcome: tuple[str, Mapping[str, Outcome]] | None, words: Words) -> str:
    """The text of a file that remembers a layout, with what every column holds as a comment.

    outcome: the header of the outcome column and what its values mean, where the user has said so.
    """
    keys = keys_of({column.letter: column.header for column in layout.columns})
    roles = wrap(words.say("roles.known", roles=" · ".join(f"{role} {_label(role, words)}" for role in ROLES)), LINE)
    lines = [f"# {line}" for line in (*words.say("roles.head", sheet=sheet.name).splitlines(), "", *roles)]
    headers = [quoted(column.header) for column in layout.columns if column.header]
    lines += ["", f"headers = [{', '.join(headers)}]", "", "[columns]"]
    lines += [_line(keys[column.letter], column, words) for column in layout.columns if _is_settled(column)]
    if unsettled := [column for column in layout.columns if not _is_settled(column)]:
        lines += [f"# {words.say('roles.open')}"]
        lines += [f"# {_line(keys[column.letter], column, words)}" for column in unsettled]
    if outcome is not None:
        lines += ["", "[outcome]", f"column = {quoted(outcome[0])}"]
        for meaning in OUTCOMES:
            values = [value for value, found in outcome[1].items() if found == meaning]
            lines += [f"{meaning} = [{', '.join(map(quoted, values))}]"] if values else []
    return "\n".join(lines) + "\n"


def _is_settled(column: ColumnMatch) -> bool:
    """Said by the user, or sure; what is guessed or empty this month may be known or filled the next."""
    return column.how == "user" or (column.confidence >= SETTLED and column.why not in ("empty", "joined"))


def _line(key: str, column: ColumnMatch, words: Words) -> str:
    return f"{quoted(key)} = {quoted(column.role)}  # {_label(column.role, words)}"


def _label(role: str, words: Words) -> str:
    return words.pick(words.vocabulary.section("columns")[role]["label"])


def _read(path: Path) -> Remembered:
    raw = read_toml(path, "roles-unreadable")
    columns, outcome, headers = raw.get("columns", {}), raw.get("outcome", {}), raw.get("headers", [])
    strange = sorted({*raw} - {"columns", "outcome", "headers"})
    if strange or not isinstance(columns, dict) or not isinstance(outcome, dict) or not isinstance(headers, list):
        reason = ", ".join(strange) or "headers, [columns], [outcome]"
        raise LostDealsError("roles-unreadable", where=str(path), reason=reason)
    if strange := sorted({*outcome} - {"column", *OUTCOMES}):
        raise LostDealsError("roles-unreadable", where=str(path), reason=f"[outcome] {', '.join(strange)}")
    for header, role in columns.items():
        if not isinstance(role, str):
            raise LostDealsError("roles-unreadable", where=str(path), reason=f"{header} = {role!r}")
    return Remembered(path, columns, tuple(map(str, headers)), _column(outcome, path), _values(outcome, path))


def _column(outcome: Mapping[str, Any], path: Path) -> str | None:
    column = outcome.get("column")
    if column is not None and not isinstance(column, str):
        raise LostDealsError("roles-unreadable", where=str(path), reason=f"column = {column!r}")
    return column


def _values(outcome: Mapping[str, Any], path: Path) -> dict[str, Outcome]:
    out: dict[str, Outcome] = {}
    for meaning in OUTCOMES:
        values = outcome.get(meaning, [])
        if not isinstance(values, list):
            raise LostDealsError("roles-unreadable", where=str(path), reason=f"{meaning} = {values!r}")
        out.update({str(value): meaning for value in values})
    return out


def with_remembered(layout: Layout, file: Remembered, sheet: str) -> Layout:
    """The layout with a note that a file told its roles."""
    note = Finding("roles-remembered", len(file.columns), sheet, {"file": file.path.name})
    return replace(layout, findings=(note, *layout.findings))


def roles_of(file: Remembered, headers: Mapping[str, str], vocabulary: Vocabulary) -> dict[str, str]:
    """Letter -> role as a file remembers it.

    Raises LostDealsError ``roles-unreadable`` for a role that does not exist.
    """
    said = {normalise(name): role for name, role in file.columns.items()}
    out = {}
    for letter, key in keys_of(headers).items():
        wanted = said.get(normalise(key)) or said.get(normalise(letter))
        if wanted is None:
            continue
        role = role_called(wanted, vocabulary)
        if role is None:
            raise LostDealsError("roles-unreadable", where=str(file.path), reason=f"{key} = {wanted!r}")
        out[letter] = role
    return out


def role_called(text: str, vocabulary: Vocabulary) -> str | None:
    """The role that a name, a label or a header of that role alone means; None where none does.

    >>> from lostdeals.vocab import load
    >>> role_called("phone", load()), role_called("公司", load()), role_called("结果", load()), role_called("fone", load())
    ('phone', 'company', 'outcome', None)
    """
    if text in ROLES:
        return text
    columns, wanted = vocabulary.section("columns"), normalise(text)
    called = [role for role in ROLES if wanted in map(normalise, columns[role]["label"].values())]
    if called:
        return called[0]
    headers = [role for role in ROLES if wanted in map(normalise, columns[role].get("aliases", []))]
    return headers[0] if len(headers) == 1 else None
