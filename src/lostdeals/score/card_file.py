"""Read a scorecard's TOML file, and say exactly what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from lostdeals.errors import LostDealsError, Named
from lostdeals.vocab import Vocabulary, matches
from lostdeals.vocab.loading import read_toml

DEFAULT = "default"
KINDS = ("number", "money", "words", "text")
ABSENT, UNITS = ("zero", "drop"), ("points", "percent")


@dataclass(frozen=True)
class Scorecard:
    """A scorecard as its file says; the file's own comments explain each key."""

    name: str
    label: Mapping[str, str]
    absent: str
    """``drop`` or ``zero``: what an item is whose fields the sheet lacks."""
    unit: str
    """``percent`` of the maximum or ``points``: what the cut-offs count."""
    cutoffs: tuple[tuple[str, float], ...]
    """Grade and lowest total, the best grade first; a total on the cut-off has the grade."""
    items: tuple[Mapping[str, Any], ...]
    knockouts: tuple[Mapping[str, Any], ...]
    fields: Mapping[str, Mapping[str, Any]]
    """The card's own fields, found by header."""
    settings: Mapping[str, Any]


def _cards(vocabulary: Vocabulary) -> tuple[Named, ...]:
    names = vocabulary.names("scorecards")
    return tuple(Named(name, vocabulary.section(f"scorecards/{name}").get("label", name)) for name in names)


def load_card(name: str | None, vocabulary: Vocabulary) -> Scorecard:
    """A shipped (or user vocabulary's) card by name, or one by the path of its TOML file.

    Raises LostDealsError ``unknown-card``, ``card-unreadable`` (no TOML), ``card-lacks``, ``card-wrong`` and ``bad-condition``.
    """
    name = name or DEFAULT
    if name in vocabulary.names("scorecards"):
        raw = vocabulary.section(f"scorecards/{name}")
    elif name.endswith(".toml"):
        raw = read_toml(Path(name), "card-unreadable")
    else:
        raise LostDealsError("unknown-card", usage=True, card=name, known=_cards(vocabulary))
    top = _Part(name, "", raw)
    fields = {field: _field(top.inside(f"[fields.{field}]", entry)) for field, entry in top.table("fields").items()}
    cutoffs = [_cutoff(part) for part in top.several("cutoffs", needed=True)]
    return Scorecard(
        name=name,
        label=top.text("label"),
        absent=top.one_of("absent", ABSENT),
        unit=top.one_of("unit", UNITS),
        cutoffs=tuple(sorted(cutoffs, key=lambda pair: -pair[1])),
        items=tuple(_item(part, place) for place, part in enumerate(top.several("items", needed=True), 1)),
        knockouts=tuple(_knockout(part) for part in top.several("knockouts")),
        fields=fields,
        settings=top.table("settings"),
    )


def named_fields(condition: Mapping[str, Any]) -> list[str]:
    """The fields that a condition looks at, those of its parts included.

    >>> named_fields({"any": [{"field": "staff", "below": 5}, {"field": "amount", "known": False}]})
    ['staff', 'amount']
    """
    parts = [*condition.get("all", ()), *condition.get("any", ())]
    own = [str(condition["field"])] if "field" in condition else []
    return own + [field for part in parts for field in named_fields(part)]


class _Part:
    """One table of a card's file, with its place for errors."""

    def __init__(self, file: str, place: str, raw: object) -> None:
        self.file, self.place = file, place
        if not isinstance(raw, dict):
            raise self._wrong("", raw, "table")
        self.raw: dict[str, Any] = raw

    def inside(self, place: str, raw: object) -> _Part:
        return _Part(self.file, f"{self.place} {place}".strip(), raw)

    def several(self, key: str, *, needed: bool = False) -> list[_Part]:
        found = self.raw.get(key, [])
        if not isinstance(found, list):
            raise self._wrong(key, found, "tables")
        if needed and not found:
            raise self._lacks(key)
        shown = f"[[{key}]]" if not self.place else key
        names = [one.get("key", "") if isinstance(one, dict) else "" for one in found]
        return [
            self.inside(f"{shown} {name or at}", one)
            for at, (name, one) in enumerate(zip(names, found, strict=True), 1)
        ]

    def table(self, key: str) -> dict[str, Any]:
        found = self.raw.get(key, {})
        if not isinstance(found, dict):
            raise self._wrong(key, found, "table")
        return found

    def text(self, key: str) -> dict[str, str]:
        """A text in one or both languages; a plain one is the same in both."""
        found = self._needed(key)
        found = {"zh": found, "en": found} if isinstance(found, str) else found
        if not isinstance(found, dict) or not {"zh", "en"} & set(found):
            raise self._wrong(key, found, "text")
        return found

    def number(self, key: str) -> float:
        found = self._needed(key)
        if not isinstance(found, int | float) or isinstance(found, bool):
            raise self._wrong(key, found, "number")
        return float(found)

    def texts(self, key: str) -> list[str]:
        found = self._needed(key)
        if not isinstance(found, list) or not found or not all(isinstance(one, str) for one in found):
            raise self._wrong(key, found, "list")
        return found

    def one_of(self, key: str, choices: Iterable[str]) -> str:
        first, *_ = choices
        found = self.raw.get(key, first)
        if found not in choices:
            raise LostDealsError("card-choice", where=self._where(), key=key, value=found, wanted=tuple(choices))
        return str(found)

    def condition(self, key: str) -> dict[str, Any]:
        found = self._needed(key)
        try:
            matches(found, pd.DataFrame())
        except LostDealsError as error:
            raise LostDealsError("bad-condition", where=self._where(), condition=error.values["condition"]) from None
        except (TypeError, AttributeError):
            raise self._wrong(key, found, "condition") from None
        return dict(found)

    def _needed(self, key: str) -> Any:
        if key not in self.raw:
            raise self._lacks(key)
        return self.raw[key]

    def _where(self) -> str:
        return f"{self.file} › {self.place}" if self.place else self.file

    def _lacks(self, key: str) -> LostDealsError:
        return LostDealsError("card-lacks", where=self._where(), key=key)

    def _wrong(self, key: str, value: object, wanted: str) -> LostDealsError:
        return LostDealsError("card-wrong", where=self._where(), key=key or self.place, value=value, form=FORMS[wanted])


FORMS = {
    "table": "{ … }",
    "tables": "[[…]]",
    "text": '"…" / { zh = "…", en = "…" }',
    "number": "16",
    "list": '["…", "…"]',
    "condition": '{ field = "…", is = ["…"] }',
    "words": '[fields.….words] a = ["…", "…"]',
}
"""How a part of a card is written."""


def _field(part: _Part) -> dict[str, Any]:
    """One of the card's own fields; ``words`` without a list of words are the texts as they stand."""
    kind = part.one_of("kind", KINDS)
    words = part.table("words")
    for name, listed in words.items():
        if not isinstance(listed, list):
            raise part._wrong(f"words.{name}", listed, "list")
    return {**part.raw, "kind": "text" if kind == "words" and not words else kind, "headers": part.texts("headers")}


def _cutoff(part: _Part) -> tuple[str, float]:
    grade = part._needed("grade")
    if not isinstance(grade, str):
        raise part._wrong("grade", grade, "text")
    return grade, part.number("at")


def _knockout(part: _Part) -> dict[str, Any]:
    return {**part.raw, "grade": str(part._needed("grade")), "when": part.condition("when"), "say": part.text("say")}


def _item(part: _Part, place: int) -> dict[str, Any]:
    """An item; its fields, where they are not named, are those of its conditions."""
    rules = [
        {**rule.raw, "points": rule.number("points"), "when": rule.condition("when"), "say": rule.text("say")}
        for rule in part.several("rules", needed=True)
    ]
    optional = {key: part.text(key) for key in ("lift",) if key in part.raw}
    for rule, made in zip(part.several("rules"), rules, strict=True):
        if "note" in rule.raw:
            made["note"] = rule.text("note")
    told = [field for rule in rules for field in named_fields(rule["when"])]
    fields = part.texts("fields") if "fields" in part.raw else list(dict.fromkeys(told))
    key = str(part.raw.get("key", f"item {place}"))
    return {**part.raw, **optional, "key": key, "label": part.text("label"), "fields": fields, "rules": rules}
