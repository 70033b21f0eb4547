"""Names of firms and people: the legal form folded away for matching, and who is which."""

from __future__ import annotations

import re

from lostdeals.vocab.loading import Vocabulary
from lostdeals.vocab.phrases import normalise
from lostdeals.vocab.wordlists import any_of


class Names:
    """Reads names by ``vocab/names.toml``.

    >>> from lostdeals.vocab import load
    >>> names = Names(load())
    >>> [names.core(text) for text in ("上海某某科技（集团）股份有限公司", "Müller & Söhne GmbH & Co. KG", "Acme Co., Ltd.", "S.A.")]
    ['上海某某科技', 'müllersöhne', 'acme', 'sa']
    >>> [names.party(text) for text in ("王小明", "李总", "某某科技", "Acme Ltd", "Mr. Smith", "Acme")]
    ['consumer', 'consumer', 'business', 'business', 'consumer', None]
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        words = vocabulary.section("names")
        forms = words["legal_forms"]["words"]
        self._form = re.compile(rf"[\W_]*(?<![a-z0-9])(?:{any_of(forms)})[\W_]*\Z")
        self._legal = re.compile(rf"(?:{any_of(form for form in forms if len(form) > 2 or not form.isascii())})")
        self._firm = re.compile(any_of(words["firms"]["words"]))
        people = words["people"]
        self._titled = re.compile(rf"(?:{any_of(people['before'])})\s*\S.*|\S.*(?:{any_of(people['behind'])})")
        two, one = any_of(words["surnames"]["two"]), words["surnames"]["one"]
        self._chinese = re.compile(rf"(?:{two})[{HAN}]{{1,2}}|[{one}][{HAN}]{{1,2}}")

    def core(self, text: str) -> str:
        """A firm's name without its legal form, spaces and marks, folded: what two spellings of it share."""
        name = normalise(text)
        while (shorter := self._form.sub("", name)) != name and shorter.strip():
            name = shorter
        return BETWEEN.sub("", name) or BETWEEN.sub("", normalise(text))

    def party(self, text: str) -> str | None:
        """``business`` or ``consumer``, the keys of the dimension party; None where the name does not tell.

        Never a person's gender: that is read from its own column only.
        """
        name = normalise(text)
        if self._legal.search(name) or self._firm.search(name):
            return "business"
        if self._chinese.fullmatch(name) or self._titled.fullmatch(name):
            return "consumer"
        return None


HAN = "\u4e00-\u9fff"
BETWEEN = re.compile(r"[\W_]+")
