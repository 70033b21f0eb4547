"""Place each customer on the four stages of following up."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from lostdeals.classify.texts import labels, read_texts, unknown
from lostdeals.model import OutcomeReading
from lostdeals.vocab import Phrases, Vocabulary
from lostdeals.vocab.acts import acts_of, halves
from lostdeals.vocab.wordings import closed_up, spellings

CLOSED = ("won", "lost", "invalid")


def read_stages(leads: pd.DataFrame, outcome: OutcomeReading, vocabulary: Vocabulary) -> pd.Series[Any]:
    """The canonical stage per row, None where nothing tells.

    Read from the ``stage`` column; where a row has none, from the outcome column if that is a list of statuses
    (跟进中, 已报价 …). A closed row keeps the stage it is said to have reached, never one that its outcome would imply.
    """
    reader = StageReader(vocabulary)
    stage = unknown(leads.index)
    for column in dict.fromkeys(("stage", outcome.statuses)):
        if column is not None and column in leads:
            stage = stage.where(stage.notna(), read_texts(leads[column], reader.one))
    return stage


class StageReader:
    """What a stage's name means, by the vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        stages, outcomes = vocabulary.section("stages"), vocabulary.section("outcomes")
        self._order = {key: entry["order"] for key, entry in stages.items()}
        self._values = Phrases({key: labels(entry) + entry["values"] + entry["words"] for key, entry in stages.items()})
        self._words = Phrases({key: entry["words"] for key, entry in stages.items()})
        self._closed = Phrases({key: outcomes[key]["words"] + outcomes[key]["values"] for key in CLOSED})
        self._ends = Phrases({key: outcomes[key]["words"] for key in CLOSED})
        self._open = Phrases({"open": outcomes["open"]["words"] + outcomes["open"]["values"]})
        self._acts = acts_of(vocabulary)

    def one(self, text: str) -> str | None:
        """The canonical stage of one value, None for a closed status and for words nobody knows.

        >>> from lostdeals.vocab import load
        >>> reader = StageReader(load())
        >>> reader.one("方案/报价"), reader.one("Negotiation/Review"), reader.one("2-需求客户"), reader.one("已流失")
        ('in_depth', 'decision', 'interest', None)
        >>> reader.one("报价后丢单"), reader.one("无意向")
        ('in_depth', None)
        """
        text = closed_up(text)
        whole = self._whole(text)
        if whole is not None:
            return whole if whole in self._order else None
        ends = [(hit.start, hit.start + len(hit.phrase)) for hit in self._ends.find(text)]
        hits = [
            hit
            for hit in self._words.find(text)
            if not any(start <= hit.start and hit.start + hit.size <= end for start, end in ends)
        ]
        if hits:
            return max(hits, key=lambda hit: (hit.size, self._order[hit.category])).category
        acts = self._acts.within(text) or ([] if ends else self._acts.within(text, bare=True))
        known = [(size, self._order[said], said) for said, size in acts if said in self._order]
        if known:
            return max(known)[2]
        return None if ends else self._of_pieces(text)

    def _whole(self, text: str) -> str | None:
        """The stage that a value names from end to end, ``none`` for one that is known and names none; None where unknown."""
        for spelling in spellings(text):
            whole = self._values.whole(spelling)
            if whole is not None:
                return whole
            if self._closed.whole(spelling) is not None:
                return "none"
        for spelling in spellings(text):
            for said in self._acts.bare(spelling):
                whole = self._values.whole(said) or ("none" if self._closed.whole(said) is not None else None)
                if whole is not None:
                    return whole
            act = self._acts.read(spelling)
            if act is not None:
                return act if act in self._order else "none"
            if self._open.whole(spelling) is not None:
                return "none"
        return None

    def _of_pieces(self, text: str) -> str | None:
        """The furthest stage among the parts of a value, None where one of them closes it."""
        pieces = self._acts.pieces(text)
        ways = [pieces] if len(pieces) > 1 else [list(pair) for pair in halves(text)]
        for way in ways:
            known = [self._whole(piece) for piece in way]
            found = [stage for stage in known if stage in self._order]
            if found and (len(pieces) > 1 or None not in known) and "none" not in known:
                return max(found, key=lambda stage: self._order[stage])
        return None


def stage_of_date(header: str, vocabulary: Vocabulary) -> str:
    """The stage whose date a column holds: its canonical name, else the header without its words for time.

    >>> from lostdeals.vocab import load
    >>> stage_of_date("报价时间", load()), stage_of_date("Date entered Negotiation", load()), stage_of_date("量尺日期", load())
    ('in_depth', 'decision', '量尺')
    """
    words = vocabulary.section("structure")["stage_date"]["words"]
    latin = "|".join(re.escape(word) for word in words if word.isascii())
    chinese = "|".join(re.escape(word) for word in words if not word.isascii())
    text = " ".join(re.sub(rf"\b(?:{latin})\b|{chinese}", " ", header.replace("_", " "), flags=re.IGNORECASE).split())
    return StageReader(vocabulary).one(text) or text or header
