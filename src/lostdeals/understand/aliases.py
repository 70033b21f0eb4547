"""What a header's own words say: exact aliases first, then near ones."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from rapidfuzz import fuzz, process

from lostdeals.model import How
from lostdeals.vocab import Phrases, Vocabulary, normalise

NEAR = 83
"""Least similarity of a near match, 0-100: one wrong character in six. Below it, 客户性质 would be 客户性别."""
COVERAGE = 0.3
"""Least share of a header that the alias at its end makes up."""


@dataclass(frozen=True)
class Reading:
    """One role that a header may mean."""

    role: str
    how: How
    confidence: float
    """0-1, before the values are looked at."""
    shared: bool = False
    """Other roles claim the same words, so the values have to speak for this one."""
    exact: bool = False
    """The header is an alias; otherwise it only resembles one."""


class Aliases:
    """The headers that ``vocab/columns.toml`` knows.

    >>> from lostdeals.vocab import load
    >>> aliases = Aliases(load())
    >>> [reading.role for reading in aliases.read("* 手机号码（必填）")], [reading.role for reading in aliases.read("DealStage")]
    (['phone'], ['stage'])
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        columns = vocabulary.section("columns")
        rules = vocabulary.section("structure")
        header = rules["header"]
        self._simplified = str.maketrans(rules["traditional"]["from"], rules["traditional"]["to"])
        self._marks = re.compile("|".join(re.escape(mark) for mark in sorted(header["marks"], key=len, reverse=True)))
        self._prefixes = tuple(header["prefixes"])
        self._suffixes = tuple(header["suffixes"])
        latin = [filler for filler in header["fillers"] if filler.isascii()]
        chinese = sorted({*header["fillers"]} - {*latin}, key=len, reverse=True)
        self._fillers = re.compile(rf"\b(?:{'|'.join(latin)})\b|{'|'.join(chinese)}")
        self._guards = Phrases(rules["guards"])
        self._starts = [(self.words(start), role) for role, entry in columns.items() for start in entry.get("starts", [])]
        self._index: dict[str, dict[str, int]] = {}
        """Squashed alias -> role -> how weak it is; 0 for a strong one."""
        self._exact: set[str] = set()
        self._near: list[str] = []
        for role, entry in columns.items():
            for weakness, alias in enumerate(["", *entry.get("weak", [])]):
                for spelling in [alias] if weakness else entry.get("aliases", []):
                    plain = self._plain(spelling)
                    self._exact.add(plain)
                    self._index.setdefault(squash(plain), {}).setdefault(role, weakness)
                    if not weakness:
                        self._near.append(re.sub(r"[\W_]+", " ", plain).strip())
        self._near_sorted = [_sorted(alias) for alias in self._near]
        self._levels = {role: entry["levels"] for role, entry in columns.items() if "levels" in entry}
        self.kinds: dict[str, str] = {role: entry.get("kind", "") for role, entry in columns.items()}

    def read(self, header: str) -> list[Reading]:
        """The roles that a header's words mean, from the exact header down to the header without its fillers."""
        plain = self._plain(header)
        found = self._lookup(squash(plain), 0.99 if plain in self._exact else 0.97)
        words = self.words(header)
        found = found or self._lookup(squash(words), 0.97)
        if not found:
            found = [Reading(role, "alias", 0.93, exact=True) for start, role in self._starts if words.startswith(start)]
        found = found or self._lookup(squash(self._fillers.sub(" ", words)), 0.92)
        for part in [] if found else re.split(r"[/|、&·]", plain)[::-1]:
            found = self._lookup(squash(self.words(part)), 0.9) or found
        return found

    def near(self, headers: list[str]) -> list[list[Reading]]:
        """For each header the role of the alias it ends with, else of the most similar alias; often none."""
        words = [re.sub(r"[\W_]+", " ", self.words(header)).strip() for header in headers]
        out = [self._ending(text) for text in words]
        rest = [number for number, found in enumerate(out) if not found and len(squash(words[number])) > 2]
        if not rest:
            return out
        texts = [words[number] for number in rest]
        scores = np.maximum(
            process.cdist(texts, self._near, scorer=fuzz.ratio, score_cutoff=NEAR, dtype=np.uint8),
            process.cdist([*map(_sorted, texts)], self._near_sorted, scorer=fuzz.ratio, score_cutoff=NEAR, dtype=np.uint8),
        )
        for number, row in zip(rest, scores, strict=True):
            for best in np.argsort(row, kind="stable")[::-1][:5]:
                if row[best] < NEAR or not self._same_guards(words[number], self._near[best]):
                    continue
                confidence = 0.6 + 0.3 * (int(row[best]) - NEAR) / (100 - NEAR)
                out[number] = self._as_near(squash(self._near[best]), confidence)
                break
        return out

    def level(self, role: str, header: str) -> int:
        """Which comes first where several columns hold a role: 手机 before 电话, the province before the city."""
        plain = self._plain(header)
        levels: list[list[str]] = self._levels.get(role, [])
        ends = [(plain.rfind(word) + len(word), len(word), -number) for number, words in enumerate(levels) for word in words if word in plain]
        return -max(ends)[2] if ends else len(levels)

    def words(self, header: str) -> str:
        """A header as plain words: no brackets, marks or prefixes, camelCase taken apart.

        >>> from lostdeals.vocab import load
        >>> Aliases(load()).words("property_dealName"), Aliases(load()).words("Deal - Lost reason"), Aliases(load()).words("預算（萬元）")
        ('deal name', 'lost reason', '预算')
        """
        text = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", header)
        plain = self._plain(text)
        bare = re.sub(r"[(\[{【〔<][^)\]}】〕>]*[)\]}】〕>]?", " ", plain)
        plain = self._marks.sub(" ", bare if bare.strip(" *:：") else plain)
        plain = re.sub(r"_+", " ", plain)
        plain = re.sub(r"(?<=\w)[ -]*\d+\b", "", plain)
        plain = " ".join(plain.strip(" *:：#-–—.?？").split())
        for prefix in self._prefixes:
            if plain.startswith(prefix) and len(plain) > len(prefix) + 1:
                plain = plain.removeprefix(prefix)
        for suffix in self._suffixes:
            if plain.endswith(suffix) and len(plain) > len(suffix) + 1:
                plain = plain.removesuffix(suffix)
        return plain

    def _plain(self, text: str) -> str:
        return normalise(text).translate(self._simplified)

    def _lookup(self, key: str, confidence: float) -> list[Reading]:
        roles = self._index.get(key, {})
        return [
            Reading(
                role,
                "alias",
                round(confidence - (0.15 + min(0.01 * weakness, 0.2) if weakness else 0), 2),
                shared=len(roles) > 1 or weakness > 0,
                exact=True,
            )
            for role, weakness in roles.items()
        ]

    def _ending(self, words: str) -> list[Reading]:
        """The longest alias at the end of a header: heads stand last in Chinese and in English."""
        total = len(squash(words))
        for cut in range(1, len(words)):
            if words[cut - 1] != " " and not (_is_chinese(words[cut]) or _is_chinese(words[cut - 1])):
                continue
            key = squash(words[cut:])
            if len(key) < 2 or len(key) < COVERAGE * total:
                return []
            if 0 in self._index.get(key, {}).values() and self._same_guards(words, words[cut:]):
                return self._as_near(key, 0.6 + 0.25 * len(key) / total)
        return []

    def _as_near(self, key: str, confidence: float) -> list[Reading]:
        roles = [role for role, weakness in self._index[key].items() if not weakness and role != "ignore"]
        return [Reading(role, "fuzzy", round(confidence, 2), shared=len(roles) > 1) for role in roles]

    def _same_guards(self, header: str, alias: str) -> bool:
        groups = [{hit.category for hit in self._guards.find(text)} for text in (header, alias)]
        return groups[0] == groups[1]


@lru_cache(maxsize=4)
def aliases(vocabulary: Vocabulary) -> Aliases:
    """The aliases of a vocabulary, made once."""
    return Aliases(vocabulary)


def squash(text: str) -> str:
    """Letters and digits only, so that “Deal Stage”, deal_stage and dealstage are one."""
    return re.sub(r"[^\w#]+|_", "", text)


def _sorted(text: str) -> str:
    return " ".join(sorted(text.split()))


def _is_chinese(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff"
