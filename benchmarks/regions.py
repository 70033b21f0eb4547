"""CPU seconds for reading places out of made-up addresses, and their ratio to a bare search for the same names.

    python benchmarks/regions.py [ADDRESSES ...]        default: 10000 100000

Every address is another one, half of them are full, a quarter leaves suffixes out, a quarter is English; quote the ratios.
"""

from __future__ import annotations

import random
import sys
import time

import pandas as pd
from ahocorasick_rs import AhoCorasick, MatchKind

from lostdeals.classify.places import place_reader
from lostdeals.classify.region import read_regions
from lostdeals.model import Layout
from lostdeals.vocab import load
from lostdeals.vocab.gazetteer import DISTRICT, Gazetteer

ROADS = [
    "人民路",
    "解放路",
    "中山北路",
    "建设大道",
    "南京西路",
    "文一西路",
    "科技园",
    "工业园区",
    "和平小区",
    "光明花园",
]

SHEET = Layout((1,), (), (2,), "zh")


def main() -> None:
    """Print a line per size."""
    vocabulary = load()
    start = time.process_time()
    places = place_reader(vocabulary).places
    print(
        f"names {len(places.names):,} · places {len(places.places):,} · built in {time.process_time() - start:.2f} CPU s"
    )
    bare = AhoCorasick(list(places.names), matchkind=MatchKind.LeftmostLongest)
    print(f"{'addresses':>10}{'bare search s':>15}{'read s':>9}{'ratio':>7}{'with a province':>17}")
    for count in [int(word) for word in sys.argv[1:]] or [10_000, 100_000]:
        texts = made_up(places, count)
        start = time.process_time()
        for text in texts:
            bare.find_matches_as_indexes(text)
        searched = time.process_time() - start
        place_reader.cache_clear()
        place_reader(vocabulary)
        start = time.process_time()
        found, _ = read_regions(pd.DataFrame({"address": pd.Series(texts, dtype=object)}), SHEET, vocabulary)
        read = time.process_time() - start
        share = found["province"].notna().mean()
        print(f"{count:>10,}{searched:>15.2f}{read:>9.2f}{read / searched:>7.1f}{share:>17.0%}")


def made_up(places: Gazetteer, count: int) -> list[str]:
    """Addresses that are all different, in the districts of the official table."""
    dice = random.Random(7)
    districts = [place for place in places.places if place.level == DISTRICT]
    out = []
    for number in range(count):
        district = dice.choice(districts)
        around = [places.places[step] for step in district.path[1:]]
        keys, latin = [place.key for place in around], [place.labels.get("en", "") for place in around]
        road, kind = dice.choice(ROADS), number % 4
        if kind < 2:
            out.append(f"{keys[0]}省{'市'.join(keys[1:])}{road}{number}号{dice.randrange(40)}栋")
        elif kind == 2:
            out.append(f"{''.join(keys[:-1])}{keys[-1][:-1]} {road}{number}号")
        else:
            out.append(", ".join([f"No. {number} Renmin Road", *[name for name in reversed(latin) if name], "China"]))
    return out


if __name__ == "__main__":
    main()
