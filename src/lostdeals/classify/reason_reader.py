"""Say which reasons a text names, how surely, and by which words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log

from lostdeals.classify.reason_meaning import Meaning
from lostdeals.classify.reason_mix import NO_REASON, Votes, mixed_features, mixture
from lostdeals.classify.reason_model import Chances, ReasonModel
from lostdeals.classify.reason_trust import trusted
from lostdeals.classify.texts import labels
from lostdeals.vocab import Phrases, Vocabulary, normalise
from lostdeals.vocab.phrases import CLAUSE_ENDS, REMEMBERED, normalised, simple, simple_each
from lostdeals.vocab.wordings import spellings

UNSPECIFIC = "other"
"""A pick-list answer that says nothing; a note may say more."""
KNOWS_NOTHING = "nothing"
"""An answer that says that nobody knows."""
AT_MOST = 3
"""Reasons of one text."""
LONG = 5
"""A cue of more Chinese characters is not surer still."""
THIN = 4
"""So few Chinese characters, or three times as many letters, without a cue say little by themselves."""
SHOWN = 40
"""Letters of a clause that are shown as evidence."""
SUREST = 0.95
"""No words make a reading surer than an option that was picked."""
WEAK = "?"
"""After the reason of a weak cue."""
CLAUSE = re.compile(f"[^{re.escape(''.join(sorted(CLAUSE_ENDS)))}\n]+")
"""Words between two punctuation marks."""
SEPARATORS = re.compile(r"[;；、,，/|+\n]")
"""Between the answers of a list from which several may be picked."""
CHUNK = 5_000
"""Texts read at a time, so that a million notes need no more room than so many."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The reasons of one text."""

    reasons: tuple[str, ...] = ()
    """The main one first."""
    confidence: float = 0.0
    """0-1, of the main one."""
    evidence: str = ""
    """The words it was read from, in lower case."""
    ruled: bool = False
    """A picked option or a cue of the vocabulary names the main reason; else the model alone does."""


NOTHING = Reading()


class ReasonReader:
    """What texts say about the reason: options of a pick list, cues of the vocabulary, and the model trained on its notes.

    Cues are votes; the model reads clause by clause; `reason_mix` weighs both. A text in which nothing is surer than the
    floor has no reason.
    """

    def __init__(self, vocabulary: Vocabulary, model: ReasonModel | None = None) -> None:
        section = dict(vocabulary.section("reasons"))
        self._sure = section.pop("reading")
        self._typed = Phrases(self._sure["typing"])
        self._weights = {key: entry.get("weight", 1.0) for key, entry in section.items()}
        values = {key: labels(entry) + entry["values"] for key, entry in section.items()}
        self._whole = Phrases({**values, KNOWS_NOTHING: self._sure["nothing"]})
        strong = {key: map(self.plain, entry["words"]) for key, entry in section.items()}
        weak = {key + WEAK: map(self.plain, entry.get("weak", [])) for key, entry in section.items()}
        cancel = (self.plain(phrase) for entry in [self._sure, *section.values()] for phrase in entry.get("not", []))
        self._cues = Phrases({**strong, **weak, "": cancel})
        self._topics = Phrases({key: entry.get("topics", []) for key, entry in section.items()})
        self.model = model or ReasonModel.load()

    def column(self, text: object) -> Reading:
        """A cell of a reason column, see `columns`.

        >>> from lostdeals.vocab import load
        >>> reader = ReasonReader(load())
        >>> reader.column("客户选择竞品").reasons, reader.column("价格；服务").reasons, reader.column("不清楚").reasons
        (('competitor',), ('price', 'service'), ())
        """
        return self.columns([text])[0]

    def columns(self, texts: Sequence[object], written: Sequence[str] | None = None) -> list[Reading]:
        """Cells of reason columns: known options, else what their words say, else ``other``; nothing for a blank.

        written: the cells normalised, where one has them.
        """
        out = [self._options(text) for text in texts]
        free = [place for place, reading in enumerate(out) if reading is None]
        told = [str(texts[place]) for place in free]
        forms = normalised(told) if written is None else [written[place] for place in free]
        readings = self._read(told, forms, self._sure["floor_column"], asked=True)
        for place, text, reading in zip(free, told, readings, strict=True):
            out[place] = reading if reading.reasons else self._topic(text)
        return [reading or NOTHING for reading in out]

    def _options(self, text: object) -> Reading | None:
        """What is picked in a cell, nothing for a blank; None where the cell is no known option."""
        if not isinstance(text, str):
            return NOTHING
        for options in ([text], SEPARATORS.split(text)):
            picked = [self._option(option) for option in options if option.strip()]
            if None not in picked:
                named = [option for option in dict.fromkeys(picked) if option and option != KNOWS_NOTHING]
                reasons = tuple(option for option in named if option != UNSPECIFIC) or tuple(named)
                return Reading(reasons, self._sure["pick_list"], normalise(text), True) if reasons else NOTHING
        return None

    def _option(self, text: str) -> str | None:
        return next((whole for spelling in spellings(text) if (whole := self._whole.whole(spelling))), None)

    def _topic(self, text: str) -> Reading:
        """The reason that most cues name, else what the text is about, else ``other``."""
        votes = self.votes(self.plain(text)).strong
        if votes:
            main = max(votes, key=lambda reason: sum(votes[reason].values()))
            return Reading((main,), self._sure["topic"], "、".join(votes[main]), True)
        topics = self._topics.find(text)
        if topics:
            return Reading((topics[0].category,), self._sure["topic"], topics[0].phrase)
        return Reading((UNSPECIFIC,), self._sure["unread"], normalise(text)[:SHOWN])

    def note(self, text: object, *, lost: bool) -> Reading:
        """What a note about a customer says, see `notes`.

        >>> from lostdeals.vocab import load
        >>> ReasonReader(load()).note("客户说不贵，但老板不同意", lost=True).reasons
        ('decision_maker',)
        """
        return self.notes([text], [lost])[0]

    def notes(
        self, texts: Sequence[object], lost: Sequence[bool], written: Sequence[str] | None = None
    ) -> list[Reading]:
        """What notes say about customers who were lost, or who have not decided yet; nothing where the floor is not reached.

        An open customer's note must say more: a worry is no reason yet. written: the notes normalised, where one has them.
        """
        out = [NOTHING] * len(texts)
        for side, floor in ((True, self._sure["floor"]), (False, self._sure["floor_open"])):
            places = [place for place, text in enumerate(texts) if isinstance(text, str) and lost[place] == side]
            told = [str(texts[place]) for place in places]
            forms = normalised(told) if written is None else [written[place] for place in places]
            for place, reading in zip(places, self._read(told, forms, floor), strict=True):
                out[place] = reading
        return out

    def _read(
        self, texts: Sequence[str], written: Sequence[str], floor: float, *, asked: bool = False
    ) -> list[Reading]:
        """Texts by their cues and the model; `asked` where a reason was asked for, so that there is one.

        written: the texts normalised.
        """
        known: dict[object, Reading] = {}
        out = []
        for start in range(0, len(texts), CHUNK):
            part = slice(start, start + CHUNK)
            some = self._read_some(texts[part], *self._as_meant(written[part]), floor, asked=asked)
            out += [known.setdefault((one.reasons, one.confidence, one.evidence), one) for one in some]
        return out

    def _read_some(
        self, texts: Sequence[str], plain: Sequence[str], folded: Sequence[str], floor: float, *, asked: bool
    ) -> list[Reading]:
        votes = list(map(self.votes, plain, folded))
        chances = self.model.chances(plain, [CLAUSE.sub(self._unless_denied, text) for text in folded])
        features = mixed_features(chances, votes, self.model.reasons)
        shares = mixture(features, self.model.mix)
        trust = trusted(features, shares, plain, self.model.trust, self.model.surest)
        nothing = self.model.reasons.index(NO_REASON)
        if self._sure["semantic"]:
            shares, trust = Meaning.load().read_again(texts, features, shares, trust, nothing)
        if asked:
            shares[:, nothing] = 0
        ranked, sure = (-shares).argsort(axis=1)[:, :AT_MOST], shares.max(axis=1)
        told = (ranked[:, 0] != nothing) & (sure >= floor)
        out = [NOTHING] * len(plain)
        places = told.nonzero()[0]
        lists = (array[places].tolist() for array in (ranked, shares, trust))
        for place, best, *both in zip(places.tolist(), *lists, strict=True):
            out[place] = self._reading(place, plain[place], votes[place], best, (both[0], both[1]), chances, floor)
        return out

    def _unless_denied(self, clause: re.Match[str]) -> str:
        """A clause, or as many blanks where all it does is take a reason back: “happy with the price” tells the model of none."""
        said = clause[0]
        return " " * len(said) if self._cues.cancels(said.strip()) else said

    def _reading(
        self,
        place: int,
        text: str,
        votes: Votes,
        best: list[int],
        both: tuple[list[float], list[float]],
        chances: Chances,
        floor: float,
    ) -> Reading:
        """both: the chance of each reason, and how far it is to be trusted."""
        reasons, (own, trust) = self.model.reasons, both
        main, sure = reasons[best[0]], trust[best[0]]
        if main not in votes.strong and _size(text, len(text)) <= THIN:
            if self._sure["thin"] < floor:
                return NOTHING
            sure = min(sure, self._sure["thin"])
        also = [
            reason
            for number in best[1:]
            if (reason := reasons[number]) not in (NO_REASON, UNSPECIFIC)
            and (own[number] >= self._sure["also"] or (reason in votes.strong and self._told(place, number, chances)))
        ]
        if self._weights[main] < 1:  # what only follows from a cause that is named beside it
            likely = self._sure["cause"]
            causes = [r for r in votes.strong if self._weights[r] >= 1 and own[reasons.index(r)] >= likely]
            if causes:
                cause = max(causes, key=lambda reason: own[reasons.index(reason)])
                also = [main, *(reason for reason in also if reason != cause)][: AT_MOST - 1]
                main, sure = cause, max(trust[reasons.index(cause)], floor)
        phrases = votes.strong.get(main)
        evidence = "、".join(phrases) if phrases else votes.weak.get(main) or self._clause(place, text, main, chances)
        return Reading((main, *also), round(min(sure, SUREST), 2), evidence, main in votes.strong)

    def _told(self, place: int, reason: int, chances: Chances) -> bool:
        """Whether one clause alone says a reason that a cue names."""
        return bool(chances.best[place, reason] >= log(self._sure["also_clause"]))

    def _clause(self, place: int, text: str, reason: str, chances: Chances) -> str:
        """The clause that speaks most for a reason."""
        first, end = chances.found.text.searchsorted([place, place + 1])
        if first == end:
            return text[:SHOWN]
        best = first + chances.clauses[first:end, self.model.reasons.index(reason)].argmax()
        return text[chances.found.begin[best] : chances.found.end[best]][:SHOWN]

    def topics(self, text: str) -> dict[str, list[str]]:
        """What a text speaks of, for better or worse: reason -> the words that say so.

        >>> from lostdeals.vocab import load
        >>> ReasonReader(load()).topics("价格可以，就是停车不方便")
        {'price': ['价格'], 'logistics': ['停车']}
        """
        found: dict[str, list[str]] = {}
        for hit in self._topics.find(text):
            found.setdefault(hit.category, []).append(hit.phrase)
        return found

    def votes(self, plain: str, folded: str | None = None) -> Votes:
        """The cues of a text in its plain form; folded: the same in simplified characters, where one has it."""
        strong: dict[str, dict[str, float]] = {}
        weak: dict[str, str] = {}
        for clause, (start, end, size, category) in self._cues.spans(simple(plain) if folded is None else folded):
            phrase = plain[clause + start : clause + end]
            if category.endswith(WEAK):
                weak[category.removesuffix(WEAK)] = phrase
            else:
                later = 1 + self._sure["newest"] * (clause + start) / len(plain)
                weight = _weight(phrase, size) * later * self._weights[category]
                strong.setdefault(category, {})[phrase] = weight
        return Votes(strong, weak)

    def plain(self, text: str) -> str:
        """A text as it was meant: 占时 is 暂时, don't is do not."""
        return self.plain_each([text])[0]

    def plain_each(self, texts: Sequence[str]) -> list[str]:
        """`plain` of texts, few enough to be looked at together."""
        return self._as_meant(normalised(texts))[0]

    def _as_meant(self, written: Sequence[str]) -> tuple[list[str], list[str]]:
        """`plain_each` of texts that are normalised already, and the same folded."""
        out, folded = list(written), simple_each(written)
        for place, hits in self._typed.find_among(written, folded).items():
            if hits:
                text = written[place]
                for hit in reversed(hits):
                    text = text[: hit.start] + hit.category + text[hit.start + len(hit.phrase) :]
                out[place] = normalise(text)
                folded[place] = simple(out[place])
        return out, folded


@lru_cache(maxsize=REMEMBERED)
def _weight(phrase: str, size: int) -> float:
    """Longer cues are surer: two Chinese characters weigh 0.7, four 1.1; a Latin word of nine letters 0.9."""
    return 0.3 + 0.2 * min(_size(phrase, size), LONG)


def _size(phrase: str, letters: int) -> float:
    """Letters as Chinese characters, three Latin ones for one."""
    return letters if max(phrase, default="") > "\u2e80" else letters / 3
