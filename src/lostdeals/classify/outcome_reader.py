"""Say what one value means for the outcome: won, lost, open or invalid."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from functools import lru_cache

from lostdeals.classify.stage import stage_reader
from lostdeals.model import Outcome
from lostdeals.vocab import Phrases, Vocabulary, normalise
from lostdeals.vocab.acts import acts_of, halves
from lostdeals.vocab.outcome_words import OUTCOMES, opposites, outcome_words
from lostdeals.vocab.phrases import REMEMBERED
from lostdeals.vocab.wordings import closed_up, spellings

_BRACKETS = re.compile(r"[(\[（【][^)\]）】]*[)\]）】]?")
_LEGEND = re.compile(r"([^\s=＝:：,，;；/()（）]+)\s*[=＝:：]\s*([^\s=＝:：,，;；/()（）]+)")

_NO_SALE: tuple[Outcome, ...] = ("lost", "invalid")
STEPS = ("initial", "interest", "in_depth")
"""Stages after which a sale may stand in the same value: it came of them."""
_OPEN: Outcome = "open"
TENDERS = 2
"""Values that speak of tenders, from which a column is about them."""
DOUBT = ("?", "？")
"""A value that ends so asks, and tells nothing: 成交？"""


class OutcomeReader:
    """What a value says about the outcome, by the vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        section = vocabulary.section("outcomes")
        self._said = outcome_words(vocabulary)
        self._yes = {normalise(word) for word in section["yes"]["words"]}
        self._no = {normalise(word) for word in section["no"]["words"]}
        self._not_yet = self._no | {normalise(word) for word in section["no"]["also"]}
        self._headers = Phrases({key: section["polarity"][key] for key in ("lost", "won")})
        self._stages = stage_reader(vocabulary)
        self._opposites = opposites(vocabulary)
        self._acts = acts_of(vocabulary)
        self._whole = lru_cache(REMEMBERED)(self._looked_up)  # the parts of values come again and again
        beside = section["beside"]
        self._beyond_doubt = {normalise(word) for word in beside["first"]}
        self._done = re.compile(
            rf"([\u3400-\u9fff]{{1,2}})({beside['done']})([\u3400-\u9fff]{{2,}})(?<!{beside['done']})"
        )
        self._neutral = {normalise(word) for word in beside["neutral"]}
        self._closed = {normalise(word) for word in beside["closed"]}
        self._others = Phrases({"lost": beside["elsewhere"]})
        self._regained = Phrases({"won": beside["regained"]})
        self._chosen = Phrases({"lost": beside["chosen"], "": beside["weighing"]})
        self._small = Phrases({"open": beside["small"], "": beside["after_small"]})
        tender = section["tender"]
        self._tender, self._on_tender = (
            Phrases({"tender": tender["signs"]}),
            {normalise(word) for word in tender["open"]},
        )
        self._doubtful = Phrases({"doubt": beside["doubt"], "hearsay": beside["hearsay"]})

    def has_yes_no(self, distinct: list[str]) -> bool:
        """Whether a column says yes or no, whatever else stands there now and then; 0 1 2 3 is a code, no yes or no.

        Beside a yes and a no in words any number of remarks may stand; a sign or one of the two alone may mean anything there.
        """
        bare = [text for text in distinct if _is_one_of(self._yes | self._no, text)]
        words = [text for text in bare if any(map(str.isalpha, text))]
        if any(_is_one_of(self._yes, text) for text in words) and any(_is_one_of(self._no, text) for text in words):
            return True
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
        tenders = sum(bool(self._tender.find(text)) for text in distinct) >= TENDERS
        for text in distinct:
            plain = normalise(text)
            if plain in told:
                out[text] = told[plain]
            elif tenders and plain in self._on_tender:
                out[text] = _OPEN
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
        if text.endswith(DOUBT):
            asked = self.one(text.rstrip("".join(DOUBT) + " "))
            return "open" if asked == "won" else asked
        known = self._known(text)
        if known == "won" and any(map(self._waits, _aside(text))):
            return "open"
        guess = self._acts.guess(text) if known in (None, "open") and self._whole(text) is None else None
        return _outcome(guess) if guess in _NO_SALE or (guess and known is None) else known

    def _waits(self, aside: str) -> bool:
        """Whether what stands in brackets behind a sale leaves it open: tbc, subject to finance."""
        doubts = {hit.category for hit in self._doubtful.find(aside)}
        return "doubt" in doubts and self._whole(aside) == "open"

    def guesses(self, text: str) -> bool:
        """Whether a value counts as lost or invalid only by how it begins or ends: Found cheaper, 嫌工期长.

        >>> from lostdeals.vocab import load
        >>> reader = OutcomeReader(load())
        >>> reader.guesses("Found cheaper online"), reader.guesses("Lost on price")
        (True, False)
        """
        text = closed_up(text)
        return self.one(text) in _NO_SALE and self._known(text.rstrip("".join(DOUBT) + " ")) not in _NO_SALE

    def _known(self, text: str) -> Outcome | None:
        """What the vocabulary says of a value, the whole of it first."""
        known = self._whole(text) or self._of_pieces(text) or self._within(text)
        return "open" if known is None and self._stages.one(text) is not None else known

    def _looked_up(self, text: str) -> Outcome | None:
        """What a value means that is known from end to end, as it stands or without what says nothing around it."""
        for spelling in spellings(text):
            whole = self._said.whole.whole(spelling)
            if whole is not None:
                return _outcome(whole)
        for spelling in spellings(text):
            for said in self._acts.bare(spelling):
                whole = self._said.whole.whole(said)
                if whole is not None:
                    return _outcome(whole)
            act = self._acts.read(spelling)
            if act is not None:
                return _outcome(act) if act in OUTCOMES else "open"
        done = self._done.fullmatch(text)
        return self._whole(done[1] + done[3] + done[2]) if done else None

    def _of_pieces(self, text: str) -> Outcome | None:
        """What the parts of a value mean together; won needs all of them, or a first one that says so beyond doubt."""
        pieces = [piece for piece in self._acts.pieces(text) if piece not in self._neutral]
        rest = [piece for piece in pieces if piece not in self._closed]
        if len(rest) == 1:
            known = [self._whole(rest[0]) or (self._of_halves(rest[0]) if rest == pieces else None)]
        else:
            known = [self._whole(piece) or self._within(piece) for piece in rest]
        together = self._together(text, rest, known) if rest else None
        return "lost" if together == "open" and len(rest) < len(pieces) else together

    def _of_halves(self, text: str) -> Outcome | None:
        """The same of a Chinese value without marks, where both its halves are known: 试听未报名, 已量房签单."""
        for first, second in halves(text):
            known = [self._whole(first), self._whole(second)]
            if None not in known:
                if known == ["open", "won"] and self._stages.one(first) in STEPS and self._within(text) == "won":
                    return "won"
                return "open" if known == ["won", "open"] else self._together(text, (first, second), known)
        return None

    def _together(self, text: str, pieces: Sequence[str], known: Sequence[Outcome | None]) -> Outcome | None:
        """An end that is no sale counts, a sale elsewhere is none, and one that waits for something is open."""
        if all(outcome is None for outcome in known):
            return None
        if "won" in known and self._elsewhere(text):
            return "lost"
        ended = next((outcome for outcome in _NO_SALE if outcome in known), None)
        if ended is None and known[0] == "won" and normalise(pieces[0]) in self._beyond_doubt:
            return "won"
        if ended is None and "won" in known:
            return None if None in known else "open" if "open" in known else "won"
        return ended or "open"

    def _elsewhere(self, text: str) -> bool:
        """Whether a value speaks of somebody else who sells, and not of one who lost the customer to us."""
        return bool(self._others.find(text)) and not self._regained.find(text)

    def _within(self, text: str) -> Outcome | None:
        """What words and acts in a value mean: the longest decides, a loss before a sale, and a sale elsewhere is a loss."""
        hits = [(_outcome(hit.category), hit.size) for hit in self._said.within.find(text)]
        acts = [(_outcome(said) if said in OUTCOMES else _OPEN, size) for said, size in self._acts.within(text)]
        known = hits + acts
        if self._elsewhere(text) and (any(one == "won" for one, _ in known) or self._chosen.find(text)):
            return "lost"
        if not known:
            return None
        best, _ = max(known, key=lambda one: (one[1], -OUTCOMES.index(one[0])))
        if best == "won" and any(one in _NO_SALE for one, _ in known):
            return "lost"
        if best == "won":
            sure = any(one == "won" for one, _ in hits)
            return "open" if self._small.find(text) or (not sure and self._doubtful.find(text)) else best
        return best


@lru_cache(maxsize=4)
def outcome_reader(vocabulary: Vocabulary) -> OutcomeReader:
    """The reader of a vocabulary's outcomes, made once."""
    return OutcomeReader(vocabulary)


def _aside(text: str) -> list[str]:
    """What stands in brackets: tbc of “won (tbc)”."""
    return [said[1:].rstrip(")]）】").strip() for said in _BRACKETS.findall(text)]


def _is_one_of(words: Set[str], text: str) -> bool:
    """Whether a value is such a word, as it stands or without what surrounds it: 否。, 1-是."""
    return any(normalise(spelling) in words for spelling in spellings(text))


def _outcome(category: str) -> Outcome:
    return next(outcome for outcome in OUTCOMES if outcome == category)
