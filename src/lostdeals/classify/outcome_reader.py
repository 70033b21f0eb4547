"""Say what one value means for the outcome: won, lost, open or invalid."""

from __future__ import annotations

import re
from collections.abc import Mapping, Set

from lostdeals.classify.stage import StageReader
from lostdeals.model import Outcome
from lostdeals.vocab import Phrases, Vocabulary, normalise
from lostdeals.vocab.outcome_words import OUTCOMES, opposites, outcome_words
from lostdeals.vocab.wordings import closed_up, spellings

_BRACKETS = re.compile(r"[(\[（【][^)\]）】]*[)\]）】]?")
_LEGEND = re.compile(r"([^\s=＝:：,，;；/()（）]+)\s*[=＝:：]\s*([^\s=＝:：,，;；/()（）]+)")


class OutcomeReader:
    """What a value says about the outcome, by the vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        section = vocabulary.section("outcomes")
        self._said = outcome_words(vocabulary)
        self._yes = {normalise(word) for word in section["yes"]["words"]}
        self._no = {normalise(word) for word in section["no"]["words"]}
        self._not_yet = self._no | {normalise(word) for word in section["no"]["also"]}
        self._headers = Phrases({key: section["polarity"][key] for key in ("lost", "won")})
        self._stages = StageReader(vocabulary)
        self._opposites = opposites(vocabulary)

    def has_yes_no(self, distinct: list[str]) -> bool:
        """Whether a column says yes or no, whatever else stands there now and then; 0 1 2 3 is a code, no yes or no."""
        bare = [text for text in distinct if _is_one_of(self._yes | self._no, text)]
        others = [text for text in distinct if text not in bare and self.one(text) is None]
        if others and all(text.isdecimal() for text in bare):
            return False
        return len(others) <= len(bare) > 0

    def says_no(self, text: str) -> bool:
        """Whether a value says no more than “not bought”, which may mean not yet: 否, 0, 未成交."""
        return _is_one_of(self._not_yet, text)

    def inverted(self, header: str) -> bool:
        """Whether “yes” under this header means lost: 是否流失, Churn Label; Won/Lost and what stands in brackets do not."""
        return self._speaks_of(header) == {"lost"}

    def of_won(self, header: str) -> bool:
        """Whether a header speaks of sales and of nothing else: Won date, 签约日期."""
        return self._speaks_of(header) == {"won"}

    def _speaks_of(self, header: str) -> set[str]:
        return {hit.category for hit in self._headers.find(re.sub(r"[_\-]", " ", _BRACKETS.sub(" ", header)))}

    def legend(self, header: str) -> dict[str, Outcome]:
        """What a header says of its codes: 是否成交（1=成交 0=未成交）.

        >>> from lostdeals.vocab import load
        >>> OutcomeReader(load()).legend("是否成交（1=成交 0=未成交）")
        {'1': 'won', '0': 'lost'}
        """
        found = {}
        for code, meaning in _LEGEND.findall(header):
            outcome = self.one(meaning.strip())
            if outcome is not None:
                found[normalise(code)] = outcome
        return found

    def read(self, distinct: list[str], header: str, given: Mapping[str, Outcome]) -> dict[str, Outcome]:
        """Each distinct value and its outcome; values that nothing covers are left out."""
        told = self.legend(header) | {normalise(value): outcome for value, outcome in given.items()}
        yes_no = self.has_yes_no([text for text in distinct if normalise(text) not in told])
        yes, no = ("lost", "won") if self.inverted(header) else ("won", "lost")
        out: dict[str, Outcome] = {}
        pair = self._opposites.read([text for text in distinct if normalise(text) not in told])
        if any(self.one(text) == "open" for text in pair):  # 已跟进 and 未跟进
            pair = {}
        for text in distinct:
            plain = normalise(text)
            if plain in told:
                out[text] = told[plain]
            elif yes_no and _is_one_of(self._yes, text):
                out[text] = _outcome(yes)
            elif yes_no and _is_one_of(self._no, text):
                out[text] = _outcome(no)
            elif (outcome := self.one(text)) is not None:
                out[text] = outcome
            elif text in pair:
                out[text] = _outcome(yes if pair[text] else no)
        return out

    def one(self, text: str) -> Outcome | None:
        """The outcome that one value means, None where no word says; the name of a stage is open.

        >>> from lostdeals.vocab import load
        >>> reader = OutcomeReader(load())
        >>> reader.one("报价未成"), reader.one("7-已回款"), reader.one("Closed Lost - Price"), reader.one("银牌")
        ('lost', 'won', 'lost', None)
        """
        text = closed_up(text)
        for spelling in spellings(text):
            whole = self._said.whole.whole(spelling)
            if whole is not None:
                return _outcome(whole)
        hits = self._said.within.find(text)
        if hits:
            best = max(hits, key=lambda hit: (hit.size, -OUTCOMES.index(_outcome(hit.category))))
            return _outcome(best.category)
        return "open" if self._stages.one(text) is not None else None


def _is_one_of(words: Set[str], text: str) -> bool:
    """Whether a value is such a word, as it stands or without what surrounds it: 否。, 1-是."""
    return any(normalise(spelling) in words for spelling in spellings(text))


def _outcome(category: str) -> Outcome:
    return next(outcome for outcome in OUTCOMES if outcome == category)
