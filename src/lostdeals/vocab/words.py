"""Say things in the user's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from lostdeals.errors import LostDealsError, Named
from lostdeals.model import Finding
from lostdeals.vocab.gazetteer import PARTS, gazetteer
from lostdeals.vocab.loading import Vocabulary

UNKNOWN = "unknown"


class Words:
    """The sentences and labels of one language.

    >>> from lostdeals.vocab import load
    >>> Words(load(), "zh").label("loss_reason", "price")
    '价格过高'
    """

    def __init__(self, vocabulary: Vocabulary, lang: str) -> None:
        self.lang = lang
        self.vocabulary = vocabulary
        self._messages = vocabulary.section("messages")
        self._labels: dict[tuple[str, str], str] = {}

    def say(self, key: str, /, **values: object) -> str:
        """The sentence ``key`` of ``messages.toml`` with its values filled in; numbers may use format codes.

        Of one thing (``n``) it is in the singular, where the language has one (``en_one``).
        Raises KeyError for a key that does not exist: a missing sentence is a bug, not something to hide.
        """
        node: Any = self._messages
        for part in key.split("."):
            node = node[part]
        return self._counted(node, values.get("n")).format(**self._listed(values))

    def pick(self, texts: Mapping[str, str] | str) -> str:
        """The text of this language in a ``{zh = …, en = …}`` table, English where this language has none; or a plain text."""
        if isinstance(texts, str):
            return texts
        return texts.get(self.lang) or texts.get("en") or next(iter(texts.values()))

    def label(self, dimension: str, key: object) -> str:
        """The label of a category; the key itself where it has none; several joined with ``; `` one by one.

        >>> from lostdeals.vocab import load
        >>> Words(load(), "en").label("loss_reason", "price; timing")
        'Price too high; Not now'
        >>> Words(load(), "en").label("province", "陕西"), Words(load(), "zh").label("country", "DE")
        ('Shaanxi', '德国')
        """
        if not isinstance(key, str) or not key:
            return ""
        if (dimension, key) not in self._labels:
            parts = [self._one_label(dimension, part) for part in key.split("; ")]
            self._labels[dimension, key] = "; ".join(parts)
        return self._labels[dimension, key]

    def _one_label(self, dimension: str, key: str) -> str:
        if key == UNKNOWN:
            return self.say("word.unknown")
        if dimension in PARTS or dimension == "region":
            part = "province" if dimension == "region" else dimension
            return gazetteer(self.vocabulary).labels.get((part, key), {}).get(self.lang, key)
        section = {"loss_reason": "reasons", "stage": "stages", "outcome": "outcomes"}.get(dimension)
        if section:
            entry = self.vocabulary.section(section).get(key)
        else:
            entry = self.vocabulary.section("dimensions").get(dimension, {}).get("categories", {}).get(key)
        return self.pick(entry["label"]) if isinstance(entry, dict) and "label" in entry else key

    def finding(self, finding: Finding) -> str:
        """A finding as a sentence; of one thing in the singular, where the language has one (``en_one``)."""
        texts = self._counted(self._messages["finding"][finding.code], finding.count)
        return texts.format(count=finding.count, first=finding.first, **self._listed(finding.values))

    def _counted(self, texts: Mapping[str, str], count: object) -> str:
        one = texts.get(f"{self.lang}_one") if count == 1 else None
        return one or self.pick(texts)

    def error(self, error: LostDealsError) -> dict[str, str]:
        """``what``, ``why`` and ``try`` of an error."""
        texts = self._messages["error"][error.code]
        values = {"where": error.where, **self._listed(error.values)}
        return {part: self.pick(texts[part]).format(**values) for part in ("what", "why", "try")}

    def _listed(self, values: Mapping[str, object]) -> dict[str, object]:
        """The values of a sentence, several ones parted by the comma of this language: 说明、选项."""
        return {
            key: self.listed(map(self._named, value)) if isinstance(value, tuple | list) else self._named(value)
            for key, value in values.items()
        }

    def _named(self, value: Any) -> Any:
        """A key of the vocabulary with what it is called in this language, if that is another word; any other value as it is."""
        if not isinstance(value, Named):
            return value
        label = self.pick(value.label)
        same = label.casefold() == value.key.replace("_", " ").casefold()
        return value.key if same else self.say("word.named", key=value.key, label=label)

    def listed(self, texts: Iterable[object]) -> str:
        """Some texts parted by the comma of this language.

        >>> from lostdeals.vocab import load
        >>> Words(load(), "zh").listed(["说明", "选项"]), Words(load(), "en").listed(["Notes", "Choices"])
        ('说明、选项', 'Notes, Choices')
        """
        return self.pick(self._messages["terminal"]["comma"]).join(map(str, texts))
