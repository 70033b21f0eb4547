"""What a header's own words say: exact aliases first, then near ones."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from lostdeals.model import How
from lostdeals.understand.alike import Alike, is_chinese, squash
from lostdeals.understand.cell_text import in_lines
from lostdeals.understand.concepts import Concepts
from lostdeals.understand.contact_words import ContactWords
from lostdeals.understand.header_words import BOTH, BRACKETS, HANZI, JOINT, HeaderWords
from lostdeals.vocab import Phrases, Vocabulary

REMEMBERED = 20_000
"""Headers whose words are kept, because each is asked for several times."""


OPTIONS = re.compile(r"[(\[（【][^)\]）】/]{2,}/[^)\]）】]{2,}")
DOUBTFUL = 0.88
"""Confidence of a header whose brackets list what may be chosen: Position (buying/selling) is no job."""
OTHERS = ("staff", "other_people")
"""Guards of headers that speak of somebody else than the customer."""
PEOPLE, STAFFED = ("name", "referrer"), 0.8
"""Roles of persons who are our own where brackets say so, and the confidence of that."""
NUMBERED = frozenset(
    ("region", "source", "campaign", "owner", "team", "product", "stage", "industry", "competitor", "referrer", "level")
)
"""Roles of what may have a number of its own that is not the customer's."""


@dataclass(frozen=True)
class Reading:
    """One role that a header may mean."""

    role: str
    how: How
    confidence: float
    """0-1, before the values are looked at."""
    shared: bool = False
    """Other roles claim the same words, so the values have to speak for this one."""
    weak: bool = False
    """The words mean this role only where the values agree."""
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
        self._vocabulary = vocabulary
        columns = vocabulary.section("columns")
        rules = vocabulary.section("structure")
        header = rules["header"]
        self._text = HeaderWords(vocabulary)
        self.words, self.asked, self._plain = self._text.words, self._text.asked, self._text.plain
        self._untouchable = tuple(header["untouchable"])
        self._records = frozenset(header["records"])
        latin = [filler for filler in header["fillers"] if filler.isascii()]
        chinese = sorted({*header["fillers"]} - {*latin}, key=len, reverse=True)
        self._fillers = re.compile(rf"\b(?:{'|'.join(latin)})\b|{'|'.join(chinese)}")
        self._leading = re.compile(rf"\s*(?:(?:{'|'.join(latin)})\b|{'|'.join(chinese)})\s*")
        self._guards = Phrases(rules["guards"])
        particles = "|".join(map(re.escape, header["particles"]))
        self._particle = re.compile(rf"\s+(?:{particles})\W*$", re.IGNORECASE)
        codes = sorted(rules["guards"]["code"], key=len, reverse=True)
        self._codes = re.compile("|".join(rf"(?<![a-z]){code}(?![a-z])" if code.isascii() else code for code in codes))
        self._and = re.compile("|".join(map(re.escape, header["ands"])))
        self._or = re.compile("|".join(map(re.escape, header["ors"])), re.IGNORECASE)
        self._ours = frozenset(header["ours"])
        self.contacts = ContactWords(header, self._text)
        self._needs = {role: {f"@{concept}" for concept in told} for role, told in rules["needs"].items()}
        self._known_concepts: dict[str, frozenset[str]] = {}
        self._known_readings: dict[str, tuple[Reading, ...]] = {}
        self._starts = [
            (self.words(start), role) for role, entry in columns.items() for start in entry.get("starts", [])
        ]
        self._index: dict[str, dict[str, int]] = {}
        """Squashed alias -> role -> how weak it is; 0 for a strong one."""
        self._exact: set[str] = set()
        self._spellings: list[tuple[str, str]] = []
        self._spelled: set[str] = set()
        for role, entry in columns.items():
            for weakness, alias in enumerate(["", *entry.get("weak", [])]):
                for spelling in [alias] if weakness else entry.get("aliases", []):
                    self._spelled.add(spelling.casefold())
                    plain = self._plain(spelling)
                    self._exact.add(plain)
                    self._index.setdefault(squash(plain), {}).setdefault(role, weakness)
                    if not weakness:
                        self._spellings.append((role, spelling))
        for role, entry in vocabulary.section("initials").items():
            for initials in entry["initials"]:
                self._index.setdefault(initials, {}).setdefault(role, 1)
        self._levels = {role: entry["levels"] for role, entry in columns.items() if "levels" in entry}
        self._called = {
            role: {squash(self._plain(text)) for text in (role, *entry["label"].values())}
            for role, entry in columns.items()
        }
        self.kinds: dict[str, str] = {role: entry.get("kind", "") for role, entry in columns.items()}

    @cached_property
    def concepts(self) -> Concepts:
        """What the words of headers are about."""
        return Concepts(self._vocabulary)

    def spelled(self, values: Sequence[object]) -> NDArray[np.bool_]:
        """Which cells are an alias to the letter, but for capitals; told of a hundred thousand cells in no time."""
        folded = in_lines(values).casefold().split("\n")
        if len(folded) != len(values):  # a line break in a cell
            folded = [value.casefold() if type(value) is str else "" for value in values]
        return np.fromiter(map(self._spelled.__contains__, map(str.strip, folded)), dtype=bool, count=len(folded))

    def names(self, role: str, header: str) -> bool:
        """Whether a header is the role's own name or label and nothing more: Amount, 金额."""
        return squash(self._plain(header)) in self._called[role]

    def called(self, role: str, header: str) -> int:
        """How much a header is the role's own name: 2 where it is nothing more, 1 where it ends so, 商机阶段, else 0."""
        if self.names(role, header):
            return 2
        plain = squash(self.words(header))
        return int(any(plain.endswith(name) for name in self._called[role] if is_chinese(name)))

    def begins(self, header: str) -> bool:
        """Whether a header begins as that of a stage's date does: Date entered Negotiation."""
        words = self.words(header)
        return any(words.startswith(start) for start, _ in self._starts)

    def read(self, header: str) -> list[Reading]:
        """The roles that a header's words mean, from the exact header down to the header without its fillers."""
        known = self._known_readings.get(header)
        if known is None:
            known = tuple(self._read(header))
            if len(self._known_readings) < REMEMBERED:
                self._known_readings[header] = known
        return list(known)

    def _read(self, header: str) -> list[Reading]:
        plain = self._plain(header)
        if plain.startswith(self._untouchable):
            mark = next(mark for mark in self._untouchable if plain.startswith(mark))
            rest = plain.removeprefix(mark).strip()
            role = "id" if rest in self._records else "ignore"
            named = self._lookup(squash(rest), 0.9)
            return [one for one in named if one.role == "updated_at"] or [Reading(role, "alias", 0.9, exact=True)]
        found = self._lookup(squash(plain), 0.99 if plain in self._exact else 0.97)
        if not found and JOINT in header:
            group, _, own = header.rpartition(JOINT)
            return [] if self.about_others(group) else self.read(own)
        words = self.words(header)
        found = found or self._lookup(squash(words), DOUBTFUL if OPTIONS.search(plain) else 0.97)
        if not found:
            found = [
                Reading(role, "alias", 0.93, exact=True) for start, role in self._starts if words.startswith(start)
            ]
        rest = words
        while not found and (filler := self._leading.match(rest)):
            rest = rest[filler.end() :]
            found = self._stripped(rest, 0.92)
        found = found or self._stripped(self._fillers.sub(" ", words), 0.9)
        found = found or self._of_parts(plain) or self._in_both(words)
        if any(reading.role in PEOPLE for reading in found) and self._of_staff(plain):
            return [Reading("owner", "alias", STAFFED, exact=True)]
        return found

    def _of_staff(self, plain: str) -> bool:
        """Whether brackets behind a header say that our own people are meant: 推荐人(员工)."""
        return any(part.strip("()[]【】〔〕 ") in self._ours for part in BRACKETS.findall(plain))

    def _of_parts(self, plain: str) -> list[Reading]:
        """What a header of several names means, 电话/微信, 联系人及职务: the first that is known; remarks are the last to count."""
        parts = [self._lookup(squash(self.words(part)), 0.88) for part in re.split(r"[/|、&]", plain)]
        if len(parts) == 1:
            parts = [self._lookup(squash(self.words(part)), 0.88) for part in self._and.split(plain)]
            parts = parts if all(parts) else []
        known = [part for part in parts if part and part[0].role not in ("extra", "ignore")]
        return next((part for part in known if part[0].role != "notes"), known[0] if known else [])

    def _in_both(self, words: str) -> list[Reading]:
        """What a header in two languages means, 客户 Customer: the roles of both halves, else those of the half that is known."""
        if not BOTH.search(words):
            return []
        halves = [" ".join(HANZI.findall(words)), " ".join(HANZI.sub(" ", words).split())]
        found = [self._lookup(squash(half), 0.9) for half in halves]
        roles = [{reading.role for reading in half} for half in found]
        if not all(roles) or not roles[0] & roles[1]:
            return found[0] or found[1]
        shared = [reading for half in found for reading in half if reading.role in roles[0] & roles[1]]
        return list({reading.role: reading for reading in sorted(shared, key=lambda one: one.confidence)}.values())

    def near(self, header: str) -> list[Reading]:
        """The roles whose aliases are most like a header, the best first; often none."""
        group, _, own = header.rpartition(JOINT)
        if self.about_others(group):
            return []
        return [Reading(role, "fuzzy", confidence) for role, confidence in self._alike.roles(own).items()]

    @cached_property
    def _alike(self) -> Alike:
        yes_no = {role for role, kind in self.kinds.items() if kind in ("outcome", "flag")}
        return Alike(self._vocabulary, self.words, self._fillers, self._index, self._spellings, yes_no)

    def about_others(self, header: str, groups: Sequence[str] = OTHERS) -> bool:
        """Whether the header speaks of a salesperson, a referrer …: their phone is not the customer's."""
        return any(hit.category in groups for hit in self._guards.find(self.words(header)))

    def choices(self, header: str) -> list[str]:
        """The parts of a header that lists choices, folded: Self use / Invest."""
        parts = (part.strip(" ?？()（）").casefold() for part in self._or.split(header))
        return [part for part in parts if part]

    def without_particle(self, header: str) -> str:
        """A header without a small word at its end: Quoted at is a day or what was quoted; empty where there is none."""
        found = self._particle.search(header)
        return header[: found.start()] if found else ""

    def numbers_another(self, header: str) -> bool:
        """Whether a header asks for the number of something that is no customer and no deal: 城市ID, Product code."""
        words = self.words(header)
        codes = [hit for hit in self._guards.find(words) if hit.category == "code"]
        if not codes:
            return False
        rest = self._codes.sub("", words).strip()
        return any(not reading.weak and reading.role in NUMBERED for reading in self.read(rest)) if rest else False

    def lacks(self, role: str, header: str) -> bool:
        """Whether a header is about none of the things that a header nobody listed must be about to have a role."""
        needed = self._needs.get(role)
        return needed is not None and needed.isdisjoint(self._about(header))

    def ends_as(self, concept: str, header: str) -> bool:
        """Whether a header's last word is of a concept: Renewal ID is a number."""
        return f"@{concept}$" in self._about(header)

    def _about(self, header: str) -> frozenset[str]:
        """What the words of a header are about, kept for the next who asks."""
        known = self._known_concepts.get(header)
        if known is None:
            known = frozenset(self.concepts.features(self.asked(header.rpartition(JOINT)[2])))
            if len(self._known_concepts) < REMEMBERED:
                self._known_concepts[header] = known
        return known

    def asks_money(self, header: str) -> bool:
        """Whether a header has the sign of a currency: Renewal $, but not $/W, which is a rate."""
        return "/" not in header and any(unicodedata.category(sign) == "Sc" for sign in header)

    def level(self, role: str, header: str) -> int:
        """Which comes first where several columns hold a role: 手机 before 电话, the province before the city."""
        plain = self._plain(header)
        levels: list[list[str]] = self._levels.get(role, [])
        ends = [
            (plain.rfind(word) + len(word), len(word), -number)
            for number, words in enumerate(levels)
            for word in words
            if word in plain
        ]
        return -max(ends)[2] if ends else len(levels)

    def _stripped(self, words: str, confidence: float) -> list[Reading]:
        """A header without its fillers; what is left of Acct No is no number of a row."""
        found = self._lookup(squash(words), confidence, strong=True)
        return [reading for reading in found if reading.role != "ignore"]

    def _lookup(self, key: str, confidence: float, strong: bool = False) -> list[Reading]:
        roles = {role: weakness for role, weakness in self._index.get(key, {}).items() if not (strong and weakness)}
        return [
            Reading(
                role,
                "alias",
                round(confidence - (0.15 + min(0.01 * weakness, 0.2) if weakness else 0), 2),
                shared=len(roles) > 1,
                weak=weakness > 0,
                exact=True,
            )
            for role, weakness in roles.items()
        ]


@lru_cache(maxsize=4)
def aliases(vocabulary: Vocabulary) -> Aliases:
    """The aliases of a vocabulary, made once."""
    return Aliases(vocabulary)
