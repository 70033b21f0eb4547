"""Find and read the fields of a scorecard: by the card's own headers, or by a header that a condition names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from lostdeals.distinct import with_columns
from lostdeals.model import Layout
from lostdeals.schema import role_of
from lostdeals.score.card_file import named_fields
from lostdeals.vocab import Phrases, Words, normalise

if TYPE_CHECKING:
    from lostdeals.score.card_file import Scorecard

SEVERAL = re.compile(r"[;；、,，/|]")
"""Signs between several values of one cell."""
UNREAD = 4
"""Values without a word in the card that are named."""


def card_columns(card: Scorecard, layout: Layout) -> dict[str, str]:
    """Which LEADS column holds each of the card's own fields, by header.

    A field that is neither a role nor a class nor one of the card's own is looked for among the headers as it stands.
    """
    found: dict[str, str] = {}
    for field in _named_fields(card):
        key = next((c.key for c in layout.columns if field in (c.header, _plain(c.header), normalise(c.header))), None)
        if key is not None and key != field:
            found[field] = key
    for field, entry in card.fields.items():
        headers = [normalise(header) for header in entry["headers"]]
        for header in headers:
            match = next((c.key for c in layout.columns if _plain(c.header) == header and c.role != "ignore"), None)
            if match is not None and match not in found.values():
                found[field] = match
                break
    return found


def _named_fields(card: Scorecard) -> list[str]:
    """The fields that a card's conditions name and its ``[fields]`` do not."""
    named = [field for condition in _conditions(card) for field in named_fields(condition)]
    named += [field for item in card.items for field in item["fields"]]
    return [field for field in dict.fromkeys(named) if field not in card.fields]


def _conditions(card: Scorecard) -> list[Mapping[str, Any]]:
    rules = [rule["when"] for item in card.items for rule in item["rules"]]
    return rules + [knockout["when"] for knockout in card.knockouts]


def _wanted(card: Scorecard) -> dict[str, dict[str, str]]:
    """Field -> the values that conditions ask for, folded -> as the card writes them."""
    found: dict[str, dict[str, str]] = {}

    def look(condition: Mapping[str, Any]) -> None:
        for part in (*condition.get("all", ()), *condition.get("any", ())):
            look(part)
        for test in ("is", "has"):
            values = condition.get(test, ())
            for value in values if isinstance(values, list) else (values,):
                if isinstance(value, str):
                    found.setdefault(str(condition.get("field")), {})[normalise(value)] = value

    for condition in _conditions(card):
        look(condition)
    return found


def amount_columns(card: Scorecard, layout: Layout) -> list[str]:
    """The LEADS columns without a role that the card wants as money, for the cleaning stage to read."""
    found = card_columns(card, layout)
    wanted = [found[field] for field, entry in card.fields.items() if field in found and entry["kind"] == "money"]
    return [key for key in wanted if role_of(key) == "extra"]


def item_headers(card: Scorecard, layout: Layout, words: Words) -> dict[str, str]:
    """Item (in words) -> the header of the sheet's own column that could tell it; items without such a column are left out."""
    own = card_columns(card, layout)
    by_class = {"intent_class": "intent", "stage_class": "stage", "source_class": "source", "value_class": "amount"}
    found: dict[str, str] = {}
    for item in card.items:
        if item.get("optional", False):
            continue
        keys = [own.get(field) or by_class.get(field, field) for field in item["fields"]]
        key = next((key for key in keys if any(column.key == key for column in layout.columns)), None)
        if key is not None:
            found[words.pick(item["label"])] = layout.header(key)
    return found


def with_fields(card: Scorecard, leads: pd.DataFrame, layout: Layout) -> pd.DataFrame:
    """The leads plus the card's own fields, read as words or numbers."""
    columns, wanted = card_columns(card, layout), _wanted(card)
    extra: dict[str, pd.Series[Any]] = {
        field: _as_it_stands(leads[key], wanted.get(field, {}))
        for field, key in columns.items()
        if field not in card.fields and field not in leads
    }
    if not card.fields and not extra:
        return leads
    for field, entry in card.fields.items():
        if field not in columns:
            extra[field] = pd.Series(None, index=leads.index, dtype=object)
        elif entry["kind"] == "words":
            extra[field] = _by_words(leads[columns[field]], entry)
        elif entry["kind"] == "text":
            extra[field] = _as_wanted(leads[columns[field]], wanted.get(field, {}))
        else:
            extra[field] = _numbers(leads[columns[field]])
    return with_columns(leads.drop(columns=[c for c in extra if c in leads]), extra)


def unread_values(card: Scorecard, leads: pd.DataFrame, layout: Layout) -> list[tuple[str, int, tuple[str, ...]]]:
    """Columns with values that the card's words do not cover: header, cells, and the commonest of these values."""
    columns, out = card_columns(card, layout), []
    for field, entry in card.fields.items():
        if entry["kind"] != "words" or field not in columns:
            continue
        values = leads[columns[field]]
        strange = values[values.notna() & _by_words(values, entry).isna()].map(str).value_counts()
        if len(strange):
            out.append((layout.header(columns[field]), int(strange.sum()), tuple(map(str, strange.index[:UNREAD]))))
    return out


def _as_it_stands(values: pd.Series[Any], wanted: Mapping[str, str]) -> pd.Series[Any]:
    """A column named by its header: numbers where nearly all of it is numbers (20人, 3 年), else its texts."""
    if values.dtype.kind in "fiu":
        return values
    numbers = _numbers(values)
    known = int(values.notna().sum())
    plain = values.map(str, na_action="ignore").astype(object).str.fullmatch(r"\s*\d+(?:\.\d+)?\s*\D{0,3}", na=False)
    return numbers if known and int(plain.sum()) >= 0.9 * known and not wanted else _as_wanted(values, wanted)


def _as_wanted(values: pd.Series[Any], wanted: Mapping[str, str]) -> pd.Series[Any]:
    """Texts, those that a condition asks for as it writes them: case, spaces and width apart, several in a cell or one.

    >>> _as_wanted(pd.Series(["Chain ", "CHAIN、加盟", "个体", None]), {"chain": "chain", "加盟": "加盟"}).tolist()
    ['chain', 'chain; 加盟', '个体', None]
    """

    def read(value: Any) -> str:
        text = str(value)
        if normalise(text) in wanted:
            return wanted[normalise(text)]
        parts = [part.strip() for part in SEVERAL.split(text) if part.strip()]
        known = [wanted.get(normalise(part), part) for part in parts]
        return "; ".join(known) if any(normalise(part) in wanted for part in parts) else text

    texts = values.map({value: read(value) for value in values.dropna().unique()}).astype(object)
    return texts.where(values.notna(), None)


def _numbers(values: pd.Series[Any]) -> pd.Series[Any]:
    """Numbers as they stand, or the first one of a text: 20人, 3 年."""
    if values.dtype.kind in "fiu":
        return values.astype(float)
    first = values.map(str, na_action="ignore").astype(object).str.extract(r"(\d+(?:\.\d+)?)", expand=False)
    return pd.to_numeric(first, errors="coerce").astype(float)


def _by_words(values: pd.Series[Any], entry: Mapping[str, Any]) -> pd.Series[Any]:
    phrases = Phrases(entry["words"])
    several = entry.get("several", False)

    def read(text: str) -> str | None:
        whole = phrases.whole(text)
        if whole is not None:
            return whole
        hits = phrases.find(text)
        if several:
            return "; ".join(dict.fromkeys(hit.category for hit in hits)) or None
        return max(hits, key=lambda hit: len(hit.phrase)).category if hits else None

    texts = values.map(lambda value: str(value) if isinstance(value, str | bool) else None)
    return texts.map({text: read(text) for text in texts.dropna().unique()}).astype(object).where(texts.notna(), None)


def _plain(header: str) -> str:
    """A header without its units in brackets."""
    return re.sub(r"[(\[【].*?[)\]】]", "", normalise(header)).strip(" :*")
