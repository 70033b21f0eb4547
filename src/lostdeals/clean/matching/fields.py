"""The columns that tell one customer from another, as numbers that stand for folded values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from lostdeals import distinct
from lostdeals.clean.cells import as_text
from lostdeals.clean.columns import keys_of_roles
from lostdeals.clean.emails import Emails
from lostdeals.clean.matching.forms import Forms
from lostdeals.clean.matching.levels import BANDS, SAME, Codes, Texts
from lostdeals.clean.phones import Phones
from lostdeals.distinct import combined, factorized, made_of
from lostdeals.schema import role_of
from lostdeals.vocab import Vocabulary, normalise
from lostdeals.vocab.phrases import normalised

Fold = Callable[[Sequence[str]], Sequence[str]]
"""Texts in the form in which they are compared."""

CONTACTS = ("phone", "email", "wechat", "website", "id")
"""Roles whose value belongs to one customer; each has one field, whatever the number of its columns."""
WHO = ("name", "company", "address", "deal")
"""Text roles that say who it is. Two rows that agree on none of these and no contact are never compared."""
SHARED_BY = 10
"""A phone, address or id of more rows than this is a switchboard, a shared mailbox or a default (a project default)."""
UNIQUE_SHARE = 0.5
"""An id column with fewer distinct values is a foreign key or a log, not an identity (a project default)."""
FEWEST_VALUES = 20
"""A column without a role is compared from so many distinct values on; fewer are categories, not people."""
LONGEST = 200
"""Characters of a text that are compared; beyond that it is a note, not a name."""


@dataclass(frozen=True)
class Field:
    """One thing that is compared."""

    key: str
    """The LEADS column, or the role where several columns make one field."""
    kind: str
    """``contact``, ``text``, ``date`` or ``choice``."""
    codes: Codes
    """A number per row for its (first) value, -1 where there is none."""
    texts: Texts
    """What the numbers stand for, folded; of dates the day as datetime64."""
    rows: Codes = field(default_factory=lambda: np.empty(0, np.int64))
    """Of a contact: one entry per row and value, for rows with several numbers."""
    values: Codes = field(default_factory=lambda: np.empty(0, np.int64))
    """The number of each entry's value."""
    together: bool = False
    """Numbered together with other columns, so that a value in the wrong column can be told."""

    @property
    def role(self) -> str:
        """The role of the column."""
        return role_of(self.key)

    @cached_property
    def sizes(self) -> Codes:
        """Rows per value, of a contact by all its columns."""
        values = self.values if self.kind == "contact" else self.codes[self.codes >= 0]
        return np.bincount(values, minlength=len(self.texts))

    @cached_property
    def bands(self) -> np.ndarray[Any, np.dtype[np.int8]]:
        """The level of two rows that agree on each value: SAME where 2 or 3 have it, one more for each doubling."""
        doublings = np.log2(np.maximum(self.sizes, 2)).astype(np.int64) - 1
        return (SAME + np.minimum(doublings, BANDS - 1)).astype(np.int8)


def contacts(leads: pd.DataFrame, phones: Phones, emails: Emails) -> pd.DataFrame:
    """Every contact of every row: role, column, key (the number or address), row (position), rows (how many share it).

    Placeholders and damaged numbers are no keys, nor are the values of an id column that repeats in most rows.
    """
    read: dict[str, Callable[[Sequence[Any]], list[Sequence[str]]]] = {
        "wechat": lambda cells: list(map(_handle, cells)),
        "website": lambda cells: list(map(_domain, cells)),
        "id": lambda cells: [(text,) for text in normalised([as_text(cell) or "" for cell in cells])],
    }

    def keys(cells: pd.Series[Any], role: str) -> pd.DataFrame:
        if role == "phone":
            codes, read_phones = made_of(cells, phones.each)
            return _keys(cells, codes, [phone.numbers for phone in read_phones], role)
        if role == "email":
            codes, read_emails = made_of(cells, emails.each)
            found = [[address for address in email.addresses if "*" not in address] for email in read_emails]
            return _keys(cells, codes, found, role)
        codes, values = factorized(cells)
        return _keys(cells, codes, read[role](values), role)

    parts = [keys(leads[key], role) for role in CONTACTS for key in keys_of_roles(leads, role)]
    parts = [part for part in parts if part["role"].ne("id").all() or part["key"].nunique() >= UNIQUE_SHARE * len(part)]
    if not parts:
        parts = [keys(pd.Series([], dtype=object), "id")]
    every = pd.concat(parts, ignore_index=True)
    same = combined([every["role"].to_numpy(), every["key"].to_numpy()], len(every))[0]
    once = ~pd.Series(same * (len(leads) + 1) + every["row"].to_numpy(dtype=np.int64)).duplicated().to_numpy()
    every, same = every[once], same[once]
    return every.assign(rows=np.bincount(same)[same].astype(np.int64) if len(same) else np.empty(0, np.int64))


def fields(leads: pd.DataFrame, known: pd.DataFrame, vocabulary: Vocabulary, emails: Emails) -> list[Field]:
    """The fields of a cleaned LEADS frame; `known` are its `contacts`."""
    forms = Forms(vocabulary)
    out = [_contact(role, part, len(leads)) for role, part in known.groupby("role", sort=False)]
    out = [one for one in out if one.role != "id" or len(one.values) > len(one.texts)]
    out = [_with_broken(one, leads, emails) if one.role == "email" else one for one in out]
    readers = {"name": forms.names, "company": forms.organisations, "address": forms.addresses, "deal": forms.plains}
    out += [_text(leads, key, readers[role]) for role in WHO for key in keys_of_roles(leads, role)]
    if keys := keys_of_roles(leads, "region"):
        out.append(_region(leads, keys, forms))
    out += [_choice(leads, key, forms) for key in keys_of_roles(leads, "gender")]
    out += [_date(leads, key) for key in keys_of_roles(leads, "birthday")]
    out += [_text(leads, key, forms.plains) for key in keys_of_roles(leads, "extra") if tells_people_apart(leads[key])]
    return _together([one for one in out if _varies(one)])


def _varies(one: Field) -> bool:
    """Whether the field can tell two rows apart: names and contacts always can, a column of one value cannot."""
    values = np.unique(one.codes[one.codes >= 0]).size
    return values > 1 or (values == 1 and (one.kind == "contact" or one.role in WHO))


def _together(fields: list[Field]) -> list[Field]:
    """Names and columns without a role get one numbering: first and last names change places at times."""
    mixed = [one for one in fields if one.kind == "text" and one.role in ("name", "extra")]
    if len(mixed) < 2:
        return fields
    codes, texts = pd.factorize(np.concatenate([one.texts for one in mixed]))
    ends = np.cumsum([len(one.texts) for one in mixed])
    new = {}
    for one, own in zip(mixed, np.split(codes.astype(np.int64), ends[:-1]), strict=True):
        again = np.where(one.codes >= 0, np.append(own, -1)[one.codes], -1)
        new[one.key] = replace(one, codes=again, texts=np.asarray(texts, dtype=object), together=True)
    return [new.get(one.key, one) for one in fields]


def tells_people_apart(cells: pd.Series[Any]) -> bool:
    """Whether a column without a role is worth comparing: texts or codes of many values, none of them a mere numbering.

    >>> tells_people_apart(pd.Series([f"flat {n % 40}" for n in range(90)], dtype=object))
    True
    >>> tells_people_apart(pd.Series([str(n // 3) for n in range(90)], dtype=object))
    False
    """
    if cells.dtype != object or _are_fractions(cells):
        return False
    counts = cells.dropna().astype(str).value_counts()
    values, filled = len(counts), int(counts.sum())
    if values < max(3, min(FEWEST_VALUES, filled / 2)) or counts.index.str.len().to_numpy().mean() > LONGEST / 2:
        return False
    if counts.iloc[0] < 2 and not counts.index.str.contains(r"\s|[\u3400-\u9fff]", regex=True).all():
        return False
    if not counts.index.str.fullmatch(r"-?\d+(?:\.\d+)?").all():
        return True
    return _are_codes(counts) and not _is_numbering(counts)


def _are_fractions(cells: pd.Series[Any]) -> bool:
    """Nothing but numbers that are written with their decimals, some of them with any: amounts, not codes."""
    if pd.api.types.infer_dtype(cells, skipna=True) not in ("floating", "mixed-integer-float"):
        return False
    numbers = cells.dropna().to_numpy(dtype=float)
    size = np.abs(numbers)
    written = (numbers == 0) | ((size >= 1e-4) & (size < 1e15))
    return bool(written.all() and (numbers % 1 != 0).any())


def _are_codes(counts: pd.Series[Any]) -> bool:
    """Whole numbers of one length, such as postcodes; amounts and days have all lengths."""
    size = counts.index.str.len()
    usual = int(size.to_series().mode().iloc[0])
    return usual >= SHORTEST_CODE and bool(counts.index.str.isdigit().all() and (size == usual).mean() >= ONE_LENGTH)


def _is_numbering(counts: pd.Series[Any]) -> bool:
    """Whole numbers without gaps, each in a few rows: rows, groups or batches that somebody counted through."""
    numbers = counts.index.str.slice(0, 15).astype("int64").to_numpy()
    dense = numbers.max() - numbers.min() < 1.5 * len(numbers)
    even = counts.iloc[0] <= max(SHARED_BY, 4 * counts.mean())
    return bool(dense and even)


def _contact(role: Any, part: pd.DataFrame, n: int) -> Field:
    values, texts = pd.factorize(part["key"])
    rows = part["row"].to_numpy(dtype=np.int64)
    codes = np.full(n, -1, dtype=np.int64)
    codes[rows[::-1]] = values[::-1]
    return Field(str(role), "contact", codes, np.asarray(texts, dtype=object), rows, values.astype(np.int64))


def _with_broken(email: Field, leads: pd.DataFrame, emails: Emails) -> Field:
    """An address that lost its @ is no key, and still much like the whole one."""

    def broken(texts: Sequence[str]) -> list[str]:
        return [
            normalise(text) if emails.read(text).issue == "invalid-email" and "*" not in text else "" for text in texts
        ]

    column = leads[keys_of_roles(leads, "email")[0]]
    codes, texts = _folded(column.where(email.codes < 0, None), broken)
    codes = np.where(codes >= 0, codes + len(email.texts), email.codes)
    return replace(email, codes=codes, texts=np.concatenate([email.texts, texts]))


def _text(leads: pd.DataFrame, key: str, fold: Fold) -> Field:
    codes, texts = _folded(leads[key], fold)
    return Field(key, "text", codes, texts)


def _choice(leads: pd.DataFrame, key: str, forms: Forms) -> Field:
    codes, texts = _folded(leads[key], forms.plains)
    return Field(key, "choice", codes, texts)


def _region(leads: pd.DataFrame, keys: list[str], forms: Forms) -> Field:
    """All columns of a place as one text: province and city are one thing said twice."""
    if len(keys) == 1:
        return _text(leads, keys[0], forms.addresses)
    numbers = [factorized(leads[key]) for key in keys]
    places = [[*forms.addresses(values), ""] for _, values in numbers]
    rows, first = combined([codes for codes, _ in numbers], len(leads))
    joined = np.empty(len(first), dtype=object)
    for number, row in enumerate(first.tolist()):
        parts = (texts[codes[row]] for texts, (codes, _) in zip(places, numbers, strict=True))
        joined[number] = " ".join(filter(None, parts)) or None
    codes, texts = _folded(pd.Series(joined[rows], dtype=object), list)
    return Field("region", "text", codes, texts)


def _date(leads: pd.DataFrame, key: str) -> Field:
    codes, days = pd.factorize(leads[key].to_numpy(dtype="datetime64[D]"))
    return Field(key, "date", codes.astype(np.int64), np.asarray(days, dtype="datetime64[D]"))


def _folded(cells: pd.Series[Any], fold: Fold) -> tuple[Codes, Texts]:
    """A number per row and the folded texts; a text that folds to nothing is no value."""
    codes, values = factorized(cells)
    folded = np.array([*fold([(as_text(value) or "")[:LONGEST] for value in values]), ""], dtype=object)
    again, texts = pd.factorize(folded)
    empty = again[-1]
    result = again[codes].astype(np.int64)
    result[result == empty] = -1
    result[result > empty] -= 1
    return result, np.delete(np.asarray(texts, dtype=object), empty)


def _handle(cell: Any) -> Sequence[str]:
    text = normalise(as_text(cell) or "")
    return (text,) if len(text) > SHORTEST_HANDLE and "*" not in text else ()


def _domain(cell: Any) -> Sequence[str]:
    text = normalise(as_text(cell) or "").partition("//")[2] or normalise(as_text(cell) or "")
    text = text.removeprefix("www.").split("?")[0].rstrip("/")
    return (text,) if "." in text else ()


SHORTEST_HANDLE, SHORTEST_CODE, ONE_LENGTH = 3, 4, 0.8


def _keys(cells: pd.Series[Any], codes: distinct.Codes, numbers: Sequence[Sequence[str]], role: str) -> pd.DataFrame:
    """One line per row and number of a column; numbers: what each distinct cell has of them."""
    rows = np.flatnonzero(codes >= 0)
    counts = np.array([len(found) for found in numbers], dtype=np.intp)[codes[rows]]
    keys = [key for code in codes[rows].tolist() for key in numbers[code]]
    return pd.DataFrame(
        {"role": role, "column": cells.name, "key": pd.Series(keys, dtype=object), "row": np.repeat(rows, counts)}
    )
