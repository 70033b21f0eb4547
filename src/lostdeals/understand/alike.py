"""Known headers that another header is much like."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence

from rapidfuzz import fuzz

from lostdeals.understand.near import Near
from lostdeals.vocab import Phrases, Vocabulary

LEAST = 0.6
"""Least likeness of a near match."""
SURE = 0.75
"""The same for yes / no columns, where every 是否… looks like 是否成交, and for headers of one Latin word."""
VAGUE = 6
"""Characters of an alias that is too short to stand for two roles in a longer header: 状态, status."""
SAME_WORD = 80
"""Likeness (0-100) of two Latin words that are one but for a typo or an ending."""
CHOICES = 3
"""So many roles a near header may have; the values decide."""
ENDED = 0.8
"""Confidence where a header is a known one but for a light word at its end."""


class Alike:
    """The known headers as what they are about, without fillers and with one word for its synonyms.

    words: a header as plain words; fillers: the words that say nothing; index: squashed alias -> role -> how weak it is;
    spellings: role and alias; yes_no: roles of a yes and no.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        words: Callable[[str], str],
        fillers: re.Pattern[str],
        index: Mapping[str, Mapping[str, int]],
        spellings: Sequence[tuple[str, str]],
        yes_no: Collection[str],
    ) -> None:
        rules = vocabulary.section("structure")
        self._words, self._fillers, self._index, self._yes_no = words, fillers, index, yes_no
        self._same: dict[str, str] = rules["header"]["synonyms"]
        self._synonyms = re.compile(
            "|".join(rf"\b{word}\b" if word.isascii() else word for word in sorted(self._same, key=len, reverse=True))
        )
        light = "|".join(sorted(rules["header"]["light"], key=len, reverse=True))
        self._light = re.compile(rf"(?<=\w)(?:(?:\s|(?<=[\u3400-\u9fff]))(?:{light}))+$")
        self._guards = Phrases(rules["guards"])
        cores = ((role, self._core(alias)) for role, alias in spellings if role != "ignore")
        self._near = Near((role, core) for role, core in cores if not self._is_vague(core, role))

    def roles(self, header: str) -> dict[str, float]:
        """The roles of the known headers that this one is most like, each with its confidence; the best first."""
        words = self._core(header)
        out = dict.fromkeys(self._strong(self._light.sub("", words)), ENDED)
        for role, likeness, alias in self._near.roles(words):
            if likeness < LEAST or len(out) == CHOICES:
                break
            if likeness < SURE and role in self._yes_no:
                continue
            if words.isascii() and " " not in words and (likeness < SURE or " " in alias):
                continue
            if role not in out and self._same_guards(words, alias) and self._same_heads(words, alias):
                out[role] = round(0.45 + 0.4 * min(likeness, 1.0), 2)
        return out

    def _strong(self, words: str) -> list[str]:
        return [
            role for role, weakness in self._index.get(squash(words), {}).items() if not weakness and role != "ignore"
        ]

    def _is_vague(self, core: str, role: str) -> bool:
        """A word such as 状态 or name, which means something only when it is the whole header."""
        roles = self._index.get(squash(core), {})
        return bool(roles.get(role)) or (len(roles) > 1 and len(core) <= VAGUE)

    def _core(self, header: str) -> str:
        """A header's words without the fillers, where at least two words or characters are left."""
        plain = re.sub(r"[\W_]+", " ", self._words(header))
        words = self._synonyms.sub(lambda found: self._same[found[0]], " ".join(plain.split()))
        core = " ".join(self._fillers.sub(" ", words).split())
        return core if len(core.split()) > 1 or (len(core) > 1 and is_chinese(core)) else words

    def _same_heads(self, header: str, alias: str) -> bool:
        """What the header is about, its last word but for light ones, stands in the alias, and the other way round."""
        for asked, other in ((header, alias), (alias, header)):
            heads = {text.split()[-1] for text in (asked, self._light.sub("", asked)) if text}
            if not any(_holds(other, head) for head in heads):
                return False
        return True

    def _same_guards(self, header: str, alias: str) -> bool:
        groups = [{hit.category for hit in self._guards.find(text)} for text in (header, alias)]
        return groups[0] == groups[1]


def _holds(text: str, head: str) -> bool:
    if is_chinese(head):
        return head[-1] in text
    return any(fuzz.ratio(head, word) >= SAME_WORD for word in text.split())


def is_chinese(text: str) -> bool:
    """Whether there is a Chinese character in a text."""
    return any(character > "\u3400" for character in text)


def squash(text: str) -> str:
    """Letters and digits only, so that “Deal Stage”, deal_stage and dealstage are one."""
    return re.sub(r"[^\w#]+|_", "", text)
